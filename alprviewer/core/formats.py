"""Plate formats of a capture, learned from it without labels.

A format is a pattern of letters and digits. The probability of a plate is that of its pattern times that of
its characters given pattern and place. Both are counted over what the passes probably say, by
expectation-maximisation: passes that are read well teach formats, formats decide passes that are not.

Rare patterns fall back to the frequency of their length with letters and digits alike, characters to their
frequency in the whole capture, that to equal frequencies; each fallback counts as a number of plates
(``_PATTERN_PLATES`` …). So nothing is believed of a small capture that it does not say, and a pass is judged
by what the *other* passes say: its own share is taken out of the counts. Patterns are weighed by the
exponential of the digamma function of their counts instead of the counts (variational Bayes: Beal 2003), so
patterns that hardly occur give way. Passes whose reads tell a region code share patterns by it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alprviewer.core.alignment import WIDEST
from alprviewer.core.batch import Array
from alprviewer.core.presence import UNSEEN

PATTERNS = 1 << (WIDEST + 1)
"""A pattern is a binary number: a leading 1, then for each character 1 for a digit, 0 for anything else."""
_PATTERN_PLATES = 5.0
_LENGTH_PLATES = 5.0
_PLACE_PLATES = 60.0
_CHARACTER_PLATES = 40.0
_GROUP_PLATES = 20.0
_OWN = 12
"""Hypotheses of a pass whose share is taken out of the counts; the others have next to none."""
_LENGTHS = np.floor(np.log2(np.maximum(np.arange(PATTERNS), 1))).astype(np.int64)


class Plates(NamedTuple):
    """Hypotheses of passes: ``(passes, hypotheses, …)``.

    Attributes:
        letters: characters, ``(…, WIDEST)``, from the left.
        lengths: how many; 0 where there is no hypothesis.
        pattern: of each.
        group: ``(passes,)`` an integer for what is known of the region, 0 for nothing.
    """

    letters: Array
    lengths: Array
    pattern: Array
    group: Array

    @classmethod
    def of(cls, letters: Array, lengths: Array, group: Array) -> Plates:
        """Hypotheses with their patterns."""
        pattern = np.ones(lengths.shape, np.int64)
        for place in range(letters.shape[2]):
            digit = letters[:, :, place] < 10
            pattern = np.where(place < lengths, pattern * 2 + digit, pattern)
        return cls(letters, lengths, pattern, group)


class Formats(NamedTuple):
    """What has been counted.

    Attributes:
        plates: how many, by group ``(groups,)``.
        patterns: ``(groups, PATTERNS)``; group 0 counts all.
        places: ``(patterns in use, WIDEST, symbols)``.
        slot: of each pattern its row in ``places``, the last one (empty) where it has none.
        characters: ``(symbols,)``.
        longer: ``(PATTERNS, UNSEEN)``: the share of all patterns that are one, two … characters longer.
    """

    plates: Array
    patterns: Array
    places: Array
    slot: Array
    characters: Array
    longer: Array


def counted(plates: Plates, weight: Array, symbols: int) -> Formats:
    """Count plates, each as much as it is probable (``(passes, hypotheses)``)."""
    groups = int(plates.group.max(initial=0)) + 1
    size = np.broadcast_to(plates.group[:, None], weight.shape)
    patterns = np.zeros((groups, PATTERNS))
    patterns[0] = np.bincount(plates.pattern.ravel(), weight.ravel(), minlength=PATTERNS)
    cells = (size * PATTERNS + plates.pattern).ravel()
    by_group = np.bincount(cells, weight.ravel(), minlength=groups * PATTERNS)
    patterns[1:] = by_group.reshape(groups, PATTERNS)[1:]
    passes = np.bincount(plates.group, weight.sum(axis=1), minlength=groups)
    passes[0] = weight.sum()
    used = np.flatnonzero(patterns[0] > 0.01)
    slot = np.full(PATTERNS, len(used))
    slot[used] = np.arange(len(used))
    places = np.zeros((len(used) + 1, WIDEST, symbols))
    characters = np.zeros(symbols)
    for place in range(WIDEST):
        rows = (place < plates.lengths) & (weight > 1e-4)
        letters, value = plates.letters[:, :, place][rows].astype(np.int64), weight[rows]
        cell = slot[plates.pattern[rows]] * symbols + letters
        places[:, place] = np.bincount(cell, value, minlength=(len(used) + 1) * symbols).reshape(-1, symbols)
        characters += np.bincount(letters, value, minlength=symbols)
    places[-1] = 0
    share = patterns[0] / max(float(patterns[0].sum()), 1.0)
    longer = [_with_one_more(share)]
    for more in range(2, UNSEEN + 1):
        longer.append(_with_one_more(longer[-1]) / more)
    return Formats(passes, patterns, places, slot, characters, np.stack(longer, axis=-1))


def _exp_digamma(x: Array) -> Array:
    """Exponential of the digamma function for positive reals."""
    y = np.asarray(x, np.float64)
    low = np.zeros_like(y)
    for step in range(6):
        low += 1 / (y + step)
    y = y + 6
    square = 1 / (y * y)
    series = np.log(y) - 0.5 / y - square * (1 / 12 - square * (1 / 120 - square / 252))
    found: Array = np.exp(series - low)
    return found


class Prior(NamedTuple):
    """The logarithm of the prior of each hypothesis, and how much longer plates would say the same.

    ``longer`` is the probability of all patterns with one character more (``…, 0``), two more … than the
    hypothesis, by that of its own: any of them would look the same were those characters never seen.
    """

    log: Array
    longer: Array


def prior(formats: Formats, plates: Plates, weight: Array | None) -> Prior:
    """The prior of hypotheses.

    Args:
        formats: as counted.
        plates: hypotheses.
        weight: what each added to the counts; None where they were not counted.
    """
    symbols = len(formats.characters)
    own = _Own(plates, weight, symbols) if weight is not None else None
    pattern_of = plates.pattern
    near = own.of_pattern if own is not None else np.zeros(pattern_of.shape)
    same_length = own.of_length if own is not None else np.zeros(pattern_of.shape)
    used = 1.0 if own is not None else 0.0
    pattern = _pattern_probability(formats, plates, near, same_length, used)
    log = np.log(pattern)
    slot = formats.slot[pattern_of]
    here = np.maximum(formats.patterns[0][pattern_of] - near, 0)
    for place in range(int(plates.lengths.max(initial=0))):
        letters = plates.letters[:, :, place].astype(np.int64)
        digit = letters < 10
        seen, minus = formats.characters[letters], own.character(letters) if own is not None else 0.0
        kind = np.where(digit, formats.characters[:10].sum(), formats.characters[10:].sum())
        kind = kind - (own.kind(digit) if own is not None else 0.0)
        kinds = np.where(digit, 10, max(symbols - 10, 26))
        general = (np.maximum(seen - minus, 0) + _CHARACTER_PLATES / kinds) / (kind + _CHARACTER_PLATES)
        mine = own.place(place, letters) if own is not None else 0.0
        count = np.maximum(formats.places[slot, place, letters] - mine, 0)
        special = (count + _PLACE_PLATES * general) / (here + _PLACE_PLATES)
        log += np.where(place < plates.lengths, np.log(special), 0.0)
    return Prior(log, formats.longer[pattern_of] / pattern[..., None])


def _pattern_probability(
    formats: Formats, plates: Plates, own: Array, own_length: Array, used: float
) -> Array:
    """Probability of each hypothesis's pattern, in its group where that has plates."""
    total = max(float(formats.plates[0]) - used, 0.0)
    by_length = np.bincount(_LENGTHS, formats.patterns[0], minlength=WIDEST + 2)
    length = np.maximum(by_length[_LENGTHS[plates.pattern]] - own_length, 0)
    length = (length + _LENGTH_PLATES * 0.1) / (total + _LENGTH_PLATES)
    base = _PATTERN_PLATES * length * 0.5 ** _LENGTHS[plates.pattern]
    count = np.maximum(formats.patterns[0][plates.pattern] - own, 0)
    found = (_exp_digamma(count + base + 1e-3) + base) / (total + _PATTERN_PLATES)
    group = np.broadcast_to(plates.group[:, None], plates.pattern.shape)
    in_group = np.maximum(formats.patterns[group, plates.pattern] - own, 0)
    size = np.maximum(formats.plates[group] - used, 0)
    shared = (in_group + _GROUP_PLATES * found) / (size + _GROUP_PLATES)
    return np.where(group > 0, shared, found)


