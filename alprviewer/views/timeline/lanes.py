"""How the timeline is drawn: names of the cameras, bars, silences, what is selected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsWidget

from alprviewer.core.batch import Array
from alprviewer.core.timeline import duration_text
from alprviewer.language import tr
from alprviewer.models.timeline import Bins
from alprviewer.views.pixelitem import PixelItem
from alprviewer.views.theme import SPACE, Theme

LOWEST_CONFIDENCE = 50.0
"""Where bars of a mean confidence begin, as those in the tables do."""
_GAP = 3.0
"""Pixels between two cameras."""
_LEAST_BAR = 1.5
_NARROWEST_SILENCE = 3.0


class Drawn:
    """What the parts of the timeline share: bins, what the bars stand for, what is marked.

    Attributes:
        bins: what was counted last.
        measure: one of ``words.MEASURES``.
        selection: the range that is being chosen; None where none is.
        caret: the edge of a bin that the keyboard is on; None while it is elsewhere.
        moment: the time of the selected row.
        base: the instant that the view box counts milliseconds from; 1970 would cost precision.
    """

    def __init__(self, theme: Theme, font: QFont) -> None:
        self.theme, self.font = theme, font
        self.bins = Bins()
        self.measure = "reads"
        self.selection: tuple[int, int] | None = None
        self.caret: int | None = None
        self.moment: int | None = None
        self.base = 0

    def tops(self, high: float) -> Iterator[tuple[int, float, float]]:
        """Each camera's number, upper edge and height, in so many pixels."""
        count = len(self.bins.lanes)
        for lane in range(count):
            top = round(high * lane / count)
            yield lane, top, round(high * (lane + 1) / count) - top - _GAP

    def shares(self) -> tuple[Array, Array]:
        """``(lanes, bins)`` heights of pale and strong bars, at most 1; NaN where there is no bar."""
        bins = self.bins
        if self.measure == "confidence":
            height = (bins.counted.means - LOWEST_CONFIDENCE) / (100 - LOWEST_CONFIDENCE)
            return np.full(height.shape, np.nan), np.clip(height, 0, 1)
        if self.measure == "passes":
            counts = np.zeros_like(bins.all.counts) if bins.passes is None else bins.passes
            return np.full(counts.shape, np.nan), _of_most(counts, counts)
        pale = _of_most(bins.all.counts, bins.all.counts)
        return pale, pale if bins.shown is None else _of_most(bins.shown.counts, bins.all.counts)


def _of_most(counts: Array, among: Array) -> Array:
    most = max(int(among.max(initial=0)), 1)
    return np.where(counts > 0, counts / most, np.nan)


class Names(QGraphicsWidget):
    """The cameras' names at the left."""

    def __init__(self, drawn: Drawn) -> None:
        super().__init__()
        self._drawn = drawn

    def fit(self) -> None:
        """Take the width that the names need, within reason."""
        metrics = QFontMetricsF(self._drawn.font)
        widest = max((metrics.horizontalAdvance(name) for name in self._drawn.bins.lanes), default=0.0)
        width = min(widest, 14 * metrics.averageCharWidth() * 1.4) + 2 * SPACE
        self.setMinimumWidth(width)
        self.setMaximumWidth(width)

    def paint(self, painter: QPainter, _option: Any, _widget: Any = None) -> None:
        """One name beside each row of bars."""
        drawn, size = self._drawn, self.rect()
        metrics = QFontMetricsF(drawn.font)
        painter.setFont(drawn.font)
        painter.setPen(QColor(drawn.theme.muted))
        for lane, top, height in drawn.tops(size.height()):
            room = size.width() - 2 * SPACE
            name = metrics.elidedText(drawn.bins.lanes[lane], Qt.TextElideMode.ElideMiddle, room)
            area = QRectF(0, top, room + SPACE, max(height, metrics.height()))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, name)


