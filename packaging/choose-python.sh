#!/usr/bin/env bash
# Prints the Python to build the environment with: $PYTHON if set, else the first of the usual names
# that is 3.11 or newer.
set -eu

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if [ -n "${PYTHON:-}" ]; then
    if ! command -v "$PYTHON" >/dev/null; then
        echo "PYTHON=$PYTHON: there is no such program." >&2
        exit 1
    elif ! new_enough "$PYTHON"; then
        echo "PYTHON=$PYTHON is older than 3.11; alprviewer needs Python 3.11 or newer." >&2
        exit 1
    fi
    command -v "$PYTHON"
    exit 0
fi

for name in python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && new_enough "$name"; then
        command -v "$name"
        exit 0
    fi
done

echo "alprviewer needs Python 3.11 or newer, and this machine has" \
     "$(python3 --version 2>/dev/null || echo 'no python3')." \
     "Install a newer one (on Debian 12, Ubuntu 24.04 and later: apt-get install python3 python3-venv)," \
     "or name it: make PYTHON=/path/to/python3.12 ..." >&2
exit 1
