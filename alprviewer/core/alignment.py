"""The spellings of a pass in columns: one column a character, whoever has left it out.

Recognizers drop characters far more often than they invent any, so spellings of one plate differ in length.
Each pass gets a profile (what its reads show, by column); every spelling is aligned to it with the least cost
(Needleman and Wunsch 1970, against a profile as Gribskov, McLachlan and Eisenberg 1987), characters without a
column found at one place make a new column, and this is repeated. The same is done for many passes at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.spellings import LONGEST, Spellings

WIDEST = 14
"""Most columns of a pass."""
OUTSIDE = -128
"""Stands in ``Columns.places`` where a spelling has no character."""
_ROUNDS = 4
_NEW_COLUMN = 0.01
"""Share of a pass's reads that must show a character before it gets a column."""
_NEW_LEAST = 0.01
_STRANGE = 1e-4
_INSERT_EDGE, _INSERT = 3.0, 4.0
"""Cost of a character without a column: before the first or behind the last one, and between two."""
_DIAGONAL, _SKIP_COLUMN, _SKIP_LETTER = 1, 2, 3


class Columns(NamedTuple):
    """Where the characters of spellings stand.

    Attributes:
        places: ``(spellings, LONGEST)`` columns; ``-1 - c`` for a character without one before column c.
        widths: ``(passes,)`` columns of each pass.
    """

    places: Array
    widths: Array


def tally(spellings: Spellings, columns: Columns, of_read: Array, symbols: int) -> Array:
    """``(passes, WIDEST, symbols)``: a value of reads, summed by what they show in each column."""
    shown, letter = np.nonzero(columns.places >= 0)
    place = columns.places[shown, letter].astype(np.int64)
    cell = (spellings.spelling_pass[shown] * WIDEST + place) * symbols + spellings.letters[shown, letter]
    total = spellings.totals(of_read)[shown]
    found = np.bincount(cell, total, minlength=spellings.passes * WIDEST * symbols)
    return found.reshape(spellings.passes, WIDEST, symbols)


def _inserted(spellings: Spellings, places: Array, symbols: int) -> Array:
    """The same for characters without a column, by the column they stand before."""
    shown, letter = np.nonzero((places < 0) & (places != OUTSIDE))
    place = -1 - places[shown, letter].astype(np.int64)
    cell = (spellings.spelling_pass[shown] * (WIDEST + 1) + place) * symbols
    cell += spellings.letters[shown, letter]
    total = spellings.totals(np.ones(len(spellings.read_pass)))[shown]
    found = np.bincount(cell, total, minlength=spellings.passes * (WIDEST + 1) * symbols)
    return found.reshape(spellings.passes, WIDEST + 1, symbols)


def aligned(spellings: Spellings, shows: Array) -> Columns:
    """Align the spellings of every pass.

    Args:
        spellings: of some passes; every pass has at least one.
        shows: ``(symbols, symbols)`` probability that the one is shown where the other is (rows sum to 1).
    """
    symbols = len(shows)
    counts = spellings.counts().astype(np.float64)
    profile, widths = _first_profile(spellings, counts, symbols)
    ones = np.ones(len(spellings.read_pass))
    places = _align(spellings, profile, widths, counts, shows)
    for _ in range(_ROUNDS - 1):
        shown = tally(spellings, Columns(places, widths), ones, symbols)
        profile, widths = _rearranged(shown, _inserted(spellings, places, symbols), widths, counts)
        places = _align(spellings, profile, widths, counts, shows)
    return Columns(places, widths)


def _first_profile(spellings: Spellings, counts: Array, symbols: int) -> tuple[Array, Array]:
    """The spelling with the most support and length is where a profile begins."""
    score = spellings.totals(np.ones(len(spellings.read_pass))) * spellings.lengths
    order = np.lexsort((-score, spellings.spelling_pass))
    first = order[np.searchsorted(spellings.spelling_pass[order], np.arange(spellings.passes))]
    widths = spellings.lengths[first]
    profile = np.zeros((spellings.passes, WIDEST, symbols))
    rows, columns = np.nonzero(np.arange(LONGEST) < widths[:, None])
    profile[rows, columns, spellings.letters[first][rows, columns]] = 0.8 * counts[rows]
    return profile, widths


