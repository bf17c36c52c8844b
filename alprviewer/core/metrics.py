"""How right a recognizer was, counted on reads whose plate is known.

A read is right if all characters are (Laroca et al. 2019, CCPD); plates are compared in their normal form.
Top-n means that the truth is among the candidates received. The character error rate is the edit distance to
the truth, summed, over the truth's characters, summed. Shares come with Wilson's interval.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from enum import Enum
from typing import Any, NamedTuple

from rapidfuzz.distance import Levenshtein

Z95 = 1.959963984540054
"""Quantile of the normal distribution for intervals that hold the true share in 95 of 100 cases."""
_MOST_NEEDED = 10**9


class Kind(Enum):
    """What is known of a judged read."""

    PLATE = "plate"
    UNREADABLE = "unreadable"
    FALSE_DETECTION = "not_a_plate"


class Sample(NamedTuple):
    """A judged read, its texts in normal form.

    Attributes:
        row: the read's row, so that every figure can be opened as the list of its reads.
        kind: what is known.
        truth: the resolved plate; empty where there is none.
        observed: what was read; empty for nothing.
        candidates: all spellings that were received, the observed one among them.
        confidence: of the observed plate in percent; None where absent.
        region: the region code that was read; None where there is none.
        true_region: the one that was affirmed or corrected; None where it was not judged.
        drawn: True if it was drawn at random to be judged, whatever was known of it.
    """

    row: int
    kind: Kind
    truth: str
    observed: str
    candidates: frozenset[str]
    confidence: float | None = None
    region: str | None = None
    true_region: str | None = None
    drawn: bool = False

    @property
    def is_exact(self) -> bool:
        """True if all characters were read right."""
        return self.kind is Kind.PLATE and self.observed == self.truth


class Interval(NamedTuple):
    """Two shares between which the true one is."""

    low: float
    high: float


def wilson(right: int, count: int, z: float = Z95) -> Interval:
    """Wilson's score interval of a share (E. B. Wilson 1927); 0 to 1 where nothing was counted."""
    if not count:
        return Interval(0.0, 1.0)
    share, square = right / count, z * z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = z / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return Interval(
        0.0 if not right else max(0.0, middle - half), 1.0 if right == count else min(1.0, middle + half)
    )


def half_width(share: float, count: int, z: float = Z95) -> float:
    """Half the width of Wilson's interval for a share found in so many."""
    if not count:
        return 0.5
    square = z * z
    return z / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count * count))


def needed(right: int, count: int, within: float = 0.01) -> int:
    """How many more have to be judged until the share is known to ``within``, should it stay what it is.

    Takes one half as the share where nothing was judged yet: the worst case.
    """
    share = right / count if count else 0.5
    low, high = count, max(count, 1)
    while half_width(share, high) > within and high < _MOST_NEEDED:
        high *= 2
    while low < high:
        middle = (low + high) // 2
        if half_width(share, middle) <= within:
            high = middle
        else:
            low = middle + 1
    return low - count


def difference(one: tuple[int, int], other: tuple[int, int]) -> Interval | None:
    """Between what the second share minus the first one is, in 95 of 100 cases.

    Newcombe's hybrid score interval (R. G. Newcombe 1998, method 10), from Wilson's of both.

    Args:
        one: how many were right, of how many.
        other: the same of what the first one is compared with.

    Returns:
        Two differences from -1 to 1; None where one of both was not counted.
    """
    if not one[1] or not other[1]:
        return None
    before, after = one[0] / one[1], other[0] / other[1]
    (low, high), (other_low, other_high) = wilson(*one), wilson(*other)
    return Interval(
        after - before - math.hypot(high - before, after - other_low),
        after - before + math.hypot(before - low, other_high - after),
    )


