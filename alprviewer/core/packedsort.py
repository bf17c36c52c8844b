"""Stable orders from integer keys: keys and row share 64-bit words, and the words are sorted.

Words are sorted several times faster than places, and no two are equal, so that an algorithm which is not
stable gives a stable order. Keys that do not fit into a word are cut: rows whose words agree are sorted again
among themselves by what was left out. Those are few, but for keys that hardly differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from alprviewer.core.threads import in_stretches, together, worth

Array = npt.NDArray[Any]
Words = npt.NDArray[np.uint64]

_W = np.uint64
_WORD_BITS = 64
_CHUNK = 1 << 15
"""Rows whose words are made at a time, so that they stay in the processor's cache."""


class Key(NamedTuple):
    """One key of every row.

    Attributes:
        values: unsigned integers, none above ``last``.
        last: the largest that may occur. In a key that ``turned`` reverses it means that there is no value.
    """

    values: Array
    last: int

    def turned(self) -> Key:
        """The same key for the opposite direction; rows without a value stay last."""
        if self.last == 0:
            return self
        kind = self.values.dtype.type
        turned = np.subtract(kind(self.last - 1), self.values)
        # What has no value wraps round to the largest number.
        return Key(np.minimum(turned, kind(self.last), out=turned), self.last)


class PackedOrder:
    """The order of rows by keys, the first key first; rows whose keys are equal stay as they stand."""

    def __init__(self, keys: Sequence[Key], count: int) -> None:
        self._count = count
        self._row_bits = max(count - 1, 0).bit_length()
        taken, self._rest = _divided(keys, _WORD_BITS - self._row_bits)
        self._words = self._pack(taken)

    def _pack(self, keys: Sequence[tuple[Key, int, int]]) -> Words:
        words = np.empty(self._count, _W)
        row_bits = _W(self._row_bits)

        def pack(first: int, after: int) -> None:
            for begin in range(first, after, _CHUNK):
                chunk = words[begin : min(begin + _CHUNK, after)]
                chunk[:] = 0
                for key, bits, cut in keys:
                    if bits < _WORD_BITS:
                        chunk <<= _W(bits)
                    values = key.values[begin : begin + len(chunk)]
                    chunk |= values >> values.dtype.type(cut) if cut else values
                chunk <<= row_bits
                chunk |= np.arange(begin, begin + len(chunk), dtype=_W)

        in_stretches(pack, self._count)
        return words

    def around(self, row: int | None, span: int) -> Array | None:
        """An order that is right about one row, long before all are sorted. Asked for once, and first.

        Args:
            row: the row that stands in the middle, where there are as many before and behind it; None means
                the first ones.
            span: how many rows before and behind it are in their places. All others are on the right side.

        Returns:
            Row numbers; None where keys were cut, or where the whole order takes no longer.
        """
        if self._rest or self._count <= 4 * span:
            return None
        words = self._words
        place = 0 if row is None else int(np.count_nonzero(words < words[row]))
        first = min(max(place - span, 0), self._count - 2 * span)
        # One place at a time, and in place: numpy has vector code for that alone.
        words.partition(first)
        words[first:].partition(2 * span - 1)
        words[first : first + 2 * span].sort()
        return self._rows(words)

    def sequence(self) -> Array:
        """Row numbers in their order."""
        _sort(self._words, worth(self._count))
        rows = self._rows(self._words)
        if not self._rest or self._count < 2:
            return rows
        same = (self._words[1:] ^ self._words[:-1]) <= _W((1 << self._row_bits) - 1)
        if not bool(same.any()):
            return rows
        follows = np.concatenate(([False], same))
        tied = np.flatnonzero(follows | np.concatenate((same, [False])))
        runs = np.cumsum(~follows[tied], dtype=np.uint32)
        among = rows[tied]
        keys = [Key(runs, int(runs[-1])), *(_part(key, bits, among) for key, bits in self._rest)]
        rows[tied] = among[PackedOrder(keys, len(tied)).sequence()]
        return rows

    def _rows(self, words: Words) -> Array:
        rows = np.empty(len(words), np.uint32)
        mask = _W((1 << self._row_bits) - 1)

        def unpack(first: int, after: int) -> None:
            for begin in range(first, after, _CHUNK):
                chunk = slice(begin, min(begin + _CHUNK, after))
                rows[chunk] = words[chunk] & mask

        in_stretches(unpack, len(words))
        return rows


def _sort(words: Words, threads: int) -> None:
    """Sort in place: what belongs into the first half by one half of the threads, the rest by the other."""
    if threads < 2:
        words.sort()
        return
    middle = len(words) // 2
    words.partition(middle)
    halves = words[:middle], words[middle:]
    together([partial(_sort, half, threads // 2) for half in halves])


def _divided(keys: Sequence[Key], room: int) -> tuple[list[tuple[Key, int, int]], list[tuple[Key, int]]]:
    """Keys with how many bits are taken and how many behind them are not, and what is left of keys."""
    taken: list[tuple[Key, int, int]] = []
    rest: list[tuple[Key, int]] = []
    for key in keys:
        bits = key.last.bit_length()
        now = 0 if rest else min(bits, room)
        if now:
            taken.append((key, now, bits - now))
        if now < bits:
            rest.append((key, bits - now))
        room -= now
    return taken, rest


def _part(key: Key, bits: int, rows: Array) -> Key:
    """The lowest bits of a key for some rows."""
    mask = (1 << bits) - 1
    values = key.values[rows]
    return Key(values & values.dtype.type(mask), min(key.last, mask))
