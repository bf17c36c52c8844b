"""The cameras, and the vehicles that pass them: where each plate is at each moment.

World coordinates in metres: x to the right, y up from the road, z along the road away from the camera's post.
Times in milliseconds from the start of the capture.
"""

from dataclasses import dataclass
from math import cos, radians, sin
from random import Random

from maker.bodies import FRONTS, REARS, Body
from maker.plates import Plate, make_plate

Point = tuple[float, float]
Point3 = tuple[float, float, float]
Rect = tuple[int, int, int, int]

WIDTH, HEIGHT = 1280, 720
CAPTURE_MS = 20 * 60_000
TICK_MS = 104
MIN_READS, MAX_READS = 3, 50


@dataclass(frozen=True)
class Camera:
    """A fixed camera: its place (metres), direction (degrees), lens (focal length in pixels) and traffic."""

    name: str
    camera_id: int
    post: Point3
    pitch: float
    yaw: float
    roll: float
    focal: float
    lanes: tuple[float, ...]
    near: float
    far: float
    approaching: bool
    regions: tuple[Rect, ...]
    silent: tuple[int, int] | None

    def is_silent(self, time: float) -> bool:
        """Whether the camera sends nothing at a time in ms."""
        return self.silent is not None and self.silent[0] <= time < self.silent[1]

    def axes(self) -> tuple[Point3, Point3, Point3]:
        """Unit vectors of the picture's right, the picture's up, and the view, in world coordinates."""
        y, p, r = radians(self.yaw), radians(self.pitch), radians(self.roll)
        view = (sin(y) * cos(p), -sin(p), cos(y) * cos(p))
        flat = (cos(y), 0.0, -sin(y))
        tall = (sin(y) * sin(p), cos(p), cos(y) * sin(p))
        right = tuple(cos(r) * a + sin(r) * b for a, b in zip(flat, tall, strict=True))
        up = tuple(cos(r) * b - sin(r) * a for a, b in zip(flat, tall, strict=True))
        return (right[0], right[1], right[2]), (up[0], up[1], up[2]), view

    def project(self, point: Point3) -> Point:
        """Where a world point appears, in pixels of the frame."""
        right, up, view = self.axes()
        ray = [a - b for a, b in zip(point, self.post, strict=True)]
        depth = sum(a * b for a, b in zip(ray, view, strict=True))
        across = sum(a * b for a, b in zip(ray, right, strict=True))
        above = sum(a * b for a, b in zip(ray, up, strict=True))
        return WIDTH / 2 + self.focal * across / depth, HEIGHT / 2 - self.focal * above / depth


NORTH_GATE = Camera(
    name="North gate",
    camera_id=1323877978,
    post=(0.1, 1.9, 0.0),
    pitch=5.6,
    yaw=-1.0,
    roll=0.8,
    focal=2150.0,
    lanes=(-1.5, 1.5),
    near=5.75,
    far=14.0,
    approaching=True,
    regions=((40, 150, 1200, 560),),
    silent=None,
)
EXIT_RAMP = Camera(
    name="Exit ramp",
    camera_id=2090612415,
    post=(-0.6, 5.6, 0.0),
    pitch=22.5,
    yaw=2.4,
    roll=-1.6,
    focal=2500.0,
    lanes=(-1.7, 1.6),
    near=8.5,
    far=17.5,
    approaching=False,
    regions=((30, 20, 590, 690), (640, 20, 610, 690)),
    silent=(9 * 60_000, 13 * 60_000 + 20_000),
)
CAMERAS = (NORTH_GATE, EXIT_RAMP)


@dataclass(frozen=True)
class Arrival:
    """A vehicle to come: where, in which lane, from when (ms), and how many frames will read it."""

    camera: Camera
    lane: int
    start: int
    reads: int


