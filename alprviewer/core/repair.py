"""From the bytes of one value to parsed JSON: strict first, then with the labelled repairs of ``scan``."""

from __future__ import annotations

import json
from typing import Any

from alprviewer.core import reasons
from alprviewer.core.encoding import Encoding, byte_view
from alprviewer.core.errors import Problem, ProblemKind
from alprviewer.core.fields import Members
from alprviewer.core.scan import MAX_EDITS, MAX_VALUE_BYTES, Broken, Complete, Edit, scan

_REASONS = {
    ProblemKind.COMMENT: reasons.COMMENT,
    ProblemKind.MISSING_COMMA: reasons.MISSING_COMMA,
    ProblemKind.TRAILING_COMMA: reasons.TRAILING_COMMA,
    ProblemKind.DECIMAL_COMMA: reasons.DECIMAL_COMMA,
    ProblemKind.NUMBER_TOKEN: reasons.NUMBER_TOKEN,
}
_MAX_DIGITS = 300
"""Longest integer in digits that is computed; a longer one becomes infinite and so out of range."""


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_DIGITS else float("-inf" if digits.startswith("-") else "inf")


_decoder = json.JSONDecoder(object_pairs_hook=Members, parse_int=_integer)


def parse(data: bytes, encoding: Encoding) -> tuple[Any, list[Problem]]:
    """Parse the bytes of one value.

    Returns:
        The value, its objects as ``Members``, and the repairs as problems with their byte places. Where the
        value cannot be read at all: None and one unrepaired problem.
    """
    view = byte_view(data, encoding)
    unit = encoding.unit
    outcome = scan(view, 0, final=True, limit=MAX_VALUE_BYTES // unit)
    if isinstance(outcome, Broken):
        at = outcome.at * unit
        return None, [Problem(outcome.kind, outcome.reason, offset=at, length=len(data) - at)]
    assert isinstance(outcome, Complete), "a final scan is never incomplete"
    if outcome.end < len(view.rstrip(b" \t\r\n")):
        at = outcome.end * unit
        return None, [Problem(ProblemKind.SYNTAX, reasons.MORE_FOLLOWS, offset=at, length=len(data) - at)]
    edits = outcome.edits
    if len(edits) > MAX_EDITS:
        return None, [Problem(ProblemKind.SYNTAX, reasons.SLIPS.format(count=f"{MAX_EDITS:,}"))]
    problems = [
        Problem(edit.kind, _REASONS[edit.kind], "", True, edit.start * unit, _span(edit) * unit)
        for edit in edits
    ]
    if invalid := encoding.find_invalid(data):
        problems.append(
            Problem(
                ProblemKind.ENCODING,
                (reasons.SEQUENCES if invalid.sequences > 1 else reasons.ONE_SEQUENCE).format(
                    count=invalid.sequences, encoding=encoding.label
                ),
                "",
                True,
                invalid.offset,
                invalid.length,
            )
        )
    return _decoder.decode(encoding.decode(_apply(data, edits, encoding))[0]), problems


def _span(edit: Edit) -> int:
    return max(edit.end - edit.start, 1)


def _apply(data: bytes, edits: tuple[Edit, ...], encoding: Encoding) -> bytes:
    """The bytes with the edits made; positions count code units."""
    if not edits:
        return data
    pieces: list[bytes] = []
    done = 0
    for edit in edits:
        pieces += (data[done : edit.start * encoding.unit], encoding.encode(edit.replacement.decode("ascii")))
        done = edit.end * encoding.unit
    pieces.append(data[done:])
    return b"".join(pieces)
