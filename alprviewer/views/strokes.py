"""How lines are drawn over a picture: in a colour of the theme, with a dark casing on a photograph."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

from alprviewer.views.theme import Theme

_DASHES = {"dashed": [5.0, 3.0], "dotted": [1.0, 2.0]}


@dataclass(frozen=True)
class Look:
    """How to draw: the theme, the widget's font, and whether lines stand on a photograph."""

    theme: Theme
    font: QFont
    on_picture: bool = False


def case(painter: QPainter, path: QPainterPath, width: float, look: Look) -> None:
    """On a photograph a dark casing under the line to come keeps it visible on any ground."""
    if look.on_picture and not path.isEmpty():
        casing = QPen(QColor(0, 0, 0, 70), width + 2)
        casing.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        casing.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.strokePath(path, casing)


def stroke(painter: QPainter, path: QPainterPath, colour: str, width: float, style: str = "solid") -> None:
    """Draw a line: ``solid``, ``dashed`` or ``dotted``."""
    if path.isEmpty():
        return
    pen = QPen(QColor(colour), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if style in _DASHES:
        pen.setDashPattern(_DASHES[style])
    painter.strokePath(path, pen)
