"""Number plates: the formats of the sample's issuers, and how such a plate is drawn."""

import re
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from maker.glyphs import draw_text, stroke

Picture = NDArray[np.float64]
Colour = tuple[int, int, int]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
#: Pixels of a drawn plate for each metre of the real one.
PIXELS_PER_METRE = 1000.0
#: The ring of stars, from its centre (px).
STARS = ((0, -12), (6, -10), (10, -6), (12, 0), (10, 6), (6, 10), (0, 12), (-6, 10), (-10, 6), (-12, 0))


@dataclass(frozen=True)
class Issuer:
    """Who issues a plate: its region code, its formats and its look.

    A format has `A` for a letter and `9` for a digit; other characters are printed, but not read.
    """

    region: str
    title: str
    formats: tuple[str, ...]
    paper: Colour
    ink: Colour
    accent: Colour
    share: int
    slashed: bool = False

    @property
    def european(self) -> bool:
        """Whether the plate is long and low, with a blue band."""
        return self.region.startswith("eu-")

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in metres."""
        return (0.52, 0.11) if self.european else (0.305, 0.1525)

    @property
    def crop_size(self) -> tuple[int, int]:
        """Width and height (px) of the crops that the agent sends of such plates."""
        return (184, 46) if self.european else (150, 75)

    def matches(self, plate: str) -> bool:
        """Whether a spelling without separators has one of the issuer's formats."""
        return any(re.fullmatch(_pattern(form), plate) for form in self.formats)


ISSUERS = (
    Issuer("us-oh", "OHIO", ("AAA-9999", "AAA 9999"), (232, 236, 240), (26, 40, 92), (176, 60, 58), 18),
    Issuer("us-nv", "NEVADA", ("999-A99", "99A-999"), (206, 220, 232), (24, 44, 88), (118, 136, 158), 9),
    Issuer("us-or", "OREGON", ("999 AAA", "AAA 999"), (226, 230, 214), (30, 48, 66), (74, 122, 92), 12, True),
    Issuer("us-me", "MAINE", ("9999 AA", "AA 9999"), (238, 232, 214), (22, 62, 46), (60, 112, 76), 8),
    Issuer("us-ut", "UTAH", ("A99 9AA", "A999 AA"), (240, 226, 196), (60, 34, 26), (204, 110, 48), 9, True),
    Issuer("us-pa", "PENNSYLVANIA", ("AAA-9999",), (234, 232, 220), (28, 36, 70), (220, 178, 52), 8),
    Issuer("eu-de", "D", ("A AA 9999", "AA A 999"), (238, 240, 238), (20, 20, 22), (24, 60, 150), 6),
    Issuer("eu-nl", "NL", ("99-AA-99", "AA-999-A"), (240, 190, 44), (22, 20, 18), (24, 60, 150), 6),
    Issuer("eu-fr", "F", ("AA-999-AA",), (240, 241, 240), (18, 18, 22), (24, 60, 150), 4),
)


@dataclass(frozen=True)
class Plate:
    """One vehicle's plate: what is printed on it, and its extras."""

    issuer: Issuer
    printed: str
    holder: Colour | None
    sticker: Colour | None
    dirt: float
    grain: int

    @property
    def text(self) -> str:
        """The true plate: letters and digits alone."""
        return re.sub(r"[^A-Z0-9]", "", self.printed)


def _pattern(form: str) -> str:
    """The regular expression of a format, without its separators."""
    return "".join({"A": "[A-Z]", "9": "[0-9]"}.get(ch, "") for ch in form)


def make_plate(rng: Random) -> Plate:
    """A random plate of a random issuer."""
    issuer = rng.choices(ISSUERS, [one.share for one in ISSUERS])[0]
    form = rng.choice(issuer.formats)
    printed = "".join(rng.choice({"A": LETTERS, "9": DIGITS}.get(ch, ch)) for ch in form)
    holder = rng.choice([None, None, (24, 24, 26), (52, 50, 50), (150, 152, 156)])
    sticker = rng.choice([(214, 176, 40), (190, 60, 50), (70, 120, 190)])
    return Plate(
        issuer,
        printed,
        holder,
        None if issuer.european else sticker,
        rng.choice([0.0, 0.05, 0.1, 0.25]),
        rng.randrange(1 << 30),
    )


