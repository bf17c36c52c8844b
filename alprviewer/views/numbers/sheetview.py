"""A table of figures; a click or Enter on a cell asks for the reads behind it."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from alprviewer.language import tr
from alprviewer.models.figuretable import Cell, FigureTable, Sheet
from alprviewer.views.looks import tabular
from alprviewer.views.theme import SPACE, Theme, theme_of

_LINE = 24 / 15
"""Height of a line, measured against that of the letters."""
_DRAWN_WIDTH = 6
"""Width of a drawn share, in heights of the letters."""
_FAINTEST, _STRONGEST = 0.1, 0.55
"""Of the accent colour in a ground; with more of it the text could not be read any more in the dark look."""


def shade(theme: Theme, strength: float) -> QColor:
    """The ground of a cell: one colour, the stronger the more. The number stands in it, too.

    Args:
        theme: the colours.
        strength: from above 0 to 1.
    """
    part = _FAINTEST + (_STRONGEST - _FAINTEST) * strength
    surface, accent = QColor(theme.surface), QColor(theme.accent)
    pairs = (
        (surface.red(), accent.red()),
        (surface.green(), accent.green()),
        (surface.blue(), accent.blue()),
    )
    return QColor(*(round(low + part * (high - low)) for low, high in pairs))


class _Painter(QStyledItemDelegate):
    """Paints a cell: its ground, what is drawn in it, its text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for the text, or for what is drawn."""
        model = index.model()
        assert isinstance(model, FigureTable)
        metrics = QFontMetricsF(tabular(option.font))
        cell = model.cell(index)
        wide = metrics.horizontalAdvance(cell.text or "0") + (2 if model.sheet.centred else 4) * SPACE
        if cell.share is not None:
            wide = _DRAWN_WIDTH * metrics.height()
        return QSize(round(wide) + 1, round(metrics.height() * _LINE))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """See the class."""
        model, view = index.model(), self.parent()
        assert isinstance(model, FigureTable)
        assert isinstance(view, SheetView)
        theme, cell = theme_of(view.palette()), model.cell(index)
        area: QRect = option.rect
        is_current = view.currentIndex() == index and view.hasFocus()
        ink = QColor(theme.text if cell.rows else theme.muted)
        painter.save()
        if cell.strength:
            painter.fillRect(area.adjusted(0, 0, -1, -1), shade(theme, cell.strength))
        elif model.sheet.centred and model.sheet.lines[index.row()] == model.sheet.columns[index.column()][0]:
            painter.fillRect(area.adjusted(0, 0, -1, -1), QColor(theme.track))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if cell.share is not None:
            self._draw_share(painter, QRectF(area).adjusted(2 * SPACE, 0, -2 * SPACE, 0), cell, theme)
        painter.setFont(tabular(option.font))
        painter.setPen(ink)
        inset = 0 if model.sheet.centred else 2 * SPACE
        painter.drawText(
            area.adjusted(inset, 0, -inset, 0),
            int(model.data(index, Qt.ItemDataRole.TextAlignmentRole)),
            cell.text,
        )
        if is_current:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(area).adjusted(1, 1, -1, -1))
        painter.restore()

    @staticmethod
    def _draw_share(painter: QPainter, area: QRectF, cell: Cell, theme: Theme) -> None:
        """The share as a bar from 0 to 100 %, the interval as a line with ends."""
        middle, height = area.center().y(), area.height() / 3
        painter.setPen(Qt.PenStyle.NoPen)
        for share, colour in ((1.0, theme.track), (cell.share or 0.0, theme.bar)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(
                QRectF(area.left(), middle - height / 2, area.width() * share, height), 2, 2
            )
        if cell.interval is not None:
            left, right = (area.left() + area.width() * end for end in cell.interval)
            painter.setPen(QPen(QColor(theme.text), 1.5))
            painter.drawLine(QPointF(left, middle), QPointF(right, middle))
            for x in (left, right):
                painter.drawLine(QPointF(x, middle - height / 2), QPointF(x, middle + height / 2))


class SheetView(QTableView):
    """Shows a ``Sheet``.

    Signals:
        reads_wanted(object, str): rows of reads, ascending, and what they are.
    """

    reads_wanted = Signal(object, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures = FigureTable(self)
        self.setObjectName("figures")
        self.setModel(self.figures)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName(name)
        self.setAccessibleDescription(tr("Enter opens the reads behind a figure"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setSectionsClickable(False)
            header.setHighlightSections(False)
            header.setMinimumSectionSize(1)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.clicked.connect(self._open)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show another sheet; the cell that has the keyboard keeps it where that is still there."""
        now = self.currentIndex()
        place = (now.row(), now.column())
        self.figures.set_sheet(sheet)
        if not self.currentIndex().isValid() and sheet.lines and sheet.columns:
            inside = 0 <= place[0] < len(sheet.lines) and 0 <= place[1] < len(sheet.columns)
            self.setCurrentIndex(self.figures.index(*(place if inside else (0, 0))))

    def _open(self, index: QModelIndex) -> None:
        cell = self.figures.cell(index)
        if cell.rows:
            self.reads_wanted.emit(cell.rows, cell.words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open; letters are nobody's here: they stay shortcuts."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.currentIndex().isValid():
                self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing is looked for by typing."""

    def changeEvent(self, event: QEvent) -> None:
        """Lines and columns follow the font's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "figures"):
            self.resizeRowsToContents()
            self.resizeColumnsToContents()
