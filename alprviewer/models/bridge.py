"""A capture for the window: messages of the decoding process arrive in the UI thread, a few at a time."""

from __future__ import annotations

import queue
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from alprviewer.capture.cache import Cache, Keeper
from alprviewer.capture.capture import Capture
from alprviewer.capture.intake import Intake
from alprviewer.core.errors import UserError
from alprviewer.sources.messages import Finished
from alprviewer.sources.paths import expand
from alprviewer.store.columns import Change

_INTERVAL_MS = 30
"""Milliseconds between two looks at the queue."""
_PROGRESS_S = 0.1
"""Seconds between two words on progress: more often nobody can read them."""
_BUDGET_S = 0.010
"""Seconds of the UI thread that one look may take."""


class Loader(QObject):
    """Opens sources into a capture, in a child process.

    Signals:
        opened(Capture): a new, empty capture has taken the place of the one before.
        rows_added(Change): rows were appended; only their tables grow.
        progressed(done, total, seconds): bytes of the files read so far and in all, seconds since the start.
        failed(str): one sentence about a source that cannot be read.
        finished(): everything was read, or reading was cancelled.
    """

    opened = Signal(object)
    rows_added = Signal(object)
    progressed = Signal(object, object, float)
    failed = Signal(str)
    finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.capture = Capture()
        self.names: list[str] = []
        self.cache: Cache | None = None
        """Where what was read is kept, so that it opens at once again."""
        self._keeper = Keeper()
        self._intake: Intake | None = None
        self._begun = 0.0
        self._told = 0.0
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self._drain)

    @property
    def loading(self) -> bool:
        """True while a child process reads."""
        return self._intake is not None

    def open(self, names: Sequence[str]) -> None:
        """Replace the capture by these sources.

        Raises:
            UserError: a name stands for nothing; the capture stays as it is.
        """
        files = expand(names)
        self._stop()
        self.capture = Capture()
        self.names = list(names)
        jobs: list[tuple[int, Path]] = [(self.capture.add(file), file.path) for file in files]
        self.opened.emit(self.capture)
        self._begun = time.monotonic()
        try:
            self._intake = Intake(jobs, cache=self.cache)
        except OSError as error:
            raise UserError(f"The process that reads files could not be started: {error}.") from error
        self._timer.start()

    def cancel(self) -> None:
        """Stop reading; the rows that are there stay."""
        if self._intake is None:
            return
        self._stop()
        self.capture.fail_unfinished("Reading was cancelled.")
        self.finished.emit()

    def forget(self) -> None:
        """Close the capture: an empty one takes its place."""
        self._stop()
        self.capture = Capture()
        self.names = []
        self.opened.emit(self.capture)

    def close(self) -> None:
        """Stop reading, and writing the index, without a word."""
        self._stop()
        self._keeper.close()

    def _stop(self) -> None:
        self._timer.stop()
        if self._intake is not None:
            intake, self._intake = self._intake, None
            intake.close()

    def _drain(self) -> None:
        until = time.monotonic() + _BUDGET_S
        while self._intake is not None and time.monotonic() < until:
            try:
                message = self._intake.next()
            except queue.Empty:
                break
            if message is None:
                self._ended()
                return
            change = self.capture.apply(message)
            if isinstance(message, Finished) and message.failure:
                self.failed.emit(message.failure)
            if change != Change():
                self.rows_added.emit(change)
        self._tell_progress()

    def _tell_progress(self) -> None:
        now = time.monotonic()
        if now - self._told >= _PROGRESS_S:
            self._told = now
            done, total = self.capture.progress
            self.progressed.emit(done, total, now - self._begun)

    def _ended(self) -> None:
        died = not self.capture.finished
        self._stop()
        if died:
            reason = "The process that reads files ended unexpectedly; what it had read is shown."
            self.capture.fail_unfinished(reason)
            self.failed.emit(reason)
        elif self.cache is not None:
            self._keeper.keep(self.cache, self.capture)
        self.finished.emit()
