"""Accuracy of a capture against what reviewers decided: judged reads and passes, counted."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.core.calibration import calibration_error, recalibrated, reliability, thresholds
from alprviewer.core.confusion import by_character, confusions
from alprviewer.core.decision import WITH_PLATE, Act
from alprviewer.core.errors import UsageError
from alprviewer.core.metrics import Accuracy, Kind, Sample, accuracy, grouped, needed, wilson
from alprviewer.core.plates import display_text, normal_form
from alprviewer.review.checking import of_reviewers, reviewer_lines
from alprviewer.review.matching import Judged

BAND = 5
"""Percent of confidence in a band."""
EDGES = tuple(range(0, 101, BAND))
_CONFUSIONS = 30


class PassSample(NamedTuple):
    """A judged pass: the true plate, and what its best read and its consensus say, in normal form."""

    number: int
    truth: str
    best: str
    consensus: str


class Gathered(NamedTuple):
    """What can be counted.

    Attributes:
        reads: judged reads, each once, however often its frame was delivered.
        disputed: reads that reviewers disagree about; they are not counted.
        passes: judged passes.
        disputed_passes: passes that reviewers, or the verdicts about single reads, disagree about.
    """

    reads: list[Sample]
    disputed: int
    passes: list[PassSample]
    disputed_passes: int


def gather(capture: Capture, judged: Judged) -> Gathered:
    """The judged reads and passes of a capture whose passes were found."""
    reads: list[Sample] = []
    seen: set[str] = set()
    disputed = 0
    for row in sorted(judged.digests):
        standing = judged.read(row)
        if standing is None or judged.digests[row] in seen:
            continue
        seen.add(judged.digests[row])
        disputed += standing.disputed
        if standing.decision is not None:
            entry = standing.decision.entry
            plate = entry.plate if entry.act in WITH_PLATE else None
            reads.append(_sample(capture, row, entry.act, plate or "", entry.region))
    passes: list[PassSample] = []
    at_odds = 0
    for number, standing in judged.passes():
        at_odds += standing.disputed
        if standing.decision is not None and standing.decision.entry.act in WITH_PLATE:
            passes.append(_pass_sample(capture, number, standing.decision.entry.plate or ""))
    return Gathered(reads, disputed, passes, at_odds)


def _plate(capture: Capture, code: int) -> str:
    return normal_form(capture.columns.text("plate", code) or "")


def _sample(capture: Capture, row: int, act: Act, plate: str, region: str | None) -> Sample:
    columns = capture.columns
    reads = columns.reads
    observed = _plate(capture, int(reads.column("plate")[row]))
    first, count = int(reads.column("first_candidate")[row]), int(reads.column("candidates")[row])
    codes = columns.candidates.column("plate")[first : first + count].tolist()
    confidence = float(reads.column("confidence")[row])
    kinds = {Act.UNREADABLE: Kind.UNREADABLE, Act.NOT_A_PLATE: Kind.FALSE_DETECTION}
    return Sample(
        row,
        kinds.get(act, Kind.PLATE),
        normal_form(plate),
        observed,
        frozenset((observed, *(_plate(capture, code) for code in codes))),
        confidence if np.isfinite(confidence) else None,
        columns.text("region", int(reads.column("region")[row])) or None,
        region,
    )


def _pass_sample(capture: Capture, number: int, plate: str) -> PassSample:
    passes = capture.passes
    assert passes is not None
    best = int(passes.table["best_read"][number])
    code = int(capture.columns.reads.column("plate")[best])
    return PassSample(
        number, normal_form(plate), _plate(capture, code), normal_form(passes.consensus[number] or "")
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


def _figures(found: Accuracy) -> dict[str, Any]:
    low, high = wilson(found.exact, found.judged)
    return {
        **found._asdict(),
        "exact_rate": found.exact_rate,
        "exact_low_rate": low if found.judged else None,
        "exact_high_rate": high if found.judged else None,
        "more_for_one_percent": needed(found.exact, found.judged),
        "top_n_rate": found.top_n_rate,
        "character_error_rate": found.character_error_rate,
        "region_rate": found.region_rate,
        "false_rate": found.false_rate,
    }


def _share(right: int, count: int, name: str) -> dict[str, Any]:
    low, high = wilson(right, count)
    return {
        name: right,
        f"{name}_rate": right / count if count else None,
        f"{name}_low_rate": low if count else None,
        f"{name}_high_rate": high if count else None,
    }


def statistics(capture: Capture, judged: Judged, by: list[str]) -> dict[str, Any]:
    """All figures as one value; null where nothing was counted.

    Names that end in ``_rate`` are shares, ``kappa`` is Cohen's, all others are counts.

    Args:
        capture: its passes were found.
        judged: its judged reads.
        by: names of ``dimensions``.

    Raises:
        UsageError: there is no such dimension.
    """
    known = dimensions(capture)
    for name in by:
        if name not in known:
            raise UsageError(f"--by {name!r} is not known; there are: {', '.join(known)}.")
    gathered = gather(capture, judged)
    reads, passes = gathered.reads, gathered.passes
    bins = reliability(reads, EDGES)
    learned = recalibrated(reads)
    cells = {key: rows for key, rows in by_character(confusions(reads)).items() if key[0] != key[1]}
    return {
        "reads": _figures(accuracy(reads)) | {"disputed": gathered.disputed, "strangers": judged.strangers},
        "passes": {
            "judged": len(passes),
            **_share(sum(each.best == each.truth for each in passes), len(passes), "exact_best"),
            **_share(sum(each.consensus == each.truth for each in passes), len(passes), "exact_consensus"),
            "disputed": gathered.disputed_passes,
        },
        **of_reviewers(judged.decisions, judged.digests.values()),
        "by": {
            name: [
                {name: value, **_figures(accuracy(some))}
                for value, some in grouped(reads, known[name]).items()
            ]
            for name in by
        },
        "calibration": {
            "expected_error_rate": calibration_error(bins),
            "bins": [
                {
                    "low": each.low,
                    "high": each.high,
                    "reads": each.reads,
                    "right": each.right,
                    "confidence_rate": None if each.mean is None else each.mean / 100,
                    "low_rate": each.interval.low if each.reads else None,
                    "high_rate": each.interval.high if each.reads else None,
                }
                for each in bins
            ],
            "steps": [
                {"confidence": confidence, "right_rate": share}
                for confidence, share in zip(learned.confidence, learned.share, strict=True)
            ],
        },
        "thresholds": [
            {
                "confidence": each.confidence,
                "accepted": each.accepted,
                "wrong": each.wrong,
                "reviewed": each.reviewed,
                "wrong_high_rate": each.interval.high if each.accepted else None,
            }
            for each in thresholds(reads, EDGES)
        ],
        "confusions": [
            {"true": true, "read": read, "count": len(rows)}
            for (true, read), rows in list(cells.items())[:_CONFUSIONS]
        ],
    }


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _shown(value: str | None) -> str:
    return "–" if value is None else display_text(value)


def _line(name: str, figures: dict[str, Any]) -> str:
    if not figures["judged"]:
        return f"{name}: nothing judged"
    return (
        f"{name}: {figures['exact']:,} of {figures['judged']:,} right, {_percent(figures['exact_rate'])} "
        f"({_percent(figures['exact_low_rate'])} to {_percent(figures['exact_high_rate'])}); "
        f"among candidates {_percent(figures['top_n_rate'])}, "
        f"character errors {_percent(figures['character_error_rate'])}"
    )


def text(found: dict[str, Any]) -> str:
    """The figures for people, shares with their 95 % intervals."""
    reads, passes = found["reads"], found["passes"]
    lines = [_line("reads", reads)]
    if reads["regions"]:
        lines.append(f"regions: {reads['regions_right']:,} of {reads['regions']:,} right")
    lines.append(
        f"not a plate: {reads['false_detections']:,}; unreadable: {reads['unreadable']:,}; "
        f"disputed, not counted: {reads['disputed']:,}"
    )
    if reads["judged"]:
        lines.append(f"to know the share to 1 %: judge {reads['more_for_one_percent']:,} more")
    if passes["judged"]:
        lines += [
            f"passes, {title}: {passes[name]:,} of {passes['judged']:,} right, "
            f"{_percent(passes[name + '_rate'])} ({_percent(passes[name + '_low_rate'])} to "
            f"{_percent(passes[name + '_high_rate'])})"
            for title, name in (("best read", "exact_best"), ("consensus", "exact_consensus"))
        ]
    lines.append(f"passes disputed, not counted: {passes['disputed']:,}")
    lines += reviewer_lines(found)
    error = found["calibration"]["expected_error_rate"]
    if error is not None:
        lines.append(f"confidence is off by {_percent(error)} (expected calibration error)")
    for name, groups in found["by"].items():
        lines += [_line(f"{name} {_shown(each[name])}", each) for each in groups]
    if found["confusions"]:
        worst = [
            f"{_shown(c['true'] or None)}→{_shown(c['read'] or None)} {c['count']:,}"
            for c in found["confusions"][:10]
        ]
        lines.append(f"most confused (true→read): {', '.join(worst)}")
    return "\n".join(lines)
