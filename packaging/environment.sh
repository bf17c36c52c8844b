#!/usr/bin/env bash
# Makes .venv in the project root hold exactly what requirements.lock names, and the project itself.
#
#   packaging/environment.sh PYTHON
#
# Does nothing, and reaches for no network, while lock, place and Python are those of the last time.
set -eu
cd "$(dirname "$0")/.."

python=${1:?usage: environment.sh PYTHON}
venv=.venv
note=$venv/made-from

# Two of these at once (a test run beside a start) take turns.
if command -v flock >/dev/null; then
    exec 9<requirements.lock
    flock 9
fi

wanted=$(
    sha256sum <requirements.lock
    pwd -P
    "$python" -c 'import platform, sys; print(platform.machine(), sys.version, sys.base_prefix)'
)
# What is compiled is made with the project, and again when its sources have changed or a compiler has come.
project() {
    sed -n '/^\[build-system\]/,/^# --- style/p' pyproject.toml | sha256sum
    cat packaging/compile.py packaging/catalogues.py alprviewer/core/c/*.[ch] resources/translations/*.po |
        sha256sum
    ls alprviewer/core/c/*.so 2>/dev/null || command -v "${CC:-cc}" gcc clang || true
}

if [ "$(cat $note 2>/dev/null)" != "$wanted" ]; then
    echo "Making .venv with $("$python" --version) and the packages of requirements.lock (once, some 500 MB)"
    rm -rf $venv
    "$python" -m venv $venv
    $venv/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes \
        --only-binary :all: -r requirements.lock
    printf '%s\n' "$wanted" >$note
fi

if [ "$(cat $note-project 2>/dev/null)" != "$(project)" ]; then
    $venv/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --no-index \
        --no-build-isolation --editable .
    project >$note-project
fi
