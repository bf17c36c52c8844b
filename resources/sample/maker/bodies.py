"""The shapes of the vehicles, as smooth solids of a few planes each.

Vehicle coordinates in metres: x to the right as the camera sees it, y up, d along the vehicle from the end
that carries the plate. A solid is given by its signed distance: negative inside.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

FLOOR = 0.17
EDGE = 0.10
WHEEL_RADIUS = 0.33


@dataclass(frozen=True)
class Body:
    """A body's outline from the side (metres): deck in front of the glass, glass, roof, and the other end."""

    half_width: float
    length: float
    deck_height: float
    deck_slope: float
    glass_start: float
    roof_start: float
    roof_height: float
    roof_end: float
    glass_end: float


#: Seen from the front: bonnet, windscreen, roof.
FRONTS = (
    Body(0.91, 4.5, 0.80, 0.15, 1.15, 2.05, 1.45, 3.2, 4.1),
    Body(0.90, 4.1, 0.84, 0.15, 0.95, 1.85, 1.52, 3.4, 4.0),
    Body(0.96, 4.7, 0.98, 0.10, 1.20, 1.95, 1.74, 4.2, 4.6),
)
#: Seen from behind: boot, rear window, roof.
REARS = (
    Body(0.91, 4.6, 1.00, 0.03, 0.45, 1.15, 1.45, 2.5, 3.4),
    Body(0.89, 4.1, 0.96, 0.02, 0.10, 0.60, 1.50, 2.3, 3.2),
    Body(0.96, 4.7, 1.06, 0.01, 0.08, 0.38, 1.73, 2.8, 3.6),
)


def smooth_max(a: Array, b: Array, radius: float) -> Array:
    """The larger of two distances, with the edge rounded over `radius` metres."""
    overlap = np.maximum(radius - np.abs(a - b), 0)
    return np.asarray(np.maximum(a, b) + overlap * overlap / (4 * radius), np.float32)


def hull(body: Body, x: Array, y: Array, d: Array) -> list[Array]:
    """Distances to the lower body's faces: near end (bumper, then above it), top, sides, far end, floor."""
    side = np.abs(x)
    bow = 0.09 * x * x + 0.10 * np.maximum(side - 0.62, 0) ** 2 * 8
    return [
        bow - d,
        (bow - d + 0.20 * (y - 0.62)) * 0.98,
        (y - body.deck_height - body.deck_slope * np.minimum(d, 1.6) + 0.05 * x * x) * 0.98,
        (side + 0.16 * (y - 0.55) - body.half_width) * 0.985,
        (side - 0.12 * (y - 0.50) - body.half_width) * 0.99,
        d - body.length,
        FLOOR - y,
    ]


def cabin(body: Body, x: Array, y: Array, d: Array) -> list[Array]:
    """Distances to the faces of the cabin: near glass, roof, sides, far glass, foot."""
    side = np.abs(x)
    base = body.deck_height + body.deck_slope * min(body.glass_start, 1.6)
    near = _slope(body.glass_start, base, body.roof_start, body.roof_height)
    far = _slope(body.glass_end, base, body.roof_end, body.roof_height)
    return [
        near[0] * (d - body.glass_start - 0.12 * x * x) + near[1] * (y - base),
        y - body.roof_height + 0.07 * x * x,
        (side + 0.33 * (y - base) - body.half_width + 0.05) * 0.95,
        far[0] * (d - body.glass_end) + far[1] * (y - base),
        base - 0.35 - y,
    ]


def _slope(d0: float, y0: float, d1: float, y1: float) -> tuple[float, float]:
    """The outward normal (d, y) of a glass that leans from (d0, y0) up to (d1, y1)."""
    along, up = d1 - d0, y1 - y0
    size = float(np.sqrt(along * along + up * up))
    sign = 1.0 if along > 0 else -1.0
    return -sign * up / size, sign * along / size


def rounded(faces: list[Array], radius: float) -> Array:
    """The solid within all faces, its edges rounded."""
    solid = faces[0]
    for face in faces[1:]:
        solid = smooth_max(solid, face, radius)
    return solid


def wheels(body: Body, x: Array, y: Array, d: Array) -> Array:
    """Distance to the four wheels."""
    axle = np.minimum(np.abs(d - 0.85), np.abs(d - body.length + 0.9))
    round_part = np.sqrt(axle * axle + (y - WHEEL_RADIUS) ** 2) - WHEEL_RADIUS
    flat_part = np.abs(np.abs(x) - body.half_width + 0.16) - 0.11
    return smooth_max(np.asarray(round_part, np.float32), np.asarray(flat_part, np.float32), 0.05)


def mirrors(body: Body, x: Array, y: Array, d: Array) -> Array:
    """Distance to the outside mirrors, near the foot of the windscreen."""
    foot = body.glass_start + 0.35 if body in FRONTS else body.roof_end + 0.45
    across = (np.abs(x) - body.half_width - 0.07) / 0.13
    ball = np.sqrt(across**2 + ((y - body.deck_height - 0.17) / 0.085) ** 2 + ((d - foot) / 0.09) ** 2)
    return np.asarray((ball - 1) * 0.08, np.float32)


def solid(body: Body, x: Array, y: Array, d: Array) -> Array:
    """Signed distance to the whole vehicle."""
    lower = rounded(hull(body, x, y, d), EDGE)
    upper = rounded(cabin(body, x, y, d), EDGE)
    shell = -smooth_max(-lower, -upper, 0.05)
    return np.minimum(np.minimum(shell, wheels(body, x, y, d)), mirrors(body, x, y, d))
