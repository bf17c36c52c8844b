"""Trying a source before it is connected to: real servers, real refusals, and nothing is taken."""

from __future__ import annotations

import asyncio
from contextlib import closing

import pytest
from websockets.asyncio.server import serve

from alprviewer.core.errors import UserError
from alprviewer.sources.beanstalkd import Beanstalkd
from alprviewer.sources.live.endpoint import parse
from alprviewer.sources.live.probe import probe
from alprviewer.sources.live.sources import Tls
from tests.helpers.live import beanstalkd, free_port, needs_beanstalkd
from tests.helpers.receivers import taken_port


def tried(url: str, token: str = "", tls: Tls | None = None) -> str:
    return asyncio.run(probe(parse(url), token, tls or Tls()))


def test_a_free_port_can_be_listened_at_and_is_free_afterwards():
    port = free_port()
    for _ in range(2):
        assert "is free to listen at, for this machine alone" in tried(f"http-listen://127.0.0.1:{port}")
    assert "for every machine that can reach it" in tried(f"tcp-listen://0.0.0.0:{port}")


def test_a_socket_file_is_gone_afterwards(tmp_path):
    assert "for programs of this user" in tried(f"unix-listen://{tmp_path}/a.sock")
    assert list(tmp_path.iterdir()) == []


def test_what_is_taken_or_missing_is_told(tmp_path):
    taken, port = taken_port()
    with closing(taken):
        with pytest.raises(UserError, match="cannot be listened at: address already in use"):
            tried(f"tcp-listen://127.0.0.1:{port}")
        assert "Something listens at" in tried(f"tcp://127.0.0.1:{port}")
    for url in (f"tcp://127.0.0.1:{port}", f"ws://127.0.0.1:{port}", f"beanstalkd://127.0.0.1:{port}"):
        with pytest.raises(UserError, match="cannot be made: connection refused"):
            tried(url)
    with pytest.raises(UserError, match="no such file"):
        tried(f"unix://{tmp_path}/a.sock")
    with pytest.raises(UserError, match="needs a certificate"):
        tried(f"https-listen://127.0.0.1:{port}")


def test_a_websocket_server_sees_the_token_and_is_left():
    seen = []

    async def scenario() -> str:
        async def handle(connection):
            seen.append(connection.request.headers.get("Authorization"))
            await connection.wait_closed()

        async with serve(handle, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            return await probe(parse(f"ws://127.0.0.1:{port}/x"), "abc", Tls())

    assert "accepts our connection" in asyncio.run(scenario())
    assert seen == ["Bearer abc"]


def test_a_server_that_speaks_something_else_is_told():
    async def scenario(url: str) -> None:
        async def handle(reader, writer):
            writer.write(b"220 mail.example ESMTP\r\n")
            await reader.read(1)
            writer.close()

        async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            await probe(parse(url.format(port)), "", Tls())

    for url, said in (
        ("ws://127.0.0.1:{}", "does not speak WebSocket"),
        ("beanstalkd://127.0.0.1:{}", "protocol error"),
    ):
        with pytest.raises(UserError, match=said):
            asyncio.run(scenario(url))


@needs_beanstalkd
def test_a_queue_is_only_looked_at(tmp_path):
    async def put(port: int) -> None:
        client = await Beanstalkd.connect("127.0.0.1", port)
        await client.asked("use alprd")
        assert (await client.asked("put 0 0 60", b"{}")).word == "INSERTED"
        client.close()

    with beanstalkd(tmp_path / "jobs") as server:
        asyncio.run(put(server.port))
        for _ in range(2):
            said = tried(server.url(mode="consume"))
            assert said == "The tube alprd has 1 jobs waiting and 0 consumers."
