"""What is drawn over the picture of a frame: plates, vehicle regions, regions of interest, labels.

``overlay_of`` takes from a ``Shown`` what there is to draw, in frame pixels; ``OverlayPainter`` draws it in
screen pixels, so that lines and labels keep their size at any zoom. Kinds differ by form and not by colour
alone: a plate is a plain outline, the selected one thicker and with dots on its corners; a vehicle region has
brackets in its corners; a region of interest is dashed; an outline that is no proper quad is dotted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from alprviewer.core import geometry
from alprviewer.core.frame import Box, Read
from alprviewer.core.geometry import Corner, Label, Rect, Shape
from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.models.passshown import Quad
from alprviewer.models.shown import Shown
from alprviewer.views.strokes import Look, case, stroke
from alprviewer.views.theme import plate_font
from alprviewer.views.track import paint_track

MAX_MARKS = 500
"""Most plates, vehicles or regions that are drawn of one frame."""
MAX_LABELS = 60
"""Most labels that are placed at once: more of them would hide the picture."""

_FALLBACK = Rect(0, 0, 640, 360)
_ODD = {
    Shape.CROSSING: tr("edges cross"),
    Shape.DEGENERATE: tr("flat quad"),
    Shape.CONCAVE: tr("dented quad"),
}


@dataclass(frozen=True)
class Mark:
    """One plate: its place in the frame's reads, its quad in frame pixels and what its label says."""

    position: int
    quad: tuple[Corner, ...]
    shape: Shape
    box: Rect
    text: str


@dataclass(frozen=True)
class Overlay:
    """What there is to draw of one frame, in frame pixels.

    Attributes:
        frame: the frame's rectangle; where its size is unknown one that holds everything.
        size_from: where the size was taken from: "frame", "picture", "marks" or "nothing".
        marks: the plates that have corners, the selected one first.
        selected: the position of the selected read; None where none is selected.
        vehicles, rois: boxes; the first is the selected read's.
        left_out: how many plates are not drawn, being too many.
    """

    frame: Rect = _FALLBACK
    size_from: str = "nothing"
    marks: tuple[Mark, ...] = ()
    selected: int | None = None
    vehicles: tuple[tuple[int, Rect], ...] = ()
    rois: tuple[Rect, ...] = ()
    left_out: int = 0

    @property
    def extent(self) -> Rect:
        """The frame with the plates and vehicles that lie outside it."""
        return geometry.frame_extent(self.frame, [m.box for m in self.marks] + [v for _, v in self.vehicles])

    def plate_box(self) -> Rect | None:
        """The selected plate's bounds; without a selection those of all plates."""
        return geometry.united(m.box for m in self.marks if self.selected in (None, m.position))

    def vehicle_box(self) -> Rect | None:
        """The selected read's vehicle region; without a selection the bounds of all."""
        return geometry.united(box for at, box in self.vehicles if self.selected in (None, at))

    def position_at(self, x: float, y: float) -> int | None:
        """The read whose quad lies under a point; the smallest of several."""
        hits = [mark for mark in self.marks if geometry.contains(mark.quad, x, y)]
        return min(hits, key=lambda m: m.box.width * m.box.height).position if hits else None


def overlay_of(shown: Shown) -> Overlay:
    """Take from what is shown whatever can be drawn; fields that are absent or invalid are left out."""
    frame = shown.frame
    if frame is None:
        return Overlay()
    selected = shown.position if shown.read is not None else None
    order = sorted(range(len(frame.reads)), key=lambda i: (i != selected, i))
    drawn, reads = order[:MAX_MARKS], frame.reads
    marks = tuple(mark for i in drawn if (mark := _mark_of(i, reads[i])) is not None)
    vehicles = tuple((i, rect) for i in drawn if (rect := _rect_of(reads[i].vehicle_region)) is not None)
    boxes = (frame.regions_of_interest or [])[:MAX_MARKS]
    rois = tuple(rect for box in boxes if (rect := _rect_of(box)) is not None)
    extent, size_from = _frame_rect(shown, [*(m.box for m in marks), *(v for _, v in vehicles), *rois])
    return Overlay(extent, size_from, marks, selected, vehicles, rois, len(order) - len(drawn))


