"""Why a consensus is what it is: who says each character, what else is said, and what the prior adds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.consensus import Weighed
from alprviewer.core.numeric import log_sum
from alprviewer.core.spellings import Alphabet, Spellings

_WORTH_TELLING = 0.005
"""Probability, or share of the reads, from which a rival is told."""


class Saying(NamedTuple):
    """A read that shows a character, and the share of its candidates' weight that does."""

    read: int
    weight: float


class Reading(NamedTuple):
    """A character that may stand in a place of the plate.

    Attributes:
        character: empty for none at all.
        probability: that it stands there.
        evidence: the same by the reads alone, all plates being as likely before.
        support: share of the pass's reads, by weight.
        said_by: the reads that show it, the surest first; indexes into the reads of the pass.
    """

    character: str
    probability: float
    evidence: float
    support: float
    said_by: tuple[Saying, ...]


class Position(NamedTuple):
    """A place of the consensus: what stands there, and its rivals, the most probable first."""

    chosen: Reading
    rivals: tuple[Reading, ...]


class Explanation(NamedTuple):
    """A consensus with its reasons.

    Attributes:
        text: the most probable plate, also where it is too improbable for a consensus.
        probability: of the whole.
        evidence: the same by the reads alone.
        positions: one for each character of the text.
        alternatives: other plates with their probabilities, the most probable first.
        unseen: probability of plates with further characters that no read shows.
    """

    text: str
    probability: float
    evidence: float
    positions: tuple[Position, ...]
    alternatives: tuple[tuple[str, float], ...]
    unseen: float


def explanation(spellings: Spellings, weighed: Weighed, alphabet: Alphabet) -> Explanation | None:
    """The reasons for the consensus of the only pass of ``spellings``; None where nothing is spelled."""
    found = weighed.found
    if not np.isfinite(found.log[0]).any():
        return None
    posterior = weighed.posterior[0]
    evidence = np.exp(found.log[0] - log_sum(found.log[0]))
    best = int(np.argmax(posterior))
    shown = _shown(spellings, weighed, len(alphabet))
    columns = np.flatnonzero(found.symbols[0, best] != len(alphabet))
    order = np.argsort(-posterior, kind="stable")
    others = [int(each) for each in order if each != best and posterior[each] >= _WORTH_TELLING]
    return Explanation(
        _text(weighed, best, alphabet),
        float(posterior[best]),
        float(evidence[best]),
        tuple(_position(weighed, int(column), best, shown, evidence, alphabet) for column in columns),
        tuple((_text(weighed, each, alphabet), float(posterior[each])) for each in others),
        float(max(1 - posterior.sum(), 0.0)),
    )


def _text(weighed: Weighed, hypothesis: int, alphabet: Alphabet) -> str:
    length = int(weighed.found.lengths[0, hypothesis])
    return alphabet.text(weighed.found.letters[0, hypothesis, :length])


def _shown(spellings: Spellings, weighed: Weighed, symbols: int) -> Array:
    """``(reads, columns, symbols + 1)``: the share of each read that shows what; the last is nothing."""
    places = weighed.columns.places
    shown = np.zeros((len(spellings.read_pass), weighed.found.symbols.shape[2], symbols + 1))
    letter = np.arange(places.shape[1])
    for read, spelling, weight in zip(spellings.read, spellings.spelling, spellings.weight, strict=True):
        inside = letter[places[spelling] >= 0]
        shown[read, places[spelling, inside], spellings.letters[spelling, inside]] += weight
    shown[:, :, symbols] = np.maximum(1 - shown[:, :, :symbols].sum(axis=2), 0)
    return shown


def _position(
    weighed: Weighed, column: int, best: int, shown: Array, evidence: Array, alphabet: Alphabet
) -> Position:
    symbols = weighed.found.symbols[0, :, column]
    count = len(alphabet) + 1
    posterior = weighed.posterior[0]
    probable = np.bincount(symbols, posterior / max(float(posterior.sum()), 1e-300), minlength=count)
    by_reads = np.bincount(symbols, evidence, minlength=count)
    support = shown[:, column].mean(axis=0)

    def reading(symbol: int) -> Reading:
        weights = shown[:, column, symbol]
        readers = [int(row) for row in np.argsort(-weights, kind="stable") if weights[row] > _WORTH_TELLING]
        return Reading(
            alphabet.characters[symbol] if symbol < len(alphabet) else "",
            float(probable[symbol]),
            float(by_reads[symbol]),
            float(support[symbol]),
            tuple(Saying(row, float(weights[row])) for row in readers),
        )

    chosen = int(symbols[best])
    told = np.flatnonzero(np.maximum(probable, support) >= _WORTH_TELLING)
    rivals = sorted((reading(int(each)) for each in told if each != chosen), key=_by_probability)
    return Position(reading(chosen), tuple(rivals))


def _by_probability(reading: Reading) -> tuple[float, float, str]:
    return -reading.probability, -reading.support, reading.character
