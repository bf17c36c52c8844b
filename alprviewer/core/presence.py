"""Whether reads show a character of the plate at all, and characters where the plate has none.

A character is left out by a read with a probability that depends on the read's confidence: in real data four
in ten at 74 %, none at 92 %. But what one read of a pass leaves out the next one leaves out, too: a bolt,
dirt or a shadow stays where it is. So each character of a plate has a level, the same for all reads of its
pass, that is added to the log-odds of being left out. Levels are drawn from a normal distribution (a logistic
model with a random effect, as for repeated measurements: Stiratelli, Laird and Ware 1984; here summed over a
few levels instead of integrated). How wide it is, and which characters are left out more than others (W and N
more than 2 and 3), is learned from the capture.

A character that all reads leave out has no column, and would not be counted where levels are learned: so as
many are added as there must be for those that were seen (truncated data: Dempster, Laird and Rubin 1977).

Where the plate has none, a read shows a character with a rate that again is the place's own: next to never
in most places, often where a frame or a bolt looks like an ``I``. Which rates occur, before the plate (where
European ones have a band), behind it and between its characters, and what is shown there, is learned as well.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alprviewer.core.alignment import WIDEST, Columns
from alprviewer.core.batch import Array
from alprviewer.core.numeric import log_sum
from alprviewer.core.spellings import Spellings

_STEPS = np.linspace(-2.4, 2.4, 7)
"""Levels in standard deviations."""
_NORMAL = np.exp(-0.5 * _STEPS**2) / np.exp(-0.5 * _STEPS**2).sum()
_VARIANCE = float(_NORMAL @ _STEPS**2)
"""Of these steps, which end before the normal distribution does."""
_SPREAD = 1.5
"""First guess of the standard deviation of levels, in log-odds."""
_SPREAD_CHARACTERS = 20.0
_SHIFT_CHARACTERS = 10.0
"""Characters seen that the first guesses count as: of the spread, and of a character's mean, which is 0."""
_RATES = np.array([0.003, 0.02, 0.1, 0.4, 0.8])
"""How often reads show something in a place without a character."""
_EMPTY = np.array([0.7, 0.4, 0.4])
"""First guess of the share of places with the lowest rate: inside, before and behind. Low, so that a single
read of a capture that teaches nothing is no consensus."""
_INSIDE, _BEFORE, _BEHIND = range(3)
_PLACES = 10.0
"""Places that the first guess of rates counts as."""
_INVENTED_CHARACTERS = 20.0
_REPEATS = 2.0
"""What the reads of one place count together when it is learned what they show."""
_ROUNDS = 3
_LEAST = 1e-4
_MOST_HIDDEN = 0.5
"""Probability of being left out by all reads that is reckoned with at most: what was never seen must not come
to more than what was."""
UNSEEN = 3
"""Characters of a plate that may be left out by all reads of a pass."""


class Presence(NamedTuple):
    """What is known of characters left out and put in.

    Attributes:
        levels: in log-odds, ascending.
        rates: ``(levels, bins)``: share of the reads of a bin of confidence that leave a character out.
        drawn: ``(levels, symbols)``: how probable each level is for a character; columns sum to 1.
        extra: ``(3, rates)``: how probable each of ``_RATES`` is inside the plate, before and behind it.
        invented: ``(symbols,)``: what is shown where there is nothing; sums to 1.
    """

    levels: Array
    rates: Array
    drawn: Array
    extra: Array
    invented: Array

    @classmethod
    def first(cls, left_out: Array, symbols: int) -> Presence:
        """Before anything is learned; ``left_out``: by bin, the share of characters left out."""
        levels = _STEPS * _SPREAD
        drawn = np.repeat(_NORMAL[:, None], symbols, axis=1)
        return cls(levels, _rates(left_out, levels), drawn, _first_extra(), np.full(symbols, 1 / symbols))

    def grown(self, symbols: int) -> Presence:
        """The same with room for further characters."""
        more = symbols - len(self.invented)
        drawn = np.concatenate([self.drawn, np.repeat(_NORMAL[:, None], more, axis=1)], axis=1)
        invented = np.concatenate([self.invented, np.full(more, 1 / symbols)])
        return self._replace(drawn=drawn, invented=invented / invented.sum())


