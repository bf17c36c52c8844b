"""Small controls that float over a picture: switches that are their own legend, choices, captions."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QWidget

from alprviewer.language import tr
from alprviewer.views.theme import SPACE, Theme, theme_of

SWATCH = 12
"""Side of the drawing in a legend chip, in device-independent pixels."""
_ROUND = 6
_LEAST_CHARACTERS = 6
"""Of a choice, to which it may be shortened."""


def chip_font(base: QFont) -> QFont:
    """The small font of chips and captions: 12 px where the text is 13 px."""
    font = QFont(base)
    if base.pixelSize() > 0:
        font.setPixelSize(round(base.pixelSize() * 12 / 13))
    else:
        font.setPointSizeF(base.pointSizeF() * 12 / 13)
    return font


def paint_ground(painter: QPainter, widget: QWidget, theme: Theme, *, with_focus: bool = True) -> None:
    """The rounded ground of a chip, with a ring where the keyboard is."""
    focused = with_focus and widget.hasFocus()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.accent if focused else theme.line), 2 if focused else 1))
    painter.setBrush(QColor(theme.surface))
    inset = 1.0 if focused else 0.5
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(inset, inset, -inset, -inset), _ROUND, _ROUND)
    painter.setBrush(Qt.BrushStyle.NoBrush)


class LegendChip(QAbstractButton):
    """A switch for one layer of the picture, drawn like what it switches.

    Off is said by a muted text with a hollow swatch that is struck through, not by colour alone.
    """

    def __init__(self, layer: str, text: str, short: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layer = layer
        self._long, self._short = text, short
        self.setText(text)
        self.setCheckable(True)
        self.setToolTip(tip)
        self.setAccessibleName(tr("Show: {layer}", layer=text))
        self.setAccessibleDescription(tip)
        self.setFont(chip_font(self.font()))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_compact(self, compact: bool) -> None:
        """Use the short name, where there is little room."""
        self.setText(self._short if compact else self._long)

    def sizeHint(self) -> QSize:
        """Room for swatch and text."""
        metrics = QFontMetricsF(self.font())
        width = 2 * SPACE + SWATCH + 6 + metrics.horizontalAdvance(self.text()) + 2 * SPACE
        return QSize(round(width + 0.5), round(metrics.height()) + 2 * SPACE + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, swatch, text."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        paint_ground(painter, self, theme)
        swatch = QRectF(2 * SPACE, (self.height() - SWATCH) / 2, SWATCH, SWATCH)
        paint_swatch(painter, self.layer, swatch, theme, self.isChecked())
        painter.setFont(self.font())
        painter.setPen(QColor(theme.text if self.isChecked() else theme.muted))
        left = int(swatch.right()) + 6
        painter.drawText(
            self.rect().adjusted(left, 0, 0, 0),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
            self.text(),
        )
        painter.end()


def paint_swatch(painter: QPainter, layer: str, box: QRectF, theme: Theme, is_on: bool) -> None:
    """A miniature of how a layer is drawn; struck through where it is off."""
    colour = QColor({"vehicle": theme.vehicle, "roi": theme.roi}.get(layer, theme.plate))
    if not is_on:
        colour = QColor(theme.muted)
    r = box.adjusted(1, 1, -1, -1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if layer == "vehicle":
        painter.setPen(QPen(colour, 1))
        painter.drawRect(r)
        painter.setPen(QPen(colour, 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for x, dx in ((r.left(), 3.5), (r.right(), -3.5)):
            for y, dy in ((r.top(), 3.5), (r.bottom(), -3.5)):
                painter.drawPolyline(QPolygonF([QPointF(x + dx, y), QPointF(x, y), QPointF(x, y + dy)]))
    elif layer == "track":
        painter.setPen(QPen(QColor(theme.pass_track) if is_on else colour, 1.25))
        for step in (0, 2, 4):
            painter.drawRect(QRectF(r.left() + step, r.top() + step, r.width() - 4, r.height() - 4))
    elif layer == "roi":
        pen = QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([1.0, 0.667])  # three dashes along each side, one in each corner
        pen.setDashOffset(0.5)
        painter.setPen(pen)
        painter.drawPolygon(QPolygonF([r.topLeft(), r.topRight(), r.bottomRight(), r.bottomLeft()]))
    elif layer == "crops":
        painter.setPen(QPen(colour, 1.5))
        skewed = QPolygonF(
            [
                QPointF(r.left(), r.top() + 1),
                QPointF(r.right(), r.top() + 3),
                QPointF(r.right(), r.bottom() - 1),
                QPointF(r.left(), r.bottom() - 3),
            ]
        )
        fill = QColor(colour)
        fill.setAlphaF(0.45 if is_on else 0.0)
        painter.setBrush(fill)
        painter.drawPolygon(skewed)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    elif layer == "invert":
        painter.setPen(QPen(colour, 1.5))
        painter.drawEllipse(r)
        painter.setBrush(colour)
        painter.drawPie(r, 90 * 16, 180 * 16)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        return
    elif layer == "corners":
        painter.setPen(QPen(colour, 1.5))
        painter.drawEllipse(r)
        font = QFont(painter.font())
        font.setPixelSize(9)
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(r, int(Qt.AlignmentFlag.AlignCenter), "1")
    else:
        painter.setPen(QPen(colour, 2))
        painter.drawRect(r)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for corner in (r.topLeft(), r.topRight(), r.bottomLeft(), r.bottomRight()):
            painter.drawEllipse(corner, 2.0, 2.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    if not is_on:
        painter.setPen(QPen(QColor(theme.muted), 1.5))
        painter.drawLine(box.bottomLeft(), box.topRight())


class ChipButton(QAbstractButton):
    """A plain button in the form of a chip."""

    def __init__(self, text: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.setAccessibleDescription(tip)
        self.setFont(chip_font(self.font()))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for the text."""
        metrics = QFontMetricsF(self.font())
        width = metrics.horizontalAdvance(self.text()) + 4 * SPACE + 1
        return QSize(round(width), round(metrics.height()) + 2 * SPACE + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and text, muted where there is nothing to do."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        paint_ground(painter, self, theme)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.text if self.isEnabled() else theme.muted))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()


class Choice(QAbstractButton):
    """One of a few words of which at most one is current; the current one is bold and underlined."""

    def __init__(self, name: str, text: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(accessible)
        self.setToolTip(accessible)
        self.setFont(chip_font(self.font()))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def sizeHint(self) -> QSize:
        """Room for the text in its heaviest form, so that nothing moves when the choice does."""
        metrics = QFontMetricsF(self._bold())
        return QSize(round(metrics.horizontalAdvance(self.text()) + 13), round(metrics.height()) + 2 * SPACE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Text, a line under the current one, a ring where the keyboard is."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 3, -2, -3), 4, 4)
        painter.setFont(self._bold() if self.isChecked() else self.font())
        painter.setPen(QColor(theme.accent if self.isChecked() else theme.text))
        room = self.width() - SPACE
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), shown)
        if self.isChecked() and not self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            y = self.height() - 4
            painter.drawLine(QPointF(6, y), QPointF(self.width() - 6, y))
        painter.end()


class ChoiceChip(QWidget):
    """A named group of choices in one chip: ``Fit  Frame  Vehicle  Plate``.

    Where it is narrow the name goes first, then the ends of the choices.
    """

    def __init__(self, label: str, choices: list[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices = choices
        self._caption = caption = QLabel(label, self)
        caption.setTextFormat(Qt.TextFormat.PlainText)
        caption.setFont(chip_font(self.font()))
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, 0, SPACE // 2, 0)
        row.setSpacing(0)
        row.addWidget(caption)
        for choice in choices:
            row.addWidget(choice)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for everything, whether the name is shown or not."""
        widths = [each.sizeHint().width() for each in (self._caption, *self.choices)]
        height = max(each.sizeHint().height() for each in self.choices)
        return QSize(sum(widths) + 2 * SPACE + SPACE // 2, height)

    def minimumSizeHint(self) -> QSize:
        """Some characters of each choice."""
        width = _LEAST_CHARACTERS * QFontMetricsF(self.font()).averageCharWidth()
        return QSize(round(len(self.choices) * width), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name goes before the choices."""
        super().resizeEvent(event)
        self._caption.setVisible(self.width() >= self.sizeHint().width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The common ground."""
        painter = QPainter(self)
        paint_ground(painter, self, theme_of(self.palette()), with_focus=False)
        painter.end()


class Caption(QLabel):
    """A sentence or a reading on a quiet ground over the picture; always plain text."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(name)
        self.setFont(chip_font(self.font()))
        self.setContentsMargins(2 * SPACE, SPACE - 1, 2 * SPACE, SPACE - 1)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, then the label's own text."""
        painter = QPainter(self)
        paint_ground(painter, self, theme_of(self.palette()), with_focus=False)
        painter.end()
        super().paintEvent(event)
