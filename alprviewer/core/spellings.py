"""The candidates of passes as numbers: every distinct spelling of a pass once, and who said it how surely."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import CANDIDATE_ABSENT, CANDIDATE_STEPS, Array
from alprviewer.core.plates import normal_form
from alprviewer.core.texts import WORD_LENGTH

LONGEST = 12
"""Characters of a spelling that is taken into account; no plate is longer."""
BASIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_OTHERS = 60
"""Characters beyond the basic ones that a capture may have; spellings with further ones are left out."""
_UNSURE = 65.0
"""Percent taken for a candidate without a confidence: recognizers print nothing below."""
_TEMPLATE = 2.0
"""How many times as likely a candidate is for matching a template: templates are guesses."""
_BYTES = np.full(256, 255, np.uint8)
for _place, _character in enumerate(BASIC):
    _BYTES[[ord(_character), ord(_character.lower())]] = _place
_LONG = 0xFF << 56


def is_plain(words: Array) -> Array:
    """True for texts, as ``core.texts`` keeps them, of one to eight characters of ``BASIC``, any case."""
    raw = np.ascontiguousarray(words, np.uint64).view(np.uint8).reshape(-1, WORD_LENGTH)
    plain: Array = ((raw == 0) | (_BYTES[raw] != 255)).all(axis=1) & (words != 0)
    return plain


class Alphabet:
    """Numbers for characters: the digits, the capital letters, then whatever else occurs."""

    def __init__(self) -> None:
        self.characters = BASIC
        self._numbers = {character: number for number, character in enumerate(BASIC)}

    def __len__(self) -> int:
        return len(self.characters)

    def numbers(self, text: str) -> list[int] | None:
        """The numbers of a text's characters; None where it is too long or has too rare characters."""
        found: list[int] = []
        for character in normal_form(text):
            number = self._numbers.get(character)
            if number is None:
                if len(self) >= len(BASIC) + _MOST_OTHERS:
                    return None
                number = self._numbers[character] = len(self)
                self.characters += character
            found.append(number)
        return found if 0 < len(found) <= LONGEST else None

    def letters(self, words: Array, text: Callable[[int], str | None]) -> tuple[Array, Array]:
        """Texts as rows of numbers.

        Args:
            words: as ``core.texts`` keeps them.
            text: the text of a row, for those that are not plain.

        Returns:
            ``(n, LONGEST)`` numbers, 0 behind the end; ``(n,)`` lengths, 0 for a text that is left out.
        """
        raw = np.ascontiguousarray(words, np.uint64).view(np.uint8).reshape(-1, WORD_LENGTH)
        numbers = np.zeros((len(words), LONGEST), np.uint8)
        numbers[:, :WORD_LENGTH] = np.where(raw == 0, 0, _BYTES[raw])
        lengths = np.count_nonzero(raw, axis=1)
        odd = (numbers == 255).any(axis=1) | (words >= np.uint64(_LONG))
        for row in np.flatnonzero(odd).tolist():
            found = self.numbers(text(row) or "")
            numbers[row] = 0
            lengths[row] = len(found) if found else 0
            numbers[row, : lengths[row]] = found or []
        return numbers, lengths

    def text(self, numbers: Array) -> str:
        """The characters of numbers."""
        return "".join(self.characters[number] for number in numbers)


