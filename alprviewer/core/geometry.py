"""Pure geometry of quads, boxes and labels: numbers in, numbers out.

A quad is four corners (x, y), clockwise from top left as y grows downwards, in frame pixels unless said. It
comes from a recognizer: corners may coincide, cross or lie outside the frame, and nothing here assumes not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Corner = tuple[float, float]
Corners = Sequence[Corner]
Array = NDArray[np.float64]

REACH = 0.5
"""How far beyond the frame, in frame sizes, "fit frame" follows what lies outside: farther is garbage."""
PLATE_MARGIN = 0.3
"""Room around a plate when it is fitted, as a share of its longer side."""
VEHICLE_MARGIN = 0.03
"""Room around a vehicle region when it is fitted, as a share of its longer side."""


class Rect(NamedTuple):
    """An upright rectangle; width and height are not negative."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y where it ends."""
        return self.y + self.height

    @property
    def center(self) -> Corner:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def is_empty(self) -> bool:
        """True where it covers nothing."""
        return self.width <= 0 or self.height <= 0

    def grown(self, by: float) -> Rect:
        """The rectangle with ``by`` more on each side."""
        return Rect(self.x - by, self.y - by, max(0.0, self.width + 2 * by), max(0.0, self.height + 2 * by))

    def united(self, other: Rect) -> Rect:
        """The smallest rectangle around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def intersected(self, other: Rect) -> Rect:
        """What both cover; of no size where they are apart."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect(x, y, max(0.0, right - x), max(0.0, bottom - y))

    def overlaps(self, other: Rect) -> bool:
        """True if they share an area, not only an edge."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def contains(self, x: float, y: float) -> bool:
        """True if the point lies inside or on the edge."""
        return self.x <= x <= self.right and self.y <= y <= self.bottom


class Shape(Enum):
    """What kind of figure four corners make."""

    CONVEX = "convex"
    CONCAVE = "concave"
    CROSSING = "crossing"
    DEGENERATE = "degenerate"


class QuadSize(NamedTuple):
    """Mean lengths of opposite edges, in the quad's unit (pixels)."""

    width: float
    height: float


# --- boxes and sizes ------------------------------------------------------------------------------


def bounds(corners: Iterable[Corner]) -> Rect:
    """The smallest upright rectangle around one or more points."""
    xs, ys = zip(*corners, strict=True)
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def united(rects: Iterable[Rect]) -> Rect | None:
    """The smallest rectangle around all; None around none."""
    whole: Rect | None = None
    for rect in rects:
        whole = rect if whole is None else whole.united(rect)
    return whole


def quad_size(quad: Corners) -> QuadSize:
    """Width as the mean length of top and bottom edge, height as that of right and left edge."""
    top, right, bottom, left = (math.dist(quad[i], quad[(i + 1) % 4]) for i in range(4))
    return QuadSize((top + bottom) / 2, (left + right) / 2)


def signed_area(polygon: Corners) -> float:
    """The shoelace sum: positive where the corners run clockwise on screen (y downwards), as they should.

    Of a figure that crosses itself the parts cancel out.
    """
    following = [*polygon[1:], polygon[0]] if polygon else []
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(polygon, following, strict=True)) / 2


# --- shape ----------------------------------------------------------------------------------------


def shape_of(quad: Corners) -> Shape:
    """Tell the four kinds apart by which way the outline turns at each corner.

    Turns of one direction: convex. Three against one: concave. Two against two: two edges cross, as no simple
    quadrilateral has two reflex corners. No turn at a corner (coinciding or collinear): degenerate.
    Exact for the integers of the wire.
    """
    turns = [_turn(quad[i - 1], quad[i], quad[(i + 1) % 4]) for i in range(4)]
    if any(turn == 0 for turn in turns):
        return Shape.DEGENERATE
    left = sum(turn > 0 for turn in turns)
    if left in (0, 4):
        return Shape.CONVEX
    return Shape.CROSSING if left == 2 else Shape.CONCAVE


def _turn(before: Corner, at: Corner, after: Corner) -> float:
    return (at[0] - before[0]) * (after[1] - at[1]) - (at[1] - before[1]) * (after[0] - at[0])


