"""The WebSocket client against a real server."""

import asyncio
import ssl
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import serve

from alprviewer.sources.live.limits import Limits
from alprviewer.sources.live.sources import Tls
from tests.helpers.live import free_port, kept, message, messages, recording, rejected, until


@asynccontextmanager
async def serving(port, *parts, **options):
    """A server that sends each client these messages and waits for it to go."""

    async def handle(connection):
        for part in parts:
            await connection.send(part)
        await connection.wait_closed()

    server = await serve(handle, "127.0.0.1", port, **options)
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()


def test_messages_are_received_and_the_connection_made_again(tmp_path):
    port = free_port()

    async def scenario():
        async with recording(tmp_path, f"ws://127.0.0.1:{port}/feed") as running:
            await until(lambda: running.counters.last_error)
            async with serving(port, *messages(100), message(100).decode()):
                await running.kept(101)
            await until(lambda: "waiting" in running.counters.state)
            async with serving(port, *messages(10, first=101)):
                assert await running.kept(111) == messages(111)

    asyncio.run(scenario())


def test_values_and_messages_need_not_agree(tmp_path):
    port = free_port()
    text = message(1)
    parts = [
        message(0) + message(0, camera_id=8),
        text[:50],
        text[50:100],
        text[100:],
        b"hello",
        b'{"cut',
        message(2),
    ]

    async def scenario():
        async with recording(tmp_path, f"ws://127.0.0.1:{port}") as running, serving(port, *parts):
            await running.kept(4)

    asyncio.run(scenario())
    assert kept(tmp_path) == [message(0), message(0, camera_id=8), text, message(2)]
    assert rejected(tmp_path) == b'hello\n{"cut\n'


def test_a_token_is_shown(tmp_path):
    port = free_port()
    shown = []

    def look(connection, asked):
        shown.append(asked.headers.get("Authorization"))

    async def scenario():
        receiving = recording(tmp_path, f"ws://127.0.0.1:{port}", token="abc")
        async with receiving as running, serving(port, message(1), process_request=look):
            await running.kept(1)

    asyncio.run(scenario())
    assert shown == ["Bearer abc"]


@pytest.mark.parametrize("part", [b'{"a": "' + b"x" * 200_000 + b'"}', "y" * 200_000])
def test_a_message_that_is_too_large(tmp_path, part):
    port = free_port()

    async def scenario():
        receiving = recording(tmp_path, f"ws://127.0.0.1:{port}", limits=Limits(message=100_000))
        async with receiving as running, serving(port, message(1), part):
            await running.kept(1)
            await until(lambda: "broke" in running.counters.last_error)
            assert "1009" in running.counters.last_error or "too big" in running.counters.last_error

    asyncio.run(scenario())


def test_encrypted(tmp_path, certificate):
    port = free_port()
    cert = str(certificate / "cert.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, certificate / "key.pem")

    async def scenario():
        async with serving(port, message(1), ssl=context):
            url = f"wss://localhost:{port}/"
            async with recording(tmp_path / "trusted", url, tls=Tls(authority=cert)) as running:
                await running.kept(1)
            async with recording(tmp_path / "unknown", url) as running:
                await until(lambda: "certificate" in running.counters.last_error.lower())
                assert running.counters.values == 0

    asyncio.run(scenario())


def test_a_server_that_speaks_something_else(tmp_path):
    async def scenario():
        async def answer(reader, writer):
            await reader.readline()
            writer.write(b"220 smtp.example.org\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with recording(tmp_path, f"ws://127.0.0.1:{port}") as running:
            await until(lambda: "does not speak WebSocket" in running.counters.last_error)
        server.close()
        await server.wait_closed()

    asyncio.run(scenario())
