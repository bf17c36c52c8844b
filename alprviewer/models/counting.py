"""What is counted of a whole capture by a worker, and again when something changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, tzinfo
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.core.errors import Cancelled
from alprviewer.core.query.times import Clock
from alprviewer.core.query.tree import Tree
from alprviewer.models.pace import Pace
from alprviewer.models.worker import Worker
from alprviewer.store.passes import Passes

_SHORTEST_S, _LONGEST_S = 0.25, 1.0
"""Seconds between two counts while rows come."""
_RESTS = 9.0
"""Between two counts, this many times as long as the last one took: a tenth of a processor."""


class Counting(QObject):
    """Knows what is to be counted; the newest request wins. What is counted, a class below says.

    Signals:
        changed(): there is another answer.
        restarted(): another capture is shown, from its beginning.
    """

    changed = Signal()
    restarted = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.zone: tzinfo | None = UTC
        self.capture = Capture()
        self.chosen: Array | None = None
        """Rows of the reads that the filter lets through, ascending; None without one."""
        self.passes: Passes | None = None
        self.tree: Tree | None = None
        self._wanted = True
        self._stale = self._has_more = False
        self._worker = Worker(name, self)
        self._worker.answered.connect(self._take)
        self._pace = Pace(_SHORTEST_S, _LONGEST_S, _RESTS, self)
        self._pace.due.connect(self.count)

    @property
    def busy(self) -> bool:
        """True while something is counted, or about to be."""
        return self._worker.busy or self._pace.waits

    @property
    def clock(self) -> Clock:
        """What times in queries refer to."""
        return Clock(time.time_ns() // 1_000_000, self.zone)

    # --- what is counted --------------------------------------------------------------------------

    def set_wanted(self, wanted: bool) -> None:
        """Whether anybody looks at it; if not, it is counted once somebody does."""
        self._wanted = wanted
        if wanted and self._stale:
            self.count()

    def set_capture(self, capture: Capture) -> None:
        """Count another capture from its beginning."""
        self.capture, self.passes = capture, None
        self.chosen = None if self.chosen is None else np.empty(0, np.uint32)
        self.restarted.emit()
        self.count()

    def add_rows(self) -> None:
        """Rows were appended to the capture."""
        self._count_soon()

    def set_filter(self, tree: Tree | None, chosen: Array | None) -> None:
        """A query is in force: the rows of the reads that it lets through, ascending; None without one."""
        is_same, self.tree, self.chosen = tree == self.tree, tree, chosen
        if is_same and tree is not None:
            self._count_soon()  # rows have come
        else:
            self.count()

    def set_passes(self, passes: Passes | None) -> None:
        """The passes of the capture, as far as they are known."""
        self.passes = passes
        self._count_soon()

    def set_zone(self, zone_name: str) -> None:
        """Days and hours are those of ``UTC`` or of the ``local`` zone."""
        self.zone = UTC if zone_name == "UTC" else None
        self.count()

    # --- counting ---------------------------------------------------------------------------------

    def _count_soon(self) -> None:
        """Count anew, but not all the time."""
        self._has_more = self._worker.busy
        if not self._has_more:
            self._pace.ask()

    def count(self) -> None:
        """Count anew."""
        self._has_more = False
        self._stale = not self._wanted
        if self._stale:
            return
        work = self.work()

        def timed() -> tuple[Any, float] | None:
            begun = time.thread_time()
            try:
                found = work(self._worker.is_wanted)
            except Cancelled:
                return None  # nobody waits for it
            return found, time.thread_time() - begun

        self._worker.submit(timed)

    def work(self) -> Callable[[Callable[[], bool]], Any]:
        """What the worker does, with all that it needs as it is now; it may ask whether it is wanted."""
        raise NotImplementedError

    def take(self, found: Any) -> None:
        """What the worker has found."""
        raise NotImplementedError

    def _take(self, answer: tuple[Any, float] | None) -> None:
        if answer is not None:
            found, seconds = answer
            self.take(found)
            self.changed.emit()
            self._pace.done(seconds)
        if self._has_more:
            self._count_soon()

    def close(self) -> None:
        """End the thread."""
        self._pace.forget()
        self._worker.close()
