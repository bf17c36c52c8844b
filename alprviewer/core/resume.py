"""Where reading can go on behind a value that is broken.

That is the next line start whose first byte is ``{`` or ``[`` and from which a value completes: an object, or
the first one of an array. Every line start is a candidate, and most of them lie inside what another candidate
began; trying them one by one would walk over the same bytes again and again. One walk answers for all: where
a walk passes a line start inside a value, what comes then is what a walk from there would find.
"""

from __future__ import annotations

import re
from array import array
from typing import NamedTuple

from alprviewer.core.errors import ProblemKind
from alprviewer.core.scan import (
    MAX_DEPTH,
    MAX_VALUE_BYTES,
    OPEN_BRACE,
    OPEN_BRACKET,
    Broken,
    Incomplete,
    Outcome,
    Scanner,
    is_undecided,
)

_candidate = re.compile(rb"\n(?=[{\[])")
_brackets = rb"\[(?:[ \t\r\n]*+\[){0,%d}+[ \t\r\n]*+(?=\{)" % (MAX_DEPTH - 1)
_object_ahead = re.compile(rb"\{|" + _brackets)
_whole_candidate = re.compile(rb"\n(?=\{|%b)" % _brackets)
_LINE_FEED = ord("\n")
_NONE = -1
_CHECK_EVERY = 32
"""Levels too deep after which it is worth a look whether anything can still complete."""


class Found(NamedTuple):
    """A value completes from ``at``, the first byte of a line."""

    at: int


class Searched(NamedTuple):
    """Nothing was found; more bytes may tell of what begins at ``until`` or behind it, not before."""

    until: int


def find_resumption(
    buffer: bytes | bytearray, start: int, *, final: bool, limit: int = MAX_VALUE_BYTES
) -> Found | Searched:
    """The first line start behind ``start`` from which a value completes.

    Args:
        buffer: bytes, one a code unit.
        start: where to begin; the first line start that counts is the one behind the next line feed.
        final: True if nothing follows the buffer.
        limit: code units that a value may have.
    """
    at = start
    while True:
        match = _candidate.search(buffer, at)
        if match is None:
            return Searched(max(at, len(buffer) - 1))
        walk = _Walk(buffer, match.end(), limit)
        outcome = walk.run()
        undecided = is_undecided(outcome, buffer, final=final)
        if walk.best != _NONE and not (undecided and walk.is_open_before(walk.best)):
            return Found(walk.best)
        if undecided:
            # The last byte passed may be a line feed with a candidate behind it.
            return Searched(max(at, min(walk.first_open(), walk.at) - 1))
        if isinstance(outcome, Incomplete):
            return Searched(len(buffer))
        at = max(walk.at - 1, match.end())


class _Walk(Scanner):
    """A walk that goes on where a single value would be too deep or too large, and knows what completed.

    Attributes:
        best: the first candidate from which a value completed.
    """

    def __init__(self, buffer: bytes | bytearray, start: int, limit: int) -> None:
        super().__init__(buffer, start, limit)
        self.best = _NONE
        self._size_limit = limit
        self.limit = len(buffer)
        # For each open container: where it begins if that is a line start (of an object: or the line start of
        # the arrays whose first value it is), and how many arrays up to it hold nothing before the next one.
        self._lines = array("q")
        self._chains = array("q")
        self._dead = 0  # containers of the stack, from the outermost, that are too deep

    def edit(self, kind: ProblemKind, start: int, end: int, replacement: bytes) -> None:
        """Repairs do not matter here."""

    def opened(self, byte: int) -> Outcome | None:
        chain = self._fresh_arrays()
        self._lines.append(self._line_of(self.at) if byte == OPEN_BRACE else self._own_line(self.at))
        self._chains.append(chain + 1 if byte == OPEN_BRACKET else 0)
        self.stack.append(byte)
        self._dead = max(self._dead, len(self.stack) - MAX_DEPTH)
        if self._dead and len(self.stack) % _CHECK_EVERY == 0 and self.first_open() > self.at:
            # Nothing that is open can complete any more: look for the next candidate.
            return Broken(self.at + 1, ProblemKind.DEPTH, "")
        return None

    def closed(self) -> Outcome | None:
        byte, line = self.stack.pop(), self._lines.pop()
        self._chains.pop()
        is_alive = self._dead <= len(self.stack) and self.at - line <= self._size_limit
        self._dead = min(self._dead, len(self.stack))
        return self._completed(line) if byte == OPEN_BRACE and line != _NONE and is_alive else None

    def took(self, start: int, end: int) -> Outcome | None:
        is_candidate = end - start <= self._size_limit and _object_ahead.match(self.buffer, start) is not None
        line = self._line_of(start) if is_candidate else _NONE
        if line == _NONE:
            inside = _whole_candidate.search(self.buffer, start, end)
            line = _NONE if inside is None else inside.end()
        return None if line == _NONE else self._completed(line)

    def _own_line(self, at: int) -> int:
        return at if self.buffer[at - 1] == _LINE_FEED else _NONE

    def _line_of(self, at: int) -> int:
        """The line start whose first value the container at the place is, or that it is itself."""
        for index in range(len(self.stack) - min(self._fresh_arrays(), MAX_DEPTH), len(self.stack)):
            if self._lines[index] != _NONE:
                return self._lines[index]
        return self._own_line(at)

    def _fresh_arrays(self) -> int:
        """How many arrays are open, one in the other, in which nothing has come yet."""
        is_array = len(self.stack) > 0 and self.stack[-1] == OPEN_BRACKET
        return self._chains[-1] if is_array and self.buffer[self.token_end - 1] == OPEN_BRACKET else 0

    def _completed(self, line: int) -> Outcome | None:
        if self.best == _NONE or line < self.best:
            self.best = line
        return None if self.is_open_before(self.best) else Broken(self.at, ProblemKind.SYNTAX, "")

    def is_open_before(self, line: int) -> bool:
        """True if a container is open that began before ``line`` and may still complete."""
        return self.first_open() < line

    def first_open(self) -> int:
        """Where the first candidate that may still complete begins; behind the place if there is none.

        An array alone completes nothing: its first object does, so it counts as long as nothing has come.
        """
        oldest = self.at - self._size_limit
        for index in range(self._dead, len(self.stack)):
            line = self._lines[index]
            if line != _NONE and line >= oldest and self.stack[index] == OPEN_BRACE:
                return line
        line = self._line_of(self.at) if self._fresh_arrays() else _NONE
        return line if line != _NONE else self.at + 1
