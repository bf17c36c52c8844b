"""Which texts of a dictionary match: found out once for each text, however many rows have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from alprviewer.core.batch import Array
from alprviewer.core.query.automaton import Automaton
from alprviewer.core.query.patterns import pattern_of
from alprviewer.core.query.tree import Match, Regex
from alprviewer.core.states import FIRST_CODE
from alprviewer.core.texts import Texts
from alprviewer.core.threads import in_stretches
from alprviewer.store.tables import Dictionary

Mask = npt.NDArray[np.bool_]

_FEW = 16
"""With so many times fewer codes than texts, distinct codes are found by sorting them."""
_PART = 1 << 16
_MANY = 2
"""With so many times more codes than texts, it is not worth finding out which ones occur."""
_NO, _YES, _UNKNOWN = 0, 1, 2


def automaton_of(match: Match, *, is_plate: bool) -> Automaton:
    """What finds a match in texts. A regular expression sees plates as they were written."""
    at = match.at if isinstance(match, Regex) else 0
    as_plates = is_plate and not isinstance(match, Regex)
    return Automaton(pattern_of(match, is_plate=is_plate), as_plates=as_plates, at=at)


class TextMatch:
    """A match against the texts of one dictionary; what is known of a text is kept."""

    def __init__(self, match: Match, texts: Texts | Dictionary, *, is_plate: bool) -> None:
        self._automaton = automaton_of(match, is_plate=is_plate)
        self._texts = texts
        self._verdicts = np.full(FIRST_CODE, _NO, np.uint8)

    def of(self, codes: Array, distinct: Array) -> Mask:
        """Whether the texts of codes match; absent and invalid never do.

        Args:
            codes: any number of times each.
            distinct: all codes that occur, as ``distinct_codes`` gives them.
        """
        count = FIRST_CODE + len(self._texts)
        known = len(self._verdicts)
        if count > known:
            grown = np.full(max(count, known * 3 // 2), _UNKNOWN, np.uint8)
            grown[:known] = self._verdicts
            self._verdicts = grown
        self._learn(distinct)
        verdicts = self._verdicts.view(bool)
        return in_parts(lambda part: verdicts[part], codes)

    def _learn(self, codes: Array) -> None:
        new = codes[self._verdicts[codes] == _UNKNOWN]
        for begin in range(0, len(new), _PART):
            self._judge(new[begin : begin + _PART])

    def _judge(self, new: Array) -> None:
        if isinstance(self._texts, Texts):
            words, places, others = self._texts.parted(new)
            found = self._automaton.find_words(words)
            found[places] = self._automaton.find_texts(others)
        else:
            values = self._texts.values()
            found = np.array(self._automaton.find_texts([str(values[code]) for code in new.tolist()]), bool)
        self._verdicts[new] = found


def in_parts(test: Callable[[Array], Mask], values: Array) -> Mask:
    """A test of values, a part of them at a time: what it makes on its way stays in the processor's cache."""
    found = np.empty(len(values), bool)

    def judge(first: int, after: int) -> None:
        for begin in range(first, after, _PART):
            part = slice(begin, min(begin + _PART, after))
            found[part] = test(values[part])

    in_stretches(judge, len(values), _PART)
    return found


def distinct_codes(codes: Array) -> Array:
    """The codes that occur; of very many, all up to the largest one, as nearly all will occur."""
    count = int(codes.max(initial=0)) + 1
    if len(codes) * _FEW < count:
        return np.unique(codes)
    if len(codes) > count * _MANY:
        return np.arange(count)
    seen = np.zeros(count, bool)
    seen[codes] = True
    return np.flatnonzero(seen)


def matching(automaton: Automaton, texts: Iterable[str | None]) -> Mask:
    """Whether each of a few texts matches; None never does."""
    return np.array([text is not None and automaton.found(text) for text in texts], bool)


class UuidMatch:
    """A match against uuids, which are kept as a coded head and a number behind the last dash."""

    def __init__(self, match: Match, heads: Dictionary) -> None:
        self._automaton = automaton_of(match, is_plate=False)
        self._heads = heads
        self._states: dict[int, tuple[bool, int]] = {}

    def of(self, codes: Array, tails: Array) -> Mask:
        """Whether uuids match: codes of their heads and their numbers, negative where there is none."""
        distinct, places = np.unique(codes, return_inverse=True)
        for code in distinct.tolist():
            if code not in self._states:
                self._states[code] = self._head(code)
        found = np.array([self._states[code][0] for code in distinct.tolist()], bool)[places]
        behind = np.array([self._states[code][1] for code in distinct.tolist()], np.int32)[places]
        numbered = np.flatnonzero((tails >= 0) & (codes >= FIRST_CODE))
        found[numbered] = self._with_tails(behind[numbered], tails[numbered])
        return found

    def _head(self, code: int) -> tuple[bool, int]:
        """Whether a head alone matches, and the state behind it and its dash."""
        if code < FIRST_CODE:
            return False, 0
        text = str(self._heads.value(code))
        return self._automaton.found(text), self._automaton.after(f"{text}-")

    def _with_tails(self, states: Array, tails: Array) -> Mask:
        lengths = np.ones(len(tails), np.int64)
        left = tails // 10
        while left.any():
            lengths += left > 0
            left //= 10
        for place in range(int(lengths.max(initial=0)) - 1, -1, -1):
            chosen = np.flatnonzero(lengths > place)
            digits = tails[chosen] // 10**place % 10 + ord("0")
            states[chosen] = self._automaton.step(states[chosen], self._automaton.ascii_classes(digits))
        return self._automaton.found_from(states)
