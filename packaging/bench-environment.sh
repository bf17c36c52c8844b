#!/usr/bin/env bash
# Makes .venv-bench in the project root hold exactly what requirements-bench.lock names: the programs that
# `make bench` measures against. Nothing else needs it.
#
#   packaging/bench-environment.sh PYTHON
#
# Does nothing, and reaches for no network, while lock, place and Python are those of the last time.
set -eu
cd "$(dirname "$0")/.."

python=${1:?usage: bench-environment.sh PYTHON}
venv=.venv-bench
note=$venv/made-from

wanted=$(
    sha256sum <requirements-bench.lock
    pwd -P
    "$python" -c 'import platform, sys; print(platform.machine(), sys.version, sys.base_prefix)'
)
[ "$(cat $note 2>/dev/null)" != "$wanted" ] || exit 0

echo "Making .venv-bench with the packages of requirements-bench.lock (once, some 400 MB)"
rm -rf $venv
"$python" -m venv $venv
echo '*' >$venv/.gitignore
$venv/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes \
    --only-binary :all: -r requirements-bench.lock
printf '%s\n' "$wanted" >$note
