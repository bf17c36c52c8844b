"""Painting of table cells that are more than text: plates, percentages as bar and number, crops."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from alprviewer.models.cells import ABSENT_TEXT, INVALID_TEXT
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.thumbnails import Thumbnails
from alprviewer.views.theme import Theme, plate_font, theme_of

Index = QModelIndex | QPersistentModelIndex
_MARGIN = 8
_BAR_HEIGHT = 5
_LOWEST_BAR = 50.0
"""Percent at which the bar of a confidence begins: agents hardly write less, and the number stands beside."""


class CellDelegate(QStyledItemDelegate):
    """Text cells; absent ones muted, invalid ones in the warning colour and italic."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Colour states that are no value."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideRight
        theme = theme_of(option.palette)
        if option.text == ABSENT_TEXT:
            _set_text_colour(option, theme.muted)
        elif option.text == INVALID_TEXT:
            _set_text_colour(option, theme.bad)
            option.font.setItalic(True)

    def text_width(self, option: QStyleOptionViewItem, index: Index) -> int:
        """Pixels that the text of a cell needs, from the view's option."""
        self.initStyleOption(option, index)
        return QFontMetrics(option.font).horizontalAdvance(option.text)


def _set_text_colour(option: QStyleOptionViewItem, colour: str) -> None:
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
        option.palette.setColor(role, QColor(colour))


class PlateDelegate(CellDelegate):
    """Plates in a font whose zero cannot be taken for an O."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._font = QFont()
        self._made_from = ""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """The plate font, but for an em dash."""
        super().initStyleOption(option, index)
        if option.text in (ABSENT_TEXT, INVALID_TEXT):
            return
        if option.font.toString() != self._made_from:
            self._made_from = option.font.toString()
            self._font = plate_font(option.font)
        option.font = self._font


class PercentDelegate(CellDelegate):
    """A percentage as a short bar and a number."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell as text, then the bar at its left."""
        super().paint(painter, option, index)
        try:
            value = float(str(index.data()))
        except ValueError:
            return
        theme = theme_of(option.palette)
        digits = option.fontMetrics.horizontalAdvance("100.0")
        width = option.rect.width() - digits - 3 * _MARGIN
        if width < 16:
            return
        left = option.rect.left() + _MARGIN
        top = option.rect.center().y() - _BAR_HEIGHT / 2 + 0.5
        share = min(max((value - _LOWEST_BAR) / (100 - _LOWEST_BAR), 0.0), 1.0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(QRectF(left, top, width, _BAR_HEIGHT), 2.5, 2.5)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(QRectF(left, top, max(width * share, 2), _BAR_HEIGHT), 2.5, 2.5)
        painter.restore()


class CropDelegate(CellDelegate):
    """The crop of a read as a small picture; while it is decoded the cell is quiet."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The picture, or an em dash where there is none."""
        model = index.model()
        assert isinstance(model, RowsModel)
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style() if option.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        area = option.rect.adjusted(_MARGIN, 2, -2, -3)
        ratio = painter.device().devicePixelRatioF()
        known, image = self._thumbnails.get(model.id_at(index.row()), round(area.height() * ratio))
        theme = theme_of(option.palette)
        if image is not None:
            size = QSizeF(image.size()) / ratio
            if size.width() > area.width():
                size.scale(area.width(), size.height(), Qt.AspectRatioMode.KeepAspectRatio)
            top = area.top() + (area.height() - size.height()) / 2
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(QPointF(area.left(), top), size), image)
        elif known:
            _draw_absent(painter, area, theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two plates' widths."""
        del index
        return QSize(64, option.rect.height())


def _draw_absent(painter: QPainter, area: QRect, theme: Theme) -> None:
    painter.save()
    painter.setPen(QColor(theme.muted))
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, ABSENT_TEXT)
    painter.restore()
