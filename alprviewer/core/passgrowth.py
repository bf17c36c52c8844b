"""Passes of a capture that grows: only the stretches of time that got new reads are looked at again."""

from __future__ import annotations

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.passes import FoundPasses, PassReads, PassRules, find_passes
from alprviewer.core.stretches import stretch_starts


def affected(reads: PassReads, known: int, rules: PassRules) -> Array:
    """Rows whose pass may change when reads are added: all of every stretch that got a new one.

    Args:
        reads: all of them.
        known: how many of them were there before.
        rules: when two reads may be of one vehicle.
    """
    order = np.lexsort((reads.time, reads.camera))
    starts = stretch_starts(reads.camera[order], reads.time[order], rules.reach_ms)
    stretch = np.zeros(len(order), np.int64)
    stretch[starts] = 1
    stretch = np.cumsum(stretch) - 1
    touched = np.zeros(len(starts), bool)
    touched[stretch[order >= known]] = True
    return np.sort(order[touched[stretch]])


def extended(before: FoundPasses, reads: PassReads, rules: PassRules) -> FoundPasses:
    """The passes of reads, of which the first were looked at before: the same as all at once.

    Args:
        before: what was found of the first reads.
        reads: all of them.
        rules: the same as before.
    """
    rows = affected(reads, len(before.first), rules)
    found = find_passes(PassReads(*(column[rows] for column in reads)), rules)
    first = np.full(len(reads.time), -1, np.int64)
    copy = np.zeros(len(reads.time), bool)
    first[: len(before.first)], copy[: len(before.copy)] = before
    first[rows] = np.where(found.first >= 0, rows[found.first], -1)
    copy[rows] = found.copy
    return FoundPasses(first, copy)
