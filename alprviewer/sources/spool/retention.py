"""How much a spool keeps. Nothing is deleted that somebody says is to be kept, or that is being written."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from alprviewer.sources.spool.files import companions, lock, spool_files

Keep = Callable[[Path], bool]
"""Asked before a spool file is deleted; True keeps it."""


def _size(path: Path) -> int:
    total = 0
    for each in (path, *companions(path)):
        with contextlib.suppress(OSError):
            total += each.stat().st_size
    return total


def make_room(folder: Path, limit: int, keep: Keep) -> list[Path]:
    """Delete the oldest spool files of a folder until no more than ``limit`` bytes are left.

    Returns:
        The files that were deleted.
    """
    files = spool_files(folder)
    sizes = {path: _size(path) for path in files}
    total = sum(sizes.values())
    deleted = []
    for path in files:
        if total <= limit:
            break
        if keep(path):
            continue
        with contextlib.suppress(OSError), path.open("rb") as file:
            if lock(file.fileno()):
                for each in (path, *companions(path)):
                    each.unlink(missing_ok=True)
                deleted.append(path)
                total -= sizes[path]
    return deleted
