"""Passes and consensus: right or wrong on recordings whose truth is known, and time on many reads.

The recordings are read through the program itself. Pairs of reads tell how well passes are found: precision
is the share of pairs put into one pass that are of one vehicle, recall the share of a vehicle's pairs that
were put together. A vehicle counts as right where the pass that holds most of its reads has its plate as
consensus; the two other ways to take a plate from the same passes stand beside it.
"""

from __future__ import annotations

import csv
import math
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from alprviewer.capture.intake import load
from alprviewer.core.consensus import FLOOR
from alprviewer.core.passes import PassReads, PassRules, find_passes
from alprviewer.core.plates import normal_form
from alprviewer.store.passes import Passes, find, pass_reads
from tests.bench import data
from tests.bench.options import Options
from tests.bench.report import Row
from tests.bench.timing import MeasureError
from tests.helpers.realdata import REAL

SETS = ("us", "eu", "hard")
GOALS = {"us": 75.0, "eu": 86.0}
"""Percent of vehicles right."""
MANY = (1_000_000, 5_000_000)
WITH_CONSENSUS = 200_000
"""Reads of the drawn capture whose consensus is timed."""
_BINS = (FLOOR, 0.5, 0.8, 0.95, 0.99, 1.0)


@dataclass(frozen=True)
class Judged:
    """How a recording came out.

    Attributes:
        precision, recall: of pairs of reads.
        right: percent of vehicles by way of taking a plate.
        alike: percent of vehicles whose plate is right if 0 and O are the same: in some truths they were
            confused, against the formats of the issuer.
        told: for each pass with a consensus its probability and whether it is its vehicle's plate.
        vehicles: how many.
        seconds: of processor time for passes and consensus.
    """

    precision: float
    recall: float
    right: dict[str, float]
    alike: float
    told: list[tuple[float, bool]]
    vehicles: int
    seconds: float


def _pairs(keys: Sequence[Hashable]) -> int:
    return sum(math.comb(count, 2) for count in Counter(keys).values())


def judge(name: str) -> Judged:
    """Find passes and consensus of a recording and compare them with the truth.

    Raises:
        MeasureError: the recording is not there.
    """
    source = REAL / f"{name}-passes.jsonl"
    if not source.exists():
        raise MeasureError(f"needs {source}")
    with source.with_suffix("").with_suffix(".truth.csv").open(newline="") as file:
        truth = {(row["uuid"], int(row["plate_index"])): row for row in csv.DictReader(file)}
    capture = load([str(source)])
    columns = capture.columns
    begun = time.process_time()
    passes = find(columns, PassRules())
    seconds = time.process_time() - begun
    frames = columns.reads.column("frame")
    heads, tails = columns.frames.column("uuid_head"), columns.frames.column("uuid_tail")
    known: list[tuple[int, dict[str, str]]] = []
    for row in np.flatnonzero(~passes.copy).tolist():
        frame = int(frames[row])
        uuid = f"{columns.text('uuid_head', int(heads[frame]))}-{tails[frame]}"
        known.append((row, truth[uuid, int(columns.reads.column("plate_index")[row])]))
    of_pass = [int(passes.of_read[row]) for row, _ in known]
    vehicle = [entry["vehicle"] for _, entry in known]
    both = _pairs(list(zip(of_pass, vehicle, strict=True)))
    return Judged(
        both / max(_pairs(of_pass), 1),
        both / max(_pairs(vehicle), 1),
        *_right(columns, passes, known),
        len(set(vehicle)),
        seconds,
    )


def _right(
    columns: Any, passes: Passes, known: list[tuple[int, dict[str, str]]]
) -> tuple[dict[str, float], float, list[tuple[float, bool]]]:
    of_vehicle: defaultdict[str, list[int]] = defaultdict(list)
    of_pass: defaultdict[int, list[int]] = defaultdict(list)
    plate: dict[str, str] = {}
    truths: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row, entry in known:
        number = int(passes.of_read[row])
        of_vehicle[entry["vehicle"]].append(number)
        of_pass[number].append(row)
        plate[entry["vehicle"]] = normal_form(entry["plate_truth"])
        truths[number][normal_form(entry["plate_truth"])] += 1
    alike = 0
    right = {"consensus": 0, "most confident read": 0, "most frequent read": 0}
    for vehicle, numbers in of_vehicle.items():
        number = Counter(numbers).most_common(1)[0][0]
        texts = [columns.text("plate", int(columns.reads.column("plate")[row])) for row in of_pass[number]]
        best = int(passes.table["best_read"][number])
        taken = {
            "consensus": passes.consensus[number],
            "most confident read": columns.text("plate", int(columns.reads.column("plate")[best])),
            "most frequent read": Counter(texts).most_common(1)[0][0],
        }
        for way, text in taken.items():
            right[way] += text is not None and normal_form(text) == plate[vehicle]
        alike += (passes.consensus[number] or "").replace("O", "0") == plate[vehicle].replace("O", "0")
    told = [
        (float(passes.table["probability"][number]), consensus == truths[number].most_common(1)[0][0])
        for number, consensus in enumerate(passes.consensus)
        if consensus is not None and number in truths
    ]
    count = len(of_vehicle) / 100
    return {way: each / count for way, each in right.items()}, alike / count, told


