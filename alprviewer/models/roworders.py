"""Orders of rows: kept for the next time, grown at the end, and where some rows stand in them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.store.select import SortKey

_KEPT_BYTES = 128 << 20
"""Three orders of ten million rows."""
_FEW = 8
"""Rows up to which looking through an order for each is faster than turning the order round."""


class KeptOrders:
    """The orders of all rows that were made last; of use while the table does not change."""

    def __init__(self, most_bytes: int = _KEPT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._orders: OrderedDict[tuple[SortKey, ...], Array] = OrderedDict()

    def keep(self, keys: tuple[SortKey, ...], ids: Array) -> None:
        """Remember an order; the ones that were not asked for longest go where there are too many."""
        self._orders[keys] = ids
        self._orders.move_to_end(keys)
        while sum(order.nbytes for order in self._orders.values()) > self._most_bytes:
            self._orders.popitem(last=False)

    def get(self, keys: tuple[SortKey, ...]) -> Array | None:
        """An order that is kept."""
        if keys in self._orders:
            self._orders.move_to_end(keys)
        return self._orders.get(keys)

    def clear(self) -> None:
        """Rows came or are others."""
        self._orders.clear()


class Ranked(NamedTuple):
    """What a search for a plate has found.

    Attributes:
        rows: of the store, ascending.
        scores: how well each fits.
        reasons: why rows were found, in words.
    """

    rows: Array
    scores: Array
    reasons: Callable[[Array], list[str]]

    @classmethod
    def nothing(cls) -> Ranked:
        """Nothing has been found yet."""
        return cls(np.empty(0, np.uint32), np.empty(0, np.float32), lambda rows: [""] * len(rows))

    def of(self, rows: Array) -> Array:
        """Scores of rows; NaN for those that were not found."""
        if not len(self.rows):
            return np.full(len(rows), np.nan, np.float32)
        places = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        found: Array = np.where(self.rows[places] == rows, self.scores[places], np.float32(np.nan))
        return found

    def joined(self, more: Ranked) -> Ranked:
        """With rows that came behind them."""
        rows, scores = np.concatenate((self.rows, more.rows)), np.concatenate((self.scores, more.scores))
        return Ranked(rows, scores, more.reasons)


class GrowingRows:
    """Puts rows behind others, in an array with room for more, so that the next ones copy nothing."""

    def __init__(self) -> None:
        self._room = np.empty(0, np.uint32)

    def joined(self, ids: Array, new: Array) -> Array:
        """Row numbers with others behind them. ``ids``, if they came from here, are given up."""
        end = len(ids) + len(new)
        if ids.base is not self._room or len(self._room) < end:
            self._room = np.empty(end + end // 2, np.uint32)
            self._room[: len(ids)] = ids
        self._room[len(ids) : end] = new
        return self._room[:end]


def places_of(rows: Array, ids: Array) -> Array:
    """Where rows of the store stand in an order that has each of them once."""
    distinct, which = np.unique(rows, return_inverse=True)
    if len(distinct) <= _FEW:
        places = np.array([np.argmax(ids == row) for row in distinct], np.int64)
        return places[which]
    inverse = np.empty(int(ids.max(initial=0)) + 1, np.uint32)
    inverse[ids] = np.arange(len(ids), dtype=np.uint32)
    return inverse[rows]
