"""Two charts over confidence: how right reads are, and what a threshold would mean. Painted by ourselves.

Both are sliders: arrows move through them, Enter opens the reads that are meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from alprviewer.core.calibration import Bin, Recalibration
from alprviewer.language import tr
from alprviewer.models.numbersheets import bin_words, hours, threshold_words
from alprviewer.review.figures import Report
from alprviewer.views.looks import TINY, scaled_font, tabular
from alprviewer.views.theme import SPACE, Theme, theme_of

_TENTHS = 10
"""Steps of the threshold in a percent of confidence."""
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_SAMPLES = 120
"""Points of a line."""
_DOT = 4.0


class Marked(NamedTuple):
    """A kind of line and what it stands for."""

    words: str
    colour: str
    style: Qt.PenStyle = Qt.PenStyle.SolidLine


class _Plot(QAbstractSlider):
    """Axes: confidence in percent from ``lowest`` to 100, shares from 0 to 1.

    Signals:
        opened(): Enter, or a click, wants the reads.
    """

    opened = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lowest = 0.0
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.valueChanged.connect(lambda _: self.update())

    def _font(self) -> QFont:
        return tabular(scaled_font(self.font(), TINY))

    def sizeHint(self) -> QSize:
        """Room for the legend, and for more than the axes need."""
        letters = QFontMetricsF(self._font()).height()
        return QSize(round(28 * letters), round(13 * letters))

    def minimumSizeHint(self) -> QSize:
        """So that the axes can be read."""
        letters = QFontMetricsF(self._font()).height()
        return QSize(round(18 * letters), round(12 * letters))

    def area(self) -> QRectF:
        """Where the chart is, between its axes."""
        metrics = QFontMetricsF(self._font())
        left = metrics.horizontalAdvance("100 %") + 3 * SPACE
        right = metrics.horizontalAdvance("000 min") + 3 * SPACE
        below = metrics.height() + 2 * SPACE
        return QRectF(self.rect()).adjusted(left, 2 * metrics.height() + 3 * SPACE, -right, -below)

    def spot(self, confidence: float, share: float) -> QPointF:
        """Where a confidence and a share are drawn."""
        area = self.area()
        across = (confidence - self.lowest) / max(100 - self.lowest, 1)
        return QPointF(area.left() + across * area.width(), area.bottom() - share * area.height())

    def confidence_at(self, x: float) -> float:
        """What stands at a place."""
        area = self.area()
        return self.lowest + (x - area.left()) / max(area.width(), 1) * (100 - self.lowest)

    def _paint_axes(self, painter: QPainter, theme: Theme) -> None:
        area, metrics = self.area(), QFontMetricsF(self._font())
        painter.setFont(self._font())
        for share in _SHARES:
            y = self.spot(self.lowest, share).y()
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(theme.muted))
            box = QRectF(0, y - metrics.height() / 2, area.left() - 2 * SPACE, metrics.height())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight), f"{100 * share:.0f} %")
        step = 5 if 100 - self.lowest <= 40 else 10
        for tick in np.arange(self.lowest, 101, step).tolist():
            x, wide = self.spot(tick, 0).x(), metrics.horizontalAdvance("1000")
            box = QRectF(x - wide, area.bottom() + SPACE, 2 * wide, metrics.height())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter), f"{tick:g}")

    def _paint_legend(self, painter: QPainter, theme: Theme, marks: Sequence[Marked]) -> None:
        """What the lines are, as far as there is room."""
        metrics = QFontMetricsF(self._font())
        left, middle = 2.0 * SPACE, metrics.height() / 2 + SPACE
        painter.setFont(self._font())
        for mark in marks:
            painter.setPen(QPen(QColor(mark.colour), 2, mark.style))
            painter.drawLine(QPointF(left, middle), QPointF(left + 5 * SPACE, middle))
            painter.setPen(QColor(theme.text))
            left += 7 * SPACE
            box = QRectF(left, SPACE, self.width() - left, metrics.height())
            words = metrics.elidedText(mark.words, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft), words)
            left += metrics.horizontalAdvance(words) + 4 * SPACE

    def _paint_focus(self, painter: QPainter, theme: Theme) -> None:
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open; arrows, Page Up and Down, Home and End move."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow palette and font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.updateGeometry()
            self.update()


def _floor(confidence: float) -> float:
    """Where an axis begins whose lowest value is this."""
    return min(max(confidence // 10 * 10, 0.0), 90.0)


class ReliabilityPlot(_Plot):
    """How many reads of about one confidence are right; its value is the place among those with reads."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("How right reads of each confidence are"), parent)
        self.bins: tuple[Bin, ...] = ()
        self._learned = Recalibration()
        self.valueChanged.connect(lambda _: self._describe())

    def show_bins(self, bins: Sequence[Bin], learned: Recalibration) -> None:
        """Show what was judged."""
        before = self.current
        self.bins = tuple(each for each in bins if each.reads)
        self._learned = learned
        self.lowest = _floor(min((each.low for each in self.bins), default=0.0))
        self.setRange(0, max(len(self.bins) - 1, 0))
        lows = [each.low for each in self.bins]
        if before is not None and before.low in lows:
            self.setValue(lows.index(before.low))
        elif before is None:
            self.setValue(self.maximum())
        self._describe()
        self.update()

    @property
    def current(self) -> Bin | None:
        """The bin that is meant."""
        return self.bins[self.value()] if self.value() < len(self.bins) else None

    def _describe(self) -> None:
        self.setAccessibleDescription(bin_words(self.current) if self.current is not None else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the bin under the mouse and open it."""
        wanted = self.confidence_at(event.position().x())
        inside = [place for place, each in enumerate(self.bins) if each.low <= wanted <= each.high]
        if inside:
            self.setValue(inside[-1])
            self.opened.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """What a probability would be, what was learned, what was counted."""
        theme, painter = theme_of(self.palette()), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter, theme)
        if self.current is not None:
            corners = self.spot(self.current.low, 1), self.spot(self.current.high, 0)
            painter.fillRect(QRectF(*corners), QColor(theme.selection))
        painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(self.spot(self.lowest, self.lowest / 100), self.spot(100, 1))
        self._paint_learned(painter, theme)
        for each in self.bins:
            self._paint_bin(painter, theme, each)
        marks = [
            Marked(tr("right, with its interval"), theme.accent),
            Marked(tr("what a confidence is worth here"), theme.roi),
            Marked(tr("confidence as if it were a probability"), theme.muted, Qt.PenStyle.DashLine),
        ]
        self._paint_legend(painter, theme, marks)
        self._paint_focus(painter, theme)
        painter.end()

    def _paint_learned(self, painter: QPainter, theme: Theme) -> None:
        steps = list(zip(self._learned.confidence, self._learned.share, strict=True))
        corners: list[QPointF] = []
        for place, (begin, share) in enumerate(steps):
            end = steps[place + 1][0] if place + 1 < len(steps) else 100.0
            corners += [self.spot(max(begin, self.lowest), share), self.spot(end, share)]
        painter.setPen(QPen(QColor(theme.roi), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(corners))

    def _paint_bin(self, painter: QPainter, theme: Theme, each: Bin) -> None:
        assert each.mean is not None
        middle = self.spot(each.mean, each.right / each.reads)
        painter.setPen(QPen(QColor(theme.accent), 2))
        painter.drawLine(self.spot(each.mean, each.interval.low), self.spot(each.mean, each.interval.high))
        for end in each.interval:
            at = self.spot(each.mean, end)
            painter.drawLine(at - QPointF(_DOT, 0), at + QPointF(_DOT, 0))
        painter.setBrush(QColor(theme.accent))
        painter.drawEllipse(middle, _DOT, _DOT)


class ThresholdPlot(_Plot):
    """What accepting all reads from a confidence on means; its value is ten times that confidence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Accept reads from this confidence on"), parent)
        self._report: Report | None = None
        self._lines: dict[str, list[tuple[float, float]]] = {}
        self._band: list[tuple[float, float, float]] = []
        self.setRange(0, 100 * _TENTHS)
        self.setSingleStep(_TENTHS // 2)
        self.setPageStep(5 * _TENTHS)
        self.setValue(90 * _TENTHS)
        self.valueChanged.connect(lambda _: self._describe())

    @property
    def limit(self) -> float:
        """The threshold, a confidence in percent."""
        return self.value() / _TENTHS

    def show_report(self, report: Report) -> None:
        """Show what was judged; the threshold stays where it is, as far as it can."""
        self._report = report
        curve = report.curve
        self.lowest = _floor(float(curve.confidence[0])) if len(curve.confidence) else 0.0
        self.setRange(round(self.lowest * _TENTHS), 100 * _TENTHS)
        found = [curve.at(limit) for limit in np.linspace(self.lowest, 100, _SAMPLES).tolist()]
        known = len(curve.confidence)
        self._lines = {
            "accepted": [(each.confidence, each.accepted / known) for each in found if known],
            "wrong": [(each.confidence, each.wrong / each.accepted) for each in found if each.accepted],
            "left": [
                (each.confidence, report.left(each.confidence) / report.reads) for each in found if known
            ],
        }
        self._band = [(each.confidence, *each.interval) for each in found if each.accepted]
        self._describe()
        self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(
            "" if self._report is None else threshold_words(self._report, self.limit)
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The threshold follows the mouse."""
        self.setValue(round(self.confidence_at(event.position().x()) * _TENTHS))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The threshold follows the mouse."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.setValue(round(self.confidence_at(event.position().x()) * _TENTHS))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axes, lines with their names, the threshold."""
        theme, painter = theme_of(self.palette()), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter, theme)
        self._paint_hours(painter, theme)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = QColor(theme.differs)
        ground.setAlphaF(0.18)
        painter.setBrush(ground)
        upper = [self.spot(confidence, high) for confidence, _, high in self._band]
        lower = [self.spot(confidence, low) for confidence, low, _ in reversed(self._band)]
        painter.drawPolygon(QPolygonF(upper + lower))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for name, mark in _lines(theme):
            painter.setPen(QPen(QColor(mark.colour), 2, mark.style))
            painter.drawPolyline(QPolygonF([self.spot(*point) for point in self._lines.get(name, ())]))
        self._paint_legend(painter, theme, [mark for _, mark in _lines(theme)])
        x = self.spot(self.limit, 0).x()
        painter.setPen(QPen(QColor(theme.text), 1.5))
        painter.drawLine(QPointF(x, self.area().top()), QPointF(x, self.area().bottom()))
        metrics = QFontMetricsF(self._font())
        wide = metrics.horizontalAdvance("100.0") + 2 * SPACE
        box = QRectF(x - wide, self.area().top() - metrics.height(), 2 * wide, metrics.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter), f"{self.limit:.1f}")
        self._paint_focus(painter, theme)
        painter.end()

    def _paint_hours(self, painter: QPainter, theme: Theme) -> None:
        """The axis at the right: how long reviewing a share of the capture takes."""
        report = self._report
        if report is None or report.pace is None:
            return
        area, metrics = self.area(), QFontMetricsF(self._font())
        painter.setPen(QColor(theme.muted))
        for share in _SHARES:
            y = self.spot(100, share).y()
            box = QRectF(area.right() + 2 * SPACE, y - metrics.height() / 2, self.width(), metrics.height())
            text = hours(share * report.reads * report.pace.seconds_a_read)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft), text)


def _lines(theme: Theme) -> tuple[tuple[str, Marked], ...]:
    return (
        ("accepted", Marked(tr("accepted unseen"), theme.accent)),
        ("wrong", Marked(tr("wrong among them"), theme.differs, Qt.PenStyle.DashLine)),
        ("left", Marked(tr("of the whole capture left to review"), theme.roi, Qt.PenStyle.DotLine)),
    )
