"""Receives from any number of sources into one folder, until it is told to end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from alprviewer.sources.live.counters import Counters
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.limits import Limits, Pace
from alprviewer.sources.live.protocol import Ended, Intake, World
from alprviewer.sources.live.sources import Tls, make_source
from alprviewer.sources.spool.spool import Spool
from alprviewer.sources.spool.writer import SpoolOptions, SpoolWriter

_SENTENCES_A_SECOND = 5.0


@dataclass(frozen=True)
class Order:
    """What to receive.

    Attributes:
        endpoints: the sources.
        folder: where the spool files go.
        token: the secret of sources that know one.
        seconds: to receive for; None without end.
        frames: after which it is enough; None without end.
        report_every: seconds between two reports.
    """

    endpoints: Sequence[Endpoint]
    folder: Path
    token: str = ""
    tls: Tls = field(default_factory=Tls)
    seconds: float | None = None
    frames: int | None = None
    report_every: float = 10.0
    limits: Limits = field(default_factory=Limits)
    spool: SpoolOptions = field(default_factory=SpoolOptions)
    world: World = field(default_factory=World)


Report = Callable[[Sequence[tuple[Endpoint, Counters]]], None]
"""Told every now and then, and at the end, how the sources are."""


class Recorder:
    """Runs the sources of an order.

    Args:
        order: what to receive.
        say: told one sentence at a time.
        report: told the counters.
    """

    def __init__(self, order: Order, say: Callable[[str], None], report: Report) -> None:
        self._order = order
        self._say = say
        self._report = report
        self._pace = Pace(_SENTENCES_A_SECOND, order.world.clock)
        self._intakes: list[Intake] = []
        self._sources = [make_source(endpoint, order.tls) for endpoint in order.endpoints]

    @property
    def counters(self) -> list[tuple[Endpoint, Counters]]:
        """Each source with its counters."""
        return [
            (endpoint, intake.counters)
            for endpoint, intake in zip(self._order.endpoints, self._intakes, strict=True)
        ]

    def end(self) -> None:
        """Have everything end: what has begun is finished and what waits is kept."""
        for intake in self._intakes:
            intake.end()

    async def run(self) -> None:
        """Receive until all sources have ended.

        Raises:
            UserError: a source or the folder cannot be used at all.
        """
        order = self._order
        writers = [SpoolWriter(order.folder, each.name, order.spool) for each in order.endpoints]
        async with AsyncExitStack() as stack:
            for writer in writers:
                spool = await stack.enter_async_context(Spool(writer))
                self._intakes.append(
                    Intake(
                        spool,
                        order.limits,
                        order.token,
                        changed=self._look,
                        say=self._tell,
                        world=order.world,
                    )
                )
            await self._run_sources()
        self._report(self.counters)

    async def _run_sources(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end)
        timer = None if self._order.seconds is None else loop.call_later(self._order.seconds, self.end)
        reporting = asyncio.create_task(self._report_now_and_then())
        try:
            async with asyncio.TaskGroup() as group:
                for source, intake in zip(self._sources, self._intakes, strict=True):
                    group.create_task(_until_ended(source.run(intake)))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            reporting.cancel()
            if timer is not None:
                timer.cancel()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    async def _report_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(self._order.report_every)
            self._report(self.counters)

    def _look(self) -> None:
        """After every change: is it enough?"""
        wanted = self._order.frames
        if wanted is not None and sum(each.counters.frames for each in self._intakes) >= wanted:
            self.end()

    def _tell(self, text: str) -> None:
        # A hostile sender must not be able to flood the log.
        if self._pace.take(1) < 1.0:
            self._say(text)


async def _until_ended(run: Awaitable[None]) -> None:
    with suppress(Ended):
        await run
