"""What a confidence is worth: how often reads of a confidence are right, and what accepting them would cost.

Confidence is no probability (OpenALPR: a mean of the best scores of the characters). The reliability table
and the expected calibration error (Guo et al. 2017) say how far it is from one; isotonic regression (pool
adjacent violators, Ayer et al. 1955) makes one of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.metrics import Interval, Kind, Sample, wilson


class Bin(NamedTuple):
    """Reads of about one confidence.

    ``low`` and ``high`` are in percent, the last bin holds its upper edge; ``mean`` is their mean confidence
    in percent, None without reads; ``rows`` are the reads.
    """

    low: float
    high: float
    reads: int
    right: int
    mean: float | None
    interval: Interval
    rows: tuple[int, ...] = ()


def _judged(samples: Iterable[Sample]) -> tuple[Array, Array, Array]:
    """Confidences in percent, whether the read was right, and rows, of reads that have a plate or none."""
    found = [
        (sample.confidence, sample.is_exact, sample.row)
        for sample in samples
        if sample.confidence is not None and sample.kind is not Kind.UNREADABLE
    ]
    return (
        np.array([each[0] for each in found], float),
        np.array([each[1] for each in found], bool),
        np.array([each[2] for each in found], np.int64),
    )


def reliability(samples: Iterable[Sample], edges: Sequence[float]) -> list[Bin]:
    """How many reads between two confidences were right. What is no plate was read wrong.

    Args:
        samples: judged reads; unreadable ones and those without confidence are left out.
        edges: in percent, ascending; at least two.
    """
    confidence, right, rows = _judged(samples)
    place = np.searchsorted(np.asarray(edges, float), confidence, "right") - 1
    place[confidence == edges[-1]] = len(edges) - 2
    bins: list[Bin] = []
    for number, (low, high) in enumerate(pairwise(edges)):
        inside = place == number
        count, good = int(np.count_nonzero(inside)), int(np.count_nonzero(inside & right))
        mean = float(confidence[inside].mean()) if count else None
        bins.append(Bin(low, high, count, good, mean, wilson(good, count), tuple(rows[inside].tolist())))
    return bins


def calibration_error(bins: Iterable[Bin]) -> float | None:
    """The expected calibration error: how far confidence and share are apart; None without reads."""
    listed = [each for each in bins if each.mean is not None]
    count = sum(each.reads for each in listed)
    if not count:
        return None
    return sum(abs((each.mean or 0.0) / 100 * each.reads - each.right) for each in listed) / count


class Recalibration(NamedTuple):
    """A step function from confidence in percent to the share of reads that are right.

    Attributes:
        confidence: the lowest confidences of the steps, ascending.
        reads: how many were judged on each step.
        right: how many of them were right. Their share never falls from one step to the next.
    """

    confidence: tuple[float, ...] = ()
    reads: tuple[int, ...] = ()
    right: tuple[int, ...] = ()

    @property
    def share(self) -> tuple[float, ...]:
        """The heights of the steps, from 0 to 1."""
        return tuple(right / reads for right, reads in zip(self.right, self.reads, strict=True))

    def _step(self, confidence: float) -> int:
        return max(int(np.searchsorted(self.confidence, confidence, "right")) - 1, 0)

    def of(self, confidence: float) -> float | None:
        """The share at a confidence, that of the lowest step below it; None where nothing was learned."""
        step = self._step(confidence)
        return self.right[step] / self.reads[step] if self.reads else None

    def of_all(self, confidences: Array) -> Array:
        """The shares at confidences; what is no number stays what it is, without anything learned NaN."""
        if not self.reads:
            return np.full(len(confidences), np.nan)
        place = np.maximum(np.searchsorted(self.confidence, confidences, "right") - 1, 0)
        return np.where(np.isfinite(confidences), np.array(self.share)[place], confidences)

    def interval(self, confidence: float) -> Interval | None:
        """Wilson's interval of that share, from the reads of the step alone."""
        step = self._step(confidence)
        return wilson(self.right[step], self.reads[step]) if self.reads else None


def recalibrated(samples: Iterable[Sample]) -> Recalibration:
    """Learn what a confidence is worth: the rising step function that is nearest to what was judged."""
    confidence, right, _ = _judged(samples)
    values, place = np.unique(confidence, return_inverse=True)
    counts = np.bincount(place, minlength=len(values)).tolist()
    goods = np.bincount(place, right, len(values)).astype(np.int64).tolist()
    steps: list[tuple[float, int, int]] = []  # first confidence, right ones, reads
    for step in zip(values.tolist(), goods, counts, strict=True):
        steps.append(step)
        while len(steps) > 1 and steps[-2][1] * steps[-1][2] >= steps[-1][1] * steps[-2][2]:
            (first, one, some), (_, other, more) = steps[-2:]
            steps[-2:] = [(first, one + other, some + more)]
    return Recalibration(
        tuple(step[0] for step in steps), tuple(step[2] for step in steps), tuple(step[1] for step in steps)
    )


class Threshold(NamedTuple):
    """What accepting all reads from a confidence on would mean.

    Attributes:
        confidence: in percent.
        accepted: reads with at least this confidence.
        wrong: those of them that are not right.
        reviewed: reads that would have to be looked at.
        interval: of the share of wrong ones among the accepted.
    """

    confidence: float
    accepted: int
    wrong: int
    reviewed: int
    interval: Interval

    def hours(self, seconds: float) -> float:
        """Hours of review, at so many seconds a read."""
        return self.reviewed * seconds / 3600


class Curve(NamedTuple):
    """Judged reads by their confidence: what any threshold would mean.

    Attributes:
        confidence: in percent, ascending.
        wrong: whether the read was wrong.
        rows: of the reads.
    """

    confidence: Array
    wrong: Array
    rows: Array

    def _from(self, limit: float) -> int:
        return int(np.searchsorted(self.confidence, limit, "left"))

    def at(self, limit: float) -> Threshold:
        """What accepting reads from a confidence on would mean."""
        first = self._from(limit)
        accepted, wrong = len(self.wrong) - first, int(np.count_nonzero(self.wrong[first:]))
        return Threshold(limit, accepted, wrong, first, wilson(wrong, accepted))

    def accepted(self, limit: float) -> Array:
        """Rows of the reads with at least this confidence."""
        return self.rows[self._from(limit) :]

    def accepted_wrong(self, limit: float) -> Array:
        """Rows of those of them that are wrong."""
        first = self._from(limit)
        return self.rows[first:][self.wrong[first:]]

    def below(self, limit: float) -> Array:
        """Rows of the reads with less."""
        return self.rows[: self._from(limit)]


def curve(samples: Iterable[Sample]) -> Curve:
    """Put judged reads in the order of their confidences; which are left out, ``reliability`` says."""
    confidence, right, rows = _judged(samples)
    order = np.argsort(confidence, kind="stable")
    return Curve(confidence[order], ~right[order], rows[order])


def thresholds(samples: Iterable[Sample], confidences: Sequence[float]) -> list[Threshold]:
    """What accepting reads from each of these confidences on would mean."""
    found = curve(samples)
    return [found.at(limit) for limit in confidences]
