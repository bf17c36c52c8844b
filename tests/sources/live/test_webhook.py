"""The web server: curl and raw sockets against it."""

import asyncio
import gzip
import json
import ssl

import pytest

from alprviewer.core.errors import UsageError
from alprviewer.sources.live.limits import Limits
from alprviewer.sources.live.sources import Tls
from tests.helpers.disk import Disk
from tests.helpers.live import kept, message, messages, recording, rejected, until
from tests.helpers.reading import frame_value

TOKEN = "to ken/1"


async def curl(*words, data=None):
    """The status that curl was answered with, and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *("curl", "--silent", "--show-error", "--max-time", "20", "--write-out", "\n%{http_code}"),
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate(data)
    text, _, status = output.decode().rpartition("\n")
    return int(status), text.strip(), process.returncode


async def post(port, data, *words, path="/"):
    return await curl("--data-binary", "@-", *words, f"http://127.0.0.1:{port}{path}", data=data)


async def talk(port, data, *, end=True):
    """Everything that is answered to these bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        await writer.drain()
        if end:
            writer.write_eof()
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


def request(data, *headers, method="POST", path="/"):
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Length: {len(data)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + data


def run(scenario, folder, url="http-listen://:0", **changes):
    async def inside():
        async with recording(folder, url, **changes) as running:
            await scenario(running)

    asyncio.run(inside())


def test_one_object_a_post(tmp_path):
    async def scenario(running):
        for data in messages(5):
            assert await post(running.port, data, "-H", "Content-Type: application/json") == (200, "OK", 0)
        assert await running.kept(5) == messages(5)
        assert running.counters.acknowledged == 5

    run(scenario, tmp_path)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("-H", "Transfer-Encoding: chunked"),
        ("-H", "Expect: 100-continue"),
        ("-X", "PUT"),
        ("--http1.0",),
        ("--http2",),
        ("-H", "charsets: utf-8", "-H", "Content-Type:"),
    ],
)
def test_how_agents_send(tmp_path, words):
    text = b"\n".join(messages(3)) + b"\n"

    async def scenario(running):
        assert await post(running.port, text, *words, path="/any/path?x=1") == (200, "OK", 0)
        assert await running.kept(3) == messages(3)

    run(scenario, tmp_path)


def test_gzip(tmp_path):
    packed = gzip.compress(message(1)) + gzip.compress(b"\n" + message(2))

    async def scenario(running):
        assert await post(running.port, packed, "-H", "Content-Encoding: gzip") == (200, "OK", 0)
        for damaged in (packed[:-9], packed[:50], b"no gzip at all"):
            status, _, _ = await post(running.port, damaged, "-H", "Content-Encoding: gzip")
            assert status == 400
        status, _, _ = await post(running.port, b"x", "-H", "Content-Encoding: br")
        assert status == 415
        assert await running.kept(2) == messages(2, 1)

    run(scenario, tmp_path)


def test_a_bomb_is_refused_before_it_unfolds(tmp_path):
    bomb = gzip.compress(b" " * 300_000_000)

    async def scenario(running):
        status, _, _ = await post(running.port, bomb, "-H", "Content-Encoding: gzip")
        assert status == 413
        assert running.recorder._intakes[0].pending == 0

    run(scenario, tmp_path)


def test_what_is_not_understood_is_kept_and_answered(tmp_path):
    odd = [b'{"openalpr_webhook": "test"}', b'{"any": 1}', b"[1, 2]", b"<html>", b"", b"\xff\xfe"]

    async def scenario(running):
        for data in odd:
            assert await post(running.port, data) == (200, "OK", 0)
        assert await curl(f"http://127.0.0.1:{running.port}/") == (200, "OK", 0)
        assert (await curl("--head", f"http://127.0.0.1:{running.port}/"))[0] == 200
        await until(lambda: running.counters.rejected == 2)
        assert running.counters.values == 2
        assert running.counters.unknown == 1

    run(scenario, tmp_path)
    assert kept(tmp_path) == odd[:2]
    assert rejected(tmp_path) == b"[1, 2]\n<html>\n"


def test_a_message_sent_again_is_counted_and_kept_once(tmp_path):
    async def scenario(running):
        for _ in range(3):
            assert (await post(running.port, message(1)))[0] == 200
        assert (running.counters.values, running.counters.duplicates) == (1, 2)

    run(scenario, tmp_path)


