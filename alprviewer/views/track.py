"""The way of a plate through the frames of its pass."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from alprviewer.models.passshown import PassShown, Quad
from alprviewer.views.strokes import Look, case

MOST_QUADS = 200
"""Quads of a pass that are drawn, taken evenly: a parked car has thousands in one place."""
_FAINTEST = 0.35
"""Opacity of the earliest quad; the latest one is opaque."""


def track_of(shown: PassShown) -> tuple[Quad, ...]:
    """The quads of a pass by time, without the selected read's, which is drawn in front as a plate."""
    quads = [read.quad for read in shown.reads if read.quad is not None and read.row != shown.selected]
    step = max(1, -(-len(quads) // MOST_QUADS))
    return tuple(quads[::step])


def paint_track(painter: QPainter, to_view: QTransform, track: Sequence[Quad], look: Look) -> None:
    """Draw the quads as thin lines, later ones more clearly, in screen pixels."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    # Qt draws lines of one pixel four times as fast as wider ones, and this is painted with every selection.
    painter.setPen(QPen(QColor(look.theme.pass_track), 1))
    for place, quad in enumerate(track, 1):
        polygon = to_view.map(QPolygonF([QPointF(x, y) for x, y in quad]))
        painter.setOpacity(_FAINTEST + (1 - _FAINTEST) * place / len(track))
        if look.on_picture:
            path = QPainterPath()
            path.addPolygon(polygon)
            path.closeSubpath()
            case(painter, path, 1, look)
        painter.drawPolygon(polygon)
    painter.restore()
