"""Dividing a large file among decoding processes, so that together they read what one would have read.

A part begins at the second of two lines in a row that are regular frames. One process reading from the start
stands between two values there, unless it is inside a value that spans lines: then the process that reads the
part before says so when it comes to the place, and the rest is read again in one go. So the division never
changes what is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from alprviewer.core.checkpoint import START, Checkpoint
from alprviewer.core.decode import decode_strict
from alprviewer.core.errors import SourceError
from alprviewer.sources.bytestream import ByteStream

PART = 32 << 20
"""Bytes of a part of a file."""
_SEARCH = 256 << 10
"""Bytes behind a part's nominal beginning in which its real beginning is looked for."""


class Job(NamedTuple):
    """A part of a source for one process.

    Attributes:
        source: number of the source in the capture.
        path: the file.
        begin: nominal first byte, and what is known of what stands before it.
        parts: in how many parts the file is divided from ``begin`` on, this one included; 0 if it is the rest
            of the file, whatever its size.
        size: nominal bytes of a part.
        exact: a value begins at ``begin``, or what stands before it has been read.
    """

    source: int
    path: str
    begin: Checkpoint = START
    parts: int = 0
    size: int = PART
    exact: bool = False


def job_of(words: Sequence[Any]) -> Job:
    """A job as JSON brings it."""
    source, path, begin, *more = words
    return Job(source, path, Checkpoint(*begin), *more)


def divide(source: int, path: str, part: int = PART, begin: Checkpoint = START) -> list[Job]:
    """The jobs of a file from a place on: one, but several for a large file that is not compressed."""
    try:
        with ByteStream(path) as stream:
            size, compression = stream.size, stream.compression
    except SourceError:
        return [Job(source, path, begin)]
    first = begin.position
    parts = 1 if compression else -(-(size - first) // part)
    jobs = [
        Job(source, path, Checkpoint(first + number * part), parts - number, part)
        for number in range(1, parts)
    ]
    return [Job(source, path, begin, max(parts, 0), part, exact=first > 0), *jobs]


class Extent(NamedTuple):
    """The bytes of a part; ``end`` is None where it reaches to the end of the file."""

    begin: Checkpoint
    end: int | None


def extent(job: Job) -> Extent | None:
    """Where a part really begins and ends; None where it has no beginning of its own.

    Raises:
        SourceError: the file cannot be read.
    """
    begin = job.begin
    if begin.position and job.parts and not job.exact:
        found = _beginning(job.path, begin.position)
        if found is None:
            return None
        begin = Checkpoint(found)
    for number in range(1, job.parts):
        end = _beginning(job.path, job.begin.position + number * job.size)
        if end is not None:
            return Extent(begin, end)
    return Extent(begin, None)


def _beginning(path: str, nominal: int) -> int | None:
    """The first line behind two that are regular frames in a row, near a place."""
    with Path(path).open("rb") as file:
        file.seek(nominal)
        data = file.read(_SEARCH)
    previous = False
    start = data.find(b"\n") + 1
    while start:
        end = data.find(b"\n", start)
        if end < 0:
            return None
        regular = decode_strict(data[start:end].rstrip(b"\r")) is not None
        if regular and previous:
            return nominal + start
        previous = regular
        start = end + 1
    return None
