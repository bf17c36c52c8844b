#!/usr/bin/env bash
# Writes the locks anew from pyproject.toml: every package with its version and hashes, the same for every
# supported Python. With "upgrade" takes the newest versions, else keeps what still fits.
set -eu
cd "$(dirname "$0")/.."

python=${1:?usage: lock.sh PYTHON [upgrade]}
tool=build/lock-tool
[ -x $tool/bin/uv ] || { "$python" -m venv $tool && $tool/bin/python -m pip install --quiet 'uv==0.13.9'; }

options=()
[ "${2:-}" != upgrade ] || options+=(--upgrade)

compile() {
    $tool/bin/uv pip compile "$@" --quiet \
        --universal --python-version 3.11 --fork-strategy fewest --no-build --generate-hashes \
        --custom-compile-command "make lock" "${options[@]}"
}
compile pyproject.toml --group dev --output-file requirements.lock
compile --group bench --output-file requirements-bench.lock
# What is shipped is what was tested: the same versions.
compile pyproject.toml --group package --constraint requirements.lock --output-file requirements-package.lock
