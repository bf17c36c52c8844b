"""Tries whether a live source could work: connects, or listens for a moment, and takes nothing."""

from __future__ import annotations

import asyncio

from alprviewer.core.errors import UserError
from alprviewer.language import tr
from alprviewer.sources.beanstalkd import Beanstalkd, ProtocolError
from alprviewer.sources.live.connections import opened as address_opened
from alprviewer.sources.live.connections import who_can_come
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.sources import Tls
from alprviewer.sources.live.streams import not_connected
from alprviewer.sources.live.websocket import opened

_SECONDS = 10.0
_BUFFER = 4096


async def probe(endpoint: Endpoint, token: str, tls: Tls) -> str:
    """Try it.

    Returns:
        One sentence that says what was found.

    Raises:
        UserError: it would not work; the sentence says why.
    """
    try:
        async with asyncio.timeout(_SECONDS):
            return await _tried(endpoint, token, tls)
    except TimeoutError as error:
        text = tr(
            "{address} did not answer within {seconds:.0f} seconds.", address=endpoint, seconds=_SECONDS
        )
        raise UserError(text) from error
    except (OSError, EOFError) as error:
        raise UserError(not_connected(endpoint, error)) from error


async def _tried(endpoint: Endpoint, token: str, tls: Tls) -> str:
    match endpoint.scheme:
        case "beanstalkd":
            return await _tube(endpoint)
        case "ws" | "wss":
            context = tls.client() if endpoint.is_encrypted else None
            connection = await opened(endpoint, token, context, _BUFFER)
            await connection.close()
            return tr("The server at {address} accepts our connection.", address=endpoint)
        case "tcp" | "unix":
            if endpoint.scheme == "unix":
                _, writer = await asyncio.open_unix_connection(endpoint.path)
            else:
                _, writer = await asyncio.open_connection(endpoint.host, endpoint.port)
            writer.transport.abort()
            return tr(
                "Something listens at {address}; what it sends shows once you connect.", address=endpoint
            )
    context = tls.server() if endpoint.is_encrypted else None
    async with address_opened(endpoint, _nobody, _BUFFER, context):
        people = who_can_come(endpoint)
        return tr("{address} is free to listen at, for {people}.", address=endpoint, people=people)


async def _nobody(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Not called: an address that is only tried serves nobody."""


async def _tube(endpoint: Endpoint) -> str:
    server = await Beanstalkd.connect(endpoint.host, endpoint.port)
    try:
        # A tube that nobody uses does not exist; ours does as long as we are connected.
        if (await server.asked(f"use {endpoint.path}")).word != "USING":
            raise ProtocolError(71, tr("the server does not speak beanstalkd"))
        tube = await server.numbers(f"stats-tube {endpoint.path}")
    finally:
        server.close()
    jobs, others = tube.get("current-jobs-ready", "?"), tube.get("current-watching", "?")
    return tr(
        "The tube {tube} has {jobs} jobs waiting and {others} consumers.",
        tube=endpoint.path,
        jobs=jobs,
        others=others,
    )
