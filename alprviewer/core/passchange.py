"""What other rules would do to passes: how many are split and joined, and how many reads move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.errors import Cancelled
from alprviewer.core.passes import FoundPasses, PassReads, PassRules, find_passes
from alprviewer.core.stretches import stretch_starts

_AT_ONCE = 1 << 16
"""Reads that are looked at together: some tenths of a second."""


class PassChange(NamedTuple):
    """Two ways to divide the same reads into passes, compared. Frames that were delivered twice count once.

    Attributes:
        before, after: how many passes there are.
        split: passes of before whose reads are of several passes after.
        joined: passes of before whose reads are of a pass with reads of another one.
        moved: reads that go to another pass, if as many as possible stay: each pass goes on as one of those
            after, and none of these goes on for two.
        reads: all reads that are of a pass.
    """

    before: int = 0
    after: int = 0
    split: int = 0
    joined: int = 0
    moved: int = 0
    reads: int = 0


def change_of(
    reads: PassReads, rules: PassRules, others: PassRules, stopped: Callable[[], bool] = lambda: False
) -> PassChange:
    """What other rules would change.

    Args:
        reads: all of them.
        rules: what holds.
        others: what would hold.
        stopped: asked now and then.

    Raises:
        Cancelled: ``stopped`` said so.
    """
    total = PassChange()
    for rows in _parts(reads, max(rules.reach_ms, others.reach_ms)):
        if stopped():
            raise Cancelled
        part = PassReads(*(column[rows] for column in reads))
        found = compared(find_passes(part, rules), find_passes(part, others))
        total = PassChange(*(sum(each) for each in zip(total, found, strict=True)))
    return total


def _parts(reads: PassReads, reach_ms: int) -> Iterator[Array]:
    """Rows, some thousand at a time, of stretches that no link by either rules reaches out of."""
    order = np.lexsort((reads.time, reads.camera))
    starts = stretch_starts(reads.camera[order], reads.time[order], reach_ms)
    begin = 0
    for end in (*starts[1:].tolist(), len(order)):
        if end - begin >= _AT_ONCE or (end == len(order) and end > begin):
            yield np.sort(order[begin:end])
            begin = end


def compared(before: FoundPasses, after: FoundPasses) -> PassChange:
    """The passes that the same reads were found to be of, twice."""
    rows = np.flatnonzero((before.first >= 0) & ~before.copy)
    _, old = np.unique(before.first[rows], return_inverse=True)
    _, new = np.unique(after.first[rows], return_inverse=True)
    olds, news = int(old.max(initial=-1)) + 1, int(new.max(initial=-1)) + 1
    # Each pair of passes that share reads, and how many.
    pairs, shared = np.unique(old.astype(np.int64) * max(news, 1) + new, return_counts=True)
    old, new = pairs // max(news, 1), pairs % max(news, 1)
    in_several = np.bincount(old, minlength=olds) > 1
    of_several = np.bincount(new, minlength=news) > 1
    joined = np.zeros(olds, bool)
    joined[old[of_several[new]]] = True
    return PassChange(
        olds,
        news,
        int(np.count_nonzero(in_several)),
        int(np.count_nonzero(joined)),
        len(rows) - _kept(old, new, shared),
        len(rows),
    )


def _kept(old: Array, new: Array, shared: Array) -> int:
    """Reads that stay if passes go on as those that they share most reads with, the largest share first."""
    order = np.lexsort((new, old, -shared))
    old, new, shared = old[order], new[order], shared[order]
    kept = 0
    while len(old):
        _, first_old = np.unique(old, return_index=True)
        _, first_new = np.unique(new, return_index=True)
        # Pairs stand with the most first, so a pass's first pair is its best; those best for both are taken.
        mutual = np.intersect1d(first_old, first_new)
        kept += int(shared[mutual].sum())
        left = ~np.isin(old, old[mutual]) & ~np.isin(new, new[mutual])
        old, new, shared = old[left], new[left], shared[left]
    return kept