def test_what_is_refused(tmp_path):
    async def scenario(running):
        large = b"x" * 3000
        assert (await post(running.port, large, path="/alpr"))[0] == 413
        assert (await post(running.port, large, "-H", "Transfer-Encoding: chunked", path="/alpr"))[0] == 413
        assert (await post(running.port, b"x", "-H", "X: " + "y" * 70_000, path="/alpr"))[0] == 431
        assert (await post(running.port, b"x", path="/other"))[0] == 404
        assert (await post(running.port, b"x", "-X", "DELETE", path="/alpr"))[0] == 405
        assert (await post(running.port, message(1), path="/alpr?camera=1"))[0] == 200
        assert running.counters.refused == 5

    run(scenario, tmp_path, "http-listen://:0/alpr", limits=Limits(message=2500))
    assert kept(tmp_path) == [message(1)]


def test_the_body_is_not_asked_for_where_it_would_be_refused(tmp_path):
    async def scenario(running):
        head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n"
        answer = await talk(running.port, head)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"Connection: close" in answer

    run(scenario, tmp_path)


@pytest.mark.parametrize(
    ("words", "path", "status"),
    [
        ((), "/", 401),
        (("-H", "Authorization: Bearer wrong"), "/", 401),
        (("-H", "Authorization: Basic !"), "/", 401),
        (("-H", f"Authorization: Bearer {TOKEN}"), "/", 200),
        (("--user", f"agent:{TOKEN}"), "/", 200),
        (("--user", f"{TOKEN}:x"), "/", 401),
        ((), "/?token=to%20ken/1", 200),
        ((), "/?token=", 401),
    ],
)
def test_a_token_is_asked_for(tmp_path, words, path, status):
    async def scenario(running):
        assert (await post(running.port, message(1), *words, path=path))[0] == status
        assert (await curl(*words, f"http://127.0.0.1:{running.port}{path}"))[0] == status

    run(scenario, tmp_path, token=TOKEN)
    assert len(kept(tmp_path)) == (status == 200)


