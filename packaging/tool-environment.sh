#!/usr/bin/env bash
# Makes .venv-NAME in the project root hold exactly what requirements-NAME.lock names: "bench" has the programs
# that `make bench` measures against, "package" what `make package` builds with. Nothing else needs them.
#
#   packaging/tool-environment.sh PYTHON NAME
#
# Does nothing, and reaches for no network, while lock, place and Python are those of the last time.
set -eu
cd "$(dirname "$0")/.."

python=${1:?usage: tool-environment.sh PYTHON NAME}
name=${2:?usage: tool-environment.sh PYTHON NAME}
lock=requirements-$name.lock
venv=.venv-$name
note=$venv/made-from

wanted=$(
    sha256sum <"$lock"
    pwd -P
    "$python" -c 'import platform, sys; print(platform.machine(), sys.version, sys.base_prefix)'
)
[ "$(cat "$note" 2>/dev/null)" != "$wanted" ] || exit 0

echo "Making $venv with the packages of $lock (once, some 400 MB)"
rm -rf "$venv"
"$python" -m venv "$venv"
echo '*' >"$venv/.gitignore"
"$venv/bin/python" -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes \
    --only-binary :all: -r "$lock"
printf '%s\n' "$wanted" >"$note"
