"""What a point of a vehicle looks like: paint, glass, lights, and what is reflected in them.

Colours are red, green, blue with 255 = white paper under the scene's light.
"""

from dataclasses import dataclass, field

import numpy as np

from maker.bodies import EDGE, Array, Body, cabin, hull, rounded, wheels
from maker.plates import Colour

#: Half-way through the boot lid's edge: centre x, centre y, half width, half height (metres).
BOOT_LID = (0.0, 0.81, 0.555, 0.29)
PAINTS: tuple[Colour, ...] = (
    (196, 198, 200),
    (58, 62, 68),
    (222, 222, 218),
    (30, 52, 92),
    (112, 24, 28),
    (122, 128, 132),
    (24, 64, 54),
)


@dataclass(frozen=True)
class Light:
    """The light of a moment: sky above, sky at the horizon, ground below; lamps 0 (off) .. 1 (bright)."""

    zenith: tuple[float, ...]
    horizon: tuple[float, ...]
    ground: tuple[float, ...]
    lamps: float


def light_at(daylight: float) -> Light:
    """The light between dusk (0) and day (1)."""
    dusk = ((84, 102, 146), (224, 166, 132), (48, 47, 52))
    day = ((150, 178, 214), (226, 230, 232), (86, 84, 80))
    zenith, horizon, ground = (
        tuple(a + (b - a) * daylight for a, b in zip(early, late, strict=True))
        for early, late in zip(dusk, day, strict=True)
    )
    return Light(zenith, horizon, ground, 1.0 - 0.62 * daylight)


def surroundings(light: Light, up: Array) -> Array:
    """What is seen in a direction whose upward part is `up` (-1..1): ground, horizon, sky."""
    high = np.clip(up / 0.75, 0, 1)[:, None]
    low = np.clip(-up / 0.10, 0, 1)[:, None]
    sky = np.array(light.horizon) * (1 - high) + np.array(light.zenith) * high
    return np.asarray(sky * (1 - low) + np.array(light.ground) * low, np.float32)


