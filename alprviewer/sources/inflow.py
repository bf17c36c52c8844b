"""What comes through a pipe, kept in a file as it comes, so that the file can be followed."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from alprviewer.core.errors import UserError
from alprviewer.sources.paths import is_pipe

_log = logging.getLogger(__name__)
_CHUNK = 1 << 20
_PREFIX = "input-"
_KEPT_S = 30 * 86400
"""Seconds that a file stays after its last byte came: a session is found again for so long."""


class Inflow(threading.Thread):
    """Copies a pipe to its end. It holds nobody up: whoever ends the program ends it, too.

    Args:
        name: of a named pipe, or ``-`` for standard input.
        folder: where the file is made.

    Raises:
        UserError: no file can be made there.
    """

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(name="inflow", daemon=True)
        self._source = name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            descriptor, path = tempfile.mkstemp(prefix=_PREFIX, suffix=".jsonl", dir=folder)
        except OSError as error:
            raise UserError(f"What comes in found no room in {folder}: {error.strerror}.") from error
        self._kept = descriptor
        self.path = Path(path)
        """The file."""

    def run(self) -> None:
        """Copy. What cannot be kept is said in the log; the pipe is closed then, so that its writer knows."""
        try:
            with os.fdopen(self._kept, "wb", buffering=0) as file, self._opened() as pipe:
                while data := os.read(pipe.fileno(), _CHUNK):
                    file.write(data)
        except OSError as error:
            _log.warning("What came through %s was not kept to its end: %s", self._source, error)

    def _opened(self) -> IO[bytes]:
        """The pipe; waits until somebody writes into one that has a name."""
        if self._source == "-":
            return os.fdopen(os.dup(sys.stdin.fileno()), "rb", buffering=0)
        return open(self._source, "rb", buffering=0)  # noqa: PTH123


def begun(names: Sequence[str], folder: Path) -> tuple[list[str], Callable[[], None]]:
    """Begin to copy the pipes among these names; what came long ago is thrown away.

    Returns:
        The names, with files in place of pipes; and what waits until all that comes was copied.

    Raises:
        UserError: no file can be made in the folder.
    """
    for old in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another process was quicker
            if time.time() - old.stat().st_mtime > _KEPT_S:
                old.unlink()
    inflows = {name: Inflow(name, folder) for name in names if is_pipe(name)}
    for inflow in inflows.values():
        inflow.start()

    def wait() -> None:
        for inflow in inflows.values():
            inflow.join()

    return [str(inflows[name].path) if name in inflows else name for name in names], wait