class Spellings(NamedTuple):
    """What the reads of some passes spell.

    Attributes:
        passes: how many passes; all pass numbers below are from 0 up.
        read_pass, confidence: of each read (percent).
        letters, lengths: of each spelling; a text stands once in a pass.
        spelling_pass: of each spelling.
        read, spelling, weight: who says what how surely; the weights of a read sum to 1.
    """

    passes: int
    read_pass: Array
    confidence: Array
    letters: Array
    lengths: Array
    spelling_pass: Array
    read: Array
    spelling: Array
    weight: Array

    def totals(self, of_read: Array) -> Array:
        """For each spelling the sum over its reads of weight times a value of the read."""
        return np.bincount(self.spelling, self.weight * of_read[self.read], minlength=len(self.lengths))

    def counts(self) -> Array:
        """Reads of each pass."""
        return np.bincount(self.read_pass, minlength=self.passes)

    def taken(self, wanted: Array) -> Spellings:
        """The spellings of some passes (ascending numbers), which get new numbers in this order."""
        place = np.full(self.passes, -1, np.int64)
        place[wanted] = np.arange(len(wanted))
        reads = np.flatnonzero(place[self.read_pass] >= 0)
        spellings = np.flatnonzero(place[self.spelling_pass] >= 0)
        read_place = np.full(len(self.read_pass), -1, np.int64)
        read_place[reads] = np.arange(len(reads))
        spelling_place = np.full(len(self.lengths), -1, np.int64)
        spelling_place[spellings] = np.arange(len(spellings))
        said = np.flatnonzero(read_place[self.read] >= 0)
        return Spellings(
            len(wanted),
            place[self.read_pass[reads]],
            self.confidence[reads],
            self.letters[spellings],
            self.lengths[spellings],
            place[self.spelling_pass[spellings]],
            read_place[self.read[said]],
            spelling_place[self.spelling[said]],
            self.weight[said],
        )


class Candidates(NamedTuple):
    """Reads of passes and their candidates, as the store has them; candidates in the order of their reads.

    Attributes:
        passes: how many passes.
        read_pass: of each read, from 0 up.
        plate, confidence: of each read: code, percent (NaN where absent).
        counts: how many candidates each read has.
        spelling, steps, template: of each candidate: plate code, confidence in ``CANDIDATE_STEPS``, flag.
    """

    passes: int
    read_pass: Array
    plate: Array
    confidence: Array
    counts: Array
    spelling: Array
    steps: Array
    template: Array


def spellings_of(found: Candidates, letters: Array, lengths: Array, spread: float) -> tuple[Spellings, Array]:
    """Spellings with weights, and the reads that spell anything: their numbers are new ones.

    A candidate's weight is ``exp((confidence - best of the read) / spread)``, doubled where it matches a
    template, normalised over the read. A read without candidates says its plate. Of reads of equal content in
    one pass each counts: they are different frames.

    Args:
        found: reads and candidates.
        letters: by plate code, as ``Alphabet.letters`` gives.
        lengths: the same.
        spread: percent.
    """
    reads = np.arange(len(found.read_pass))
    bare = np.flatnonzero(found.counts == 0)
    percent = np.where(np.isfinite(found.confidence), np.maximum(found.confidence, 0), _UNSURE)
    said = np.where(found.steps == CANDIDATE_ABSENT, _UNSURE, found.steps / CANDIDATE_STEPS)
    read = np.concatenate([np.repeat(reads, found.counts), bare])
    code = np.concatenate([found.spelling, found.plate[bare]]).astype(np.int64)
    level = np.concatenate([said, percent[bare]])
    template = np.concatenate([found.template == 1, np.zeros(len(bare), bool)])
    usable = lengths[code] > 0
    read, code, level, template = read[usable], code[usable], level[usable], template[usable]
    best = np.full(len(reads), -np.inf)
    np.maximum.at(best, read, level)
    weight = np.exp((level - best[read]) / spread) * np.where(template, _TEMPLATE, 1.0)
    total = np.bincount(read, weight, minlength=len(reads))
    weight /= total[read]
    heard = np.flatnonzero(total > 0)
    place = np.full(len(reads), -1, np.int64)
    place[heard] = np.arange(len(heard))
    key = found.read_pass[read].astype(np.uint64) << np.uint64(32) | code.astype(np.uint64)
    distinct, spelling = np.unique(key, return_inverse=True)
    codes = (distinct & np.uint64(0xFFFFFFFF)).astype(np.int64)
    spellings = Spellings(
        found.passes,
        found.read_pass[heard].astype(np.int64),
        percent[heard].astype(np.float64),
        letters[codes],
        lengths[codes].astype(np.int64),
        (distinct >> np.uint64(32)).astype(np.int64),
        place[read],
        spelling.astype(np.int64),
        weight,
    )
    return spellings, heard
