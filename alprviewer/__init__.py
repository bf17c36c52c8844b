"""alprviewer: look at, verify and correct licence-plate reads."""

from __future__ import annotations

import sys

__version__ = "0.1.0"


def versions() -> str:
    """Program, Python and Qt in one line. Qt's version comes from metadata: nothing of it is imported."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        qt = version("PySide6-Essentials")
    except PackageNotFoundError:
        qt = "absent"
    return f"alprviewer {__version__}, Python {sys.version.split()[0]}, Qt {qt}"
