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
    in percent, None without reads.
    """

    low: float
    high: float
    reads: int
    right: int
    mean: float | None
    interval: Interval


def _judged(samples: Iterable[Sample]) -> tuple[Array, Array]:
    """Confidences in percent and whether the read was right, of reads that have either a plate or none."""
    found = [
        (sample.confidence, sample.is_exact)
        for sample in samples
        if sample.confidence is not None and sample.kind is not Kind.UNREADABLE
    ]
    return np.array([each[0] for each in found], float), np.array([each[1] for each in found], bool)


def reliability(samples: Iterable[Sample], edges: Sequence[float]) -> list[Bin]:
    """How many reads between two confidences were right. What is no plate was read wrong.

    Args:
        samples: judged reads; unreadable ones and those without confidence are left out.
        edges: in percent, ascending; at least two.
    """
    confidence, right = _judged(samples)
    place = np.searchsorted(np.asarray(edges, float), confidence, "right") - 1
    place[confidence == edges[-1]] = len(edges) - 2
    bins: list[Bin] = []
    for number, (low, high) in enumerate(pairwise(edges)):
        inside = place == number
        count, good = int(np.count_nonzero(inside)), int(np.count_nonzero(inside & right))
        mean = float(confidence[inside].mean()) if count else None
        bins.append(Bin(low, high, count, good, mean, wilson(good, count)))
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

    ``confidence`` are the lowest confidences of the steps, ascending; ``share`` their heights, never falling.
    """

    confidence: tuple[float, ...]
    share: tuple[float, ...]

    def of(self, confidence: float) -> float | None:
        """The share at a confidence, that of the lowest step below it; None where nothing was learned."""
        if not self.share:
            return None
        place = int(np.searchsorted(self.confidence, confidence, "right")) - 1
        return self.share[max(place, 0)]


def recalibrated(samples: Iterable[Sample]) -> Recalibration:
    """Learn what a confidence is worth: the rising step function that is nearest to what was judged."""
    confidence, right = _judged(samples)
    values, place = np.unique(confidence, return_inverse=True)
    weights = np.bincount(place, minlength=len(values)).astype(float)
    heights = np.bincount(place, right, len(values)) / np.maximum(weights, 1)
    steps: list[tuple[float, float, float]] = []  # first confidence, height, weight
    for value, height, weight in zip(values.tolist(), heights.tolist(), weights.tolist(), strict=True):
        steps.append((value, height, weight))
        while len(steps) > 1 and steps[-2][1] >= steps[-1][1]:
            (first, one, some), (_, other, more) = steps[-2:]
            steps[-2:] = [(first, (one * some + other * more) / (some + more), some + more)]
    return Recalibration(tuple(step[0] for step in steps), tuple(step[1] for step in steps))


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


def thresholds(samples: Iterable[Sample], confidences: Sequence[float]) -> list[Threshold]:
    """What accepting reads from each of these confidences on would mean."""
    confidence, right = _judged(samples)
    found = []
    for limit in confidences:
        taken = confidence >= limit
        accepted, wrong = int(np.count_nonzero(taken)), int(np.count_nonzero(taken & ~right))
        found.append(Threshold(limit, accepted, wrong, len(confidence) - accepted, wilson(wrong, accepted)))
    return found
