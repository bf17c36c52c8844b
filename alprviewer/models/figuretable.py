"""A small table of figures as a Qt model: each cell knows the reads behind it."""

from __future__ import annotations

import html
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from alprviewer.core.metrics import Interval

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)


class Cell(NamedTuple):
    """A figure.

    Attributes:
        text: as it is written.
        rows: of the reads behind it, ascending.
        words: what it says, with its unit: for the reads that are opened, and who cannot see it.
        share: what is drawn, from 0 to 1, with its interval; None where nothing is.
        interval: of that share.
        strength: of the ground's colour, from 0 to 1.
    """

    text: str = ""
    rows: tuple[int, ...] = ()
    words: str = ""
    share: float | None = None
    interval: Interval | None = None
    strength: float = 0.0


class Sheet(NamedTuple):
    """Cells by line and column; columns have tips on what they mean.

    Attributes:
        columns: titles, and what they mean.
        lines: titles.
        cells: by line.
        centred: True for cells of a matrix; numbers stand at the right otherwise.
    """

    columns: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    cells: tuple[tuple[Cell, ...], ...] = ()
    centred: bool = False


class FigureTable(QAbstractTableModel):
    """Shows a ``Sheet``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sheet = Sheet()

    def set_sheet(self, sheet: Sheet) -> None:
        """Show another one; where it has the same lines and columns, what is selected stays so."""
        if sheet == self.sheet:
            return
        same = (sheet.columns, sheet.lines) == (self.sheet.columns, self.sheet.lines)
        if not same:
            self.beginResetModel()
        self.sheet = sheet
        if not same:
            self.endResetModel()
        elif sheet.lines and sheet.columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(sheet.lines) - 1, len(sheet.columns) - 1))

    def cell(self, index: Index) -> Cell:
        """A cell."""
        return self.sheet.cells[index.row()][index.column()]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Lines."""
        return 0 if parent.isValid() else len(self.sheet.lines)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Columns."""
        return 0 if parent.isValid() else len(self.sheet.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Texts, what they say in words, and how they stand."""
        if not index.isValid():
            return None
        if role == _DISPLAY:
            return self.cell(index).text
        if role in (_TIP, _SPOKEN):
            words = self.cell(index).words
            # A tip that looks like rich text would be taken for it.
            return (html.escape(words) if role == _TIP and "<" in words else words) or None
        if role == _ALIGN:
            side = Qt.AlignmentFlag.AlignHCenter if self.sheet.centred else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Titles of lines and columns."""
        is_column = orientation == Qt.Orientation.Horizontal
        titles: tuple[Any, ...] = self.sheet.columns if is_column else self.sheet.lines
        if not 0 <= section < len(titles):
            return None
        if role == _DISPLAY:
            return titles[section][0] if is_column else titles[section]
        if role == _TIP:
            return (titles[section][1] or None) if is_column else None
        if role == _ALIGN and is_column and not self.sheet.centred:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None