def _first_extra() -> Array:
    others = len(_RATES) - 1
    return np.concatenate(
        [_EMPTY[:, None], np.repeat((1 - _EMPTY)[:, None] / others, others, axis=1)], axis=1
    )


def _rates(left_out: Array, levels: Array) -> Array:
    """``(levels, bins)``: rates that differ by the levels' log-odds and are ``left_out`` on average.

    The base of each bin is found by Newton's method, with steps of at most 1.
    """
    base = np.log(left_out) - np.log1p(-left_out)
    for _ in range(30):
        rates = 1 / (1 + np.exp(-(base + levels[:, None])))
        slope = _NORMAL @ (rates * (1 - rates))
        base = base - np.clip((_NORMAL @ rates - left_out) / np.maximum(slope, 1e-9), -1, 1)
    found: Array = np.clip(1 / (1 + np.exp(-(base + levels[:, None]))), _LEAST, 1 - _LEAST)
    return found


def unseen(presence: Presence, spellings: Spellings, of_bin: Array) -> Array:
    """``(passes, UNSEEN)``: the probability that all reads leave out the same one, two … characters.

    What hides one character hides its neighbours, so these have one level together.
    ``of_bin``: of each read the bin of its confidence; so below.
    """
    one = _left_out_by_all(presence, spellings, of_bin)
    hidden = [np.exp(log_sum(more * one + np.log(_NORMAL), axis=1)) for more in range(1, UNSEEN + 1)]
    return np.stack(hidden, axis=1)


def never_shown(presence: Presence, spellings: Spellings, of_bin: Array) -> Array:
    """``(passes, symbols)``: the probability that no read of a pass shows a character of its plate."""
    hidden = np.exp(_left_out_by_all(presence, spellings, of_bin)) @ presence.drawn
    found: Array = np.minimum(hidden, _MOST_HIDDEN)
    return found


def _left_out_by_all(presence: Presence, spellings: Spellings, of_bin: Array) -> Array:
    """``(passes, levels)``: log-probability that all reads leave out a character of that level."""
    bins = presence.rates.shape[1]
    reads = _by_bin(spellings.read_pass, of_bin, np.ones(len(of_bin)), spellings.passes, bins)
    found: Array = reads @ np.log(presence.rates.T)
    return found


def _by_bin(rows: Array, of_bin: Array, values: Array, count: int, bins: int) -> Array:
    return np.bincount(rows * bins + of_bin, values, minlength=count * bins).reshape(count, bins)


def shown_at_levels(presence: Presence, spellings: Spellings, columns: Columns, of_bin: Array) -> Array:
    """``(passes, WIDEST, levels)``: log-likelihood of which reads show a character in each column."""
    bins = presence.rates.shape[1]
    reads = _by_bin(spellings.read_pass, of_bin, np.ones(len(of_bin)), spellings.passes, bins)
    said = _by_bin(spellings.spelling, of_bin[spellings.read], spellings.weight, len(spellings.lengths), bins)
    absent, seen = np.log(presence.rates.T), np.log1p(-presence.rates.T)
    gain = said @ (seen - absent)
    shown, letter = np.nonzero(columns.places >= 0)
    cell = spellings.spelling_pass[shown] * WIDEST + columns.places[shown, letter]
    size = spellings.passes * WIDEST
    found = np.stack([np.bincount(cell, level[shown], minlength=size) for level in gain.T], axis=1)
    result: Array = found.reshape(spellings.passes, WIDEST, -1) + (reads @ absent)[:, None, :]
    return result


def of_characters(presence: Presence, at_levels: Array) -> Array:
    """``(passes, WIDEST, symbols)``: the same for each character that may stand there, over all levels."""
    top = at_levels.max(axis=2, keepdims=True)
    found: Array = np.log(np.exp(at_levels - top) @ presence.drawn) + top
    return found


def of_nothing(presence: Presence, count: Array, reads: Array) -> Array:
    """``(passes, WIDEST)``: the same where the plate has no character.

    Args:
        presence: what is known.
        count: ``(passes, WIDEST)`` reads that show a character.
        reads: ``(passes,)`` all reads.
    """
    where = _where(count / reads[:, None])
    return log_sum(_at_rates(count, reads) + np.log(presence.extra)[where], axis=2)


