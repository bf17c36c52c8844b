"""The crop, large: one picture in its place, with its quad where the geometry is known."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from alprviewer.core import geometry
from alprviewer.core.frame import Read
from alprviewer.core.geometry import Corner, Shape
from alprviewer.language import tr
from alprviewer.views.theme import SPACE, theme_of

STRAIGHTENED = (150, 75)
"""Size in pixels that agents scale their straightened crops to."""
MOST_ENLARGED = 8
WHOLE_FROM = 0.87
"""A whole step is taken where it is at least this share of what would fit."""


def quad_on_crop(read: Read, width: int, height: int) -> tuple[Corner, ...] | None:
    """The quad in the pixels of the crop, if the crop is an unstraightened cut-out of the frame.

    An agent's crop was straightened and rescaled: nothing on it corresponds to the quad. Only a picture as
    large as the quad's bounding box, and not of an agent's usual size, is taken for a cut-out.
    """
    if read.coordinates is None or (width, height) == STRAIGHTENED:
        return None
    quad = [(p.x, p.y) for p in read.coordinates]
    box = geometry.bounds(quad)
    if geometry.shape_of(quad) is Shape.DEGENERATE:
        return None
    if (width, height) not in ((box.width, box.height), (box.width + 1, box.height + 1)):
        return None
    return tuple((x - box.x, y - box.y) for x, y in quad)


class CropView(QWidget):
    """Draws one picture as large as fits, in whole steps where that costs little; or says why not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 48)
        self.setAccessibleName(tr("Crop"))
        self._image: QImage | None = None
        self._reason = ""
        self._quad: tuple[Corner, ...] | None = None
        self._is_derived = False
        self._scaled: tuple[QSize, QImage] | None = None

    @property
    def image(self) -> QImage | None:
        """The picture that is drawn."""
        return self._image

    @property
    def quad(self) -> tuple[Corner, ...] | None:
        """The quad that is drawn on it, in its pixels."""
        return self._quad

    @property
    def reason(self) -> str:
        """What is said in place of a picture."""
        return "" if self._image is not None else self._reason

    def show_picture(
        self, image: QImage | None, reason: str, quad: tuple[Corner, ...] | None, *, is_derived: bool
    ) -> None:
        """Show a picture, or the reason why there is none."""
        self._image, self._reason, self._quad, self._is_derived = image, reason, quad, is_derived
        self._scaled = None
        self.setAccessibleDescription(reason)
        self.update()

    def sizeHint(self) -> QSize:
        """Twice an agent's crop."""
        return QSize(2 * STRAIGHTENED[0], 2 * STRAIGHTENED[1])

    def picture_rect(self) -> QRectF:
        """Where the picture is drawn, in device-independent pixels; at the top left."""
        if self._image is None:
            # The reason needs the width more than the frame needs the shape of a plate.
            width = min(self.width(), 2 * STRAIGHTENED[0])
            return QRectF(0, 0, width, min(self.height(), width / 2))
        scale = best_scale(self._image.size(), self.size(), self.devicePixelRatioF())
        return QRectF(0, 0, self._image.width() * scale, self._image.height() * scale)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture with a thin edge, or an empty plate with words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._image is None:
            self._paint_absence(painter)
        else:
            self._paint_picture(painter, self._image)
        painter.end()

    def _paint_picture(self, painter: QPainter, image: QImage) -> None:
        theme, rect = theme_of(self.palette()), self.picture_rect()
        dpr = self.devicePixelRatioF()
        size = QSize(max(1, round(rect.width() * dpr)), max(1, round(rect.height() * dpr)))
        if self._scaled is None or self._scaled[0] != size:
            shape = Qt.AspectRatioMode.IgnoreAspectRatio
            self._scaled = (size, image.scaled(size, shape, Qt.TransformationMode.SmoothTransformation))
        painter.drawImage(rect, self._scaled[1])
        painter.setPen(QPen(QColor(theme.differs if self._is_derived else theme.line), 1))
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        if self._quad is not None:
            scale = rect.width() / image.width()
            corners = QPolygonF([rect.topLeft() + QPointF(x * scale, y * scale) for x, y in self._quad])
            for colour, width in ((QColor(0, 0, 0, 90), 4.0), (QColor(theme.plate), 2.0)):
                painter.setPen(QPen(colour, width))
                painter.drawPolygon(corners)

    def _paint_absence(self, painter: QPainter) -> None:
        theme, rect = theme_of(self.palette()), self.picture_rect()
        pen = QPen(QColor(theme.muted), 1)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(theme.muted))
        inner = rect.adjusted(2 * SPACE, SPACE, -2 * SPACE, -SPACE)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(inner, int(flags), self._reason)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours."""
        super().changeEvent(event)
        self.update()


def best_scale(picture: QSize, room: QSize, dpr: float) -> float:
    """Screen pixels (device-independent) per picture pixel: a whole number of device pixels where possible.

    Whole steps keep every pixel of the picture equally large; if that would waste more than an eighth of the
    length the picture is scaled freely.
    """
    if picture.isEmpty() or room.isEmpty():
        return 1 / dpr
    free = min(room.width() / picture.width(), room.height() / picture.height(), MOST_ENLARGED)
    whole = int(free * dpr) / dpr
    return whole if whole >= WHOLE_FROM * free else free
