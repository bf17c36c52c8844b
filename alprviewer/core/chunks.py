"""A chunk of lines cut at its quotation marks: its lists of candidates, its lines sorted by form."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.digits import FIRST_BYTES, LAST_BYTES, Buffer, Mask, Positions, word
from alprviewer.core.shapes import Item, Shape

_LIST = word(b":[{")
_CANDIDATES, _CANDIDATES_END = word(b"candidat"), word(b"ndidates")
_NEWLINE, _RETURN, _COMMA, _BRACE, _QUOTE = (ord(sign) for sign in '\n\r,{"')


class Chunk(NamedTuple):
    """A chunk cut at its quotation marks: one element a quoted text, but for ``line_*``."""

    buffer: Buffer
    line_starts: Positions
    value_ends: Positions
    line: Positions
    starts: Positions
    ends: Positions
    nexts: Positions
    """Where the next quoted text of the line begins, or the value's end."""

    def line_bytes(self, number: int) -> bytes:
        """The value of a line."""
        return self.buffer.data[int(self.line_starts[number]) : int(self.value_ends[number])]


class Lists(NamedTuple):
    """The lists of candidates: one element a list."""

    key: Positions
    """Ordinal of the text ``candidates``."""
    last: Positions
    """Ordinal of the last key in the list."""
    counts: Positions
    first: Positions
    """Which candidate of the chunk is the list's first."""


def line_ends_of(data: bytes) -> Positions:
    """Positions of the newlines: few and far apart, so that searching beats comparing every byte."""
    found: list[int] = []
    place = data.find(b"\n")
    while place >= 0:
        found.append(place)
        place = data.find(b"\n", place + 1)
    return np.array(found, np.int64)


def value_ends_of(buffer: Buffer, starts: Positions, ends: Positions) -> Positions:
    """The ends of the lines without a carriage return and without the comma of an array's element."""
    for sign in (_RETURN, _COMMA):
        ends = ends - ((ends > starts) & (buffer.units[np.maximum(ends - 1, 0)] == sign))
    return ends


def plausible(buffer: Buffer, starts: Positions, ends: Positions) -> Mask:
    """Lines that begin as an object and are plain ASCII without backslashes and control characters."""
    regular: Mask = (buffer.words[starts] & FIRST_BYTES[2]) == word(b'{"')
    data = buffer.data
    place = data.find(b"\\")
    while place >= 0:
        line = int(np.searchsorted(ends, place))
        regular[line] = False
        place = data.find(b"\\", int(ends[line]))
    units = buffer.units[: len(data)]
    odd = (units < 32) | (units > 126)
    if int(np.count_nonzero(odd)) > len(ends):
        places = np.flatnonzero(odd)
        places = places[units[places] != _NEWLINE]
        # A carriage return ends a line only together with a line feed; inside a text it breaks the value.
        places = places[(units[places] != _RETURN) | (units[places + 1] != _NEWLINE)]
        regular[np.searchsorted(ends, places)] = False
    return regular


def cut(buffer: Buffer, line_starts: Positions, value_ends: Positions, regular: Mask) -> Chunk:
    """Cut the lines that are still regular at their quotation marks; an odd number of them is not regular."""
    quotes = np.flatnonzero(buffer.units[: len(buffer.data)] == _QUOTE)
    firsts = np.searchsorted(quotes, line_starts)
    counts = np.diff(np.concatenate((firsts, [len(quotes)])))
    regular &= (counts % 2 == 0) & (counts > 0)
    if not bool(regular.all()):
        quotes = quotes[np.repeat(regular, counts)]
        counts = np.where(regular, counts, 0)
    pairs = quotes.reshape(-1, 2)
    sizes = counts // 2
    line = np.repeat(np.arange(len(sizes)), sizes)
    nexts = np.empty(len(pairs), np.int64)
    nexts[:-1] = pairs[1:, 0]
    lasts = np.cumsum(sizes)[sizes > 0] - 1
    nexts[lasts] = value_ends[sizes > 0]
    return Chunk(buffer, line_starts, value_ends, line, pairs[:, 0] + 1, pairs[:, 1], nexts)


