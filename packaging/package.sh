#!/usr/bin/env bash
# Builds what can be built on this machine into dist/: the wheel, and on Debian (or what is made from it) a
# package that brings its own Python and Qt. Says what it weighs, what it holds and how soon its window is there.
#
#   packaging/package.sh PYTHON
#
# PYTHON has .venv; the packages that are shipped come from .venv-package, with the versions of its lock.
set -eu
cd "$(dirname "$0")/.."

python=${1:?usage: package.sh PYTHON}
packaging/tool-environment.sh "$python" package
builder=.venv-package/bin/python
work=build/package

rm -rf $work
mkdir -p $work dist

.venv/bin/python packaging/compile.py || echo "It is made without its compiled part; large files are read slower."

echo "Wheel"
rm -f dist/alprviewer-*.whl
.venv/bin/python -m hatchling build -t wheel -d dist
echo "  $(du -m dist/alprviewer-*.whl | cut -f1) MB"

echo "Bundle with PyInstaller"
$builder packaging/linux/icons.py $work/icons
# Anything but the standard library and the lock's packages stays outside.
env -u PYTHONPATH $builder -m PyInstaller --noconfirm --log-level ERROR --distpath $work --workpath $work/work \
    packaging/bundle/alprviewer.spec
bundle=$work/alprviewer
# Names for debuggers are a tenth of it. Libraries of wheels that were patched for their place stay untouched.
find $bundle/_internal -name '*.so*' -type f ! -path '*.libs/*' ! -path '*/Qt/lib/*' \
    -exec strip --strip-debug {} + 2>/dev/null || true
$builder packaging/bundle/licences.py $work/collected.json $bundle $work/licences
$builder packaging/bundle/measure.py $bundle resources/sample/sample.jsonl
sed -n 's/^| \([^|]*\) | \([^|]*\) | \([^|]*\) | \([0-9.]*\) |.*/  \4 MB\t\1 \2 (\3)/p' $work/licences/README.md |
    expand -t 12

if command -v dpkg-deb >/dev/null; then
    echo "Debian package"
    deb=$(packaging/linux/make-deb.sh $builder dist | tail -1)
    echo "  $deb, $(du -m "$deb" | cut -f1) MB"
    dpkg-deb --field "$deb" Depends | fold -s -w 100 | sed 's/^/  needs /; 2,$s/  needs /        /'
fi
