"""What there is to review of a capture, and in which order, found off the UI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from alprviewer.capture.capture import Capture
from alprviewer.capture.weighing import WORTH, find, weighed
from alprviewer.core.batch import Array
from alprviewer.core.errors import Cancelled
from alprviewer.core.listed import NOTHING_LISTED, PlateList
from alprviewer.core.passes import PassRules
from alprviewer.models.reviewitems import Items
from alprviewer.models.worker import Worker
from alprviewer.review.queues import pass_facts
from alprviewer.store.columns import Columns
from alprviewer.store.passes import Passes, carried


class Found(NamedTuple):
    """The passes of a capture, and the items among which a reviewer goes."""

    capture: Capture
    passes: Passes
    items: Items


class ReviewSearch(QObject):
    """Looks for the items, then for the order of a triage, which takes long where there are many.

    Signals:
        found(object): a ``Found``.
        ranked(object): places of its items in the order of a triage, and why each is there.
        failed(): a bug, which is in the log, was in the way.
    """

    found = Signal(object)
    ranked = Signal(object)
    failed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._finder = Worker("review queue", self)
        self._finder.answered.connect(self._take)
        self._finder.failed.connect(self.failed)
        self._ranker = Worker("review triage", self)
        self._ranker.answered.connect(self.ranked)
        self._plates = NOTHING_LISTED
        self._found: Found | None = None

    def begin(self, capture: Capture, rows: Array | None, rules: PassRules) -> None:
        """Look for the items that have a read among these rows; None stands for all rows.

        The consensus of a large capture is not waited for: those who weigh it take minutes.
        """
        known, snapshot, finder = capture.passes, capture.snapshot(), self._finder

        def work() -> Found | None:
            try:
                passes = _passes_of(snapshot.columns, rules, known, lambda: not finder.is_wanted())
            except Cancelled:
                return None
            return Found(capture, passes, Items(snapshot, passes, rows))

        self._ranker.forget()
        finder.submit(work)

    def _take(self, found: Found | None) -> None:
        if found is not None:
            self._found = found
            self._rank(found)
            self.found.emit(found)

    def set_plates(self, plates: PlateList) -> None:
        """Look out for these plates; the list is for this alone."""
        self._plates = plates
        if self._found is not None:
            self._rank(self._found)

    def _rank(self, found: Found) -> None:
        snapshot, plates = found.capture.snapshot(), self._plates
        snapshot.passes = found.passes
        self._ranker.submit(lambda: found.items.ranked(pass_facts(snapshot, plates)))

    @property
    def is_finding(self) -> bool:
        """True while the items are looked for."""
        return self._finder.busy

    @property
    def is_ranking(self) -> bool:
        """True while they are put in the order of a triage."""
        return self._ranker.busy

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._found = None
        self._finder.forget()
        self._ranker.forget()

    def close(self) -> None:
        """End the threads."""
        self._finder.close()
        self._ranker.close()


def _passes_of(
    columns: Columns, rules: PassRules, known: Passes | None, stopped: Callable[[], bool]
) -> Passes:
    """The passes of all reads, with the consensus that is known, and that of small captures."""
    passes = known
    if passes is None or passes.rules != rules or len(passes.of_read) != len(columns.reads):
        passes = find(columns, rules, known, stopped)
        passes = passes if known is None else carried(passes, known)
    if len(columns.reads) >= WORTH or passes.table["weighed"].all():
        return passes
    return weighed(columns, passes, stopped, lambda _: None)
