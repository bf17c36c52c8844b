"""Sends frames at a rate, as many agents together would: ``python -m tests.bench.inside.sending``.

Arguments: a URL, frames a second (0: as many as are taken), seconds, connections (of posts). Prints one line
of JSON: what was sent, acknowledged and tried again, and how long it took.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator

from alprviewer.sources.live.endpoint import TARGET_SCHEMES, parse
from alprviewer.sources.live.sources import Tls
from alprviewer.sources.replay.messages import Message
from alprviewer.sources.replay.posts import Posts
from alprviewer.sources.replay.protocol import Target
from alprviewer.sources.replay.replayer import Pacing, Schedule, make_target, replay
from tests.bench.data import Block


def frames(count: int | None, until: float) -> Iterator[Message]:
    """So many frames with crops, or those that come before a time; each another one."""
    block = Block()
    lines = (line for number in itertools.count() for line in block.variant(number, 1).splitlines())
    for line in itertools.islice(lines, count):
        if count is None and time.monotonic() > until:
            return
        yield Message(line, None)


def target(url: str, connections: int) -> Target:
    """What the URL stands for."""
    endpoint = parse(url, TARGET_SCHEMES)
    if endpoint.scheme == "http":
        return Posts(endpoint, _say, connections=connections)
    return make_target(endpoint, "", Tls(), _say)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


async def main(url: str, rate: float, seconds: float, connections: int) -> None:
    """Send, and print what became of it."""
    schedule = Schedule(Pacing.RATE, rate) if rate else Schedule(Pacing.MAX)
    async with target(url, connections) as receiver:
        begun = time.monotonic()
        found = frames(round(rate * seconds) if rate else None, begun + seconds)
        await replay(found, receiver, schedule)
        sent = receiver.sent
        print(
            json.dumps(
                {
                    "sent": sent.sent,
                    "acknowledged": sent.acknowledged,
                    "retries": sent.retries,
                    "seconds": time.monotonic() - begun,
                }
            )
        )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))
