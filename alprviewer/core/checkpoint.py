"""A place in a stream from which reading can go on as if it had never stopped."""

from __future__ import annotations

from typing import NamedTuple


class Checkpoint(NamedTuple):
    """Where a framer stands between two pieces, and what it still knows of those before.

    Attributes:
        position: bytes of the decompressed stream before it.
        line_start: nothing but white space stands between it and the beginning of its line.
        brackets: arrays that were opened right before it.
        picture: first byte of the picture line before it; -1 where there is none.
    """

    position: int = 0
    line_start: bool = True
    brackets: int = 0
    picture: int = -1


START = Checkpoint()
"""The beginning of a stream."""