def _at_rates(count: Array, reads: Array) -> Array:
    found: Array = count[..., None] * np.log(_RATES) + (reads[:, None] - count)[..., None] * np.log1p(-_RATES)
    return found


def _where(share: Array) -> Array:
    """Whether columns stand before the first that most reads show, behind the last one or between them."""
    strong: Array = share > 0.5
    after = np.logical_or.accumulate(strong, axis=1)
    before = np.logical_or.accumulate(strong[:, ::-1], axis=1)[:, ::-1]
    place = np.where(after, np.where(before, _INSIDE, _BEHIND), _BEFORE)
    return np.where(strong.any(axis=1, keepdims=True), place, _INSIDE)


def learned(
    before: Presence,
    left_out: Array,
    spellings: Spellings,
    columns: Columns,
    of_bin: Array,
    shown: Array,
    meant: Array,
) -> Presence:
    """What fits the meaning of passes: one step of expectation-maximisation.

    Args:
        before: what was known.
        left_out: by bin, the share of characters left out.
        spellings: of the passes to learn from.
        columns: of these.
        of_bin: of each read.
        shown: ``(passes, WIDEST, symbols)`` how many reads show what in each column.
        meant: the same shape: probability of each character in each column.
    """
    found = before._replace(rates=_rates(left_out, before.levels))
    of_pass = meant.sum(axis=1)
    for _ in range(_ROUNDS):
        at_levels = shown_at_levels(found, spellings, columns, of_bin)
        likely = np.exp(at_levels - at_levels.max(axis=2, keepdims=True)).reshape(-1, len(found.levels))
        share = meant.reshape(likely.shape[0], -1) / (likely @ found.drawn)
        hidden = np.exp(_left_out_by_all(found, spellings, of_bin))
        added = hidden.T @ (of_pass / (1 - never_shown(found, spellings, of_bin)))
        of_level = (likely.T @ share + added) * found.drawn
        met = of_level.sum(axis=0)
        variance = (found.levels**2 @ of_level).sum() / _VARIANCE + _SPREAD_CHARACTERS * _SPREAD**2
        spread = float(np.clip(np.sqrt(variance / (met.sum() + _SPREAD_CHARACTERS)), 0.3, 4.0))
        shift = (found.levels @ of_level) / (met + _SHIFT_CHARACTERS)
        levels = _STEPS * spread
        drawn = np.exp(-0.5 * ((levels[:, None] - shift) / spread) ** 2)
        found = found._replace(levels=levels, rates=_rates(left_out, levels), drawn=drawn / drawn.sum(axis=0))
    extra, invented = _put_in(before, spellings.counts().astype(float), columns, shown, meant)
    return found._replace(extra=extra, invented=invented)


def _put_in(
    before: Presence, reads: Array, columns: Columns, shown: Array, meant: Array
) -> tuple[Array, Array]:
    """The rates of places without a character, and what is shown there."""
    count = shown.sum(axis=2)
    is_character = meant.sum(axis=2)
    nothing = np.where(np.arange(WIDEST) < columns.widths[:, None], np.clip(1 - is_character, 0, 1), 0.0)
    where = _where(count / reads[:, None])
    at_rates = _at_rates(count, reads) + np.log(before.extra)[where]
    share = np.exp(at_rates - log_sum(at_rates, axis=2)[..., None]) * nothing[..., None]
    inside = float(np.maximum(is_character.sum(axis=1) - 1, 0).sum())
    extra = np.empty_like(before.extra)
    for row, places in ((_INSIDE, inside), (_BEFORE, len(reads)), (_BEHIND, len(reads))):
        of_rate = share[where == row].sum(axis=0)
        # Places that nobody shows anything in have no column.
        of_rate[0] += max(places - float(of_rate.sum()), 0.0)
        extra[row] = (of_rate + _PLACES * _first_extra()[row]) / (of_rate.sum() + _PLACES)
    weight = nothing * np.minimum(count, _REPEATS) / np.maximum(count, 1e-9)
    said = (shown * weight[..., None]).sum(axis=(0, 1))
    return extra, (said + _INVENTED_CHARACTERS / len(said)) / (said.sum() + _INVENTED_CHARACTERS)
