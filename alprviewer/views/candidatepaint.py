"""How the rows of the candidate chart are drawn: key, plate with its differences, template mark, number."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QGraphicsWidget, QWidget

from alprviewer.core.plates import Emphasis
from alprviewer.language import tr
from alprviewer.views.candidaterows import Chart, key_of, percent_text
from alprviewer.views.looks import TINY, scaled_font, tabular
from alprviewer.views.theme import SPACE, Theme, plate_font

ROW_HEIGHT = 25
"""Least height of a row in device-independent pixels; a larger font has higher ones."""

BADGE = 17.0
"""Edge of the key's badge in device-independent pixels."""
GAP = 8.0
FEWEST_CHARACTERS = 7
_TEXT_LEFT = SPACE + BADGE + GAP
MATCHES = tr("matches the template")
_DIFFERS = tr("differs")
_MISSING = tr("missing here")


class PlateText:
    """One plate laid out once: drawing it again is cheap.

    Differences are coloured and underlined; a wedge below the line shows where characters are missing.
    """

    def __init__(self, emphasis: Emphasis, font: QFont, colour: str, differs: str) -> None:
        self._differs = QColor(differs)
        self._colour = QColor(colour)
        starts, units = [], 0
        for piece in emphasis.pieces:
            starts.append(units)
            units += _utf16_units(piece.text)
        self._layout = QTextLayout(emphasis.text, font)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._layout.setTextOption(option)
        self._layout.setCacheEnabled(True)
        marked = [
            (start, _utf16_units(piece.text))
            for start, piece in zip(starts, emphasis.pieces, strict=True)
            if piece.differs
        ]
        # Before the layout is made: formats that are set later throw it away.
        self._layout.setFormats([self._format(start, length) for start, length in marked])
        self._layout.beginLayout()
        self._line = self._layout.createLine()
        self._layout.endLayout()
        self._lines = [(self._x(start), self._x(start + length)) for start, length in marked]
        gaps = [start for start, piece in zip(starts, emphasis.pieces, strict=True) if piece.gap]
        self._wedges = [self._x(each) for each in (*gaps, *([units] if emphasis.gap_at_end else []))]

    @property
    def width(self) -> float:
        """In device-independent pixels."""
        return self._line.naturalTextWidth()

    def _format(self, start: int, length: int) -> QTextLayout.FormatRange:
        form = QTextCharFormat()
        form.setForeground(self._differs)
        part = QTextLayout.FormatRange()
        part.start, part.length, part.format = start, length, form
        return part

    def _x(self, units: int) -> float:
        place: Any = self._line.cursorToX(units)  # x and the cursor, though the stubs say otherwise
        return float(place[0])

    def paint(self, painter: QPainter, left: float, middle: float) -> None:
        """Draw it from ``left`` on, its middle at ``middle``."""
        top = round(middle - self._line.height() / 2)
        painter.setPen(self._colour)
        self._layout.draw(painter, QPointF(left, top))
        below = top + self._line.ascent() + 2.5
        for first, last in self._lines:
            painter.fillRect(
                QRectF(left + min(first, last) + 0.5, below, abs(last - first) - 1, 2), self._differs
            )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._differs)
        for place in self._wedges:
            x = left + place
            painter.drawPolygon(
                QPolygonF([QPointF(x - 3, below + 4), QPointF(x + 3, below + 4), QPointF(x, below - 1)])
            )


def _utf16_units(text: str) -> int:
    """How long Qt takes a text to be."""
    return len(text) + sum(character > "\uffff" for character in text)


class RowStyle:
    """Fonts and colours of the rows, made anew when the theme or the font changes."""

    def __init__(self, theme: Theme, base: QFont) -> None:
        self.theme = theme
        self.base = base
        self.plate = plate_font(base, weight=QFont.Weight.Normal)
        self.chosen = plate_font(base, weight=QFont.Weight.DemiBold)
        self.tiny = scaled_font(base, TINY)
        self.advance = QFontMetricsF(self.chosen).horizontalAdvance("0")

    def plate_text(self, emphasis: Emphasis, is_chosen: bool, is_selected: bool) -> PlateText:
        """A plate in the font of its row."""
        colour = self.theme.on_selection if is_selected else self.theme.text
        return PlateText(emphasis, self.chosen if is_chosen else self.plate, colour, self.theme.differs)

    def paint_key(self, painter: QPainter, key: str, left: float, middle: float) -> None:
        """The badge of the key that picks the row."""
        if key:
            box = QRectF(left + 0.5, round(middle - BADGE / 2) + 0.5, BADGE - 1, BADGE - 1)
            painter.setPen(QPen(QColor(self.theme.line), 1))
            painter.setBrush(QColor(self.theme.surface))
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(QColor(self.theme.muted))
            painter.setFont(self.tiny)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)

    def paint_template(self, painter: QPainter, left: float, middle: float) -> None:
        """The mark of a template match: a letter in a frame, so that it needs no colour to be told."""
        box = QRectF(left + 0.5, round(middle - BADGE / 2) + 0.5, BADGE - 1, BADGE - 1)
        painter.setPen(QPen(QColor(self.theme.roi), 1.25))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        font = QFont(self.tiny)
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "T")


