"""What lies under the overlays: the picture, or a neutral canvas with a scale; and crops drawn back."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QTransform

from alprviewer.core import geometry
from alprviewer.core.geometry import Corners, Rect
from alprviewer.models.shown import Shown
from alprviewer.views.overlays import MAX_MARKS, Look, Overlay

RULER = 34
"""Room beside the frame for the ruler's numbers, in device-independent pixels."""
PIXELS_FROM = 8.0
"""From this magnification on, pixels are drawn as squares: smoothing would invent what is not there."""
_TICK_GAP = 64
_GRID_GAP = 16


def crop_transform(width: int, height: int, quad: Corners) -> QTransform:
    """From the pixels of a straightened crop to its quad in frame pixels.

    Raises:
        ValueError: nothing can be drawn into the quad.
    """
    h = geometry.homography(quad)
    into_quad = QTransform(h[0, 0], h[1, 0], h[2, 0], h[0, 1], h[1, 1], h[2, 1], h[0, 2], h[1, 2], h[2, 2])
    return QTransform.fromScale(1 / width, 1 / height) * into_quad


class Shrunk:
    """A picture in smaller sizes, each made when first needed: shrinking while drawing would alias."""

    def __init__(self, image: QImage) -> None:
        self.image = image
        self._level, self._shrunk = 0, image

    def at(self, scale: float) -> QImage:
        """The picture in the smallest size that is no smaller than ``scale`` times its own."""
        level = max(0, math.floor(-math.log2(scale))) if scale > 0 else 0
        if level != self._level:
            width, height = max(1, self.image.width() >> level), max(1, self.image.height() >> level)
            smooth = Qt.TransformationMode.SmoothTransformation
            shape = Qt.AspectRatioMode.IgnoreAspectRatio
            self._level = level
            self._shrunk = self.image.scaled(width, height, shape, smooth) if level else self.image
        return self._shrunk


