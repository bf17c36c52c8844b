"""Bytes without messages and without acknowledgement: TCP, Unix sockets, standard input.

What arrives is kept as it comes; where that is not possible, reading stops and the sender has to wait. What
is on its way when a connection breaks is lost unless the sender sends it again: there is nothing to ask it
with.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import stat
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from alprviewer.core.errors import UserError
from alprviewer.language import tr
from alprviewer.sources.live.connections import Connections, listening
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.protocol import Intake, Keeper
from alprviewer.sources.live.systemwords import system_words
from alprviewer.sources.spool.values import Feed, Hopeless

_BUFFER = 512 * 1024
_CHUNK = 1 << 20
CONNECT_SECONDS = 10.0
WAITING = "waiting to connect again"
"""State of a source between two attempts."""
_KEEPALIVE = ((socket.TCP_KEEPIDLE, 30), (socket.TCP_KEEPINTVL, 10), (socket.TCP_KEEPCNT, 3))
"""After a minute of silence it is known whether the other side is still there."""


async def pump(reader: asyncio.StreamReader, intake: Intake, progress: Callable[[], None]) -> None:
    """Keep everything that a stream brings, to its end.

    Raises:
        Ended: receiving ends; what had arrived is kept.
        Hopeless: the sender began something that does not end.
        TimeoutError: the sender stopped inside a value.
    """
    feed, keeper = Feed(intake.limits.message), Keeper(intake)
    try:
        while True:
            seconds = None if feed.is_idle else intake.limits.stalled_seconds
            data = await intake.wait(reader.read(_CHUNK), seconds)
            if not data:
                break
            progress()
            await intake.came(len(data))
            await keeper.take(feed, data)
    finally:
        await keeper.end(feed)


def _watch_over(writer: asyncio.StreamWriter) -> None:
    """Have the system find out when the other side is gone without a word."""
    found = writer.get_extra_info("socket")
    if found is not None and found.family in (socket.AF_INET, socket.AF_INET6):
        found.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _KEEPALIVE:
            found.setsockopt(socket.IPPROTO_TCP, option, value)


async def receive(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, intake: Intake, progress: Callable[[], None]
) -> None:
    """Keep what one connection brings, and close it."""
    _watch_over(writer)
    try:
        await pump(reader, intake, progress)
    except Hopeless as reason:
        intake.counters.refused += 1
        intake.failed(str(reason))
    except TimeoutError:
        intake.counters.refused += 1
        intake.failed(tr("A sender stopped in the middle of a value; its connection was closed."))
    except OSError as error:
        intake.failed(tr("A connection broke: {reason}.", reason=reason_of(error)))
    finally:
        writer.transport.abort()


class StreamListener:
    """``tcp-listen://`` and ``unix-listen://``: others connect and write."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def run(self, intake: Intake) -> None:
        """Receive until it ends."""
        connections = Connections(intake)

        async def serve(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, progress: Callable[[], None]
        ) -> None:
            await receive(reader, writer, intake, progress)

        async with listening(self._endpoint, connections, serve, _BUFFER):
            await intake.wait(asyncio.Event().wait())


class StreamClient:
    """``tcp://`` and ``unix://``: we connect and read; a connection that ends is made anew."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def _open(self) -> Coroutine[Any, Any, tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        if self._endpoint.scheme == "unix":
            return asyncio.open_unix_connection(self._endpoint.path, limit=_BUFFER)
        return asyncio.open_connection(self._endpoint.host, self._endpoint.port, limit=_BUFFER)

    async def run(self, intake: Intake) -> None:
        """Receive until it ends."""
        await keep_connected(self._endpoint, intake, self._session)

    async def _session(self, intake: Intake, worked: Callable[[], None]) -> None:
        reader, writer = await intake.wait(self._open(), CONNECT_SECONDS)
        connected(self._endpoint, intake)
        try:
            await receive(reader, writer, intake, worked)
        finally:
            intake.counters.connections -= 1


def connected(endpoint: Endpoint, intake: Intake) -> None:
    """Note that a connection stands, and say so."""
    intake.note(tr("Connected to {address}.", address=endpoint))
    intake.counters.connections += 1
    intake.counters.made += 1
    intake.counters.state = "connected"
    intake.changed()


Session = Callable[[Intake, Callable[[], None]], Awaitable[None]]
"""One connection from its beginning to its end; the callback says that it was of use."""


async def keep_connected(endpoint: Endpoint, intake: Intake, session: Session) -> None:
    """Connect, and again whenever the connection ends, with growing pauses.

    Raises:
        Ended: receiving ends.
    """
    backoff = intake.backoff()
    counters = intake.counters
    while True:
        counters.state = "connecting"
        before = counters.made
        try:
            await session(intake, backoff.worked)
            sentence = tr("{address} ended the connection.", address=endpoint)
        except (OSError, EOFError) as error:
            sentence = not_connected(endpoint, error)
            if counters.made > before:
                reason = reason_of(error)
                sentence = tr("The connection to {address} broke: {reason}.", address=endpoint, reason=reason)
        pause = backoff.pause()
        counters.state, counters.retry_at = WAITING, intake.world.now() + pause
        intake.failed(tr("{sentence} Trying again.", sentence=sentence))
        await intake.pause(pause)
        counters.retry_at = 0.0


def not_connected(endpoint: Endpoint, error: BaseException) -> str:
    """A sentence on a connection that does not come about."""
    reason = reason_of(error)
    return tr("The connection to {address} cannot be made: {reason}.", address=endpoint, reason=reason)


def reason_of(error: BaseException) -> str:
    """An error's own words, without a full stop."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return tr(
            "its certificate is not trusted ({reason}); --tls-ca names one to trust",
            reason=error.verify_message,
        )
    if isinstance(error, ssl.SSLError):
        return tr("no encrypted connection ({reason})", reason=error.reason or error)
    if isinstance(error, OSError) and error.errno and error.errno > 0:
        return system_words(error.errno)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.rstrip(".")
    return str(error).rstrip(".") or type(error).__name__


class StandardInput:
    """``-``: what is piped in, to its end."""

    async def run(self, intake: Intake) -> None:
        """Receive to the end of the input."""
        descriptor = os.dup(sys.stdin.fileno())
        mode = os.fstat(descriptor).st_mode
        reader = asyncio.StreamReader(limit=_BUFFER)
        intake.counters.state = "reading"
        if stat.S_ISREG(mode):
            await self._read_file(descriptor, intake)
            return
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
        )
        try:
            await pump(reader, intake, lambda: None)
        except Hopeless as error:
            raise UserError(tr("The input cannot be used. {reason}", reason=error)) from error
        except TimeoutError as error:
            raise UserError(tr("The input stopped in the middle of a value.")) from error
        finally:
            transport.close()

    async def _read_file(self, descriptor: int, intake: Intake) -> None:
        feed, keeper = Feed(intake.limits.message), Keeper(intake)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            while data := await asyncio.to_thread(file.read, _CHUNK):
                await intake.came(len(data))
                await keeper.take(feed, data)
        await keeper.end(feed)
