"""Replaying as lines: we connect to a listener, or others connect to us and read."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from pathlib import Path

from alprviewer.core.errors import UserError
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.limits import Backoff
from alprviewer.sources.replay.protocol import Sent
from alprviewer.sources.replay.trouble import Trouble

_LAST_SECONDS = 30.0
"""How long the receiver may take to read the rest."""


class LinesClient:
    """``tcp://`` and ``unix://``.

    Args:
        endpoint: where to.
        say: told what goes wrong.
    """

    def __init__(self, endpoint: Endpoint, say: Callable[[str], None]) -> None:
        self.sent = Sent()
        self._trouble = Trouble(endpoint, self.sent, say)
        self._endpoint = endpoint
        self._backoff = Backoff(random.random)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> LinesClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.transport.abort()

    async def _connect(self) -> asyncio.StreamWriter:
        if self._endpoint.scheme == "unix":
            self._reader, self._writer = await asyncio.open_unix_connection(self._endpoint.path)
        else:
            opened = asyncio.open_connection(self._endpoint.host, self._endpoint.port)
            self._reader, self._writer = await opened
        return self._writer

    async def send(self, data: bytes) -> None:
        """Send a line."""
        while True:
            try:
                writer = self._writer or await self._connect()
                writer.write(data + b"\n")
                await writer.drain()
            except OSError as error:
                await self._trouble.again(error, self._backoff)
                self._writer = None
            else:
                self.sent.sent += 1
                self._backoff.worked()
                self._trouble.is_over()
                return

    async def finish(self) -> None:
        """Say that this was all, and wait until the receiver has read it and closes."""
        if self._writer is None or self._reader is None:
            return
        with contextlib.suppress(OSError):
            async with asyncio.timeout(_LAST_SECONDS):
                await self._writer.drain()
                self._writer.write_eof()
                await self._reader.read()


class LinesServer:
    """``tcp-listen://`` and ``unix-listen://``: whoever connects gets what is sent from then on.

    Args:
        endpoint: where to listen.
        say: told where that is.
    """

    def __init__(self, endpoint: Endpoint, say: Callable[[str], None]) -> None:
        self.sent = Sent()
        self._endpoint = endpoint
        self._say = say
        self._readers: dict[asyncio.StreamWriter, asyncio.Event] = {}
        self._somebody = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> LinesServer:
        endpoint = self._endpoint
        try:
            if endpoint.scheme == "unix-listen":
                self._server = await asyncio.start_unix_server(self._serve, endpoint.path)
                self._say(f"Waiting at {endpoint} for somebody who connects.")
            else:
                self._server = await asyncio.start_server(self._serve, endpoint.host, endpoint.port)
                self._say(waiting(endpoint, self._server.sockets[0].getsockname()[1]))
        except OSError as error:
            raise UserError(f"{endpoint} cannot be listened at: {error.strerror or error}.") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._readers):
            writer.transport.abort()
        await self._server.wait_closed()
        if self._endpoint.scheme == "unix-listen":
            Path(self._endpoint.path).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gone = self._readers[writer] = asyncio.Event()
        self._somebody.set()
        with contextlib.suppress(OSError):
            await reader.read()  # they say nothing; the end is what we wait for
        self._forget(writer)
        gone.set()
        writer.transport.abort()

    def _forget(self, writer: asyncio.StreamWriter) -> None:
        self._readers.pop(writer, None)
        if not self._readers:
            self._somebody.clear()

    async def send(self, data: bytes) -> None:
        """Send a line to everybody who is connected; waits for the first one."""
        while True:
            await self._somebody.wait()
            for writer in list(self._readers):
                try:
                    writer.write(data + b"\n")
                    await writer.drain()
                except OSError:
                    self._forget(writer)
                    self.sent.retries += 1
            if self._readers:
                self.sent.sent += 1
                return

    async def finish(self) -> None:
        """Close every connection once its reader has everything."""
        for writer, gone in list(self._readers.items()):
            with contextlib.suppress(OSError):
                async with asyncio.timeout(_LAST_SECONDS):
                    await writer.drain()
                    writer.write_eof()
                    await gone.wait()


def waiting(endpoint: Endpoint, port: int) -> str:
    """Where others are waited for, and who can come."""
    place = Endpoint(endpoint.scheme, endpoint.host, port, endpoint.path)
    who = "" if endpoint.is_loopback else " Every machine that can reach it gets what is sent."
    return f"Waiting at {place} for somebody who connects.{who}"
