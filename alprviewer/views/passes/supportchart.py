"""The candidate chart of a whole pass: how much each character is supported, place by place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from alprviewer.core.explanation import Position, Reading
from alprviewer.language import tr, trn
from alprviewer.models.passshown import NO_PASS_SHOWN, PassShown
from alprviewer.views.looks import TINY, plain_tip, scaled_font, tabular
from alprviewer.views.passes.words import Spot, character_text, percent, said_by, spoken
from alprviewer.views.theme import SPACE, plate_font, theme_of

_ROW = 25
"""Height of a row, in pixels at a 13 px font: as in the chart of one read."""
_BAR = 14
_TICKS = (0, 50, 100)


def shares(position: Position) -> list[tuple[int, Reading, float, float]]:
    """The readings of a place as parts of a bar from 0 to 1: place among them, reading, begin and end.

    They add up to what the reads show there: rounding, and what was too little to be told, is left blank.
    """
    found, begin = [], 0.0
    for place, reading in enumerate((position.chosen, *position.rivals)):
        end = min(begin + reading.support, 1.0)
        found.append((place, reading, begin, end))
        begin = end
    return found


class SupportChart(QWidget):
    """Shows the share of the reads, by weight, that shows each character; Enter or a click chooses one.

    Signals:
        reads_chosen(object): a ``Spot``: the reads that show that character are wanted.
    """

    reads_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = NO_PASS_SHOWN
        self.current: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(tr("Support by place"))

    @property
    def positions(self) -> tuple[Position, ...]:
        """One for each character of the plate."""
        return self.shown.explanation.positions if self.shown.explanation is not None else ()

    def show_pass(self, shown: PassShown) -> None:
        """Show another pass."""
        if shown.id != self.shown.id:
            self.current = None
        is_new = not shown.is_like(self.shown)
        self.shown = shown
        self._describe()
        if is_new:
            self.fit()

    def fit(self) -> None:
        """Take the room that what is shown needs, and paint it."""
        self.setMinimumSize(self.sizeHint())
        self.update()

    # --- geometry ---------------------------------------------------------------------------------

    def _scale(self) -> float:
        return self.fontMetrics().height() / 15

    def _row_height(self) -> int:
        return round(_ROW * self._scale())

    def _columns(self) -> tuple[int, int]:
        """Where the bars begin and end."""
        left = 2 * SPACE + round(44 * self._scale())
        digits = self.fontMetrics().horizontalAdvance("100") + 3 * SPACE
        return left, max(self.width() - digits, left + 40)

    def sizeHint(self) -> QSize:
        """All rows and the axis below them."""
        axis = QFontMetrics(scaled_font(self.font(), TINY)).height() + SPACE
        return QSize(round(200 * self._scale()), len(self.positions) * self._row_height() + axis)

    def rect_of(self, spot: Spot) -> QRect:
        """Where the part of a bar is drawn."""
        left, right = self._columns()
        _, _, begin, end = shares(self.positions[spot.position])[spot.reading]
        height = round(_BAR * self._scale())
        top = spot.position * self._row_height() + (self._row_height() - height) // 2
        start, stop = (left + round(each * (right - left)) for each in (begin, end))
        return QRect(start, top, stop - start, height)

    def spot_at(self, point: QPoint) -> Spot | None:
        """The part of a bar under a point."""
        place = point.y() // self._row_height()
        if not 0 <= place < len(self.positions):
            return None
        return next(
            (
                Spot(place, n)
                for n in range(1 + len(self.positions[place].rivals))
                if self.rect_of(Spot(place, n)).contains(point)
            ),
            None,
        )

    # --- painting ---------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Rows, then the axis."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, position in enumerate(self.positions):
            self._paint_row(painter, place, position)
        if self.positions:
            self._paint_axis(painter)
        painter.end()

    def _paint_row(self, painter: QPainter, place: int, position: Position) -> None:
        theme, height = theme_of(self.palette()), self._row_height()
        left, right = self._columns()
        row = QRect(0, place * height, self.width(), height)
        if place == self.current:
            painter.fillRect(row, QColor(theme.selection))
        ink = QColor(theme.on_selection if place == self.current else theme.text)
        tiny = tabular(scaled_font(self.font(), TINY))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(tiny)
        painter.setPen(QColor(theme.on_selection if place == self.current else theme.muted))
        painter.drawText(row.adjusted(SPACE, 0, 0, 0), middle, str(place + 1))
        painter.setFont(plate_font(self.font()))
        painter.setPen(ink)
        painter.drawText(
            row.adjusted(left - round(20 * self._scale()), 0, 0, 0), middle, position.chosen.character
        )
        bar = self.rect_of(Spot(place, 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(QRectF(left, bar.top(), right - left, bar.height()), 2, 2)
        for number, reading, _, _ in shares(position):
            self._paint_part(painter, QRectF(self.rect_of(Spot(place, number))), reading, number == 0)
        painter.setFont(tabular(self.font()))
        painter.setPen(ink)
        number_area = QRect(right, row.top(), self.width() - right - SPACE, height)
        painter.drawText(
            number_area, middle | int(Qt.AlignmentFlag.AlignRight), percent(position.chosen.support)
        )

    def _paint_part(self, painter: QPainter, area: QRectF, reading: Reading, is_chosen: bool) -> None:
        """The chosen character is filled, a rival is outlined and named, where it has room for its name."""
        theme = theme_of(self.palette())
        if area.width() < 1:
            return
        painter.setPen(Qt.PenStyle.NoPen if is_chosen else QPen(QColor(theme.differs), 1))
        painter.setBrush(QColor(theme.accent if is_chosen else theme.surface))
        inset = 0.0 if is_chosen else 0.5
        painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), 2, 2)
        font = plate_font(self.font(), 11 / 13)
        if not is_chosen and area.width() > QFontMetrics(font).horizontalAdvance("0") + 2:
            painter.setFont(font)
            painter.setPen(QColor(theme.differs))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), character_text(reading))

    def _paint_axis(self, painter: QPainter) -> None:
        theme = theme_of(self.palette())
        left, right = self._columns()
        top = len(self.positions) * self._row_height()
        font = tabular(scaled_font(self.font(), TINY))
        metrics = QFontMetrics(font)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(left, top, right, top)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        for tick in _TICKS:
            text = f"{tick} %" if tick == _TICKS[-1] else str(tick)
            width = metrics.horizontalAdvance(text)
            x = left + (right - left) * tick // 100 - width // 2
            painter.drawText(max(x, 0), top + metrics.ascent() + SPACE // 2, text)

    # --- keys and mouse ---------------------------------------------------------------------------

    def _describe(self) -> None:
        words = "" if self.current is None else spoken(self.shown, Spot(self.current, 0))
        self.setAccessibleDescription(words)

    def set_current(self, place: int) -> None:
        """Go to a place of the plate, as near as there is one."""
        if self.positions:
            self.current = min(max(place, 0), len(self.positions) - 1)
            self._describe()
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from place to place, Enter chooses what stands there."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            self.set_current(0 if self.current is None else self.current + steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.reads_chosen.emit(Spot(self.current, 0))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the character under it."""
        spot = self.spot_at(event.position().toPoint())
        if spot is not None and event.button() == Qt.MouseButton.LeftButton:
            self.set_current(spot.position)
            self.reads_chosen.emit(spot)
        super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        """The tooltip says a character's support in a sentence."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if spot is None else plain_tip(self.tip(spot)), self)
            return True
        return super().event(event)

    def tip(self, spot: Spot) -> str:
        """A character's support in a sentence."""
        _, reading, _, _ = shares(self.positions[spot.position])[spot.reading]
        return trn(
            "{character} in place {place}: {percent} % of the reads by weight; "
            "{count:,} of {total:,} show it",
            "{character} in place {place}: {percent} % of the reads by weight; "
            "{count:,} of {total:,} show it",
            len(said_by(self.shown, reading)),
            character=character_text(reading),
            place=spot.position + 1,
            percent=percent(reading.support),
            total=len(self.shown.reads),
        )
