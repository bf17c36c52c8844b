"""A disk that can be full, or slow, for as long as a test wants."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

from alprviewer.sources.spool.writer import SpoolOptions


class Disk:
    """Syncs files, notes which, and does as it is told."""

    def __init__(self) -> None:
        self.synced: list[str] = []
        self._is_full = False
        self._open = threading.Event()
        self._open.set()
        self.waiting = threading.Event()
        self.options = SpoolOptions(sync=self._sync)

    def _sync(self, descriptor: int) -> None:
        if not self._open.is_set():
            self.waiting.set()
            assert self._open.wait(30)
        if self._is_full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
        self.synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))

    def fail(self) -> None:
        """From now on it is full."""
        self._is_full = True

    def work(self) -> None:
        """From now on it works."""
        self._is_full = False
        self._open.set()

    def hold(self) -> None:
        """From now on nothing becomes durable until it works again."""
        self.waiting.clear()
        self._open.clear()