def test_requests_one_behind_the_other(tmp_path):
    async def scenario(running):
        data = b"".join(request(each) for each in messages(50))
        answers = await talk(running.port, data)
        assert answers.count(b"HTTP/1.1 200 ") == 50
        assert await running.kept(50) == messages(50)

    run(scenario, tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
        b"GARBAGE\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nhello",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nhello",
        b"POST / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_http(tmp_path, data):
    async def scenario(running):
        answer = await talk(running.port, data)
        assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5")), answer
        assert (await post(running.port, message(1)))[0] == 200

    run(scenario, tmp_path)


def test_who_goes_away_inside_a_request_leaves_nothing(tmp_path):
    async def scenario(running):
        assert await talk(running.port, request(message(1))[:-5]) == b""
        await until(lambda: running.counters.connections == 0)
        assert running.counters.values == 0
        assert running.recorder._intakes[0].pending == 0

    run(scenario, tmp_path)


def test_nothing_is_answered_before_it_is_durable(tmp_path):
    disk = Disk()

    async def scenario(running):
        disk.hold()
        asked = asyncio.create_task(talk(running.port, request(message(1))))
        assert await asyncio.to_thread(disk.waiting.wait, 10)
        assert b"HTTP" not in await _had(running, asked)
        disk.work()
        assert (await asked).startswith(b"HTTP/1.1 200 ")
        (path,) = tmp_path.glob("*.jsonl")
        assert str(path) in disk.synced

    run(scenario, tmp_path, spool=disk.options, limits=Limits(durable_seconds=30))


async def _had(running, asked):
    """What was answered so far, after another request had every chance to be."""
    assert (await curl(f"http://127.0.0.1:{running.port}/"))[0] == 200
    return asked.result() if asked.done() else b""


def test_what_is_not_durable_in_time_is_left_without_an_answer(tmp_path):
    disk = Disk()

    async def scenario(running):
        disk.hold()
        assert await talk(running.port, request(message(1)), end=False) == b""
        assert "without an answer" in running.counters.last_error
        assert running.counters.acknowledged == 0
        disk.work()
        assert (await post(running.port, message(1)))[0] == 200
        assert running.counters.acknowledged == 1

    run(scenario, tmp_path, spool=disk.options, limits=Limits(durable_seconds=0.05))
    assert kept(tmp_path) == [message(1)]


def test_a_full_disk_leaves_senders_without_an_answer_until_there_is_room(tmp_path):
    disk = Disk()

    async def scenario(running):
        assert (await post(running.port, message(1)))[0] == 200
        disk.fail()
        for _ in range(3):
            status, _, code = await post(running.port, message(2))
            assert (status, code) == (0, 52), "curl's 'empty reply from server'"
        assert "disk is full" in running.counters.last_error
        disk.work()
        assert (await post(running.port, message(2)))[0] == 200

    run(scenario, tmp_path, spool=disk.options)
    assert kept(tmp_path) == messages(2, 1)


def test_slow_senders_neither_keep_others_out_nor_stay(tmp_path):
    limits = Limits(request_seconds=1.5)

    async def drip(port):
        """Sends a header a byte at a time, until it is cut."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        end = asyncio.create_task(reader.read())
        for byte in b"POST / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 10_000:
            if end.done() or writer.is_closing():
                break
            writer.write(bytes([byte]))
            await asyncio.wait({end}, timeout=0.1)
        writer.transport.abort()
        await asyncio.gather(end, return_exceptions=True)

    async def scenario(running):
        slow = [asyncio.create_task(drip(running.port)) for _ in range(100)]
        await until(lambda: running.counters.connections >= 100)
        for number in range(5):
            async with asyncio.timeout(1.0):
                assert await talk(running.port, request(message(number), "Connection: close"), end=False)
        await asyncio.gather(*slow)
        assert running.counters.refused == 100

    run(scenario, tmp_path, limits=limits)


def test_more_connections_than_are_served(tmp_path):
    async def scenario(running):
        opened = [await asyncio.open_connection("127.0.0.1", running.port) for _ in range(20)]
        await until(lambda: running.counters.made == 20)
        assert running.counters.connections <= 8
        assert (await post(running.port, message(1)))[0] == 200
        for _, writer in opened:
            writer.transport.abort()

    run(scenario, tmp_path, limits=Limits(connections=8))


def test_a_kept_connection_without_a_request_is_closed(tmp_path):
    async def scenario(running):
        answers = await talk(running.port, request(message(1)), end=False)
        assert answers.count(b"200 OK") == 1 or answers.startswith(b"HTTP/1.1 200 ")
        assert running.counters.refused == 0

    run(scenario, tmp_path, limits=Limits(idle_seconds=0.05))


def test_encrypted(tmp_path, certificate):

    async def scenario(running):
        place = f"https://localhost:{running.port}/"
        cert = str(certificate / "cert.pem")
        assert await curl("--cacert", cert, "-d", "@-", place, data=message(1)) == (200, "OK", 0)
        assert (await curl("-d", "@-", place, data=message(2)))[2] != 0
        assert (await post(running.port, message(3)))[0] == 0

    tls = Tls(str(certificate / "cert.pem"), str(certificate / "key.pem"))
    run(scenario, tmp_path, "https-listen://localhost:0", tls=tls)
    assert kept(tmp_path) == [message(1)]


def test_a_certificate_that_cannot_be_used(tmp_path):

    with pytest.raises(UsageError, match="--tls-cert"):
        run(None, tmp_path, "https-listen://:0")
    (tmp_path / "cert.pem").write_text("no certificate")
    with pytest.raises(UsageError, match="cannot be used"):
        run(None, tmp_path, "https-listen://:0", tls=Tls(str(tmp_path / "cert.pem")))
    assert issubclass(ssl.SSLError, OSError)


@pytest.mark.uncounted
def test_a_message_of_many_small_values_and_one_of_none(tmp_path):
    async def scenario(running):
        small = b"".join(b'{"n": %d}\n' % number for number in range(20_000))
        assert (await post(running.port, small))[0] == 200
        assert (await post(running.port, noise))[0] == 200
        assert running.counters.values == 20_000

    noise = b"x\n" * 500_000
    run(scenario, tmp_path)
    assert len(kept(tmp_path)) == 20_000
    assert rejected(tmp_path).replace(b"\n", b"") == noise.replace(b"\n", b"")


def test_a_large_message(tmp_path):
    large = json.dumps(frame_value(1, user_data="x" * 15_000_000)).encode()

    async def scenario(running):
        assert (await post(running.port, large))[0] == 200
        assert (await post(running.port, large + b" " * 2_000_000))[0] == 413

    run(scenario, tmp_path)
    assert kept(tmp_path) == [large]
