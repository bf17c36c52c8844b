"""The texts of a table's cells and headers, as Qt asks for them; which rows, a model above this one says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, tzinfo
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.language import tr
from alprviewer.models.cells import ColumnSpec, Context
from alprviewer.models.textpages import TextPages
from alprviewer.models.timespan import TimeSpan
from alprviewer.store.select import SortKey, table_of

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TIMES = {"siblings": ("siblings", "start"), "passes": ("passes", "start")}
"""The store's column with the times of a table, where that is not the frames'."""
_ZONES = {"UTC": "UTC", "local": tr("local")}
"""The zones of ``set_zone``, as they stand in titles."""
UP, DOWN = "\u2009▴", "\u2009▾"
"""Behind the titles of columns that the rows are sorted by, numbered where there are several."""


class CellTexts(QAbstractTableModel):
    """Titles, texts and the zone that times are written in.

    Signals:
        dated(bool): times are written with their date now, or without it.
    """

    dated = Signal(bool)

    def __init__(
        self, table: str, columns: tuple[ColumnSpec, ...], capture: Capture, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.table = table
        self.specs = columns
        self.sort_keys: tuple[SortKey, ...] = ()
        self._capture = capture
        self._zone_name = "UTC"
        self._with_date = False
        self._times = TimeSpan()
        self._ids: Array | None = None
        self._count = 0
        self._pages = TextPages(self._format)
        self._reasons: Callable[[Array], list[str]] | None = None

    # --- what Qt asks -----------------------------------------------------------------------------

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = NOWHERE) -> int:
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
        return self.specs[column].title.format(zone=_ZONES[self._zone_name])

    def arrow(self, name: str) -> str:
        """What stands behind the title of a column: nothing, or the direction and the place among several."""
        for place, key in enumerate(self.sort_keys, 1):
            if key.name == name:
                number = f"\u2009{place}" if len(self.sort_keys) > 1 else ""
                return (DOWN if key.descending else UP) + number
        return ""

    def text(self, row: int, column: int) -> str:
        """The text of a cell."""
        return self._pages.text(row, column)

    def texts(self, first: int, end: int, column: int) -> list[str]:
        """The texts of a column from one row to before another."""
        return self._pages.texts(first, end, column)

    def ids_at(self, rows: Array) -> Array:
        """The store's row numbers behind shown rows."""
        return rows if self._ids is None else self._ids[rows]

    def text_of(self, store_row: int, name: str) -> str:
        """A column's text for a row of the store, shown or not."""
        spec = next(spec for spec in self.specs if spec.name == name)
        return spec.format(self._context(), np.array([store_row]))[0]

    @property
    def capture(self) -> Capture:
        """What the rows are of."""
        return self._capture

    def _format(self, first: int, end: int, column: int) -> list[str]:
        rows = self.ids_at(np.arange(first, min(end, self._count)))
        return self.specs[column].format(self._context(), rows)

    def zone(self) -> tzinfo | None:
        """The zone that times are shown in; None is the local one."""
        return UTC if self._zone_name == "UTC" else None

    def _context(self) -> Context:
        return Context(self._capture, self.zone(), self._with_date, self._reasons)

    # --- changes ----------------------------------------------------------------------------------

    def set_zone(self, name: str) -> None:
        """Show times in ``UTC`` or in the ``local`` zone."""
        self._zone_name = name
        self._refresh_dates()
        self._repaint()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.specs) - 1)

    def refresh(self) -> None:
        """Texts may be others now: a camera's name was learned."""
        self._repaint()

    def _refresh_dates(self) -> None:
        """Write times with their date once they lie on several days. Looks at rows that are new only."""
        table, name = _TIMES.get(self.table, ("frames", "epoch_time"))
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
