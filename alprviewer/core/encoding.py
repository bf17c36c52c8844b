"""The text encodings that result files come in, and a view of their bytes that the scanner can walk."""

from __future__ import annotations

import codecs
from enum import Enum
from typing import NamedTuple

import numpy as np

SNIFF_BYTES = 4096
"""How many bytes of a stream decide its encoding."""


class Invalid(NamedTuple):
    """Bytes that are no text in an encoding: how many sequences, and where the first one is."""

    sequences: int
    offset: int
    length: int


class Encoding(Enum):
    """UTF-8, or UTF-16 as Windows shells write it. ``unit`` is the size of a code unit in bytes."""

    UTF8 = ("utf-8", 1)
    UTF16_LE = ("utf-16-le", 2)
    UTF16_BE = ("utf-16-be", 2)

    def __init__(self, codec: str, unit: int) -> None:
        self.codec = codec
        self.unit = unit

    @property
    def label(self) -> str:
        """The name for people: ``UTF-8``."""
        return self.codec.upper()

    @property
    def bom(self) -> bytes:
        """The byte order mark that a text in this encoding may begin with."""
        return self.encode("\ufeff")

    def encode(self, text: str) -> bytes:
        """Text to bytes, without a byte order mark."""
        return text.encode(self.codec)

    def decode(self, data: bytes) -> tuple[str, int]:
        """Bytes to text. Also returns how many byte sequences were invalid (each became U+FFFD)."""
        try:
            return data.decode(self.codec), 0
        except UnicodeDecodeError:
            text = data.decode(self.codec, errors="replace")
            genuine = data.decode(self.codec, errors="ignore").count("\ufffd")
            return text, max(1, text.count("\ufffd") - genuine)

    def find_invalid(self, data: bytes) -> Invalid | None:
        """Where ``data`` is no text in this encoding; None if it is."""
        try:
            data.decode(self.codec)
        except UnicodeDecodeError as error:
            return Invalid(self.decode(data)[1], error.start, error.end - error.start)
        return None


def sniff(head: bytes) -> Encoding:
    """The encoding of a stream by its first bytes: by a byte order mark, else by alternating NULs."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return Encoding.UTF16_LE
    if head.startswith(codecs.BOM_UTF16_BE):
        return Encoding.UTF16_BE
    even, odd = head[0:SNIFF_BYTES:2], head[1:SNIFF_BYTES:2]
    if len(odd) >= 2:
        if odd.count(0) * 4 >= len(odd) * 3 and even.count(0) * 4 < len(even):
            return Encoding.UTF16_LE
        if even.count(0) * 4 >= len(even) * 3 and odd.count(0) * 4 < len(odd):
            return Encoding.UTF16_BE
    return Encoding.UTF8


def byte_view(data: bytes, encoding: Encoding) -> bytes:
    """One byte a code unit: ASCII as it is, every other UTF-16 unit as 0xFF. UTF-8 is its own view."""
    if encoding is Encoding.UTF8:
        return data
    units = np.frombuffer(data, "<u2" if encoding is Encoding.UTF16_LE else ">u2", count=len(data) // 2)
    return np.where(units < 0x80, units, 0xFF).astype(np.uint8).tobytes()