class FrameCanvas:
    """The ground of one frame. Coordinates of the painter are screen pixels."""

    def __init__(self, shown: Shown, overlay: Overlay) -> None:
        self.overlay = overlay
        image = shown.backdrop.image
        self._backdrop = Shrunk(image) if image is not None and not image.isNull() else None
        self._crops = list(_crops(shown, overlay))

    @property
    def has_picture(self) -> bool:
        """True if there is a picture of the whole frame."""
        return self._backdrop is not None

    @property
    def has_crops(self) -> bool:
        """True if there is a crop that can be drawn into its quad."""
        return bool(self._crops)

    def paint_ground(
        self, painter: QPainter, to_view: QTransform, area: Rect, look: Look, dpr: float
    ) -> None:
        """Draw canvas and picture into ``area``, the whole of the view; ``dpr`` is its device pixel ratio."""
        painter.fillRect(QRectF(*area), QColor(look.theme.canvas))
        frame = to_view.mapRect(QRectF(*self.overlay.frame))
        if self._backdrop is not None:
            image = self._backdrop.at(frame.width() * dpr / self._backdrop.image.width())
            enlarged = frame.width() / self._backdrop.image.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, enlarged < PIXELS_FROM)
            painter.drawImage(frame, image)
        else:
            painter.fillRect(frame, QColor(look.theme.surface))
            self._paint_grid(painter, to_view, frame.intersected(QRectF(*area)), look)
        painter.setPen(QPen(QColor(look.theme.line), 1))
        painter.drawRect(_outline(frame))

    def paint_crops(self, painter: QPainter, to_view: QTransform, area: Rect) -> None:
        """Draw every crop into its quad."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        base = painter.transform()
        for image, transform in self._crops:
            whole = transform * to_view
            if whole.mapRect(QRectF(image.rect())).intersects(QRectF(*area)):
                painter.setTransform(whole * base)
                painter.drawImage(QPointF(0, 0), image)
        painter.restore()

    def _paint_grid(self, painter: QPainter, to_view: QTransform, seen: QRectF, look: Look) -> None:
        """Thin lines at the ruler's ticks, as whole pixels: those are painted many times faster."""
        scale = to_view.m11()
        step = geometry.tick_step(scale, _TICK_GAP)
        colour = _mixed(QColor(look.theme.line), QColor(look.theme.surface), 0.6)
        left, right = math.ceil(seen.left()), math.floor(seen.right())
        top, bottom = math.ceil(seen.top()), math.floor(seen.bottom())
        seen_frame = _frame_part(to_view, seen)
        for x in _ticks(seen_frame.left(), seen_frame.right(), step):
            at = round(to_view.map(QPointF(x, 0)).x())
            if seen.left() < at + 0.5 < seen.right():
                painter.fillRect(at, top, 1, bottom - top, colour)
        for y in _ticks(seen_frame.top(), seen_frame.bottom(), step):
            at = round(to_view.map(QPointF(0, y)).y())
            if seen.top() < at + 0.5 < seen.bottom():
                painter.fillRect(left, at, right - left, 1, colour)

    def paint_rulers(self, painter: QPainter, to_view: QTransform, area: Rect, look: Look) -> None:
        """Pixel numbers along the top and the left edge of the frame, kept in ``area`` where that is cut.

        A picture needs none.
        """
        if self._backdrop is not None:
            return
        frame = to_view.mapRect(QRectF(*self.overlay.frame))
        font = ruler_font(look.font)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        step = geometry.tick_step(to_view.m11(), _TICK_GAP)
        top = min(max(frame.top(), area.y + metrics.height() + 6), frame.bottom())
        left = min(max(frame.left(), area.x + RULER), frame.right())
        ink, tick = QPen(QColor(look.theme.muted), 1), 4.0
        painter.setPen(ink)
        ground = QColor(look.theme.canvas)
        ground.setAlphaF(0.85)
        if top > frame.top():
            painter.fillRect(QRectF(area.x, area.y, area.width, top - area.y), ground)
        if left > frame.left():
            painter.fillRect(QRectF(area.x, area.y, left - area.x, area.height), ground)
        flags = int(Qt.AlignmentFlag.AlignCenter)
        numbered = _frame_part(to_view, frame.intersected(QRectF(*area).adjusted(-2, -2, 2, 2)))
        for x in _ticks(numbered.left(), numbered.right(), step):
            at = round(to_view.map(QPointF(x, 0)).x()) + 0.5
            if max(left, area.x) - 1 <= at <= area.right:
                painter.drawLine(QPointF(at, top - tick), QPointF(at, top))
                width = metrics.horizontalAdvance(str(x)) + 4
                painter.drawText(
                    QRectF(at - width / 2, top - tick - metrics.height(), width, metrics.height()),
                    flags,
                    str(x),
                )
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for y in _ticks(numbered.top(), numbered.bottom(), step):
            at = round(to_view.map(QPointF(0, y)).y()) + 0.5
            if max(top, area.y) - 1 <= at <= area.bottom:
                painter.drawLine(QPointF(left - tick, at), QPointF(left, at))
                height = metrics.height()
                painter.drawText(QRectF(left - tick - 62, at - height / 2, 60, height), right, str(y))


def ruler_font(base: QFont) -> QFont:
    """Small figures of one width."""
    font = QFont(base)
    if base.pixelSize() > 0:
        font.setPixelSize(max(9, round(base.pixelSize() * 10.5 / 13)))
    else:
        font.setPointSizeF(base.pointSizeF() * 10.5 / 13)
    return font


def _crops(shown: Shown, overlay: Overlay) -> Sequence[tuple[QImage, QTransform]]:
    """Every crop that can be drawn back, the selected one last, so that it is in front."""
    found: list[tuple[QImage, QTransform]] = []
    for mark in reversed(overlay.marks[:MAX_MARKS]):
        picture = shown.crops[mark.position].image if mark.position < len(shown.crops) else None
        if picture is None or picture.isNull() or not geometry.can_warp(mark.quad):
            continue
        found.append((picture, crop_transform(picture.width(), picture.height(), mark.quad)))
    return found


def _frame_part(to_view: QTransform, on_screen: QRectF) -> QRectF:
    """The part of the frame, in its pixels, that is in a rectangle of the screen."""
    inverse, _ = to_view.inverted()
    return inverse.mapRect(on_screen)


def _ticks(start: float, end: float, step: int) -> range:
    return range(math.ceil(start / step - 1e-6) * step, math.floor(end + 1e-6) + 1, step)


def _mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """What a colour with ``share`` of its strength looks like on a ground."""
    both = ((colour.red(), ground.red()), (colour.green(), ground.green()), (colour.blue(), ground.blue()))
    return QColor(*(round(share * one + (1 - share) * other) for one, other in both))


def _outline(frame: QRectF) -> QRectF:
    left, top = round(frame.left()), round(frame.top())
    return QRectF(left - 0.5, top - 0.5, round(frame.right()) - left + 1, round(frame.bottom()) - top + 1)
