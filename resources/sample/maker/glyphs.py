"""A small stroke font for number plates, defined as data, so that no system font is needed.

A glyph is a pen path in a box 100 units high (y downwards); the pen has a round tip.
Commands: `Mx y` move, `Lx y` line, `Qcx cy x y` quadratic curve.
"""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

Coverage = NDArray[np.float64]
Segment = tuple[float, float, float, float]

CAP_HEIGHT = 100.0
CURVE_STEPS = 7

_SIX = "M41 20 Q37 0 22 0 Q0 0 0 34 L0 70 Q0 100 22 100 Q44 100 44 70 Q44 42 22 42 Q3 42 0 64"
_EIGHT = (
    "M22 46 Q3 44 3 23 Q3 0 22 0 Q41 0 41 23 Q41 44 22 46 Q0 48 0 73 Q0 100 22 100 Q44 100 44 73 Q44 48 22 46"
)
_NINE = "M3 80 Q7 100 22 100 Q44 100 44 66 L44 30 Q44 0 22 0 Q0 0 0 30 Q0 58 22 58 Q41 58 44 36"
_LETTER_O = "M0 17 Q0 0 17 0 L29 0 Q46 0 46 17 L46 83 Q46 100 29 100 L17 100 Q0 100 0 83 L0 17"
_ZERO = "M0 34 Q0 0 20 0 Q40 0 40 34 L40 66 Q40 100 20 100 Q0 100 0 66 L0 34"

#: character -> (width in units, pen path)
PATHS: dict[str, tuple[float, str]] = {
    "A": (46, "M0 100 L23 0 L46 100 M8 68 L38 68"),
    "B": (
        44,
        "M0 0 L0 100 M0 0 L22 0 Q41 0 41 23 Q41 47 22 47 L0 47 M22 47 Q44 47 44 73 Q44 100 22 100 L0 100",
    ),
    "C": (44, "M44 28 Q44 0 22 0 Q0 0 0 28 L0 72 Q0 100 22 100 Q44 100 44 72"),
    "D": (44, "M0 0 L0 100 L18 100 Q44 100 44 70 L44 30 Q44 0 18 0 L0 0"),
    "E": (42, "M42 0 L0 0 L0 100 L42 100 M0 48 L34 48"),
    "F": (42, "M42 0 L0 0 L0 100 M0 48 L34 48"),
    "G": (44, "M44 28 Q44 0 22 0 Q0 0 0 28 L0 72 Q0 100 22 100 Q44 100 44 72 L44 54 L26 54"),
    "H": (44, "M0 0 L0 100 M44 0 L44 100 M0 48 L44 48"),
    "I": (26, "M0 0 L26 0 M13 0 L13 100 M0 100 L26 100"),
    "J": (42, "M42 0 L42 72 Q42 100 21 100 Q0 100 0 72"),
    "K": (44, "M0 0 L0 100 M43 0 L0 58 M15 40 L44 100"),
    "L": (40, "M0 0 L0 100 L40 100"),
    "M": (52, "M0 100 L0 0 L26 58 L52 0 L52 100"),
    "N": (44, "M0 100 L0 0 L44 100 L44 0"),
    "O": (46, _LETTER_O),
    "P": (44, "M0 100 L0 0 L22 0 Q44 0 44 27 Q44 55 22 55 L0 55"),
    "Q": (46, _LETTER_O + " M28 74 L48 104"),
    "R": (44, "M0 100 L0 0 L22 0 Q44 0 44 26 Q44 52 22 52 L0 52 M22 52 L45 100"),
    "S": (44, "M43 25 Q42 0 22 0 Q1 0 1 25 Q1 44 22 49 Q44 55 44 76 Q44 100 22 100 Q1 100 0 75"),
    "T": (44, "M0 0 L44 0 M22 0 L22 100"),
    "U": (44, "M0 0 L0 72 Q0 100 22 100 Q44 100 44 72 L44 0"),
    "V": (46, "M0 0 L23 100 L46 0"),
    "W": (56, "M0 0 L13 100 L28 36 L43 100 L56 0"),
    "X": (44, "M0 0 L44 100 M44 0 L0 100"),
    "Y": (44, "M0 0 L22 50 L44 0 M22 50 L22 100"),
    "Z": (42, "M0 0 L42 0 L0 100 L42 100"),
    "0": (40, _ZERO),
    "1": (24, "M0 20 L18 0 L18 100"),
    "2": (44, "M1 26 Q2 0 22 0 Q43 0 43 26 Q43 42 31 57 L0 100 L44 100"),
    "3": (44, "M1 20 Q4 0 22 0 Q42 0 42 24 Q42 47 20 47 M20 47 Q44 47 44 74 Q44 100 22 100 Q2 100 0 79"),
    "4": (44, "M33 100 L33 0 L0 70 L44 70"),
    "5": (44, "M41 0 L5 0 L2 44 Q10 37 22 37 Q44 37 44 68 Q44 100 22 100 Q3 100 0 80"),
    "6": (44, _SIX),
    "7": (44, "M0 0 L44 0 Q22 44 15 100"),
    "8": (
        44,
        _EIGHT,
    ),
    "9": (44, _NINE),
    "-": (16, "M0 52 L16 52"),
    ".": (6, "M2 52 L4 52"),
    " ": (14, ""),
}
#: A zero that cannot be taken for the letter O, used by some issuers.
SLASHED_ZERO = (40.0, _ZERO + " M6 74 L34 26")


