"""The controls that derive a picture: brightness, contrast, gamma, invert, reset.

In a narrow pane the sliders are folded away until they are asked for: the picture needs the room.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)

from alprviewer.language import tr
from alprviewer.models.adjust import GAMMA_LIMIT, LIMIT, NEUTRAL, Adjustment, signed
from alprviewer.views.chips import ChipButton, LegendChip, chip_font
from alprviewer.views.looks import MUTED
from alprviewer.views.theme import SPACE, theme_of

_FOUR_COLUMNS_FROM, _TWO_COLUMNS_FROM = 640, 350
"""Widths, where a line of text is ``_USUAL_LINE`` high."""
_USUAL_LINE = 15
_ROW_GAP = SPACE
# For translators: a short word, three buttons have to stand beside each other.
_FOLDED, _UNFOLDED = tr("Adjust ▸"), tr("Adjust ▾")
_BRIGHTNESS, _CONTRAST, _GAMMA = tr("Brightness"), tr("Contrast"), tr("Gamma")


class NeutralSlider(QSlider):
    """A slider from -100 to 100, drawn from its middle, that goes back to 0 on a double click."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(-LIMIT, LIMIT)
        self.setPageStep(10)
        self.setMinimumWidth(48)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to neutral."""
        self.setSliderDown(False)
        self.setValue(0)
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A thin track with a notch at neutral, filled from there to the handle."""
        theme = theme_of(self.palette())
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        parts = QStyle.SubControl
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, parts.SC_SliderHandle, self
        )
        at = QPointF(QRectF(handle).center().x(), self.height() / 2)
        middle = QPointF(self.width() / 2, at.y())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cap = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.drawLine(middle - QPointF(0, 5), middle + QPointF(0, 5))
        painter.setPen(QPen(QColor(theme.line), 3, Qt.PenStyle.SolidLine, cap))
        painter.drawLine(QPointF(4, at.y()), QPointF(self.width() - 4, at.y()))
        if self.value():
            painter.setPen(QPen(QColor(theme.accent), 3, Qt.PenStyle.SolidLine, cap))
            painter.drawLine(middle, at)
        edge = theme.accent if self.hasFocus() or self.value() else theme.muted
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1.5))
        painter.setBrush(QColor(theme.surface))
        painter.drawEllipse(at, 5.5, 5.5)
        painter.end()


