"""What can be counted of a capture: its judged reads and passes, and what they can be divided by."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from statistics import median
from typing import NamedTuple

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.core.decision import WITH_PLATE, Act, Target
from alprviewer.core.errors import Cancelled
from alprviewer.core.metrics import Kind, Sample
from alprviewer.core.plates import normal_form
from alprviewer.core.standing import Placed
from alprviewer.core.triage import is_drawn
from alprviewer.review.matching import Judged
from alprviewer.store.passes import NO_PASS

BAND = 5
"""Percent of confidence in a band."""
EDGES = tuple(range(0, 101, BAND))


class PassSample(NamedTuple):
    """A judged pass.

    Attributes:
        number: of the pass.
        truth: the true plate, in normal form as the others.
        best: what its best read says.
        consensus: what its reads support together; empty where there is none.
        best_row: row of its best read.
        rows: of its judged reads.
        drawn: True if it was drawn at random to be judged.
    """

    number: int
    truth: str
    best: str
    consensus: str
    best_row: int
    rows: tuple[int, ...]
    drawn: bool


class Pace(NamedTuple):
    """How long deciding took, where that is known.

    Attributes:
        decisions: how many say how long they took.
        reads: reads of this capture that they are about.
        seconds: that a decision took; the median, since somebody may have had a coffee.
    """

    decisions: int
    reads: int
    seconds: float

    @property
    def seconds_a_read(self) -> float:
        """One decision is often about all reads of a pass."""
        return self.seconds * self.decisions / self.reads


class Gathered(NamedTuple):
    """What can be counted.

    Attributes:
        reads: judged reads, each once, however often its frame was delivered.
        disputed: reads that reviewers disagree about; they are not counted.
        passes: judged passes.
        disputed_passes: passes that reviewers, or the verdicts about single reads, disagree about.
        unweighed: judged passes whose consensus nobody has looked for yet; they are not counted.
        drawn_passes: how many passes are drawn at random to be judged; None where passes are not known.
        drawn_judged: how many of them have a judged read.
        total: reads of the capture, each once.
        pace: how long deciding took; None where no decision says so.
    """

    reads: list[Sample]
    disputed: int
    passes: list[PassSample]
    disputed_passes: int
    unweighed: int = 0
    drawn_passes: int | None = None
    drawn_judged: int = 0
    total: int = 0
    pace: Pace | None = None


def gather(capture: Capture, judged: Judged, still_wanted: Callable[[], bool] = lambda: True) -> Gathered:
    """The judged reads of a capture, and its judged passes if its passes were found.

    Args:
        capture: what the reads are of.
        judged: what was decided of them.
        still_wanted: asked now and then.

    Raises:
        Cancelled: the answer is not wanted any more.
    """
    reads: list[Sample] = []
    seen: set[str] = set()
    took: dict[Target, tuple[float, int]] = {}
    drawn, disputed = _drawn(capture), 0
    for row in sorted(judged.digests):
        if not still_wanted():
            raise Cancelled
        standing = judged.read(row)
        if standing is None or judged.digests[row] in seen:
            continue
        seen.add(judged.digests[row])
        disputed += standing.disputed
        if standing.decision is not None:
            reads.append(_sample(capture, row, standing.decision, _is_of(capture, row, drawn)))
            seconds, target = standing.decision.entry.seconds, standing.decision.target
            if seconds is not None:
                took[target] = seconds, took.get(target, (0.0, 0))[1] + 1
    passes = capture.passes
    gathered = Gathered(
        reads,
        disputed,
        [],
        0,
        drawn_passes=None if drawn is None else int(np.count_nonzero(drawn)),
        drawn_judged=0
        if passes is None
        else len({int(passes.of_read[each.row]) for each in reads if each.drawn}),
        total=int(np.count_nonzero(counted_once(capture))),
        pace=_pace(took),
    )
    return gathered if drawn is None else _with_passes(capture, judged, gathered, drawn, still_wanted)


def counted_once(capture: Capture) -> Array:
    """Of each read of a capture whether it counts: not those of a frame that was delivered before.

    Which these are is known with the passes; what has come since counts.
    """
    counts = np.ones(len(capture.columns.reads), bool)
    if capture.passes is not None:
        known = capture.passes.copy[: len(counts)]
        counts[: len(known)] = ~known
    return counts


def _pace(took: dict[Target, tuple[float, int]]) -> Pace | None:
    if not took:
        return None
    return Pace(
        len(took), sum(reads for _, reads in took.values()), median(seconds for seconds, _ in took.values())
    )


def _with_passes(
    capture: Capture, judged: Judged, gathered: Gathered, drawn: Array, still_wanted: Callable[[], bool]
) -> Gathered:
    passes = capture.passes
    assert passes is not None
    rows: dict[int, list[int]] = {}
    for sample in gathered.reads:
        if sample.kind is Kind.PLATE and sample.row < len(passes.of_read):
            rows.setdefault(int(passes.of_read[sample.row]), []).append(sample.row)
    found: list[PassSample] = []
    at_odds = unweighed = 0
    for number, standing in judged.passes():
        if not still_wanted():
            raise Cancelled
        at_odds += standing.disputed
        if standing.decision is not None and standing.decision.entry.act in WITH_PLATE:
            if not passes.table["weighed"][number]:
                unweighed += 1
                continue
            best = int(passes.table["best_read"][number])
            found.append(
                PassSample(
                    number,
                    normal_form(standing.decision.entry.plate or ""),
                    _plate(capture, int(capture.columns.reads.column("plate")[best])),
                    normal_form(passes.consensus[number] or ""),
                    best,
                    tuple(rows.get(number, ())),
                    bool(drawn[number]),
                )
            )
    return gathered._replace(passes=found, disputed_passes=at_odds, unweighed=unweighed)


def _drawn(capture: Capture) -> Array | None:
    """Of each pass whether it is of the random share of the queue; None where passes are not known."""
    return None if capture.passes is None else np.array([is_drawn(name) for name in capture.passes.ids], bool)


def _is_of(capture: Capture, row: int, drawn: Array | None) -> bool:
    """Whether the pass of a read is among those."""
    if drawn is None or capture.passes is None or row >= len(capture.passes.of_read):
        return False
    number = int(capture.passes.of_read[row])
    return number != NO_PASS and bool(drawn[number])


def _plate(capture: Capture, code: int) -> str:
    return normal_form(capture.columns.text("plate", code) or "")


def _sample(capture: Capture, row: int, decision: Placed, drawn: bool) -> Sample:
    entry, columns = decision.entry, capture.columns
    reads = columns.reads
    observed = _plate(capture, int(reads.column("plate")[row]))
    first, count = int(reads.column("first_candidate")[row]), int(reads.column("candidates")[row])
    codes = columns.candidates.column("plate")[first : first + count].tolist()
    confidence = float(reads.column("confidence")[row])
    kinds = {Act.UNREADABLE: Kind.UNREADABLE, Act.NOT_A_PLATE: Kind.FALSE_DETECTION}
    return Sample(
        row,
        kinds.get(entry.act, Kind.PLATE),
        normal_form(entry.plate or "") if entry.act in WITH_PLATE else "",
        observed,
        frozenset((observed, *(_plate(capture, code) for code in codes))),
        confidence if np.isfinite(confidence) else None,
        columns.text("region", int(reads.column("region")[row])) or None,
        entry.region,
        drawn,
    )


Dimension = Callable[[Sample], Hashable]


def dimensions(capture: Capture) -> dict[str, Dimension]:
    """What figures can be divided by: from a sample to a value, None where it is not known."""
    columns = capture.columns
    envelopes = columns.envelopes()
    frame_of, code_of = columns.reads.column("frame"), columns.frames.column("envelope")

    def envelope(name: str) -> Dimension:
        def value(sample: Sample) -> Hashable:
            found = getattr(envelopes[int(code_of[int(frame_of[sample.row])])], name)
            return str(found) if isinstance(found, (str, int)) and found != "" else None

        return value

    def hour(sample: Sample) -> Hashable:
        moment = int(columns.frames.column("epoch_time")[int(frame_of[sample.row])])
        return f"{datetime.fromtimestamp(moment / 1000, UTC):%H}:00Z" if moment > 0 else None

    def band(sample: Sample) -> Hashable:
        if sample.confidence is None:
            return None
        low = min(int(sample.confidence // BAND) * BAND, 100 - BAND)
        return f"{low:02d}-{low + BAND}"

    return {
        "camera": envelope("camera_id"),
        "hour": hour,
        "region": lambda sample: sample.region,
        "version": envelope("agent_version"),
        "conf": band,
    }