@cache
def segments(path: str) -> tuple[Segment, ...]:
    """The pen path as straight segments (x0, y0, x1, y1) in glyph units."""
    out: list[Segment] = []
    at = (0.0, 0.0)
    for command, numbers in re.findall(r"([MLQ])([^MLQ]+)", path):
        values = [float(number) for number in numbers.split()]
        end = (values[-2], values[-1])
        if command == "L":
            out.append((*at, *end))
        elif command == "Q":
            out.extend(_curve(at, (values[0], values[1]), end))
        at = end
    return tuple(out)


def _curve(a: tuple[float, float], c: tuple[float, float], b: tuple[float, float]) -> list[Segment]:
    """A quadratic curve from a to b as straight segments."""
    points = []
    for step in range(CURVE_STEPS + 1):
        t = step / CURVE_STEPS
        u = 1 - t
        points.append(
            (u * u * a[0] + 2 * u * t * c[0] + t * t * b[0], u * u * a[1] + 2 * u * t * c[1] + t * t * b[1])
        )
    return [(*points[n], *points[n + 1]) for n in range(CURVE_STEPS)]


def stroke(coverage: Coverage, lines: list[Segment], radius: float) -> None:
    """Add round-tipped strokes of `radius` pixels to `coverage` (0..1, in place); `lines` are in pixels."""
    height, width = coverage.shape
    for x0, y0, x1, y1 in lines:
        left, right = int(max(min(x0, x1) - radius - 1, 0)), int(min(max(x0, x1) + radius + 2, width))
        top, bottom = int(max(min(y0, y1) - radius - 1, 0)), int(min(max(y0, y1) + radius + 2, height))
        if left >= right or top >= bottom:
            continue
        px = np.arange(left, right)[None, :] + 0.5 - x0
        py = np.arange(top, bottom)[:, None] + 0.5 - y0
        dx, dy = x1 - x0, y1 - y0
        along = np.clip((px * dx + py * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
        distance = np.sqrt((px - along * dx) ** 2 + (py - along * dy) ** 2)
        patch = coverage[top:bottom, left:right]
        np.maximum(patch, np.clip(radius - distance + 0.5, 0, 1), out=patch)


def text_width(text: str, gap: float) -> float:
    """Width of `text` in glyph units, pen centre to pen centre, with `gap` units between glyphs."""
    return sum(PATHS[ch][0] for ch in text) + gap * (len(text) - 1)


def draw_text(
    coverage: Coverage,
    text: str,
    box: tuple[float, float, float, float],
    pen: float = 13.0,
    slashed: bool = False,
) -> None:
    """Draw `text` centred in `box` (x0, y0, x1, y1 in pixels) into `coverage`, as wide as fits, in place."""
    x0, y0, x1, y1 = box
    gap = 17.0 + pen / 2
    tall = (y1 - y0) / (CAP_HEIGHT + pen)
    wide = min((x1 - x0) / (text_width(text, gap) + pen), tall * 1.12)
    x = (x0 + x1 - text_width(text, gap) * wide) / 2
    top = y0 + pen / 2 * tall
    for ch in text:
        advance, path = SLASHED_ZERO if slashed and ch == "0" else PATHS[ch]
        lines = [
            (x + a * wide, top + b * tall, x + c * wide, top + d * tall) for a, b, c, d in segments(path)
        ]
        stroke(coverage, lines, pen / 2 * (wide + tall) / 2)
        x += (advance + gap) * wide
