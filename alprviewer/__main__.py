"""``python -m alprviewer`` and the installed commands."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line. Returns the exit code."""
    from alprviewer.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
