"""Replaying as jobs of a beanstalkd server."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable

from alprviewer.sources.beanstalkd import Beanstalkd
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.limits import Backoff
from alprviewer.sources.replay.protocol import Sent
from alprviewer.sources.replay.trouble import Trouble

_PUT = "put 0 0 60"
"""Priority, delay and time to run as agents set them."""
_AHEAD = 64
"""Jobs that were sent and not answered yet, at most."""
_ANSWER_SECONDS = 30.0


class Jobs:
    """``beanstalkd://``. A job is put again until the server has it.

    Args:
        endpoint: the server and the tube.
        say: told what goes wrong.
    """

    def __init__(self, endpoint: Endpoint, say: Callable[[str], None]) -> None:
        self.sent = Sent()
        self._trouble = Trouble(endpoint, self.sent, say)
        self._endpoint = endpoint
        self._backoff = Backoff(random.random)
        self._server: Beanstalkd | None = None
        self._unanswered: deque[bytes] = deque()

    async def __aenter__(self) -> Jobs:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()

    async def _connected(self) -> Beanstalkd:
        """The connection; a new one begins with the jobs that were not answered."""
        if self._server is None:
            server = await Beanstalkd.connect(self._endpoint.host, self._endpoint.port)
            await server.asked(f"use {self._endpoint.path}")
            for data in self._unanswered:
                server.ask(_PUT, data)
            self._server = server
        return self._server

    async def send(self, data: bytes) -> None:
        """Put a job."""
        self._unanswered.append(data)
        self.sent.sent += 1
        if self._server is not None:
            self._server.ask(_PUT, data)
        await self._settle(_AHEAD)

    async def finish(self) -> None:
        """Wait until the server has every job."""
        await self._settle(0)

    async def _settle(self, most: int) -> None:
        """Read answers until no more than so many are open."""
        while len(self._unanswered) > most or self._server is None:
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    server = await self._connected()
                    await server.drain()
                    if len(self._unanswered) <= most:
                        return
                    answer = await server.answer()
            except OSError as error:
                if self._server is not None:
                    self._server.close()
                    self._server = None
                await self._trouble.again(error, self._backoff)
                continue
            self._backoff.worked()
            self._trouble.is_over()
            self._unanswered.popleft()
            if answer.word == "INSERTED":
                self.sent.acknowledged += 1
            else:
                self.sent.refused += 1
                self.sent.last_error = f"the server answered {answer.word}"
