"""Rows to text: CSV for people and spreadsheets, JSON Lines for programs."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import orjson

from alprviewer.core.errors import UserError

Row = dict[str, Any]

_formula = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_surrogate = re.compile("[\ud800-\udfff]")


def guarded(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula (OWASP, CSV injection).

    A text that looks like a guarded one gets one quote more, so ``unguarded`` gives every text back.
    """
    return "'" + text if _formula.match(text) else text


def unguarded(cell: str) -> str:
    """The text that ``guarded`` was given."""
    return cell[1:] if cell.startswith("'") and _formula.match(cell) else cell


def _list_cell(name: str, value: list[Any]) -> str:
    if name == "candidates":
        return guarded(";".join(map(_candidate, value)))
    return guarded(orjson.dumps(value).decode())


_CELLS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    int: repr,
    float: repr,
    str: guarded,
}


def _candidate(candidate: dict[str, Any]) -> str:
    confidence = candidate.get("confidence")
    return f"{candidate.get('plate', '')}:{'' if confidence is None else repr(confidence)}"


def csv_lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """CSV (RFC 4180, UTF-8) with a line of names. Absent values stay empty, text cells are guarded."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row in rows:
        cells = [(name, row[name]) for name in columns]
        writer.writerow(
            [
                _CELLS[type(value)](value) if type(value) in _CELLS else _list_cell(name, value)
                for name, value in cells
            ]
        )
        if buffer.tell() > 1 << 16:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return _surrogate.sub("\ufffd", text).encode("utf-8")


def jsonl_lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """JSON Lines with all columns; absent values are null."""
    for row in rows:
        values = {name: row[name] for name in columns}
        try:
            yield orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)
        except TypeError:
            # Half characters (a file name that is no text) and integers beyond 64 bits.
            text = json.dumps(_writable(values), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            yield text.encode() + b"\n"


def _writable(value: Any) -> Any:
    """A value that JSON has: without half characters, NaN and infinity."""
    if isinstance(value, str):
        return _surrogate.sub("\ufffd", value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [_writable(element) for element in value]
    if isinstance(value, dict):
        return {_writable(name): _writable(member) for name, member in value.items()}
    return value


WRITERS: dict[str, Callable[[Sequence[str], Iterable[Row]], Iterator[bytes]]] = {
    "csv": csv_lines,
    "jsonl": jsonl_lines,
}


def write_out(lines: Iterable[bytes]) -> None:
    """Write data to standard output.

    Raises:
        UserError: it cannot be written, as where its disk is full.
        BrokenPipeError: nobody reads it any more.
    """
    try:
        for line in lines:
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        give_up_output()
        raise UserError(f"The output cannot be written: {error.strerror}.") from error


def give_up_output() -> None:
    """Python flushes standard output once more at exit; what cannot be written then would be said again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
