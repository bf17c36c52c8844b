"""Forms: everything in a line of JSON but the values, learned from one line that was decoded.

Agents write every frame alike: the same members in the same order, with the same spaces. Between two values
that differ from line to line stand the same bytes each time. So many lines are walked at once, in step: the
bytes before a value are compared, the value's end is looked up, and so on to the next one.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

import numpy as np

from alprviewer.core.digits import LOOK_AHEAD, PADDING, Buffer, Positions

Path = tuple[str | int, ...]

_token = re.compile(rb'"([^"]*)"|([{}\[\],:])|([^\s"{}\[\],:]+)')
_STAMP_DIGITS = 13


class Span(NamedTuple):
    """Where something stands in a line. A text's quotation marks, a list's brackets are not part of it."""

    start: int
    end: int


class Outline(NamedTuple):
    """Where the values, the lists and the objects of a line stand, by path."""

    values: dict[Path, Span]
    lists: dict[Path, Span]
    objects: dict[Path, Span]

    @classmethod
    def of(cls, line: bytes) -> Outline:
        """Of a line that is valid JSON, without backslashes."""
        outline = cls({}, {}, {})
        containers: list[tuple[bytes, int]] = []
        path: list[str | int] = []
        key_is_next = False
        for match in _token.finditer(line):
            sign = match[2]
            if sign == b"{" or sign == b"[":
                containers.append((sign, match.start()))
                path.append("" if sign == b"{" else 0)
                key_is_next = sign == b"{"
            elif sign == b"}" or sign == b"]":
                opening, start = containers.pop()
                path.pop()
                if opening == b"{":
                    outline.objects[tuple(path)] = Span(start, match.end())
                else:
                    outline.lists[tuple(path)] = Span(start + 1, match.start())
            elif sign == b",":
                key_is_next = containers[-1][0] == b"{"
                if not key_is_next:
                    path[-1] = int(path[-1]) + 1
            elif match[3] is not None:
                outline.values[tuple(path)] = Span(*match.span(3))
            elif sign is None and key_is_next:
                path[-1] = match[1].decode("ascii")
                key_is_next = False
            elif sign is None:
                outline.values[tuple(path)] = Span(*match.span(1))
        return outline


class Kind(Enum):
    """How the end of a value is found."""

    TEXT = "text"  # at the next quotation mark
    NUMBER = "number"  # at the next comma or brace; true and false too
    DIGIT = "digit"  # it is one digit
    STAMP = "stamp"  # it is thirteen digits
    CUT = "cut"  # it was taken out of the line


class Slot(NamedTuple):
    """A value that differs from line to line: its path within the form, and how its end is found."""

    path: Path
    kind: Kind


class Walked(NamedTuple):
    """What a walk found.

    Attributes:
        rows: which of the walks came to the end, ascending.
        starts, ends: of the values: one row a slot, one column a walk.
        at: where the walks ended.
    """

    rows: Positions
    starts: Positions
    ends: Positions
    at: Positions


class Form(NamedTuple):
    """Bytes that are the same each time, and the slots between them: one slot less.

    Attributes:
        fixed: none is empty.
    """

    fixed: tuple[bytes, ...]
    slots: tuple[Slot, ...]

    @classmethod
    def learn(cls, line: bytes, part: Span, found: dict[Slot, Span]) -> Form | None:
        """The form of a part of a line; ``found`` says where the values that may differ stand, in order.

        None where two values touch, or the part is too long for a walk.
        """
        fixed: list[bytes] = []
        begin = part.start
        for start, end in found.values():
            fixed.append(line[begin:start])
            begin = end
        fixed.append(line[begin : part.end])
        length = sum(len(text) for text in fixed) + LOOK_AHEAD * len(found)
        if not all(fixed) or 2 * length > PADDING:
            return None
        return cls(tuple(fixed), tuple(found))

    def walk(self, buffer: Buffer, at: Positions) -> Walked:
        """Walk through the form from each of the positions at once; who meets other bytes is left behind."""
        rows = np.arange(len(at))
        spans = np.empty((2, len(self.slots), len(at)), np.int64)
        for place, fixed in enumerate(self.fixed):
            same = buffer.stands(at, fixed)
            if same is not None:
                rows, spans, at = rows[same], spans[:, :, same], at[same]
            at = at + len(fixed)
            if place < len(self.slots):
                spans[0, place] = at
                at = _ends(buffer, self.slots[place].kind, at)
                spans[1, place] = at
        return Walked(rows, spans[0], spans[1], at)


def _ends(buffer: Buffer, kind: Kind, starts: Positions) -> Positions:
    """Where the values that begin at the positions end, if they are as they should be."""
    match kind:
        case Kind.NUMBER:
            return buffer.number_end_from(starts)
        case Kind.TEXT:
            return buffer.quote_from(starts)
        case Kind.DIGIT:
            return starts + 1
        case Kind.STAMP:
            return starts + _STAMP_DIGITS
        case Kind.CUT:
            return starts


def stamp_of(line: bytes, text: Span) -> Span | None:
    """The millisecond time that ends an agent's uuid, behind a dash; None where there is none."""
    start = text.end - _STAMP_DIGITS
    if start < text.start + 2 or line[start - 1 : start] != b"-" or line[start : start + 1] == b"0":
        return None
    return Span(start, text.end) if line[start : text.end].isdigit() else None
