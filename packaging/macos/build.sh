#!/usr/bin/env bash
# NOT TRIED YET. Builds alprviewer.app and a disk image on macOS 13 or newer, with Python 3.11 or newer:
# packaging/macos/build.sh
set -eu
cd "$(dirname "$0")/../.."

packaging/tool-environment.sh "$(packaging/choose-python.sh)" package
builder=.venv-package/bin/python
mkdir -p build/package dist
.venv/bin/python packaging/compile.py || true
$builder packaging/linux/icons.py build/package/icons
cp build/package/icons/alprviewer.icns build/package/
$builder -m PyInstaller --noconfirm --distpath build/package --workpath build/package/work packaging/bundle/alprviewer.spec

version=$($builder -c 'import alprviewer; print(alprviewer.__version__)')
hdiutil create -ov -volname alprviewer -srcfolder build/package/alprviewer.app "dist/alprviewer-$version.dmg"
