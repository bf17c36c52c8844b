"""Attempts that fail: counted, told once, and made again after a pause."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.limits import Backoff
from alprviewer.sources.live.streams import reason_of
from alprviewer.sources.replay.protocol import Sent


class Trouble:
    """What goes wrong with a target. A reason is told once, until something works again.

    Args:
        endpoint: the target.
        sent: where failures are counted.
        say: told a sentence.
    """

    def __init__(self, endpoint: Endpoint, sent: Sent, say: Callable[[str], None]) -> None:
        self._endpoint = endpoint
        self._sent = sent
        self._say = say
        self._told = ""

    async def again(self, error: OSError, backoff: Backoff) -> None:
        """Note a failure and wait before the next attempt."""
        self._sent.retries += 1
        self._sent.last_error = reason = reason_of(error)
        if reason != self._told:
            self._told = reason
            self._say(f"{self._endpoint} does not take messages: {reason}. Trying again until it does.")
        await asyncio.sleep(backoff.pause())

    def is_over(self) -> None:
        """It works; the next failure is news."""
        self._told = ""
