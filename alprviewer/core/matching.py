"""Lines matched against known forms, all of a chunk in step: the first reads of all, then the second."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alprviewer.core.chunks import Chunk
from alprviewer.core.digits import Buffer, Mask, Positions
from alprviewer.core.layout import Form, Walked
from alprviewer.core.shapes import ReadForm

_OPEN = ord("{")
_MAX_ELEMENTS = 64
"""Reads of a frame, candidates of a read; lines with longer lists are left to the decoder."""


class FrameForm(NamedTuple):
    """The lines of one camera: what stands around their reads, and the codes of what they share."""

    head: Form
    tail: Form
    envelope: int
    uuid_head: int


class Values(NamedTuple):
    """Where the values of one form stand: one row a slot, one column a frame, read or candidate."""

    form: Form
    owners: Positions
    """Of a frame its line, of a read its number, of a candidate the number of its read."""
    starts: Positions
    ends: Positions
    place: int = 0
    """Of candidates: their place in the list."""


class Frames(NamedTuple):
    """Lines of one camera."""

    form: FrameForm
    head: Values
    tail: Values


class _Read(NamedTuple):
    """Reads at the same place of their frames."""

    rows: Positions
    before: Values
    after: Values | None
    candidates: list[Values]
    at: Positions


class Matched:
    """What was found in a chunk. Reads are numbered as they are found, ``read_lines`` tells their lines."""

    def __init__(self) -> None:
        self.frames: list[Frames] = []
        self.reads: list[Values] = []
        self.candidates: list[Values] = []
        self.read_lines = np.empty(0, np.int64)
        """-1 for a read of a line that did not match to its end."""
        self.read_places = np.empty(0, np.int64)


class Forms:
    """The forms of frames and reads that are known."""

    def __init__(self) -> None:
        self._heads: dict[Form, list[FrameForm]] = {}
        self._reads: dict[ReadForm, None] = {}

    def __len__(self) -> int:
        return len(self._reads) + sum(len(forms) for forms in self._heads.values())

    def add(self, frame: FrameForm, reads: tuple[ReadForm, ...]) -> bool:
        """Add forms. False if all of them are known."""
        before = len(self)
        known = self._heads.setdefault(frame.head, [])
        if frame not in known:
            known.append(frame)
        self._reads |= dict.fromkeys(reads)
        return len(self) > before

    def match(self, chunk: Chunk, lines: Positions, found: Matched) -> Mask:
        """Match lines; what is found is added. Returns which of them match to their ends."""
        buffer = chunk.buffer
        at = np.zeros(len(lines), np.int64)
        heads: list[tuple[list[FrameForm], Walked]] = []
        left = np.arange(len(lines))
        for head, forms in self._heads.items():
            if not len(left):
                break
            walked = head.walk(buffer, chunk.starts[lines[left]])
            mine = left[walked.rows]
            at[mine] = walked.at
            heads.append((forms, walked._replace(rows=mine)))
            left = np.delete(left, walked.rows)
        known = np.ones(len(lines), bool)
        known[left] = False
        first = len(found.read_lines)
        self._match_reads(buffer, at, known, lines, found)
        fits = np.zeros(len(lines), bool)
        for forms, walked in heads:
            going = known[walked.rows]
            for form in forms:
                tried = np.flatnonzero(going)
                tail = form.tail.walk(buffer, at[walked.rows[tried]])
                to_end = np.flatnonzero(tail.at == chunk.ends[lines[walked.rows[tried[tail.rows]]]])
                chosen = tried[tail.rows[to_end]]
                if not len(chosen):
                    continue
                going[chosen] = False
                fits[walked.rows[chosen]] = True
                owners = lines[walked.rows[chosen]]
                found.frames.append(
                    Frames(
                        form,
                        Values(form.head, owners, walked.starts[:, chosen], walked.ends[:, chosen]),
                        Values(form.tail, owners, tail.starts[:, to_end], tail.ends[:, to_end]),
                    )
                )
        matched_lines = np.zeros(len(chunk.starts), bool)
        matched_lines[lines[fits]] = True
        own = found.read_lines[first:]
        own[~matched_lines[own]] = -1
        return fits

    def _match_reads(
        self, buffer: Buffer, at: Positions, known: Mask, lines: Positions, found: Matched
    ) -> None:
        """Walk through the reads of the lines that are still known, and move on where they stand."""
        rows = np.flatnonzero(known)
        rows = rows[buffer.units[at[rows]] == _OPEN]
        place = 0
        while len(rows):
            more: list[Positions] = []
            for form in self._reads:
                if not len(rows) or place == _MAX_ELEMENTS:
                    break
                read = _walk_read(form, buffer, at[rows], len(found.read_lines))
                mine = rows[read.rows]
                found.reads += [values for values in (read.before, read.after) if values is not None]
                found.candidates += read.candidates
                found.read_lines = np.concatenate((found.read_lines, lines[mine]))
                found.read_places = np.concatenate((found.read_places, np.full(len(mine), place)))
                follows = buffer.stands(read.at, form.separator)
                going = mine if follows is None else mine[follows]
                at[mine] = read.at
                at[going] += len(form.separator)
                more.append(going)
                rows = np.delete(rows, read.rows)
            known[rows] = False
            rows = np.sort(np.concatenate(more)) if len(more) > 1 else more[0] if more else rows[:0]
            place += 1


def _walk_read(form: ReadForm, buffer: Buffer, at: Positions, first: int) -> _Read:
    """Walk through one read each; those that come to the end are numbered from ``first``."""
    before = form.before.walk(buffer, at)
    if form.candidate is None or form.after is None:
        numbers = np.arange(first, first + len(before.rows))
        return _Read(before.rows, _values(form.before, numbers, before), None, [], before.at)
    at = before.at
    lists: list[tuple[Positions, Walked]] = []
    fine = np.ones(len(at), bool)
    rows = np.flatnonzero(buffer.units[at] == _OPEN)
    while len(rows) and len(lists) < _MAX_ELEMENTS:
        walked = form.candidate.walk(buffer, at[rows])
        fine[np.delete(rows, walked.rows)] = False
        mine = rows[walked.rows]
        lists.append((mine, walked))
        at[mine] = walked.at
        follows = buffer.stands(walked.at, form.separator)
        rows = mine if follows is None else mine[follows]
        at[rows] += len(form.separator)
    fine[rows] = False
    rows = np.flatnonzero(fine)
    after = form.after.walk(buffer, at[rows])
    rows = rows[after.rows]
    numbers = np.full(len(at), -1)
    numbers[rows] = np.arange(first, first + len(rows))
    return _Read(
        before.rows[rows],
        _kept(_values(form.before, numbers, before)),
        _values(form.after, numbers[rows], after),
        [
            _kept(_values(form.candidate, numbers[owners], walked, place))
            for place, (owners, walked) in enumerate(lists)
        ],
        after.at,
    )


def _values(form: Form, owners: Positions, walked: Walked, place: int = 0) -> Values:
    return Values(form, owners, walked.starts, walked.ends, place)


def _kept(values: Values) -> Values:
    """Without those that have no owner, since their read did not come to the end."""
    kept = values.owners >= 0
    if bool(kept.all()):
        return values
    return values._replace(
        owners=values.owners[kept], starts=values.starts[:, kept], ends=values.ends[:, kept]
    )
