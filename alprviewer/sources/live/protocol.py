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

from alprviewer.language import tr, trn
from alprviewer.sources.live.counters import Counters
from alprviewer.sources.live.limits import Backoff, Limits, Pace
from alprviewer.sources.spool.spool import Spool, SpoolError
from alprviewer.sources.spool.values import Feed, Hopeless, Parcel
from alprviewer.sources.spool.writer import Kept

T = TypeVar("T")

SLICE = 64 * 1024
"""Bytes that are framed at a time, so that all senders take turns."""
_INLINE_SECONDS = 0.003
"""What is expected to take longer to frame is framed beside the event loop, so that nobody waits for it."""
_FIRST_COST = 1e-6
_FORGET = 0.99
"""Seconds that framing a byte takes: expected at first, and how soon an expensive sender is forgotten."""
_FRAMING = 2
_RETRY_SECONDS = 0.5
_AHEAD_BYTES = 2 * 2**20
"""Bytes that may wait for the disk before a sender without acknowledgement has to wait."""


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
        self._values = Pace(self.limits.values_per_second, self.world.clock)
        self._cost = _FIRST_COST
        self._said = ""
        self._framing = asyncio.Semaphore(_FRAMING)
        self.pending = 0
        self.is_ending = False
        self._timers: set[asyncio.Timeout] = set()

    def end(self) -> None:
        """Have the source end: whatever it waits for from outside does not come any more."""
        if self.is_ending:
            return
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
        if reason != self._said:
            self.say(reason)
        self._said = self.counters.last_error = reason
        self.changed()

    def note(self, text: str) -> None:
        """Say that something works; a failure after that is news again."""
        self._said = ""
        self.say(text)

    async def keep_surely(self, parcel: Parcel) -> Kept:
        """Keep a parcel that the sender cannot be asked for again: tries until it works."""
        while True:
            try:
                return await self.keep(parcel)
            except SpoolError:
                try:
                    await self.pause(_RETRY_SECONDS)
                except Ended:
                    self.counters.missed += len(parcel.values)
                    self.failed(
                        trn(
                            "{count:,} value that had arrived could not be kept before the end; it is lost.",
                            "{count:,} values that had arrived could not be kept before the end; they are "
                            "lost.",
                            len(parcel.values),
                        )
                    )
                    raise

    async def frame(self, feed: Feed, data: bytes, *, final: bool = False) -> Parcel:
        """What a feed finds in the next bytes. What may take long is looked at beside the event loop.

        Raises:
            Hopeless: the sender is to be sent away.
        """
        before = feed.pending
        try:
            if (before + len(data)) * self._cost < _INLINE_SECONDS:
                parcel, spent = _take(feed, data, final)
            else:
                async with self._framing:
                    parcel, spent = await asyncio.to_thread(_take, feed, data, final)
        finally:
            self.pending += feed.pending - before
        self._cost = max(spent / (before + len(data) + 1), self._cost * _FORGET)
        if self.pending > self.limits.pending and feed.pending > SLICE and not parcel:
            raise Hopeless(tr("Too much waited for its end; a sender was sent away."), parcel)
        pause = self._values.take(len(parcel.values))
        if not parcel.values and not final and spent > _INLINE_SECONDS:
            # Looking for an end again and again costs; who brings none waits, so that others do not.
            pause = max(pause, 3 * spent)
        if pause > 0:
            await self.world.pause(pause)
        return parcel

    async def offer(self, message: bytes) -> list[asyncio.Future[Kept]]:
        """Queue what a message holds that is complete in itself; durable once all futures are done."""
        feed = Feed(max(self.limits.message, len(message)))
        futures = []
        place = 0
        while place < len(message):
            end = place + SLICE
            try:
                parcel = await self.frame(feed, message[place:end], final=end >= len(message))
            except Hopeless as error:
                # It is kept nevertheless: who sends messages is to be told that we have them.
                error.parcel.rejected.append(message[end:])
                parcel, end = error.parcel, len(message)
            if parcel:
                futures.append(self.keep(parcel))
            place = end
        return futures

    def finish(self, feed: Feed) -> Parcel:
        """The rest of a feed to which nothing is added any more."""
        self.pending -= feed.pending
        return feed.take(b"", final=True)


def _take(feed: Feed, data: bytes, final: bool) -> tuple[Parcel, float]:
    """What a feed finds, and the processor time that this took in seconds."""
    begun = time.thread_time()
    return feed.take(data, final=final), time.thread_time() - begun


class Keeper:
    """Keeps what one sender brings that cannot be asked for it again, while more of it is read."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._waiting = Parcel()
        self._task: asyncio.Task[None] | None = None

    async def take(self, feed: Feed, data: bytes, *, final: bool = False) -> None:
        """Frame bytes and keep what they hold; waits while too much is waiting for the disk.

        Raises:
            Hopeless: the sender is to be sent away.
        """
        for place in range(0, len(data), SLICE):
            try:
                is_last = final and place + SLICE >= len(data)
                piece = data[place : place + SLICE]
                self._put(await self._intake.frame(feed, piece, final=is_last))
            except Hopeless as error:
                self._put(error.parcel)
                raise
            while self._waiting.weight > _AHEAD_BYTES and self._task is not None:
                await asyncio.wait({self._task})

    async def end(self, feed: Feed) -> None:
        """Keep the rest of a feed, and wait until everything is durable."""
        self._put(self._intake.finish(feed))
        await self.done()

    async def done(self) -> None:
        """Wait until everything is durable."""
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
