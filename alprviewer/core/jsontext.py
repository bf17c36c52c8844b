"""JSON text for people: indented token by token, so that numbers and repeated keys stay as they came.

Pictures in base64 become ``<jpeg 2.4 kB, 150 × 75>``, very long texts are cut with a note, passwords in
addresses are hidden, and characters that could deceive are made visible. What is copied is the original text.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from alprviewer.core.crops import is_plain_base64
from alprviewer.core.jpegsize import jpeg_size
from alprviewer.core.masking import mask_passwords
from alprviewer.core.plates import visible_lines
from alprviewer.language import trn

SHOWN_CHARACTERS = 400_000
"""Most characters that are shown of one value, some ten thousand lines. A crop counts as a few words."""
LOOKED_AT_CHARACTERS = 24 * 1024 * 1024
"""Most characters of a value that are looked at: the largest crop and what is around it."""
TEXT_CHARACTERS = 2_000
"""Longest text inside a value that is shown whole; of a longer one a tenth is shown."""
LINE_CHARACTERS = 96
"""Widest line that a list or an object without inner ones may take."""

_HEADER_CHARACTERS = 64 * 1024
"""How much base64 is decoded to find a picture's size."""
_SMALLEST_PICTURE = 100
_INDENT = "  "

_token = re.compile(
    r"""(?P<space>[ \t\r\n]++)
      | (?P<text>"(?:[^"\\]++|\\.)*+"?)
      | (?P<open>[\[{])
      | (?P<close>[\]}])
      | (?P<comma>,)
      | (?P<colon>:)
      | (?P<other>[^\s"\[\]{},:]++)""",
    re.VERBOSE | re.DOTALL,
)


class Shown(NamedTuple):
    """A text to show; ``is_whole`` is False where only the first part of the value is in it."""

    text: str
    is_whole: bool = True


def bytes_text(count: int) -> str:
    """A number of bytes in few words: ``812 bytes``, ``2.4 kB``, ``1.3 MB``."""
    if count < 1000:
        return trn("{count} byte", "{count} bytes", count)
    return f"{count / 1000:.1f} kB" if count < 999_950 else f"{count / 1e6:.1f} MB"


def describe_jpeg(data: bytes, length: int | None = None) -> str:
    """``jpeg 2.4 kB, 150 × 75``; without the size where the header does not give it.

    Args:
        data: the picture's bytes, or the first of them.
        length: how many there are in all.
    """
    size = jpeg_size(data)
    words = f"jpeg {bytes_text(len(data) if length is None else length)}"
    return words if size is None else f"{words}, {size.width} × {size.height}"


def indented(raw: str, limit: int = SHOWN_CHARACTERS) -> Shown:
    """The text of a JSON value with one member a line; short lists and objects stay on one line.

    Works on any text: what is no JSON is shown too, only less tidily. Stops at ``limit`` characters.
    """
    shown = _Writer(limit).write(raw[:LOOKED_AT_CHARACTERS])
    return Shown(shown.text, shown.is_whole and len(raw) <= LOOKED_AT_CHARACTERS)


def as_received(raw: str, limit: int = SHOWN_CHARACTERS) -> Shown:
    """The text with its own line breaks, for what cannot be parsed; long texts cut, passwords hidden."""
    parts: list[str] = []
    length = 0
    for match in _token.finditer(raw[:LOOKED_AT_CHARACTERS]):
        part = _shown_token(match)
        parts.append(part)
        length += len(part)
        if length > limit:
            return Shown("".join(parts)[:limit], False)
    return Shown("".join(parts), len(raw) <= LOOKED_AT_CHARACTERS)


def _shown_token(match: re.Match[str]) -> str:
    if match.lastgroup == "text":
        return shown_text(match[0])
    return mask_passwords(visible_lines(match[0][:TEXT_CHARACTERS]))


