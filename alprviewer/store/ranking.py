"""The reads that a search for a plate has found: how well each fits, and why."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from alprviewer.core.batch import CANDIDATE_ABSENT, CANDIDATE_STEPS, Array
from alprviewer.core.consensus import SPREAD
from alprviewer.core.misreads import Evidence, Search, fits, reason
from alprviewer.core.plates import normal_form
from alprviewer.core.recognizer import Recognizer
from alprviewer.core.spellings import LONGEST, Alphabet
from alprviewer.core.states import FIRST_CODE
from alprviewer.store.columns import Columns
from alprviewer.store.matchers import Handed
from alprviewer.store.passconsensus import Taught, read_spellings

_AT_ONCE = 1 << 16
"""Reads whose candidates are looked at together."""


class Ranking:
    """Weighs reads against one plate. Its methods may run beside a thread that appends.

    Args:
        columns: the store.
        search: the plate.
        handed: columns that other parts compute, by field: of the consensus and its probability in percent.
        taught: what the capture has taught of the recognizer; None for what holds in general.
    """

    def __init__(
        self,
        columns: Columns,
        search: Search,
        handed: Mapping[str, Handed] | None = None,
        taught: Taught | None = None,
    ) -> None:
        self.search = search
        self._columns = columns
        self._handed = handed or {}
        self._taught = taught

    def _alphabet(self) -> Alphabet:
        """One of our own: it is added to. What was taught has numbers for its characters."""
        alphabet = Alphabet()
        for character in self._taught.alphabet.characters if self._taught is not None else "":
            alphabet.numbers(character)
        return alphabet

    def _fits(self, letters: Array, lengths: Array, alphabet: Alphabet) -> Array:
        wanted = alphabet.numbers(self.search.plate)
        if wanted is None:
            return np.zeros(len(lengths))
        known = Recognizer.first(len(alphabet)) if self._taught is None else self._taught.model.recognizer
        if len(known.looks) < len(alphabet):
            known = known.grown(len(alphabet))
        return fits(np.array(wanted), letters, lengths, known, is_part=self.search.is_part)

    def scores(self, rows: Array) -> Array:
        """What reads fit, from 0 to 1, as 32 bits."""
        found = np.zeros(len(rows), np.float32)
        for begin in range(0, len(rows), _AT_ONCE):
            part = rows[begin : begin + _AT_ONCE].astype(np.int64)
            found[begin : begin + len(part)] = self._scores(part)
        return found

    def _scores(self, rows: Array) -> Array:
        alphabet = self._alphabet()
        spellings, heard = read_spellings(self._columns, rows, np.zeros(len(rows), np.int64), 1, alphabet)
        fit = self._fits(spellings.letters, spellings.lengths, alphabet)
        found = np.zeros(len(rows))
        weight = spellings.weight * fit[spellings.spelling]
        found[heard] = np.bincount(spellings.read, weight, minlength=len(heard))
        texts, sure = self._consensus(rows)
        agreed = np.array([text is not None for text in texts], bool)
        of_consensus = np.zeros(len(rows))
        distinct = sorted({text for text in texts if text is not None})
        values = dict(zip(distinct, self._text_fits(distinct).tolist(), strict=True))
        of_consensus[agreed] = [values[text] for text in texts if text is not None]
        best: Array = np.maximum(found, of_consensus * np.nan_to_num(sure))
        return best

    def _text_fits(self, texts: list[str]) -> Array:
        alphabet = self._alphabet()
        numbers = [alphabet.numbers(text) or [] for text in texts]
        letters = np.zeros((len(texts), LONGEST), np.uint8)
        for row, found in enumerate(numbers):
            letters[row, : len(found)] = found
        return self._fits(letters, np.array([len(found) for found in numbers], np.int64), alphabet)

    def _consensus(self, rows: Array) -> tuple[list[str | None], Array]:
        """The consensus of the passes of reads, and its probability from 0 to 1, NaN where there is none."""
        supported, prob = self._handed.get("consensus"), self._handed.get("prob")
        sure = np.full(len(rows), np.nan)
        if supported is None or supported.texts is None or prob is None:
            return [None] * len(rows), sure
        known = np.flatnonzero(rows < supported.reads)
        sure[known] = prob.of(rows[known]) / 100
        texts: list[str | None] = [None] * len(rows)
        for place, code in zip(known.tolist(), supported.of(rows[known]).tolist(), strict=True):
            texts[place] = supported.texts.value(code) if code >= FIRST_CODE else None
        return texts, sure

    def reasons(self, rows: Array) -> list[str]:
        """Why each read was found, in words; for the few that are in sight."""
        found = [self._evidence(int(row)) for row in rows]
        texts = sorted({each.text for every in found for each, _ in every})
        fit = dict(zip(texts, self._text_fits(texts).tolist(), strict=True))
        words = []
        for every in found:
            best = max(every, key=lambda each: each[1] * fit[each[0].text], default=None)
            words.append("" if best is None else reason(self.search, best[0]))
        return words

    def _evidence(self, row: int) -> list[tuple[Evidence, float]]:
        """What a read says, and the weights; a candidate that is the observed plate says no more."""
        reads, candidates = self._columns.reads, self._columns.candidates
        value = self._columns.dictionaries["plate"].value
        first, count = int(reads.column("first_candidate")[row]), int(reads.column("candidates")[row])
        plate, confidence = value(int(reads.column("plate")[row])), float(reads.column("confidence")[row])
        steps = candidates.part("confidence", first, first + count).tolist()
        codes = candidates.part("plate", first, first + count).tolist()
        levels = [None if each == CANDIDATE_ABSENT else each / CANDIDATE_STEPS for each in steps]
        said: list[tuple[str | None, str, float | None]] = [
            (plate, "observed plate", confidence if np.isfinite(confidence) else None)
        ]
        said += [
            (value(code), f"candidate {place}", level)
            for place, (code, level) in enumerate(zip(codes, levels, strict=True), 1)
        ]
        best = max((level for *_, level in said if level is not None), default=0.0)
        found = [
            (Evidence(text, where, level), float(np.exp(((level or 0.0) - best) / SPREAD)))
            for text, where, level in said
            if text and normal_form(text) and (where == "observed plate" or not _is_same(text, plate))
        ]
        texts, sure = self._consensus(np.array([row]))
        if texts[0] is not None:
            found.append((Evidence(texts[0], "consensus", 100 * float(sure[0])), float(sure[0])))
        return found


def _is_same(text: str, plate: str | None) -> bool:
    return plate is not None and normal_form(text) == normal_form(plate)
