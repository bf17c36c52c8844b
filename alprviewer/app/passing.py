"""The finder of passes, the table of passes and the filter, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.models.currentpass import CurrentPass
from alprviewer.models.passfinder import PassFinder
from alprviewer.models.thumbnails import Thumbnails
from alprviewer.store.matchers import Handed
from alprviewer.views.statestrip import StripKind

if TYPE_CHECKING:
    from alprviewer.app.window import Window


class Passing(QObject):
    """The passes of a window's capture. Made when the tables listen to the loader: they come first."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.finder = PassFinder(self)
        self.current = CurrentPass(self, window.current)
        self.crops = Thumbnails(self)
        self.finder.changed.connect(self._take)
        self.finder.working.connect(lambda _: self._show_state())
        self.finder.failed.connect(lambda text: window.say(StripKind.WARNING, text))
        self.current.changed.connect(window.workspace.show_pass)
        window.loader.opened.connect(self._set_capture)
        window.loader.rows_added.connect(lambda _: self.finder.add_rows())
        window.loader.finished.connect(self.finder.finish)
        window.current.selected.connect(self.current.select)
        window.workspace.pane_made.connect(self._attach)
        sheet, strip = (window.workspace.pane(name) for name in ("sheet", "pass"))
        sheet.attach(self.crops)
        sheet.read_chosen.connect(lambda row: window.current.select("reads", row))
        strip.reads_chosen.connect(self._choose_reads)

    def _attach(self, name: str, pane: Any) -> None:
        """The chart is made after the window has been painted."""
        if name == "candidates":
            pane.reads_chosen.connect(self._choose_reads)

    def _set_capture(self, capture: Capture) -> None:
        self.crops.set_capture(capture)
        self.current.set_capture(capture)
        self.finder.cache = self._window.loader.cache
        self.finder.set_capture(capture)
        self._window.charts.set_passes(None)

    def _take(self, places: Array, columns: Mapping[str, Handed]) -> None:
        window = self._window
        window.browser.take_passes(places)
        window.filtering.rows.hand_in(columns)
        window.filtering.rows.take_passes()
        window.charts.set_passes(self.finder.passes)
        self.current.look_again()
        window.follow.keep()
        window.commands.choose_first_row()

    def _show_state(self) -> None:
        self._window.browser.set_finding(self.finder.is_finding)
        self._window.commands.choose_first_row()

    def _choose_reads(self, rows: Sequence[int], reason: str) -> None:
        """Show the reads that say a character: these alone in the table, clearly in the sheet."""
        if rows:
            self._window.browser.narrow_reads(np.sort(np.array(rows)), reason)
            self._window.workspace.pane("sheet").mark(frozenset(rows))
            self._window.current.select("reads", rows[0])

    @property
    def busy(self) -> bool:
        """True while something of the passes is found, weighed, looked up or decoded."""
        return self.finder.busy or self.current.busy or self.crops.busy

    def close(self) -> None:
        """End the threads."""
        for each in (self.finder, self.current, self.crops):
            each.close()
