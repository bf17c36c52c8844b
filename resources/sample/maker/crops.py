"""How a plate is seen: light, blur and noise; and the straightened crop that an agent sends of it."""

from dataclasses import dataclass
from io import BytesIO
from random import Random

import numpy as np
from PIL import Image, ImageFilter

from maker.plates import Colour, Picture

JPEG_QUALITY = 40
#: Pixels (1 px = 1 mm) of the vehicle around the drawn plate.
MARGIN = 40


@dataclass(frozen=True)
class View:
    """One look at a plate.

    Attributes:
        width, height: the plate's size in the frame (px).
        blur: standard deviation (px of the frame).
        gain: the scene's light; glare: what the plate throws back besides; warmth: the light's tint (0..0.1).
        noise: standard deviation (grey levels).
        skew: what the straightening missed, for each corner's x and y (share of the plate's size).
        seed: for the noise.
    """

    width: float
    height: float
    blur: float
    gain: float
    glare: float
    noise: float
    warmth: float
    skew: tuple[float, ...]
    seed: int

    @property
    def clarity(self) -> float:
        """How well the plate can be read: 0 (not at all) .. 1 (perfectly)."""
        size = min(max((self.height - 14) / 17, 0.0), 1.0)
        sharp = 1 / (1 + 0.55 * self.blur * self.blur)
        light = 1 - min(self.noise / 60, 0.4) - min(abs(self.gain + self.glare - 0.9), 0.6) * 0.35
        return min(max(0.08 + 0.92 * size * sharp * light * 1.12, 0.0), 1.0)


def exposure(rng: Random, daylight: float) -> float:
    """The gain of one frame; `daylight` is 0 (dusk) .. 1 (day)."""
    return (0.68 + 0.28 * daylight) * rng.uniform(0.85, 1.15)


def look(rng: Random, width: float, height: float, daylight: float, gain: float, glare: float) -> View:
    """A random view of a plate `width` x `height` px large in a frame of that gain."""
    blur = rng.choice((0.35, 0.45, 0.6, 0.8, 1.2))
    return View(
        width,
        height,
        blur=blur * rng.uniform(0.8, 1.2) * (0.7 + 0.3 * min(height / 40, 1.5)),
        gain=gain,
        glare=glare,
        noise=3.0 + 9.0 * (1 - daylight) * rng.uniform(0.6, 1.2),
        warmth=0.10 * (1 - daylight) * rng.uniform(0.3, 1.0),
        skew=tuple(rng.uniform(-0.02, 0.02) for _ in range(8)),
        seed=rng.randrange(1 << 40),
    )


def mount(drawn: Picture, surface: Colour) -> Image.Image:
    """The drawn plate with `MARGIN` px of the vehicle around it."""
    tall, wide = drawn.shape[:2]
    mounted = Image.new("RGB", (wide + 2 * MARGIN, tall + 2 * MARGIN), surface)
    mounted.paste(Image.fromarray(drawn.astype(np.uint8)), (MARGIN, MARGIN))
    return mounted


def make_crop(mounted: Image.Image, size: tuple[int, int], view: View) -> bytes:
    """The read's crop of a mounted plate: a JPEG file of that size (px), straightened."""
    wide, tall = mounted.width - 2 * MARGIN, mounted.height - 2 * MARGIN
    sides = _sides(wide, tall, view.skew)
    straight = mounted.transform(size, Image.Transform.QUAD, sides, Image.Resampling.BICUBIC)
    lit = Image.fromarray(
        expose(np.asarray(straight, float), view.gain + view.glare, view.warmth).astype(np.uint8)
    )
    seen = (max(int(view.width), 8), max(int(view.height), 6))
    if seen[0] < size[0]:
        lit = lit.resize(seen, Image.Resampling.BOX)
    blurred = lit.filter(ImageFilter.GaussianBlur(view.blur))
    return encode(
        add_noise(blurred, view.noise, view.seed).resize(size, Image.Resampling.BICUBIC), JPEG_QUALITY
    )


def expose(picture: Picture, gain: float, warmth: float) -> Picture:
    """The picture under a light: gain, a warm tint (0..0.1), and soft highlights."""
    tint = np.array((1 + warmth, 1.0, 1 - 1.4 * warmth))
    lit = picture * gain * tint
    return np.asarray(np.clip(np.where(lit > 200, 200 + (lit - 200) * 0.45, lit), 0, 255))


def add_noise(image: Image.Image, noise: float, seed: int) -> Image.Image:
    """The image with sensor noise of `noise` grey levels (standard deviation), equal for equal seeds."""
    values = np.asarray(image, float)
    grain = np.random.default_rng(seed).random((*values.shape[:2], 3))
    brightness = (grain.sum(axis=2, keepdims=True) - 1.5) * 2.0
    colour = (grain - 0.5) * 1.2
    return Image.fromarray(np.clip(values + (brightness + colour) * noise, 0, 255).astype(np.uint8))


def encode(image: Image.Image, quality: int) -> bytes:
    """The image as a JPEG file."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _sides(width: int, height: int, skew: tuple[float, ...]) -> tuple[float, ...]:
    """The plate's quad (top left, bottom left, bottom right, top right, in px), roughly straightened."""
    edge = 0.03
    corners = ((-edge, -edge), (-edge, 1 + edge), (1 + edge, 1 + edge), (1 + edge, -edge))
    out: list[float] = []
    for n, (x, y) in enumerate(corners):
        out += [(x + skew[2 * n]) * width + MARGIN, (y + 2 * skew[2 * n + 1]) * height + MARGIN]
    return tuple(out)
