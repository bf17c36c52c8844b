"""The program's own icons, drawn in the colour that the place they stand in asks for."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPaintDevice, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from alprviewer.resourcefiles import resource

APPLICATION = "alprviewer"
"""The program's icon; it has colours of its own."""

_SIZES = (16, 20, 24, 32, 40, 48, 64, 96)
"""In device pixels: the sizes in use at 1x, 2x and 3x. Qt takes the one that fits the screen."""
_APPLICATION_SIZES = (16, 24, 32, 48, 64, 128, 256)


@cache
def _drawing(name: str) -> bytes:
    return resource(f"icons/{name}.svg").read_bytes()


def pixmap(name: str, colour: str | QColor, size: int) -> QPixmap:
    """One icon as a square of ``size`` device pixels."""
    drawing = _drawing(name).replace(b"currentColor", QColor(colour).name().encode("ascii"))
    drawn = QPixmap(size, size)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


def icon(name: str, colour: str | QColor = "#000000") -> QIcon:
    """An icon by the name of its file in ``resources/icons``, sharp at every scale of the screen."""
    made = QIcon()
    for size in _APPLICATION_SIZES if name == APPLICATION else _SIZES:
        made.addPixmap(pixmap(name, colour, size))
    return made


def sharp_pixmap(name: str, colour: str | QColor, edge: int, device: QPaintDevice) -> QPixmap:
    """One icon of ``edge`` device-independent pixels, at the scale of what it is painted on."""
    ratio = device.devicePixelRatioF()
    drawn = pixmap(name, colour, round(edge * ratio))
    drawn.setDevicePixelRatio(ratio)
    return drawn


class Mark(QWidget):
    """An icon that only is to be looked at; sharp also after the window moved to another screen."""

    def __init__(self, edge: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._colour = APPLICATION, QColor("#000000")
        self.setFixedSize(edge, edge)

    def set_icon(self, name: str, colour: str | QColor) -> None:
        """Show another icon."""
        self._name, self._colour = name, QColor(colour)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it over the whole square."""
        QPainter(self).drawPixmap(0, 0, sharp_pixmap(self._name, self._colour, self.width(), self))
