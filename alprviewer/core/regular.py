"""Regular frames out of JSON Lines, thousands at a time, without a parser.

A chunk of lines is cut at its quotation marks. Lines whose bytes around the values are those of a line that
was decoded in full (``layout``) give their values straight into arrays; every other line is left to framing
and decoding. What comes out is what ``BatchBuilder`` would have made of the same frames.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.builder import Coders
from alprviewer.core.chunks import Chunk, Work, cut, line_ends_of, plausible, value_ends_of
from alprviewer.core.decode import decode_strict
from alprviewer.core.digits import Buffer, Mask, Positions
from alprviewer.core.regularrows import rows_of
from alprviewer.core.shapes import Item, Shape, learn

_MAX_REFUSED = 640
"""Lines without a form after which no more forms are looked for."""
_MAX_SHAPES = 64
"""Forms of lines of one length that are remembered."""


class Rows(NamedTuple):
    """The regular lines of a chunk as rows, in order.

    Attributes:
        line_starts, line_ends: of every line of the chunk; the ends are those of the newline.
        value_ends: where a line's value ends (before a comma or a carriage return).
        regular: which lines are regular.
        frames, reads, candidates: rows of the regular lines; ``first_read`` and ``frame`` count from 0,
            offsets from the start of the chunk.
    """

    line_starts: Positions
    line_ends: Positions
    value_ends: Positions
    regular: Mask
    frames: Array
    reads: Array
    candidates: Array


class Runs:
    """The lines of a chunk in runs that are regular or not, and the rows of a run."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._frames_before = np.concatenate(([0], np.cumsum(rows.regular)))
        self._reads_before = np.concatenate((rows.frames["first_read"], [len(rows.reads)]))
        self._candidates_before = np.concatenate(([0], np.cumsum(rows.reads["candidates"], dtype=np.int64)))

    def runs(self) -> list[tuple[int, int]]:
        """First and behind the last line of each run."""
        regular = self._rows.regular
        edges = np.flatnonzero(regular[1:] != regular[:-1]) + 1
        bounds = [0, *edges.tolist(), len(regular)]
        return list(pairwise(bounds))

    def slice(self, first: int, end: int, moved: int) -> tuple[Array, Array, Array]:
        """Frames, reads and candidates of a regular run, offsets ``moved``, numbers from 0."""
        a, b = (int(self._frames_before[line]) for line in (first, end))
        c, d = (int(self._reads_before[frame]) for frame in (a, b))
        e, f = (int(self._candidates_before[read]) for read in (c, d))
        frames, reads = self._rows.frames[a:b].copy(), self._rows.reads[c:d].copy()
        frames["offset"] += moved
        frames["first_read"] -= c
        reads["frame"] -= a
        return frames, reads, self._rows.candidates[e:f]


class RegularReader:
    """Reads chunk after chunk of a stream; what it learns of the layout stays."""

    def __init__(self, coders: Coders) -> None:
        self._coders = coders
        self._item: Item | None = None
        self._shapes: dict[int, list[Shape]] = {}
        self._refused = 0

    def read(self, data: bytes) -> Rows:
        """Read the regular lines of a chunk that ends with a newline."""
        line_ends = line_ends_of(data)
        line_starts = np.concatenate(([0], line_ends[:-1] + 1))
        buffer = Buffer(data)
        value_ends = value_ends_of(buffer, line_starts, line_ends)
        regular = plausible(buffer, line_starts, line_ends)
        chunk = cut(buffer, line_starts, value_ends, regular)
        work = Work(chunk, regular)
        if len(chunk.line) and self._learn_item(chunk, regular):
            assert self._item is not None
            work.find_lists(self._item)
            self._match(work)
        else:
            regular[:] = False
        frames, reads, candidates = rows_of(work, self._coders)
        return Rows(line_starts, line_ends, value_ends, regular, frames, reads, candidates)

    def _learn_item(self, chunk: Chunk, regular: Mask) -> bool:
        """The layout of a candidate, from the first line that shows two of them."""
        if self._item is not None:
            return True
        for number in np.flatnonzero(regular)[:8]:
            line = chunk.line_bytes(int(number))
            if decode_strict(line) is not None:
                self._item = Item.learn(line)
                if self._item is not None:
                    return True
        return False

    def _match(self, work: Work) -> None:
        """Give every regular line its shape, learning new ones; lines without one are not regular."""
        for size, lines, ordinals in work.lines_by_size():
            self._match_size(work, size, lines, ordinals)

    def _match_size(self, work: Work, size: int, lines: Positions, ordinals: Positions) -> None:
        known = self._shapes.setdefault(size, [])
        for each in known:
            lines, ordinals = work.take(each, lines, ordinals)
        while len(lines):
            if len(known) == _MAX_SHAPES or self._refused == _MAX_REFUSED:
                work.refuse(lines)
                return
            shape = self._learn(work.chunk, int(lines[0]), size)
            before = len(lines)
            if shape is not None:
                known.append(shape)
                lines, ordinals = work.take(shape, lines, ordinals)
            if len(lines) == before:
                self._refused += 1
                work.refuse(lines[:1])
                lines, ordinals = lines[1:], ordinals[1:]

    def _learn(self, chunk: Chunk, number: int, size: int) -> Shape | None:
        line = chunk.line_bytes(number)
        frame = decode_strict(line)
        if frame is None or self._item is None:
            return None
        shape = learn(line, self._item)
        return shape if shape is not None and shape.skeleton.size == size else None
