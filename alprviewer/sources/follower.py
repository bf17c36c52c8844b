"""The child process that follows files while they are written, and says what becomes of them.

Nothing tells reliably of a change on a network mount, so the files are looked at again and again, and this
child does it: a mount that hangs holds up nobody else. What is new is read and decoded here too. It stands by
with little memory: what reads and decodes is imported when something has changed for the first time.

A file is known by its bytes: it is the same one, and has grown perhaps, while its beginning and the bytes
before the place where reading stopped are what they were. So a copy that is put in the file's place, with
something appended (rsync, an editor), is read on, and a file system that gives other inode numbers each time
does no harm.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import sys
import time
from io import BufferedReader
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from alprviewer.core.checkpoint import Checkpoint
from alprviewer.core.errors import SourceError
from alprviewer.sources.childprocess import run_child
from alprviewer.sources.heap import give_back_large_blocks
from alprviewer.sources.messages import Arrived, Condition, Grown, Settled, Turned, Watched, send

if TYPE_CHECKING:
    from alprviewer.sources.resultfile import PartReader

INTERVAL_S = 0.5
"""Seconds between two looks."""
_SHARE = 0.05
"""Share of the time that looking may take: many files or a slow mount are looked at less often."""
_MOST_OPEN = 200
"""Files that are held open, so that what is left of one can be read after it was renamed or deleted."""
_PROBE = 4096
"""Bytes at the beginning, and before the place where reading stopped, that tell a file from another one."""
_FEWEST = 8
"""Bytes from which the compression and the encoding of a new file can be told."""


_FIRST_DECODER = -2
"""The number of a source's first decoder here; those of the children that read it before are not negative."""


class Task(NamedTuple):
    """A file to follow.

    Attributes:
        source: number of the source in the capture.
        path: the file.
        done: bytes of the file itself that were read.
        checkpoint: where reading goes on.
    """

    source: int
    path: str
    done: int
    checkpoint: Checkpoint


class _Seen(NamedTuple):
    device: int
    inode: int
    size: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> _Seen:
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    @property
    def identity(self) -> tuple[int, int]:
        return self.device, self.inode


