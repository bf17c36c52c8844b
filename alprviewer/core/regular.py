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
from alprviewer.core.builder import Coders, envelope_of
from alprviewer.core.chunks import cut, plausible
from alprviewer.core.decode import decode_strict
from alprviewer.core.digits import Mask, Positions
from alprviewer.core.frame import split_uuid
from alprviewer.core.matching import Forms, FrameForm, Matched
from alprviewer.core.regularrows import rows_of
from alprviewer.core.shapes import learn

_MAX_REFUSED = 640
"""Lines without a form after which no more forms are looked for."""
_FOR_ONE_LINE = 10
"""What a form that fits its own line only counts for: each makes every chunk a little slower."""
_MAX_FORMS = 256
"""Forms that are remembered."""


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
        self._forms = Forms()
        self._refused = 0

    def read(self, data: bytes, size: int) -> Rows:
        """Read the regular lines of the first ``size`` bytes, which end with a newline."""
        chunk = cut(data, size)
        regular = plausible(chunk)
        found = Matched()
        lines = np.flatnonzero(regular)
        known = len(self._forms)
        while len(lines):
            fits = self._forms.match(chunk, lines, found)
            lines = lines[~fits]
            if len(self._forms) > known and np.count_nonzero(fits) <= 1:
                self._refused += _FOR_ONE_LINE
            known = len(self._forms)
            # What the first of the others teaches may fit all of them.
            while len(lines) and not self._learn(chunk.line(int(lines[0]))):
                regular[lines[0]] = False
                lines = lines[1:]
        frames, reads, candidates = rows_of(chunk, found, regular, self._coders)
        return Rows(chunk.line_starts, chunk.line_ends, chunk.value_ends, regular, frames, reads, candidates)

    def _learn(self, line: bytes) -> bool:
        """Learn the forms of a line. False if it is not regular, or teaches nothing new."""
        if len(self._forms) >= _MAX_FORMS or self._refused >= _MAX_REFUSED:
            return False
        frame = decode_strict(line) if line.endswith(b"}") else None
        shape = learn(line) if frame is not None else None
        if frame is not None and shape is not None and frame.uuid is not None:
            form = FrameForm(
                shape.head,
                shape.tail,
                self._coders.envelope.code(envelope_of(frame)),
                self._coders.uuid_head.code(split_uuid(frame.uuid).head),
            )
            if self._forms.add(form, shape.reads):
                return True
        self._refused += 1
        return False