class Group(NamedTuple):
    """Lines of one shape: their numbers and the ordinals of their texts, candidates left out."""

    shape: Shape
    lines: Positions
    ordinals: Positions


class Work:
    """One chunk on its way to rows."""

    def __init__(self, chunk: Chunk, regular: Mask) -> None:
        self.chunk = chunk
        self.regular = regular
        self.item: Item | None = None
        self.lists = Lists(*(np.empty(0, np.int64) for _ in range(4)))
        self.members = np.empty((0, 0), np.int64)
        self.last_ends = np.empty(0, np.int64)
        self.groups: list[Group] = []

    def refuse(self, lines: Array) -> None:
        """These lines are not regular."""
        self.regular[lines] = False

    def find_lists(self, item: Item) -> None:
        """Find the lists of candidates and check all elements but the ends of the last ones."""
        self.item = item
        chunk = self.chunk
        words = chunk.buffer.words
        heads, lengths = words[chunk.starts], chunk.ends - chunk.starts
        keys = np.flatnonzero((heads == _CANDIDATES) & (lengths == 10))
        is_list = (words[chunk.ends[keys] - 8] == _CANDIDATES_END) & (
            (words[chunk.ends[keys] + 1] & FIRST_BYTES[3]) == _LIST
        )
        keys = keys[is_list]
        closing = np.flatnonzero(
            (lengths == item.last_length)
            & ((heads & item.last_mask) == item.last_word)
            & (chunk.buffer.units[chunk.nexts - 1] != _BRACE)
        )
        found = np.searchsorted(closing, keys, "right")
        known = found < len(closing)
        lasts = (
            np.where(known, closing[np.minimum(found, max(len(closing) - 1, 0))], 0) if len(closing) else keys
        )
        count, rest = np.divmod(lasts - keys, item.size)
        fine = known & (rest == 0) & (count > 0) & (chunk.line[lasts] == chunk.line[keys])
        self.refuse(chunk.line[keys[~fine]])
        keys, lasts, count = keys[fine], lasts[fine], count[fine]
        first = np.cumsum(count) - count
        self.lists = Lists(keys, lasts, count, first)
        self.last_ends = chunk.nexts[lasts]
        begins = np.repeat(keys + 1 - item.size * first, count) + item.size * np.arange(int(count.sum()))
        self.members = begins[:, None] + np.arange(item.size)

    def lines_by_size(self) -> list[tuple[int, Positions, Positions]]:
        """Regular lines by how many texts they have without their candidates, with those texts' ordinals."""
        kept = np.ones(len(self.chunk.line), bool)
        kept[self.members.ravel()] = False
        ordinals = np.flatnonzero(kept)
        sizes = np.bincount(self.chunk.line[ordinals], minlength=len(self.regular))
        firsts = np.cumsum(sizes) - sizes
        found: list[tuple[int, Positions, Positions]] = []
        for size in np.unique(sizes[self.regular]).tolist():
            lines = np.flatnonzero(self.regular & (sizes == size))
            found.append((size, lines, ordinals[firsts[lines][:, None] + np.arange(size)]))
        return found

    def take(self, shape: Shape, lines: Positions, ordinals: Positions) -> tuple[Positions, Positions]:
        """Take the lines that have this shape; returns the others."""
        if not len(lines):
            return lines, ordinals
        fits = shape.skeleton.fits(
            self.chunk.buffer,
            self.chunk.starts[ordinals],
            self.chunk.ends[ordinals],
            self.chunk.nexts[ordinals],
        )
        for key, length, wanted in shape.list_suffixes:
            lists = np.searchsorted(self.lists.key, ordinals[:, key])
            known = lists < len(self.lists.key)
            lists = np.minimum(lists, max(len(self.lists.key) - 1, 0))
            if not len(self.lists.key):
                fits[:] = False
                break
            fits &= known & (self.lists.key[lists] == ordinals[:, key])
            ends = self.chunk.nexts[self.lists.last[lists]]
            fits &= (self.chunk.buffer.words[ends - 8] & LAST_BYTES[length]) == wanted
            self.last_ends[lists[fits]] = ends[fits] - length
        if bool(fits.any()):
            self.groups.append(Group(shape, lines[fits], ordinals[fits]))
        return lines[~fits], ordinals[~fits]
