"""How much a spool keeps. Nothing is deleted that somebody says is to be kept, or that is being written."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alprviewer.core.errors import UserError
from alprviewer.sources.spool.files import companions, lock, spool_files

Keep = Callable[[Path], bool]
"""Asked before a spool file is deleted; True keeps it."""
Keeper = Callable[[], Keep]
"""Gives who is asked, as things are now; a ``UserError`` means that nobody can tell."""
Wrote = Callable[[Path, int], None]
"""Told of a spool file and its size, whenever more of it is durable."""


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


@contextlib.contextmanager
def retention(folder: Path, limit: int | None, keeper: Keeper, say: Callable[[str], None]) -> Iterator[Wrote]:
    """Keep a folder within a limit as long as the context lasts. Gives what is to be told of written files.

    Room is made whenever a file was begun, in a thread of its own: to look into files takes a while, in which
    senders must not wait.

    Args:
        folder: with the spool files.
        limit: in bytes; None deletes nothing.
        keeper: asked anew each time.
        say: told where nothing can be deleted.
    """
    newest: dict[str, Path] = {}  # by source: these stay, also when nobody writes them any more

    def make() -> None:
        try:
            keep = keeper()
            make_room(folder, limit or 0, lambda path: path in newest.values() or keep(path))
        except UserError as error:
            say(f"Received files beyond the limit were kept: {error}")

    with ThreadPoolExecutor(1, thread_name_prefix="retention") as thread:

        def wrote(path: Path, _size: int) -> None:
            source = path.name.rpartition("_")[0]
            if limit is not None and newest.get(source) != path:
                newest[source] = path
                thread.submit(make)

        yield wrote
