"""Keeping the newest row in sight while rows come, until the user goes elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal

from alprviewer.models.pace import Pace
from alprviewer.views.browser import TAB_NAMES, Browser
from alprviewer.views.rowstable import RowsTable

_SHORTEST_S, _LONGEST_S = 0.125, 0.5
"""Seconds that the last row is the current one, while others come behind it: all panes show what it holds."""


class Follow(QObject):
    """Stands on the last row of the table in front, and lets go as soon as the user moves.

    Rows are in sight as they come. The last one becomes the current one some times a second at most: nobody
    can look at more, and to show a row in all panes was most of what the window did.

    Choosing another row, scrolling away from the end and sorting are moves; rows that come are none. The last
    row is the newest one: in a sorted table rows that came since it was sorted stand at the end.

    Signals:
        changed(bool): it was switched on, or off, by whomever.
    """

    changed = Signal(bool)

    def __init__(self, browser: Browser, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on = False
        self._browser = browser
        self._moving = False
        self._pace = Pace(_SHORTEST_S, _LONGEST_S, parent=self)
        self._pace.due.connect(self._stand)
        for name in TAB_NAMES.values():
            table = browser.table(name)
            table.row_chosen.connect(lambda _row, by_user, table=table: self._on_chosen(table, by_user))
            table.verticalScrollBar().valueChanged.connect(lambda _=0, table=table: self._on_scrolled(table))
        browser.tab_changed.connect(lambda _: self._begin())

    @property
    def busy(self) -> bool:
        """True while the last row is about to become the current one."""
        return self._pace.waits

    def set_on(self, on: bool) -> None:
        """Begin or end. Tables that are narrowed show all of their rows again: new ones are among these."""
        if on == self.on:
            return
        self.on = on
        self.changed.emit(on)
        self._pace.forget()
        if on:
            self._browser.show_all()
            self.keep()

    def _begin(self) -> None:
        """Another table is in front."""
        self._pace.forget()
        self.keep()

    def keep(self) -> None:
        """Have the last row in sight, and stand on it soon, if it is on; for whoever has added rows."""
        table = self._browser.table(self._browser.tab)
        if self.on and table.rows.rowCount():
            with self._moves():
                table.scrollToBottom()
            self._pace.ask()

    def _stand(self) -> None:
        table = self._browser.table(self._browser.tab)
        count = table.rows.rowCount()
        if self.on and count:
            with self._moves():
                table.show_row(table.rows.id_at(count - 1))
                table.scrollToBottom()
            self._pace.done()

    @contextmanager
    def _moves(self) -> Iterator[None]:
        """While this lasts, it is not the user who scrolls."""
        self._moving = True
        try:
            yield
        finally:
            self._moving = False

    def _on_chosen(self, table: RowsTable, by_user: bool) -> None:
        if by_user and table.currentIndex().row() != table.rows.rowCount() - 1:
            self.set_on(False)

    def _on_scrolled(self, table: RowsTable) -> None:
        bar = table.verticalScrollBar()
        in_front = table is self._browser.table(self._browser.tab)
        if in_front and not self._moving and bar.value() < bar.maximum():
            self.set_on(False)
