"""The passes of a capture, found and weighed off the UI thread, again and again while rows come."""

from __future__ import annotations

import time
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from alprviewer.capture.cache import Cache
from alprviewer.capture.capture import Capture
from alprviewer.capture.passfilter import pass_columns
from alprviewer.capture.weighing import find, weighed
from alprviewer.core.errors import Cancelled
from alprviewer.core.passes import PassRules
from alprviewer.language import tr
from alprviewer.models.pace import Pace
from alprviewer.models.worker import Worker
from alprviewer.store.columns import Columns
from alprviewer.store.matchers import Handed
from alprviewer.store.passes import Passes, carried, copied
from alprviewer.store.passrows import PassTable
from alprviewer.store.passtable import pass_table

_SHORTEST_S, _LONGEST_S = 0.2, 1.0
"""Seconds between two searches while rows come."""
_PAUSES = 12.0
"""Between two searches, this many times as long as the last one took: rows and looking go first."""
_WEIGHINGS = 4.0
"""The same between two weighings."""
_MOST_WHILE_READING = 50_000
"""Reads from which the passes wait until files are read: all processors are at work."""
_SHORTEST_WAIT_S = 1.0
_WAITS = 8.0
"""Between two words on what is weighed so far, this many times as long as the last one took."""


class _Found(NamedTuple):
    """Passes, and what is shown and asked of them; how long the worker took, in seconds."""

    passes: Passes
    table: PassTable
    columns: dict[str, Handed]
    seconds: float


