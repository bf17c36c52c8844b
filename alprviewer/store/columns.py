"""Everything that is browsed: frames, reads, candidates, siblings and problems as columns.

What stands here is for browsing. The raw value is the truth and is read again from its span.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from alprviewer.core.batch import (
    CANDIDATE_DTYPE,
    CODED,
    DICTIONARIES,
    FRAME_DTYPE,
    NAMED_DTYPE,
    PROBLEM_DTYPE,
    READ_DTYPE,
    SIBLING_DTYPE,
    Array,
    Batch,
    Envelope,
)
from alprviewer.core.states import FIRST_CODE
from alprviewer.core.texts import Texts
from alprviewer.store.decided import DecidedColumns
from alprviewer.store.listed import NOTHING_KNOWN
from alprviewer.store.passrows import PassTable
from alprviewer.store.tables import CodeMap, Dictionary, Table

STORED_READ_DTYPE = np.dtype(
    [*((name, READ_DTYPE[name]) for name in READ_DTYPE.names or ()), ("first_candidate", "i8")]
)
STORED_SIBLING_DTYPE = np.dtype(
    [*((name, SIBLING_DTYPE[name]) for name in SIBLING_DTYPE.names or ()), ("first_named", "i8")]
)


@dataclass(frozen=True)
class Change:
    """The rows that a batch added."""

    frames: range = field(default_factory=lambda: range(0))
    reads: range = field(default_factory=lambda: range(0))
    siblings: range = field(default_factory=lambda: range(0))
    problems: range = field(default_factory=lambda: range(0))
    taken_back: range = field(default_factory=lambda: range(0))
    """Problems that are none any more; their rows went before those above came."""

    def then(self, more: Change) -> Change:
        """This and the rows that came right behind them, none of which were taken back."""
        assert not more.taken_back
        parts = {
            name: range(mine.start, theirs.stop) if mine and theirs else mine or theirs
            for name in ("frames", "reads", "siblings", "problems")
            for mine, theirs in [(getattr(self, name), getattr(more, name))]
        }
        return Change(**parts, taken_back=self.taken_back)


class Columns:
    """The tables of a capture and the dictionaries that code their texts."""

    def __init__(self) -> None:
        self.frames = Table(FRAME_DTYPE)
        self.reads = Table(STORED_READ_DTYPE)
        self.candidates = Table(CANDIDATE_DTYPE)
        self.siblings = Table(STORED_SIBLING_DTYPE)
        self.named = Table(NAMED_DTYPE)
        self.problems = Table(PROBLEM_DTYPE)
        self.dictionaries: dict[str, Dictionary | Texts] = {
            name: Texts() if name == "plate" else Dictionary() for name in DICTIONARIES
        }
        self.mapped: list[Callable[[], None]] = []
        """Of files that rows are mapped from: how to give their memory back."""
        self.decided = DecidedColumns()
        """What was decided of the reads, by whoever knows."""
        self.listed = NOTHING_KNOWN
        """Which reads and passes say a listed plate, by whoever has the list; replaced as a whole."""
        self.passes = PassTable()
        """What was found of the reads by whoever shows passes; replaced as a whole."""

    def code_maps(self) -> dict[str, CodeMap]:
        """Maps for the codes of a new decoder; they belong to it alone."""
        return {name: CodeMap(dictionary) for name, dictionary in self.dictionaries.items()}

    def append(self, batch: Batch, source: int, maps: dict[str, CodeMap]) -> Change:
        """Add a decoder's next batch as rows of ``source``."""
        for name, values in batch.texts.items():
            maps[name].extend(values)
        first_frame, first_read = len(self.frames), len(self.reads)
        frames = _split(batch.frames, maps, source)
        frames["first_read"] = frames["first_read"] + np.uint32(first_read)
        reads = _split(batch.reads, maps, source)
        reads["frame"] = reads["frame"] + np.uint32(first_frame)
        reads["first_candidate"] = len(self.candidates) + _firsts(reads["candidates"])
        self.candidates.append(_split(batch.candidates, maps, source), len(batch.candidates))
        siblings = _split(batch.siblings, maps, source)
        siblings["first_named"] = len(self.named) + _firsts(siblings["uuids"])
        self.named.append(_split(batch.named, maps, source), len(batch.named))
        return Change(
            self.frames.append(frames, len(batch.frames)),
            self.reads.append(reads, len(batch.reads)),
            self.siblings.append(siblings, len(batch.siblings)),
            self.problems.append(_split(batch.problems, maps, source), len(batch.problems)),
        )

    def take_back(self, problems: range) -> Change:
        """Remove problems that are none any more: a value that was cut off is complete now.

        Whoever holds the old table keeps it as it was.
        """
        self.problems = self.problems.without(problems)
        return Change(taken_back=problems)

    def release(self) -> None:
        """Give back the memory of mapped rows, after something has looked at all of them."""
        for release in self.mapped:
            release()

    def snapshot(self) -> Columns:
        """The rows that are there now, and nothing that comes."""
        taken = copy.copy(self)
        for name in ("frames", "reads", "candidates", "siblings", "named", "problems"):
            setattr(taken, name, getattr(self, name).snapshot())
        return taken

    def envelopes(self) -> list[Envelope]:
        """The fields that one camera's frames share, by code (``FIRST_CODE`` up; two empty ones before)."""
        envelopes = self.dictionaries["envelope"]
        assert isinstance(envelopes, Dictionary)
        values = envelopes.values()
        return [value if value is not None else Envelope() for value in values]

    def text(self, dictionary: str, code: int) -> str | None:
        """The text behind a code, None for absent and invalid."""
        value: str | None = self.dictionaries[dictionary].value(code)
        return value

    def subject(self, table: str, row: int) -> tuple[str, int]:
        """What is shown of a row by itself: of a pass its best read, or Scout's group; table and row."""
        return self.passes.subject(row) if table == "passes" else (table, row)

    def listed_states(self, table: str, rows: Array | slice) -> Array:
        """``Listed`` of rows of ``reads`` or ``passes``; of passes that were not compared yet, none is."""
        known = self.listed
        if table == "passes" and known.table is not self.passes:
            known = NOTHING_KNOWN
        return known.states(table, rows)

    def frame_rows(self, reads: Array) -> Array:
        """The frame of each read, by row."""
        rows: Array = self.reads.column("frame")[reads]
        return rows

    @property
    def distinct_plates(self) -> int:
        """How many different observed plates the reads have (candidates aside)."""
        seen = np.zeros(FIRST_CODE + len(self.dictionaries["plate"]), bool)
        seen[self.reads.column("plate")] = True
        return int(np.count_nonzero(seen[FIRST_CODE:]))


def _firsts(counts: Array) -> Array:
    """Where each one's rows of another table begin, the first one's at 0."""
    found: Array = np.cumsum(counts, dtype=np.int64) - counts
    return found


def _split(rows: Array, maps: dict[str, CodeMap], source: int) -> dict[str, Any]:
    """The columns of a batch's rows, codes translated and the source set."""
    columns: dict[str, Any] = {}
    for name in rows.dtype.names or ():
        column = rows[name]
        columns[name] = maps[CODED[name]].translate(column) if name in CODED else column
    if "source" in columns:
        columns["source"] = np.full(len(rows), source, "u4")
    return columns
