"""Listening: the address, the connections that come, and which of them has to go when there are too many."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from alprviewer.core.errors import UserError
from alprviewer.language import tr
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.protocol import Ended, Intake
from alprviewer.sources.live.systemwords import system_words

_HANDSHAKE_SECONDS = 10.0
_END_SECONDS = 3.0
_BACKLOG = 512

Accept = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""Serves one connection, whatever comes of it."""

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter, Callable[[], None]], Awaitable[None]]
"""Serves one connection to its end; the callback says that the sender brought something."""


class Connections:
    """The open connections of a listener, in the order in which they last brought something.

    When one too many comes, the one that brought nothing for longest is cut: somebody who holds connections
    open without a use never keeps others out.
    """

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self._order: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def serve(self, serve: Serve, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection, whatever comes of it."""
        task = asyncio.current_task()
        assert task is not None
        if len(self._order) >= self.intake.limits.connections:
            oldest = next(iter(self._order))
            self._order.pop(oldest).transport.abort()
            self.intake.counters.refused += 1
        self._order[task] = writer
        self.intake.counters.made += 1
        self._count()

        def progress() -> None:
            if task in self._order:
                self._order[task] = self._order.pop(task)

        try:
            await serve(reader, writer, progress)
        except (OSError, Ended):
            pass  # the sender went away in the middle of something, which is its right
        finally:
            self._order.pop(task, None)
            writer.transport.abort()
            self._count()

    def _count(self) -> None:
        self.intake.counters.connections = len(self._order)
        self.intake.changed()

    async def end(self) -> None:
        """Let all that are open finish, for a little while."""
        if self._order:
            await asyncio.wait(self._order, timeout=_END_SECONDS)
        left = list(self._order)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@asynccontextmanager
async def listening(
    endpoint: Endpoint,
    connections: Connections,
    serve: Serve,
    buffer: int,
    context: ssl.SSLContext | None = None,
) -> AsyncIterator[None]:
    """Listen as long as the context lasts; says where.

    Raises:
        UserError: the address cannot be used.
    """
    intake = connections.intake

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await connections.serve(serve, reader, writer)

    async with opened(endpoint, accept, buffer, context) as server:
        await server.start_serving()
        place = _place(endpoint, server)
        intake.counters.state, intake.counters.place = "listening", str(place)
        intake.note(_statement(place))
        intake.changed()
        try:
            yield
        finally:
            server.close()
            await connections.end()


@asynccontextmanager
async def opened(
    endpoint: Endpoint, accept: Accept, buffer: int, context: ssl.SSLContext | None = None
) -> AsyncIterator[asyncio.Server]:
    """The address as long as the context lasts; nobody can connect before the server starts to serve.

    Raises:
        UserError: the address cannot be used.
    """
    try:
        server = await _server(endpoint, accept, buffer, context)
    except OSError as error:
        # asyncio's words name an address once more; those about a file are ours.
        is_address = endpoint.scheme != "unix-listen" and (error.errno or 0) > 0
        reason = system_words(error.errno or 0) if is_address else error.strerror or error
        text = tr("{address} cannot be listened at: {reason}.", address=endpoint, reason=reason)
        raise UserError(text) from error
    try:
        yield server
    finally:
        server.close()
        await server.wait_closed()
        if endpoint.path and endpoint.scheme == "unix-listen":
            Path(endpoint.path).unlink(missing_ok=True)


async def _server(
    endpoint: Endpoint, accept: Accept, buffer: int, context: ssl.SSLContext | None
) -> asyncio.Server:
    if endpoint.scheme == "unix-listen":
        await _clear_socket_file(Path(endpoint.path))
        server = await asyncio.start_unix_server(
            accept, endpoint.path, limit=buffer, backlog=_BACKLOG, start_serving=False
        )
        Path(endpoint.path).chmod(0o600)
        return server
    timeout = None if context is None else _HANDSHAKE_SECONDS
    return await asyncio.start_server(
        accept,
        endpoint.host,
        endpoint.port,
        limit=buffer,
        backlog=_BACKLOG,
        ssl=context,
        ssl_handshake_timeout=timeout,
        start_serving=False,
    )


async def _clear_socket_file(path: Path) -> None:
    """Remove a socket that nobody listens at any more; one that is in use stays."""
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise FileExistsError(17, tr("there is a file of that name that is no socket"))
    except FileNotFoundError:
        return
    try:
        _, writer = await asyncio.open_unix_connection(str(path))
    except ConnectionRefusedError:
        path.unlink()
        return
    writer.transport.abort()
    raise FileExistsError(98, tr("another program listens there"))


def _place(endpoint: Endpoint, server: asyncio.Server) -> Endpoint:
    """Where we listen: the endpoint, with the port that the system chose where it names none."""
    if endpoint.scheme == "unix-listen":
        return endpoint
    found: socket.socket = server.sockets[0]
    return replace(endpoint, port=found.getsockname()[1])


def _statement(place: Endpoint) -> str:
    """Where we listen, and who can come."""
    where = place.path if place.scheme == "unix-listen" else place
    return tr("Listening at {address} for {people}.", address=where, people=who_can_come(place))


def who_can_come(place: Endpoint) -> str:
    """Those who can connect to an address that is listened at."""
    if place.scheme == "unix-listen":
        return tr("programs of this user")
    return tr("this machine alone") if place.is_loopback else tr("every machine that can reach it")
