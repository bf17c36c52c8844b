"""``ws://`` and ``wss://``: we connect, a server sends messages. There is no acknowledgement."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from alprviewer.language import tr
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.protocol import Intake, Keeper
from alprviewer.sources.live.streams import CONNECT_SECONDS, connected, keep_connected, reason_of
from alprviewer.sources.spool.values import Feed, Hopeless

_PING_SECONDS = 20.0
_OPENERS = (b"{", b"[")


class WebSocketClient:
    """Receives messages; a value may reach over several of them, and a message may hold several values."""

    def __init__(self, endpoint: Endpoint, context: ssl.SSLContext | None = None) -> None:
        self._endpoint = endpoint
        self._context = context

    async def run(self, intake: Intake) -> None:
        """Receive until it ends."""
        await keep_connected(self._endpoint, intake, self._session)

    async def _session(self, intake: Intake, worked: Callable[[], None]) -> None:
        opening = opened(self._endpoint, intake.token, self._context, intake.limits.message)
        connection = await intake.wait(opening, CONNECT_SECONDS)
        connected(self._endpoint, intake)
        try:
            await _messages(connection, intake, worked)
        except ConnectionClosed as error:
            if error.rcvd is None or error.rcvd.code not in (1000, 1001):
                raise OSError(0, tr("the connection broke ({reason})", reason=reason_of(error))) from error
        except Hopeless as reason:
            intake.counters.refused += 1
            raise OSError(0, str(reason)) from None
        finally:
            intake.counters.connections -= 1
            await connection.close()


async def opened(
    endpoint: Endpoint, token: str, context: ssl.SSLContext | None, limit: int
) -> ClientConnection:
    """A connection to a server; its messages may have so many bytes.

    Raises:
        OSError: it cannot be made.
    """
    try:
        return await connect(
            str(endpoint),
            additional_headers={"Authorization": f"Bearer {token}"} if token else None,
            max_size=limit,
            open_timeout=CONNECT_SECONDS,
            ping_interval=_PING_SECONDS,
            ping_timeout=_PING_SECONDS,
            close_timeout=1.0,
            ssl=context,
            proxy=None,
        )
    except (InvalidHandshake, InvalidMessage) as error:
        text = tr("the server does not speak WebSocket with us ({reason})", reason=reason_of(error))
        raise OSError(0, text) from error


async def _messages(connection: ClientConnection, intake: Intake, worked: Callable[[], None]) -> None:
    feed, keeper = Feed(intake.limits.message), Keeper(intake)
    try:
        while True:
            data = await intake.wait(connection.recv(decode=False))
            worked()
            await intake.came(len(data))
            # Most messages are whole values: what begins like one is no part of what came before.
            cut = data[:1] in _OPENERS and not feed.is_idle
            await keeper.take(feed, b"\n" + data if cut else data)
    finally:
        await keeper.end(feed)
