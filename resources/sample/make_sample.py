"""Draws the sample capture: `python resources/sample/make_sample.py` rewrites everything beside this file."""

import argparse
import csv
import io
import json
from pathlib import Path
from random import Random

from maker.capture import Frame, Read, record
from maker.crops import make_crop, mount
from maker.plates import Colour, draw_plate
from maker.scenery import draw_frame
from maker.shading import PAINTS
from maker.traffic import CAMERAS, CAPTURE_MS, Vehicle
from maker.values import Json, group_value, heartbeat_value, results_value

SEED = 20260915
VEHICLES = 60
HEARTBEAT_MS = 4 * 60_000
#: How long after a vehicle's last frame its group arrives, and which vehicles have one.
GROUP_DELAY_MS = 6_000
GROUP_EVERY = 9
#: Which results (by order of arrival) are cut short, or have a key twice.
CUT_FRAME, TWICE_FRAME = 431, 702

Crops = dict[tuple[str, int], bytes]


def main() -> None:
    """Write the capture, its truth and its frames."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write into")
    out: Path = parser.parse_args().out
    frames = record(Random(SEED), VEHICLES)
    crops = draw_crops(frames)
    pictures = out / "frames"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.jpg"):
        old.unlink()
    (out / "sample.jsonl").write_bytes("".join(capture_lines(frames, crops)).encode("ascii"))
    (out / "truth.csv").write_bytes(truth_table(frames).encode("ascii"))
    for frame in pictured(frames):
        (pictures / f"{frame.uuid}.jpg").write_bytes(draw_frame(frame))


def draw_crops(frames: list[Frame]) -> Crops:
    """Every read's crop, by uuid and plate_index."""
    vehicles = {read.vehicle.number: read.vehicle for frame in frames for read in frame.reads}
    mounted = {number: mount(draw_plate(one.plate), _surface(one)) for number, one in vehicles.items()}
    return {
        (frame.uuid, read.index): make_crop(
            mounted[read.vehicle.number], read.vehicle.plate.issuer.crop_size, read.view
        )
        for frame in frames
        for read in frame.reads
    }


def pictured(frames: list[Frame]) -> list[Frame]:
    """The frames that have a full picture: the first ones, two whole passes, company, and full day."""
    first, second = (_frames_of(frames, number) for number in (1, 2))
    last = [frame for frame in frames if frame.camera is CAMERAS[0]][-8]
    pairs = [frame for frame in frames if len(frame.reads) == 2 and frame.camera is CAMERAS[0]]
    threes = [frame for frame in frames if len(frame.reads) == 3]
    chosen = [*frames[:3], first[len(first) // 2], first[-3], second[0], second[len(second) // 2]]
    chosen += [pairs[len(pairs) // 2], threes[0], last]
    return list({frame.uuid: frame for frame in chosen}.values())


def _frames_of(frames: list[Frame], number: int) -> list[Frame]:
    """The frames that read one vehicle."""
    return [frame for frame in frames if any(read.vehicle.number == number for read in frame.reads)]


def _surface(vehicle: Vehicle) -> Colour:
    """The colour around the plate: the paint, in the shade."""
    red, green, blue = PAINTS[vehicle.paint]
    return 18 + red * 7 // 20, 18 + green * 7 // 20, 18 + blue * 7 // 20


def capture_lines(frames: list[Frame], crops: Crops) -> list[str]:
    """The capture's lines in order of arrival, with heartbeats, groups and two faults."""
    arrivals: list[tuple[float, str]] = []
    for number, frame in enumerate(frames):
        text = _compact(results_value(frame, crops))
        if number == CUT_FRAME:
            text = text[: len(text) * 2 // 3]
        elif number == TWICE_FRAME:
            text = text.replace('"img_width":1280,', '"img_width":1280,"img_width":1280,', 1)
        arrivals.append((frame.time + frame.spent, text))
    arrivals += [(at, _compact(value)) for at, value in _heartbeats(frames)]
    arrivals += [(at, _compact(value)) for at, value in _groups(frames, crops)]
    return [text + "\n" for _, text in sorted(arrivals, key=lambda one: one[0])]


def truth_table(frames: list[Frame]) -> str:
    """CSV text: the true plate and the vehicle of every read that the capture holds intact."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("uuid", "plate_index", "plate_truth", "vehicle"))
    for number, frame in enumerate(frames):
        if number != CUT_FRAME:
            table.writerows(
                (frame.uuid, read.index, read.vehicle.plate.text, read.vehicle.number) for read in frame.reads
            )
    return out.getvalue()


def _heartbeats(frames: list[Frame]) -> list[tuple[float, Json]]:
    """When each heartbeat arrives (ms from the start), and its value."""
    out: list[tuple[float, Json]] = []
    for at in range(500, CAPTURE_MS, HEARTBEAT_MS):
        plates: dict[int, int] = {}
        for frame in frames:
            if frame.time < at:
                plates[frame.camera.camera_id] = plates.get(frame.camera.camera_id, 0) + len(frame.reads)
        out.append((at, heartbeat_value(at, plates)))
    return out


def _groups(frames: list[Frame], crops: Crops) -> list[tuple[float, Json]]:
    """When each group arrives (ms from the start), and its value."""
    passes: dict[int, list[tuple[Frame, Read]]] = {}
    for number, frame in enumerate(frames):
        for read in frame.reads if number != CUT_FRAME else ():
            if read.vehicle.number % GROUP_EVERY == 1:
                passes.setdefault(read.vehicle.number, []).append((frame, read))
    return [(passed[-1][0].time + GROUP_DELAY_MS, group_value(passed, crops)) for passed in passes.values()]


def _compact(value: Json) -> str:
    """The value as one line of JSON."""
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    main()
