"""What a live source is, and what it is given.

A source receives, and hands everything it received to its ``Intake``. What the intake has kept is durable:
only then may a source acknowledge. A source knows its transport and nothing else; files, counters, limits and
clocks are the intake's.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from alprviewer.sources.live.limits import Backoff, Limits, Pace
from alprviewer.sources.spool.spool import Spool, SpoolError
from alprviewer.sources.spool.values import Feed, Parcel, TooLarge, whole
from alprviewer.sources.spool.writer import Kept

T = TypeVar("T")

_INLINE_BYTES = 64 * 1024
"""Bytes that are framed at once; more are framed beside the event loop, so that nobody waits for them."""
_RETRY_SECONDS = 0.5
_AHEAD_BYTES = 2 * 2**20
"""Bytes that may wait for the disk before a sender without acknowledgement has to wait."""
_COSTLY_SECONDS = 0.005


@dataclass
class Counters:
    """What a source did so far, and how it is.

    Attributes:
        state: one word or two for a person.
        received_bytes: as they came, before decompression.
        values, frames, spooled_bytes: kept.
        duplicates: values that had been kept before.
        rejected: pieces that could not be framed.
        unknown: values kept that hold nothing that the program shows.
        acknowledged: messages that the sender was told are safe.
        refused: messages that were turned away, and connections that were cut for what they did.
        missed: known to have existed and gone before they could be looked at.
        connections: open now.
        made: connections that were made, all in all.
        last_error: one sentence.
        last_at: when the last value was kept, seconds since 1970; 0 if there was none.
    """

    state: str = "starting"
    received_bytes: int = 0
    values: int = 0
    frames: int = 0
    spooled_bytes: int = 0
    duplicates: int = 0
    rejected: int = 0
    unknown: int = 0
    acknowledged: int = 0
    refused: int = 0
    missed: int = 0
    connections: int = 0
    made: int = 0
    last_error: str = ""
    last_at: float = 0.0

    def add(self, kept: Kept) -> None:
        """Count what was kept."""
        self.values += kept.values
        self.frames += kept.frames
        self.spooled_bytes += kept.bytes
        self.duplicates += kept.duplicates
        self.rejected += kept.rejected
        self.unknown += kept.unknown


@dataclass
class World:
    """What tests set differently: clocks, chance, waiting."""

    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep


class Ended(Exception):
    """Receiving is to end: a source finishes what it has begun, and returns."""


@dataclass
class Intake:
    """Where a source hands over what it received.

    Attributes:
        token: the secret that a sender must show, or that is shown to a server; empty: none.
        changed: called after anything was counted.
        say: tells the person one sentence.
    """

    spool: Spool
    limits: Limits = field(default_factory=Limits)
    token: str = ""
    counters: Counters = field(default_factory=Counters)
    changed: Callable[[], None] = lambda: None
    say: Callable[[str], None] = lambda _text: None
    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self._pace = Pace(self.limits.bytes_per_second, self.world.clock)
        self.pending = 0
        self.is_ending = False
        self._timers: set[asyncio.Timeout] = set()

    def end(self) -> None:
        """Have the source end: whatever it waits for from outside does not come any more."""
        self.is_ending = True
        for timer in self._timers:
            timer.reschedule(asyncio.get_running_loop().time())

    async def wait(self, awaitable: Awaitable[T], seconds: float | None = None) -> T:
        """Wait for something from outside.

        Raises:
            Ended: receiving ends; what was there already is given nevertheless.
            TimeoutError: it did not come in time.
        """
        try:
            async with asyncio.timeout(0 if self.is_ending else seconds) as timer:
                self._timers.add(timer)
                try:
                    return await awaitable
                finally:
                    self._timers.discard(timer)
        except TimeoutError:
            if self.is_ending:
                raise Ended from None
            raise

    async def pause(self, seconds: float) -> None:
        """Wait, but not longer than receiving goes on."""
        await self.wait(self.world.pause(seconds))

    def backoff(self) -> Backoff:
        """Pauses between attempts to connect."""
        return Backoff(self.world.chance)

    async def came(self, size: int) -> None:
        """Bytes came; waits where they come too fast."""
        self.counters.received_bytes += size
        wait = self._pace.take(size)
        if wait > 0:
            await self.world.pause(wait)

    def keep(self, parcel: Parcel) -> asyncio.Future[Kept]:
        """Queue a parcel; the future is done once it is durable, and has failed if it could not be."""
        future = self.spool.keep(parcel)
        future.add_done_callback(self._count)
        return future

    def _count(self, future: asyncio.Future[Kept]) -> None:
        if future.cancelled():
            return
        error = future.exception()
        if error is not None:
            self.failed(str(error))
            return
        kept = future.result()
        self.counters.add(kept)
        if kept.values:
            self.counters.last_at = self.world.now()
        self.changed()

    def failed(self, reason: str) -> None:
        """Note what went wrong, and say it once."""
        if reason != self.counters.last_error:
            self.say(reason)
        self.counters.last_error = reason
        self.changed()

    async def keep_surely(self, parcel: Parcel) -> Kept:
        """Keep a parcel that the sender cannot be asked for again: tries until it works."""
        while True:
            try:
                return await self.keep(parcel)
            except SpoolError:
                await self.pause(_RETRY_SECONDS)

    async def frame(self, feed: Feed, data: bytes, *, final: bool = False) -> Parcel:
        """What a feed finds in the next bytes; large amounts are looked at beside the event loop.

        Raises:
            TooLarge: the sender is to be sent away.
        """
        before = feed.pending
        begun = self.world.clock()
        try:
            if before + len(data) <= _INLINE_BYTES:
                parcel = feed.take(data, final=final)
            else:
                parcel = await asyncio.to_thread(feed.take, data, final=final)
        finally:
            self.pending += feed.pending - before
        spent = self.world.clock() - begun
        if self.pending > self.limits.pending and feed.pending > _INLINE_BYTES and not parcel:
            raise TooLarge(parcel)
        if not parcel and not final and spent > _COSTLY_SECONDS:
            # Looking for an end again and again costs; who brings none waits, so that others do not.
            await self.world.pause(3 * spent)
        return parcel

    async def whole(self, message: bytes) -> Parcel:
        """What a message holds that is complete in itself."""
        if len(message) <= _INLINE_BYTES:
            return whole(message)
        return await asyncio.to_thread(whole, message)

    def finish(self, feed: Feed) -> Parcel:
        """The rest of a feed to which nothing is added any more."""
        self.pending -= feed.pending
        return feed.take(b"", final=True)


class Keeper:
    """Keeps what one sender brings that cannot be asked for it again, while more of it is read."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._waiting = Parcel()
        self._task: asyncio.Task[None] | None = None

    async def take(self, feed: Feed, data: bytes) -> None:
        """Frame bytes and keep what they hold; waits while too much is waiting for the disk.

        Raises:
            TooLarge: the sender is to be sent away.
        """
        try:
            self._put(await self._intake.frame(feed, data))
        except TooLarge as error:
            self._put(error.parcel)
            raise
        while self._waiting.size > _AHEAD_BYTES and self._task is not None:
            await asyncio.wait({self._task})

    async def end(self, feed: Feed) -> None:
        """Keep the rest of a feed, and wait until everything is durable."""
        self._put(self._intake.finish(feed))
        if self._task is not None:
            await self._task

    def _put(self, parcel: Parcel) -> None:
        if parcel:
            self._waiting.add(parcel)
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._waiting:
            parcel, self._waiting = self._waiting, Parcel()
            await self._intake.keep_surely(parcel)


class Source(Protocol):
    """Receives until its intake ends; returns before that only where the input has an end."""

    async def run(self, intake: Intake) -> None:
        """Receive.

        Raises:
            Ended: receiving was to end, and everything is finished.
            UserError: it cannot even begin; for a connection that fails, it tries again.
        """
        ...