@dataclass(frozen=True)
class Vehicle:
    """One vehicle's pass: its plate, its track and how many frames are to read it."""

    number: int
    camera: Camera
    plate: Plate
    lane: float
    start: int
    duration: int
    reads: int
    height: float
    offset: float
    turn: float
    lean: float
    paint: int
    shape: int

    @property
    def body(self) -> Body:
        """The vehicle's outline, from the end that its camera sees."""
        return (FRONTS if self.camera.approaching else REARS)[self.shape]

    def depth(self, time: float) -> float:
        """The plate's z in metres at a time in ms; the vehicle slows down a little on its way."""
        share = (time - self.start) / self.duration
        eased = share * (1.25 - 0.25 * share)
        first, last = self.camera.far, self.camera.near
        return first + (last - first) * eased if self.camera.approaching else last + (first - last) * eased

    def across(self, time: float) -> float:
        """The vehicle's x in metres at a time in ms: it keeps its lane but for a slow drift."""
        share = (time - self.start) / self.duration
        return self.lane + self.offset + self.turn * (share - 0.5)

    def corners(self, time: float) -> list[Point]:
        """The plate's corners in the frame: top left, top right, bottom right, bottom left."""
        x, z = self.across(time), self.depth(time)
        width, height = self.plate.issuer.size
        away = radians(self.lean)
        quad = []
        for side, rise in ((-1, 1), (1, 1), (1, -1), (-1, -1)):
            step, tilt = side * width / 2, rise * height / 2
            bank = 0.012 * self.turn * step
            quad.append(
                self.camera.project((x + step * cos(away), self.height + tilt + bank, z + step * sin(away)))
            )
        return quad

    def box(self, time: float) -> Rect:
        """The vehicle's upright box in the frame (x, y, width, height), cut at the frame's edges."""
        x, z, body = self.across(time), self.depth(time), self.body
        c, s = cos(radians(self.lean)), sin(radians(self.lean))
        outline = (
            (body.half_width, 0.0, 0.0),
            (body.half_width, body.deck_height, 0.0),
            (body.half_width * 0.78, body.roof_height, body.roof_start),
            (body.half_width * 0.78, body.roof_height, body.roof_end),
            (body.half_width + 0.2, body.deck_height, body.length * 0.4),
            (body.half_width, 0.0, body.length),
        )
        points = [
            self.camera.project((x + side * half * c - d * s, up, z + d * c + side * half * s))
            for half, up, d in outline
            for side in (-1, 1)
        ]
        left, right = max(min(p[0] for p in points), 0), min(max(p[0] for p in points), WIDTH)
        top, bottom = max(min(p[1] for p in points), 0), min(max(p[1] for p in points), HEIGHT)
        return int(left), int(top), int(right - left), int(bottom - top)


def make_traffic(rng: Random, vehicles: int) -> list[Vehicle]:
    """All passes of the capture, in order of their start; half of the vehicles at each camera."""
    passes = [one for camera in CAMERAS for one in _arrivals(rng, camera, vehicles // len(CAMERAS))]
    passes.sort(key=lambda one: one.start)
    return [_vehicle(rng, number, one) for number, one in enumerate(passes, 1)]


def _arrivals(rng: Random, camera: Camera, vehicles: int) -> list[Arrival]:
    """The camera's arrivals, spread over the capture; some vehicles come side by side or following."""
    companies = [2, 2, 2] if camera.approaching else [3, 2, 2]
    sizes = companies + [1] * (vehicles - sum(companies))
    rng.shuffle(sizes)
    open_time = CAPTURE_MS - 12_000 - (camera.silent[1] - camera.silent[0] if camera.silent else 0)
    alone = sizes.count(1)
    counts = [MIN_READS + round((MAX_READS - MIN_READS) * (n / (alone - 1)) ** 1.8) for n in range(alone)]
    rng.shuffle(counts)
    arrivals: list[Arrival] = []
    for place, size in enumerate(sizes):
        start = 2_500 + int((place + rng.uniform(0.0, 0.6)) * open_time / len(sizes))
        if camera.silent and start > camera.silent[0] - 8_000:
            start += camera.silent[1] - camera.silent[0] + 8_000
        lane = rng.randrange(len(camera.lanes))
        if size == 1:
            arrivals.append(Arrival(camera, lane, start, counts.pop()))
        else:
            arrivals.extend(_company(rng, camera, lane, start, size))
    return arrivals


def _company(rng: Random, camera: Camera, lane: int, start: int, size: int) -> list[Arrival]:
    """Vehicles that share frames: two side by side, the third close behind the first."""
    reads = rng.randrange(16, 30)
    beside = start + rng.randrange(150, 700)
    members = [Arrival(camera, lane, start, reads)]
    members.append(Arrival(camera, 1 - lane, beside, reads + rng.randrange(-4, 5)))
    if size == 3:
        members.append(Arrival(camera, lane, start + int(_duration(reads) * 0.72), reads))
    return members


def _duration(reads: int) -> int:
    """How long (ms) a vehicle stays in view so that so many frames can be read."""
    return max(800, int(reads * TICK_MS / 0.82))


def _vehicle(rng: Random, number: int, arrival: Arrival) -> Vehicle:
    """The arriving vehicle with its plate, its shape and its habits."""
    return Vehicle(
        number,
        arrival.camera,
        make_plate(rng),
        arrival.camera.lanes[arrival.lane],
        arrival.start,
        _duration(arrival.reads),
        arrival.reads,
        height=rng.uniform(0.40, 0.50) if arrival.camera.approaching else rng.uniform(0.64, 0.76),
        offset=rng.uniform(-0.16, 0.16),
        turn=rng.uniform(-0.5, 0.5),
        lean=rng.uniform(-5.0, 5.0),
        paint=rng.randrange(7),
        shape=rng.randrange(3),
    )
