"""The size of a JPEG picture from its header, without decoding it."""

from __future__ import annotations

from typing import NamedTuple

_SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Start of frame in all its kinds; C4, C8 and CC of that range mean something else."""
_BARE_MARKERS = frozenset((0x01, *range(0xD0, 0xD9)))
"""Markers that no length follows."""
_END_OF_HEADERS = frozenset((0xD9, 0xDA))


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


def jpeg_size(data: bytes) -> Size | None:
    """The size that a JPEG's header claims; None where there is no such header. Never raises.

    Only the segments before the picture itself are walked: a cut-off tail does not matter. The size is a
    claim of the data: check it before a buffer is made for it.
    """
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1  # any number of fill bytes may stand before a marker
        elif marker in _BARE_MARKERS:
            at += 2
        elif marker in _END_OF_HEADERS or marker == 0:
            return None
        elif marker in _SIZE_MARKERS:
            return _frame_size(data[at + 4 : at + 9])
        else:
            length = int.from_bytes(data[at + 2 : at + 4])
            if length < 2:
                return None
            at += 2 + length
    return None


def _frame_size(header: bytes) -> Size | None:
    """Precision (1 byte), height (2), width (2). A height of 0 is given later in the stream: unknown."""
    if len(header) < 5:
        return None
    size = Size(int.from_bytes(header[3:5]), int.from_bytes(header[1:3]))
    return size if size.width and size.height else None