def draw_plate(plate: Plate) -> Picture:
    """The plate seen straight on: height x width x 3, values 0..255, 1 px = 1 mm."""
    width, height = (round(metres * PIXELS_PER_METRE) for metres in plate.issuer.size)
    shade = np.linspace(1.03, 0.95, height)[:, None, None]
    picture = np.ones((height, width, 3)) * np.array(plate.issuer.paper, float) * shade
    if plate.issuer.european:
        _draw_european(picture, plate)
    else:
        _draw_american(picture, plate)
    _draw_rim(picture, plate)
    _add_dirt(picture, plate)
    return np.asarray(np.clip(picture, 0, 255))


def blend(picture: Picture, coverage: NDArray[np.float64], colour: Colour, strength: float = 1.0) -> None:
    """Paint `colour` where `coverage` (0..1) says so, in place."""
    alpha = (coverage * strength)[:, :, None]
    picture += alpha * (np.array(colour, float) - picture)


def _draw_american(picture: Picture, plate: Plate) -> None:
    """Title above, a thin accent below, bolts, a year sticker, and the number with a little relief."""
    height, width = picture.shape[:2]
    rows = np.arange(height)[:, None] / height
    tint = np.clip(1 - rows / 0.30, 0, 1) * 0.55 + np.clip((rows - 0.84) / 0.16, 0, 1) * 0.5
    blend(picture, np.broadcast_to(tint, (height, width)), plate.issuer.accent)
    title = np.zeros((height, width))
    half = 11.0 * len(plate.issuer.title)
    draw_text(title, plate.issuer.title, (width / 2 - half, 10, width / 2 + half, 31), 17)
    blend(picture, title, plate.issuer.ink, 0.85)
    _draw_number(picture, plate, (15, 42, width - 15, height - 22))
    for x in (width * 0.21, width * 0.79):
        _draw_bolt(picture, x, 14)
    if plate.sticker:
        picture[8:28, width - 44 : width - 16] = plate.sticker


def _draw_european(picture: Picture, plate: Plate) -> None:
    """Blue band with a ring of stars and the country's letter, and the number."""
    height, width = picture.shape[:2]
    band = 42
    picture[:, :band] = plate.issuer.accent
    stars = np.zeros((height, width))
    for x, y in STARS:
        stroke(stars, [(21 + x, 34 + y, 21 + x, 34 + y)], 1.7)
    blend(picture, stars, (240, 206, 60))
    letters = np.zeros((height, width))
    draw_text(letters, plate.issuer.title, (7, 64, 36, 94), 18)
    blend(picture, letters, (236, 238, 240))
    _draw_number(picture, plate, (band + 10, 13, width - 12, height - 13))


def _draw_number(picture: Picture, plate: Plate, box: tuple[float, float, float, float]) -> None:
    """The embossed number: a light edge, then the ink."""
    height, width = picture.shape[:2]
    ink = np.zeros((height, width))
    draw_text(ink, plate.printed, box, 13.5, plate.issuer.slashed)
    edge = np.roll(np.roll(ink, 2, axis=0), 2, axis=1)
    blend(picture, edge, (250, 250, 250), 0.5)
    blend(picture, ink, plate.issuer.ink, 0.96)


def _draw_bolt(picture: Picture, x: float, y: float) -> None:
    """One bolt head, with its shadow."""
    head = np.zeros(picture.shape[:2])
    stroke(head, [(x + 1, y + 2, x + 1, y + 2)], 5.5)
    blend(picture, head, (70, 70, 72), 0.6)
    head[:] = 0
    stroke(head, [(x, y, x, y)], 4.5)
    blend(picture, head, (178, 180, 182))


def _draw_rim(picture: Picture, plate: Plate) -> None:
    """A printed line near the edge, or the holder that covers the edge."""
    height, width = picture.shape[:2]
    depth = np.minimum(
        np.minimum(np.arange(width), np.arange(width)[::-1])[None, :],
        np.minimum(np.arange(height), np.arange(height)[::-1])[:, None],
    )
    if plate.holder:
        blend(picture, np.clip((8 - depth) / 2, 0, 1), plate.holder, 0.95)
    else:
        blend(picture, np.clip(2.5 - np.abs(depth - 5), 0, 1), plate.issuer.ink, 0.5)


def _add_dirt(picture: Picture, plate: Plate) -> None:
    """Brownish road dirt that grows towards the lower edge."""
    height, width = picture.shape[:2]
    coarse = np.random.default_rng(plate.grain).random((height // 12 + 2, width // 12 + 2))
    spots = np.kron(coarse, np.ones((12, 12)))[:height, :width]
    rows = np.linspace(0.3, 1.0, height)[:, None]
    blend(picture, np.clip(spots * rows * 1.6, 0, 1), (112, 98, 82), plate.dirt)