class _Followed:
    """One file, as long as it is that file."""

    def __init__(self, pipe: IO[bytes], task: Task) -> None:
        self._pipe = pipe
        self._task = task
        self._path = Path(task.path)
        self._decoder = _FIRST_DECODER
        self._checkpoint = task.checkpoint
        self._done = task.done
        self._file: BufferedReader | None = None
        self._reader: PartReader | None = None
        self._last: tuple[PartReader, int] | None = None
        self._seen: _Seen | None = None
        self._probe = b""
        self._said = ""
        self.reading = 0.0
        """Seconds that reading has taken which was not made necessary by looking."""
        self.ended = False

    def look(self, *, hold: bool) -> None:
        """See whether the file has changed and read what is new; keep it open if ``hold`` says so."""
        try:
            condition = self._look()
        except (OSError, SourceError):
            self.close()
            condition = "unreachable"
        if not self.ended:
            self._say(condition)
        if not hold:
            self.close()

    def _look(self) -> str:
        try:
            now = _Seen.of(self._path.stat())
        except FileNotFoundError:
            self._read_rest()
            return "deleted"
        if now != self._seen:
            self._take(now)
        return ""

    @property
    def is_open(self) -> bool:
        """True while the file is held open."""
        return self._file is not None

    def _take(self, now: _Seen) -> None:
        """The file is another one, or has another size or time, or is seen for the first time."""
        other = self._seen is not None and now.identity != self._seen.identity
        if other:
            self._read_rest()
            self.close()
        if self._file is None:
            self._file = self._path.open("rb")
            now = _Seen.of(os.fstat(self._file.fileno()))
        if self._seen is None:
            self._probe = _probe(self._file, min(self._done, now.size))
            self._tell_identity(now)
        if now.size < self._done or _probe(self._file, self._done) != self._probe:
            self._end("replaced" if other else "truncated" if now.size < self._done else "rewritten")
            return
        if other:
            self._tell_identity(now)
        if now.size > self._done and now.size >= _FEWEST:
            self._read()
            now = now._replace(size=self._done)
        self._seen = now

    def _tell_identity(self, now: _Seen) -> None:
        send(self._pipe, Watched(self._task.source, now.identity))

    def _read(self) -> None:
        """Read what was appended."""
        assert self._file is not None
        source = self._task.source
        size = os.fstat(self._file.fileno()).st_size
        send(self._pipe, Grown(source, size))
        begun = time.monotonic()
        reader = self._reader = self._reader or self._make_reader()
        try:
            for batch in reader.batches():
                if any(batch.owned.values()):
                    send(self._pipe, Arrived(source, batch, self._decoder))
        finally:
            # What has been sent is never sent again, even if reading failed behind it.
            self._checkpoint = reader.checkpoint
        send(self._pipe, Settled(source, reader.checkpoint, reader.waiting))
        if reader.stream.compression:
            self._done = size
            if reader.stream.damage and not reader.stream.is_cut:
                self._end("damaged")
                return
            # A decoder does not go on behind an end: next time the file is decompressed anew up to here.
            self._forget_reader()
        else:
            self._done = reader.stream.position
            self.reading += time.monotonic() - begun
        if self._file is not None:
            self._probe = _probe(self._file, self._done)

    def _make_reader(self) -> PartReader:
        from alprviewer.core.builder import BatchBuilder
        from alprviewer.sources.bytestream import ByteStream
        from alprviewer.sources.resultfile import PartReader

        assert self._file is not None
        self._file.seek(0)
        return PartReader(ByteStream(self._path, self._file), BatchBuilder(), self._checkpoint)

    def _forget_reader(self) -> None:
        """Another one will have codes of its own. The last one knows how the file ends."""
        if self._reader is not None:
            self._last = self._reader, self._decoder
            self._reader = None
            self._decoder -= 1

    def _read_rest(self) -> None:
        """Of a file that is no longer at its place: what was written to it meanwhile."""
        if self._file is not None and os.fstat(self._file.fileno()).st_size > max(self._done, _FEWEST - 1):
            self._read()

    def _end(self, how: str) -> None:
        """The file is not what it was, or no more of it can be read: this source has ended."""
        self.close()
        if how in ("replaced", "damaged") and self._last is not None:
            reader, decoder = self._last
            for batch in reader.tail():
                send(self._pipe, Arrived(self._task.source, batch, decoder))
        self.ended = True
        self._say(how)

    def _say(self, condition: str) -> None:
        if condition != self._said:
            self._said = condition
            send(self._pipe, Turned(self._task.source, Condition(condition)))

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._forget_reader()


def _probe(file: BufferedReader, done: int) -> bytes:
    """What tells whether the first ``done`` bytes of a file are still the same."""
    number = file.fileno()
    begin = max(done - _PROBE, 0)
    parts = os.pread(number, min(_PROBE, done), 0), os.pread(number, done - begin, begin)
    return hashlib.blake2b(b"".join(parts), digest_size=16).digest()


class _Follower:
    """Looks at all files in turn."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._files: list[_Followed] = []

    def add(self, words: list[Any]) -> None:
        """Follow a file from now on: a ``Task`` as JSON brings it."""
        source, path, done, checkpoint = words
        self._files.append(_Followed(self._pipe, Task(source, path, done, Checkpoint(*checkpoint))))

    def look(self) -> float:
        """Look at every file once. Returns for how many seconds looking may rest then."""
        begun = time.monotonic()
        opened = sum(file.is_open for file in self._files)
        for file in self._files:
            was_open = file.is_open
            file.look(hold=was_open or opened < _MOST_OPEN)
            opened += file.is_open - was_open
        looking = time.monotonic() - begun - sum(file.reading for file in self._files)
        for file in self._files:
            file.reading = 0.0
        self._files = [file for file in self._files if not file.ended]
        return max(INTERVAL_S, looking / _SHARE)


def work(pipe: IO[bytes]) -> None:
    """Look, rest, and take orders, until standard input ends.

    An order is one line: a task in JSON, or nothing, which means to look now.
    """
    # It stands by for hours. A child that reads and ends keeps its memory: chunk after chunk needs it again.
    give_back_large_blocks()
    follower = _Follower(pipe)
    number = sys.stdin.fileno()
    pending = b""
    until = 0.0
    while True:
        if time.monotonic() >= until:
            until = time.monotonic() + follower.look()
        readable, _, _ = select.select([number], [], [], max(until - time.monotonic(), 0))
        if not readable:
            continue
        data = os.read(number, 1 << 16)
        if not data:
            return
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            if line:
                follower.add(json.loads(line))
            until = 0.0


if __name__ == "__main__":
    raise SystemExit(run_child(work))