class PassFinder(QObject):
    """Finds passes when rows have come, then what each supports together.

    One worker finds, another one weighs, which takes longer: passes that are new are shown at once, and those
    whose reads are still the same keep their consensus until the capture is weighed anew.

    Signals:
        changed(object, object): there are other passes, or more is known of them; of each row of the pass
            table before the row it has now (-1: gone), and the columns that queries may ask for.
        working(bool): it has begun to find or to weigh, or is done.
        failed(str): it gave up; why not, and a way out.
    """

    changed = Signal(object, object)
    working = Signal(bool)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.passes: Passes | None = None
        self.cache: Cache | None = None
        """Where passes are kept, so that they are there at once the next time."""
        self._capture = Capture()
        self._rules = PassRules()
        self._loading = False
        self._gave_up = False
        """True after a bug, which is in the log."""
        self._weighed: Passes | None = None
        """The passes that were weighed last."""
        self._finder = Worker("find passes", self)
        self._finder.answered.connect(self._take_found)
        self._weigher = Worker("weigh passes", self)
        self._weigher.told.connect(self._take_partly)
        self._weigher.answered.connect(self._take_weighed)
        self._finder.failed.connect(self._give_up)
        self._weigher.failed.connect(self._give_up_weighing)
        self._finding = Pace(_SHORTEST_S, _LONGEST_S, _PAUSES, self)
        self._finding.due.connect(self._find)
        self._weighing = Pace(_SHORTEST_S, _LONGEST_S, _WEIGHINGS, self)
        self._weighing.due.connect(self._weigh)

    @property
    def busy(self) -> bool:
        """True while something is found or weighed, or will be."""
        running = self._finder.busy or self._weigher.busy
        return running or self._finding.waits or self._weighing.waits

    @property
    def is_finding(self) -> bool:
        """True while reads or groups are there whose passes are not known yet, and will be."""
        return self._is_behind() and not self._gave_up

    def set_capture(self, capture: Capture) -> None:
        """The passes of another capture, which is about to be read."""
        self._forget()
        self._capture = capture
        self._loading = bool(capture.sources)
        self._gave_up = False
        self.passes = self._weighed = None

    def set_rules(self, rules: PassRules) -> None:
        """Find passes by other rules, from the beginning."""
        if rules != self._rules:
            self._rules = rules
            self._forget()
            self.passes = self._weighed = None
            self.add_rows()

    def _forget(self) -> None:
        for worker in (self._finder, self._weigher):
            worker.forget()
        for pace in (self._finding, self._weighing):
            pace.forget()

    def add_rows(self) -> None:
        """Rows were appended to the capture."""
        if self._waits():
            self._finding.forget()
        elif not self._finder.busy and self._is_behind():
            self._finding.ask()

    def finish(self) -> None:
        """Everything was read."""
        self._loading = False
        self._finding.forget()
        if self._is_behind():
            self._find()
        else:
            self._weigh()

    def _waits(self) -> bool:
        """True where passes are found only when everything was read."""
        return self._loading and len(self._capture.columns.reads) > _MOST_WHILE_READING

    def _is_behind(self) -> bool:
        """True where reads or groups have come since."""
        columns = self._capture.columns
        known = 0 if self.passes is None else len(self.passes.of_read)
        return known < len(columns.reads) or len(columns.passes.row_of_sibling) < len(columns.siblings)

    def _find(self) -> None:
        columns, rules, before, known = self._capture.columns, self._rules, self.passes, self._weighed
        capture, finder, cache = self._capture, self._finder, self.cache

        def work() -> _Found | None:
            begun = time.monotonic()
            kept = cache.passes(capture, rules) if cache is not None and before is None else None
            if kept is not None:
                return _found(capture, columns, kept, begun)
            try:
                passes = find(columns, rules, before, lambda: not finder.is_wanted())
            except Cancelled:
                return None
            if known is not None:
                passes = carried(passes, known)
            return _found(capture, columns, passes, begun)

        finder.submit(work)
        self.working.emit(True)

    def _take_found(self, found: _Found) -> None:
        begun = time.thread_time()
        self._show(found)
        self._finding.done(found.seconds + time.thread_time() - begun)
        if self._is_behind() and not self._waits():
            self._finding.ask()
        if not self._loading and not self._weigher.busy:
            self._weighing.ask()
        self._tell()

    def _weigh(self) -> None:
        """Find out what the passes support together, once everything was read, where that is not known."""
        passes = self.passes
        if passes is None or self._loading or passes.table["weighed"].all():
            self._tell()
            return
        capture, columns, weigher = self._capture, self._capture.columns, self._weigher
        cache = self.cache

        said = [time.monotonic(), 0.0]

        def tell(some: Passes) -> None:
            """Say what is known, but most of the time go on."""
            now = time.monotonic()
            if now - said[0] >= _SHORTEST_WAIT_S + _WAITS * said[1]:
                found = _found(capture, columns, copied(some), now)
                weigher.tell(found)
                said[:] = time.monotonic(), found.seconds

        def work() -> _Found | None:
            begun = time.monotonic()
            try:
                answer = weighed(columns, passes, lambda: not weigher.is_wanted(), tell)
            except Cancelled:
                return None
            if cache is not None:
                cache.keep_passes(capture, answer, lambda: not weigher.is_wanted())
            return _found(capture, columns, answer, begun)

        weigher.submit(work)
        self.working.emit(True)

    def _take_partly(self, found: _Found) -> None:
        """Some more of the passes are weighed; where others were found meanwhile that is shown at the end."""
        if self.passes is not None and len(self.passes.of_read) == len(found.passes.of_read):
            self._show(found)

    def _take_weighed(self, found: _Found) -> None:
        now = self.passes
        self._weighed = found.passes
        self._weighing.done(found.seconds)
        if now is not None and len(now.of_read) == len(found.passes.of_read):
            self._show(found)
        elif not self._finder.busy:
            # Others were found meanwhile: those that are the same take over what is known now.
            self._finding.ask()
        self._tell()

    def _show(self, found: _Found) -> None:
        self.passes = found.passes
        self._capture.passes = found.passes
        columns = self._capture.columns
        before, columns.passes = columns.passes, found.table
        self.changed.emit(before.places_in(found.table), found.columns)

    def _give_up(self) -> None:
        self._gave_up = True
        self.failed.emit(
            tr("The passes could not be found; the log says why. Opening the capture again tries once more.")
        )
        self._tell()

    def _give_up_weighing(self) -> None:
        self.failed.emit(
            tr("The passes have no consensus; the log says why. Opening the capture again tries once more.")
        )
        self._tell()

    def _tell(self) -> None:
        self.working.emit(self._finder.busy or self._weigher.busy)

    def close(self) -> None:
        """End the threads."""
        self._forget()
        self._finder.close()
        self._weigher.close()


def _found(capture: Capture, columns: Columns, passes: Passes, begun: float) -> _Found:
    table = pass_table(columns, passes)
    return _Found(passes, table, pass_columns(capture, passes), time.monotonic() - begun)
