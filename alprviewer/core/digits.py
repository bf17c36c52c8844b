"""Numbers and short texts out of bytes, many at a time.

Positions are indices into one buffer. Eight bytes are loaded as one little-endian word, the first
character in the lowest byte, and the digits of a word are summed in three multiplications (D. Lemire,
"Quickly parsing eight digits", 2018). Whatever is no plain number is reported, never guessed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

MARGIN = 16
"""Bytes that must stand before a position that is read backwards."""
_PADDING = 64

_W = np.uint64
FIRST_BYTES: Words = np.array([(1 << 8 * count) - 1 for count in range(9)], _W)
"""Masks of a word's first bytes in memory, by their number."""
LAST_BYTES: Words = ~FIRST_BYTES[::-1]
"""Masks of a word's last bytes in memory, by their number."""
_ZEROS = _W(0x3030303030303030)
_MINUS, _POINT, _ZERO = ord("-"), _W(ord(".")), ord("0")


class Buffer:
    """Bytes that can be read as single units and as words from any position."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        padded = data + bytes(_PADDING)
        self.units: npt.NDArray[np.uint8] = np.frombuffer(padded, np.uint8)
        self.words: Words = np.ndarray((len(data) + _PADDING - 8,), "<u8", buffer=padded, strides=(1,))

    def same_text(self, starts: Positions, ends: Positions, text: bytes) -> Mask:
        """True where the bytes from a start to its end are ``text``."""
        same: Mask = (ends - starts) == len(text)
        for place in range(0, len(text), 8):
            part = text[place : place + 8]
            same &= (self.words[starts + place] & FIRST_BYTES[len(part)]) == word(part)
        return same


def word(text: bytes) -> Any:
    """The first eight bytes of a text as a word, zeros behind a shorter one."""
    return _W(int.from_bytes(text[:8], "little"))


def last_word(text: bytes) -> Any:
    """The last eight bytes of a text as a word, zeros before a shorter one."""
    return _W(int.from_bytes(text[-8:].rjust(8, b"\0"), "little"))


def _all_digits(words: Words) -> Mask:
    carry = (words + _W(0x4646464646464646)) | (words - _ZEROS)
    result: Mask = (carry & _W(0x8080808080808080)) == 0
    return result


def _eight_digits(words: Words) -> Words:
    """The numbers that words of eight digits stand for."""
    words = words - _ZEROS
    words = words * _W(10) + (words >> _W(8))
    low = (words & _W(0x000000FF000000FF)) * _W(0x000F424000000064)
    high = ((words >> _W(16)) & _W(0x000000FF000000FF)) * _W(0x0000271000000001)
    return (low + high) >> _W(32)


def _digits_before(buffer: Buffer, ends: Positions, counts: Positions) -> tuple[Words, Mask]:
    """The number in the last ``counts`` (0 to 8) bytes before the ends."""
    mask = LAST_BYTES[counts]
    words = (buffer.words[ends - 8] & mask) | (_ZEROS & ~mask)
    return _eight_digits(words), _all_digits(words)


def _digits_after(buffer: Buffer, starts: Positions, counts: Positions) -> tuple[Words, Mask]:
    """The first ``counts`` (0 to 8) digits from the starts, filled up to eight with zeros behind."""
    mask = FIRST_BYTES[counts]
    words = (buffer.words[starts] & mask) | (_ZEROS & ~mask)
    return _eight_digits(words), _all_digits(words)


def integers(buffer: Buffer, starts: Positions, ends: Positions) -> tuple[npt.NDArray[np.int64], Mask]:
    """Integers of at most 16 digits, and where there is one (JSON: no plus, no leading zero)."""
    negative = buffer.units[starts] == _MINUS
    starts = starts + negative
    count = ends - starts
    value, fine = _digits_before(buffer, ends, np.clip(count, 0, 8))
    number = value.astype(np.int64)
    fine &= (count >= 1) & (count <= 16) & (starts >= MARGIN)
    fine &= (count == 1) | (buffer.units[starts] != _ZERO)
    if bool((count > 8).any()):
        value, more_fine = _digits_before(buffer, ends - 8, np.clip(count - 8, 0, 8))
        number += value.astype(np.int64) * 10**8
        fine &= more_fine
    return np.where(negative, -number, number), fine


def reals(buffer: Buffer, starts: Positions, ends: Positions) -> tuple[npt.NDArray[np.float64], Mask]:
    """Reals from 0 with up to 16 decimals, and where there is one. Exponents are not read.

    The point is found behind at most five digits. Two roundings may leave the last bit of a double off, far
    below what a 32-bit column keeps.
    """
    head = buffer.words[starts]
    count = ends - starts
    point = count.copy()
    for place in (5, 4, 3, 2, 1):
        found = (((head >> _W(8 * place)) & _W(0xFF)) == _POINT) & (count > place + 1)
        point = np.where(found, place, point)
    whole, fine = integers(buffer, starts, starts + point)
    fine &= buffer.units[starts] != _MINUS
    decimals = np.maximum(count - point - 1, 0)
    behind = starts + point + 1
    high, high_fine = _digits_after(buffer, behind, np.minimum(decimals, 8))
    low, low_fine = _digits_after(buffer, behind + 8, np.clip(decimals - 8, 0, 8))
    fine &= high_fine & low_fine & (decimals <= 16)
    fraction = np.where(decimals > 0, (high * _W(10**8) + low).astype(np.float64) / 1e16, 0.0)
    return whole.astype(np.float64) + fraction, fine
