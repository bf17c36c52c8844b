"""Timeline, overview, numbers, their models and the filter of a window, put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from alprviewer.core.distribution import Bar, toggled
from alprviewer.core.query.complete import with_term
from alprviewer.core.query.timerange import range_term
from alprviewer.models.cells import by_name
from alprviewer.models.counting import Counting
from alprviewer.models.numbers import Numbers
from alprviewer.models.overview import Overview
from alprviewer.models.tables import READS, WORTH
from alprviewer.models.timeline import Timeline
from alprviewer.store.passes import Passes

if TYPE_CHECKING:
    from alprviewer.app.window import Window

_WORTH = by_name(READS)[WORTH]


class Charts(QObject):
    """What is shown of a capture as a whole; what is chosen there filters.

    Signals:
        asked_anew(): another query is in force, and what it lets through is known.
    """

    asked_anew = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._filtering = window.filtering
        self.timeline, self.overview = Timeline(self), Overview(self)
        review = window.reviewing.review
        self.numbers = Numbers(review.decided, self)
        review.decided_changed.connect(self.numbers.count)
        self.numbers.changed.connect(self._show_worth)
        reads = window.browser.table("reads")
        self._shows_worth = not reads.isColumnHidden(_WORTH)
        reads.horizontalHeader().sectionResized.connect(self._note_column)
        self._all: tuple[Counting, ...] = (self.timeline, self.overview, self.numbers)
        self.overview.set_wanted(False)
        self.numbers.set_wanted(False)
        for each in self._all:
            window.loader.opened.connect(each.set_capture)
            window.loader.rows_added.connect(lambda _, each=each: each.add_rows())
            window.loader.finished.connect(each.add_rows)
        self._is_new = False
        self._filtering.rows.changed.connect(self._note_change)
        self._filtering.rows.counted.connect(self._take_filter)
        window.workspace.pane_made.connect(self._connect)
        window.workspace.pane_seen.connect(self._note_seen)

    def _connect(self, name: str, pane: Any) -> None:
        """A pane was made."""
        if name == "timeline":
            pane.set_timeline(self.timeline)
            pane.range_chosen.connect(self._choose_range)
            pane.range_cleared.connect(lambda: self._exchange("time", None))
            self.asked_anew.connect(pane.reveal)

        elif name == "overview":
            pane.set_overview(self.overview)
            self.overview.set_wanted(self._window.workspace.is_in_sight(name))
            pane.bar_clicked.connect(self._toggle)
        elif name == "numbers":
            pane.set_numbers(self.numbers)
            pane.reads_wanted.connect(self._open_reads)
            pane.review_wanted.connect(self._window.commands.review)
            pane.seen.connect(lambda _: self._want_numbers())
            self._want_numbers()

    def _note_seen(self, name: str, seen: bool) -> None:
        """What nobody sees is not counted."""
        if name in ("timeline", "overview"):
            getattr(self, name).set_wanted(seen)

    def _want_numbers(self) -> None:
        """Counted while somebody looks at them, or at the column that is made of them."""
        pane = self._window.workspace.pane("numbers")
        in_sight = pane is not None and pane.isVisible()
        self.numbers.set_wanted(in_sight or self._shows_worth)

    def _note_column(self, place: int, before: int, after: int) -> None:
        """A column was hidden, shown, or only made wider. Whether it is hidden cannot be asked yet."""
        if place == _WORTH and 0 in (before, after):
            self._shows_worth = after > 0
            self._want_numbers()

    def _show_worth(self) -> None:
        """What confidences are worth is known anew."""
        if self.numbers.report is not None:
            self.numbers.capture.columns.decided.learned = self.numbers.report.learned
            self._window.models["reads"].refresh()

    def _open_reads(self, rows: Sequence[int], words: str) -> None:
        """The reads behind a figure alone; the same figure again shows all."""
        window = self._window
        if window.models["reads"].narrowed_to == words:
            window.browser.show_all()
            return
        window.browser.show_tab("reads")
        window.browser.narrow_reads(np.array(rows), words)
        window.browser.table("reads").select_first()

    def _toggle(self, bar: Bar) -> None:
        self._filtering.box.show_query(toggled(self._filtering.rows.tree, bar))

    def set_zone(self, zone_name: str) -> None:
        """Days and hours are those of ``UTC`` or of the ``local`` zone."""
        for each in self._all:
            each.set_zone(zone_name)

    def set_passes(self, passes: Passes | None) -> None:
        """The passes of the capture, as far as they are known, and what it has taught with them."""
        for each in self._all:
            each.set_passes(passes)
        self._filtering.rows.taught = None if passes is None else passes.taught

    def _note_change(self) -> None:
        self._is_new = True

    def _take_filter(self) -> None:
        rows = self._filtering.rows
        for each in self._all:
            each.set_filter(rows.tree, self._window.models["reads"].matching_rows)
        if self._is_new:  # and not where rows have come: who looks elsewhere is left there
            self._is_new = False
            self.asked_anew.emit()

    def _choose_range(self, begin: int, end: int) -> None:
        self._exchange("time", range_term(begin, end, self.timeline.zone))

    def _exchange(self, field: str, term: Any) -> None:
        self._filtering.box.show_query(with_term(self._filtering.rows.tree, field, term))

    @property
    def busy(self) -> bool:
        """True while something is counted."""
        return any(each.busy for each in self._all)

    def close(self) -> None:
        """End the threads."""
        for each in self._all:
            each.close()
