"""Which reads and passes say a listed plate: found out once for each spelling, however many rows have it.

A read is listed if its observed plate is, or the consensus of its pass. It is near if one of these is near a
listed plate, or if a candidate is listed itself: the recognizer has thought of that plate. A candidate that
is only near one is not: it differs from what was read already, and two steps away lies much traffic. A pass
is what the nearest of its reads is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.errors import Cancelled
from alprviewer.core.listed import NOTHING_LISTED, Hit, Listed, PlateList
from alprviewer.core.states import CODE_ABSENT, FIRST_CODE
from alprviewer.language import tr
from alprviewer.store.passrows import NO_ROW, PassTable
from alprviewer.store.tables import Dictionary, Table

_PART = 1 << 14
"""Spellings that are looked at between two questions whether the answer is still wanted."""
_UNKNOWN = 255


class Sighting(NamedTuple):
    """Why a read or a pass is listed, or near what is listed.

    Attributes:
        hit: the line, and the spelling that it is about.
        of: ``plate``, ``consensus`` or ``candidate``: whose spelling it is.
    """

    hit: Hit
    of: str

    @property
    def listed(self) -> Listed:
        """How far it is listed."""
        return Listed.EXACT if self.hit.is_exact and self.of != "candidate" else Listed.NEAR

    @property
    def rank(self) -> tuple[bool, tuple[bool, bool, int], bool]:
        """Less is nearer; a plate before the consensus that says the same."""
        return (self.listed is not Listed.EXACT, self.hit.rank, self.of != "plate")

    @property
    def words(self) -> str:
        """For people, in a line of a table of reasons."""
        why = {
            "candidate": tr("candidate {plate}: {reason}", plate=self.hit.read, reason=self.hit.words),
            "consensus": tr("consensus {plate}: {reason}", plate=self.hit.read, reason=self.hit.words),
        }
        return why.get(self.of, self.hit.words)


class _Judged:
    """What is known of the texts of a dictionary, by code."""

    def __init__(self, hits: Callable[[Sequence[str]], list[Hit | None]]) -> None:
        self._of = hits
        self._states = np.full(FIRST_CODE, Listed.NOT, np.uint8)
        self.hits: dict[int, Hit] = {}

    def of(self, codes: Array, texts: _Texts, still_wanted: Callable[[], bool]) -> Array:
        """How far the texts of codes are listed."""
        codes = np.asarray(codes, np.int64)
        count = int(codes.max(initial=0)) + 1
        if count > len(self._states):
            grown = np.full(max(count, len(self._states) * 3 // 2), _UNKNOWN, np.uint8)
            grown[: len(self._states)] = self._states
            self._states = grown
        # Most are known already, however many there are.
        new = np.unique(codes[self._states[codes] == _UNKNOWN])
        for begin in range(0, len(new), _PART):
            if not still_wanted():
                raise Cancelled
            part = new[begin : begin + _PART].tolist()
            found = self._of([texts(code) or "" for code in part])
            self.hits.update((code, hit) for code, hit in zip(part, found, strict=True) if hit is not None)
            self._states[part] = [
                Listed.NOT if hit is None else Listed.EXACT if hit.is_exact else Listed.NEAR for hit in found
            ]
        states: Array = self._states[codes]
        return states


_Texts = Callable[[int], str | None]


def _always() -> bool:
    return True


class Judge:
    """Compares the spellings of a capture with listed plates. For one thread at a time.

    Args:
        plates: the list; of its own, if another thread has one too.
        texts: of the codes of plates, as they are in reads and candidates.
    """

    def __init__(self, plates: PlateList, texts: _Texts) -> None:
        self.plates = plates
        self._texts = texts
        self._plates = _Judged(plates.hits)
        self._candidates = _Judged(lambda texts: plates.hits(texts, near=False))
        self._consensus = _Judged(plates.hits)
        self._said = Dictionary()
        self.still_wanted: Callable[[], bool] = _always

    def reads(self, reads: Table, candidates: Table, begin: int, end: int) -> Array:
        """How far reads from one to before another are listed by what was read: ``Listed``, a byte each.

        Raises:
            Cancelled: the answer is not wanted any more.
        """
        states = self._plates.of(reads.part("plate", begin, end), self._texts, self.still_wanted)
        with_some, places = _candidate_places(reads, begin, end)
        if len(places):
            codes = candidates.part("plate", int(places[0]), int(places[-1]) + 1)
            found = self._candidates.of(codes, self._texts, self.still_wanted) == Listed.EXACT
            hits = np.flatnonzero(found) + int(places[0])
            firsts = reads.part("first_candidate", begin, end)[with_some]
            said = with_some[np.searchsorted(firsts, hits, side="right") - 1]
            states[said] = np.maximum(states[said], Listed.NEAR)
        return states

    def consensus(self, texts: Sequence[str | None]) -> Array:
        """How far the plates that passes support are listed."""
        codes = np.array([CODE_ABSENT if text is None else self._said.code(text) for text in texts], np.int64)
        return self._consensus.of(codes, self._said.value, self.still_wanted)

    def of_read(self, plate: int, candidates: Array) -> Sighting | None:
        """Why a read is listed by what was read; codes of its plate and of its candidates."""
        hits = [Sighting(hit, "plate") for hit in (self._plates.hits.get(plate),) if hit is not None]
        known = self._candidates.hits
        hits += [Sighting(known[code], "candidate") for code in candidates.tolist() if code in known]
        return min(hits, key=lambda each: each.rank, default=None)

    def of_consensus(self, text: str | None) -> Sighting | None:
        """Why a pass is listed by its consensus."""
        code = None if text is None else self._said.find(text)
        hit = None if code is None else self._consensus.hits.get(code)
        return None if hit is None else Sighting(hit, "consensus")


def _candidate_places(reads: Table, begin: int, end: int) -> tuple[Array, Array]:
    """The reads that have candidates, and the first and the last row of these; both empty where none has."""
    counts = reads.part("candidates", begin, end).astype(np.int64)
    with_some = np.flatnonzero(counts)
    if not len(with_some):
        return with_some, with_some
    firsts = reads.part("first_candidate", begin, end)
    last = with_some[-1]
    return with_some, np.array([firsts[with_some[0]], firsts[last] + counts[last] - 1])


class Groups(NamedTuple):
    """How far passes are listed.

    Attributes:
        states: ``Listed`` of each, a byte.
        best: of each the row of the read that says so; ``NO_ROW`` where it is the consensus, or nothing.
        reads: ``Listed`` of each read, what its pass supports included.
    """

    states: Array
    best: Array
    reads: Array


def grouped(reads: Array, group_of: Array, consensus: Array) -> Groups:
    """Passes from their reads and from what they support.

    Args:
        reads: ``Listed`` of each read.
        group_of: of each of the first reads the number of its pass; any larger number for none.
        consensus: ``Listed`` of each pass's consensus.
    """
    count = len(consensus)
    states, best = consensus.astype(np.uint8), np.full(count, NO_ROW, np.uint32)
    known = min(len(reads), len(group_of))
    rows = np.flatnonzero(reads[:known])
    rows = rows[group_of[rows] < count]
    # The nearest last, and of these the first one: what is written last stays.
    rows = rows[np.lexsort((-rows, reads[rows]))]
    groups = group_of[rows]
    nearer = reads[rows] >= states[groups]
    best[groups[nearer]] = rows[nearer]
    np.maximum.at(states, groups, reads[rows])
    of_reads = reads.copy()
    if consensus.any():
        padded = np.append(consensus, np.uint8(Listed.NOT))
        of_pass = padded[np.minimum(group_of[:known], count)]
        np.maximum(of_reads[:known], of_pass, out=of_reads[:known])
    return Groups(states, best, of_reads)


class ListedRows(NamedTuple):
    """What is listed of a capture's first reads, and of its passes; replaced by another one, never changed.

    Attributes:
        judge: who compared them, and knows the reasons; None where nothing is listed.
        reads: ``Listed`` of each read by itself.
        table: the passes of that time.
        passes: what is listed of them.
    """

    judge: Judge | None = None
    reads: Array = np.empty(0, np.uint8)
    table: PassTable | None = None
    passes: Groups = Groups(np.empty(0, np.uint8), np.empty(0, np.uint32), np.empty(0, np.uint8))

    @property
    def plates(self) -> PlateList:
        """The list."""
        return NOTHING_LISTED if self.judge is None else self.judge.plates

    def states(self, table: str, rows: Array | slice) -> Array:
        """``Listed`` of rows of ``reads`` or ``passes``; of a slice from 0 the rows before its end."""
        values = self.passes.reads if table == "reads" else self.passes.states
        wanted = np.arange(rows.stop) if isinstance(rows, slice) else np.asarray(rows)
        found = np.full(len(wanted), Listed.NOT, np.uint8)
        known = wanted < len(values)
        found[known] = values[wanted[known]]
        return found

    def marks_as(self, other: ListedRows) -> bool:
        """True if rows are marked in ``other`` as here, and none behind those that are known here."""
        if self.judge is not other.judge:
            return False
        ours = self.passes.reads, self.passes.states
        theirs = other.passes.reads, other.passes.states
        return all(
            np.array_equal(one, another[: len(one)]) and not another[len(one) :].any()
            for one, another in zip(ours, theirs, strict=True)
        )

    def among(self, rows: range) -> list[tuple[int, Listed]]:
        """The reads among these that are listed or near what is by themselves, and how far."""
        states = self.reads[rows.start : rows.stop]
        return [(rows.start + place, Listed(int(states[place]))) for place in np.flatnonzero(states).tolist()]


NOTHING_KNOWN = ListedRows()
