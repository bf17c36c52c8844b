"""The crop of the item, large and in the middle. How it is looked at stays from item to item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QImage, QPainter, QPolygonF, QResizeEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from alprviewer.core.geometry import Corner
from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.models.adjust import NEUTRAL, Adjustment, adjusted
from alprviewer.models.shown import NOTHING, Shown
from alprviewer.views.cropview import STRAIGHTENED, CropView, best_scale, quad_on_crop

_ZOOM_STEP = 1.25
_MOST_ZOOM, _LEAST_ZOOM = 6.0, 0.4
_CONTRASTS = (0, 40, 80)


class ReviewPicture(CropView):
    """A crop that is enlarged, adjusted and straightened as the reviewer likes.

    Signals:
        placed(float): the picture is that wide now, in device-independent pixels.
    """

    placed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 100)
        self._shown = NOTHING
        self.adjustment = NEUTRAL
        self.zoom = 1.0
        self.one_to_one = False
        self.rectified = False
        self.overlays = True

    def sizeHint(self) -> QSize:
        """Six times an agent's crop."""
        return QSize(6 * STRAIGHTENED[0], 6 * STRAIGHTENED[1])

    def show_item(self, shown: Shown) -> None:
        """Show another crop, looked at in the same way."""
        self._shown = shown
        self._refresh()

    @property
    def words(self) -> str:
        """What was done to the picture; empty where it is as received."""
        parts = [self.adjustment.words, tr("straightened") if self._can_rectify() and self.rectified else ""]
        return ", ".join(part for part in parts if part)

    def state(self) -> dict[str, Any]:
        """How crops are looked at, as plain values."""
        return {
            "zoom": self.zoom,
            "contrast": self.adjustment.contrast,
            "invert": self.adjustment.invert,
            "rectified": self.rectified,
            "overlays": self.overlays,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what ``state`` returned; what makes no sense is left as it is."""
        zoom, contrast = state.get("zoom"), state.get("contrast")
        if isinstance(zoom, (int, float)) and _LEAST_ZOOM <= zoom <= _MOST_ZOOM:
            self.zoom = float(zoom)
        self.adjustment = Adjustment(
            contrast=contrast if contrast in _CONTRASTS else 0, invert=state.get("invert") is True
        )
        self.rectified = state.get("rectified") is True
        self.overlays = state.get("overlays", True) is True
        self._refresh()

    # --- what the keys do -------------------------------------------------------------------------

    def zoom_by(self, steps: int) -> None:
        """Closer, or further away."""
        self.zoom = min(max(self.zoom * _ZOOM_STEP**steps, _LEAST_ZOOM), _MOST_ZOOM)
        self._refresh()

    def fit(self) -> None:
        """As large as fits."""
        self.zoom = 1.0
        self._refresh()

    def set_one_to_one(self, on: bool) -> None:
        """One pixel of the picture for one of the screen."""
        self.one_to_one = on
        self._refresh()

    def cycle_contrast(self) -> None:
        """The next step of contrast."""
        now = self.adjustment.contrast
        place = _CONTRASTS.index(now) if now in _CONTRASTS else 0
        self.adjustment = replace(self.adjustment, contrast=_CONTRASTS[(place + 1) % len(_CONTRASTS)])
        self._refresh()

    def invert(self) -> None:
        """Dark for light."""
        self.adjustment = replace(self.adjustment, invert=not self.adjustment.invert)
        self._refresh()

    def toggle_rectified(self) -> None:
        """Straighten crops that were only cut out of the frame, or show them as received."""
        self.rectified = not self.rectified
        self._refresh()

    def toggle_overlays(self) -> None:
        """The outline of the plate, where its place on the crop is known."""
        self.overlays = not self.overlays
        self._refresh()

    # --- drawing ----------------------------------------------------------------------------------

    def _known_quad(self) -> tuple[Corner, ...] | None:
        image = self._shown.crop.image
        if image is None or self._shown.read is None:
            return None
        return quad_on_crop(self._shown.read, image.width(), image.height())

    def _can_rectify(self) -> bool:
        return self._known_quad() is not None

    def _refresh(self) -> None:
        picture = self._shown.crop
        image = picture.image if picture.image is not None and not picture.image.isNull() else None
        quad = self._known_quad()
        if image is not None and quad is not None and self.rectified:
            image, quad = straightened(image, quad), None
        shown = adjusted(image, self.adjustment) if image is not None else None
        reason = self._shown.failure or picture.reason or tr("The read has no crop.")
        self.show_picture(
            shown, display_text(reason), quad if self.overlays else None, is_derived=bool(self.words)
        )
        self.placed.emit(self.picture_rect().width())

    def picture_rect(self) -> QRectF:
        """In the middle; larger than the widget where it was enlarged."""
        if self.image is None:
            found = super().picture_rect()
            width, height = found.width(), found.height()
        else:
            ratio = self.devicePixelRatioF()
            scale = best_scale(self.image.size(), self.size(), ratio) * self.zoom
            if self.one_to_one:
                scale = 1 / ratio
            width, height = self.image.width() * scale, self.image.height() * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell how wide the picture is."""
        super().resizeEvent(event)
        self.placed.emit(self.picture_rect().width())


def straightened(image: QImage, quad: tuple[Corner, ...]) -> QImage:
    """The plate of a crop, its quad made a rectangle of an agent's usual shape; twice its usual size.

    Args:
        image: the crop.
        quad: corners on it, clockwise from top left, in its pixels.
    """
    width, height = 2 * STRAIGHTENED[0], 2 * STRAIGHTENED[1]
    source = QPolygonF([QPointF(*corner) for corner in quad])
    target = QPolygonF([QPointF(x, y) for x, y in ((0, 0), (width, 0), (width, height), (0, height))])
    transform = QTransform()
    if not QTransform.quadToQuad(source, target, transform):
        return image
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(0)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(transform)
    painter.drawImage(0, 0, image)
    painter.end()
    return made
