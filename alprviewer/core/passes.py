"""Passes: which reads are of one vehicle at one camera.

Reads are linked to their successors, and a pass is a chain of links. A read has at most one predecessor and
one successor, and a link leads to another frame at a later place in the order of time, so no pass holds two
reads of one frame: vehicles side by side are never mixed. Of the possible links those are taken that both
ends like best (mutual choice), first between reads that stand close in time, then, with the ends of the
chains alone, over longer gaps: so a parked vehicle is followed while others pass in front of it.

What a link costs is told by movement (distance between the quads' centres in plate widths, first as they
stand, then against the place that the speed of the chains foretells: vehicles that cross or overtake), by the
change of size, and by the text: the longest common subsequence, look-alike characters counted as the same.

A vehicle that is too fast for the frames leaps: movement cannot tell it from the next one. What is left
without a link is therefore linked at last by the text, if it moves on in its direction (``_leap_cost``).

The order in which reads arrive does not matter, and a frame that was delivered twice is one frame. Nothing
reaches over a gap of ``PassRules.reach_ms`` without any read at the camera: between such gaps stretches of
time are independent, so a capture that grows needs only its last stretches anew (``passgrowth``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.likeness import alike_letters, common_share
from alprviewer.core.states import absent
from alprviewer.core.stretches import stretch_starts

_NO_TIME = absent("i8") + 1
"""Times up to here are absent or invalid."""
_PART = 1 << 16
"""Reads that are linked at a time, if the silences between them allow it."""
_BLOCK = 1 << 19
"""Pairs that are weighed at a time: arrays of this size stay in the processor's cache."""


_Weigh = Callable[["_Ordered", "PassRules", Array, Array, Array, Array], Array]
"""Reads, rules, pairs (earlier and later reads), share of common characters, speeds: to costs."""


@dataclass(frozen=True)
class PassRules:
    """When two reads may be of one vehicle.

    Attributes:
        gap_ms: longest time between two reads of a vehicle that moves.
        parked_gap_ms: longest time between two reads of one that stands still. A parked vehicle is one pass
            as long as it is read at least this often; after a longer silence a new pass begins.
        speed: plate widths that a plate may move in a second, beside ``start``.
        start: plate widths that it may move between two frames however close they are.
        growth: change of size, as a natural logarithm, that two neighbouring reads may show.
        parked_reach: plate widths within which a vehicle stands still.
        parked_speed: plate widths a second up to which it does.
        parked_text: share of the characters that reads of a parked vehicle have in common at least.
        text: how much of the whole cost a quite different text is.
        cost: most that a link may cost.
        first_cost: the same where no speed is known yet, and for the ends of chains.
        neighbours: how many earlier reads, and earlier ends of chains, are tried for each.
        leap: how many times ``speed`` the text allows: together about a hundred plate widths a second, as a
            plate moves at 130 km/h (70 if it is half a metre wide, 120 if a foot).
        leap_text: share of the characters that both reads have in common then at least. In real data one pair
            in a thousand of different vehicles has, at most, and six in ten or more of one vehicle.
        leap_characters: how many characters that are, at least.
    """

    gap_ms: int = 3000
    parked_gap_ms: int = 60_000
    speed: float = 12.0
    start: float = 1.5
    growth: float = 0.7
    parked_reach: float = 0.6
    parked_speed: float = 0.25
    parked_text: float = 0.3
    text: float = 1.5
    cost: float = 3.0
    first_cost: float = 4.0
    neighbours: int = 8
    leap: float = 8.0
    leap_text: float = 0.75
    leap_characters: int = 4

    @property
    def reach_ms(self) -> int:
        """The longest time that any link spans."""
        return max(self.gap_ms, self.parked_gap_ms)


class PassReads(NamedTuple):
    """What is asked of reads, one array each of the same length.

    Attributes:
        camera: an integer for each camera, in an order that does not depend on how reads arrived.
        time: UTC milliseconds, absent or invalid as in columns.
        frame: an integer for each frame; equal for reads of one frame only.
        tail: number behind the last dash of the frame's uuid.
        position: place in the frame.
        quad: eight pixels each.
        word: the plate as ``core.texts`` keeps it: up to eight ASCII characters.
    """

    camera: Array
    time: Array
    frame: Array
    tail: Array
    position: Array
    quad: Array
    word: Array


