"""The places that the cameras look at, and whole frames of them with their vehicles."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from maker.bodies import Array
from maker.capture import Frame, daylight
from maker.crops import add_noise, encode, expose
from maker.painter import head_light, paint_vehicle, rays, shadow
from maker.plates import Picture, draw_plate
from maker.props import draw_props
from maker.shading import Light, light_at, smooth, surroundings
from maker.traffic import HEIGHT, WIDTH, Camera

SCALE = 0.75
#: JPEG qualities to try until a picture is no larger than so many bytes.
QUALITIES, LARGEST = (68, 60, 52, 44, 36), 58_000
ROAD_HALF = 3.6
TEXTURE_SIZE = 256


def draw_frame(frame: Frame) -> bytes:
    """The full frame as a JPEG file, each plate at its read's corners."""
    day = daylight(frame.time)
    light = light_at(day)
    picture = _place(frame, light, day)
    for read in sorted(frame.reads, key=lambda one: -one.vehicle.depth(frame.time)):
        paint_vehicle(picture, read.vehicle, frame.time, light, SCALE)
    full = _resize(_bloom(picture), (WIDTH, HEIGHT)) * _lens(1.65)
    for read in frame.reads:
        back = (read.view.gain + read.view.glare) / read.view.gain
        _stick_plate(full, draw_plate(read.vehicle.plate), back, read.corners)
    view = frame.reads[0].view
    seen = Image.fromarray(expose(full, view.gain, view.warmth).astype(np.uint8))
    seen = seen.filter(ImageFilter.GaussianBlur(0.8))
    return _compress(add_noise(seen, view.noise * 0.38, view.seed))


def _compress(image: Image.Image) -> bytes:
    """The image as a JPEG file, as good as the size allows."""
    packed = b""
    for quality in QUALITIES:
        packed = encode(image, quality)
        if len(packed) <= LARGEST:
            break
    return packed


def _lens(gain: float) -> Picture:
    """What the lens lets through: `gain`, less towards the corners."""
    across, down = np.linspace(-1, 1, WIDTH)[None, :, None], np.linspace(-0.6, 0.6, HEIGHT)[:, None, None]
    return np.asarray(gain * (1 - 0.22 * (across * across + down * down)))


def _place(frame: Frame, light: Light, day: float) -> Array:
    """The empty place with the shadows of its vehicles, `SCALE` times the frame's size."""
    camera = frame.camera
    width, height = int(WIDTH * SCALE), int(HEIGHT * SCALE)
    beams = rays(camera, 0, 0, width, height, SCALE)
    down = np.minimum(beams[:, :, 1], -1e-3)
    reach = np.minimum(-camera.post[1] / down, 400)
    x = np.asarray(camera.post[0] + beams[:, :, 0] * reach, np.float32)
    z = np.asarray(camera.post[2] + beams[:, :, 2] * reach, np.float32)
    ground = _ground(camera, x, z, reach / camera.focal / SCALE)
    level = surroundings(light, np.array([0.55], np.float32))[0] / 255
    pool = np.exp(-(((x - 0.4) / 3.2) ** 2) - ((z - (camera.near + camera.far) / 2) / 5.5) ** 2)
    lit = ground * level * (0.85 + 1.1 * light.lamps * pool[:, :, None] * np.array((1.1, 0.95, 0.72)))
    if camera.approaching:
        for read in frame.reads:
            beam = head_light(read.vehicle, frame.time, x, z) * light.lamps
            lit += ground * beam[:, :, None] * np.array((0.95, 0.9, 0.78)) * 0.8
    for read in frame.reads:
        lit *= shadow(read.vehicle, frame.time, x, z, day)[:, :, None]
    haze = np.clip((reach - 20) / 260, 0, 0.62)[:, :, None]
    lit = lit * (1 - haze) + np.array(light.horizon) * 0.75 * haze
    sky = smooth(-0.004, 0.004, beams[:, :, 1])[:, :, None]
    props = draw_props(camera, light, width, height, SCALE)
    mixed = lit * (1 - sky) + surroundings(light, beams[:, :, 1].ravel() * 3).reshape(lit.shape) * sky
    return np.asarray(mixed * (1 - props[:, :, 3:]) + props[:, :, :3] * props[:, :, 3:], np.float32)


