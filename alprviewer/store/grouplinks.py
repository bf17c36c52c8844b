"""Which of our passes Scout's groups are about: those that hold a read of a frame that the group names.

A group lists the uuids of its frames and, parallel to them, which plate of the frame it means
(``plate_indexes``, as ``plate_index`` of reads). Where no read of the frame has that index, the read counts
whose plate is the group's, or the only one. A group that names its best frame beside its list, or alone, is
linked by it, too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.states import FIRST_CODE, absent
from alprviewer.store.columns import Columns
from alprviewer.store.passes import NO_PASS, Passes

LINK_DTYPE = np.dtype([("sibling", "i8"), ("number", "i8"), ("frames", "i8")])
"""A group, a pass, and how many of the frames that the group lists show a read of the pass; 0: the best one
alone, which is not on the list."""


class GroupLinks(NamedTuple):
    """What was found of groups.

    Attributes:
        links: ``LINK_DTYPE``, by group; of one group's passes the one with most frames first, of equals
            the one with the best frame.
        present: of each sibling how many of the frames that it lists are there.
    """

    links: Array
    present: Array


class _Named(NamedTuple):
    """Frames that groups name: of which group, what uuid, which plate, and whether as the best one."""

    sibling: Array
    head: Array
    tail: Array
    plate_index: Array
    is_best: Array


def group_links(columns: Columns, passes: Passes, groups: Array, siblings: int) -> GroupLinks:
    """The passes of groups. May run beside a thread that appends.

    Args:
        columns: the store.
        passes: of its first reads.
        groups: rows of siblings, ascending.
        siblings: how many siblings there are.
    """
    named = _named(columns, groups)
    frame = _frames(columns, named)
    there = np.flatnonzero(frame >= 0)
    present = np.bincount(named.sibling[there[~named.is_best[there]]], minlength=siblings)
    named = _Named(*(column[there] for column in named))
    place, read = _reads(columns, passes, named, frame[there])
    return GroupLinks(_joined(named, place, passes.of_read[read]), present)


def _named(columns: Columns, groups: Array) -> _Named:
    """What groups list, and the best frame of each."""
    siblings, listed = columns.siblings, columns.named
    counts = siblings.column("uuids")[groups].astype(np.int64)
    inside = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = np.repeat(siblings.column("first_named")[groups].astype(np.int64), counts) + inside
    heads, tails = (
        np.concatenate((listed.column(name)[rows], siblings.column(name)[groups]))
        for name in ("uuid_head", "uuid_tail")
    )
    index = np.concatenate((listed.column("plate_index")[rows], np.full(len(groups), absent("i4"))))
    is_best = np.arange(len(heads)) >= len(rows)
    found = _Named(np.concatenate((np.repeat(groups, counts), groups)), heads, tails, index, is_best)
    return _Named(*(column[heads >= FIRST_CODE] for column in found))


def _frames(columns: Columns, named: _Named) -> Array:
    """The first frame with each uuid, -1 for none."""
    count = len(columns.frames)
    rows = np.flatnonzero(np.isin(columns.frames.part("uuid_tail", 0, count), named.tail))
    tails = np.concatenate((columns.frames.column("uuid_tail")[rows], named.tail)).astype(np.int64)
    heads = np.concatenate((columns.frames.column("uuid_head")[rows], named.head)).astype(np.int64)
    # A small number for each tail, so that it fits into one word together with the head's code.
    _, small = np.unique(tails, return_inverse=True)
    keys = small.astype(np.int64) << 32 | heads
    return _first(rows, keys[: len(rows)], keys[len(rows) :])


def _first(rows: Array, keys: Array, wanted: Array) -> Array:
    """Of the rows with these keys the first one with each wanted key, -1 for none."""
    found = np.full(len(wanted), -1, np.int64)
    if len(keys):
        order = np.argsort(keys, kind="stable")
        place = np.minimum(np.searchsorted(keys[order], wanted), len(order) - 1)
        same = keys[order[place]] == wanted
        found[same] = rows[order[place[same]]]
    return found


def _reads(columns: Columns, passes: Passes, named: _Named, frame: Array) -> tuple[Array, Array]:
    """The read that is meant in each named frame: places in ``named``, and rows of reads.

    Every read of the frames is looked at once, however often they are named: a frame with thousands of reads
    may be named thousands of times.
    """
    reads = columns.reads
    frames, place = np.unique(frame, return_inverse=True)
    counts = columns.frames.column("reads")[frames].astype(np.int64)
    of = np.repeat(np.arange(len(frames)), counts)
    inside = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
    row = np.repeat(columns.frames.column("first_read")[frames].astype(np.int64), counts) + inside
    known = row < len(passes.of_read)
    of, row = of[known], row[known]
    with_pass = passes.of_read[row] != NO_PASS
    of, row = of[with_pass], row[with_pass]
    index, says = named.plate_index, columns.siblings.column("plate")[named.sibling].astype(np.int64)
    is_only = (np.bincount(of, minlength=len(frames)) == 1)[place]
    found = np.where(is_only, _first(row, of, place), -1)
    # A small number for frame and index, so that it fits into one word together with the plate's code.
    told = np.concatenate((reads.column("plate_index")[row], index)).astype(np.int64) & 0xFFFFFFFF
    _, small = np.unique(np.concatenate((of, place)) << 32 | told, return_inverse=True)
    there, wanted = np.split(small.astype(np.int64), [len(row)])
    plate, is_told, is_said = reads.column("plate")[row], index != absent("i4"), says >= FIRST_CODE
    for keys, sought, may in (
        (of << 32 | plate, place << 32 | says, is_said),
        (there, wanted, is_told),
        (there << 32 | plate, wanted << 32 | says, is_told & is_said),
    ):
        better = np.where(may, _first(row, keys, sought), -1)
        found = np.where(better >= 0, better, found)
    chosen = np.flatnonzero(found >= 0)
    return chosen, found[chosen]


def _joined(named: _Named, place: Array, number: Array) -> Array:
    """Links from the pass of each frame that is there."""
    sibling, is_best = named.sibling[place], named.is_best[place]
    pairs, inverse = np.unique(sibling.astype(np.int64) << 32 | number, return_inverse=True)
    links = np.zeros(len(pairs), LINK_DTYPE)
    links["sibling"], links["number"] = pairs >> 32, pairs & 0xFFFFFFFF
    links["frames"] = np.bincount(inverse, ~is_best, minlength=len(pairs))
    with_best = np.bincount(inverse, is_best, minlength=len(pairs))
    found: Array = links[np.lexsort((links["number"], -with_best, -links["frames"], links["sibling"]))]
    return found