def reliability(told: Sequence[tuple[float, bool]]) -> list[tuple[str, int, float, float]]:
    """The table of reliability: range of probabilities, passes, mean probability, share that is right."""
    found: list[tuple[str, int, float, float]] = []
    for low, high in pairwise(_BINS):
        inside = [(p, hit) for p, hit in told if low <= p < high or (high == 1.0 and p >= high)]
        if inside:
            mean = float(np.mean([p for p, _ in inside]))
            found.append((f"{low:.2f}–{high:.2f}", len(inside), mean, float(np.mean([h for _, h in inside]))))
    return found


def log_loss(told: Sequence[tuple[float, bool]]) -> float:
    """The mean of −ln(probability of what was the case): the lower, the better the probabilities."""
    return float(np.mean([-math.log(max(p if hit else 1 - p, 1e-9)) for p, hit in told]))


def _many(reads: PassReads, count: int) -> PassReads:
    """At least so many reads: the same ones again and again, each time later."""
    times = -(-count // len(reads.time))
    span = int(reads.time.max() - reads.time.min()) + 600_000
    later = np.repeat(np.arange(times), len(reads.time))
    repeated = [np.concatenate([column] * times) for column in reads]
    found = PassReads(*repeated)
    return found._replace(
        time=found.time + later * span,
        frame=found.frame + later * (int(reads.frame.max()) + 1),
        tail=found.tail + later * span,
    )


def _times(options: Options) -> list[Row]:
    columns = load([str(REAL / "us-passes.jsonl")]).columns
    reads, _ = pass_reads(columns, len(columns.reads))
    found: list[Row] = []
    for count in MANY:
        many = _many(reads, count)
        options.say(f"passes of {count:,} reads")
        begun = time.process_time()
        passes = find_passes(many, PassRules())
        seconds = time.process_time() - begun
        note = f"{len(np.unique(passes.first)):,} passes; processor time of one thread"
        found.append(Row(f"find the passes of {count:,} reads", seconds, "s", goal="seconds", note=note))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.jsonl"
        data.write_capture(path, WITH_CONSENSUS, crops=False)
        columns = load([str(path)]).columns
    options.say(f"passes and consensus of {len(columns.reads):,} reads")
    begun = time.process_time()
    both = find(columns, PassRules())
    seconds = time.process_time() - begun
    title = f"find passes and consensus of {len(columns.reads):,} reads"
    found.append(Row(title, seconds, "s", note=f"{len(both):,} passes; processor time of one thread"))
    return found


def rows(options: Options) -> list[Row]:
    """Figures of the recordings, then times."""
    found: list[Row] = []
    for name in SETS:
        options.say(f"{name}-passes")
        judged = judge(name)
        passes_right = 100 * judged.precision, 100 * judged.recall
        for what, percent in zip(("precision", "recall"), passes_right, strict=True):
            found.append(Row(f"{name}: {what} of pairs in a pass", percent, "%"))
        ours, goal = judged.right["consensus"], GOALS.get(name)
        found += [
            Row(
                f"{name}: plates right, {judged.vehicles} vehicles",
                ours,
                "%",
                judged.right[way],
                way,
                f"{goal:.0f} %" if goal else "",
                ours >= goal if goal else None,
            )
            for way in ("most confident read", "most frequent read")
        ]
        found.append(Row(f"{name}: plates right, 0 and O the same", judged.alike, "%"))
        found.append(Row(f"{name}: log loss of probabilities", log_loss(judged.told), "nats"))
        found += [
            Row(
                f"{name}: right of {count} at probability {label}",
                100 * share,
                "%",
                100 * mean,
                "mean probability",
            )
            for label, count, mean, share in reliability(judged.told)
        ]
        found.append(Row(f"{name}: passes and consensus", judged.seconds, "s"))
    return found + _times(options)
