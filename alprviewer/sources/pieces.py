"""The pieces that a stream of bytes is partitioned into, and what decodes some of them on the way."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from alprviewer.core.errors import Problem
from alprviewer.core.frame import Frame
from alprviewer.core.regular import Rows, Taken


class PieceKind(Enum):
    """What a piece of the stream is, before values are decoded."""

    VALUE = "value"
    ROWS = "rows"
    """Many values that were decoded at once, and what separates them."""
    PROBLEM = "problem"
    NOISE = "noise"
    SEPARATOR = "separator"


class Piece(NamedTuple):
    """A piece of the stream.

    Attributes:
        offset, length: in bytes of the (decompressed) stream.
        data: the bytes of a value; empty for other pieces.
        problem: why a problem piece could not be read.
        picture_back: bytes from the line that names the value's picture to the value; 0 where there is none.
        frame: the value decoded, where the probe already did that.
        rows, value_bytes: many values decoded, and how many bytes of the piece are theirs.
    """

    kind: PieceKind
    offset: int
    length: int
    data: bytes = b""
    problem: Problem | None = None
    picture_back: int = 0
    frame: Frame | None = None
    rows: Rows | None = None
    value_bytes: int = 0


Bulk = Callable[[bytes, int, int], Taken]
"""Takes as many regular frames as follow one another: ``core.regular.RegularReader.take``."""
Probe = Callable[[bytes], Frame | None]
"""Decodes a line that is one whole regular frame; None for anything else."""