def _frame_rect(shown: Shown, others: list[Rect]) -> tuple[Rect, str]:
    assert shown.frame is not None
    width, height = shown.frame.img_width, shown.frame.img_height
    if width is not None and height is not None:
        return Rect(0, 0, width, height), "frame"
    picture = shown.backdrop.image
    if picture is not None and not picture.isNull():
        return Rect(0, 0, picture.width(), picture.height()), "picture"
    around = geometry.united(others)
    if around is None:
        return _FALLBACK, "nothing"
    return around.grown(max(20.0, 0.1 * max(around.width, around.height))), "marks"


def _mark_of(position: int, read: Read) -> Mark | None:
    if read.coordinates is None or len(read.coordinates) != 4:
        return None
    quad = tuple((float(p.x), float(p.y)) for p in read.coordinates)
    shape = geometry.shape_of(quad)
    text = label_text(read)
    odd = f" · {_ODD[shape]}" if shape in _ODD else ""
    return Mark(position, quad, shape, geometry.bounds(quad), text + odd)


def label_text(read: Read) -> str:
    """A plate and its confidence, as ``AYX8803 89.1``; an em dash stands for an absent plate."""
    plate = display_text(read.plate, 24) if read.plate else "—"
    return plate if read.confidence is None else f"{plate} {read.confidence:.1f}"


def _rect_of(box: Box | None) -> Rect | None:
    if box is None or box.width <= 0 or box.height <= 0:
        return None
    return Rect(box.x, box.y, box.width, box.height)


@dataclass(frozen=True)
class PlacedLabel:
    """A label where it was drawn, in screen pixels, and the read it names."""

    position: int
    text: str
    rect: Rect
    is_selected: bool