class Control(QWidget):
    """A name, a slider and the slider's value in words."""

    def __init__(self, name: str, tip: str, words: Callable[[int], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self.slider = NeutralSlider(self)
        self.slider.setAccessibleName(name)
        self.slider.setToolTip(tr("{meaning} Double click: back to neutral.", meaning=tip))
        self._value = QLabel(self)
        caption = QLabel(name, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE + 2)
        for label in (caption, self._value):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(chip_font(self.font()))
        caption.setForegroundRole(MUTED)
        width_of = caption.fontMetrics().horizontalAdvance
        caption.setMinimumWidth(max(map(width_of, (_BRIGHTNESS, _CONTRAST, _GAMMA))))
        self._value.setMinimumWidth(self._value.fontMetrics().horizontalAdvance("−100"))
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(caption)
        row.addWidget(self.slider, 1)
        row.addWidget(self._value)
        self.slider.valueChanged.connect(self._say)
        self._say(0)

    def show_value(self, value: int) -> None:
        """Move the slider, and tell nobody."""
        was_blocked = self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(was_blocked)
        self._say(value)

    def _say(self, value: int) -> None:
        self._value.setText(self._words(value))


def gamma_of(place: int) -> float:
    """The gamma at a place of the slider: equal ways are equal factors."""
    return min(GAMMA_LIMIT, max(1 / GAMMA_LIMIT, round(GAMMA_LIMIT ** (place / LIMIT), 4)))


def place_of(gamma: float) -> int:
    """The slider's place for a gamma."""
    return round(LIMIT * math.log(gamma, GAMMA_LIMIT))


class AdjustBar(QWidget):
    """Edits one ``Adjustment``.

    Signals:
        changed: the user changed it.
        unfolded: the sliders were asked for, or folded away again (bool).
    """

    changed = Signal(object)
    unfolded = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._adjustment = NEUTRAL
        self.brightness = Control(_BRIGHTNESS, tr("Lighter or darker."), signed, self)
        flatter = tr("Steeper or flatter about the middle grey.")
        self.contrast = Control(_CONTRAST, flatter, signed, self)
        lifted = tr("Above 1 lifts the shadows.")
        self.gamma = Control(_GAMMA, lifted, lambda v: f"{gamma_of(v):.2f}", self)
        self._buttons = QWidget(self)
        # For translators: a short word, three buttons have to stand beside each other.
        invert, reset = tr("Invert"), tr("Reset")
        self.invert = LegendChip("invert", invert, invert, tr("Show the negative"), self._buttons)
        self.invert.setAccessibleName(invert)
        self.reset = ChipButton(reset, tr("Show the crop as received"), self._buttons)
        self.fold = ChipButton(_FOLDED, tr("Show or hide the sliders"), self._buttons)
        self.fold.setAccessibleName(tr("Sliders"))
        self.fold.setCheckable(True)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE + 2)
        row.addWidget(self.fold)
        row.addWidget(self.invert)
        row.addWidget(self.reset)
        row.addStretch(1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4 * SPACE)
        self._grid.setVerticalSpacing(_ROW_GAP)
        self._columns = 0
        self._lay_out()
        self.fold.toggled.connect(self._on_fold)
        for control in self._controls:
            control.slider.valueChanged.connect(self._take)
        self.invert.toggled.connect(self._take)
        self.reset.clicked.connect(lambda: self._change(NEUTRAL))
        self.set_adjustment(NEUTRAL)

    @property
    def _controls(self) -> tuple[Control, ...]:
        return self.brightness, self.contrast, self.gamma

    @property
    def is_unfolded(self) -> bool:
        """True where a narrow bar shows its sliders."""
        return self.fold.isChecked()

    def unfold(self, is_unfolded: bool) -> None:
        """Show the sliders of a narrow bar, or fold them away; a wide bar always shows them."""
        self.fold.setChecked(is_unfolded)

    def is_narrow_at(self, width: int) -> bool:
        """True where a bar of this width has no room for sliders beside each other, and can be folded."""
        return self._columns_at(width) == 1

    def _columns_at(self, width: int) -> int:
        """Controls beside each other: as many as their words leave room for."""
        usual = width * _USUAL_LINE / max(self.fontMetrics().height(), 1)
        return 4 if usual >= _FOUR_COLUMNS_FROM else 2 if usual >= _TWO_COLUMNS_FROM else 1

    @property
    def adjustment(self) -> Adjustment:
        """What the controls say."""
        return self._adjustment

    def set_adjustment(self, adjustment: Adjustment) -> None:
        """Bring the controls in line with ``adjustment``; tells nobody."""
        self._adjustment = adjustment
        self.brightness.show_value(adjustment.brightness)
        self.contrast.show_value(adjustment.contrast)
        self.gamma.show_value(place_of(adjustment.gamma))
        was_blocked = self.invert.blockSignals(True)
        self.invert.setChecked(adjustment.invert)
        self.invert.blockSignals(was_blocked)

    def height_for(self, width: int) -> int:
        """The height needed at a width."""
        rows = 1 if self._is_folded_at(width) else -(-4 // self._columns_at(width))
        return rows * self.reset.sizeHint().height() + (rows - 1) * _ROW_GAP

    def _take(self) -> None:
        self._change(
            Adjustment(
                self.brightness.slider.value(),
                self.contrast.slider.value(),
                gamma_of(self.gamma.slider.value()),
                self.invert.isChecked(),
            )
        )

    def _change(self, adjustment: Adjustment) -> None:
        if adjustment != self._adjustment:
            self.set_adjustment(adjustment)
            self.changed.emit(adjustment)

    def _lay_out(self) -> None:
        columns = self._columns_at(self.width())
        self.fold.setVisible(self.is_narrow_at(self.width()))
        for control in self._controls:
            control.setVisible(not self._is_folded_at(self.width()))
        if columns == self._columns:
            return
        self._columns = columns
        for index, widget in enumerate((*self._controls, self._buttons)):
            self._grid.addWidget(widget, index // columns, index % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _is_folded_at(self, width: int) -> bool:
        return self.is_narrow_at(width) and not self.is_unfolded

    def _on_fold(self, is_unfolded: bool) -> None:
        self.fold.setText(_UNFOLDED if is_unfolded else _FOLDED)
        self._lay_out()
        self.unfolded.emit(is_unfolded)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One row where there is room, else two, else the sliders fold."""
        super().resizeEvent(event)
        self._lay_out()
