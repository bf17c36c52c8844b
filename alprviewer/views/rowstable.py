"""A table of rows of the store: selection, keys, copying."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTableView,
    QToolTip,
    QWidget,
)

from alprviewer.core.batch import Array
from alprviewer.models.celltexts import Index
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.thumbnails import Thumbnails
from alprviewer.views.cells import Cells
from alprviewer.views.columnset import PADDING, ColumnSet
from alprviewer.views.looks import plain_tip
from alprviewer.views.tablewords import WORDS

ROW_HEIGHT = 29 / 15
"""Height of a row as a multiple of a line's height (15 px for a 13 px font)."""
_MOST_FOLLOWED = 2000
"""Selected rows up to which a selection follows its rows when they are sorted: ranges cost Qt dear."""

_AHEAD = 4
"""Rows that are read before they are asked for."""

_Flag = QItemSelectionModel.SelectionFlag
_Cursor = QAbstractItemView.CursorAction


class RowsTable(QTableView):
    """Shows a ``RowsModel``.

    Signals:
        row_chosen(int, bool): the current row changed: the store's row number, and whether the user did it.
    """

    row_chosen = Signal(int, bool)

    def __init__(self, model: RowsModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.setModel(model)
        self.setAccessibleName(WORDS[model.table].table)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.ahead: list[int] = []
        """Rows of the store that will be next if the user goes on as before."""
        self._current_id: int | None = None
        self._quiet = False
        self._by_user = True
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fit_rows()
        self.cells = Cells(self, model, thumbnails)
        self.columns = ColumnSet(self, model)
        thumbnails.ready.connect(self._repaint_crops)
        model.rearranging.connect(self._before_rearranging)
        model.rearranged.connect(self._after_rearranging)
        model.rowsInserted.connect(self._fit_to_first_rows)

    def _fit_rows(self) -> None:
        height = round(self.fontMetrics().height() * ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(min(height, 18))
        self.verticalHeader().setDefaultSectionSize(max(height, 18))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """A selected row reaches to the right edge; Qt itself looks after the cells alone."""
        super().selectionChanged(selected, deselected)
        header, viewport = self.horizontalHeader(), self.viewport()
        beside = header.length() - header.offset()
        for each in [*selected.toList(), *deselected.toList()] if beside < viewport.width() else []:
            top = self.rowViewportPosition(each.top())
            height = self.rowViewportPosition(each.bottom()) + self.rowHeight(each.bottom()) - top
            viewport.update(QRect(beside, top, viewport.width() - beside, height) & viewport.rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows in sight, without a delegate for each cell."""
        painter = QPainter(self.viewport())
        region = event.region()
        areas = [event.rect()] if region.rectCount() == 1 else list(region)  # type: ignore[call-overload]
        for area in areas:
            painter.setClipRect(area)
            self.cells.paint(painter, area)

    def _repaint_crops(self) -> None:
        for place, spec in enumerate(self.rows.specs):
            if spec.kind == "crop" and not self.isColumnHidden(place):
                left = self.columnViewportPosition(place)
                self.viewport().update(left, 0, self.columnWidth(place), self.viewport().height())

    def _fit_to_first_rows(self, _parent: QModelIndex, first: int, _last: int) -> None:
        if first == 0:
            self.columns.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Rows and columns follow the font's size."""
        super().changeEvent(event)
        # While the base class is made, the columns are not there yet.
        if event.type() == QEvent.Type.FontChange and hasattr(self, "columns"):
            self._fit_rows()
            self.cells.set_font(self.font())
            self.columns.fit()

    # --- selection --------------------------------------------------------------------------------

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which row of the store is the current one."""
        super().currentChanged(current, previous)
        self.rows.looked_at = self.rows.id_at(current.row()) if current.isValid() else None
        if not current.isValid() or self._quiet:
            return
        row = self.rows.id_at(current.row())
        if row != self._current_id:
            self._current_id = row
            self._look_ahead(previous.row() if previous.isValid() else current.row(), current.row())
            self.row_chosen.emit(row, self._by_user)

    def _look_ahead(self, before: int, now: int) -> None:
        """Who has gone to a neighbour goes on that way."""
        self.ahead = []
        if abs(now - before) == 1:
            on = range(now + (now - before), now + _AHEAD * (now - before) + (now - before), now - before)
            self.ahead = [self.rows.id_at(place) for place in on if 0 <= place < self.rows.rowCount()]
            self.rows.id_at(now)

    @contextmanager
    def _marked(self, *, quiet: bool, by_user: bool) -> Iterator[None]:
        """What a change of the current row means while this lasts."""
        before = self._quiet, self._by_user
        self._quiet, self._by_user = quiet, by_user
        try:
            yield
        finally:
            self._quiet, self._by_user = before

    def _before_rearranging(self) -> None:
        self._quiet = True
        count = sum(last - first + 1 for first, last in self._selected_spans())
        if count > _MOST_FOLLOWED and count < self.rows.rowCount():
            self.selectionModel().select(self.currentIndex(), _Flag.ClearAndSelect | _Flag.Rows)

    def _selected_spans(self) -> list[tuple[int, int]]:
        """First and last row of every range that is selected."""
        return [(each.top(), each.bottom()) for each in self.selectionModel().selection().toList()]

    def _after_rearranging(self) -> None:
        """The same row of the store is current, or none where it is not shown any more."""
        self._quiet = False
        now = self.currentIndex()
        if now.isValid() and self.rows.id_at(now.row()) == self._current_id:
            self.scrollTo(now)
        elif self._current_id is not None:
            self.show_row(self._current_id, quietly=True)
        else:
            self._clear_current()

    def _clear_current(self) -> None:
        with self._marked(quiet=True, by_user=False):
            self.selectionModel().setCurrentIndex(QModelIndex(), _Flag.Clear)

    def forget_current(self) -> None:
        """Nothing is current: another capture is opened."""
        self._current_id = None

    def take_back(self, rows: range) -> None:
        """Rows of the store were removed; those behind them have moved up. The same row stays current."""
        if self._current_id is not None:
            if self._current_id in rows:
                self._current_id = None
            elif self._current_id >= rows.stop:
                self._current_id -= len(rows)
        self.rows.take_back(rows)

    def exchange(self, places: Array) -> None:
        """Another table stands in the place of the one before; see the model. The same row stays current."""
        if self._current_id is not None:
            place = int(places[self._current_id]) if self._current_id < len(places) else -1
            self._current_id = None if place < 0 else place
        self.rows.exchange(places)

    def show_row(self, store_row: int, *, quietly: bool = False, by_user: bool = False) -> bool:
        """Make a row of the store the current one and bring it into sight.

        Args:
            store_row: row number of the store.
            quietly: do not say that another row was chosen.
            by_user: the user asked for this row, not the program.

        Returns:
            False where the row is not among those shown; a quiet request is then remembered.
        """
        if quietly:
            self._current_id = store_row
        place = self.rows.row_of(store_row)
        if place is None:
            if quietly:
                self._clear_current()
            return False
        if quietly and place == self.currentIndex().row():
            # The user's click has made it current, and may be about to select several.
            self.scrollTo(self.currentIndex())
            return True
        column = self.currentIndex().column() if self.currentIndex().isValid() else self.columns.shown()[0]
        index = self.rows.index(place, column)
        with self._marked(quiet=quietly, by_user=by_user):
            self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect | _Flag.Rows)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        return True

    def select_first(self) -> None:
        """Make the first row current where none is."""
        if self.rows.rowCount() and not self.currentIndex().isValid():
            self.show_row(self.rows.id_at(0))

    @property
    def current_id(self) -> int | None:
        """The store's row number of the current row; None where no row is current."""
        index = self.currentIndex()
        return self.rows.id_at(index.row()) if index.isValid() else None

    # --- keys and mouse ---------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt makes a row current where none is; that is not the user's choice."""
        with self._marked(quiet=self._quiet, by_user=False):
            super().focusInEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are shortcuts here; Qt's own search in a column would swallow them."""
        del search

    def moveCursor(self, action: _Cursor, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last row, as in a list; Left and Right scroll."""
        now = self.currentIndex()
        if action in (_Cursor.MoveHome, _Cursor.MoveEnd) and self.rows.rowCount():
            row = 0 if action == _Cursor.MoveHome else self.rows.rowCount() - 1
            return self.rows.index(row, max(now.column(), 0))
        if action in (_Cursor.MoveLeft, _Cursor.MoveRight) and now.isValid():
            bar = self.horizontalScrollBar()
            step = 4 * bar.singleStep()
            bar.setValue(bar.value() + (step if action == _Cursor.MoveRight else -step))
            return now
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the selected rows as shown, with tabs between the cells."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the selected rows, visible columns in the order shown."""
        shown = self.columns.shown()
        rows = sorted({row for first, last in self._selected_spans() for row in range(first, last + 1)})
        lines = ["\t".join(self.rows.text(row, place) for place in shown) for row in rows]
        if lines:
            QApplication.clipboard().setText("\n".join(lines))

    def viewportEvent(self, event: QEvent) -> bool:
        """A text that does not fit is shown whole in a tooltip, as plain text."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            words = self.tip_of(index) if index.isValid() else ""
            QToolTip.showText(event.globalPos(), words, self.viewport(), self.visualRect(index))
            return True
        return super().viewportEvent(event)

    def tip_of(self, index: Index) -> str:
        """The whole text of a cell that is too narrow for it, escaped; else nothing."""
        column = index.column()
        text = self.rows.text(index.row(), column)
        wide = self.cells.text_width(column, text) + PADDING > self.columnWidth(column)
        return plain_tip(text) if wide else ""
