"""Which items are worth a reviewer's time, and why; with a random share that keeps accuracy unbiased.

What a verdict tells is the entropy of "right or wrong": one bit where nobody can know, nothing where it is
sure. The chance of an error starts from the consensus and is moved by what speaks against an item, each
reason a factor of the odds. Factors are learned from what was judged (``learned``); until then each doubles
them.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from alprviewer.core.geometry import Corners, quad_size
from alprviewer.core.listed import Hit
from alprviewer.language import tr, trn

UNKNOWN_ERROR = 0.3
"""Chance of an error where there is no consensus; in between the recordings that are at hand."""
RANDOM_SHARE = 0.1
"""Of the items of a queue those that are drawn by chance: only they tell the accuracy of all."""
_SMALLEST_CHANCE = 1e-4
_PRIOR_COUNT = 4.0
"""How many judged items outweigh the factor that is assumed without any."""


class Why(Enum):
    """What can speak against an item."""

    MARGIN = "margin"
    SPLIT = "split"
    TEMPLATE = "template"
    REGION = "region"
    SMALL = "small"
    SKEWED = "skewed"
    FEW = "few"
    LISTED = "listed"


class Limits(NamedTuple):
    """From where on something speaks against an item: percent, pixels, degrees, reads."""

    margin: float = 5.0
    agreement: float = 0.7
    region_confidence: float = 50.0
    width: float = 80.0
    skew: float = 15.0
    reads: int = 2


class Facts(NamedTuple):
    """What is known of an item (a pass, or one read); None where it is not.

    Attributes:
        key: names the item for good, so that it is drawn, or not, in every session.
        error: chance that its plate is wrong, from the consensus: 0 to 1.
        margin: of the best read, in percent; negative where the template overruled.
        votes: how many reads say each plate, most first.
        matches_template: of the best read.
        region: the region code, and its confidence in percent.
        width: of the plate in pixels.
        skew: how far its corners are from right angles, in degrees.
        listed: the nearest plate that somebody looks out for, where one is near.
    """

    key: str
    error: float | None = None
    margin: float | None = None
    votes: tuple[int, ...] = ()
    matches_template: bool | None = None
    region: str | None = None
    region_confidence: float | None = None
    width: float | None = None
    skew: float | None = None
    listed: Hit | None = None


class Reason(NamedTuple):
    """Something that speaks against an item, in a few words."""

    why: Why
    text: str


class Item(NamedTuple):
    """A place in a queue.

    Attributes:
        place: of the item among those asked about.
        bits: expected information of a verdict, 0 to 1.
        reasons: why it is there.
        is_random: True if it was drawn by chance; only these tell the accuracy of all.
    """

    place: int
    bits: float
    reasons: tuple[Reason, ...]
    is_random: bool


Factors = Mapping[Why, float]
"""By what each reason multiplies the odds of an error."""
DOUBLED: Factors = dict.fromkeys(Why, 2.0)


def skew_of(quad: Corners) -> float:
    """How far from a right angle the worst of the corners is, in degrees; 90 for a collapsed quad."""
    worst = 0.0
    for place in range(4):
        (x0, y0), (x, y), (x1, y1) = quad[place - 1], quad[place], quad[(place + 1) % 4]
        before, after = (x0 - x, y0 - y), (x1 - x, y1 - y)
        lengths = math.hypot(*before) * math.hypot(*after)
        if not lengths:
            return 90.0
        cosine = (before[0] * after[0] + before[1] * after[1]) / lengths
        worst = max(worst, abs(90 - math.degrees(math.acos(max(-1.0, min(1.0, cosine))))))
    return worst


def width_of(quad: Corners) -> float:
    """The width of a plate in pixels."""
    return quad_size(quad).width


def reasons(facts: Facts, limits: Limits = Limits()) -> tuple[Reason, ...]:  # noqa: B008 - it is a value
    """What speaks against an item, with the numbers."""
    found: list[Reason] = []
    reads = sum(facts.votes)
    if facts.listed is not None:
        found.append(Reason(Why.LISTED, facts.listed.words))
    if facts.margin is not None and facts.margin < limits.margin:
        found.append(Reason(Why.MARGIN, tr("margin {margin:.1f}", margin=facts.margin)))
    if len(facts.votes) > 1 and facts.votes[0] < limits.agreement * reads:
        votes = ":".join(map(str, facts.votes[:3]))
        found.append(Reason(Why.SPLIT, tr("reads split {votes}", votes=votes)))
    if facts.matches_template is False and facts.region is not None:
        found.append(Reason(Why.TEMPLATE, tr("no template of {region}", region=facts.region)))
    if facts.region_confidence is not None and 0 < facts.region_confidence < limits.region_confidence:
        text = tr(
            "region {region} {confidence:.0f} %",
            region=facts.region or "?",
            confidence=facts.region_confidence,
        )
        found.append(Reason(Why.REGION, text))
    if facts.width is not None and facts.width < limits.width:
        found.append(Reason(Why.SMALL, tr("{pixels:.0f} px wide", pixels=facts.width)))
    if facts.skew is not None and facts.skew > limits.skew:
        found.append(Reason(Why.SKEWED, tr("skewed {degrees:.0f}°", degrees=facts.skew)))
    if 0 < reads < limits.reads:
        found.append(Reason(Why.FEW, trn("{count} read only", "{count} reads only", reads)))
    return tuple(found)


def entropy(chance: float) -> float:
    """Bits of a question that is answered yes with this chance."""
    if chance <= 0 or chance >= 1:
        return 0.0
    return -(chance * math.log2(chance) + (1 - chance) * math.log2(1 - chance))


def error_chance(facts: Facts, against: Iterable[Reason], factors: Factors = DOUBLED) -> float:
    """The chance that an item is wrong, given what speaks against it."""
    start = UNKNOWN_ERROR if facts.error is None else facts.error
    start = min(max(start, _SMALLEST_CHANCE), 1 - _SMALLEST_CHANCE)
    odds = start / (1 - start)
    for reason in against:
        odds *= factors[reason.why]
    return odds / (1 + odds)


def learned(judged: Sequence[tuple[Sequence[Reason], bool]]) -> Factors:
    """Factors from what was judged: how much more often items with a reason were wrong than those without.

    Args:
        judged: the reasons of each item, and whether it was right; drawn at random, else factors are biased.
    """
    found: dict[Why, float] = {}
    for why in Why:
        counts = Counter((any(each.why is why for each in some), right) for some, right in judged)
        odds = [(counts[has, False] + 0.5) / (counts[has, True] + 0.5) for has in (True, False)]
        seen = counts[True, True] + counts[True, False]
        weight = seen / (seen + _PRIOR_COUNT)
        found[why] = math.exp(weight * math.log(odds[0] / odds[1]) + (1 - weight) * math.log(DOUBLED[why]))
    return found


def lot(key: str, seed: str = "") -> float:
    """A number from 0 up to 1 that belongs to an item for good."""
    return int.from_bytes(hashlib.sha256(f"{seed}\n{key}".encode("utf-8", "replace")).digest()[:8]) / 2**64


def is_drawn(key: str, random_share: float = RANDOM_SHARE, seed: str = "") -> bool:
    """True for an item that ``queue`` draws at random, whatever is known of it."""
    return lot(key, seed) < random_share


def queue(
    items: Sequence[Facts],
    random_share: float = RANDOM_SHARE,
    seed: str = "",
    limits: Limits = Limits(),  # noqa: B008 - it is a value
    factors: Factors = DOUBLED,
) -> list[Item]:
    """Every item once: those of which a verdict tells most first, those drawn at random spread among them.

    What is near a listed plate comes before all others: more hangs on it than what is learned.

    Args:
        items: what is known of each.
        random_share: of the items that are drawn whatever is known of them: 0 to 1. Their verdicts alone
            tell the accuracy of all without bias.
        seed: another one draws others; the same draws the same, whatever other items there are.
        limits: from where on something speaks against an item.
        factors: what each reason is worth.
    """
    listed = []
    for place, facts in enumerate(items):
        against = reasons(facts, limits)
        bits = entropy(error_chance(facts, against, factors))
        number = lot(facts.key, seed)
        listed.append((number, Item(place, bits, against, number < random_share)))
    drawn = iter([item for _, item in sorted(listed, key=lambda each: each[0]) if item.is_random])
    others = iter(sorted((item for _, item in listed if not item.is_random), key=_rank))
    found: list[Item] = []
    by_chance = 0
    for number in range(len(listed)):
        # So many of the first items are drawn ones as their share demands.
        first, second = (drawn, others) if by_chance < random_share * (number + 1) else (others, drawn)
        item = next(first, None) or next(second)
        by_chance += item.is_random
        found.append(item)
    return found


def _rank(item: Item) -> tuple[bool, float, int]:
    is_listed = any(each.why is Why.LISTED for each in item.reasons)
    return (not is_listed, -item.bits, item.place)


def sampled(groups: Sequence[Hashable], keys: Sequence[str], count: int, seed: str = "") -> list[int]:
    """Places of a random sample of so many items of each group (a camera, say), in the order of the items."""
    lots = sorted(range(len(keys)), key=lambda place: lot(keys[place], seed))
    taken: Counter[Hashable] = Counter()
    found: list[int] = []
    for place in lots:
        if taken[groups[place]] < count:
            taken[groups[place]] += 1
            found.append(place)
    return sorted(found)
