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

PADDING = 1 << 14
"""Zero bytes behind a buffer's own, so that a walk that went astray stays inside."""
LOOK_AHEAD = 56
"""Bytes behind a position among which a quotation mark or the end of a number is found at once."""

_W = np.uint64
_ONE = _W(1)
FIRST_BYTES: Words = np.array([(1 << 8 * count) - 1 for count in range(9)], _W)
"""Masks of a word's first bytes in memory, by their number."""
_ZEROS = _W(0x3030303030303030)
_ONES, _HIGH = _W(0x0101010101010101), _W(0x8080808080808080)
_MINUS, _POINT, _ZERO = ord("-"), _W(ord(".")), ord("0")
_COMMA, _BRACE, _QUOTE = (ord(sign) for sign in ',}"')


class Buffer:
    """Bytes, joined from pieces, that can be read as units and as words from any position.

    Attributes:
        data: the bytes, ``PADDING`` zeros behind them.
        size: how many bytes without these.
        units, words: the bytes, and the eight bytes from each position.
    """

    def __init__(self, *pieces: bytes | memoryview) -> None:
        self.data = b"".join((*pieces, bytes(PADDING)))
        self.size = len(self.data) - PADDING
        self.units: npt.NDArray[np.uint8] = np.frombuffer(self.data, np.uint8)
        self.words = _words_of(self.data)
        self._texts: dict[int, npt.NDArray[np.bytes_]] = {}
        is_quote, is_end = self.units == _QUOTE, self.units == _COMMA
        np.logical_or(is_end, self.units == _BRACE, out=is_end)
        self._quotes, self._number_ends = (
            _words_of(np.packbits(marks, bitorder="little").tobytes() + bytes(8))
            for marks in (is_quote, is_end)
        )

    def quote_from(self, starts: Positions) -> Positions:
        """The first quotation mark from a position on, if it is at most ``LOOK_AHEAD`` bytes away."""
        return _next(self._quotes, starts)

    def number_end_from(self, starts: Positions) -> Positions:
        """The first comma or closing brace from a position on, if it is at most ``LOOK_AHEAD`` bytes away."""
        return _next(self._number_ends, starts)

    def stands(self, starts: Positions, text: bytes) -> Mask | None:
        """Where ``text`` stands at the positions; None if it does at all of them."""
        texts = self._texts.get(len(text))
        if texts is None:
            shape = (len(self.data) - len(text) + 1,)
            texts = self._texts[len(text)] = np.ndarray(shape, f"S{len(text)}", self.data, strides=(1,))
        found = texts[starts]
        if found.tobytes() == text * len(starts):
            return None
        same: Mask = found == text
        return same

    def same_text(self, starts: Positions, ends: Positions, text: bytes) -> Mask:
        """True where the bytes from a start to its end are ``text``."""
        same: Mask = (ends - starts) == len(text)
        found = self.stands(starts, text)
        return same if found is None else same & found


def _words_of(data: bytes) -> Words:
    return np.ndarray((len(data) - 7,), "<u8", buffer=data, strides=(1,))


def _next(marks: Words, starts: Positions) -> Positions:
    """The first marked bit from a position on; beyond ``LOOK_AHEAD`` the answer may be wrong."""
    ahead = marks[starts >> 3]
    ahead >>= (starts & 7).view(_W)
    found: Positions = starts + np.bitwise_count(~ahead & (ahead - _ONE))
    return found


def word(text: bytes) -> Any:
    """The first eight bytes of a text as a word, zeros behind a shorter one."""
    return _W(int.from_bytes(text[:8], "little"))


def _all_digits(digits: Words) -> Mask:
    """Where all bytes of a word are 0 to 9."""
    result: Mask = ((digits | (digits + _W(0x7676767676767676))) & _HIGH) == 0
    return result


def _number(digits: Words) -> Words:
    """The numbers that words of eight digits (bytes 0 to 9) stand for."""
    pairs = digits * _W(10) + (digits >> _W(8))
    low = (pairs & _W(0x000000FF000000FF)) * _W(0x000F424000000064)
    high = ((pairs >> _W(16)) & _W(0x000000FF000000FF)) * _W(0x0000271000000001)
    return (low + high) >> _W(32)


def _digits_before(words: Words, counts: Positions) -> tuple[Words, Mask]:
    """The number in the first ``counts`` (0 to 8; what is below stands for 0) bytes."""
    digits = (words ^ _ZEROS) << ((8 - counts) << 3).view(_W)
    return _number(digits), _all_digits(digits)


def _digits_after(words: Words, counts: Positions) -> tuple[Words, Mask]:
    """The number in the first ``counts`` (0 to 8) bytes, filled up to eight digits with zeros behind."""
    digits = (words ^ _ZEROS) & FIRST_BYTES[counts]
    return _number(digits), _all_digits(digits)


def integers(buffer: Buffer, starts: Positions, ends: Positions) -> tuple[npt.NDArray[np.int64], Mask]:
    """Integers of at most 16 digits, and where there is one (JSON: no plus, no leading zero)."""
    negative = buffer.units[starts] == _MINUS
    if bool(negative.any()):
        numbers, fine = _naturals(buffer, starts + negative, ends)
        return np.where(negative, -numbers, numbers), fine
    return _naturals(buffer, starts, ends)


def _naturals(buffer: Buffer, starts: Positions, ends: Positions) -> tuple[npt.NDArray[np.int64], Mask]:
    count = ends - starts
    words = buffer.words[starts]
    more = np.maximum(count - 8, 0)
    has_more = bool(more.any())
    value, fine = _digits_before(words, np.minimum(more if has_more else count, 8))
    fine &= (count - 1).view(_W) < _W(16)
    fine &= ((words & _W(0xFF)) != _W(_ZERO)) | (count == 1)
    if not has_more:
        return value.view(np.int64), fine
    low, low_fine = _digits_before(buffer.words[starts + more], np.minimum(count, 8))
    fine &= low_fine
    return value.view(np.int64) * 10**8 + low.view(np.int64), fine


def reals(buffer: Buffer, starts: Positions, ends: Positions) -> tuple[npt.NDArray[np.float64], Mask]:
    """Reals from 0 with up to 16 decimals, and where there is one. Exponents are not read.

    The point is found behind at most seven digits. Two roundings may leave the last bit of a double off, far
    below what a 32-bit column keeps.
    """
    head = buffer.words[starts]
    count = ends - starts
    other = head ^ (_ONES * _POINT)
    point = ~other & (other - _ONES) & _HIGH  # its lowest bit is that of the first point
    whole_count = np.minimum(np.bitwise_count(~point & (point - _W(1))) >> 3, np.maximum(count, 0))
    whole, fine = _digits_before(head, np.minimum(whole_count, 8))
    decimals = count - whole_count - 1
    fine &= (whole_count >= 1) & ((whole_count < 8) | (count == 8)) & (decimals != 0) & (decimals <= 16)
    fine &= (whole_count == 1) | ((head & _W(0xFF)) != _ZERO)
    behind = starts + whole_count + 1
    high, high_fine = _digits_after(buffer.words[behind], np.clip(decimals, 0, 8))
    low, low_fine = _digits_after(buffer.words[behind + 8], np.clip(decimals - 8, 0, 8))
    fine &= high_fine & low_fine
    fraction = (high * _W(10**8) + low).astype(np.float64) / 1e16
    return whole.astype(np.float64) + fraction, fine
