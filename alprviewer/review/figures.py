"""Figures with the reads behind them: what a person can open, and not only believe."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.core.calibration import (
    Bin,
    Curve,
    Recalibration,
    calibration_error,
    curve,
    recalibrated,
    reliability,
)
from alprviewer.core.confusion import by_character, confusions
from alprviewer.core.errors import Cancelled
from alprviewer.core.metrics import (
    Interval,
    Kind,
    Sample,
    accuracy,
    difference,
    grouped,
    needed,
    same_region,
    wilson,
)
from alprviewer.review.gathering import EDGES, Gathered, Pace, PassSample, counted_once, dimensions

PER_CHARACTER = "character_error"
"""The figure that is a share of characters. All others are shares of reads, or of passes."""


class Figure(NamedTuple):
    """A share, and the reads behind it.

    Attributes:
        name: what it says; ``statistics`` has it under this name.
        hits: how many times it was so.
        trials: how many times it could have been.
        yes: rows of the reads of which it was so.
        no: rows of the others.
    """

    name: str
    hits: int
    trials: int
    yes: tuple[int, ...]
    no: tuple[int, ...]

    @property
    def share(self) -> float | None:
        """From 0 to 1; of characters above 1 where more was read than is there. None without any trial."""
        return self.hits / self.trials if self.trials else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's, as if all trials were independent."""
        return wilson(min(self.hits, self.trials), self.trials) if self.trials else None

    @property
    def more(self) -> int | None:
        """How many more reads (or passes) have to be judged to know the share to 1 %; None without any."""
        if not self.trials:
            return None
        more = needed(min(self.hits, self.trials), self.trials)
        if self.name == PER_CHARACTER:
            return math.ceil(more * (len(self.yes) + len(self.no)) / self.trials)
        return more


def _figure(name: str, samples: Iterable[Sample], is_so: Callable[[Sample], bool]) -> Figure:
    yes: list[int] = []
    no: list[int] = []
    for sample in samples:
        (yes if is_so(sample) else no).append(sample.row)
    return Figure(name, len(yes), len(yes) + len(no), tuple(yes), tuple(no))


def figures(samples: Sequence[Sample]) -> tuple[Figure, ...]:
    """What is said of judged reads."""
    known = [sample for sample in samples if sample.kind is Kind.PLATE]
    judged_regions = [sample for sample in known if sample.true_region is not None]
    counts = accuracy(known)
    exact = _figure("exact", known, lambda sample: sample.is_exact)
    return (
        exact,
        _figure("top_n", known, lambda sample: sample.truth in sample.candidates),
        Figure(PER_CHARACTER, counts.errors, counts.characters, exact.no, exact.yes),
        _figure(
            "region", judged_regions, lambda each: same_region(each.region or "", each.true_region or "")
        ),
        _figure("false", samples, lambda sample: sample.kind is Kind.FALSE_DETECTION),
        _figure("unreadable", samples, lambda sample: sample.kind is Kind.UNREADABLE),
    )


def pass_figures(passes: Sequence[PassSample], samples: Iterable[Sample]) -> tuple[Figure, ...]:
    """Single reads, the best read and the consensus of the same judged passes, side by side."""
    inside = {row for each in passes for row in each.rows}
    best = [each.best == each.truth for each in passes]
    consensus = [each.consensus == each.truth for each in passes]
    return (
        _figure("single", (each for each in samples if each.row in inside), lambda sample: sample.is_exact),
        _of_passes("best", passes, best, lambda each: (each.best_row,)),
        _of_passes("consensus", passes, consensus, lambda each: each.rows),
    )


def _of_passes(
    name: str,
    passes: Sequence[PassSample],
    right: Sequence[bool],
    rows_of: Callable[[PassSample], tuple[int, ...]],
) -> Figure:
    rows: dict[bool, list[int]] = {True: [], False: []}
    for each, is_right in zip(passes, right, strict=True):
        rows[is_right] += rows_of(each)
    return Figure(name, sum(right), len(passes), tuple(rows[True]), tuple(rows[False]))


class Compared(NamedTuple):
    """A figure of two groups of reads; what the later one has more, between which ends: shares."""

    before: Figure
    after: Figure
    difference: float | None
    interval: Interval | None

    @property
    def differs(self) -> bool:
        """True if the interval excludes that there is no difference."""
        return self.interval is not None and (self.interval.low > 0 or self.interval.high < 0)