def _order(reads: PassReads) -> Array:
    """Rows by camera, time, frame and place, whatever order they came in."""
    return np.lexsort((reads.position, reads.quad[:, 0], reads.tail, reads.time, reads.camera))


def _copies(reads: PassReads, order: Array) -> Array:
    """True for each place in the order that repeats the read before it: its frame came twice."""
    same = np.zeros(len(order), bool)
    if len(order) > 1:
        before, after = order[:-1], order[1:]
        alike = (reads.time[before] == reads.time[after]) & (reads.camera[before] == reads.camera[after])
        for column in (reads.tail, reads.position, reads.word):
            alike &= column[before] == column[after]
        places = np.flatnonzero(alike & (reads.frame[before] != reads.frame[after]))
        same[places + 1] = (reads.quad[before[places]] == reads.quad[after[places]]).all(axis=1)
    return same


class _Ordered:
    """The reads in order, copies left out, with what links are made of."""

    def __init__(self, reads: PassReads, order: Array) -> None:
        quad = reads.quad[order].astype(np.float32)
        known = (reads.quad[order, 0] > absent("i2") + 1) & (reads.time[order] > _NO_TIME)
        self.x = quad[:, 0::2].mean(axis=1)
        self.y = quad[:, 1::2].mean(axis=1)
        across = np.hypot(quad[:, 2] - quad[:, 0], quad[:, 3] - quad[:, 1])
        below = np.hypot(quad[:, 4] - quad[:, 6], quad[:, 5] - quad[:, 7])
        self.width = np.maximum((across + below) / 2, 8).astype(np.float32)
        self.camera, self.time, self.frame = reads.camera[order], reads.time[order], reads.frame[order]
        self.text = alike_letters(reads.word[order])
        self.known = known
        count = len(order)
        self.before = np.full(count, -1, np.int64)
        self.after = np.full(count, -1, np.int64)

    def __len__(self) -> int:
        return len(self.before)


class FoundPasses(NamedTuple):
    """What was found of reads.

    Attributes:
        first: row of the first read of each read's pass; -1 for a read without a time, which is of no pass.
        copy: True for a read that repeats another one, whose frame was delivered twice.
    """

    first: Array
    copy: Array


def find_passes(reads: PassReads, rules: PassRules) -> FoundPasses:
    """The pass of each read. A read without a quad is a pass of its own."""
    order = _order(reads)
    copies = _copies(reads, order)
    rows = order[~copies]
    beginnings = np.empty(len(rows), np.int64)
    for part in _parts(reads, rows, rules):
        ordered = _Ordered(reads, rows[part])
        _link_neighbours(ordered, rules)
        _link_chains(ordered, rules)
        _link_leaps(ordered, rules)
        beginnings[part] = rows[part][_beginnings(ordered)]
    first = np.empty(len(order), np.int64)
    first[order] = beginnings[np.cumsum(~copies) - 1]
    first[reads.time <= _NO_TIME] = -1
    copy = np.zeros(len(order), bool)
    copy[order] = copies
    return FoundPasses(first, copy)


def _parts(reads: PassReads, rows: Array, rules: PassRules) -> list[slice]:
    """Rows in their order, some stretches at a time, so that memory does not grow with the capture."""
    starts = stretch_starts(reads.camera[rows], reads.time[rows], rules.reach_ms)
    cuts = starts[np.searchsorted(starts, np.arange(0, starts[-1] + 1, _PART))] if len(starts) else starts
    ends = [*np.unique(cuts).tolist(), len(rows)]
    return [slice(begin, end) for begin, end in pairwise(ends)]


def _beginnings(ordered: _Ordered) -> Array:
    """The first read of each read's chain, found by doubling steps."""
    first = np.where(ordered.before < 0, np.arange(len(ordered)), ordered.before)
    while True:
        further = first[first]
        if (further == first).all():
            return first
        first = further


def _link_neighbours(reads: _Ordered, rules: PassRules) -> None:
    """Link reads that stand close in the order: once by place, then anew by speed."""
    rows = np.arange(len(reads))
    pairs = _pairs(reads, rows, rows, rules, rules.gap_ms)
    if not len(pairs.early):
        return
    rank = np.cumsum(np.concatenate(([0], np.diff(reads.frame) != 0)))
    apart = rank[pairs.late] - rank[pairs.early]
    speed = np.full((len(reads), 2), np.nan, np.float32)
    before = reads.before.copy()
    for limit in (rules.first_cost, rules.cost, rules.cost):
        reads.before[:], reads.after[:] = -1, -1
        cost = pairs.cost(reads, rules, speed)
        # A cheaper link must not skip a frame that shows the vehicle too, so neighbouring frames come first.
        for distance in range(1, rules.neighbours + 1):
            near = np.flatnonzero((apart == distance) & (cost <= limit))
            _choose(reads, pairs.early[near], pairs.late[near], cost[near])
        if (reads.before == before).all():
            return
        before, speed = reads.before.copy(), _speeds(reads)


