"""Append-only columns and dictionaries: the building blocks of the store."""

from __future__ import annotations

import copy
import threading
from collections.abc import Hashable, Iterable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from alprviewer.core.batch import Array
from alprviewer.core.states import CODE_ABSENT, CODE_INVALID, FIRST_CODE, INVALID
from alprviewer.core.texts import Texts


class _Column(NamedTuple):
    """A column's first rows, which may be mapped from a file, and room for those behind them."""

    base: Array
    rows: Array


@cache
def narrower(dtype: np.dtype[Any]) -> tuple[np.dtype[Any], ...]:
    """The types that a column of integers may have while its values fit: unsigned ones that take less room.

    A state that is no value stands at the low end of a signed type, so a column with one has its own type.
    """
    if dtype.kind not in "iu" or dtype.shape:
        return ()
    return tuple(each for each in map(np.dtype, ("u1", "u2", "u4")) if each.itemsize < dtype.itemsize)


class Table:
    """Columns of one length that only grow. A view taken from it never changes, so readers need no lock.

    A column of integers takes the narrowest type that holds its values so far (``narrower``), at most the one
    it was declared with: codes of cameras, places and counts rarely need more than a byte.

    The first rows may be those of a file that is mapped into memory: they are copied only for a column that
    is asked for after the table has grown.
    """

    def __init__(self, dtype: np.dtype[Any], capacity: int = 1024) -> None:
        self._dtype = dtype
        self._length = 0
        self._lock = threading.Lock()
        self._columns = {
            name: _Column(_empty(dtype[name], 0), _empty((*narrower(dtype[name]), dtype[name])[0], capacity))
            for name in dtype.names or ()
        }

    def __len__(self) -> int:
        return self._length

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self._columns)

    @property
    def nbytes(self) -> int:
        """Bytes of the rows that are there (without what is reserved for growth)."""
        return sum(
            base.nbytes + rows[: self._length - len(base)].nbytes for base, rows in self._columns.values()
        )

    def column(self, name: str) -> Array:
        """The values of a column so far, read-only."""
        length = self._length
        base, rows = self._columns[name]
        if len(base) == length > 0:
            view = base[:]
        else:
            if len(base):
                rows = self._join(name)
            view = rows[:length]
        view.flags.writeable = False
        return view

    def _join(self, name: str) -> Array:
        """The array with all rows of a column, the first ones copied to it."""
        with self._lock:
            base, rows = self._columns[name]
            if len(base):
                grown = len(rows)
                dtype = np.promote_types(base.dtype, rows.dtype)
                joined = np.empty((len(base) + grown, *rows.shape[1:]), dtype)
                joined[: len(base)] = base
                joined[len(base) : self._length] = rows[: self._length - len(base)]
                self._columns[name] = _Column(base[:0], joined)
            return self._columns[name].rows

    def type_of(self, name: str) -> np.dtype[Any]:
        """The type that holds the values of a column so far."""
        base, rows = self._columns[name]
        dtype = np.promote_types(base.dtype, rows.dtype) if len(base) else rows.dtype
        return np.dtype((dtype, rows.shape[1:]))

    def part(self, name: str, begin: int, end: int) -> Array:
        """Some rows of a column, as far as there are any; never more than these are copied."""
        end = min(end, self._length)
        begin = min(begin, end)
        base, rows = self._columns[name]
        first = len(base)
        if end <= first:
            return base[begin:end]
        if begin >= first:
            return rows[begin - first : end - first]
        return np.concatenate((base[begin:], rows[: end - first]))

    def snapshot(self) -> Table:
        """The same rows, none of those that come: a table of its own that shares them."""
        with self._lock:
            taken = copy.copy(self)
            taken._columns = dict(self._columns)  # noqa: SLF001 - of the same class
        return taken

    def without(self, rows: range) -> Table:
        """A table of its own without some rows; those behind them have moved up."""
        kept = Table(self._dtype, 0)
        gone = slice(rows.start, rows.stop)
        left = {name: np.delete(self.column(name), gone, axis=0) for name in self._columns}
        kept.restore(left, self._length - len(rows))
        return kept

    def restore(self, columns: dict[str, Array], count: int) -> range:
        """Let an empty table begin with these arrays, as they are. Returns the row numbers."""
        assert not self._length
        for name in self._columns:
            room = _empty(self._dtype[name], 0)
            self._columns[name] = _Column(columns[name], room.astype(columns[name].dtype))
        self._length = count
        return range(count)

    def remap(self, columns: dict[str, Array]) -> None:
        """Let the first rows be those of a mapped file, which has the same values: memory is freed.

        May run beside a thread that appends or reads. Columns that are mapped already stay as they are.
        """
        with self._lock:
            for name, mapped in columns.items():
                base, rows = self._columns[name]
                if not len(base) and len(mapped) <= self._length:
                    self._columns[name] = _Column(mapped, rows[len(mapped) : self._length].copy())

    def append(self, rows: dict[str, Array], count: int) -> range:
        """Add ``count`` rows, one array a column. Returns their row numbers."""
        first, end = self._length, self._length + count
        with self._lock:
            for name in self._columns:
                base, room = self._columns[name]
                dtype = _fitting(room.dtype, self._dtype[name], rows[name])
                if end - len(base) > len(room) or dtype != room.dtype:
                    room = _grown(room, first - len(base), end - len(base), dtype)
                    self._columns[name] = _Column(base, room)
                room[first - len(base) : end - len(base)] = rows[name]
            self._length = end
        return range(first, end)


