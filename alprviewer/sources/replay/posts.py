"""Replaying as POST requests, with a few connections at a time, as an agent's upload threads do."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Callable

import h11

from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.limits import Backoff
from alprviewer.sources.replay.protocol import Sent
from alprviewer.sources.replay.trouble import Trouble

CONNECTIONS = 4
LONGEST_PAUSE = 2.0
"""Seconds between two attempts to send a message, as agents wait."""
_AHEAD = 64
"""Messages that wait for a connection."""
_ANSWER_SECONDS = 30.0
_CHUNK = 64 * 1024


class Posts:
    """``http://`` and ``https://``. A message is sent again until it is answered, as agents do.

    Args:
        endpoint: where to.
        say: told what goes wrong.
        token: shown as Bearer; empty: none.
        context: of ``https://``.
        connections: at a time.
        longest_pause: seconds between two attempts, at most.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        say: Callable[[str], None],
        token: str = "",
        context: ssl.SSLContext | None = None,
        connections: int = CONNECTIONS,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self.sent = Sent()
        self._trouble = Trouble(endpoint, self.sent, say)
        self._endpoint = endpoint
        self._context = context
        self._count = connections
        self._longest_pause = longest_pause
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(_AHEAD)
        self._tasks: list[asyncio.Task[None]] = []
        self._headers = [
            ("Host", endpoint.authority),
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
        ]
        if token:
            self._headers.append(("Authorization", f"Bearer {token}"))

    async def __aenter__(self) -> Posts:
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._count)]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def send(self, data: bytes) -> None:
        """Queue a message for the next free connection."""
        await self._waiting.put(data)
        self.sent.sent += 1

    async def finish(self) -> None:
        """Wait until every message was answered."""
        await self._waiting.join()

    async def _work(self) -> None:
        backoff = Backoff(random.random, min(0.5, self._longest_pause), self._longest_pause)
        connection: _Connection | None = None
        try:
            while True:
                data = await self._waiting.get()
                status = 0
                while not status:
                    try:
                        connection = connection or await _Connection.open(self._endpoint, self._context)
                        status = await connection.post(self._endpoint.path or "/", self._headers, data)
                    except (OSError, h11.ProtocolError) as error:
                        if connection is not None:
                            connection.close()
                            connection = None
                        await self._trouble.again(_os_error(error), backoff)
                if connection is not None and not connection.is_open:
                    connection.close()
                    connection = None
                backoff.worked()
                self._trouble.is_over()
                self._count_answer(status)
        finally:
            if connection is not None:
                connection.close()

    def _count_answer(self, status: int) -> None:
        if 200 <= status < 300:
            self.sent.acknowledged += 1
        else:
            self.sent.refused += 1
            self.sent.last_error = f"the receiver answered {status}"
        self._waiting.task_done()


def _os_error(error: Exception) -> OSError:
    return error if isinstance(error, OSError) else OSError(0, f"no valid answer ({error})")


class _Connection:
    """A kept connection to a web server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.CLIENT)
        self.is_open = True

    @classmethod
    async def open(cls, endpoint: Endpoint, context: ssl.SSLContext | None) -> _Connection:
        opening = asyncio.open_connection(endpoint.host, endpoint.port, ssl=context)
        return cls(*await opening)

    async def post(self, path: str, headers: list[tuple[str, str]], data: bytes) -> int:
        """Send a request. Returns the answer's status."""
        http = self._http
        all_headers = [*headers, ("Content-Length", str(len(data)))]
        request = h11.Request(method="POST", target=path, headers=all_headers)
        self._writer.write(
            b"".join(http.send(part) or b"" for part in (request, h11.Data(data=data), h11.EndOfMessage()))
        )
        async with asyncio.timeout(_ANSWER_SECONDS):
            await self._writer.drain()
            status = 0
            while True:
                event = http.next_event()
                if event is h11.NEED_DATA:
                    more = await self._reader.read(_CHUNK)
                    if not more and not status:
                        raise OSError(0, "it ended the connection without an answer")
                    http.receive_data(more)
                elif isinstance(event, h11.Response):
                    status = event.status_code
                elif isinstance(event, h11.EndOfMessage):
                    break
        self.is_open = http.our_state is not h11.MUST_CLOSE
        if self.is_open:
            http.start_next_cycle()
        return status

    def close(self) -> None:
        self._writer.transport.abort()