def can_warp(quad: Corners) -> bool:
    """True if a picture can be drawn into the quad: convex and at least a square pixel large.

    Into any other figure the perspective map has a line at infinity that runs through the picture.
    """
    return shape_of(quad) is Shape.CONVEX and abs(signed_area(quad)) >= 1


def contains(quad: Corners, x: float, y: float) -> bool:
    """True if the point lies inside, by the even-odd rule, so that it has an answer for every shape."""
    inside = False
    for (x1, y1), (x2, y2) in zip(quad, [*quad[1:], quad[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def fraction_outside(quad: Corners, width: float, height: float) -> float | None:
    """How much of the quad's area lies outside the frame (0, 0, width, height), from 0 to 1.

    None for a quad that crosses itself or covers nothing, and where the frame does.
    """
    whole = abs(signed_area(quad))
    if shape_of(quad) is Shape.CROSSING or whole == 0 or width <= 0 or height <= 0:
        return None
    inside: list[Corner] = list(quad)
    for axis, limit, sign in ((0, 0.0, 1), (0, width, -1), (1, 0.0, 1), (1, height, -1)):
        inside = _clipped(inside, axis, limit, sign)
    return min(1.0, max(0.0, 1 - abs(signed_area(inside)) / whole))


def _clipped(polygon: list[Corner], axis: int, limit: float, sign: int) -> list[Corner]:
    """One step of Sutherland and Hodgman (1974): the part of a polygon on one side of an upright line."""
    kept: list[Corner] = []
    for i, end in enumerate(polygon):
        start = polygon[i - 1]
        a, b = sign * (start[axis] - limit), sign * (end[axis] - limit)
        if (a < 0) != (b < 0):
            t = a / (a - b)
            kept.append((start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])))
        if b >= 0:
            kept.append(end)
    return kept


# --- perspective ----------------------------------------------------------------------------------


def homography(quad: Corners) -> Array:
    """The 3 × 3 matrix that maps the unit square onto the quad; for column vectors (u, v, 1).

    (0, 0), (1, 0), (1, 1), (0, 1) go to the four corners in order. Heckbert, "Fundamentals of Texture Mapping
    and Image Warping" (1989), section 2.2.3.

    Raises:
        ValueError: the quad cannot be drawn into (see ``can_warp``).
    """
    if not can_warp(quad):
        raise ValueError("no perspective map into this quad")
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad
    dx1, dy1, dx2, dy2 = x1 - x2, y1 - y2, x3 - x2, y3 - y2
    sx, sy = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    divisor = dx1 * dy2 - dx2 * dy1
    g = (sx * dy2 - dx2 * sy) / divisor
    h = (dx1 * sy - sx * dy1) / divisor
    return np.array(
        [
            [x1 - x0 + g * x1, x3 - x0 + h * x3, x0],
            [y1 - y0 + g * y1, y3 - y0 + h * y3, y0],
            [g, h, 1.0],
        ]
    )


def mapped(matrix: Array, points: Corners) -> list[Corner]:
    """Points (x, y) through a 3 × 3 perspective matrix."""
    found = np.column_stack([np.asarray(points, dtype=np.float64), np.ones(len(points))]) @ matrix.T
    return [(float(x / w), float(y / w)) for x, y, w in found]


# --- fitting --------------------------------------------------------------------------------------


def frame_extent(frame: Rect, others: Iterable[Rect]) -> Rect:
    """The frame with whatever lies outside it, as far as ``REACH`` allows."""
    allowed = Rect(
        frame.x - REACH * frame.width,
        frame.y - REACH * frame.height,
        frame.width * (1 + 2 * REACH),
        frame.height * (1 + 2 * REACH),
    )
    return united([frame, *(part for o in others if not (part := o.intersected(allowed)).is_empty)]) or frame


def fit_target(kind: str, extent: Rect, vehicle: Rect | None, plate: Rect | None) -> Rect:
    """What a fit mode shows, in frame pixels: "frame", "vehicle" or "plate", with room around it.

    Where the plate is absent its vehicle is shown, where that is absent the frame.
    """
    if kind == "plate" and plate is not None and max(plate.width, plate.height) > 0:
        return plate.grown(PLATE_MARGIN * max(plate.width, plate.height))
    if kind in ("plate", "vehicle") and vehicle is not None and not vehicle.is_empty:
        return vehicle.grown(VEHICLE_MARGIN * max(vehicle.width, vehicle.height))
    return extent


def tick_step(scale: float, gap: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … frame pixels that is at least ``gap`` screen pixels wide.

    ``scale`` is screen pixels per frame pixel.
    """
    wanted = max(1.0, gap / scale)
    power = int(10 ** math.floor(math.log10(wanted)))
    return next(step * power for step in (1, 2, 5, 10, 20) if step * power >= wanted)


# --- labels ---------------------------------------------------------------------------------------


class Label(NamedTuple):
    """A label to be placed: what it names, and its size; all in screen pixels."""

    anchor: Rect
    width: float
    height: float


def place_labels(
    labels: Sequence[Label],
    area: Rect,
    avoid: Sequence[Rect] = (),
    occupied: Sequence[Rect] = (),
    gap: float = 4,
) -> list[Rect | None]:
    """Find a place near its anchor for each label, the first having the first choice.

    A label lies in ``area``, has its size and overlaps neither another label nor anything ``occupied``; one
    that finds no such place gets None. Among free places the one that covers least of ``avoid`` is taken,
    then the most usual (above, flush left). Without ``occupied`` the first label gets a place if ``area``
    can hold it at all.
    """
    taken = _edges(occupied)
    hindrances = _edges(avoid)
    placed: list[Rect | None] = []
    for label in labels:
        places = _places(label, area, gap)
        free = [p for p, covered in zip(places, _overlap(_edges(places), taken), strict=True) if covered <= 0]
        if not free:
            placed.append(None)
            continue
        best = free[int(np.argmin(_overlap(_edges(free), hindrances)))]
        placed.append(best)
        taken = np.vstack([taken, _edges([best])])
    return placed


def _places(label: Label, area: Rect, gap: float) -> list[Rect]:
    """Places beside the anchor, best first, then a label's height away; the last is pushed into the area."""
    if label.width > area.width or label.height > area.height:
        return []
    spots = _beside(label, area, gap) + _beside(label, area, gap + label.height)
    found = [
        Rect(x, y, label.width, label.height)
        for x, y in spots
        if area.x <= x and x + label.width <= area.right and area.y <= y and y + label.height <= area.bottom
    ]
    slid_x = min(max(label.anchor.x, area.x), area.right - label.width)
    slid_y = min(max(label.anchor.y - gap - label.height, area.y), area.bottom - label.height)
    return [*found, Rect(slid_x, slid_y, label.width, label.height)]


def _beside(label: Label, area: Rect, gap: float) -> list[Corner]:
    """Top left corners for the label: above, below, right, left; flush, centred and slid into the area."""
    anchor, width, height = label
    middle_x, middle_y = anchor.center
    above, below = anchor.y - gap - height, anchor.bottom + gap
    right, left = anchor.right + gap, anchor.x - gap - width
    # Slid along the anchor's edge, a label stays beside a plate that is cut by the border of the view.
    slid_x = min(max(anchor.x, area.x), area.right - width)
    slid_y = min(max(anchor.y, area.y), area.bottom - height)
    across = (anchor.x, anchor.right - width, middle_x - width / 2, slid_x)
    down = (anchor.y, middle_y - height / 2, anchor.bottom - height, slid_y)
    return [(x, y) for y in (above, below) for x in across] + [(x, y) for x in (right, left) for y in down]


def _edges(rects: Sequence[Rect]) -> Array:
    """Rows of left, top, right, bottom."""
    if not rects:
        return np.empty((0, 4))
    return np.array([(r.x, r.y, r.right, r.bottom) for r in rects], dtype=np.float64)


def _overlap(places: Array, others: Array) -> Array:
    """How much of ``others`` each place covers in all, in square pixels."""
    left_top = np.maximum(places[:, None, :2], others[None, :, :2])
    right_bottom = np.minimum(places[:, None, 2:], others[None, :, 2:])
    covered: Array = np.prod(np.clip(right_bottom - left_top, 0, None), axis=2).sum(axis=1)
    return covered