class Bars(PixelItem):
    """The bars, in the view box's units to the right: milliseconds."""

    def __init__(self, drawn: Drawn, box: pg.ViewBox) -> None:
        super().__init__(box)
        self._drawn = drawn

    def paint_pixels(self, painter: QPainter, wide: float, high: float) -> None:
        """The lanes, and what is marked in them."""
        painter.setClipRect(QRectF(0, 0, wide, high))
        drawn, theme = self._drawn, self._drawn.theme
        bins, area = drawn.bins, self._box.viewRect()
        left, scale = drawn.base + area.left(), wide / area.width()

        def x(times: Any) -> Any:
            return np.clip((np.asarray(times, np.float64) - left) * scale, -1e6, 1e6)

        for _, top, height in drawn.tops(high):
            painter.fillRect(QRectF(0, top, wide, height), QColor(theme.raised))
        if bins.filtered is not None:
            self._paint_ranges(painter, x(bins.filtered), high, selected=True)
        edges = x(bins.edges)
        pale, strong = drawn.shares()
        for lane, top, height in drawn.tops(high):
            self._paint_silences(painter, x(bins.silent[lane]), bins.silent[lane], top, height)
            if bins.shown is not None:
                self._paint_bars(painter, edges, pale[lane], top, height, theme.track)
            self._paint_bars(painter, edges, strong[lane], top, height, theme.bar)
        if drawn.selection is not None:
            self._paint_ranges(painter, x([drawn.selection]), high, selected=False)
        for at, colour in ((drawn.moment, theme.accent), (drawn.caret, theme.text)):
            if at is not None:
                painter.setPen(QPen(QColor(colour), 1))
                place = round(float(x(at))) + 0.5
                painter.drawLine(QLineF(place, 0, place, high))

    @staticmethod
    def _paint_bars(
        painter: QPainter, edges: Array, shares: Array, top: float, height: float, colour: str
    ) -> None:
        there = np.flatnonzero(np.isfinite(shares))
        lefts, rights = edges[there], edges[there + 1]
        gaps = np.where(rights - lefts > 3, 1.0, 0.0)
        heights = np.maximum(shares[there] * (height - 1), _LEAST_BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        widths = np.maximum(rights - lefts - gaps, 1.0)
        for left, width, tall in zip(lefts.tolist(), widths.tolist(), heights.tolist(), strict=True):
            painter.drawRect(QRectF(left, top + height - tall, width, tall))

    def _paint_silences(
        self, painter: QPainter, places: Array, silent: Array, top: float, height: float
    ) -> None:
        """Hatched, and in words where there is room: not told by colour alone."""
        theme = self._drawn.theme
        ground, lines = QColor(theme.differs), QColor(theme.differs)
        ground.setAlphaF(0.14)
        lines.setAlphaF(0.35)
        painter.setFont(self._drawn.font)
        metrics = QFontMetricsF(self._drawn.font)
        for (left, right), (first, last) in zip(places.tolist(), silent.tolist(), strict=True):
            if right - left < _NARROWEST_SILENCE or right < 0:
                continue
            area = QRectF(left, top, right - left, height)
            painter.fillRect(area, ground)
            painter.fillRect(area, QBrush(lines, Qt.BrushStyle.BDiagPattern))
            words = tr("silent {time}", time=duration_text(last - first))
            seen = area.intersected(QRectF(0, top, self._box.width(), height))
            room = metrics.horizontalAdvance(words) + 2 * SPACE
            if seen.width() >= room and height >= metrics.height() - 2:
                high = min(metrics.height(), height)
                label = QRectF(seen.center().x() - room / 2, seen.center().y() - high / 2, room, high)
                painter.fillRect(label, QColor(theme.raised))
                painter.setPen(QColor(theme.differs))
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_ranges(self, painter: QPainter, places: Array, high: float, *, selected: bool) -> None:
        """What the query lets through as a ground with edges, what is being chosen as a frame."""
        theme = self._drawn.theme
        ground = QColor(theme.selection)
        for left, right in places.tolist():
            area = QRectF(left, 0, max(right - left, 2.0), high)
            if selected:
                painter.fillRect(area, ground)
            painter.setPen(
                QPen(QColor(theme.accent), 1, Qt.PenStyle.SolidLine if selected else Qt.PenStyle.DashLine)
            )
            for place in (area.left(), area.right()):
                painter.drawLine(QPointF(place, 0), QPointF(place, high))
