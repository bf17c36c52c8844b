"""Crops and facts of the items that are shown and of those that may be next, read off the UI thread."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from alprviewer.capture.capture import Capture
from alprviewer.capture.spans import SpanReader
from alprviewer.language import tr
from alprviewer.models.currentpass import pass_shown
from alprviewer.models.passshown import NO_PASS_SHOWN, PassShown
from alprviewer.models.reviewitems import Item, shown_of
from alprviewer.models.shown import Shown
from alprviewer.models.worker import Worker
from alprviewer.store.passes import Passes

_log = logging.getLogger(__name__)

AHEAD = 20
"""Items whose crops are read before they are asked for."""
_KEPT = 4 * AHEAD
_BUG = tr("This read could not be read again, by a fault of alprviewer; the log has it.")


class _Place(NamedTuple):
    """An item by its best read, and the read of it that is shown; of which capture and which passes."""

    capture: Capture
    passes: Passes | None
    best: int
    row: int

    def is_of(self, other: _Place | None) -> bool:
        """True if the other one is of the same read."""
        if other is None or self[2:] != other[2:]:
            return False
        return self.capture is other.capture and self.passes is other.passes


class Pictures(QObject):
    """Keeps what was shown last and what may be next. What could not be read is not kept: it may come back.

    Signals:
        came(): something that was wanted is there.
    """

    came = Signal()
    _read = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._capture = Capture()
        self._passes: Passes | None = None
        self._reader = SpanReader(self._capture)
        self._reads: OrderedDict[int, Shown] = OrderedDict()
        self._facts: OrderedDict[int, PassShown] = OrderedDict()
        self._failed: tuple[int, Shown] | None = None
        self._worker = Worker("review pictures", self)
        self._coming: _Place | None = None
        """What the thread has read last, while it is on its way here."""
        self._read.connect(self._take)
        self._worker.answered.connect(lambda _: self.came.emit())

    def set_ground(self, capture: Capture, passes: Passes | None) -> None:
        """Another capture, or other passes of the same one."""
        self._worker.forget()
        if capture is not self._capture:
            self._reader.close()
            self._capture, self._reader = capture, SpanReader(capture)
            self._reads.clear()
        self._passes = passes
        self._facts.clear()

    def get(self, item: Item, row: int) -> tuple[Shown, PassShown] | None:
        """A read and the facts of its item; None while they are not there."""
        facts = self._facts.get(item.best)
        shown = self._reads.get(row)
        if shown is None and self._failed is not None and self._failed[0] == row:
            shown = self._failed[1]
        return None if shown is None or facts is None else (shown, facts)

    def _know_more(self) -> None:
        """Take over what became known of the same passes since, for items that are shown from now on."""
        now, before = self._capture.passes, self._passes
        if now is None or before is None or now is before or now.rules != before.rules:
            return
        is_same = len(now.of_read) == len(before.of_read)
        if is_same and now.table["weighed"].sum() > before.table["weighed"].sum():
            self._passes = now
            for best in [best for best, facts in self._facts.items() if facts.id and not facts.weighed]:
                del self._facts[best]

    def want(self, wanted: Iterable[tuple[Item, int]]) -> None:
        """Read these items with these reads, the first one first. What was wanted before is not any more."""
        self._know_more()
        missing = [
            (item, row) for item, row in wanted if row not in self._reads or item.best not in self._facts
        ]
        self._failed = None
        if not missing:
            self._worker.forget()
            return
        capture, passes, reader, worker = self._capture, self._passes, self._reader, self._worker
        known = dict(self._facts)

        def work() -> None:
            for item, row in missing:
                if not worker.is_wanted():
                    return
                place = _Place(capture, passes, item.best, row)
                if place.is_of(self._coming):
                    continue
                try:
                    facts = known.get(item.best, NO_PASS_SHOWN)
                    if facts is NO_PASS_SHOWN and passes is not None:
                        facts = known[item.best] = pass_shown(capture.columns, passes, item.best)
                    shown = shown_of(capture, reader, row)
                except Exception:  # noqa: BLE001
                    # A bug in one item must not keep the reviewer from all that follow.
                    _log.exception("Read %d could not be shown for review.", row)
                    facts, shown = NO_PASS_SHOWN, Shown(failure=_BUG)
                self._coming = place
                # Also where something else is wanted by now: it was read, and may be next all the same.
                self._read.emit((place, shown, facts))

        worker.submit(work)

    def _take(self, told: tuple[_Place, Shown, PassShown]) -> None:
        place, shown, facts = told
        if self._coming is place:
            self._coming = None
        if place.capture is not self._capture or place.passes is not self._passes:
            return
        best, row = place.best, place.row
        self._facts[best] = facts
        if shown.failure:
            self._failed = (row, shown)
        else:
            self._reads[row] = shown
        for kept in (self._reads, self._facts):
            while len(kept) > _KEPT:
                kept.popitem(last=False)
        self.came.emit()

    @property
    def busy(self) -> bool:
        """True while something is read, be it ahead."""
        return self._worker.busy

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._worker.forget()

    def close(self) -> None:
        """End the thread and close the files."""
        self._worker.close()
        self._reader.close()
