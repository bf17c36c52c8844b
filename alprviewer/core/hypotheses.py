"""The plates that the columns of a pass may mean: the most likely ones, many passes at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alprviewer.core.alignment import WIDEST
from alprviewer.core.batch import Array

MOST = 128
"""Ways to read the columns that are followed at a time."""
KEPT = 128
"""Hypotheses that are kept for a pass."""
_OF_A_KIND = 3
"""Letters, and digits, that are tried in a column, beside none at all."""
_WORTH = 14.0
"""Natural logarithm of the odds against the best of its column below which a character is not tried."""
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Hypotheses(NamedTuple):
    """``(passes, KEPT, …)``, the likeliest first.

    Attributes:
        symbols: what each column means, ``(…, WIDEST)``; the number behind the last character for nothing.
        log: log-likelihood of the text: of all ways to place it, the symbols show the best. −inf for none.
        letters, lengths: the text.
    """

    symbols: Array
    log: Array
    letters: Array
    lengths: Array


def find_hypotheses(likelihoods: Array, widths: Array) -> Hypotheses:
    """The likeliest texts, by beam search over the columns.

    Args:
        likelihoods: ``(passes, WIDEST, characters + 1)``, the last for nothing.
        widths: columns of each pass.
    """
    passes, _, count = likelihoods.shape
    nothing = count - 1
    log = np.full((passes, MOST), -np.inf)
    log[:, 0] = 0
    symbols = np.full((passes, MOST, WIDEST), nothing, np.uint8)
    rows = np.arange(passes)[:, None]
    for column in range(int(widths.max(initial=0))):
        here = likelihoods[:, column]
        tried = _tried(here)
        value = np.take_along_axis(here, tried, axis=1)
        value = np.where(value > value.max(axis=1, keepdims=True) - _WORTH, value, -np.inf)
        outside = column >= widths
        value[outside] = -np.inf
        value[outside, -1] = 0.0
        total = (log[:, :, None] + value[:, None, :]).reshape(passes, -1)
        best = np.argpartition(-total, MOST - 1, axis=1)[:, :MOST]
        log = np.take_along_axis(total, best, axis=1)
        parent, choice = best // tried.shape[1], best % tried.shape[1]
        symbols = symbols[rows, parent]
        symbols[:, :, column] = tried[rows, choice]
    best = np.argsort(-log, axis=1, kind="stable")
    return _merged(symbols[rows, best], np.take_along_axis(log, best, axis=1), nothing)


def _tried(here: Array) -> Array:
    """``(passes, 2 * _OF_A_KIND + 1)``: the likeliest digits and letters of a column, then nothing."""
    nothing = here.shape[1] - 1
    digits = np.argsort(-here[:, :10], axis=1, kind="stable")[:, :_OF_A_KIND]
    letters = 10 + np.argsort(-here[:, 10:nothing], axis=1, kind="stable")[:, :_OF_A_KIND]
    none = np.full((len(here), 1), nothing)
    return np.concatenate([digits, letters, none], axis=1)


def _merged(symbols: Array, log: Array, nothing: int) -> Hypotheses:
    """Ways to place the same text become one hypothesis."""
    passes = len(log)
    rows = np.arange(passes)[:, None]
    is_character = symbols != nothing
    lengths = np.count_nonzero(is_character, axis=2)
    letters = np.zeros_like(symbols)
    place = np.cumsum(is_character, axis=2) - 1
    p, h, c = np.nonzero(is_character)
    letters[p, h, place[p, h, c]] = symbols[p, h, c]
    key = lengths.astype(np.uint64)
    for column in range(WIDEST):
        key = key * _MIX + letters[:, :, column]
    order = np.argsort(key, axis=1, kind="stable")
    ordered = key[rows, order]
    first = np.ones(order.shape, bool)
    first[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    # The sum stands at the first of its kind, which the stable sort left the likeliest.
    value = log[rows, order]
    start = np.maximum.accumulate(np.where(first, np.arange(order.shape[1]), 0), axis=1)
    top = value[rows, start]
    with np.errstate(invalid="ignore"):
        part = np.where(np.isfinite(value), np.exp(value - top), 0.0)
    cell = (rows * order.shape[1] + start).ravel()
    total = np.bincount(cell, part.ravel(), minlength=order.size).reshape(order.shape)
    keep = first & np.isfinite(top) & (lengths[rows, order] > 0)
    with np.errstate(divide="ignore"):
        summed = np.where(keep, top + np.log(total), -np.inf)
    again = np.argsort(-summed, axis=1, kind="stable")[:, :KEPT]
    chosen = order[rows, again]
    return Hypotheses(
        symbols[rows, chosen], summed[rows, again], letters[rows, chosen], lengths[rows, chosen]
    )
