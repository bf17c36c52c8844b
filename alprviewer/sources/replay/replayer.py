"""Sends messages at the times that were asked for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from alprviewer.core.errors import UsageError
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.sources import Tls
from alprviewer.sources.replay.jobs import Jobs
from alprviewer.sources.replay.messages import Message
from alprviewer.sources.replay.posts import Posts
from alprviewer.sources.replay.protocol import Target
from alprviewer.sources.replay.streams import LinesClient, LinesServer
from alprviewer.sources.replay.websocket import WebSocketServer


class Pacing(Enum):
    """When messages are sent."""

    MAX = "as fast as they are taken"
    RATE = "so many a second"
    REALTIME = "spaced as they were seen"


@dataclass(frozen=True)
class Schedule:
    """When messages are sent, and whether their times are moved to that.

    Attributes:
        rate: messages a second, of ``Pacing.RATE``.
        to_now: times in the messages become the present; in real time they keep their distances.
    """

    pacing: Pacing = Pacing.MAX
    rate: float = 0.0
    to_now: bool = False


def make_target(endpoint: Endpoint, token: str, tls: Tls, say: Callable[[str], None]) -> Target:
    """The target of a URL."""
    match endpoint.scheme:
        case "tcp" | "unix":
            return LinesClient(endpoint, say)
        case "tcp-listen" | "unix-listen":
            return LinesServer(endpoint, say)
        case "ws-listen":
            return WebSocketServer(endpoint, token, say)
        case "http":
            return Posts(endpoint, say, token)
        case "https":
            return Posts(endpoint, say, token, tls.client())
        case "beanstalkd":
            return Jobs(endpoint, say)
    raise UsageError(f"{endpoint} is nothing to send to.")


async def replay(
    found: Iterable[Message],
    target: Target,
    schedule: Schedule,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], float] = time.time,
) -> None:
    """Send messages to an open target, and wait until it has taken them."""
    begun, begun_at = clock(), round(now() * 1000)
    first: int | None = None
    due = 0.0
    for number, message in enumerate(found):
        if first is None:
            first = message.at
        if schedule.pacing is Pacing.RATE:
            due = number / schedule.rate
        elif schedule.pacing is Pacing.REALTIME and message.at is not None and first is not None:
            due = max(due, (message.at - first) / 1000)  # frames are not in the order of their times
        wait = begun + due - clock()
        if wait > 0:
            await asyncio.sleep(wait)
        await target.send(_sent_now(message, schedule, first, begun_at, now).data)
    await target.finish()


def _sent_now(
    message: Message, schedule: Schedule, first: int | None, begun_at: int, now: Callable[[], float]
) -> Message:
    if not schedule.to_now or message.at is None:
        return message
    if schedule.pacing is Pacing.REALTIME and first is not None:
        return message.moved(begun_at - first)
    return message.moved(round(now() * 1000) - message.at)
