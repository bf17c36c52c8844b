# NOT TRIED YET. Builds the bundle and its installer on Windows 10 or newer, with Python 3.11 or newer and
# Inno Setup 6: packaging\windows\build.ps1
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")

py -3 -m venv .venv-package
$python = ".venv-package\Scripts\python.exe"
& $python -m pip install --no-deps --require-hashes --only-binary :all: -r requirements-package.lock
New-Item -ItemType Directory -Force build\package | Out-Null
& $python packaging\linux\icons.py build\package\icons
Copy-Item build\package\icons\alprviewer.ico build\package\
& $python -m PyInstaller --noconfirm --distpath build\package --workpath build\package\work packaging\bundle\alprviewer.spec

$version = & $python -c "import alprviewer; print(alprviewer.__version__)"
& "${env:ProgramFiles(x86)}\Inno Setup 6\ISCC.exe" "/DVersion=$version" packaging\windows\alprviewer.iss
