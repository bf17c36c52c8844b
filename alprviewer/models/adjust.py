"""Derived pictures: brightness, contrast, gamma and inversion of a crop, by Pillow.

A plate too dark to read may become readable; what is shown then is no longer what was received, so an
``Adjustment`` can say in words what it does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PIL import Image
from PySide6.QtGui import QImage

from alprviewer.language import tr

LIMIT = 100
"""Brightness and contrast go from minus this to plus this; 0 changes nothing."""
GAMMA_LIMIT = 5.0
"""Gamma goes from 1 / this to this; 1 changes nothing."""
_MOST_CONTRAST = 5.0
"""Slope of the curve at contrast 100; at -100 it is 0, a flat grey."""


@dataclass(frozen=True)
class Adjustment:
    """What to do to a picture, in this order: gamma, contrast, brightness, inversion.

    Attributes:
        brightness: -100 (black) to 100 (white).
        contrast: -100 (grey) to 100, about the middle grey.
        gamma: 0.2 to 5; above 1 lifts the shadows.
        invert: True for a negative.
    """

    brightness: int = 0
    contrast: int = 0
    gamma: float = 1.0
    invert: bool = False

    def __post_init__(self) -> None:
        if not (-LIMIT <= self.brightness <= LIMIT and -LIMIT <= self.contrast <= LIMIT):
            raise ValueError(f"brightness and contrast go from {-LIMIT} to {LIMIT}")
        if not 1 / GAMMA_LIMIT <= self.gamma <= GAMMA_LIMIT:
            raise ValueError(f"gamma goes from {1 / GAMMA_LIMIT} to {GAMMA_LIMIT}")

    @property
    def is_neutral(self) -> bool:
        """True if the picture stays as received."""
        return self == NEUTRAL

    @property
    def words(self) -> str:
        """What it does, as ``gamma 1.4, inverted``; empty where it does nothing."""
        parts = [
            tr("brightness {value}", value=signed(self.brightness)) if self.brightness else "",
            tr("contrast {value}", value=signed(self.contrast)) if self.contrast else "",
            tr("gamma {value}", value=f"{self.gamma:.2f}".rstrip("0").rstrip(".")) if self.gamma != 1 else "",
            tr("inverted") if self.invert else "",
        ]
        return ", ".join(part for part in parts if part)

    def with_(self, **changes: int | float | bool) -> Adjustment:
        """The same but for some values."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def curve(self) -> list[int]:
        """What becomes of each value from 0 to 255."""
        slope = 1 + self.contrast / LIMIT * (_MOST_CONTRAST - 1 if self.contrast > 0 else 1)
        values = []
        for level in range(256):
            value = (level / 255) ** (1 / self.gamma)
            value = (value - 0.5) * slope + 0.5 + self.brightness / LIMIT
            value = min(1.0, max(0.0, value))
            values.append(round(255 * (1 - value if self.invert else value)))
        return values


NEUTRAL = Adjustment()
"""As received."""


def signed(value: int) -> str:
    """A number with its sign, the minus as long as the plus; ``0`` has none."""
    return f"{value:+d}".replace("-", "−") if value else "0"


def to_pillow(image: QImage) -> Image.Image:
    """A Pillow picture in RGB with the same pixels."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    size = (rgb.width(), rgb.height())
    return Image.frombuffer("RGB", size, bytes(rgb.constBits()), "raw", "RGB", rgb.bytesPerLine(), 1)


def to_qimage(picture: Image.Image) -> QImage:
    """A QImage that owns its pixels."""
    rgb = picture.convert("RGB")
    image = QImage(rgb.tobytes(), rgb.width, rgb.height, 3 * rgb.width, QImage.Format.Format_RGB888)
    return image.copy()


def adjusted(image: QImage, adjustment: Adjustment) -> QImage:
    """The derived picture; ``image`` itself where the adjustment is neutral or there are no pixels."""
    if adjustment.is_neutral or image.isNull():
        return image
    return to_qimage(to_pillow(image).point(adjustment.curve() * 3))
