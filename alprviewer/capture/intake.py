"""The child processes that decode for a capture, seen from the parent."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from alprviewer.capture.cache import Cache, Found
from alprviewer.capture.capture import Capture, LookedUp
from alprviewer.capture.child import Child
from alprviewer.core.checkpoint import START
from alprviewer.core.errors import SourceError
from alprviewer.core.threads import processors
from alprviewer.language import tr
from alprviewer.sources.heap import give_back_large_blocks
from alprviewer.sources.jobs import PART, Job, divide
from alprviewer.sources.messages import Arrived, Finished, Message, PartRead
from alprviewer.sources.paths import SourceFile, expand

_MOST_CHILDREN = 8
"""Processes that read at the same time, however many processors there are."""
_CACHE = -1
"""Stands for the decoder's number where rows come from the cache."""


class Plan(NamedTuple):
    """What has to be done to read some files: what the cache knows of them, and the jobs for the rest."""

    known: list[tuple[int, Found]]
    jobs: list[Job]


def plan(files: Iterable[tuple[int, Path]], part: int = PART, cache: Cache | None = None) -> Plan:
    """Look at files before they are read; this may take long where there are many, or a disk is slow.

    Args:
        files: numbers of sources and their paths.
        part: bytes of a part.
        cache: what it knows is not read again.
    """
    made = Plan([], [])
    for number, path in files:
        found = cache.look_up(path) if cache is not None else None
        if found is not None:
            made.known.append((number, found))
        begin = START if found is None else found.read_from
        if begin is not None:
            made.jobs.extend(divide(number, str(Path(path).absolute()), part, begin))
    return made


class Intake:
    """Reads sources in child processes; their messages arrive in the order of the sources' bytes.

    A large file is divided into parts, which the processes take in turns. A full queue holds up its thread,
    then the pipe, then the process: memory stays flat.
    """

    def __init__(self, plan: Plan) -> None:
        give_back_large_blocks()
        self._children: list[Child] = []
        self._started = 0
        self._failures: dict[int, str] = {}
        self._known: deque[tuple[int, Iterator[Message | LookedUp]]] = deque(
            (number, known_messages(number, found, is_first=number == 0)) for number, found in plan.known
        )
        self._start(plan.jobs)

    def _start(self, jobs: list[Job]) -> None:
        self._jobs = jobs
        self._current = 0
        count = min(len(jobs), processors(), _MOST_CHILDREN)
        self._children = [self._child(self._started + place, jobs[place::count]) for place in range(count)]
        self._started += count

    @staticmethod
    def _child(number: int, jobs: Sequence[Job]) -> Child:
        return Child("decoder", json.dumps([number, jobs]).encode("ascii"))

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
            message: Message | None = messages.get_nowait() if timeout == 0 else messages.get(timeout=timeout)
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
            capture.fail_unfinished(tr("The process that reads files ended unexpectedly."))
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
    intake = Intake(plan(files, cache=cache))
    try:
        for _ in follow(capture, intake):
            pass
    finally:
        intake.close()


__all__ = ["Intake", "Plan", "SourceFile", "follow", "load", "load_files", "plan"]