class OverlayPainter:
    """Draws one overlay; keeps nothing but what was placed last, for the mouse."""

    def __init__(self, overlay: Overlay) -> None:
        self.overlay = overlay
        self.track: tuple[Quad, ...] = ()
        """The quads of the other reads of the selected one's pass, by time."""
        self.labels: list[PlacedLabel] = []

    def paint(
        self,
        painter: QPainter,
        to_view: QTransform,
        layers: Mapping[str, bool],
        look: Look,
        area: Rect,
        covered: Sequence[Rect] = (),
    ) -> None:
        """Draw in screen pixels.

        Args:
            painter: its coordinates are screen pixels.
            to_view: from frame pixels to screen pixels.
            layers: which of "plate", "vehicle", "roi", "track" and "corners" are on.
            look: colours and font.
            area: where labels may stand.
            covered: where other things stand, so that labels may not.
        """
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self.labels = []
        if layers.get("roi"):
            self._paint_rois(painter, to_view, look)
        if layers.get("vehicle"):
            self._paint_vehicles(painter, to_view, look)
        if layers.get("track"):
            paint_track(painter, to_view, self.track, look)
        if layers.get("plate"):
            self._paint_plates(painter, to_view, look)
            numbers = self._corner_numbers(to_view, look, area) if layers.get("corners") else []
            self._place_labels(to_view, look, area, [*covered, *(rect for rect, _ in numbers)])
            for rect, text in numbers:
                _paint_number(painter, rect, text, look)
            for label in reversed(self.labels):
                _paint_label(painter, label, look)

    def label_at(self, x: float, y: float) -> int | None:
        """The read whose label lies under a point in screen pixels."""
        return next((label.position for label in self.labels if label.rect.contains(x, y)), None)

    # --- lines ---

    def _paint_rois(self, painter: QPainter, to_view: QTransform, look: Look) -> None:
        path = QPainterPath()
        for rect in self.overlay.rois:
            path.addRect(_snapped(to_view, rect))
        case(painter, path, 2, look)
        stroke(painter, path, look.theme.roi, 2, "dashed")

    def _paint_vehicles(self, painter: QPainter, to_view: QTransform, look: Look) -> None:
        for is_first in (False, True):
            lines, brackets = QPainterPath(), QPainterPath()
            for position, rect in self.overlay.vehicles:
                if (position == self.overlay.selected) is is_first:
                    on_screen = _snapped(to_view, rect)
                    lines.addRect(on_screen)
                    _add_brackets(brackets, on_screen)
            emphasised = is_first or self.overlay.selected is None
            thin, thick = (2.0, 4.0) if emphasised else (1.0, 2.5)
            case(painter, lines, thin, look)
            case(painter, brackets, thick, look)
            stroke(painter, lines, look.theme.vehicle, thin)
            stroke(painter, brackets, look.theme.vehicle, thick)

    def _paint_plates(self, painter: QPainter, to_view: QTransform, look: Look) -> None:
        proper, odd = QPainterPath(), QPainterPath()
        selected: Mark | None = None
        for mark in self.overlay.marks:
            if mark.position == self.overlay.selected:
                selected = mark
            else:
                _add_outline(proper if mark.shape is Shape.CONVEX else odd, to_view, mark)
        thin = 1.5 if selected is not None else 2.0
        for path, style in ((proper, "solid"), (odd, "dotted")):
            case(painter, path, thin, look)
            stroke(painter, path, look.theme.plate, thin, style)
        if selected is not None:
            self._paint_selected(painter, to_view, look, selected)

    @staticmethod
    def _paint_selected(painter: QPainter, to_view: QTransform, look: Look, mark: Mark) -> None:
        path = QPainterPath()
        _add_outline(path, to_view, mark)
        style = "solid" if mark.shape is Shape.CONVEX else "dotted"
        case(painter, path, 2.5, look)
        stroke(painter, path, look.theme.plate, 2.5, style)
        painter.setPen(QPen(QColor(look.theme.surface), 1))
        painter.setBrush(QColor(look.theme.plate))
        least = min(path.boundingRect().width(), path.boundingRect().height())
        radius = min(4.0, max(2.0, least / 12))  # a small plate must not hide behind its dots
        for x, y in mark.quad:
            painter.drawEllipse(to_view.map(QPointF(x, y)), radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # --- text ---

    def _corner_numbers(self, to_view: QTransform, look: Look, area: Rect) -> list[tuple[Rect, str]]:
        """Small discs with the corners' numbers, outside the quad; corners at one point share one."""
        size = QFontMetricsF(number_font(look.font)).height() + 2
        found: list[tuple[Rect, str]] = []
        for mark in self.overlay.marks[:MAX_LABELS]:
            if self.overlay.selected not in (None, mark.position):
                continue
            middle = to_view.map(QPointF(*mark.box.center))
            names: dict[Corner, list[str]] = {}
            for number, corner in enumerate(mark.quad, 1):
                names.setdefault(corner, []).append(str(number))
            for corner, numbers in names.items():
                at = to_view.map(QPointF(*corner))
                x = at.x() + (0.75 if at.x() >= middle.x() else -0.75) * size
                y = at.y() + (0.75 if at.y() >= middle.y() else -0.75) * size
                width = size + (len(numbers) - 1) * size * 0.8
                rect = Rect(x - width / 2, y - size / 2, width, size)
                if rect.overlaps(area):
                    found.append((rect, " ".join(numbers)))
        return found

    def _place_labels(self, to_view: QTransform, look: Look, area: Rect, occupied: list[Rect]) -> None:
        wanted: list[tuple[Mark, str, Label, bool]] = []
        boxes: list[Rect] = []
        for mark in self.overlay.marks:
            box = _view_rect(to_view, mark.box).grown(3)
            if not box.overlaps(area):
                continue
            boxes.append(box)
            is_selected = mark.position == self.overlay.selected
            metrics = QFontMetricsF(label_font(look.font, is_selected))
            text = metrics.elidedText(mark.text, Qt.TextElideMode.ElideRight, max(40.0, area.width * 0.6))
            width, height = metrics.horizontalAdvance(text) + 14, metrics.height() + 5
            wanted.append((mark, text, Label(box, round(width), round(height)), is_selected))
            if len(wanted) == MAX_LABELS:
                break
        places = geometry.place_labels([label for _, _, label, _ in wanted], area, boxes, occupied, gap=3)
        self.labels = [
            PlacedLabel(mark.position, text, Rect(round(place.x), round(place.y), *place[2:]), is_selected)
            for (mark, text, _, is_selected), place in zip(wanted, places, strict=True)
            if place is not None
        ]


def label_font(base: QFont, is_selected: bool) -> QFont:
    """The font of a label: the selected read's is larger and heavier."""
    if is_selected:
        return plate_font(base, 1.0, QFont.Weight.Bold)
    return plate_font(base, 12 / 13, QFont.Weight.Medium)


def number_font(base: QFont) -> QFont:
    """The font of a corner's number."""
    return plate_font(base, 11 / 13, QFont.Weight.Bold)


def _add_outline(path: QPainterPath, to_view: QTransform, mark: Mark) -> None:
    """A closed outline; a quad that is too small to be seen becomes a cross."""
    polygon = to_view.map(QPolygonF([QPointF(x, y) for x, y in mark.quad]))
    around = polygon.boundingRect()
    if max(around.width(), around.height()) < 6:
        at = around.center()
        for dx, dy in ((7, 0), (0, 7)):
            path.moveTo(at.x() - dx, at.y() - dy)
            path.lineTo(at.x() + dx, at.y() + dy)
        return
    path.addPolygon(polygon)
    path.closeSubpath()


def _add_brackets(path: QPainterPath, rect: QRectF) -> None:
    """Short legs in the four corners."""
    leg = max(3.0, min(16.0, rect.width() / 4, rect.height() / 4))
    for x, dx in ((rect.left(), leg), (rect.right(), -leg)):
        for y, dy in ((rect.top(), leg), (rect.bottom(), -leg)):
            path.moveTo(x + dx, y)
            path.lineTo(x, y)
            path.lineTo(x, y + dy)


def _view_rect(to_view: QTransform, rect: Rect) -> Rect:
    mapped = to_view.mapRect(QRectF(rect.x, rect.y, rect.width, rect.height))
    return Rect(mapped.x(), mapped.y(), mapped.width(), mapped.height())


def _snapped(to_view: QTransform, rect: Rect) -> QRectF:
    """On whole screen pixels, so that straight lines are sharp."""
    r = _view_rect(to_view, rect)
    left, top = round(r.x), round(r.y)
    return QRectF(left, top, round(r.right) - left, round(r.bottom) - top)


def _paint_label(painter: QPainter, label: PlacedLabel, look: Look) -> None:
    theme, rect = look.theme, QRectF(*label.rect)
    ground = QColor(theme.plate if label.is_selected else theme.surface)
    painter.setPen(Qt.PenStyle.NoPen if label.is_selected else QPen(QColor(theme.plate), 1))
    painter.setBrush(ground)
    inset = 0.0 if label.is_selected else 0.5
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(theme.on_accent if label.is_selected else theme.text))
    painter.setFont(label_font(look.font, label.is_selected))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), label.text)


def _paint_number(painter: QPainter, rect: Rect, text: str, look: Look) -> None:
    theme, ground = look.theme, QRectF(*rect)
    painter.setPen(QPen(QColor(theme.plate), 1))
    painter.setBrush(QColor(theme.surface))
    painter.drawRoundedRect(ground, rect.height / 2, rect.height / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(theme.text))
    painter.setFont(number_font(look.font))
    painter.drawText(ground, int(Qt.AlignmentFlag.AlignCenter), text)
