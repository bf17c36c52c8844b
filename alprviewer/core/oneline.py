"""A value on one line, so that it can stand in a file of JSON Lines.

Line breaks are white space wherever a value may hold them, but for one place: they end a comment. Such a
comment is given an end of its own.
"""

from __future__ import annotations

from alprviewer.core.errors import ProblemKind
from alprviewer.core.scan import Complete, scan

_BREAKS = bytes.maketrans(b"\r\n", b"  ")
_COMMENT_BYTES = 4000
"""Bytes of a comment that are kept; the scanner takes a little more."""


def one_line(data: bytes) -> bytes:
    """The value without line breaks, and otherwise as it is.

    Args:
        data: the bytes of one value in UTF-8, as framing found it: its texts hold no raw line break.
    """
    if b"\n" not in data and b"\r" not in data:
        return data
    outcome = scan(data, final=True)
    edits = outcome.edits if isinstance(outcome, Complete) else ()
    parts: list[bytes] = []
    place = 0
    for edit in edits:
        if edit.kind is ProblemKind.COMMENT and not data.startswith(b"/*", edit.start):
            text = data[edit.start : edit.end].lstrip(b"#/")[:_COMMENT_BYTES].replace(b"*/", b"* /")
            parts += data[place : edit.start], b"/*", text, b" */"
            place = edit.end
    return b"".join((*parts, data[place:])).translate(_BREAKS)
