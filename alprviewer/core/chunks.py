"""A chunk of lines without their crops: two thirds of the bytes, which need no more than a look."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alprviewer.core.crops import MAX_CROP_TEXT, is_base64_alphabet, is_plain_base64
from alprviewer.core.digits import FIRST_BYTES, Buffer, Mask, Positions, word

_NEWLINE, _RETURN, _COMMA, _PADDING = (ord(sign) for sign in "\n\r,=")
_CROP = b'"/9j/'


class Chunk(NamedTuple):
    """A chunk of lines without their crops.

    Attributes:
        data: the bytes of the chunk.
        buffer: the same without crops.
        starts, ends: in the buffer: of the lines' values, commas and carriage returns behind them left out.
        line_starts, line_ends, value_ends: in the chunk; the line ends are those of the newlines.
        cuts: positions in the buffer where a crop was taken out, ascending.
        crops: characters of these crops.
    """

    data: bytes
    buffer: Buffer
    starts: Positions
    ends: Positions
    line_starts: Positions
    line_ends: Positions
    value_ends: Positions
    cuts: Positions
    crops: Positions

    def line(self, number: int) -> bytes:
        """The value of a line."""
        return self.data[int(self.line_starts[number]) : int(self.value_ends[number])]


def cut(data: bytes, size: int) -> Chunk:
    """Take the crops out of a chunk of ``size`` bytes that ends with a newline, the first ones of ``data``.

    Texts that are no regular crop stay.
    """
    starts, ends = _crops(data, size)
    whole = memoryview(data)
    begins, lengths = np.array(starts, np.int64), np.array(ends, np.int64)
    lengths -= begins
    texts = [whole[start:end] for start, end in zip(starts, ends, strict=True)]
    if not _all_plain(data, texts, begins, lengths):
        plain = [is_plain_base64(bytes(text)) for text in texts]
        starts, ends = (
            [p for p, good in zip(places, plain, strict=True) if good] for places in (starts, ends)
        )
        begins, lengths = begins[plain], lengths[plain]
    ends.insert(0, 0)
    starts.append(size)
    buffer = Buffer(*(whole[start:end] for start, end in zip(ends, starts, strict=True)))
    before = np.concatenate(([0], np.cumsum(lengths)))
    cuts = begins - before[:-1]
    newlines = np.flatnonzero(buffer.units[: buffer.size] == _NEWLINE)
    line_starts = np.concatenate(([0], newlines[:-1] + 1))
    value_ends = _value_ends(buffer, line_starts, newlines)
    left_out = before[np.searchsorted(cuts, newlines)]
    return Chunk(
        data,
        buffer,
        line_starts,
        value_ends,
        line_starts + np.concatenate(([0], left_out[:-1])),
        newlines + left_out,
        value_ends + left_out,
        cuts,
        lengths,
    )


def _crops(data: bytes, size: int) -> tuple[list[int], list[int]]:
    """Where texts begin and end that begin like the base64 text of a JPEG picture."""
    starts: list[int] = []
    ends: list[int] = []
    find, stands = data.find, data.startswith
    at = 0
    while True:
        # Slashes are rare outside of crops, and a single byte is found several times faster.
        start = find(b"/", at, size)
        if start < 0:
            break
        if not stands(_CROP, start - 1):
            start = find(_CROP, at, size) + 1
            if not start:
                break
        at = find(b'"', start, size)
        if at < 0:
            break
        starts.append(start)
        ends.append(at)
    return starts, ends


def _all_plain(data: bytes, texts: list[memoryview], starts: Positions, lengths: Positions) -> bool:
    """Whether all texts are canonical base64: nothing but padding at their ends is outside the alphabet."""
    if bool((lengths & 3).any()) or bool((lengths > MAX_CROP_TEXT).any()):
        return False
    units = np.frombuffer(data, np.uint8)
    ends = starts + lengths
    one = units[ends - 1] == _PADDING
    two = one & (units[ends - 2] == _PADDING)
    return is_base64_alphabet(b"".join(texts), int(one.sum() + two.sum()))


def _value_ends(buffer: Buffer, starts: Positions, ends: Positions) -> Positions:
    """The ends of the lines without a carriage return and without the comma of an array's element."""
    for sign in (_RETURN, _COMMA):
        ends = ends - ((ends > starts) & (buffer.units[np.maximum(ends - 1, 0)] == sign))
    return ends


def plausible(chunk: Chunk) -> Mask:
    """Lines that begin as an object and are plain ASCII without backslashes and control characters."""
    buffer, ends = chunk.buffer, chunk.ends
    regular: Mask = (buffer.words[chunk.starts] & FIRST_BYTES[2]) == word(b'{"')
    place = buffer.data.find(b"\\")
    while place >= 0:
        line = int(np.searchsorted(ends, place))
        if line == len(ends):
            break
        regular[line] = False
        place = buffer.data.find(b"\\", int(ends[line]))
    units = buffer.units[: buffer.size]
    odd = (units - np.uint8(32)) > 126 - 32
    if int(np.count_nonzero(odd)) > len(ends):
        places = np.flatnonzero(odd)
        places = places[units[places] != _NEWLINE]
        # A carriage return ends a line only together with a line feed; inside a text it breaks the value.
        places = places[(units[places] != _RETURN) | (units[places + 1] != _NEWLINE)]
        lines = np.searchsorted(ends, places)
        regular[lines[lines < len(ends)]] = False
    return regular
