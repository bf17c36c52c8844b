"""The plot of the timeline: names, bars and axis, and which instant stands where.

Imports pyqtgraph, which costs half a second: import this one when it is first shown.
"""

from __future__ import annotations

from datetime import tzinfo

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alprviewer.core.timeline import ticks
from alprviewer.models.timeline import Bins
from alprviewer.views.looks import tabular
from alprviewer.views.theme import Theme
from alprviewer.views.timeline.lanes import Bars, Drawn, Names

_BIN_WIDTH = 5
"""Pixels of a bar at least, as long as there are steps that are short enough."""
_TICK_WIDTH, _TICK_GAP = 88, 12
"""Pixels from one time of the axis to the next, and between their texts, at least."""
_FAR = 10**12
"""Milliseconds from the base up to which places are precise."""


class Chart(QWidget):
    """Draws bins; its owner says which range is in sight.

    Signals:
        resized(): there is room for more bins, or for fewer.
    """

    resized = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.drawn = Drawn(theme, self.font())
        self._canvas = pg.GraphicsView(self, background=None)
        self._canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canvas.setAcceptDrops(False)
        self._canvas.setCacheMode(
            pg.GraphicsView.CacheModeFlag.CacheNone
        )  # it would keep the old look's ground
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, invertY=True, defaultPadding=0)
        self._names = Names(self.drawn)
        self._bars = Bars(self.drawn, self._box)
        self._box.addItem(self._bars, ignoreBounds=True)
        self._axis = pg.AxisItem("bottom", linkView=self._box)
        self._axis.setStyle(tickLength=4, tickTextOffset=2)
        self._axis.enableAutoSIPrefix(False)
        plot = pg.GraphicsLayout()
        plot.layout.setSpacing(0)
        plot.setContentsMargins(0, 0, 0, 0)
        for item, row, column in ((self._names, 0, 0), (self._box, 0, 1), (self._axis, 1, 1)):
            plot.addItem(item, row, column)
        self._canvas.setCentralItem(plot)
        # The pane has the mouse: a graphics view would keep it.
        for widget in (self, self._canvas):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._canvas)
        self._view = (0.0, 1.0)
        self._box.sigResized.connect(self.resized)

    def take_look(self, theme: Theme, font: QFont) -> None:
        """Other colours, another font."""
        self.drawn.theme, self.drawn.font = theme, font
        self._axis.setPen(QPen(QColor(theme.line), 1))
        self._axis.setTextPen(QColor(theme.muted))
        self._axis.setTickFont(tabular(font))
        self._names.fit()
        self.redraw()

    def show_bins(self, bins: Bins) -> None:
        """Draw these; the range in sight stays."""
        self.drawn.bins = bins
        if bins.span is not None and abs(bins.span[0] - self.drawn.base) > _FAR:
            self.drawn.base = bins.span[0]
        self._names.fit()
        self.redraw()

    def show_range(self, begin: float, end: float, zone: tzinfo | None) -> None:
        """Bring a range into sight."""
        self._view = begin, end
        base = self.drawn.base
        self._box.setRange(xRange=(begin - base, end - base), yRange=(0, 1), padding=0)
        found = [] if self.drawn.bins.span is None else self._ticks(int(begin), int(end), zone)
        self._axis.setTicks([[(at - base, text) for at, text in found]])
        self.redraw()

    def _ticks(self, begin: int, end: int, zone: tzinfo | None) -> list[tuple[int, str]]:
        """As many as have room beside each other; fewer ones say less, or the same."""
        metrics, wanted = QFontMetricsF(tabular(self.drawn.font)), float(_TICK_WIDTH)
        while True:
            found = ticks(begin, end, max(int(self._box.width() / wanted), 1), zone)
            widest = max((metrics.horizontalAdvance(text) for _, text in found), default=0.0) + _TICK_GAP
            if widest <= wanted:
                return found
            wanted = widest

    def redraw(self) -> None:
        """Draw anew."""
        self._names.update()
        self._bars.update()

    # --- places -----------------------------------------------------------------------------------

    @property
    def most_bins(self) -> int:
        """For how many bins there is room."""
        return max(int(self._box.width() / _BIN_WIDTH), 10)

    @property
    def plot_width(self) -> float:
        """Pixels from the beginning of the range in sight to its end."""
        return max(float(self._box.width()), 1.0)

    def _inside(self, place: QPointF) -> QPointF:
        """A place of this widget as one of the plot."""
        inside: QPointF = self._canvas.mapFrom(self, place) - self._box.scenePos()
        return inside

    def instant_at(self, place: QPointF) -> float:
        """The instant below a place."""
        begin, end = self._view
        return begin + (end - begin) * self._inside(place).x() / self.plot_width

    def place_of(self, instant: float) -> QPointF:
        """Where an instant stands, in the middle of the first camera."""
        begin, end = self._view
        x = (instant - begin) / (end - begin) * self.plot_width
        lanes = max(len(self.drawn.bins.lanes), 1)
        return self._canvas.mapTo(self, QPointF(x, self._box.height() / lanes / 2) + self._box.scenePos())

    def has(self, place: QPointF) -> bool:
        """True for places of the plot and of its axis."""
        inside = self._inside(place)
        return 0 <= inside.x() < self._box.width() and 0 <= inside.y() < self.height()

    def lane_at(self, place: QPointF) -> int:
        """The camera beside a place."""
        lanes = len(self.drawn.bins.lanes)
        lane = int(self._inside(place).y() * lanes / max(self._box.height(), 1))
        return min(max(lane, 0), max(lanes - 1, 0))

    def bin_at(self, instant: float) -> int:
        """The bin of an instant, or the nearest one."""
        edges = self.drawn.bins.edges
        return int(np.clip(np.searchsorted(edges, instant, side="right") - 1, 0, max(len(edges) - 2, 0)))

    def range_between(self, one: float, other: float) -> tuple[int, int]:
        """The whole bins from one instant to another."""
        edges = self.drawn.bins.edges
        first, last = sorted((self.bin_at(one), self.bin_at(other)))
        return int(edges[first]), int(edges[last + 1])