def smooth(edge0: float, edge1: float, value: Array) -> Array:
    """0 before `edge0`, 1 beyond `edge1`, smooth between."""
    t = np.clip((value - edge0) / (edge1 - edge0), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def panel(
    x: Array, y: Array, box: tuple[float, float, float, float], corner: float, soft: float = 0.012
) -> Array:
    """1 inside a rounded rectangle (centre x, centre y, half width, half height, in metres), 0 outside."""
    dx, dy = np.abs(x - box[0]) - box[2] + corner, np.abs(y - box[1]) - box[3] + corner
    outside = np.sqrt(np.maximum(dx, 0) ** 2 + np.maximum(dy, 0) ** 2)
    return 1 - smooth(-soft, soft, outside + np.minimum(np.maximum(dx, dy), 0) - corner)


@dataclass
class Surface:
    """Points of a vehicle (x, y, d), and what they are made of; `near` is 1 on the end with the plate."""

    body: Body
    at: Array
    near: Array
    base: Array = field(init=False)
    gloss: Array = field(init=False)
    shine: Array = field(init=False)

    def __post_init__(self) -> None:
        self.base = np.zeros(self.at.shape, np.float32)
        self.gloss = np.zeros(len(self.at), np.float32)
        self.shine = np.zeros(self.at.shape, np.float32)

    def cover(self, amount: Array | float, colour: Colour | Array, gloss: float) -> None:
        """Replace `amount` (0..1) of the material by a colour and a gloss."""
        share = np.broadcast_to(np.asarray(amount, np.float32), self.gloss.shape)
        self.base += share[:, None] * (np.asarray(colour, np.float32) - self.base)
        self.gloss += share * (gloss - self.gloss)

    def glow(self, amount: Array, colour: tuple[float, float, float]) -> None:
        """Let the points shine by themselves."""
        self.shine += amount[:, None] * np.array(colour, np.float32)


def shade(
    body: Body, front: bool, paint: int, plate: float, at: Array, normal: Array, ray: Array, light: Light
) -> Array:
    """The colour at points `at` (x, y, d) with their normals, seen along `ray`; `plate` is its height."""
    near = smooth(0.05, -0.25, normal[:, 2]) * smooth(0.55, 0.30, at[:, 2])
    surface = Surface(body, at, near)
    surface.cover(1.0, PAINTS[paint], 0.55)
    _tyres(surface)
    (_front if front else _rear)(surface, plate, light)
    _glass(surface)
    facing = np.clip(-(normal * ray).sum(axis=1), 0, 1)
    mirror = ray + 2 * facing[:, None] * normal
    fresnel = np.minimum((0.05 + 0.95 * (1 - facing) ** 5) * surface.gloss, 0.55)
    open_sky = (0.45 + 0.55 * smooth(0.0, 0.8, at[:, 1])) * (0.72 + 0.28 * normal[:, 1])
    diffuse = surface.base * surroundings(light, normal[:, 1] * 0.9 + 0.12) / 255 * open_sky[:, None]
    reflected = surroundings(light, mirror[:, 1]) * fresnel[:, None] * 0.9
    return np.asarray(diffuse + reflected + surface.shine, np.float32)


def _tyres(surface: Surface) -> None:
    """Rubber where the wheels are the nearest part."""
    x, y, d = surface.at.T
    shell = rounded(hull(surface.body, x, y, d), EDGE)
    rubber = np.asarray(wheels(surface.body, x, y, d) < shell - 0.004, np.float32)
    surface.cover(rubber, (22, 22, 24), 0.05)


def _glass(surface: Surface) -> None:
    """Windows: inside each slanted face of the cabin, away from the pillars; behind them two seats."""
    body = surface.body
    x, y, d = surface.at.T
    faces = np.stack(cabin(body, x, y, d)[:4])
    above = y - body.deck_height - body.deck_slope * min(body.glass_start, 1.6)
    seats = panel(np.abs(x), above, (0.36, 0.22, 0.10, 0.15), 0.09, 0.05)
    inside = np.array((30, 34, 38), np.float32) * (1 - 0.42 * seats[:, None])
    for one in (0, 2):
        others = np.delete(faces, one, axis=0).max(axis=0)
        window = smooth(-0.06, -0.03, faces[one]) * smooth(-0.085, -0.11, others) * smooth(0.03, 0.06, above)
        surface.cover(window, inside, 2.8)


def _front(surface: Surface, plate: float, light: Light) -> None:
    """Grille and badge, creases, intake, fog lamps, head lamps, and the plate's holder."""
    x, y, _ = surface.at.T
    near, side = surface.near, np.abs(x)
    top = surface.body.deck_height - 0.16
    slats = 0.5 + 0.5 * np.sign(np.abs((y * 26) % 1 - 0.5) - 0.22)
    surface.cover(near * panel(x, y, (0, top, 0.44, 0.085), 0.05), (20, 21, 23), 0.2)
    surface.cover(near * panel(x, y, (0, top, 0.42, 0.07), 0.04) * slats * 0.5, (120, 122, 126), 0.6)
    surface.cover(near * panel(x, y, (0, top, 0.05, 0.05), 0.05), (190, 192, 196), 0.9)
    surface.cover(near * panel(x, y, (0, 0.29, 0.62, 0.07), 0.05), (18, 18, 20), 0.1)
    surface.cover(near * smooth(0.235, 0.215, y), (24, 24, 26), 0.1)
    bonnet = smooth(0.014, 0.006, np.abs(y - top - 0.115 + 0.03 * x * x))
    bumper = smooth(0.016, 0.008, np.abs(y - 0.565))
    surface.cover(near * (bonnet + bumper) * 0.55 * smooth(0.90, 0.84, side), (20, 20, 22), 0.2)
    surface.cover(near * panel(side, y, (0.68, 0.42, 0.085, 0.05), 0.04), (26, 27, 29), 0.5)
    lamp = near * panel(side, y + 0.12 * (side - 0.7), (0.69, top + 0.03, 0.155, 0.075), 0.06)
    bulb = near * panel(side, y, (0.70, top + 0.02, 0.055, 0.05), 0.05, 0.02)
    surface.cover(lamp, (74, 78, 84), 1.1)
    surface.glow(bulb * (150 + 500 * light.lamps), (1.0, 0.96, 0.88))
    surface.glow(lamp * (18 + 60 * light.lamps), (1.0, 0.97, 0.92))
    surface.cover(near * panel(x, y, (0, plate, 0.30, 0.10), 0.02, 0.03) * 0.6, (30, 30, 32), 0.1)


def _rear(surface: Surface, plate: float, light: Light) -> None:
    """Boot lid, plate recess with its lamp, bumper, tail lamps and reflectors."""
    x, y, _ = surface.at.T
    near, side = surface.near, np.abs(x)
    top = surface.body.deck_height - 0.15
    lid = panel(side, y, BOOT_LID, 0.045)
    surface.cover(near * 4 * lid * (1 - lid), (16, 16, 18), 0.1)
    surface.cover(near * panel(x, y, (0, plate, 0.34, 0.115), 0.03, 0.02) * 0.75, (34, 34, 36), 0.15)
    surface.cover(near * panel(x, y, (0, 0.27, 0.66, 0.065), 0.04), (22, 22, 24), 0.1)
    surface.cover(near * smooth(0.013, 0.006, np.abs(y - 0.53)), (20, 20, 22), 0.1)
    lamp = near * panel(side, y - 0.05 * (side - 0.7), (0.72, top, 0.165, 0.095), 0.05)
    core = near * panel(side, y, (0.75, top + 0.01, 0.10, 0.045), 0.03, 0.03)
    surface.cover(lamp, (116, 14, 14), 1.1)
    surface.glow(core * (70 + 250 * light.lamps), (1.0, 0.13, 0.08))
    surface.glow(lamp * (10 + 60 * light.lamps), (1.0, 0.10, 0.06))
    surface.cover(near * panel(side, y, (0.66, 0.40, 0.09, 0.018), 0.01), (140, 24, 20), 0.6)
    around = panel(x, y, (0, plate, 0.30, 0.10), 0.02, 0.06)
    surface.glow(near * around * light.lamps, (26.0, 26.0, 26.0))
