"""The texts that a query asks for: in the dictionaries of the columns, and in what stands around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.errors import PROBLEM_KINDS
from alprviewer.core.query.tree import Match
from alprviewer.core.texts import Texts
from alprviewer.store.columns import Columns
from alprviewer.store.tables import Dictionary
from alprviewer.store.textmatch import Mask, TextMatch, UuidMatch, automaton_of, distinct_codes, matching


class Handed(NamedTuple):
    """A column of reads that another part of the program computes.

    Attributes:
        values: numbers (NaN is absent) or codes of texts: one for each read, at least of the first ones; or
            one for each group of reads, and a last one for those of no group.
        texts: what the codes stand for; None where the values are numbers.
        group: of each read, at least of the first ones; beyond the last one for none. None without groups.
    """

    values: Array
    texts: Texts | Dictionary | None = None
    group: Array | None = None

    @property
    def reads(self) -> int:
        """Of how many reads, the first ones, it is known."""
        return len(self.values if self.group is None else self.group)

    def of(self, rows: Array | slice) -> Array:
        """The values of some reads, or of a stretch of them as far as it is known."""
        if self.group is None:
            found: Array = self.values[rows]
        else:
            found = self.values[np.minimum(self.group[rows], len(self.values) - 1)]
        return found


class Surroundings(NamedTuple):
    """What a query may ask about and the columns do not hold.

    Attributes:
        sources: names of the sources by number.
        cameras: names of cameras by id, where they are known.
        handed: columns by the name of their field.
    """

    sources: Sequence[str] = ()
    cameras: Mapping[int, str] = {}
    handed: Mapping[str, Handed] = {}


class Matchers:
    """The matches of a query, each with what it has learned of the texts it met."""

    def __init__(self, columns: Columns, around: Surroundings) -> None:
        self.columns = columns
        self.around = around
        self._texts: dict[tuple[Match, str], TextMatch] = {}
        self._uuids: dict[Match, UuidMatch] = {}
        self._distinct: tuple[Array, Array] | None = None

    def texts(
        self, match: Match, name: str, texts: Texts | Dictionary, codes: Array, *, is_plate: bool
    ) -> Mask:
        """Where the texts of codes match. ``name`` tells dictionaries apart; some hold plates."""
        known = self._texts.get((match, name))
        if known is None:
            known = self._texts[match, name] = TextMatch(match, texts, is_plate=is_plate)
        # Several terms of a query ask for the same column.
        if self._distinct is None or self._distinct[0] is not codes:
            self._distinct = codes, distinct_codes(codes)
        return known.of(codes, self._distinct[1])

    def coded(self, match: Match, name: str, codes: Array) -> Mask:
        """Where the texts of codes of a dictionary of the columns match."""
        return self.texts(match, name, self.columns.dictionaries[name], codes, is_plate=name == "plate")

    def uuids(self, match: Match, heads: Array, tails: Array) -> Mask:
        """Where uuids match."""
        known = self._uuids.get(match)
        if known is None:
            dictionary = self.columns.dictionaries["uuid_head"]
            assert isinstance(dictionary, Dictionary)
            known = self._uuids[match] = UuidMatch(match, dictionary)
        return known.of(heads, tails)

    def sources(self, match: Match, numbers: Array) -> Mask:
        """Where the source matches, with its folder or without."""
        automaton = automaton_of(match, is_plate=False)
        names = self.around.sources
        found = matching(automaton, names) | matching(automaton, [name.rsplit("/", 1)[-1] for name in names])
        return _chosen(found, numbers)

    def cameras(self, match: Match, ids: Sequence[object]) -> Mask:
        """Where a camera matches by its id or by its name."""
        automaton = automaton_of(match, is_plate=False)
        names = self.around.cameras
        is_id = [isinstance(camera, int) for camera in ids]
        texts = [str(camera) if known else None for camera, known in zip(ids, is_id, strict=True)]
        named = [names.get(camera) if isinstance(camera, int) else None for camera in ids]
        return matching(automaton, texts) | matching(automaton, named)

    def envelopes(self, match: Match, field: str, codes: Array) -> Mask:
        """Where the camera or the agent of frames matches, by codes of their envelopes."""
        envelopes = self.columns.envelopes()
        if field == "camera":
            found = self.cameras(match, [envelope.camera_id for envelope in envelopes])
        else:
            agents = [envelope.agent_uid for envelope in envelopes]
            found = matching(
                automaton_of(match, is_plate=False), [a if isinstance(a, str) else None for a in agents]
            )
        return found[codes]

    def problem_kinds(self, match: Match) -> Mask:
        """Which kinds of problems match, by their number."""
        return matching(automaton_of(match, is_plate=False), [kind.value for kind in PROBLEM_KINDS])


def _chosen(found: Mask, numbers: Array) -> Mask:
    if not len(found):
        return np.zeros(len(numbers), bool)
    return found[np.minimum(numbers, len(found) - 1)] & (numbers < len(found))
