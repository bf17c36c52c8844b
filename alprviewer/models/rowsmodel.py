"""One table of the store as a Qt model: row numbers in an order, and pages of texts."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, tzinfo
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.models.cells import ABSENT_TEXT, ColumnSpec, Context, same_day, span_of
from alprviewer.models.worker import Worker
from alprviewer.store.select import SortKey, order, table_of

_PAGE = 64
"""Rows whose texts are made at a time."""
_PAGES = 512
"""Pages of texts that are kept, one for each column."""
_SYNCHRONOUS_ROWS = 20_000
"""Up to so many rows are sorted at once; more are sorted by a worker."""

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
UP, DOWN = "\u2009▴", "\u2009▾"
"""Behind the title of the column that the rows are sorted by."""


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
        self._capture = capture
        self._zone_name = "UTC"
        self._with_date = False
        self._times: tuple[int, int] | None = None
        self._times_seen = 0
        self._narrow: Array | None = None
        self._matching: Array | None = None
        self._ids: Array | None = None
        self._count = 0
        self._known = 0
        self._pages: OrderedDict[tuple[int, int], list[str]] = OrderedDict()
        self._worker = Worker(f"sort {table}", self)
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
            return self.title(section) + self._arrow(spec.name)
        if role == _ALIGN:
            return _RIGHT if spec.numeric else _LEFT
        if role == _TIP:
            return spec.tip or None
        return None

    # --- what views of ours ask -------------------------------------------------------------------

    def title(self, column: int) -> str:
        """A column's title without the arrow."""
        return self.specs[column].title.format(zone=self._zone_name)

    def _arrow(self, name: str) -> str:
        if not self.sort_keys or self.sort_keys[0].name != name:
            return ""
        return DOWN if self.sort_keys[0].descending else UP

    def text(self, row: int, column: int) -> str:
        """The text of a cell."""
        key = (row // _PAGE, column)
        page = self._pages.get(key)
        if page is None:
            page = self._make_page(*key)
        else:
            self._pages.move_to_end(key)
        return page[row % _PAGE]

    def id_at(self, row: int) -> int:
        """The store's row number behind a shown row."""
        return row if self._ids is None else int(self._ids[row])

    def ids_at(self, rows: Array) -> Array:
        """The store's row numbers behind shown rows."""
        return rows if self._ids is None else self._ids[rows]

    def row_of(self, store_row: int) -> int | None:
        """Where a row of the store is shown; None where it is not."""
        if self._ids is None:
            return store_row if 0 <= store_row < self._count else None
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

    def _zone(self) -> tzinfo | None:
        return UTC if self._zone_name == "UTC" else None

    def _context(self) -> Context:
        return Context(self._capture, self._zone(), self._with_date)

    # --- changes ----------------------------------------------------------------------------------

    def set_capture(self, capture: Capture) -> None:
        """Show another capture from its beginning; the sort keys stay."""
        self.beginResetModel()
        self._worker.forget()
        self._capture = capture
        self._narrow, self.narrowed_to = None, ""
        if self._matching is not None:
            self._matching = np.empty(0, np.int64)
        self._ids = np.empty(0, np.int64) if self.sort_keys or self.is_filtered else None
        self._count = self._known = 0
        self._pages.clear()
        self._with_date = False
        self._times, self._times_seen = None, 0
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
        if self._narrow is None and self._matching is None:
            self._append(added)
        self._refresh_dates()

    def take_back(self, rows: range) -> None:
        """Rows of the store were removed; those behind them have moved up."""
        self._worker.forget()
        self.rearranging.emit()
        ids = np.arange(self._count) if self._ids is None else self._ids
        gone = np.flatnonzero((ids >= rows.start) & (ids < rows.stop))
        self._ids = np.where(ids >= rows.stop, ids - len(rows), ids)
        self._ids[gone] = 0  # any row that there is, for whoever asks for their neighbours meanwhile
        self._known -= len(rows)
        self._times, self._times_seen = None, 0
        if self._narrow is not None:
            kept = self._narrow[(self._narrow < rows.start) | (self._narrow >= rows.stop)]
            self._narrow = np.where(kept >= rows.stop, kept - len(rows), kept)
        self._pages.clear()
        if len(gone) == self._count:
            # Not row by row: no text could be given of any of them.
            self.beginResetModel()
            self._ids, self._count = self._ids[:0], 0
            self.endResetModel()
            gone = gone[:0]
        for run in reversed(np.split(gone, np.flatnonzero(np.diff(gone) > 1) + 1)):
            if len(run):
                self.beginRemoveRows(_NOWHERE, int(run[0]), int(run[-1]))
                self._ids = np.delete(self._ids, run)
                self._count -= len(run)
                self._pages.clear()
                self.endRemoveRows()
        if not self.sort_keys and self._narrow is None:
            self._ids = None
        self.rearranged.emit()

    def _append(self, ids: Array | range) -> None:
        self.beginInsertRows(_NOWHERE, self._count, self._count + len(ids) - 1)
        if self._ids is not None:
            # Only where there is an order: ten million numbers that nobody asks for take a tenth of a second.
            new = np.arange(ids.start, ids.stop) if isinstance(ids, range) else ids
            self._ids = np.concatenate((self._ids, new))
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
        epochs = table_of(self._capture.columns, table).column(name)
        spans = [span for span in (self._times, span_of(epochs[self._times_seen :])) if span]
        self._times_seen = len(epochs)
        self._times = (min(a for a, _ in spans), max(b for _, b in spans)) if spans else None
        with_date = self._times is not None and not same_day(*self._times, self._zone())
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
        rows = self._chosen()
        if not keys:
            self.sorting.emit(False)
            self._show_rows(rows)
        elif len(rows) <= _SYNCHRONOUS_ROWS:
            self._take_order(order(self._capture.columns, self.table, keys, rows))
        else:
            columns, table = self._capture.columns, self.table
            self._worker.submit(lambda: order(columns, table, keys, rows))
            self.sorting.emit(True)

    def _take_order(self, ids: Array) -> None:
        self.sorting.emit(False)
        if self._narrow is None and self._count > len(ids):
            # Rows that arrived while the worker sorted follow at the end.
            ids = np.concatenate((ids, self._chosen()[len(ids) :]))
        self._show_rows(ids)

    def narrow(self, rows: Array | None, reason: str = "") -> None:
        """Show only these rows of the store, in ascending order; None shows all again."""
        if rows is None and self._narrow is None:
            return
        if rows is not None and self._narrow is not None and np.array_equal(rows, self._narrow):
            return
        self._narrow = None if rows is None else np.asarray(rows, np.int64)
        self.narrowed_to = reason
        self._show_chosen()

    def set_matching(self, rows: Array | None) -> None:
        """The rows of the store that a filter lets through, ascending; None where there is no filter."""
        if rows is None and self._matching is None:
            return
        self._matching = rows
        self._show_chosen()

    def add_matching(self, rows: Array) -> None:
        """More rows of the store match, behind those that did."""
        assert self._matching is not None
        self._matching = np.concatenate((self._matching, rows))
        if self._narrow is None and len(rows):
            self._append(rows)
        self._refresh_dates()

    @property
    def matching(self) -> int | None:
        """How many rows a filter lets through; None where there is none."""
        return None if self._matching is None else len(self._matching)

    @property
    def is_filtered(self) -> bool:
        """True if not all rows are shown, or might not be."""
        return self._narrow is not None or self._matching is not None

    def shown_ids(self) -> Array | None:
        """The store's row numbers of what is shown, ascending; None where that is everything."""
        return self._chosen() if self.is_filtered else None

    def _chosen(self) -> Array:
        """The rows to show, ascending."""
        if self._matching is None:
            return np.arange(self._known) if self._narrow is None else self._narrow
        if self._narrow is None:
            return self._matching
        return np.intersect1d(self._narrow, self._matching, assume_unique=True)

    def _show_chosen(self) -> None:
        self._worker.forget()
        self.sorting.emit(False)
        chosen = self._chosen()
        if self.sort_keys and len(chosen) <= _SYNCHRONOUS_ROWS:
            chosen = order(self._capture.columns, self.table, self.sort_keys, chosen)
        self._show_rows(chosen)
        self._refresh_dates()
        self.narrowed.emit()
        if self.sort_keys and len(chosen) > _SYNCHRONOUS_ROWS:
            self.sort_by(self.sort_keys)

    def _show_rows(self, wanted: Array) -> None:
        """Show these rows in this order: what is missing comes, all take their places, the rest goes."""
        shown = np.arange(self._count) if self._ids is None else self._ids
        if np.array_equal(shown, wanted):
            self._ids = None if not self.sort_keys and not self.is_filtered else shown
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
        if not self.sort_keys and not self.is_filtered:
            self._ids = None
        self.rearranged.emit()

    def _permute(self, ids: Array) -> None:
        """Another order of the same rows; persistent indexes follow their rows."""
        assert self._ids is not None
        if np.array_equal(self._ids, ids):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = np.empty(self.total, np.int64)
        places[ids] = np.arange(len(ids))
        rows = places[self._ids[np.array([index.row() for index in before], np.int64)]].tolist()
        after = [self.createIndex(row, index.column()) for row, index in zip(rows, before, strict=True)]
        self._ids = ids
        self._pages.clear()
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def close(self) -> None:
        """End the sorting thread."""
        self._worker.close()


__all__ = ["ABSENT_TEXT", "Index", "RowsModel"]
