"""When values came, as thin bars: a source that is silent shows a gap."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from alprviewer.capture.standing import SLOT_S, SLOTS, Standing, State
from alprviewer.language import tr
from alprviewer.views.live.words import silence_words
from alprviewer.views.looks import TINY, scaled_font
from alprviewer.views.theme import SPACE, Theme, theme_of

_WIDTH = 2
_GAP_SLOTS = 8
"""Slots without a value that are marked as a gap."""


class Beats(QWidget):
    """The values of the last minutes, oldest at the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._standing: Standing | None = None
        self.setToolTip(tr("Values that came in the last {minutes:.0f} minutes", minutes=SLOTS * SLOT_S / 60))

    def sizeHint(self) -> QSize:
        """Two pixels a slot."""
        return QSize(_WIDTH * SLOTS, 6 * SPACE)

    def minimumSizeHint(self) -> QSize:
        """As wide as it is: a part would tell something else."""
        return self.sizeHint()

    def show_standing(self, standing: Standing) -> None:
        """Show another state."""
        if self._standing is None or standing.beats != self._standing.beats:
            self.update()
        self._standing = standing

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars on a quiet track, from where the source was opened; a gap is tinted and named."""
        standing = self._standing
        if standing is None:
            return
        theme = theme_of(self.palette())
        painter = QPainter(self)
        height, most = self.height(), max([1, *(beat or 0 for beat in standing.beats)])
        for place, beat in enumerate(standing.beats):
            if beat is None:
                continue
            left = place * _WIDTH
            painter.fillRect(left, height - 1, _WIDTH, 1, QColor(theme.line))
            if beat:
                tall = max(round((height - 2) * beat / most), 2)
                painter.fillRect(left, height - 1 - tall, _WIDTH, tall, QColor(theme.bar))
        if standing.silence >= _GAP_SLOTS:
            self._paint_gap(painter, theme, standing)

    def _paint_gap(self, painter: QPainter, theme: Theme, standing: Standing) -> None:
        left = (len(standing.beats) - standing.silence) * _WIDTH
        area = QRectF(left, 0, self.width() - left, self.height() - 1)
        tint = QColor(theme.differs)
        tint.setAlphaF(0.18)
        painter.fillRect(area, tint)
        painter.setFont(scaled_font(self.font(), TINY))
        painter.setPen(QColor(theme.text))
        words = silence_words(standing)
        if painter.fontMetrics().horizontalAdvance(words) + 2 * SPACE <= area.width():
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)


class Dot(QWidget):
    """The state of a source as a shape: full, empty, broken or crossed out. Never by its colour alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = State.CONNECTING
        self.setFixedSize(3 * SPACE, 3 * SPACE)

    def set_state(self, state: State) -> None:
        """Show another state."""
        if state is not self._state:
            self._state = state
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A circle; a ring while nothing has come; a broken one, or a cross, where it is bad."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        if self._state is State.RECEIVING:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.good))
            painter.drawEllipse(box)
            return
        bad = theme.bad if self._state is State.STOPPED else theme.differs
        painter.setPen(QPen(QColor(bad if self._state.is_bad else theme.muted), 1.75))
        if self._state is State.STOPPED:
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.drawLine(QPointF(box.right(), box.top()), QPointF(box.left(), box.bottom()))
        elif self._state.is_bad:
            painter.drawArc(box, 60 * 16, 240 * 16)
        else:
            painter.drawEllipse(box)
