"""What stands beside the road: kiosk and barrier, crash barriers, lamps (flat faces), and trees far away."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from maker.bodies import Array
from maker.shading import Light
from maker.traffic import Camera, Point3

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Face:
    """A polygon in the world; `lamp` is the part of its colour that shines by itself (0..1)."""

    points: tuple[Point3, ...]
    colour: Colour
    lamp: float = 0.0


def draw_props(camera: Camera, light: Light, width: int, height: int, scale: float) -> Array:
    """The layer of props: red, green, blue (0..255) and coverage (0..1), `scale` times the frame's size."""
    far = _trees(camera, light, width, height, scale) if camera.approaching else np.zeros((height, width, 4))
    near = Image.new("RGBA", (width * 2, height * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(near)
    for face in _gate() if camera.approaching else _ramp():
        outline = [camera.project(point) for point in face.points]
        fill = tuple(int(min(value, 255)) for value in _lit(face, light))
        draw.polygon([(x * scale * 2, y * scale * 2) for x, y in outline], fill=(*fill, 255))
    soft = near.resize((width, height), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(1.1))
    return _over(far, _layer(soft))


def _layer(image: Image.Image) -> Array:
    """An RGBA image as numbers, its coverage 0..1."""
    values = np.asarray(image, np.float32)
    return np.concatenate((values[:, :, :3], values[:, :, 3:] / 255), axis=2)


def _over(below: Array, above: Array) -> Array:
    """Two layers as one."""
    cover = above[:, :, 3:]
    rest = below[:, :, 3:] * (1 - cover)
    total = np.maximum(cover + rest, 1e-6)
    colour = (above[:, :, :3] * cover + below[:, :, :3] * rest) / total
    return np.asarray(np.concatenate((colour, cover + rest), axis=2), np.float32)


def _lit(face: Face, light: Light) -> list[float]:
    """The face's colour under the light."""
    level = [0.35 * z + 0.5 * h for z, h in zip(light.zenith, light.horizon, strict=True)]
    return [
        c * (a / 255) * (1 - face.lamp) + c * face.lamp * (0.1 + 0.9 * light.lamps)
        for c, a in zip(face.colour, level, strict=True)
    ]


def _box(low: Point3, high: Point3, colour: Colour) -> list[Face]:
    """The faces of an upright box that a camera before it sees: left, right, top, front."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    sides = [
        (((x0, y0, z0), (x0, y1, z0), (x0, y1, z1), (x0, y0, z1)), 0.72),
        (((x1, y0, z0), (x1, y1, z0), (x1, y1, z1), (x1, y0, z1)), 0.66),
        (((x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)), 1.15),
        (((x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)), 0.9),
    ]
    return [Face(points, (colour[0] * k, colour[1] * k, colour[2] * k)) for points, k in sides]


def _upright(x0: float, x1: float, y0: float, y1: float, z: float, colour: Colour, lamp: float = 0.0) -> Face:
    """An upright rectangle that faces the camera."""
    return Face(((x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)), colour, lamp)


def _gate() -> list[Face]:
    """A low building far away, a kiosk with a lit window, and an open barrier on each side."""
    faces = _box((-30.0, 0.0, 70.0), (-12.0, 5.2, 80.0), (150, 146, 142))
    for n in range(7):
        faces.append(_upright(-28.6 + 2.4 * n, -27.4 + 2.4 * n, 2.2, 3.8, 69.8, (255, 206, 140), 0.75))
    faces += _box((9.0, 0.0, 58.0), (20.0, 4.0, 66.0), (168, 160, 150))
    faces += _lamp_posts(camera_side=6.2, depths=(62.0, 44.0, 30.0, 21.0))
    faces += _box((-7.4, 0.0, 19.0), (-5.0, 2.55, 21.4), (214, 210, 200))
    faces += [_upright(-7.1, -5.3, 1.05, 2.05, 18.95, (255, 222, 164), 0.7)]
    faces += [_upright(-6.24, -6.16, 1.05, 2.05, 18.9, (90, 88, 84))]
    faces += _box((-7.7, 2.55, 18.7), (-4.7, 2.78, 21.7), (92, 94, 98))
    for side in (-1, 1):
        x = side * 3.95
        faces += _arm(x, side)
        faces += _box((x - 0.19, 0.0, 15.6), (x + 0.19, 1.12, 15.9), (226, 178, 48))
        faces += [_upright(x - 0.19, x + 0.19, 0.84, 0.95, 15.58, (60, 60, 62))]
    return faces


def _arm(x: float, side: int) -> list[Face]:
    """A raised barrier arm, red and white."""
    faces = []
    for part in range(9):
        low, high = 1.0 + part * 0.34, 1.0 + (part + 1) * 0.34
        a, b = x - side * low * 0.07, x - side * high * 0.07
        colour = (206.0, 52.0, 44.0) if part % 2 else (236.0, 236.0, 234.0)
        foot, tip = ((a - 0.045, a + 0.045, low), (b + 0.045, b - 0.045, high))
        points = tuple((x, y, 15.55) for x0, x1, y in (foot, tip) for x in (x0, x1))
        faces.append(Face(points, colour))
    return faces


def _lamp_posts(camera_side: float, depths: tuple[float, ...]) -> list[Face]:
    """Street lamps on both sides of the road, the farthest first."""
    faces = []
    for z in depths:
        for side in (-1, 1):
            x = side * camera_side
            faces.append(_upright(x - 0.06, x + 0.06, 0.0, 5.0, z, (96, 98, 102)))
            head = (x - side * 1.3, x) if side > 0 else (x, x - side * 1.3)
            faces.append(_upright(head[0], head[1], 4.95, 5.12, z, (255, 236, 196), 0.9))
    return faces


def _ramp() -> list[Face]:
    """Crash barriers along both sides of the ramp."""
    faces = []
    for x in (-4.35, 4.35):
        for step in range(15):
            z = 34.0 - 2 * step
            faces.append(_upright(x - 0.06, x + 0.06, 0.0, 0.6, z, (104, 106, 110)))
        for low, high, level in ((0.42, 0.53, 0.66), (0.53, 0.64, 0.95), (0.64, 0.76, 0.74)):
            colour = (206 * level, 210 * level, 214 * level)
            faces.append(Face(((x, low, 4.0), (x, high, 4.0), (x, high, 40.0), (x, low, 40.0)), colour))
    return faces


def _trees(camera: Camera, light: Light, width: int, height: int, scale: float) -> Array:
    """Rows of trees at the horizon, out of focus, the nearer the darker."""
    base = camera.project((0.0, 0.0, 400.0))[1] * scale
    out = np.zeros((height, width, 4), np.float32)
    rows = np.arange(height)[:, None]
    rng = np.random.default_rng(11)
    for layer, level in enumerate((0.50, 0.36, 0.26)):
        tops = sum(
            np.interp(np.arange(width), np.linspace(0, width, count), rng.random(count)) * tall
            for count, tall in ((7, 34), (23, 20), (90, 9))
        )
        cover = np.clip((rows - (base - (tops * 0.8 + 12 - 7 * layer) * scale * 1.35)) / 3, 0, 1)
        cover = cover * np.clip((base + 3 + 3 * layer - rows) / 4, 0, 1)
        leaves = np.kron(rng.random((height // 3 + 1, width // 3 + 1)), np.ones((3, 3)))[:height, :width]
        tint = np.array([c * k for c, k in zip(light.horizon, (0.86, 0.98, 0.74), strict=True)]) * level
        shade = tint * (0.75 + 0.5 * leaves[:, :, None])
        out = _over(out, np.asarray(np.concatenate((shade, cover[:, :, None]), axis=2), np.float32))
    packed = np.concatenate((out[:, :, :3], out[:, :, 3:] * 255), axis=2)
    sharp = Image.fromarray(packed.astype(np.uint8), "RGBA")
    return _layer(sharp.filter(ImageFilter.GaussianBlur(2.6 * scale)))
