"""One table of the store as a Qt model: row numbers in an order, and pages of texts."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, tzinfo
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.models.cells import ABSENT_TEXT, ColumnSpec, Context
from alprviewer.models.roworders import GrowingRows, KeptOrders, places_of
from alprviewer.models.timespan import TimeSpan
from alprviewer.models.worker import Worker
from alprviewer.store.select import Order, SortKey, table_of

_PAGE = 64
"""Rows whose texts are made at a time."""
_PAGES = 512
"""Pages of texts that are kept, one for each column."""
_SYNCHRONOUS_ROWS = 20_000
"""Up to so many rows are sorted at once; more are sorted by a worker."""
_EARLY_ROWS = 200
"""Rows on each side of the one looked at that a worker puts in their places first: a tall window full."""

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
UP, DOWN = "\u2009▴", "\u2009▾"
"""Behind the titles of columns that the rows are sorted by, numbered where there are several."""


class RowsModel(QAbstractTableModel):
    """Rows of a table of the store, sorted and narrowed, never copied.

    The model holds row numbers of the store in the order shown; while nothing is sorted or narrowed they are
    an identity that only grows. Rows that go, come or move do so by Qt's own signals, so selections and
    persistent indexes follow their rows.

    Signals:
        rearranging(): rows are about to move, go or come, but for those that are appended.
        rearranged(): they have.
        narrowed(): the rows shown are others than before, or all again.
        sorting(bool): a worker has begun to sort, or is done.
        dated(bool): times are written with their date now, or without it.
    """

    rearranging = Signal()
    rearranged = Signal()
    narrowed = Signal()
    sorting = Signal(bool)
    dated = Signal(bool)

    def __init__(
        self, table: str, columns: tuple[ColumnSpec, ...], capture: Capture, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.table = table
        self.specs = columns
        self.sort_keys: tuple[SortKey, ...] = ()
        self.narrowed_to: str = ""
        self.looked_at: int | None = None
        """The row of the store that a view stands on: a sort puts the rows about it in their places first."""
        self._capture = capture
        self._zone_name = "UTC"
        self._with_date = False
        self._times = TimeSpan()
        self._narrow: Array | None = None
        self._ids: Array | None = None
        self._count = 0
        self._known = 0
        self._last_asked = 0
        self._orders = KeptOrders()
        self._growing = GrowingRows()
        self._pages: OrderedDict[tuple[int, int], list[str]] = OrderedDict()
        self._worker = Worker(f"sort {table}", self)
        self._worker.told.connect(self._rearrange)
        self._worker.answered.connect(self._take_order)
        self._worker.failed.connect(lambda: self.sorting.emit(False))

    # --- what Qt asks -----------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Columns, hidden ones included."""
        return 0 if parent.isValid() else len(self.specs)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Texts from pages; alignment by column."""
        if not index.isValid():
            return None
        if role == _DISPLAY:
            return self.text(index.row(), index.column())
        if role == _ALIGN:
            return _RIGHT if self.specs[index.column()].numeric else _LEFT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Titles; those of times name the zone, the one that is sorted by has an arrow."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.specs):
            return None
        spec = self.specs[section]
        if role == _DISPLAY:
            return self.title(section) + self.arrow(spec.name)
        if role == _ALIGN:
            return _RIGHT if spec.numeric else _LEFT
        if role == _TIP:
            return spec.tip or None
        return None

    # --- what views of ours ask -------------------------------------------------------------------

    def title(self, column: int) -> str:
        """A column's title without the arrow."""
        return self.specs[column].title.format(zone=self._zone_name)

    def arrow(self, name: str) -> str:
        """What stands behind the title of a column: nothing, or the direction and the place among several."""
        for place, key in enumerate(self.sort_keys, 1):
            if key.name == name:
                number = f"\u2009{place}" if len(self.sort_keys) > 1 else ""
                return (DOWN if key.descending else UP) + number
        return ""

    def text(self, row: int, column: int) -> str:
        """The text of a cell."""
        return self._page(row // _PAGE, column)[row % _PAGE]

    def texts(self, first: int, end: int, column: int) -> list[str]:
        """The texts of a column from one row to before another."""
        found: list[str] = []
        while first < end:
            start = first % _PAGE
            page = self._page(first // _PAGE, column)[start : start + end - first]
            found += page
            first += len(page)
        return found

    def _page(self, number: int, column: int) -> list[str]:
        page = self._pages.get((number, column))
        if page is None:
            return self._make_page(number, column)
        self._pages.move_to_end((number, column))
        return page

    def id_at(self, row: int) -> int:
        """The store's row number behind a shown row."""
        self._last_asked = row
        return row if self._ids is None else int(self._ids[row])

    def ids_at(self, rows: Array) -> Array:
        """The store's row numbers behind shown rows."""
        return rows if self._ids is None else self._ids[rows]

    def row_of(self, store_row: int) -> int | None:
        """Where a row of the store is shown; None where it is not."""
        if self._ids is None:
            return store_row if 0 <= store_row < self._count else None
        if self._last_asked < len(self._ids) and self._ids[self._last_asked] == store_row:
            # Who asks has chosen this row a moment ago, and ten million rows take a while to look through.
            return self._last_asked
        found = np.flatnonzero(self._ids == store_row)
        return int(found[0]) if len(found) else None

    def value(self, row: int, name: str) -> Any:
        """A value of the store's column for a shown row."""
        return table_of(self._capture.columns, self.table).column(name)[self.id_at(row)]

    def text_of(self, store_row: int, name: str) -> str:
        """A column's text for a row of the store, shown or not."""
        spec = next(spec for spec in self.specs if spec.name == name)
        return spec.format(self._context(), np.array([store_row]))[0]

    @property
    def capture(self) -> Capture:
        """What the rows are of."""
        return self._capture

    @property
    def is_sorting(self) -> bool:
        """True while a worker sorts."""
        return self._worker.busy

    @property
    def total(self) -> int:
        """Rows of the table, shown or not."""
        return len(table_of(self._capture.columns, self.table))

    def _make_page(self, number: int, column: int) -> list[str]:
        first, end = number * _PAGE, min((number + 1) * _PAGE, self._count)
        rows = self.ids_at(np.arange(first, end))
        page = self._pages[number, column] = self.specs[column].format(self._context(), rows)
        if len(self._pages) > _PAGES:
            self._pages.popitem(last=False)
        return page

    def zone(self) -> tzinfo | None:
        """The zone that times are shown in; None is the local one."""
        return UTC if self._zone_name == "UTC" else None

    def _context(self) -> Context:
        return Context(self._capture, self.zone(), self._with_date)

    # --- changes ----------------------------------------------------------------------------------

    def set_capture(self, capture: Capture) -> None:
        """Show another capture from its beginning; the sort keys stay."""
        self.beginResetModel()
        self._worker.forget()
        self._capture = capture
        self._narrow, self.narrowed_to = None, ""
        self.looked_at = None
        self._orders.clear()
        self._ids = np.empty(0, np.uint32) if self.sort_keys else None
        self._count = self._known = 0
        self._pages.clear()
        self._with_date = False
        self._times = TimeSpan()
        self.endResetModel()
        self.sorting.emit(False)
        self.narrowed.emit()

    def set_zone(self, name: str) -> None:
        """Show times in ``UTC`` or in the ``local`` zone."""
        self._zone_name = name
        self._refresh_dates()
        self._repaint()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.specs) - 1)

    def add_rows(self, added: range) -> None:
        """Rows were appended to the table. While sorted they stand at the end until ``resort``."""
        if not len(added):
            return
        self._known = added.stop
        self._orders.clear()
        if self._narrow is None:
            self._append(added)
        self._refresh_dates()

    def _append(self, ids: Array | range) -> None:
        self.beginInsertRows(_NOWHERE, self._count, self._count + len(ids) - 1)
        if self._ids is not None:
            # Only where there is an order: ten million numbers that nobody asks for take a tenth of a second.
            new = np.arange(ids.start, ids.stop) if isinstance(ids, range) else ids
            self._ids = self._growing.joined(self._ids, new)
        for column in range(len(self.specs)):
            self._pages.pop((self._count // _PAGE, column), None)
        self._count += len(ids)
        self.endInsertRows()

    def resort(self) -> None:
        """Bring rows that came since into the order."""
        if self.sort_keys:
            self.sort_by(self.sort_keys)

    def refresh(self) -> None:
        """Texts may be others now: a camera's name was learned."""
        self._repaint()

    def _refresh_dates(self) -> None:
        """Write times with their date once they lie on several days. Looks at rows that are new only."""
        table, name = ("siblings", "start") if self.table == "siblings" else ("frames", "epoch_time")
        self._times.look(table_of(self._capture.columns, table).column(name))
        with_date = self._times.is_on_several_days(self.zone())
        if with_date != self._with_date:
            self._with_date = with_date
            self.dated.emit(with_date)
            self._repaint()

    def _repaint(self) -> None:
        self._pages.clear()
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, len(self.specs) - 1))

    # --- order and choice of rows -----------------------------------------------------------------

    def sort_by(self, keys: tuple[SortKey, ...]) -> None:
        """Sort by columns, the first key first; none restores the order of the sources."""
        self.sort_keys = keys
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.specs) - 1)
        self._worker.forget()
        rows = range(self._known) if self._narrow is None else self._narrow
        kept = self._orders.get(keys) if self._narrow is None else None
        if kept is not None:
            self._take_order(kept)
        elif not keys or len(rows) <= _SYNCHRONOUS_ROWS:
            self._take_order(Order(self._capture.columns, self.table, keys, rows).sequence())
        else:
            columns, table, looked_at = self._capture.columns, self.table, self.looked_at

            def sort() -> Array:
                sorting = Order(columns, table, keys, rows)
                early = sorting.around(looked_at, _EARLY_ROWS)
                if early is not None:
                    self._worker.tell(early)
                return sorting.sequence()

            self._worker.submit(sort)
            self.sorting.emit(True)

    def _take_order(self, ids: Array) -> None:
        if self.sort_keys and self._narrow is None and len(ids) == self._known:
            self._orders.keep(self.sort_keys, ids)
        self.sorting.emit(False)
        self._rearrange(ids)

    def _rearrange(self, ids: Array) -> None:
        """Another order of the rows shown; those that arrived while it was made follow at the end."""
        if self._count > len(ids):
            ids = self._growing.joined(ids, np.arange(len(ids), self._count))
        self.rearranging.emit()
        self._permute(ids)
        if not self.sort_keys and self._narrow is None:
            self._ids = None
        self.rearranged.emit()

    def narrow(self, rows: Array | None, reason: str = "") -> None:
        """Show only these rows of the store, in ascending order; None shows all again."""
        if rows is None and self._narrow is None:
            return
        if rows is not None and self._narrow is not None and np.array_equal(rows, self._narrow):
            return
        self._narrow = None if rows is None else np.asarray(rows, np.uint32)
        self.narrowed_to = reason
        self._worker.forget()
        self.sorting.emit(False)
        chosen = np.arange(self._known, dtype=np.uint32) if self._narrow is None else self._narrow
        if self.sort_keys and len(chosen) <= _SYNCHRONOUS_ROWS:
            chosen = Order(self._capture.columns, self.table, self.sort_keys, chosen).sequence()
        self._show_rows(chosen)
        self._refresh_dates()
        self.narrowed.emit()
        if self.sort_keys and len(chosen) > _SYNCHRONOUS_ROWS:
            self.sort_by(self.sort_keys)

    def _show_rows(self, wanted: Array) -> None:
        """Show these rows in this order: what is missing comes, all take their places, the rest goes."""
        shown = np.arange(self._count, dtype=np.uint32) if self._ids is None else self._ids
        if np.array_equal(shown, wanted):
            self._ids = None if not self.sort_keys and self._narrow is None else shown
            return
        self.rearranging.emit()
        is_shown, is_wanted = np.zeros((2, self.total), bool)
        is_shown[shown] = True
        is_wanted[wanted] = True
        self._ids = shown
        missing = wanted[~is_shown[wanted]]
        if len(missing):
            self._append(missing)
        self._permute(np.concatenate((wanted, shown[~is_wanted[shown]])))
        if self._count > len(wanted):
            self.beginRemoveRows(_NOWHERE, len(wanted), self._count - 1)
            self._ids, self._count = wanted, len(wanted)
            self._pages.clear()
            self.endRemoveRows()
        if not self.sort_keys and self._narrow is None:
            self._ids = None
        self.rearranged.emit()

    def _permute(self, ids: Array) -> None:
        """Another order of the same rows; persistent indexes follow their rows."""
        if np.array_equal(np.arange(self._count) if self._ids is None else self._ids, ids):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        rows = places_of(self.ids_at(np.array([index.row() for index in before], np.int64)), ids).tolist()
        after = [self.createIndex(row, index.column()) for row, index in zip(rows, before, strict=True)]
        self._ids = ids
        self._pages.clear()
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def close(self) -> None:
        """End the sorting thread."""
        self._worker.close()


__all__ = ["ABSENT_TEXT", "Index", "RowsModel"]
