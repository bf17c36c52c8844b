"""One table of the store as a Qt model: row numbers in an order."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.models.cells import ColumnSpec
from alprviewer.models.celltexts import NOWHERE, CellTexts
from alprviewer.models.rowchoice import RowChoice
from alprviewer.models.roworders import GrowingRows, KeptOrders, Ranked, places_of
from alprviewer.models.tables import REASON
from alprviewer.models.timespan import TimeSpan
from alprviewer.models.worker import Worker
from alprviewer.store.columns import Columns
from alprviewer.store.select import Order, SortKey, table_of

_SYNCHRONOUS_ROWS = 20_000
"""Up to so many rows are sorted at once; more are sorted by a worker."""
_EARLY_ROWS = 200
"""Rows on each side of the one looked at that a worker puts in their places first: a tall window full."""


class RowsModel(CellTexts):
    """Rows of a table of the store, sorted and narrowed, never copied.

    The model holds row numbers of the store in the order shown; while nothing is sorted or narrowed they are
    an identity that only grows. Rows that go, come or move do so by Qt's own signals, so selections and
    persistent indexes follow their rows.

    Signals:
        rearranging(): rows are about to move, go or come, but for those that are appended.
        rearranged(): they have.
        narrowed(): the rows shown are others than before, or all again.
        sorting(bool): a worker has begun to sort, or is done.
    """

    rearranging = Signal()
    rearranged = Signal()
    narrowed = Signal()
    sorting = Signal(bool)

    def __init__(
        self, table: str, columns: tuple[ColumnSpec, ...], capture: Capture, parent: QObject | None = None
    ) -> None:
        super().__init__(table, columns, capture, parent)
        self.narrowed_to: str = ""
        self.looked_at: int | None = None
        """The row of the store that a view stands on: a sort puts the rows about it in their places first."""
        self._choice = RowChoice()
        self._ranked: Ranked | None = None
        self._known = 0
        self._sorted = 0
        self._last_asked = 0
        self._orders = KeptOrders()
        self._growing = GrowingRows()
        self._worker = Worker(f"sort {table}", self)
        self._worker.told.connect(self._rearrange)
        self._worker.answered.connect(self._take_order)
        self._worker.failed.connect(lambda: self.sorting.emit(False))

    # --- what views of ours ask -------------------------------------------------------------------

    def id_at(self, row: int) -> int:
        """The store's row number behind a shown row."""
        self._last_asked = row
        return row if self._ids is None else int(self._ids[row])

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

    def subject(self, row: int) -> tuple[str, int]:
        """The frame, read, sibling or problem that stands for a shown row: table of the store and row."""
        return self._capture.columns.subject(self.table, self.id_at(row))

    @property
    def is_sorting(self) -> bool:
        """True while a worker sorts."""
        return self._worker.busy

    @property
    def total(self) -> int:
        """Rows of the table, shown or not."""
        return len(table_of(self._capture.columns, self.table))

    @property
    def unsorted(self) -> int:
        """Rows at the end that came since the others were sorted."""
        return max(self._count - self._sorted, 0) if self.sort_keys else 0

    # --- changes ----------------------------------------------------------------------------------

    def set_capture(self, capture: Capture) -> None:
        """Show another capture from its beginning; the sort keys stay."""
        self.beginResetModel()
        self._worker.forget()
        self._capture = capture
        self._choice.restart()
        if self._ranked is not None:
            self._ranked = Ranked.nothing()
        self.narrowed_to = ""
        self.looked_at = None
        self._orders.clear()
        self._ids = np.empty(0, np.uint32) if self.sort_keys or self.is_filtered else None
        self._count = self._known = self._sorted = 0
        self._pages.clear()
        self._with_date = False
        self._times = TimeSpan()
        self.endResetModel()
        self.sorting.emit(False)
        self.narrowed.emit()

    def add_rows(self, added: range) -> None:
        """Rows were appended to the table. While sorted they stand at the end until ``resort``."""
        if not len(added):
            return
        self._known = added.stop
        self._orders.clear()
        if not self.is_filtered:
            self._append(added)
        self._refresh_dates()

    def take_back(self, rows: range) -> None:
        """Rows of the store were removed; those behind them have moved up."""
        places = np.arange(self._known)
        places[rows.stop :] -= len(rows)
        places[rows.start : rows.stop] = -1
        self._renumber(places)
        self._known -= len(rows)
        if not self.sort_keys and not self.is_filtered:
            self._ids = None
        self.rearranged.emit()

    def exchange(self, places: Array) -> None:
        """Another table stands in the place of the one before. Rows that are in both stay what they are.

        Args:
            places: of each row of the table before the row that it has now, -1 where it is gone.
        """
        self._renumber(places)
        self._known = self.total
        chosen = self._chosen()
        if self.sort_keys and len(chosen) > _SYNCHRONOUS_ROWS:
            # Until they are sorted, rows stay where they are, and new ones stand at the end.
            assert self._ids is not None
            chosen = np.concatenate((self._ids, np.setdiff1d(chosen, self._ids)))
            self._show_rows(chosen)
            self.sort_by(self.sort_keys)
        else:
            self._show_rows(self._in_order(chosen))
        self.rearranged.emit()
        self._refresh_dates()
        self._repaint()
        self.narrowed.emit()

    def _renumber(self, places: Array) -> None:
        """Rows of the store have other numbers, or are gone; whoever calls it says when all is in order."""
        self._worker.forget()
        self.sorting.emit(False)
        self.rearranging.emit()
        ids = places[self.ids_at(np.arange(self._count))]
        gone = np.flatnonzero(ids < 0)
        # Any row that there is, for whoever asks for their neighbours meanwhile.
        self._ids = np.maximum(ids, 0).astype(np.uint32)
        self._times, self.looked_at = TimeSpan(), None
        self._orders.clear()
        self._choice.renumber(places)
        self._pages.clear()
        if len(gone) == self._count:
            # Not row by row: no text could be given of any of them.
            self.beginResetModel()
            self._ids, self._count = self._ids[:0], 0
            self.endResetModel()
            gone = gone[:0]
        for run in reversed(np.split(gone, np.flatnonzero(np.diff(gone) > 1) + 1)):
            if len(run):
                self.beginRemoveRows(NOWHERE, int(run[0]), int(run[-1]))
                self._ids = np.delete(self._ids, run)
                self._count -= len(run)
                self._pages.clear()
                self.endRemoveRows()

    def _append(self, ids: Array | range) -> None:
        self.beginInsertRows(NOWHERE, self._count, self._count + len(ids) - 1)
        if self._ids is not None:
            # Only where there is an order: ten million numbers that nobody asks for take a tenth of a second.
            new = np.arange(ids.start, ids.stop) if isinstance(ids, range) else ids
            self._ids = self._growing.joined(self._ids, new)
        self._pages.forget_last(self._count)
        self._count += len(ids)
        self.endInsertRows()

    def refresh(self) -> None:
        """Texts may be others now, and with them orders by what is no column of the store."""
        self._orders.clear()
        super().refresh()

    def resort(self) -> None:
        """Bring rows that came since into the order."""
        if self.sort_keys:
            self.sort_by(self.sort_keys)

    # --- order and choice of rows -----------------------------------------------------------------

    def sort_by(self, keys: tuple[SortKey, ...]) -> None:
        """Sort by columns, the first key first; none restores the order of the sources."""
        self.sort_keys = keys
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.specs) - 1)
        self._worker.forget()
        rows = self._chosen() if self.is_filtered else range(self._known)
        kept = None if self.is_filtered else self._orders.get(keys)
        if not keys:
            self._take_order(self._chosen())
        elif kept is not None:
            self._take_order(kept)
        elif len(rows) <= _SYNCHRONOUS_ROWS:
            self._take_order(self._order(keys, rows).sequence())
        else:
            looked_at = self.looked_at
            # What is replaced as a whole must not be replaced while it is sorted.
            columns = self._capture.columns.snapshot()

            def sort() -> Array:
                sorting = self._order(keys, rows, columns)
                early = sorting.around(looked_at, _EARLY_ROWS)
                if early is not None:
                    self._worker.tell(early)
                return sorting.sequence()

            self._worker.submit(sort)
            self.sorting.emit(True)

    def _take_order(self, ids: Array) -> None:
        if self.sort_keys and not self.is_filtered and len(ids) == self._known:
            self._orders.keep(self.sort_keys, ids)
        self.sorting.emit(False)
        self._rearrange(ids)

    def _rearrange(self, ids: Array) -> None:
        """Another order of the rows shown; those that arrived while it was made follow at the end."""
        self._sorted = len(ids)
        if self._count > len(ids):
            ids = self._growing.joined(ids, self._chosen()[len(ids) :])
        self.rearranging.emit()
        self._permute(ids)
        if not self.sort_keys and not self.is_filtered:
            self._ids = None
        self.rearranged.emit()

    def narrow(self, rows: Array | None, reason: str = "") -> None:
        """Show only these rows of the store, in ascending order; None shows all again."""
        before, is_said = self._choice.narrow, reason == self.narrowed_to
        if rows is None and before is None:
            return
        if is_said and rows is not None and before is not None and np.array_equal(rows, before):
            return
        self._choice.narrow = None if rows is None else np.asarray(rows, np.uint32)
        self.narrowed_to = reason
        self._show_chosen()

    def set_matching(self, rows: Array | None, ranked: Ranked | None = None) -> None:
        """The rows of the store that a filter lets through, ascending; None where there is no filter.

        Of a search for a plate, ``ranked`` tells how well they fit: a new one orders them.
        """
        if rows is None and self._choice.matching is None:
            return
        self._take_ranked(ranked)
        self._choice.matching = None if rows is None else np.asarray(rows, np.uint32)
        self._show_chosen()

    def _take_ranked(self, ranked: Ranked | None) -> None:
        was_ranked, self._ranked = self._ranked is not None, ranked
        self._reasons = None if ranked is None else ranked.reasons
        self._pages.clear()
        if was_ranked == (ranked is not None):
            return
        by_rank = SortKey(REASON, descending=True)
        if ranked is not None:
            self.sort_keys = (by_rank, *self.sort_keys)
        else:
            self.sort_keys = tuple(key for key in self.sort_keys if key.name != REASON)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.specs) - 1)
        self.offered.emit(REASON, ranked is not None)

    def _order(self, keys: tuple[SortKey, ...], rows: Array | range, columns: Columns | None = None) -> Order:
        # Without a search none fits better than another.
        ranked = self._ranked or Ranked.nothing()
        given = {REASON: ranked.of(np.asarray(rows))} if REASON in (key.name for key in keys) else {}
        return Order(columns or self._capture.columns, self.table, keys, rows, given)

    def add_matching(self, rows: Array, ranked: Ranked | None = None) -> None:
        """More rows of the store match, behind those that did."""
        before = self._choice.matching
        assert before is not None
        if self._ranked is not None and ranked is not None:
            self._ranked = self._ranked.joined(ranked)
        rows = np.asarray(rows, np.uint32)
        self._choice.matching = np.concatenate((before, rows))
        if self._choice.narrow is None and len(rows):
            self._append(rows)
        self._refresh_dates()
        if self._ranked is not None and self._count <= _SYNCHRONOUS_ROWS:
            self.resort()  # hits are few, and the best ones are wanted at the top

    @property
    def matching(self) -> int | None:
        """How many rows a filter lets through; None where there is none."""
        return None if self._choice.matching is None else len(self._choice.matching)

    @property
    def matching_rows(self) -> Array | None:
        """The rows of the store that a filter lets through, ascending; None where there is none."""
        return self._choice.matching

    @property
    def is_filtered(self) -> bool:
        """True if not all rows are shown, or might not be."""
        return self._choice.is_part

    def shown_ids(self) -> Array | None:
        """The store's row numbers of what is shown, ascending; None where that is everything."""
        return self._chosen() if self.is_filtered else None

    def _chosen(self) -> Array:
        return self._choice.rows(self._known)

    def _show_chosen(self) -> None:
        self._worker.forget()
        self.sorting.emit(False)
        chosen = self._chosen()
        self._show_rows(self._in_order(chosen))
        self._refresh_dates()
        self.narrowed.emit()
        if self.sort_keys and len(chosen) > _SYNCHRONOUS_ROWS:
            self.sort_by(self.sort_keys)

    def _in_order(self, chosen: Array) -> Array:
        """Few rows in their order; more are left to the worker."""
        if self.sort_keys and len(chosen) <= _SYNCHRONOUS_ROWS:
            return self._order(self.sort_keys, chosen).sequence()
        return chosen

    def _show_rows(self, wanted: Array) -> None:
        """Show these rows in this order: what is missing comes, all take their places, the rest goes."""
        shown = np.arange(self._count, dtype=np.uint32) if self._ids is None else self._ids
        self._sorted = len(wanted)
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
            self.beginRemoveRows(NOWHERE, len(wanted), self._count - 1)
            self._ids, self._count = wanted, len(wanted)
            self._pages.clear()
            self.endRemoveRows()
        if not self.sort_keys and not self.is_filtered:
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
