"""The capture: which frames the two cameras sent, what was read in each, and in which order they arrived."""

from dataclasses import dataclass
from random import Random

from maker.crops import View, exposure, look
from maker.recogniser import Candidate, Habits, choose, make_habits, recognise
from maker.traffic import CAMERAS, CAPTURE_MS, TICK_MS, Camera, Vehicle, make_traffic

AGENT_UID = "7c1f0e95b83a4d62a9e40d5738fb16c2e7a9034d"
#: 2026-09-14 05:00 UTC, shortly before sunrise.
START_MS = 1_789_362_000_000


@dataclass(frozen=True)
class Read:
    """One vehicle seen in one frame; corners in px, clockwise from the top left."""

    vehicle: Vehicle
    view: View
    candidates: tuple[Candidate, ...]
    corners: tuple[tuple[int, int], ...]
    index: int

    @property
    def best(self) -> Candidate:
        """The candidate that the agent reports as the plate."""
        return choose(self.candidates)


@dataclass(frozen=True)
class Frame:
    """One analysed picture: its camera, its moment and the time spent on it (ms), and its reads."""

    camera: Camera
    time: int
    spent: float
    reads: tuple[Read, ...]

    @property
    def uuid(self) -> str:
        """The frame's id, as agents build it."""
        return f"{AGENT_UID}-{self.camera.camera_id}-{self.epoch}"

    @property
    def epoch(self) -> int:
        """Milliseconds since 1970."""
        return START_MS + self.time


def daylight(time: float) -> float:
    """How far the dawn has come at a time in ms: 0 (dusk) .. 1 (day)."""
    share = min(max((time / CAPTURE_MS - 0.05) / 0.75, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def record(rng: Random, vehicles: int) -> list[Frame]:
    """The whole capture, in the order in which the agent's threads finished."""
    traffic = make_traffic(rng, vehicles)
    frames = [frame for camera in CAMERAS for frame in _film(rng, camera, traffic)]
    return sorted(frames, key=lambda frame: (frame.time + frame.spent, frame.uuid))


def _film(rng: Random, camera: Camera, traffic: list[Vehicle]) -> list[Frame]:
    """The frames of one camera: every moment at which at least one plate was read."""
    moments: dict[int, list[Vehicle]] = {}
    ticks = [tick * TICK_MS + rng.randrange(-24, 25) for tick in range(CAPTURE_MS // TICK_MS)]
    habits = {}
    for vehicle in traffic:
        if vehicle.camera is camera:
            habits[vehicle.number] = make_habits(rng, vehicle.plate)
            seen = [tick for tick in ticks if vehicle.start <= tick < vehicle.start + vehicle.duration]
            for tick in rng.sample(seen, min(vehicle.reads, len(seen))):
                moments.setdefault(tick, []).append(vehicle)
    return [_frame(rng, camera, time, moments[time], habits) for time in sorted(moments)]


def _frame(
    rng: Random, camera: Camera, time: int, vehicles: list[Vehicle], habits: dict[int, Habits]
) -> Frame:
    """One frame; regions that turned out to be no plates leave gaps in the index."""
    order = sorted(vehicles, key=lambda vehicle: vehicle.across(time))
    if rng.random() < 0.3:
        order.reverse()
    gain = exposure(rng, daylight(time))
    reads = []
    index = 0
    for vehicle in order:
        index += rng.random() < 0.035
        reads.append(_read(rng, vehicle, time, gain, habits[vehicle.number], index))
        index += 1
    spent = rng.uniform(70, 120) + 24 * len(reads) + (rng.uniform(60, 190) if rng.random() < 0.06 else 0)
    return Frame(camera, time, spent, tuple(reads))


def _read(rng: Random, vehicle: Vehicle, time: int, gain: float, habits: Habits, index: int) -> Read:
    """One read of a vehicle: how its plate is seen, and what is made of it."""
    quad = vehicle.corners(time)
    width = (quad[1][0] - quad[0][0] + quad[2][0] - quad[3][0]) / 2
    height = (quad[3][1] - quad[0][1] + quad[2][1] - quad[1][1]) / 2
    view = look(rng, width, height, daylight(time), gain, glare=0.5 if vehicle.number % 11 == 4 else 0.0)
    corners = tuple((int(x + rng.uniform(-0.9, 0.9)), int(y + rng.uniform(-0.9, 0.9))) for x, y in quad)
    return Read(vehicle, view, recognise(rng, vehicle.plate, habits, view.clarity), corners, index)