def _ground(camera: Camera, x: Array, z: Array, footprint: Array) -> Array:
    """Asphalt with tracks and lines, kerbs and verges; `footprint` is the size of a pixel there in metres."""
    fine, coarse = _noise(x, z, 0.05, 1), _noise(x, z, 0.9, 2)
    wheels = [lane + side for lane in camera.lanes for side in (-0.75, 0.75)]
    tracks = sum(np.exp(-(((x - wheel) / 0.28) ** 2)) for wheel in wheels)
    asphalt = 92 + 22 * (fine - 0.5) * np.clip(0.03 / footprint, 0, 1) + 26 * (coarse - 0.5) - 9 * tracks
    middle = sum(camera.lanes) / len(camera.lanes)
    worn = 0.72 + 0.28 * smooth(0.2, 0.6, _noise(x, z, 0.10, 3))
    soft = footprint + 0.012
    dash = smooth(-0.02, 0.02, np.abs((z % 5.0) - 2.5) - 1.1)
    line = _stripe(x - middle, 0.06, soft) * dash
    for edge in (-ROAD_HALF + 0.35, ROAD_HALF - 0.35):
        line = np.maximum(line, _stripe(x - edge, 0.06, soft))
    if not camera.approaching:
        line = np.maximum(line, _arrows(camera, x, z, soft))
    grey = asphalt + (208 - asphalt) * line * worn * 0.85
    out = np.repeat(grey[:, :, None], 3, axis=2) * np.array((1.0, 1.0, 1.02))
    beyond = np.abs(x) - ROAD_HALF
    kerb = smooth(-0.01, 0.02, beyond)[:, :, None]
    stone = (146 + 34 * (_noise(x, z, 0.25, 4) - 0.5) - 60 * _stripe(beyond, 0.03, soft))[:, :, None]
    out = out * (1 - kerb) + stone * kerb
    blades = _noise(x, z, 0.07, 5)[:, :, None] * 0.6 + _noise(x, z, 0.6, 6)[:, :, None] * 0.8
    grass = np.array((62, 78, 40)) * (0.45 + 0.75 * blades)
    verge = smooth(0.30, 0.36, beyond)[:, :, None]
    return np.asarray(out * (1 - verge) + grass * verge, np.float32)


def _arrows(camera: Camera, x: Array, z: Array, soft: Array) -> Array:
    """An arrow in each lane, pointing away from the camera."""
    out = np.zeros_like(x)
    for lane in camera.lanes:
        shaft = np.minimum(_stripe(x - lane, 0.07, soft), _stripe(z - 11.4, 1.3, soft))
        head = np.minimum(_stripe(x - lane, 0.38 * (13.9 - z) / 1.2, soft), _stripe(z - 13.3, 0.6, soft))
        out = np.maximum(out, np.maximum(shaft, head))
    return np.asarray(out, np.float32)


def _stripe(offset: Array, half: float | Array, soft: Array) -> Array:
    """1 within `half` metres of a line, fading over `soft` metres."""
    return np.asarray(np.clip((half - np.abs(offset)) / soft + 0.5, 0, 1), np.float32)


def _noise(x: Array, z: Array, cell: float, seed: int) -> Array:
    """Smooth random values 0..1 over the ground, varying over `cell` metres."""
    table = np.random.default_rng(seed).random((TEXTURE_SIZE, TEXTURE_SIZE)).astype(np.float32)
    u, v = x / cell, z / cell
    left, low = np.floor(u), np.floor(v)
    fu, fv = u - left, v - low
    fu, fv = fu * fu * (3 - 2 * fu), fv * fv * (3 - 2 * fv)
    i, j = left.astype(int) % TEXTURE_SIZE, low.astype(int) % TEXTURE_SIZE
    i1, j1 = (i + 1) % TEXTURE_SIZE, (j + 1) % TEXTURE_SIZE
    near = table[j, i] * (1 - fu) + table[j, i1] * fu
    far = table[j1, i] * (1 - fu) + table[j1, i1] * fu
    return np.asarray(near * (1 - fv) + far * fv, np.float32)


def _bloom(picture: Array) -> Array:
    """The picture with a glow around what is brighter than white."""
    bright = np.clip((picture - 250) * 1.5, 0, 255)
    glow = np.zeros_like(picture)
    for radius, share in ((5, 0.7), (18, 1.6), (52, 2.2)):
        soft = Image.fromarray(bright.astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
        glow += np.asarray(soft, np.float32) * share
    return np.minimum(picture, 420) + glow


def _resize(picture: Array, size: tuple[int, int]) -> Picture:
    """The picture scaled to `size`, values kept."""
    bands = [
        np.asarray(Image.fromarray(picture[:, :, band], "F").resize(size, Image.Resampling.BICUBIC), float)
        for band in range(3)
    ]
    return np.stack(bands, axis=2)


def _stick_plate(picture: Picture, plate: Picture, gain: float, corners: tuple[tuple[int, int], ...]) -> None:
    """Draw the plate, `gain` times as bright, exactly into its corners (px), in place."""
    width = plate.shape[1]
    shrink = max(1, int(width / max(corners[1][0] - corners[0][0], 1) / 1.6))
    small = Image.fromarray(plate.astype(np.uint8)).reduce(shrink)
    coefficients = _homography(corners, small.width, small.height)
    mode, smoothing = Image.Transform.PERSPECTIVE, Image.Resampling.BICUBIC
    warped = small.transform((WIDTH, HEIGHT), mode, coefficients, smoothing)
    mask = Image.new("L", (WIDTH * 2, HEIGHT * 2), 0)
    ImageDraw.Draw(mask).polygon([(x * 2 + 1, y * 2 + 1) for x, y in corners], fill=255)
    cover = np.asarray(mask.resize((WIDTH, HEIGHT), Image.Resampling.BOX), float)[:, :, None] / 255
    picture += cover * (np.asarray(warped, float) * gain - picture)


def _homography(corners: tuple[tuple[int, int], ...], width: int, height: int) -> list[float]:
    """Coefficients that take a place in the frame to a place on the plate (for `Image.transform`)."""
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        right += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows, float), np.array(right, float))]
