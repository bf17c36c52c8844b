"""Where the files beside the code are: icons, the sample capture, help pages."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
FOLDERS = (_PACKAGE / "resources", _PACKAGE.parent / "resources")
"""Installed, ``resources`` lies inside the package; in a source tree it lies beside it."""

CHANGELOGS = (FOLDERS[0] / "CHANGELOG.md", _PACKAGE.parent / "CHANGELOG.md")


def resource(name: str) -> Path:
    """The file or folder with that name, written with slashes: ``icons/open.svg``.

    Raises:
        FileNotFoundError: there is none; the installation is damaged or the name is wrong.
    """
    for folder in FOLDERS:
        path = folder / name
        if path.exists():
            return path
    raise FileNotFoundError(
        f"The resource {name!r} is in neither {FOLDERS[0]} nor {FOLDERS[1]}; install again."
    )


def changelog() -> Path:
    """``CHANGELOG.md``: among the resources where the program is installed, at the root of a source tree.

    Raises:
        FileNotFoundError: the installation is damaged.
    """
    found = next((path for path in CHANGELOGS if path.exists()), None)
    if found is None:
        raise FileNotFoundError(f"There is no CHANGELOG.md at {CHANGELOGS[0]}; install again.")
    return found
