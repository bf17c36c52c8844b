"""Whether a pattern is in a text, for very many texts at once and in time that no pattern can blow up.

A pattern becomes a nondeterministic automaton, of which the deterministic states are made as texts reach
them. Texts of up to eight ASCII characters are words (``core.texts``): all words take each step together, by
one look-up in a table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from alprviewer.core.errors import QueryError
from alprviewer.core.plates import normal_form
from alprviewer.core.query.patterns import (
    ANY,
    MOST_STATES,
    Anchor,
    Chars,
    Choice,
    Edits,
    Pattern,
    Repeat,
)
from alprviewer.language import tr

Array = npt.NDArray[Any]
_States = frozenset[int]

MOST_DETERMINISTIC = 5000
"""Deterministic states that texts may reach, each some kilobytes."""
_UNKNOWN = -1
_STAY = 0
"""The class of a character that does not count: it leaves every state as it is."""
_ASCII = [chr(code) for code in range(128)]
_CHUNK = 1 << 16
"""Words that take a step together: so many states stay in the processor's cache."""


class Automaton:
    """Finds a pattern in texts.

    Args:
        pattern: to be found anywhere, where it has no anchors.
        as_plates: texts are compared by their ``normal_form``; else as they are. Case never counts.
        at: place of the pattern in the query, for the error.

    Raises:
        QueryError: the pattern is too complex.
    """

    def __init__(self, pattern: Pattern, *, as_plates: bool = False, at: int = 0) -> None:
        self._as_plates = as_plates
        self._at = at
        self._sets: dict[Chars, int] = {}
        self._moves: list[list[tuple[int, int]]] = []
        self._jumps: list[list[tuple[int, bool | None]]] = []
        self._begin, self._accept = self._state(), self._state()
        self._add(pattern, self._begin, self._accept)
        self._classes: dict[tuple[bool, ...], int] = {}
        self._class_of: dict[str, int] = {}
        self._members: list[tuple[bool, ...]] = [()]
        self._states: dict[_States, int] = {}
        self._of: list[_States] = []
        self._ends: list[bool] = []
        self._again = self._closure({self._begin}, at_begin=False)
        ascii_classes = [self._class(character) for character in _ASCII]
        self._table: Array = np.full((16, len(self._members)), _UNKNOWN, np.int32)
        # A state of its own tells the beginning from every other place with the same ways on.
        self._number(self._closure({self._begin}, at_begin=True) | {self._state()})
        self._empty_matches = self._accept in self._closure({self._begin}, at_begin=True, at_end=True)
        # Behind its end a word has zero bytes; a zero in a text makes it no word.
        self._byte_classes = np.array([_STAY, *ascii_classes[1:], *[_STAY] * 128], np.int32)

    # --- the nondeterministic automaton -----------------------------------------------------------

    def _state(self) -> int:
        if len(self._moves) >= MOST_STATES:
            raise QueryError(tr("The pattern is too long or repeats too much"), self._at)
        self._moves.append([])
        self._jumps.append([])
        return len(self._moves) - 1

    def _move(self, begin: int, chars: Chars, end: int) -> None:
        self._moves[begin].append((self._sets.setdefault(chars, len(self._sets)), end))

    def _add(self, pattern: Pattern, begin: int, end: int) -> None:
        if isinstance(pattern, Chars):
            self._move(begin, pattern, end)
        elif isinstance(pattern, Anchor):
            self._jumps[begin].append((end, pattern.at_end))
        elif isinstance(pattern, Choice):
            for part in pattern.parts:
                self._add(part, begin, end)
        elif isinstance(pattern, Repeat):
            self._add_repeat(pattern, begin, end)
        elif isinstance(pattern, Edits):
            self._add_edits(pattern, begin, end)
        else:
            for part in pattern.parts:
                following = self._state()
                self._add(part, begin, following)
                begin = following
            self._jumps[begin].append((end, None))

    def _add_repeat(self, pattern: Repeat, begin: int, end: int) -> None:
        for _ in range(pattern.low):
            following = self._state()
            self._add(pattern.part, begin, following)
            begin = following
        if pattern.high is None:
            loop = self._state()
            self._jumps[begin].append((loop, None))
            after = self._state()
            self._add(pattern.part, loop, after)
            self._jumps[after].append((loop, None))
            self._jumps[loop].append((end, None))
            return
        for _ in range(pattern.high - pattern.low):
            self._jumps[begin].append((end, None))
            following = self._state()
            self._add(pattern.part, begin, following)
            begin = following
        self._jumps[begin].append((end, None))

    def _add_edits(self, pattern: Edits, begin: int, end: int) -> None:
        """Levenshtein's automaton: a state for each character read and each edit made."""
        rows = [[self._state() for _ in range(len(pattern.text) + 1)] for _ in range(pattern.distance + 1)]
        self._jumps[begin].append((rows[0][0], None))
        for edits, row in enumerate(rows):
            for place, state in enumerate(row):
                character = pattern.text[place : place + 1]
                if character:
                    self._move(state, Chars(((character, character),)), row[place + 1])
                if edits < pattern.distance:
                    below = rows[edits + 1]
                    self._move(state, ANY, below[place])
                    if character:
                        self._move(state, ANY, below[place + 1])
                        self._jumps[state].append((below[place + 1], None))
            self._jumps[row[-1]].append((end, None))

    def _closure(self, states: set[int], *, at_begin: bool, at_end: bool = False) -> _States:
        """All states that are reached without a character."""
        reached, left = set(states), list(states)
        while left:
            for target, condition in self._jumps[left.pop()]:
                allowed = condition is None or (at_end if condition else at_begin)
                if allowed and target not in reached:
                    reached.add(target)
                    left.append(target)
        if self._accept in reached:
            return frozenset((self._accept,))  # found: whatever follows
        return frozenset(reached)

    # --- the deterministic one, made as it is needed ----------------------------------------------

    def _class(self, character: str) -> int:
        """Characters that no set of the pattern tells apart have the same class."""
        known = self._class_of.get(character)
        if known is not None:
            return known
        counted = normal_form(character) if self._as_plates else character
        if counted:
            members = tuple(chars.has(counted[0]) for chars in self._sets)
            place = self._classes.setdefault(members, len(self._members))
            if place == len(self._members):
                self._members.append(members)
        else:
            place = _STAY
        self._class_of[character] = place
        return place

    def _number(self, states: _States) -> int:
        number = self._states.get(states)
        if number is None:
            number = self._states[states] = len(self._of)
            if number >= MOST_DETERMINISTIC:
                raise QueryError(tr("The pattern is too complex for these texts"), self._at)
            self._of.append(states)
            self._ends.append(
                self._accept in states
                or self._accept in self._closure(set(states), at_begin=False, at_end=True)
            )
        self._fit_table()
        return number

    def _fit_table(self) -> None:
        rows, columns = self._table.shape
        if len(self._of) > rows or len(self._members) > columns:
            width = columns if len(self._members) <= columns else len(self._members) + 4
            grown = np.full((max(rows * 2, len(self._of)), width), _UNKNOWN, np.int32)
            grown[:rows, :columns] = self._table
            self._table = grown

    def _next(self, state: int, of_class: int) -> int:
        number = int(self._table[state, of_class])
        if number == _UNKNOWN:
            states = self._of[state]
            if self._accept in states or of_class == _STAY:
                number = state
            else:
                members = self._members[of_class]
                reached = {end for each in states for chars, end in self._moves[each] if members[chars]}
                number = self._number(self._closure(reached | self._again, at_begin=False))
            self._fit_table()
            self._table[state, of_class] = number
        return number

    # --- texts ------------------------------------------------------------------------------------

    def after(self, text: str, state: int = 0) -> int:
        """The state after a text; 0 is the state before any."""
        for character in normal_form(text) if self._as_plates else text:
            of_class = self._class(character)
            self._fit_table()
            state = self._next(state, of_class)
        return state

    def found(self, text: str) -> bool:
        """True if the pattern is in the text."""
        return self._is_found(self.after(text))

    def _is_found(self, state: int) -> bool:
        return self._ends[state] or (state == 0 and self._empty_matches)

    def step(self, states: Array, classes: Array) -> Array:
        """The states after one more character each; classes come from ``ascii_classes``."""
        # Classes come with characters, and those of ASCII are all known: the table keeps its width here.
        width = self._table.shape[1]
        pairs = states * np.int32(width)
        pairs += classes
        following: Array = self._table.ravel().take(pairs)
        if following.min(initial=0) == _UNKNOWN:
            for pair in np.unique(pairs[following == _UNKNOWN]).tolist():
                self._next(*divmod(pair, width))
            following = self._table.ravel().take(pairs)
        return following

    def ascii_classes(self, letters: Array) -> Array:
        """Classes of ASCII characters."""
        return self._byte_classes.take(letters)

    def found_from(self, states: Array) -> Array:
        """Whether the pattern was found in texts that ended in these states."""
        answers = np.array(self._ends)
        answers[0] |= self._empty_matches
        return answers[states]

    def find_words(self, words: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        """Whether the pattern is in each of the words."""
        found = np.empty(len(words), bool)
        for begin in range(0, len(words), _CHUNK):
            part = np.ascontiguousarray(words[begin : begin + _CHUNK])
            found[begin : begin + _CHUNK] = self._find_some(part)
        return found

    def _find_some(self, words: npt.NDArray[np.uint64]) -> Array:
        states = np.zeros(len(words), np.int32)
        for letters in np.ascontiguousarray(words.view(np.uint8).reshape(len(words), 8).T):
            if letters.any():
                states = self.step(states, self.ascii_classes(letters))
        return self.found_from(states)

    def find_texts(self, texts: Sequence[str]) -> list[bool]:
        """Whether the pattern is in each of the texts."""
        found: Callable[[str], bool] = self.found
        return [found(text) for text in texts]