def _link_chains(reads: _Ordered, rules: PassRules) -> None:
    """Link ends of chains with later beginnings, over longer gaps.

    Speeds are those that neighbours told: a link over a minute would make anything look parked.
    """
    speed = _speeds(reads)
    for _ in range(4):
        ends = np.flatnonzero(reads.after < 0)
        beginnings = np.flatnonzero(reads.before < 0)
        pairs = _pairs(reads, ends, beginnings, rules, rules.reach_ms)
        if not len(pairs.early):
            return
        cost = pairs.cost(reads, rules, speed)
        near = np.flatnonzero(cost <= rules.first_cost)
        early, late = pairs.early[near], pairs.late[near]
        # The first silence after a chain is the one to bridge: what lies behind it may fit as well.
        waited = 0.2 * (reads.time[late] - reads.time[early]) / 1000
        if not _choose(reads, early, late, cost[near] + waited):
            return


def _link_leaps(reads: _Ordered, rules: PassRules) -> None:
    """Link ends of chains with later beginnings by their text, where movement did not."""
    speed = _speeds(reads)
    while True:
        ends = np.flatnonzero(reads.after < 0)
        beginnings = np.flatnonzero(reads.before < 0)
        pairs = _pairs(reads, ends, beginnings, rules, rules.gap_ms, _leap_cost)
        cost = pairs.cost(reads, rules, speed)
        near = np.flatnonzero(np.isfinite(cost))
        if not _choose(reads, pairs.early[near], pairs.late[near], cost[near]):
            return


def _speeds(reads: _Ordered) -> Array:
    """Pixels a millisecond (x, y) of each read, from its links; NaN where it has none.

    Places jump by a fraction of a plate where a quad was found badly, so up to three links each way count.
    """
    rows = np.arange(len(reads))
    early, late = rows, rows
    for _ in range(2):
        early = np.where(reads.before[early] >= 0, reads.before[early], early)
        late = np.where(reads.after[late] >= 0, reads.after[late], late)
    elapsed = np.maximum(reads.time[late] - reads.time[early], 1).astype(np.float32)
    moved = np.stack([reads.x[late] - reads.x[early], reads.y[late] - reads.y[early]], axis=1)
    return np.where((early != late)[:, None], moved / elapsed[:, None], np.nan).astype(np.float32)


class _Pairs(NamedTuple):
    """Links that are possible: the earlier and the later read, what they have in common, what they cost."""

    early: Array
    late: Array
    share: Array
    weigh: _Weigh

    def cost(self, reads: _Ordered, rules: PassRules, speed: Array) -> Array:
        """What each link costs; infinite where it is out of reach."""
        costs = np.empty(len(self.early), np.float32)
        for begin in range(0, len(costs), _BLOCK):
            part = slice(begin, begin + _BLOCK)
            costs[part] = self.weigh(reads, rules, self.early[part], self.late[part], self.share[part], speed)
        return costs


def _cost(reads: _Ordered, rules: PassRules, a: Array, b: Array, share: Array, speed: Array) -> Array:
    elapsed = (reads.time[b] - reads.time[a]).astype(np.float32)
    width = (reads.width[a] + reads.width[b]) / 2
    dx, dy = reads.x[b] - reads.x[a], reads.y[b] - reads.y[a]
    moved = np.hypot(dx, dy) / width
    grown = np.abs(np.log(reads.width[b] / reads.width[a]))
    # Each chain foretells where the other read should be; one that has no speed yet says nothing.
    near = np.minimum(elapsed, 1000)
    by_early = np.hypot(dx - speed[a, 0] * near, dy - speed[a, 1] * near) / width
    by_late = np.hypot(dx - speed[b, 0] * near, dy - speed[b, 1] * near) / width
    off = np.fmax(by_early, by_late)
    off = np.where(np.isnan(off), moved, off)
    seconds = elapsed / 1000
    free = rules.start + rules.speed * np.minimum(seconds, 1)
    cost = (
        off / (0.5 + seconds) + grown / rules.growth + rules.text * (1 - share) + 0.2 * np.minimum(seconds, 3)
    )
    moves = (elapsed <= rules.gap_ms) & (moved <= free) & (grown <= rules.growth + 0.3 * seconds)
    stands = (
        (elapsed <= rules.parked_gap_ms)
        & (moved <= rules.parked_reach)
        & (grown <= rules.growth / 2)
        & (share >= rules.parked_text)
        & ~(np.hypot(speed[a, 0], speed[a, 1]) * 1000 > rules.parked_speed * width)
        & ~(np.hypot(speed[b, 0], speed[b, 1]) * 1000 > rules.parked_speed * width)
    )
    return np.where(moves | stands, cost, np.inf).astype(np.float32)


