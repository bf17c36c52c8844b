"""Accuracy of a capture against what reviewers decided: judged reads and passes, counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.core.calibration import calibration_error, recalibrated, reliability, thresholds
from alprviewer.core.confusion import Cell, by_character, confusions
from alprviewer.core.errors import UsageError
from alprviewer.core.metrics import Sample, accuracy, grouped, needed, wilson
from alprviewer.core.plates import display_text
from alprviewer.review.checking import of_reviewers, reviewer_lines
from alprviewer.review.figures import Figure, compared, figures, pass_figures
from alprviewer.review.gathering import EDGES, Dimension, Gathered, dimensions, gather
from alprviewer.review.matching import Judged

_CONFUSIONS = 30


def _rates(figure: Figure, name: str = "") -> dict[str, Any]:
    """A share with its interval, and how many more have to be judged to know it to 1 %."""
    name = name or figure.name
    low, high = figure.interval or (None, None)
    return {
        f"{name}_rate": figure.share,
        f"{name}_low_rate": low,
        f"{name}_high_rate": high,
        f"{name}_more_for_one_percent": figure.more,
    }


def _figures(samples: Sequence[Sample]) -> dict[str, Any]:
    counts = accuracy(samples)
    found = {**counts._asdict(), "more_for_one_percent": needed(counts.exact, counts.judged)}
    for figure in figures(samples):
        found |= _rates(figure)
    return found


def _passes(gathered: Gathered) -> dict[str, Any]:
    single, best, consensus = pass_figures(gathered.passes, gathered.reads)
    return {
        "judged": len(gathered.passes),
        "exact_best": best.hits,
        **_rates(best, "exact_best"),
        "exact_consensus": consensus.hits,
        **_rates(consensus, "exact_consensus"),
        "disputed": gathered.disputed_passes,
        "reads": single.trials,
        "exact_single": single.hits,
        **_rates(single, "exact_single"),
    }


def _drawn(gathered: Gathered) -> dict[str, Any]:
    """Figures of the random share of the queue, which alone has no bias where not everything was judged."""
    drawn = gathered._replace(
        reads=[each for each in gathered.reads if each.drawn],
        passes=[each for each in gathered.passes if each.drawn],
    )
    return {
        "passes": gathered.drawn_passes,
        "passes_judged": gathered.drawn_judged,
        "reads": _figures(drawn.reads),
        "exact_consensus": _passes(drawn)["exact_consensus"],
    }


class Pair(NamedTuple):
    """Two values of a dimension that are compared: a field, the value before and the one after."""

    field: str
    before: str
    after: str


def statistics(capture: Capture, judged: Judged, by: list[str], pair: Pair | None = None) -> dict[str, Any]:
    """All figures as one value; null where nothing was counted.

    Names that end in ``_rate`` are shares, ``kappa`` is Cohen's, all others are counts.

    Args:
        capture: its passes were found.
        judged: its judged reads.
        by: names of ``dimensions``.
        pair: what is compared with what.

    Raises:
        UsageError: there is no such dimension, or nothing judged has such a value.
    """
    known = dimensions(capture)
    for option, names in (("--by", by), ("--compare", [pair.field] if pair is not None else [])):
        for name in names:
            if name not in known:
                raise UsageError(f"{option} {name!r} is not known; there are: {', '.join(known)}.")
    gathered = gather(capture, judged)
    reads = gathered.reads
    bins = reliability(reads, EDGES)
    pace = gathered.pace
    found = {
        "reads": _figures(reads)
        | {"disputed": gathered.disputed, "strangers": judged.strangers, "all": gathered.total},
        "passes": _passes(gathered),
        "drawn": _drawn(gathered),
        **of_reviewers(judged.decisions, judged.digests.values()),
        "by": {
            name: [{name: value, **_figures(some)} for value, some in grouped(reads, known[name]).items()]
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
            "steps": _steps(reads),
        },
        "thresholds": _thresholds(capture, reads),
        "pace": None
        if pace is None
        else {
            "decisions": pace.decisions,
            "reads": pace.reads,
            "milliseconds_a_decision": round(1000 * pace.seconds),
        },
        "confusions": _confusions(reads),
    }
    return found if pair is None else found | {"comparison": _comparison(reads, known[pair.field], pair)}


def _steps(reads: Sequence[Sample]) -> list[dict[str, Any]]:
    learned = recalibrated(reads)
    return [
        {
            "confidence": confidence,
            "right_rate": right / count,
            "reads": count,
            "right": right,
            "low_rate": wilson(right, count).low,
            "high_rate": wilson(right, count).high,
        }
        for confidence, count, right in zip(*learned, strict=True)
    ]


def _thresholds(capture: Capture, reads: Sequence[Sample]) -> list[dict[str, Any]]:
    every = capture.columns.reads.column("confidence")
    return [
        {
            "confidence": each.confidence,
            "accepted": each.accepted,
            "wrong": each.wrong,
            "reviewed": each.reviewed,
            "accepted_rate": each.accepted / known if (known := each.accepted + each.reviewed) else None,
            "wrong_rate": each.wrong / each.accepted if each.accepted else None,
            "wrong_low_rate": each.interval.low if each.accepted else None,
            "wrong_high_rate": each.interval.high if each.accepted else None,
            "all_accepted": int(np.count_nonzero(every >= each.confidence)),
        }
        for each in thresholds(reads, EDGES)
    ]


def _confusions(reads: Sequence[Sample]) -> list[dict[str, Any]]:
    """The most frequent ones; ``positions`` counts by the place in the true plate, the first one first."""
    found = confusions(reads)
    wrong = [(key, rows) for key, rows in by_character(found).items() if key[0] != key[1]]
    length = 1 + max((cell.position for cell in found), default=-1)
    return [
        {
            "true": true,
            "read": read,
            "count": len(rows),
            "positions": [len(found.get(Cell(true, read, position), ())) for position in range(length)],
        }
        for (true, read), rows in wrong[:_CONFUSIONS]
    ]


def _comparison(reads: Sequence[Sample], value_of: Dimension, pair: Pair) -> dict[str, Any]:
    groups = grouped(reads, value_of)
    for value in (pair.before, pair.after):
        if value not in groups:
            known = ", ".join(display_text(str(each)) for each in groups if each is not None)
            raise UsageError(f"No judged read has the {pair.field} {value!r}; there are: {known or 'none'}.")
    found: dict[str, Any] = pair._asdict()
    for each in compared(groups[pair.before], groups[pair.after]):
        low, high = each.interval or (None, None)
        found[each.before.name] = {
            "before_rate": each.before.share,
            "after_rate": each.after.share,
            "difference_rate": each.difference,
            "difference_low_rate": low,
            "difference_high_rate": high,
            "differs": each.differs,
        }
    return found


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


def _basis(found: dict[str, Any]) -> str:
    """What the figures rest on."""
    reads, drawn = found["reads"], found["drawn"]
    decided = reads["judged"] + reads["unreadable"] + reads["false_detections"]
    if decided >= reads["all"]:
        return "all reads are decided: nothing was chosen"
    of_drawn = _line(
        f"drawn at random, {drawn['passes_judged']:,} of {drawn['passes']:,} passes", drawn["reads"]
    )
    part = f"{decided:,} of {reads['all']:,} reads are decided; only those drawn at random tell of all."
    return f"{part}\n{of_drawn}"


def _compared_lines(found: dict[str, Any]) -> list[str]:
    names = {"exact": "right", "top_n": "among candidates", "character_error": "character errors"}
    title = f"{found['field']} {_shown(found['before'])} → {_shown(found['after'])}"
    return [
        f"{title}, {words}: {_percent(each['before_rate'])} → {_percent(each['after_rate'])}, "
        f"{_signed(each['difference_rate'])} ({_signed(each['difference_low_rate'])} to "
        f"{_signed(each['difference_high_rate'])}); {'a difference' if each['differs'] else 'may be chance'}"
        for name, words in names.items()
        if (each := found[name])["difference_rate"] is not None
    ]


def _signed(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:+.1f} %".replace("-", "−")


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
    if reads["judged"]:
        lines.append(_basis(found))
    lines += reviewer_lines(found)
    error = found["calibration"]["expected_error_rate"]
    if error is not None:
        lines.append(f"confidence is off by {_percent(error)} (expected calibration error)")
    for name, groups in found["by"].items():
        lines += [_line(f"{name} {_shown(each[name])}", each) for each in groups]
    if "comparison" in found:
        lines += _compared_lines(found["comparison"])
    if found["confusions"]:
        worst = [
            f"{_shown(c['true'] or None)}→{_shown(c['read'] or None)} {c['count']:,}"
            for c in found["confusions"][:10]
        ]
        lines.append(f"most confused (true→read): {', '.join(worst)}")
    return "\n".join(lines)
