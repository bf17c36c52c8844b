"""A capture: everything opened together, its sources, its columns and what is known of its cameras."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from alprviewer.core.batch import OWNERS
from alprviewer.core.checkpoint import START, Checkpoint
from alprviewer.core.errors import PROBLEM_KINDS
from alprviewer.core.frame import SIBLING_KINDS
from alprviewer.core.passes import PassRules
from alprviewer.sources.messages import (
    Arrived,
    Condition,
    Crashed,
    Finished,
    Grown,
    Message,
    Settled,
    Started,
    Turned,
    Watched,
)
from alprviewer.sources.paths import SourceFile
from alprviewer.store.block import TABLES, Block, Facts, Restart, restore
from alprviewer.store.columns import Change, Columns
from alprviewer.store.fingerprint import Fingerprint
from alprviewer.store.matchers import Handed
from alprviewer.store.tables import CodeMap

if TYPE_CHECKING:
    # Consensus takes a while to import, and indexing needs none.
    from alprviewer.store.passes import Passes


class LookedUp(NamedTuple):
    """What the index cache knows of a source; comes before anything else of it.

    Attributes:
        source: its number.
        fingerprint: the file before it was read.
        facts: what is known already; None where the file must be read from its beginning.
        streams: camera ids and names that go with the facts.
        block: rows that are there at once; None where there are none or they come in batches.
    """

    source: int
    fingerprint: Fingerprint
    facts: Facts | None = None
    streams: tuple[tuple[int, str], ...] = ()
    block: Block | None = None


@dataclass
class Source:
    """One file of a capture and how far it has been read.

    Attributes:
        name: as the user gave it.
        path: the file.
        size: bytes of the file when it was opened; 0 before.
        done: bytes of the file read so far.
        owned: bytes of the decompressed stream so far by owner.
        streams: camera ids and names that its heartbeats told.
        fingerprint: the file before it was read, where the index cache has asked.
        restart: the last place from which the file could be read on, rows counted in the whole store.
        cached: bytes of the file of which the rows came from the index cache.
        resume: where reading goes on if the file grows.
        tail: problems that count only as long as the file does not grow.
        waiting: bytes at the end that belong to a value that is still being written.
        condition: what has become of the file while it was open.
        identity: device and inode number of the file, once it is followed.
        finished: nothing more will come.
        failure: one sentence where it could not be read (to the end).
    """

    name: str
    path: Path
    size: int = 0
    done: int = 0
    compression: str = ""
    finished: bool = False
    failure: str = ""
    owned: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OWNERS, 0), repr=False)
    streams: dict[int, str] = field(default_factory=dict, repr=False)
    fingerprint: Fingerprint | None = field(default=None, repr=False)
    restart: Restart | None = field(default=None, repr=False)
    cached: int = 0
    resume: Checkpoint = START
    tail: range = field(default_factory=lambda: range(0), repr=False)
    waiting: int = 0
    condition: Condition = Condition.FINE
    identity: tuple[int, int] | None = None
    maps: dict[int, dict[str, CodeMap]] = field(default_factory=dict, repr=False)

    @property
    def bytes(self) -> int:
        """Bytes of the decompressed stream that have an owner so far."""
        return sum(self.owned.values())

    def expected_size(self) -> int:
        """Bytes that will be read: the opened size, else what the folder says now."""
        if self.size or self.finished:
            return self.size
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


class Capture:
    """Sources and columns. Messages of a decoder are applied in order; nothing here waits or reads.

    ``decided`` is handed in by who knows what reviewers decided: from ``reads`` or ``passes`` and a row to
    the cells that exports have of it. ``listed`` is handed in by who has the list of plates that somebody
    waits for: it gives the column of reads that queries may ask for.
    """

    def __init__(self) -> None:
        self.columns = Columns()
        self.sources: list[Source] = []
        self.camera_names: dict[int, str] = {}
        self.owned = dict.fromkeys(OWNERS, 0)
        self.passes: Passes | None = None
        self.decided: Callable[[str, int], dict[str, Any]] | None = None
        self.listed: Callable[[], Handed] | None = None

    def add(self, file: SourceFile) -> int:
        """Add a source that is going to be read. Returns its number."""
        self.sources.append(Source(file.name, file.path))
        return len(self.sources) - 1

    def apply(self, message: Message | LookedUp) -> Change:
        """Take in a decoder's message. Returns the rows that it added."""
        if isinstance(message, Crashed):
            raise RuntimeError(f"The decoder failed.\n{message.trace}")
        source = self.sources[message.source]
        if isinstance(message, Started):
            source.size, source.compression = message.size, message.compression
        elif isinstance(message, Finished):
            self._finish(source, message)
        elif isinstance(message, Grown):
            return self._grow(source, message)
        elif isinstance(message, Watched):
            source.identity = message.identity
        elif isinstance(message, Turned):
            source.condition = message.condition
        elif isinstance(message, Settled):
            self._settle(source, message)
        elif isinstance(message, Arrived):
            return self._add_rows(source, message)
        elif isinstance(message, LookedUp):
            return self._begin(source, message)
        return Change()

    def _add_rows(self, source: Source, message: Arrived) -> Change:
        batch = message.batch
        self._own(source, batch.owned, batch.streams)
        source.done = max(source.done, batch.done)
        maps = source.maps.get(message.decoder)
        if maps is None:
            if source.finished:
                # While a file is followed it has one decoder at a time.
                source.maps = {}
            maps = source.maps[message.decoder] = self.columns.code_maps()
        return self.columns.append(batch, message.source, maps)

    def _lengths(self) -> dict[str, int]:
        return {table: len(getattr(self.columns, table)) for table in TABLES}

    def _settle(self, source: Source, message: Settled) -> None:
        source.resume = message.checkpoint
        source.restart = Restart(message.checkpoint, self._lengths(), dict(source.owned))
        # Of what is read for the first time it is said as a problem.
        source.waiting = message.waiting if source.finished else 0

    def _finish(self, source: Source, message: Finished) -> None:
        source.finished, source.failure = True, message.failure
        source.done = source.size
        source.maps = {}
        restart, now = source.restart, self._lengths()
        if restart is None or any(
            restart.rows[table] < now[table] for table in TABLES if table != "problems"
        ):
            # Values were found behind a broken one that was given up at the end: they stay.
            source.resume = Checkpoint(source.bytes, line_start=False)
        else:
            source.tail = range(restart.rows["problems"], now["problems"])

    def _grow(self, source: Source, message: Grown) -> Change:
        """The file goes on: what counted only if nothing followed does not count any more."""
        source.size = message.size
        taken_back, source.tail = source.tail, range(0)
        if source.restart is not None and source.restart.checkpoint == source.resume:
            for owner, count in source.restart.owned.items():
                self.owned[owner] -= source.owned[owner] - count
            source.owned = dict(source.restart.owned)
        if not taken_back:
            return Change()
        for other in self.sources:
            if other.tail.start >= taken_back.stop:
                moved = len(taken_back)
                other.tail = range(other.tail.start - moved, other.tail.stop - moved)
        return self.columns.take_back(taken_back)

    def renew(self, number: int) -> int:
        """A source for what stands at the place of one that has ended. Returns its number."""
        ended = self.sources[number]
        return self.adopt(SourceFile(ended.name, ended.path))

    def adopt(self, file: SourceFile) -> int:
        """Add a source that is followed from its beginning. Returns its number."""
        self.sources.append(Source(file.name, file.path, finished=True))
        return len(self.sources) - 1

    def snapshot(self) -> Capture:
        """What is there now, and nothing that comes."""
        taken = copy.copy(self)
        taken.columns = self.columns.snapshot()
        taken.sources = [
            replace(source, owned=dict(source.owned), streams=dict(source.streams)) for source in self.sources
        ]
        return taken

    def _own(self, source: Source, owned: dict[str, int], streams: Iterable[tuple[int, str]]) -> None:
        for owner, count in owned.items():
            self.owned[owner] += count
            source.owned[owner] += count
        source.streams.update(streams)
        self.camera_names.update(streams)

    def _begin(self, source: Source, known: LookedUp) -> Change:
        """Take in what the index cache knows of a source."""
        source.fingerprint, source.size = known.fingerprint, known.fingerprint.size
        if known.facts is not None:
            source.compression = known.facts.compression
            source.cached = source.done = known.facts.size
            if known.facts.restart is not None:
                counts = {
                    table: count + known.facts.restart.rows[table] for table, count in self._lengths().items()
                }
                source.restart = msgspec.structs.replace(known.facts.restart, rows=counts)
                source.resume = source.restart.checkpoint
            self._own(source, known.facts.owned, known.streams)
        return restore(self.columns, known.block, known.source) if known.block is not None else Change()

    def find_passes(
        self,
        rules: PassRules,
        stopped: Callable[[], bool] = lambda: False,
        *,
        with_consensus: bool = True,
    ) -> Passes:
        """Find the passes of all reads that are there now, and keep them. May run in a thread of its own.

        Args:
            rules: when two reads may be of one vehicle.
            stopped: asked now and then.
            with_consensus: also what the reads of each pass say together, which takes longer.

        Raises:
            Cancelled: ``stopped`` said so; what was known before stays.
        """
        from alprviewer.store.passes import find

        self.passes = find(self.columns, rules, self.passes, stopped, with_consensus=with_consensus)
        return self.passes

    def fail_unfinished(self, reason: str) -> None:
        """Mark the sources that are not read to their end: cancelled, or the decoder is gone."""
        for source in self.sources:
            if not source.finished:
                source.finished, source.failure = True, source.failure or reason
                source.maps = {}

    @property
    def finished(self) -> bool:
        """True if nothing more will come."""
        return all(source.finished for source in self.sources)

    @property
    def progress(self) -> tuple[int, int]:
        """Bytes of the files read so far and in all."""
        return sum(s.done for s in self.sources), sum(s.expected_size() for s in self.sources)

    def sibling_counts(self) -> dict[str, int]:
        """How many siblings of each kind, by the words of ``SiblingKind``."""
        counts = np.bincount(self.columns.siblings.column("kind"), minlength=len(SIBLING_KINDS))
        return {kind.value: int(count) for kind, count in zip(SIBLING_KINDS, counts, strict=True)}

    def problem_counts(self) -> dict[str, int]:
        """How many problems of each kind that occurs."""
        counts = np.bincount(self.columns.problems.column("kind"), minlength=len(PROBLEM_KINDS))
        return {kind.value: int(count) for kind, count in zip(PROBLEM_KINDS, counts, strict=True) if count}
