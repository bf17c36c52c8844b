"""Where one JSON value ends, and what must be edited to make it JSON.

The scanner walks over bytes and never builds values. It accepts the JSON grammar of RFC 8259 and the slips
that agents, their documentation and people who paste it are known to make; each becomes an ``Edit``:

- a comment (``#``, ``//`` to the end of the line, ``/* */``) between two tokens,
- a comma missing between two members or elements, or one too many before a closing bracket,
- a decimal comma in a member's number (``66,430672``), unambiguous because a member name must follow a comma,
- a number that JSON has no token for (``nan``, ``-inf``, ``1.#IND``), which becomes ``null``.

One byte stands for one code unit: UTF-16 input is scanned through ``core.encoding``'s one-byte view, in
which every unit outside ASCII is 0xFF. Bytes from 0x80 up are accepted inside strings without a look.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from alprviewer.core import jsongrammar as grammar
from alprviewer.core import reasons
from alprviewer.core.errors import ProblemKind

MAX_DEPTH = 64
"""Nesting of objects and arrays that is still read; one level more breaks the value."""

MAX_VALUE_BYTES = 64 * 1024 * 1024
"""Size of a value that is still read."""

MAX_EDITS = 100_000
"""Repairs that are made in one value. One more is noted, which says that there are too many."""

_MAX_COMMENT = 4096
"""Longest comment of the kind that has an end of its own."""
_LOOKAHEAD = 16
"""Bytes that settle any token but a string, a number, a comment or white space."""

_space = re.compile(grammar.SPACE)
_string = re.compile(grammar.STRING)
_string_open = re.compile(grammar.STRING_OPEN)
_number = re.compile(grammar.NUMBER)
_number_open = re.compile(rb"-?+[0-9]*+\.?+[0-9]*+(?>[eE][+-]?+[0-9]*+)?+")
_decimal_comma = re.compile(rb",[0-9]++(?=[ \t\n\r]*+[,}])")
_decimal_comma_open = re.compile(rb",[0-9]*+[ \t\n\r]*+\Z")
_odd_number = re.compile(grammar.ODD_NUMBER)
_literal = re.compile(rb"(?>true|false|null)(?!\w)")
_WORDS = (
    b"true",
    b"false",
    b"null",
    b"nan(ind)",
    b"nan(snan)",
    b"infinity",
    b"1.#qnan",
    b"1.#snan",
    b"1.#ind",
)
_line_comment = re.compile(rb"(?>#|//)[^\r\n]*+")
_value_at_line_start = re.compile(rb"\n[{\[]")


class Edit(NamedTuple):
    """A repair of the text: bytes ``start:end`` of the scanned value become ``replacement``."""

    kind: ProblemKind
    start: int
    end: int
    replacement: bytes


def _place(edit: Edit) -> tuple[int, int]:
    return edit.start, edit.end


class Complete(NamedTuple):
    """A value that ends before ``end``. Positions are those of the buffer."""

    end: int
    edits: tuple[Edit, ...] = ()


class Incomplete(NamedTuple):
    """The buffer ends inside the value."""


class Broken(NamedTuple):
    """A value that cannot be read, even after repairs: ``at`` is the byte where that became clear."""

    at: int
    kind: ProblemKind
    reason: str


Outcome = Complete | Incomplete | Broken

_VALUE, _FIRST_VALUE, _KEY, _FIRST_KEY, _COLON, _AFTER = range(6)
OPEN_BRACE, _CLOSE_BRACE = ord("{"), ord("}")
OPEN_BRACKET, _CLOSE_BRACKET = ord("["), ord("]")
_QUOTE, _COMMA, _COLON_SIGN, _HASH, _SLASH, _STAR = (ord(c) for c in '",:#/*')
_LINE_ENDS = b"\r\n"


def scan(buffer: bytes | bytearray, start: int = 0, *, final: bool, limit: int = MAX_VALUE_BYTES) -> Outcome:
    """Find the end of the JSON value that begins at ``start``.

    Args:
        buffer: bytes, one a code unit.
        start: where the value begins (no white space before it).
        final: True if nothing follows the buffer; then the answer is never ``Incomplete``.
        limit: code units that a value may have.

    Returns:
        ``Complete`` with the end and the edits, ``Incomplete``, or ``Broken``.
    """
    match = grammar.whole_value().match(buffer, start)
    if match is not None and (final or match.end() < len(buffer) or buffer[start] in b"{["):
        if match.end() - start > limit:
            return Broken(start + limit, ProblemKind.SIZE, _TOO_LARGE)
        return Complete(match.end())
    outcome = Scanner(buffer, start, limit).run()
    end = len(buffer) if isinstance(outcome, Incomplete) else outcome[0]
    if end - start > limit:
        return Broken(start + limit, ProblemKind.SIZE, _TOO_LARGE)
    if isinstance(outcome, Incomplete) and final:
        return Broken(len(buffer), ProblemKind.TRUNCATED, reasons.CUT_OFF)
    return Incomplete() if is_undecided(outcome, buffer, final=final) else outcome


def is_undecided(outcome: Outcome, buffer: bytes | bytearray, *, final: bool) -> bool:
    """True if more bytes could change the outcome."""
    if isinstance(outcome, Incomplete):
        return not final
    return isinstance(outcome, Broken) and not final and outcome.at + _LOOKAHEAD > len(buffer)


_TOO_LARGE = reasons.TOO_LARGE.format(megabytes=MAX_VALUE_BYTES // 2**20)
TOO_DEEP = reasons.TOO_DEEP.format(count=MAX_DEPTH)


class Scanner:
    """One walk over one value, token by token; what is strict JSON is taken in large steps."""

    def __init__(self, buffer: bytes | bytearray, start: int, limit: int = MAX_VALUE_BYTES) -> None:
        self.buffer = buffer
        self.start = start
        self.limit = limit
        self.at = start
        self.token_end = start
        self.stack = bytearray()
        self.edits: list[Edit] = []
        self.state = _VALUE

    def run(self) -> Outcome:
        """Walk to the end of the value, of the buffer, or to what breaks the value."""
        while True:
            stop = self._skip()
            if stop is not None:
                return stop
            if self.at > self.start + self.limit:
                return Broken(self.at, ProblemKind.SIZE, _TOO_LARGE)
            stop = self._step()
            if stop is not None:
                return stop
            self.token_end = self.at
            if self.state == _AFTER and not self.stack:
                # A comma is missed, or one too many, only behind the comments that follow its place.
                return Complete(self.at, tuple(sorted(self.edits, key=_place)))

    # --- what a search for the next good value does otherwise (``core.resume``) ---

    def opened(self, byte: int) -> Outcome | None:
        """A container opens at the place."""
        if len(self.stack) == MAX_DEPTH:
            return Broken(self.at, ProblemKind.DEPTH, TOO_DEEP)
        self.stack.append(byte)
        return None

    def closed(self) -> Outcome | None:
        """The innermost container closes."""
        self.stack.pop()
        return None

    def took(self, start: int, end: int) -> Outcome | None:  # noqa: ARG002 - a hook
        """Whole strict values stand in ``start:end``."""
        return None

    def edit(self, kind: ProblemKind, start: int, end: int, replacement: bytes) -> None:
        """Note a repair."""
        if len(self.edits) <= MAX_EDITS:
            self.edits.append(Edit(kind, start, end, replacement))

    # --- the grammar ---

    def _skip(self) -> Outcome | None:
        """Pass white space and comments. None if a token follows."""
        buffer = self.buffer
        while True:
            found = _space.match(buffer, self.at)
            assert found is not None
            self.at = found.end()
            if self.at >= len(buffer):
                return Incomplete()
            byte = buffer[self.at]
            if byte != _HASH and byte != _SLASH:
                return None
            end = self._comment_end()
            if end is None:
                return Incomplete()
            if end < 0:
                return self._broken(reasons.SLASH)
            self.edit(ProblemKind.COMMENT, self.at, end, b"")
            self.at = end

    def _comment_end(self) -> int | None:
        """End of the comment at the place; None where the buffer ends first, -1 where it is none."""
        buffer, at = self.buffer, self.at
        if buffer[at] == _SLASH:
            if at + 1 >= len(buffer):
                return None
            if buffer[at + 1] == _STAR:
                return self._block_comment_end()
            if buffer[at + 1] != _SLASH:
                return -1
        found = _line_comment.match(buffer, at)
        assert found is not None
        return found.end() if found.end() < len(buffer) else None

    def _block_comment_end(self) -> int | None:
        """Like ``_comment_end``. A comment never hides what could be the next value."""
        end = self.buffer.find(b"*/", self.at + 2, self.at + _MAX_COMMENT)
        stop = min(self.at + _MAX_COMMENT, len(self.buffer)) if end < 0 else end
        if _value_at_line_start.search(self.buffer, self.at, stop):
            return -1
        if end >= 0:
            return end + 2
        return None if stop == len(self.buffer) else -1

    def _step(self) -> Outcome | None:
        byte = self.buffer[self.at]
        state = self.state
        if state == _AFTER:
            return self._after(byte)
        if state == _COLON:
            if byte != _COLON_SIGN:
                return self._broken(reasons.NO_COLON)
            self.at += 1
            self.state = _VALUE
            return None
        if state in (_KEY, _FIRST_KEY):
            return self._key(byte)
        if byte == _CLOSE_BRACKET and self.stack and self.stack[-1] == OPEN_BRACKET:
            if state == _VALUE:
                self._drop_comma()
            return self._close()
        return self._value(byte)

    def _key(self, byte: int) -> Outcome | None:
        if byte == _CLOSE_BRACE:
            if self.state == _KEY:
                self._drop_comma()
            return self._close()
        if byte != _QUOTE:
            return self._broken(reasons.NO_NAME)
        run = grammar.members_run(self._run_levels()).match(self.buffer, self.at)
        if run is not None:
            return self._take(run, _KEY)
        stop = self._string()
        self.state = _COLON
        return stop

    def _run_levels(self) -> int:
        return max(min(grammar.RUN_LEVELS, MAX_DEPTH - len(self.stack)), 0)

    def _take(self, run: re.Match[bytes], state: int) -> Outcome | None:
        start, self.at, self.state = self.at, run.end(), state
        return self.took(start, self.at)

    def _value(self, byte: int) -> Outcome | None:
        if self.stack and self.stack[-1] == OPEN_BRACKET:
            run = grammar.elements_run(self._run_levels()).match(self.buffer, self.at)
            if run is not None:
                return self._take(run, _VALUE)
        if byte == OPEN_BRACE or byte == OPEN_BRACKET:
            return self._container(byte)
        buffer = self.buffer
        self.state = _AFTER
        if byte == _QUOTE:
            return self._string()
        literal = _literal.match(buffer, self.at)
        if literal is not None:
            self.at = literal.end()
            return None
        odd = _odd_number.match(buffer, self.at)
        if odd is not None:
            self.edit(ProblemKind.NUMBER_TOKEN, self.at, odd.end(), b"null")
            self.at = odd.end()
            return None
        return self._plain_number()

    def _container(self, byte: int) -> Outcome | None:
        if len(self.stack) + grammar.VALUE_LEVELS <= MAX_DEPTH:
            whole = grammar.whole_value().match(self.buffer, self.at)
            if whole is not None:
                return self._take(whole, _AFTER)
        stop = self.opened(byte)
        if stop is None:
            self.at += 1
            self.state = _FIRST_KEY if byte == OPEN_BRACE else _FIRST_VALUE
        return stop

    def _plain_number(self) -> Outcome | None:
        buffer = self.buffer
        number = _number.match(buffer, self.at)
        opened = _number_open.match(buffer, self.at)
        if (opened is not None and opened.end() == len(buffer)) or self._is_cut_word():
            return Incomplete()
        if number is None:
            return self._broken(reasons.NO_VALUE)
        self.at = number.end()
        if self.stack and self.stack[-1] == OPEN_BRACE and b"." not in number[0]:
            if _decimal_comma_open.match(buffer, self.at):
                return Incomplete()
            decimals = _decimal_comma.match(buffer, self.at)
            if decimals is not None:
                self.edit(ProblemKind.DECIMAL_COMMA, self.at, self.at + 1, b".")
                self.at = decimals.end()
        return None

    def _is_cut_word(self) -> bool:
        """True if the buffer ends inside ``true``, ``nan`` or the like."""
        rest = bytes(self.buffer[self.at : self.at + _LOOKAHEAD]).lstrip(b"-").lower()
        return self.at + _LOOKAHEAD > len(self.buffer) and any(word.startswith(rest) for word in _WORDS)

    def _string(self) -> Outcome | None:
        found = _string.match(self.buffer, self.at)
        if found is not None:
            self.at = found.end()
            return None
        opened = _string_open.match(self.buffer, self.at)
        assert opened is not None
        if opened.end() >= len(self.buffer):
            return Incomplete()
        if self.buffer[opened.end()] in _LINE_ENDS:
            return Broken(opened.end(), ProblemKind.SYNTAX, reasons.LINE_END)
        self.at = opened.end()
        return self._broken(reasons.FORBIDDEN)

    def _after(self, byte: int) -> Outcome | None:
        in_object = self.stack[-1] == OPEN_BRACE
        if byte == _COMMA:
            self.at += 1
            self.state = _KEY if in_object else _VALUE
            return None
        if byte == (_CLOSE_BRACE if in_object else _CLOSE_BRACKET):
            return self._close()
        if in_object and byte == _QUOTE:
            self.edit(ProblemKind.MISSING_COMMA, self.token_end, self.token_end, b",")
            self.state = _KEY
            return None
        if not in_object and byte in b'{["' and not self._at_line_start():
            self.edit(ProblemKind.MISSING_COMMA, self.token_end, self.token_end, b",")
            self.state = _VALUE
            return None
        return self._broken(reasons.NO_END.format(bracket="}" if in_object else "]"))

    def _at_line_start(self) -> bool:
        """An element at the first byte of a line is rather the neighbour of a value that was cut short."""
        return self.buffer[self.at - 1] in _LINE_ENDS

    def _close(self) -> Outcome | None:
        self.at += 1
        self.state = _AFTER
        return self.closed()

    def _drop_comma(self) -> None:
        self.edit(ProblemKind.TRAILING_COMMA, self.token_end - 1, self.token_end, b"")

    def _broken(self, slip: str) -> Broken:
        return Broken(self.at, ProblemKind.SYNTAX, reasons.NOT_JSON.format(slip=slip))
