"""The child process that decodes for a capture, seen from the parent."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import alprviewer
from alprviewer.capture.cache import Cache, Found
from alprviewer.capture.capture import Capture, LookedUp
from alprviewer.core.checkpoint import START
from alprviewer.core.errors import SourceError
from alprviewer.sources.jobs import PART, Job, divide
from alprviewer.sources.messages import Arrived, Finished, Message, PartRead, receive
from alprviewer.sources.paths import SourceFile, expand

_QUEUE_MESSAGES = 32
"""Messages that wait in the parent before the pipe, and so the child, is held up."""


_MOST_CHILDREN = 8
"""Processes that read at the same time, however many processors there are."""
_CACHE = -1
"""Stands for the decoder's number where rows come from the cache."""


def decoder_command() -> list[str]:
    """How the child is started: a module of this program, or the frozen program itself with a hidden verb."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "decoder"]
    return [sys.executable, "-m", "alprviewer.sources.decoder"]


def program_command() -> list[str]:
    """How this program's command line is started."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "alprviewer"]


class _Child:
    """One decoding process, and a thread that takes its messages from the pipe to a bounded queue."""

    def __init__(self, number: int, jobs: Sequence[Job]) -> None:
        self.messages: queue.Queue[Message | None] = queue.Queue(_QUEUE_MESSAGES)
        self._cancelled = threading.Event()
        self._process = subprocess.Popen(
            decoder_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
        )
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps([number, jobs]).encode("ascii"))
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # the child is gone already; receive() says so
        self._thread = threading.Thread(target=self._receive, name=f"intake {number}", daemon=True)
        self._thread.start()

    def _receive(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        try:
            while not self._cancelled.is_set():
                message = receive(pipe)
                if message is None:
                    break
                self._put(message)
        finally:
            self._put(None)

    def _put(self, message: Message | None) -> None:
        while not self._cancelled.is_set():
            try:
                self.messages.put(message, timeout=0.1)
            except queue.Full:
                continue
            return

    def stop(self) -> None:
        """End the process. It only reads, so nothing is lost by not asking, and asking may go unheard."""
        self._cancelled.set()
        self._process.kill()

    def join(self) -> None:
        """Wait until the process and the thread are gone."""
        self._thread.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()


def _environment() -> dict[str, str]:
    """The child's environment: it finds this package, and keeps its memory instead of asking for it anew."""
    environment = dict(os.environ)
    package_parent = str(Path(alprviewer.__file__).parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (package_parent, environment.get("PYTHONPATH"))))
    # Arrays of megabytes come and go with every chunk. By default glibc gives their pages back each time, and
    # the kernel clears them again: measured, a third of the decoder's time.
    return environment | {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


class Intake:
    """Reads sources in child processes; their messages arrive in the order of the sources' bytes.

    A large file is divided into parts, which the processes take in turns. A full queue holds up its thread,
    then the pipe, then the process: memory stays flat.

    Args:
        files: numbers of sources and their paths.
        part: bytes of a part.
        cache: what it knows is not read again.
    """

    def __init__(
        self, files: Sequence[tuple[int, Path]], part: int = PART, cache: Cache | None = None
    ) -> None:
        self._children: list[_Child] = []
        self._started = 0
        self._failures: dict[int, str] = {}
        self._known: deque[tuple[int, Iterator[Message | LookedUp]]] = deque()
        jobs: list[Job] = []
        for number, path in files:
            found = cache.look_up(path) if cache is not None else None
            if found is not None:
                self._known.append((number, known_messages(number, found, is_first=number == 0)))
            if found is None or found.read_from is not None:
                begin = found.read_from if found is not None and found.read_from is not None else START
                jobs += divide(number, str(Path(path).absolute()), part, begin)
        self._start(jobs)

    def _start(self, jobs: list[Job]) -> None:
        self._jobs = jobs
        self._current = 0
        count = min(len(jobs), _processors(), _MOST_CHILDREN)
        self._children = [_Child(self._started + place, jobs[place::count]) for place in range(count)]
        self._started += count

    def next(self, timeout: float | None = 0) -> Message | LookedUp | None:
        """The next message.

        Args:
            timeout: seconds to wait; None waits for ever.

        Raises:
            queue.Empty: nothing has come yet.

        Returns:
            The message, or None where everything was read or a child has ended too early.
        """
        while self._known and (
            self._current == len(self._jobs) or self._known[0][0] <= self._jobs[self._current].source
        ):
            known = next(self._known[0][1], None)
            if known is not None:
                return known
            self._known.popleft()
        while self._current < len(self._jobs):
            messages = self._children[self._current % len(self._children)].messages
            message = messages.get_nowait() if timeout == 0 else messages.get(timeout=timeout)
            if not isinstance(message, PartRead):
                return message
            finished = self._end_part(message)
            if finished is not None:
                return finished
        return None

    def _end_part(self, part: PartRead) -> Finished | None:
        """Go on with the next part; a source is finished with its last one."""
        job = self._jobs[self._current]
        following = self._jobs[self._current + 1 :]
        self._current += 1
        if part.failure:
            self._failures.setdefault(part.source, part.failure)
        elif part.pending is not None:
            # A value reaches beyond the part, so what was read of the following parts may not count.
            self.close()
            others = [each for each in following if each.source != job.source]
            self._start([Job(job.source, job.path, part.pending), *others])
            return None
        if any(each.source == job.source for each in following[:1]):
            return None
        return Finished(part.source, self._failures.get(part.source, ""))

    def close(self) -> None:
        """End the children, wherever they are, and wait until they and their threads are gone."""
        for child in self._children:
            # One that has sent everything is about to end by itself.
            if self._current < len(self._jobs):
                child.stop()
        for child in self._children:
            child.join()
        self._children = []


def known_messages(source: int, found: Found, is_first: bool) -> Iterator[Message | LookedUp]:
    """What the cache knows of a source: all rows at once where they come first of all, else in batches."""
    block = found.block
    if block is None:
        yield LookedUp(source, found.fingerprint)
        return
    at_once = block if is_first else None
    yield LookedUp(source, found.fingerprint, block.facts, tuple(block.streams), at_once)
    if not is_first:
        for batch in block.batches():
            yield Arrived(source, batch, _CACHE)
    if found.read_from is None:
        yield Finished(source)


def follow(capture: Capture, intake: Intake) -> Iterator[Message | LookedUp]:
    """Apply messages until the child has ended; yields each after it was applied."""
    while True:
        message = intake.next(timeout=None)
        if message is None:
            capture.fail_unfinished("The process that reads files ended unexpectedly.")
            return
        capture.apply(message)
        yield message


def load(names: Sequence[str | SourceFile], cache: Cache | None = None) -> Capture:
    """Open sources and read them to their end (for the command line and for scripts).

    Raises:
        SourceError: a name stands for nothing, or none of the sources could be read at all.
    """
    capture = Capture()
    files = [(capture.add(file), file.path) for file in expand(names)]
    load_files(capture, files, cache)
    failures = [source.failure for source in capture.sources if source.failure]
    if failures and len(failures) == len(capture.sources):
        raise SourceError(failures[0])
    return capture


def load_files(capture: Capture, files: Sequence[tuple[int, Path]], cache: Cache | None = None) -> None:
    """Read sources of a capture to their end."""
    intake = Intake(files, cache=cache)
    try:
        for _ in follow(capture, intake):
            pass
    finally:
        intake.close()


__all__ = ["Intake", "SourceFile", "decoder_command", "follow", "load", "load_files"]
