"""What the charts share of pyqtgraph: an item that is drawn in pixels over a view box.

pyqtgraph costs half a second: whatever imports this is imported when it is first shown.
"""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

pg.setConfigOption("exitCleanup", False)  # it deletes items of windows that are still alive


class PixelItem(pg.GraphicsObject):
    """Covers all that its view box shows. Edges are sharp, since pixels are what is drawn in."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__()
        self._box = box

    def boundingRect(self) -> QRectF:
        """All that the view box shows."""
        return self._box.viewRect()

    def viewRangeChanged(self) -> None:
        """What is drawn depends on the range only."""
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, _option: Any, _widget: Any = None) -> None:
        """Draw, where there is room."""
        area = self._box.viewRect()
        wide, high = self._box.width(), self._box.height()
        if min(area.width(), area.height(), wide, high) <= 0:
            return
        painter.scale(area.width() / wide, area.height() / high)
        painter.translate(area.left() * wide / area.width(), area.top() * high / area.height())
        self.paint_pixels(painter, wide, high)

    def paint_pixels(self, painter: QPainter, wide: float, high: float) -> None:
        """Draw into the view box: ``wide`` and ``high`` pixels from its upper left corner."""
        raise NotImplementedError