def _empty(dtype: np.dtype[Any], count: int) -> Array:
    return np.empty((count, *dtype.shape), dtype.base)


def _fitting(current: np.dtype[Any], declared: np.dtype[Any], values: Array) -> np.dtype[Any]:
    """The narrowest type of a column that holds values too."""
    if current == declared.base or not len(values):
        return current
    low, high = 0 if values.dtype.kind == "u" else int(values.min()), int(values.max())
    for dtype in narrower(declared):
        if dtype.itemsize >= current.itemsize and low >= 0 and high <= np.iinfo(dtype).max:
            return dtype
    return declared.base


def _grown(rows: Array, filled: int, needed: int, dtype: np.dtype[Any]) -> Array:
    """The rows in an array with room for more than are needed now; what is not filled takes no memory yet."""
    room = len(rows) if needed <= len(rows) else max(needed, 2 * len(rows))
    grown = np.empty((room, *rows.shape[1:]), dtype)
    grown[:filled] = rows[:filled]
    return grown


class Dictionary:
    """Few distinct values and their codes. Code 0 is absent, code 1 invalid; both are None as values."""

    def __init__(self) -> None:
        self._values: list[Any] = [None, None]
        self._codes: dict[Hashable, int] = {None: CODE_ABSENT, INVALID: CODE_INVALID}

    def __len__(self) -> int:
        """How many distinct values, absent and invalid aside."""
        return len(self._values) - FIRST_CODE

    def value(self, code: int) -> Any:
        """The value of a code."""
        return self._values[code]

    def values(self) -> list[Any]:
        """All values by code, the two states before them."""
        return self._values

    def code(self, value: Hashable) -> int:
        """The code of a value, a new one where it is new."""
        code = self._codes.get(value)
        if code is None:
            code = self._codes[value] = len(self._values)
            self._values.append(value)
        return code

    def find(self, value: Hashable) -> int | None:
        """The code of a value, None if it was never seen."""
        return self._codes.get(value)

    def extend(self, new: Iterable[Any]) -> Array:
        """The codes of a coder's new values, in their order."""
        return np.array([self.code(value) for value in new], np.uint32)

    def ranks(self, among: Array | None = None) -> Array:
        """The place of each code's text among all, ignoring case first; absent and invalid are last.

        ``among`` is for larger dictionaries; here all texts are ranked anyway.
        """
        del among
        codes = sorted(range(FIRST_CODE, len(self._values)), key=lambda code: _text_key(self._values[code]))
        ranks = np.full(len(self._values), len(codes), np.uint32)
        ranks[codes] = np.arange(len(codes))
        return ranks


def _text_key(text: str) -> tuple[str, str]:
    return text.casefold(), text


class CodeMap:
    """From one decoder's codes to those of a dictionary."""

    def __init__(self, dictionary: Dictionary | Texts) -> None:
        self._dictionary = dictionary
        self._map: npt.NDArray[np.uint32] = np.array([CODE_ABSENT, CODE_INVALID], "u4")
        self._count = len(self._map)

    def extend(self, new: Any) -> None:
        """The decoder's next codes stand for these values."""
        codes = self._dictionary.extend(new)
        first, self._count = self._count, self._count + len(codes)
        if self._count > len(self._map):
            self._map = _grown(self._map, first, self._count, self._map.dtype)
        self._map[first : self._count] = codes

    def translate(self, codes: Array) -> Array:
        """The dictionary's codes for the decoder's."""
        translated: Array = self._map[: self._count][codes]
        return translated
