"""The files of a spool: how they are named, written, made durable, and put in order after a crash.

Three files have one name, but for their ends:

- ``NAME.jsonl``: one value a line, as any result file;
- ``NAME.jsonl.received``: for each line the SHA-256 of the bytes received, its offset and its length;
- ``NAME.jsonl.rejected``: what could not be framed, each piece followed by a line feed.

The name is that of the source and the time at which the file was begun, so names sort by time.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

from alprviewer.sources.spool.values import Value

SUFFIX = ".jsonl"
RECEIVED = ".received"
REJECTED = ".rejected"

_STAMP = "%Y-%m-%dT%H%M%S"
_SPOOL_FILE = re.compile(r"(?P<source>.+)_(?P<stamp>\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z)(?:-\d+)?\.jsonl")
_NOTE = re.compile(rb"([0-9a-f]{64}) (\d{1,19}) (\d{1,19})\n")

_LONGEST_NOTE = 256

Sync = Callable[[int], None]
"""Makes what was written to a file descriptor durable; ``os.fsync``."""


class Note(NamedTuple):
    """What is noted of a line: the digest of what was received, and where the line stands."""

    digest: bytes
    offset: int
    length: int

    def text(self) -> bytes:
        """As it is written."""
        return b"%b %d %d\n" % (self.digest.hex().encode(), self.offset, self.length)


def spool_files(folder: Path, source: str = "") -> list[Path]:
    """The spool files of a folder, oldest first; of one source only where it is named."""
    found = []
    for path in folder.glob(f"*{SUFFIX}"):
        match = _SPOOL_FILE.fullmatch(path.name)
        if match is not None and source in ("", match["source"]):
            found.append((path.name[match.end("source") :], path))
    return [path for _, path in sorted(found)]


def stamp(moment: datetime) -> str:
    """A time as it stands in the names of spool files; stamps sort as their times do."""
    return f"{moment:{_STAMP}}.{moment.microsecond // 1000:03d}Z"


def begun_at(path: Path) -> str:
    """The stamp of a spool file; empty for any other file."""
    match = _SPOOL_FILE.fullmatch(path.name)
    return match["stamp"] if match is not None else ""


def recent_files(folder: Path, source: str, since: str, before: int) -> list[Path]:
    """The newest spool files of a source, oldest first.

    Args:
        folder: of the spool.
        source: the name that the files begin with.
        since: stamp; files begun from then on are all among them.
        before: bytes of older files, about: the one that reaches beyond is given whole.
    """
    found: list[Path] = []
    for path in reversed(spool_files(folder, source)):
        match = _SPOOL_FILE.fullmatch(path.name)
        if match is not None and match["stamp"] < since:
            if before <= 0:
                break
            with contextlib.suppress(OSError):
                before -= path.stat().st_size
        found.append(path)
    return found[::-1]


def companions(path: Path) -> tuple[Path, Path]:
    """The files with the digests and with what was rejected."""
    return path.with_name(path.name + RECEIVED), path.with_name(path.name + REJECTED)


def read_notes(path: Path) -> Iterator[Note]:
    """The notes of a spool file; nothing behind one that is damaged."""
    with contextlib.suppress(OSError), companions(path)[0].open("rb") as file:
        for line in file:
            match = _NOTE.fullmatch(line)
            if match is None:
                return
            yield Note(bytes.fromhex(match[1].decode()), int(match[2]), int(match[3]))


def lock(descriptor: int) -> bool:
    """Claim a file as the one who writes it, until it is closed; False if somebody else does."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class SpoolFile:
    """One file being written, with its companions. Not for several threads at once.

    Args:
        folder: where; it must exist.
        source: the name that the file begins with (``slug``).
        now: the time that it is named after.
        sync: makes written bytes durable.
    """

    def __init__(self, folder: Path, source: str, now: datetime, sync: Sync = os.fsync) -> None:
        stem = f"{source}_{stamp(now)}"
        self.begun = now
        self.size = 0
        self._sync = sync
        self._sizes = {SUFFIX: 0, RECEIVED: 0, REJECTED: 0}
        self._open: dict[str, int] = {}
        self.path, self._open[SUFFIX] = _create(folder, stem)
        lock(self._open[SUFFIX])
        try:
            self._add(RECEIVED)
        except OSError:
            self.close()
            raise

    def _add(self, which: str) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self._open[which] = os.open(self.path.with_name(self.path.name + which), flags, 0o600)
        _sync_folder(self.path.parent, self._sync)
        return self._open[which]

    @property
    def is_gone(self) -> bool:
        """True if somebody deleted the file while it was being written."""
        return os.fstat(self._open[SUFFIX]).st_nlink == 0

    def write(self, values: Sequence[Value], rejected: Sequence[bytes]) -> None:
        """Append and make durable: all of it, or nothing.

        The notes of lines that stand as they were received can be made again from them, and wait for the
        system to write them.

        Raises:
            OSError: nothing was kept, and the file takes no more: it is to be closed.
        """
        texts = {
            SUFFIX: b"\n".join((*(value.line for value in values), b"")),
            RECEIVED: self._notes(values),
            REJECTED: b"\n".join((*rejected, b"")),
        }
        waits = set() if any(value.is_changed for value in values) else {RECEIVED}
        try:
            for which, text in texts.items():
                if text:
                    _write_all(self._open[which] if which in self._open else self._add(which), text)
            for which, text in texts.items():
                if text and which not in waits:
                    self._sync(self._open[which])
        except OSError:
            self._take_back()
            raise
        for which, text in texts.items():
            self._sizes[which] += len(text)
        self.size = self._sizes[SUFFIX]

    def _notes(self, values: Sequence[Value]) -> bytes:
        place = self.size
        notes = []
        for value in values:
            notes.append(Note(value.digest, place, len(value.line)).text())
            place += len(value.line) + 1
        return b"".join(notes)

    def _take_back(self) -> None:
        """Leave only what was durable before."""
        for which, descriptor in self._open.items():
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, self._sizes[which])

    def close(self) -> None:
        """Close it, and remove it if nothing is in it."""
        is_empty = not any(self._sizes.values())
        for which in (REJECTED, RECEIVED, SUFFIX):
            descriptor = self._open.pop(which, None)
            if descriptor is not None:
                with contextlib.suppress(OSError):
                    self._sync(descriptor)
                if is_empty:
                    name = self.path if which == SUFFIX else self.path.with_name(self.path.name + which)
                    name.unlink(missing_ok=True)
                os.close(descriptor)