def _with_one_more(share: Array) -> Array:
    """For each pattern the sum over all patterns that come of it by one further character."""
    numbers = np.arange(PATTERNS)
    found = np.zeros(PATTERNS)
    for behind in range(WIDEST):
        fits = (behind <= _LENGTHS) & (_LENGTHS < WIDEST) & (numbers > 0)
        low = numbers & ((1 << behind) - 1)
        for kind in (0, 1):
            longer = (((numbers >> behind) * 2 + kind) << behind) | low
            found += np.where(fits, share[np.where(fits, longer, 0)], 0.0)
    return found


class _Own:
    """What a pass itself has added to the counts, for each of its hypotheses."""

    def __init__(self, plates: Plates, weight: Array, symbols: int) -> None:
        count = min(_OWN, weight.shape[1])
        best = np.argsort(-weight, axis=1, kind="stable")[:, :count]
        rows = np.arange(len(weight))[:, None]
        self._weight = weight[rows, best]
        self._letters = plates.letters[rows, best].astype(np.int64)
        self._lengths = plates.lengths[rows, best]
        self._same = plates.pattern[:, :, None] == plates.pattern[rows, best][:, None, :]
        self.of_pattern = np.einsum("phk,pk->ph", self._same, self._weight)
        alike = plates.lengths[:, :, None] == self._lengths[:, None, :]
        self.of_length = np.einsum("phk,pk->ph", alike, self._weight)
        characters = np.zeros((len(weight), symbols))
        for place in range(self._letters.shape[2]):
            value = np.where(place < self._lengths, self._weight, 0.0)
            np.add.at(characters, (rows, self._letters[:, :, place]), value)
        self._characters = characters

    def character(self, letters: Array) -> Array:
        """Counts of these characters anywhere."""
        found: Array = self._characters[np.arange(len(letters))[:, None], letters]
        return found

    def kind(self, digit: Array) -> Array:
        """Counts of all digits, or of all other characters."""
        digits = self._characters[:, :10].sum(axis=1, keepdims=True)
        found: Array = np.where(digit, digits, self._characters.sum(axis=1, keepdims=True) - digits)
        return found

    def place(self, place: int, letters: Array) -> Array:
        """Counts of these characters at a place of the same pattern."""
        alike = self._same & (letters[:, :, None] == self._letters[:, None, :, place])
        found: Array = np.einsum("phk,pk->ph", alike, self._weight)
        return found
