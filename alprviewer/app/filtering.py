"""The filter box, the filter of the rows, and the tables, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from alprviewer.app.workspace import focus
from alprviewer.capture.capture import Capture
from alprviewer.core.errors import QueryError
from alprviewer.core.query.complete import keywords_that_begin, place_of, with_term
from alprviewer.core.query.parse import parse
from alprviewer.models.completion import choices, suggestions
from alprviewer.models.filtering import RowsFilter
from alprviewer.views.filterbox import FilterBox

if TYPE_CHECKING:
    from alprviewer.app.window import Window


class Filtering(QObject):
    """One query for all tables of a window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.rows = RowsFilter(window.models, self)
        self.box = FilterBox(self._suggest, self._choices)
        self.box.query_changed.connect(self.apply)
        self.box.term_wanted.connect(self._exchange)
        self.box.left.connect(lambda: focus(window.browser.focus_target))
        self.rows.changed.connect(lambda: self.box.show_tree(self.rows.tree))
        self.rows.counted.connect(window.browser.refresh)
        self.rows.counted.connect(window.commands.keep_a_row)
        self.rows.refused.connect(self.box.show_error)

    def _suggest(self, text: str, cursor: int) -> list[str]:
        place = place_of(text, cursor)
        return suggestions(self._window.loader.capture, place) + keywords_that_begin(text, place)

    def _choices(self, field: str) -> list[tuple[str, str]]:
        return choices(self._window.loader.capture, field, self._window.settings.zone)

    def apply(self, text: str) -> None:
        """Filter by a query; one that does not parse is said to be wrong, and the one before stays."""
        try:
            self.rows.set_text(text)
        except QueryError as error:
            self.box.show_error(error)
        else:
            self.box.show_error(None)

    def _exchange(self, field: str, term: str) -> None:
        """Ask a field for a term, whatever it was asked before."""
        self.box.show_query(with_term(self.rows.tree, field, parse(term)))

    def set_capture(self, capture: Capture) -> None:
        """Another capture is shown; without one there is nothing to filter."""
        self.rows.set_capture(capture)
        self.box.setVisible(self._window.loader.is_open)

    def clear(self) -> bool:
        """Show all rows. False where nothing was filtered."""
        was_filtered = bool(self.box.text)
        if was_filtered:
            self.box.set_text("")
        return was_filtered
