"""``beanstalkd://…``: looks at the jobs of a queue without taking any.

A job is never reserved, so the agent's real consumer gets every one. The server gives jobs ascending ids and
can be asked for each of them; how many were put into a tube it tells too. So it is known how many jobs were
taken away before we looked at them: those that were put and that we did not see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from alprviewer.language import tr
from alprviewer.sources.beanstalkd import Beanstalkd, statistics
from alprviewer.sources.live.beanstalk import ANSWER_SECONDS, connect
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.protocol import Intake, Keeper
from alprviewer.sources.live.streams import keep_connected
from alprviewer.sources.spool.values import Feed

_LOOK_SECONDS = 0.02
_WALK_IDS = 500
"""Ids that are asked for at a time."""
_PEEK_JOBS = 8
"""Bodies that are asked for at a time."""
_MARGIN = 32
"""Ids around the newest one that are asked for again: jobs are not ready in the order of their ids."""
_FARTHEST = 5_000_000
"""Ids before the newest one that are searched for jobs when observing begins."""
_STATES = ("ready", "reserved", "delayed", "buried")


class Observer:
    """Looks at jobs without taking them."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._next = 0
        """The first id that may still bring a job; 0 before anything was looked at."""
        self._margin = _MARGIN
        self._drift = 0
        """How far ids run ahead of the server's count of jobs: a put that failed has used one up."""
        self._looked: set[int] = set()
        """Ids from ``_next`` on whose jobs were kept."""
        self._accounted = 0
        """Jobs that were put into the tube and are known about: kept, missed, or of before."""

    async def run(self, intake: Intake) -> None:
        """Receive until it ends."""
        await keep_connected(self._endpoint, intake, self._session)

    async def _session(self, intake: Intake, worked: Callable[[], None]) -> None:
        server = await connect(self._endpoint, intake)
        try:
            await intake.wait(self._begin(server, intake))
            while True:
                if await intake.wait(self._look(server, intake), ANSWER_SECONDS):
                    worked()
                else:
                    await intake.pause(_LOOK_SECONDS)
        finally:
            intake.counters.connections -= 1
            server.close()

    async def _tube(self, server: Beanstalkd) -> dict[str, str]:
        return await server.numbers(f"stats-tube {self._endpoint.path}")

    async def _begin(self, server: Beanstalkd, intake: Intake) -> None:
        """Keep the jobs that are there, unless this goes on with a server that was looked at before."""
        # A tube that nobody uses vanishes with its last job, and its counts begin anew.
        await server.asked(f"use {self._endpoint.path}")
        newest = int((await server.numbers("stats")).get("total-jobs", 0))
        tube = await self._tube(server)
        created = int(tube.get("total-jobs", 0))
        if self._next == 0 or created < self._accounted:  # a server that was started anew counts anew
            waiting = sum(int(tube.get(f"current-jobs-{state}", 0)) for state in _STATES)
            ids = await self._waiting(server, newest, waiting)
            self._drift = max([0, *(number - newest for number in ids)])
            self._next = max(newest + self._drift + 1 - _MARGIN, 1)
            self._looked = set(ids)
            self._accounted = created + max(await self._keep(server, intake, ids) - waiting, 0)
        intake.counters.state = "observing"
        intake.changed()

    async def _waiting(self, server: Beanstalkd, newest: int, enough: int) -> list[int]:
        """The ids of the jobs in the tube, of which there should be so many."""
        heads = [await server.asked(f"peek-{state}") for state in ("ready", "delayed", "buried")]
        known = [head.number for head in heads if head.word == "FOUND"]
        first, top = min(known, default=1), max([newest, *known])
        found: list[int] = []
        while True:  # ids that run ahead of the count, as far as there are any
            more = await self._existing(server, range(top + 1, top + 1 + _WALK_IDS))
            found += more
            top += _WALK_IDS
            if not more:
                break
        top = max([newest, *known])
        for end in range(top, max(top - _FARTHEST, 0), -_WALK_IDS):
            if len(found) >= enough and end < first:
                break
            found += await self._existing(server, range(max(end - _WALK_IDS, 0) + 1, end + 1))
        return sorted(found)

    async def _existing(self, server: Beanstalkd, ids: range) -> list[int]:
        """Of these ids those whose jobs are in the tube."""
        found: list[int] = []
        for start in range(0, len(ids), _WALK_IDS):
            some = ids[start : start + _WALK_IDS]
            for number in some:
                server.ask(f"stats-job {number}")
            await server.drain()
            for number in some:
                answer = await server.answer()
                if answer.word == "OK" and statistics(answer).get("tube") == self._endpoint.path:
                    found.append(number)
        return found

    async def _look(self, server: Beanstalkd, intake: Intake) -> bool:
        """Keep the jobs that are new, and count those that were gone already."""
        created = int((await self._tube(server)).get("total-jobs", 0))
        if created <= self._accounted:
            return False
        newest = int((await server.numbers("stats")).get("total-jobs", 0))
        end = newest + self._drift + self._margin
        found = await self._existing(server, range(self._next, end + 1))
        ids = [number for number in found if number not in self._looked]
        kept = await self._keep(server, intake, ids)
        self._accounted += kept
        self._looked.update(ids)
        if ids:
            self._drift = max(self._drift, ids[-1] - newest)
        # Where jobs came and none was found they are gone, or their ids are farther ahead than was thought.
        self._margin = _MARGIN if ids else min(self._margin * 2, _WALK_IDS)
        self._next = max(self._next, newest + self._drift + 1 - _MARGIN)
        self._looked = {number for number in self._looked if number >= self._next}
        gone = created - self._accounted
        if gone > 0:
            intake.counters.missed += gone
            self._accounted += gone
            intake.changed()
        return bool(kept)

    async def _keep(self, server: Beanstalkd, intake: Intake, ids: Sequence[int]) -> int:
        """Look at jobs and keep them. Returns how many were still there."""
        kept, keeper = 0, Keeper(intake)
        for start in range(0, len(ids), _PEEK_JOBS):
            some = ids[start : start + _PEEK_JOBS]
            for number in some:
                server.ask(f"peek {number}")
            await server.drain()
            for number in some:
                answer = await server.answer()
                kept += answer.word == "FOUND"
                if answer.body is not None:
                    await intake.came(len(answer.body))
                    await keeper.take(Feed(intake.limits.message), answer.body, final=True)
                elif answer.word == "FOUND":
                    intake.counters.refused += 1
                    size = intake.limits.message >> 20
                    intake.failed(tr("Job {job} is larger than {megabytes} MiB.", job=number, megabytes=size))
        await keeper.done()
        return kept
