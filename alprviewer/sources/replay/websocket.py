"""Replaying as messages of a WebSocket server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from alprviewer.core.errors import UserError
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.replay.protocol import Sent
from alprviewer.sources.replay.streams import waiting


class WebSocketServer:
    """``ws-listen://``: whoever connects gets what is sent from then on.

    Args:
        endpoint: where to listen.
        token: what those who connect must show as Bearer; empty: nothing.
        say: told where that is.
    """

    def __init__(self, endpoint: Endpoint, token: str, say: Callable[[str], None]) -> None:
        self.sent = Sent()
        self._endpoint = endpoint
        self._token = token
        self._say = say
        self._peers: set[ServerConnection] = set()
        self._somebody = asyncio.Event()
        self._server: Server | None = None

    async def __aenter__(self) -> WebSocketServer:
        quiet = logging.getLogger("alprviewer.replay.websocket")
        quiet.setLevel(logging.CRITICAL)  # scanners that speak no WebSocket are no news
        try:
            self._server = await serve(
                self._serve,
                self._endpoint.host,
                self._endpoint.port,
                process_request=self._admit,
                compression=None,
                logger=quiet,
                close_timeout=5.0,
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError(f"{self._endpoint} cannot be listened at: {reason}.") from error
        self._say(waiting(self._endpoint, next(iter(self._server.sockets)).getsockname()[1]))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        if self._token and request.headers.get("Authorization") != f"Bearer {self._token}":
            return connection.respond(401, "The token is missing or wrong.\n")
        return None

    async def _serve(self, connection: ServerConnection) -> None:
        self._peers.add(connection)
        self._somebody.set()
        await connection.wait_closed()
        self._peers.discard(connection)
        if not self._peers:
            self._somebody.clear()

    async def send(self, data: bytes) -> None:
        """Send a message to everybody who is connected; waits for the first one."""
        while True:
            await self._somebody.wait()
            done = 0
            for peer in list(self._peers):
                try:
                    await peer.send(data, text=True)
                    done += 1
                except ConnectionClosed:
                    self._peers.discard(peer)
                    self.sent.retries += 1
            if done:
                self.sent.sent += 1
                return
            if not self._peers:
                self._somebody.clear()

    async def finish(self) -> None:
        """Say good-bye to everybody; that comes behind the last message."""
        for peer in list(self._peers):
            await peer.close()