def _create(folder: Path, stem: str) -> tuple[Path, int]:
    """A file that was not there before; a number is added where the name is taken."""
    number = 1
    while True:
        path = folder / f"{stem}{f'-{number}' if number > 1 else ''}{SUFFIX}"
        try:
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        except FileExistsError:
            number += 1


def _write_all(descriptor: int, text: bytes) -> None:
    view = memoryview(text)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(folder: Path, sync: Sync) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def put_in_order(path: Path) -> None:
    """Bring a file that a crash left into order; one that somebody writes is left alone.

    A line that was not written to its end was never acknowledged: it goes to the rejected. Whole lines
    without a note get one.
    """
    received, rejected = companions(path)
    with path.open("r+b") as file:
        size = path.stat().st_size
        if not lock(file.fileno()) or _last_noted(received) == size:
            return
        notes = [note for note in read_notes(path) if note.offset + note.length < size]
        place = notes[-1].offset + notes[-1].length + 1 if notes else 0
        file.seek(place)
        torn = b""
        for line in file:
            if not line.endswith(b"\n"):
                torn = line
                break
            notes.append(Note(hashlib.sha256(line[:-1]).digest(), place, len(line) - 1))
            place += len(line)
        if torn:
            with rejected.open("ab") as rest:
                _write_durably(rest, torn + b"\n")
        fresh = received.with_name(received.name + ".new")
        with fresh.open("wb") as out:
            _write_durably(out, b"".join(note.text() for note in notes))
        fresh.replace(received)
        file.truncate(place)
        os.fsync(file.fileno())
        _sync_folder(path.parent, os.fsync)


def _write_durably(file: IO[bytes], text: bytes) -> None:
    file.write(text)
    file.flush()
    os.fsync(file.fileno())


def _last_noted(received: Path) -> int:
    """The first byte behind the last line that is noted; -1 where the notes end in the middle of one."""
    try:
        with received.open("rb") as file:
            file.seek(max(received.stat().st_size - _LONGEST_NOTE, 0))
            tail = file.read()
    except OSError:
        return -1
    if not tail:
        return 0
    match = _NOTE.fullmatch(tail[tail.rfind(b"\n", 0, -1) + 1 :])
    return int(match[2]) + int(match[3]) + 1 if match else -1