class Accuracy(NamedTuple):
    """Counts over judged reads. ``judged`` are those whose plate is known.

    ``characters`` and ``errors`` are of the true plates; ``regions`` counts reads whose region was judged.
    """

    judged: int = 0
    exact: int = 0
    top_n: int = 0
    characters: int = 0
    errors: int = 0
    regions: int = 0
    regions_right: int = 0
    unreadable: int = 0
    false_detections: int = 0

    @property
    def exact_rate(self) -> float | None:
        """Share of reads that are right."""
        return self.exact / self.judged if self.judged else None

    @property
    def top_n_rate(self) -> float | None:
        """Share of reads whose truth is among the candidates."""
        return self.top_n / self.judged if self.judged else None

    @property
    def character_error_rate(self) -> float | None:
        """Edits a character of truth; above 1 where more was read than is there."""
        return self.errors / self.characters if self.characters else None

    @property
    def region_rate(self) -> float | None:
        """Share of judged regions that were right."""
        return self.regions_right / self.regions if self.regions else None

    @property
    def false_rate(self) -> float | None:
        """Share of what was judged that is no plate."""
        count = self.judged + self.unreadable + self.false_detections
        return self.false_detections / count if count else None


def same_region(one: str, other: str) -> bool:
    """True for equal region codes; a short code of before 2.5.103 (``mo``) is that of ``us-mo``."""
    a, b = one.casefold().strip(), other.casefold().strip()
    return a == b or a.endswith(f"-{b}") or b.endswith(f"-{a}")


def accuracy(samples: Iterable[Sample]) -> Accuracy:
    """Count."""
    counts = dict.fromkeys(Accuracy._fields, 0)
    for sample in samples:
        if sample.kind is Kind.UNREADABLE:
            counts["unreadable"] += 1
        elif sample.kind is Kind.FALSE_DETECTION:
            counts["false_detections"] += 1
        else:
            counts["judged"] += 1
            counts["exact"] += sample.is_exact
            counts["top_n"] += sample.truth in sample.candidates
            counts["characters"] += len(sample.truth)
            counts["errors"] += Levenshtein.distance(sample.observed, sample.truth)
            if sample.true_region is not None:
                counts["regions"] += 1
                counts["regions_right"] += same_region(sample.region or "", sample.true_region)
    return Accuracy(**counts)


_digits = re.compile("([0-9]+)")


def _natural(value: Hashable) -> tuple[Any, ...]:
    """What orders values as people do: ``2.9.1`` before ``2.10.0``, 9 before 10; None comes last."""
    text = "" if value is None else str(value)
    # Texts and numbers take turns. A number is compared by its length first, and never computed with: a
    # hostile one may have thousands of digits.
    parts: list[Any] = _digits.split(text)
    parts[1::2] = [(len(number), number) for number in (each.lstrip("0") for each in parts[1::2])]
    return value is None, parts, text


def grouped(
    samples: Iterable[Sample], value_of: Callable[[Sample], Hashable]
) -> dict[Hashable, list[Sample]]:
    """Samples by a value of theirs, in the order of the values, numbers in them as such; None comes last."""
    found: dict[Hashable, list[Sample]] = {}
    for sample in samples:
        found.setdefault(value_of(sample), []).append(sample)
    return {value: found[value] for value in sorted(found, key=_natural)}


def agreement(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa: how far two reviewers agree beyond chance (J. Cohen 1960).

    Args:
        pairs: what the two said of each item.

    Returns:
        1 for full agreement, 0 for that of chance, None where it is not defined: no items, or both always say
        one and the same.
    """
    count = len(pairs)
    if not count:
        return None
    observed = sum(one == other for one, other in pairs) / count
    firsts, seconds = [one for one, _ in pairs], [other for _, other in pairs]
    values = set(firsts) & set(seconds)
    chance = sum(firsts.count(value) * seconds.count(value) for value in values) / count**2
    return None if chance == 1 else (observed - chance) / (1 - chance)


def character_error(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Edits between two texts of each pair, a character of the longer ones; None where all are empty."""
    edits = characters = 0
    for one, other in pairs:
        edits += Levenshtein.distance(one, other)
        characters += max(len(one), len(other))
    return edits / characters if characters else None
