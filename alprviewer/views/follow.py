"""Keeping the newest row in sight while rows come, until the user goes elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from alprviewer.views.browser import TAB_NAMES, Browser
from alprviewer.views.rowstable import RowsTable


class Follow(QObject):
    """Stands on the last row of the table in front, and lets go as soon as the user moves.

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
        for name in TAB_NAMES.values():
            table = browser.table(name)
            table.row_chosen.connect(lambda _row, by_user, table=table: self._on_chosen(table, by_user))
            table.verticalScrollBar().valueChanged.connect(lambda _=0, table=table: self._on_scrolled(table))
        browser.tab_changed.connect(lambda _: self.keep())

    def set_on(self, on: bool) -> None:
        """Begin or end. Tables that are narrowed show all of their rows again: new ones are among these."""
        if on == self.on:
            return
        self.on = on
        self.changed.emit(on)
        if on:
            self._browser.show_all()
            self.keep()

    def keep(self) -> None:
        """Go to the last row, if it is on; for whoever has added rows."""
        table = self._browser.table(self._browser.tab)
        count = table.rows.rowCount()
        if not self.on or not count:
            return
        self._moving = True
        try:
            table.show_row(table.rows.id_at(count - 1))
            table.scrollToBottom()
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