class Rows:
    """What the parts of the chart share: the data, the look, how far it is scrolled, which row is current."""

    def __init__(self, style: RowStyle) -> None:
        self.chart = Chart()
        self.style = style
        self.top = 0.0
        self.current: int | None = None
        self.characters = FEWEST_CHARACTERS
        self.texts: dict[int, PlateText] = {}

    @property
    def height(self) -> int:
        """Of every row, in pixels."""
        return max(ROW_HEIGHT, round(QFontMetricsF(self.style.base).height() * 1.5))

    def visible(self, height: float) -> range:
        """The rows of which something shows in so many pixels."""
        first = int(self.top // self.height)
        return range(
            max(first, 0), min(int((self.top + height) // self.height) + 1, len(self.chart.candidates))
        )

    def place(self, row: int) -> float:
        """The upper edge of a row in pixels from the top of what shows."""
        return row * self.height - self.top

    def text(self, row: int) -> PlateText:
        """A row's plate, laid out when first seen."""
        if row not in self.texts:
            emphasis = self.chart.emphasis(row, self.characters)
            self.texts[row] = self.style.plate_text(emphasis, row == self.chart.chosen, row == self.current)
        return self.texts[row]


class Column(QGraphicsWidget):
    """A strip of the chart with one line a row; draws only the rows that show."""

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self._rows = rows

    def set_width(self, width: float) -> None:
        """Take exactly so many pixels."""
        self.setMinimumWidth(width)
        self.setMaximumWidth(width)

    def paint(self, painter: QPainter, _option: Any, _widget: Any = None) -> None:
        """Draw the visible rows, the current one on its ground."""
        size = self.rect()
        painter.setClipRect(size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in self._rows.visible(size.height()):
            line = QRectF(0, self._rows.place(row), size.width(), self._rows.height)
            if row == self._rows.current:
                painter.fillRect(line, QColor(self._rows.style.theme.selection))
            self.paint_row(painter, row, line)

    def paint_row(self, painter: QPainter, row: int, line: QRectF) -> None:
        """Draw one row into its place."""
        raise NotImplementedError


class Plates(Column):
    """Key, plate, template mark."""

    def wanted_width(self) -> float:
        """Room for the longest text that is shown whole."""
        mark = BADGE + GAP if self._rows.chart.has_template else 0
        return self._after_text() + mark + SPACE

    def _after_text(self) -> float:
        return _TEXT_LEFT + self._rows.characters * self._rows.style.advance + GAP

    def paint_row(self, painter: QPainter, row: int, line: QRectF) -> None:
        """Draw one row into its place."""
        rows, middle = self._rows, line.center().y()
        rows.style.paint_key(painter, key_of(row), SPACE, middle)
        rows.text(row).paint(painter, _TEXT_LEFT, middle)
        if rows.chart.candidates[row].matches_template:
            rows.style.paint_template(painter, self._after_text(), middle)


class Numbers(Column):
    """The confidence as a number, right-aligned."""

    def paint_row(self, painter: QPainter, row: int, line: QRectF) -> None:
        """Draw one row into its place."""
        style, confidence = self._rows.style, self._rows.chart.candidates[row].confidence
        colour = style.theme.muted if confidence is None else style.theme.text
        painter.setPen(QColor(style.theme.on_selection if row == self._rows.current else colour))
        painter.setFont(tabular(style.base))
        where = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line.adjusted(0, 0, -SPACE, 0), where, percent_text(confidence))


class Legend(QWidget):
    """What the marks mean, as far as they occur."""

    def __init__(self, rows: Rows, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows

    def look_changed(self) -> None:
        """Take the height that the font needs."""
        self.setFixedHeight(self._lines * self._line)
        self.update()

    @property
    def _line(self) -> int:
        return self.fontMetrics().height() + 2 * SPACE

    @property
    def _lines(self) -> int:
        """Two where the words of both kinds of marks do not stand beside each other."""
        words = self.fontMetrics().horizontalAdvance(f"{MATCHES} {_DIFFERS} {_MISSING}")
        return 1 if words + BADGE + 15 * SPACE <= self.width() else 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the width asks for."""
        super().resizeEvent(event)
        self.look_changed()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Marks and words in one line, or in two."""
        style = self._rows.style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, left = self._line / 2, float(SPACE)
        if self._rows.chart.has_template:
            style.paint_template(painter, left, middle)
            left = self._words(painter, left + BADGE + 5, middle, MATCHES) + 3 * SPACE
        if not self._rows.chart.has_differences:
            return
        if self._lines > 1:
            middle, left = middle + self._line, float(SPACE)
        painter.fillRect(QRectF(left, middle + 4, 10, 2), QColor(style.theme.differs))
        left = self._words(painter, left + 15, middle, _DIFFERS) + 3 * SPACE
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.theme.differs))
        painter.drawPolygon(
            [QPointF(left, middle + 5), QPointF(left + 6, middle + 5), QPointF(left + 3, middle)]
        )
        self._words(painter, left + 10, middle, _MISSING)

    def _words(self, painter: QPainter, left: float, middle: float, text: str) -> float:
        painter.setPen(QColor(self._rows.style.theme.muted))
        painter.setFont(self.font())
        width = painter.fontMetrics().horizontalAdvance(text)
        line = QRectF(left, middle - self._line / 2, width + 1, self._line)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
        return left + width