def compared(before: Sequence[Sample], after: Sequence[Sample]) -> tuple[Compared, ...]:
    """Every figure of two groups of reads."""
    found = []
    for one, other in zip(figures(before), figures(after), strict=True):
        first, second = one.share, other.share
        apart = None if first is None or second is None else second - first
        ends = difference(
            (min(one.hits, one.trials), one.trials), (min(other.hits, other.trials), other.trials)
        )
        found.append(Compared(one, other, apart, ends))
    return tuple(found)


class Choices(NamedTuple):
    """What is asked for.

    Attributes:
        drawn: count only what was drawn at random to be judged.
        field: of ``dimensions``, by which figures are divided.
        position: of the character in the true plate from 0; None for all.
        before, after: the two values of the field that are compared; None for the first and the last one.
    """

    drawn: bool = False
    field: str = "camera"
    position: int | None = None
    before: str | None = None
    after: str | None = None


class Report(NamedTuple):
    """Everything that is known of how right the reads of a capture are.

    Attributes:
        choices: what was asked for, as far as there is such a value and such a place.
        gathered: all that was counted, chosen or not.
        figures, passes: of what was chosen.
        groups: the figures by the values of the field, None for a value that is absent, which comes last.
        bins: how many reads of about one confidence are right.
        off: the expected calibration error.
        learned: what a confidence is worth.
        curve: what thresholds would mean.
        confidences: of all reads of the capture that have one, each read once, ascending, in percent.
        reads: how many reads the capture has, with or without, each once.
        pace: how long deciding took; None where nobody knows.
        cells: rows of the reads by true and read character, at the position that was asked for.
        positions: how many characters the longest true plate has.
        compared: two groups, by the choices that were used; empty where the field has one value only.
    """

    choices: Choices
    gathered: Gathered
    figures: tuple[Figure, ...]
    passes: tuple[Figure, ...]
    groups: tuple[tuple[str | None, tuple[Figure, ...]], ...]
    bins: tuple[Bin, ...]
    off: float | None
    learned: Recalibration
    curve: Curve
    confidences: Array
    reads: int
    pace: Pace | None
    cells: dict[tuple[str, str], list[int]]
    positions: int
    compared: tuple[Compared, ...]

    def left(self, limit: float) -> int:
        """Reads of the whole capture below a confidence, or without any."""
        return self.reads - len(self.confidences) + int(np.searchsorted(self.confidences, limit, "left"))


def report(
    capture: Capture,
    gathered: Gathered,
    choices: Choices,
    still_wanted: Callable[[], bool] = lambda: True,
) -> Report:
    """Count.

    Args:
        capture: what the reads are of.
        gathered: its judged reads and passes.
        choices: what is asked for.
        still_wanted: asked now and then.

    Raises:
        Cancelled: the answer is not wanted any more.
    """
    samples = [each for each in gathered.reads if each.drawn or not choices.drawn]
    passes = [each for each in gathered.passes if each.drawn or not choices.drawn]
    groups = grouped(samples, dimensions(capture)[choices.field])
    values = [value for value in groups if isinstance(value, str)]
    choices = _settled(choices, values)
    _go_on(still_wanted)
    counted = tuple(
        (value if isinstance(value, str) else None, figures(some)) for value, some in groups.items()
    )
    _go_on(still_wanted)
    found = confusions(samples)
    positions = 1 + max((cell.position for cell in found), default=-1)
    if choices.position is not None and choices.position >= positions:
        choices = choices._replace(position=None)
    cells = {
        cell: rows
        for cell, rows in found.items()
        if choices.position is None or cell.position == choices.position
    }
    _go_on(still_wanted)
    bins = reliability(samples, EDGES)
    confidences = np.asarray(capture.columns.reads.column("confidence"), float)[counted_once(capture)]
    return Report(
        choices,
        gathered,
        figures(samples),
        pass_figures(passes, samples),
        counted,
        tuple(bins),
        calibration_error(bins),
        recalibrated(samples),
        curve(samples),
        np.sort(confidences[np.isfinite(confidences)]),
        len(confidences),
        gathered.pace,
        by_character(cells),
        positions,
        compared(groups[choices.before], groups[choices.after]) if choices.before is not None else (),
    )


def _go_on(still_wanted: Callable[[], bool]) -> None:
    if not still_wanted():
        raise Cancelled


def _settled(choices: Choices, values: Sequence[str]) -> Choices:
    """The two values that are compared: as chosen, where they are there, else the first and the last one."""
    if len(values) < 2:
        return choices._replace(before=None, after=None)
    before = choices.before if choices.before in values else values[0]
    after = choices.after if choices.after in values else values[-1]
    return choices._replace(before=before, after=after)