def _rearranged(shown: Array, inserted: Array, widths: Array, counts: Array) -> tuple[Array, Array]:
    """Columns that hardly anybody shows go, places where several have a character get one."""
    passes, _, symbols = shown.shape
    enough = np.maximum(_NEW_COLUMN * counts, _NEW_LEAST)[:, None]
    kept = (shown.sum(axis=2) > enough) & (np.arange(WIDEST) < widths[:, None])
    new = inserted.sum(axis=2) > enough
    flags = np.zeros((passes, 2 * WIDEST + 1), bool)
    flags[:, 0::2], flags[:, 1::2] = new, kept
    both = np.zeros((passes, 2 * WIDEST + 1, symbols))
    both[:, 0::2], both[:, 1::2] = inserted, shown
    place = np.cumsum(flags, axis=1) - 1
    flags &= place < WIDEST
    profile = np.zeros_like(shown)
    rows, columns = np.nonzero(flags)
    profile[rows, place[rows, columns]] = both[rows, columns]
    return profile, flags.sum(axis=1)


def _align(spellings: Spellings, profile: Array, widths: Array, counts: Array, shows: Array) -> Array:
    """Columns of all characters: least cost, found column by column for all spellings at once."""
    support = profile.sum(axis=2)
    missing = np.clip(1 - support / counts[:, None], 0.05, 0.9)
    expected = (profile / np.maximum(support, 1e-9)[:, :, None]) @ shows
    match = -np.log(np.maximum(expected, _STRANGE)) - np.log(1 - missing)[:, :, None]
    of = spellings.spelling_pass
    skip = -np.log(missing)[of].astype(np.float32)
    cost = match.astype(np.float32).reshape(len(match), -1)
    count, width = len(of), widths[of]
    longest, widest = int(spellings.lengths.max(initial=0)), int(widths.max(initial=0))
    moves = np.zeros((longest + 1, widest + 1, count), np.uint8)
    before = np.zeros((widest + 1, count), np.float32)
    for j in range(1, widest + 1):
        before[j] = before[j - 1] + skip[:, j - 1]
        moves[0, j] = _SKIP_COLUMN
    base = of * match.shape[1] * match.shape[2]
    for i in range(1, longest + 1):
        row = np.empty_like(before)
        row[0] = before[0] + _INSERT_EDGE
        moves[i, 0] = _SKIP_LETTER
        letter = base + spellings.letters[:, i - 1]
        for j in range(1, widest + 1):
            meets = before[j - 1] + cost.reshape(-1)[letter + (j - 1) * match.shape[2]]
            passes_by = row[j - 1] + skip[:, j - 1]
            extra = before[j] + np.where(width == j, _INSERT_EDGE, _INSERT).astype(np.float32)
            best = np.minimum(np.minimum(meets, passes_by), extra)
            moves[i, j] = np.where(
                best == meets, _DIAGONAL, np.where(best == passes_by, _SKIP_COLUMN, _SKIP_LETTER)
            )
            row[j] = best
        before = row
    return _places(moves, spellings.lengths, width)


def _places(moves: Array, lengths: Array, widths: Array) -> Array:
    """The way back through the moves."""
    count = len(lengths)
    places = np.full((count, LONGEST), OUTSIDE, np.int8)
    i, j, rows = lengths.astype(np.int64), widths.astype(np.int64), np.arange(count)
    while len(rows):
        move = moves[i, j, rows]
        meets, extra = move == _DIAGONAL, move == _SKIP_LETTER
        places[rows[meets], i[meets] - 1] = j[meets] - 1
        places[rows[extra], i[extra] - 1] = -1 - j[extra]
        i = i - (meets | extra)
        j = j - (move != _SKIP_LETTER)
        left = (i > 0) | (j > 0)
        i, j, rows = i[left], j[left], rows[left]
    return places
