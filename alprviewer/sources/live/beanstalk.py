"""``beanstalkd://…?mode=consume``: takes jobs out of the queue that agents put their results into.

A reserved job is away from every other consumer, the agent's own uploader among them. It is deleted once it
is durable; until then the server gives it to somebody else when our connection breaks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from alprviewer.language import tr
from alprviewer.sources.beanstalkd import Answer, Beanstalkd, ProtocolError
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.protocol import Intake
from alprviewer.sources.live.streams import CONNECT_SECONDS, connected, keep_connected
from alprviewer.sources.spool.spool import SpoolError

_GROUP_JOBS = 64
_GROUP_BYTES = 4 * 2**20
"""Bytes of jobs that are held at a time, as far as their sizes can be foreseen."""
_RESERVE_SECONDS = 20
ANSWER_SECONDS = 30.0


class Consumer:
    """Takes jobs: each is deleted once it is durable, and only then."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def run(self, intake: Intake) -> None:
        """Receive until it ends."""
        await keep_connected(self._endpoint, intake, self._session)

    async def _session(self, intake: Intake, worked: Callable[[], None]) -> None:
        server = await connect(self._endpoint, intake)
        try:
            tube = self._endpoint.path
            await _expect(server, f"watch {tube}", "WATCHING")
            if tube != "default":
                await _expect(server, "ignore default", "WATCHING")
            wanted = 1
            while True:
                jobs = await intake.wait(_reserve(server, wanted), _RESERVE_SECONDS + ANSWER_SECONDS)
                if jobs:
                    worked()
                    await _keep_and_delete(server, intake, jobs)
                    size = sum(len(job.body or b"") for job in jobs) // len(jobs)
                    wanted = max(min(_GROUP_JOBS, 2 * len(jobs), _GROUP_BYTES // max(size, 1)), 1)
        finally:
            intake.counters.connections -= 1
            server.close()


async def connect(endpoint: Endpoint, intake: Intake) -> Beanstalkd:
    """A connection to the server of an endpoint."""
    limit = intake.limits.message
    server = await intake.wait(Beanstalkd.connect(endpoint.host, endpoint.port, limit), CONNECT_SECONDS)
    connected(endpoint, intake)
    return server


async def _expect(server: Beanstalkd, command: str, word: str) -> None:
    answer = await server.asked(command)
    if answer.word != word:
        text = tr("the server answered {answer!r} to {command!r}", answer=answer.word, command=command)
        raise ProtocolError(0, text)


async def _reserve(server: Beanstalkd, wanted: int) -> list[Answer]:
    """Up to so many jobs; waits for the first one only."""
    first = await server.asked(f"reserve-with-timeout {_RESERVE_SECONDS}")
    if first.word != "RESERVED":
        return []  # nothing came; or a job that we hold is due, which the next round brings again
    for _ in range(wanted - 1):
        server.ask("reserve-with-timeout 0")
    await server.drain()
    answers = [first] + [await server.answer() for _ in range(wanted - 1)]
    return [answer for answer in answers if answer.word == "RESERVED"]


async def _keep_and_delete(server: Beanstalkd, intake: Intake, jobs: list[Answer]) -> None:
    """Keep jobs, then delete them. Where keeping fails the connection ends, and the server has them again."""
    good = [(job.number, job.body) for job in jobs if job.body is not None]
    futures = []
    for _, body in good:
        await intake.came(len(body))
        futures += await intake.offer(body)
    try:
        await asyncio.gather(*futures)
    except SpoolError as error:
        text = tr("jobs were given back ({reason})", reason=str(error).rstrip("."))
        raise OSError(0, text) from error
    for number, _ in good:
        server.ask(f"delete {number}")
    for job in jobs:
        if job.body is None:
            server.ask(f"bury {job.number} 0")
            intake.counters.refused += 1
            intake.failed(
                tr(
                    "Job {job} is larger than {megabytes} MiB; it was buried.",
                    job=job.number,
                    megabytes=intake.limits.message >> 20,
                )
            )
    async with asyncio.timeout(ANSWER_SECONDS):
        await server.drain()
        for _ in jobs:
            answer = await server.answer()
            intake.counters.acknowledged += answer.word == "DELETED"
    intake.changed()