def _leap_cost(reads: _Ordered, rules: PassRules, a: Array, b: Array, share: Array, speed: Array) -> Array:
    """What a link costs that the text makes, however far the plate moved: but nobody turns round."""
    seconds = (reads.time[b] - reads.time[a]).astype(np.float32) / 1000
    width = (reads.width[a] + reads.width[b]) / 2
    dx, dy = reads.x[b] - reads.x[a], reads.y[b] - reads.y[a]
    moved = np.hypot(dx, dy) / width
    grown = np.abs(np.log(reads.width[b] / reads.width[a]))
    characters = np.maximum(np.count_nonzero(reads.text[a], axis=1), np.count_nonzero(reads.text[b], axis=1))
    leaps = (
        (seconds * 1000 <= rules.gap_ms)
        & (moved <= rules.start + rules.leap * rules.speed * seconds)
        & (grown <= rules.growth + 0.3 * seconds)
        & (share >= rules.leap_text)
        & (share * characters >= rules.leap_characters - 0.5)
        & ~(dx * speed[a, 0] + dy * speed[a, 1] < 0)
        & ~(dx * speed[b, 0] + dy * speed[b, 1] < 0)
    )
    return np.where(leaps, rules.text * (1 - share) + seconds, np.inf).astype(np.float32)


def _pairs(
    reads: _Ordered, early: Array, late: Array, rules: PassRules, reach_ms: int, weigh: _Weigh = _cost
) -> _Pairs:
    """Pairs within reach: for each of ``late`` the last few of ``early`` that stand before its frame."""
    unknown = np.full((len(reads), 2), np.nan, np.float32)
    found: list[tuple[Array, Array, Array]] = []
    for part in range(0, len(late), _BLOCK):
        rows = late[part : part + _BLOCK]
        last = np.searchsorted(early, rows) - 1
        for back in range(rules.neighbours):
            place = last - back
            inside = place >= 0
            a, b = early[place[inside]], rows[inside]
            near = (
                (reads.camera[a] == reads.camera[b])
                & (reads.time[b] - reads.time[a] <= reach_ms)
                & (reads.frame[a] != reads.frame[b])
                & reads.known[a]
                & reads.known[b]
            )
            a, b = a[near], b[near]
            possible = np.isfinite(weigh(reads, rules, a, b, np.ones(len(a), np.float32), unknown))
            a, b = a[possible], b[possible]
            found.append((a, b, common_share(reads.text[a], reads.text[b])))
    if not found:
        return _Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32), weigh)
    early, late, share = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _Pairs(early, late, share, weigh)


def _choose(reads: _Ordered, early: Array, late: Array, cost: Array) -> int:
    """Take the links that are the best of both their ends, and again among those left. Returns how many."""
    free = np.flatnonzero((reads.after[early] < 0) & (reads.before[late] < 0))
    free = free[np.lexsort((late[free], early[free], cost[free]))]
    early, late = early[free], late[free]
    best_early = np.empty(len(reads), np.int64)
    best_late = np.empty(len(reads), np.int64)
    taken = 0
    while len(early):
        # Pairs stand in the order of cost, so the first of an end is its best: writing backwards leaves it.
        places = np.arange(len(early))
        best_early[early[::-1]] = places[::-1]
        best_late[late[::-1]] = places[::-1]
        mutual = (best_early[early] == places) & (best_late[late] == places)
        reads.after[early[mutual]] = late[mutual]
        reads.before[late[mutual]] = early[mutual]
        taken += int(np.count_nonzero(mutual))
        left = (reads.after[early] < 0) & (reads.before[late] < 0)
        early, late = early[left], late[left]
    return taken
