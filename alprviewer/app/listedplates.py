"""The list of plates that somebody waits for, the tables and the filter, put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from alprviewer.core.listed import PlateList
from alprviewer.models.listing import Listing
from alprviewer.store.matchers import Handed
from alprviewer.store.select import LISTED
from alprviewer.views.statestrip import StripKind

if TYPE_CHECKING:
    from alprviewer.app.window import Window

_TABLES = ("passes", "reads")


class ListedPlates(QObject):
    """What is listed of a window's capture. Made when the tables and the passes follow the loader."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.listing = Listing(self)
        self.listing.listed.connect(self._offer)
        self.listing.changed.connect(self._take)
        self.listing.marked.connect(self._show_marks)
        self.listing.refused.connect(lambda text: window.say(StripKind.WARNING, text))
        window.loader.opened.connect(self.listing.set_capture)
        window.loader.rows_added.connect(lambda _: self.listing.add_rows())
        window.passing.finder.changed.connect(lambda *_: self.listing.add_rows())

    def _offer(self, plates: PlateList) -> None:
        self._window.reviewing.review.search.set_plates(plates)
        for name in _TABLES:
            self._window.models[name].offered.emit(LISTED, len(plates) > 0)

    def _take(self, columns: Mapping[str, Handed]) -> None:
        self._window.filtering.rows.hand_in(columns)

    def _show_marks(self) -> None:
        for name in _TABLES:
            self._window.models[name].refresh()

    def close(self) -> None:
        """End the thread."""
        self.listing.close()
