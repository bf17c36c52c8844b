"""The columns of a table's view: widths that fit their texts, choice, order, and the sort."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QObject, QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QMenu, QTableView

from alprviewer.language import tr
from alprviewer.models.cells import ColumnSpec
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.tables import REASON, UNSORTABLE
from alprviewer.store.select import SortKey
from alprviewer.views.cells import INSET
from alprviewer.views.theme import plate_font

PADDING = 2 * INSET + 2
"""Pixels of a cell's width that are not its text's, both sides together."""
_BAR = 52
"""Pixels of a confidence's bar and the gaps beside it."""
_DATED = "0000-00-00 00:00:00.000"
_FITTED_ROWS = 200
"""Rows at the top whose texts a column is made to fit."""
_WIDEST = 360
"""Pixels beyond which a column does not grow by itself, at a 13 px font."""
_NARROWEST = 20


class ColumnSet(QObject):
    """Manages the header of a table. A column that the user made wider or narrower keeps its width."""

    def __init__(self, view: QTableView, rows: RowsModel) -> None:
        super().__init__(view)
        self._view, self._rows = view, rows
        self._chosen: dict[int, int] = {}
        self._fitting = False
        self._dated = False
        header = view.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        # With the table's own it would be painted with every row that is selected.
        header.setSelectionModel(QItemSelectionModel(rows, header))
        header.setSortIndicatorShown(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_menu)
        header.sectionClicked.connect(self._sort_clicked)
        header.sectionResized.connect(self._resized)
        header.sectionHandleDoubleClicked.connect(self._fit_again)
        rows.dated.connect(self._set_dated)
        rows.searched.connect(self._show_reasons)
        rows.headerDataChanged.connect(self.fit)
        for place, spec in enumerate(rows.specs):
            view.setColumnHidden(place, not spec.shown)
        self.fit()

    # --- widths -----------------------------------------------------------------------------------

    def fit(self, *_: object) -> None:
        """Make every column as wide as its title and its first texts ask, but for those the user has set."""
        self._fitting = True
        for place in range(len(self._rows.specs)):
            if not self._view.isColumnHidden(place):
                self._view.setColumnWidth(place, self._chosen.get(place) or self._wanted(place))
        self._fitting = False

    def _wanted(self, place: int) -> int:
        spec = self._rows.specs[place]
        title = (
            self._view.horizontalHeader()
            .fontMetrics()
            .horizontalAdvance(self._rows.title(place) + self._rows.arrow(spec.name))
        )
        if spec.kind == "crop":
            return max(title + PADDING, round(2.4 * self._view.verticalHeader().defaultSectionSize()))
        metrics = self._metrics(spec)
        samples = [_DATED if spec.kind == "time" and self._dated else spec.sample]
        samples += [self._rows.text(row, place) for row in range(min(self._rows.rowCount(), _FITTED_ROWS))]
        widest = max(metrics.horizontalAdvance(text) for text in set(samples))
        most = max(round(_WIDEST * metrics.height() / 15), round(1.2 * metrics.horizontalAdvance(samples[0])))
        widest = min(widest, most)
        return max(title, widest + (_BAR if spec.kind in ("percent", "share") else 0)) + PADDING

    def _metrics(self, spec: ColumnSpec) -> QFontMetrics:
        font = self._view.font()
        return QFontMetrics(plate_font(font) if spec.kind == "plate" else font)

    def _set_dated(self, dated: bool) -> None:
        """Times with their date need more room than times of day."""
        self._dated = dated
        for place, spec in enumerate(self._rows.specs):
            if spec.kind == "time":
                self._chosen.pop(place, None)
        self.fit()

    def _show_reasons(self, on: bool) -> None:
        """Why rows were found stands beside them as long as a plate is looked for."""
        self._view.setColumnHidden(next(iter(self._reasons())), not on)
        self.fit()

    def _reasons(self) -> list[int]:
        return [place for place, spec in enumerate(self._rows.specs) if spec.name == REASON]

    def _resized(self, place: int, old: int, new: int) -> None:
        if not self._fitting and old > 0 and new > 0:
            self._chosen[place] = new

    def _fit_again(self, place: int) -> None:
        self._chosen.pop(place, None)
        self.fit()

    # --- sorting ----------------------------------------------------------------------------------

    def _sort_clicked(self, place: int) -> None:
        """A click sorts by a column alone, with Shift by the columns before it first."""
        shift = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        self.sort_by(place, then=bool(shift))

    def sort_by(self, place: int, *, then: bool = False) -> None:
        """Sorts up, the next time down, the third time not by this column any more.

        Args:
            place: of the column.
            then: rows that are equal by the columns that are sorted by already are sorted by this one.
        """
        name = self._rows.specs[place].name
        if name in UNSORTABLE:
            return
        keys = self._rows.sort_keys
        at = next((at for at, key in enumerate(keys) if key.name == name), None)
        if at is None or (at and not then):
            keys = (*(keys if then else ()), SortKey(name))
        else:
            turned = () if keys[at].descending else (SortKey(name, descending=True),)
            keys = (*keys[:at], *turned, *keys[at + 1 :]) if then else turned
        self._rows.sort_by(keys)

    def fill_sort_menu(self, menu: QMenu) -> None:
        """An entry for each column that can be sorted by, after others too, and the order of the sources."""
        keys = self._rows.sort_keys
        whole = menu.addAction(tr("Order of the &sources"))
        whole.setCheckable(True)
        whole.setChecked(not keys)
        whole.triggered.connect(lambda: self._rows.sort_by(()))
        menu.addSeparator()
        self._fill_with_columns(menu, keys[:1], then=False)
        if keys:
            menu.addSeparator()
            self._fill_with_columns(menu.addMenu(tr("&Then by")), keys[1:], then=True, without=keys[0].name)

    def _fill_with_columns(
        self, menu: QMenu, keys: tuple[SortKey, ...], *, then: bool, without: str = ""
    ) -> None:
        names = {key.name for key in keys}
        for place in self.shown():
            name = self._rows.specs[place].name
            if name in UNSORTABLE or name == without:
                continue
            action = menu.addAction(self._rows.title(place))
            action.setCheckable(True)
            action.setChecked(name in names)
            action.triggered.connect(lambda _=False, place=place: self.sort_by(place, then=then))

    # --- choice and order -------------------------------------------------------------------------

    def _in_order(self) -> list[int]:
        header = self._view.horizontalHeader()
        return [header.logicalIndex(visual) for visual in range(header.count())]

    def shown(self) -> list[int]:
        """The visible columns in the order shown."""
        return [place for place in self._in_order() if not self._view.isColumnHidden(place)]

    def show_column(self, place: int, on: bool) -> None:
        """Show or hide a column; the last one stays."""
        if on or len(self.shown()) > 1:
            self._view.setColumnHidden(place, not on)
            self.fit()

    def fill_column_menu(self, menu: QMenu) -> None:
        """A checkable entry for each column, and the way back to the first state."""
        for place in self._in_order():
            if place in self._reasons():
                continue
            action = menu.addAction(self._rows.title(place))
            action.setCheckable(True)
            action.setChecked(not self._view.isColumnHidden(place))
            action.setEnabled(not action.isChecked() or len(self.shown()) > 1)
            action.toggled.connect(lambda on, place=place: self.show_column(place, on))
        menu.addSeparator()
        menu.addAction(tr("&Reset the columns")).triggered.connect(self.reset)

    def _show_menu(self, point: QPoint) -> None:
        menu = QMenu(self._view)
        self.fill_column_menu(menu)
        menu.exec(self._view.horizontalHeader().mapToGlobal(point))
        menu.deleteLater()

    def reset(self) -> None:
        """Columns as they were in the beginning; the sort stays."""
        header = self._view.horizontalHeader()
        self._chosen.clear()
        for place, spec in enumerate(self._rows.specs):
            header.moveSection(header.visualIndex(place), place)
            if spec.name != REASON:
                self._view.setColumnHidden(place, not spec.shown)
        self.fit()

    # --- state ------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Order, visibility and the widths that the user has set, by name, and the sort."""
        return {
            "columns": [
                {
                    "name": self._rows.specs[place].name,
                    "width": self._chosen.get(place, 0),
                    "hidden": self._view.isColumnHidden(place) or place in self._reasons(),
                }
                for place in self._in_order()
            ],
            "sort": [list(key) for key in self._rows.sort_keys if key.name != REASON],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Bring back what ``state`` gave; whatever is not understood is passed over."""
        places = {spec.name: place for place, spec in enumerate(self._rows.specs)}
        header = self._view.horizontalHeader()
        visual = 0
        for column in _dicts(state.get("columns")):
            place = places.get(str(column.get("name")))
            if place is None:
                continue
            header.moveSection(header.visualIndex(place), visual)
            visual += 1
            self._view.setColumnHidden(place, bool(column.get("hidden")))
            width = column.get("width")
            if isinstance(width, int) and width > _NARROWEST:
                self._chosen[place] = min(width, 4000)
        if not self.shown():
            self._view.setColumnHidden(0, False)
        self.fit()
        sort = state.get("sort")
        keys = [key for key in sort if _is_key(key, places)] if isinstance(sort, list) else []
        if keys:
            self._rows.sort_by(tuple(SortKey(name, down) for name, down in keys))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _is_key(key: Any, places: Mapping[str, int]) -> bool:
    is_pair = isinstance(key, list) and len(key) == 2 and isinstance(key[0], str) and isinstance(key[1], bool)
    return is_pair and key[0] in places and key[0] not in UNSORTABLE