def shown_text(token: str) -> str:
    """A JSON text (with its quotes) as it is shown."""
    inner = token[1:-1]
    if len(inner) >= _SMALLEST_PICTURE and token.endswith('"') and is_plain_base64(inner):
        header = binascii.a2b_base64(inner[:_HEADER_CHARACTERS])
        length = len(inner) // 4 * 3 - inner[-2:].count("=")
        return f"<{describe_jpeg(header, length)}>"
    if len(token) > TEXT_CHARACTERS:
        # Hidden in a part that is much longer than what is shown: a password may not be cut before its end.
        shown = _masked(_closed(token[: 4 * TEXT_CHARACTERS]))[: TEXT_CHARACTERS // 10]
        left_out = len(token) - len(shown)
        more = trn("<{count:,} more character>", "<{count:,} more characters>", left_out)
        return f"{visible_lines(shown)}… {more}"
    return visible_lines(_masked(token))


def _closed(token: str) -> str:
    """The first part of a JSON text, closed by a quote that is not escaped."""
    token = token.removesuffix('"')
    escape = token.rfind("\\", -6)
    return (token[:escape] if escape > 0 else token).rstrip("\\") + '"'


def _masked(token: str) -> str:
    """The token without passwords, also where slashes are escaped or written as code points."""
    if "://" not in token and "\\" not in token:
        return token
    try:
        text = json.loads(token, strict=False)
    except ValueError:
        return mask_passwords(token)
    hidden = mask_passwords(text)
    return token if hidden == text else json.dumps(hidden, ensure_ascii=False)


class _Writer:
    """Indents one value. Keeps a list of parts and how long they are together."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[str] = []
        self._length = 0
        self._depth = 0

    def write(self, raw: str) -> Shown:
        """The whole text, or as much as the limit allows."""
        tokens = (match for match in _token.finditer(raw) if match.lastgroup != "space")
        pending: list[re.Match[str]] = []  # from an opening bracket on: may fit on one line
        for match in tokens:
            if match.lastgroup == "open":
                self._flush(pending)
                pending = [match]
            elif match.lastgroup == "close" and pending:
                self._close_short([*pending, match])
                pending = []
            elif pending:
                pending.append(match)
                if len(pending) > LINE_CHARACTERS:
                    self._flush(pending)
                    pending = []
            else:
                self._put(match)
            if self._length > self._limit:
                return Shown("".join(self._parts)[: self._limit], False)
        self._flush(pending)
        return Shown("".join(self._parts))

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _flush(self, pending: list[re.Match[str]]) -> None:
        for match in pending:
            self._put(match)

    def _close_short(self, tokens: list[re.Match[str]]) -> None:
        """A list or object without inner ones: on one line if it fits."""
        line = "".join(_spaced(tokens))
        if len(line) + len(_INDENT) * self._depth <= LINE_CHARACTERS:
            self._add(line)
        else:
            self._flush(tokens)

    def _put(self, match: re.Match[str]) -> None:
        match match.lastgroup:
            case "open":
                self._depth += 1
                self._add(match[0] + self._new_line())
            case "close":
                self._depth = max(self._depth - 1, 0)
                self._add(self._new_line() + match[0])
            case "comma":
                self._add("," + self._new_line())
            case "colon":
                self._add(": ")
            case _:
                self._add(_shown_token(match))

    def _new_line(self) -> str:
        # A hostile depth must not make the indentation longer than the text.
        return "\n" + _INDENT * min(self._depth, 40)


def _spaced(tokens: list[re.Match[str]]) -> Iterator[str]:
    """The tokens of a short list or object with one space behind commas and colons, and inside braces."""
    is_object = tokens[0][0] == "{" and len(tokens) > 2
    for match in tokens:
        match match.lastgroup:
            case "open":
                yield "{ " if is_object else match[0]
            case "close":
                yield f" {match[0]}" if is_object else match[0]
            case "comma":
                yield ", "
            case "colon":
                yield ": "
            case _:
                yield _shown_token(match)
