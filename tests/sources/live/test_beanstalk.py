"""Both ways of listening to a queue, with Debian's beanstalkd."""

import asyncio
import json
from contextlib import suppress

import pytest

from alprviewer.sources.beanstalkd import Beanstalkd, ProtocolError
from tests.helpers.disk import Disk
from tests.helpers.live import beanstalkd, message, messages, needs_beanstalkd, recording, until
from tests.helpers.reading import frame_value

pytestmark = needs_beanstalkd


@pytest.fixture
def server(tmp_path):
    with beanstalkd(tmp_path / "jobs") as running:
        yield running


async def put(server, *bodies, tube="alprd"):
    client = await Beanstalkd.connect("127.0.0.1", server.port)
    await client.asked(f"use {tube}")
    for body in bodies:
        assert (await client.asked("put 0 0 60", body)).word == "INSERTED"
    client.close()


async def numbers(server, tube="alprd"):
    """The counts of a tube that matter."""
    client = await Beanstalkd.connect("127.0.0.1", server.port)
    found = await client.numbers(f"stats-tube {tube}")
    client.close()
    return {state: int(found.get(f"current-jobs-{state}", 0)) for state in ("ready", "reserved", "buried")}


async def take(server, count, tube="alprd"):
    """The real consumer: takes jobs and deletes them."""
    client = await Beanstalkd.connect("127.0.0.1", server.port)
    await client.asked(f"watch {tube}")
    for _ in range(count):
        job = await client.asked("reserve-with-timeout 5")
        assert job.word == "RESERVED"
        await client.asked(f"delete {job.number}")
    client.close()


@pytest.mark.parametrize("mode", ["consume", "observe"])
def test_what_waits_and_what_comes(server, tmp_path, mode):
    async def scenario():
        await put(server, *messages(200))
        await put(server, message(999), tube="other")
        async with recording(tmp_path / "out", server.url(mode=mode)) as running:
            await running.kept(200)
            await put(server, *messages(150, first=200))
            assert await running.kept(350) == messages(350)
            assert running.counters.missed == 0
        left = await numbers(server)
        assert left == {"ready": 0 if mode == "consume" else 350, "reserved": 0, "buried": 0}
        assert (await numbers(server, "other"))["ready"] == 1

    asyncio.run(scenario())


def test_a_job_is_deleted_only_when_it_is_durable(server, tmp_path):
    disk = Disk()

    async def scenario():
        await put(server, message(1))
        disk.hold()
        async with recording(tmp_path / "out", server.url(), spool=disk.options) as running:
            assert await asyncio.to_thread(disk.waiting.wait, 10)
            assert await numbers(server) == {"ready": 0, "reserved": 1, "buried": 0}
            disk.work()
            await until(lambda: running.counters.acknowledged == 1)
            assert await numbers(server) == {"ready": 0, "reserved": 0, "buried": 0}

    asyncio.run(scenario())


def test_a_full_disk_gives_jobs_back(server, tmp_path):
    disk = Disk()

    async def scenario():
        await put(server, *messages(5))
        disk.fail()
        async with recording(tmp_path / "out", server.url(), spool=disk.options) as running:
            await until(lambda: "given back" in running.counters.last_error)
            assert running.counters.acknowledged == 0
            disk.work()
            assert sorted(await running.kept(5)) == sorted(messages(5))
            await until(lambda: running.counters.acknowledged == 5)
        assert sum((await numbers(server)).values()) == 0

    asyncio.run(scenario())


@pytest.mark.parametrize("mode", ["consume", "observe"])
def test_a_server_that_stops_and_starts_again(server, tmp_path, mode):
    async def scenario():
        async with recording(tmp_path / "out", server.url(mode=mode)) as running:
            await put(server, *messages(50))
            await running.kept(50)
            server.stop()
            await until(lambda: "waiting" in running.counters.state)
            server.start()
            await put(server, *messages(50, first=50))
            assert await running.kept(100) == messages(100)
            assert running.counters.values == 100

    asyncio.run(scenario())


def test_a_job_that_comes_again_is_counted_and_kept_once(server, tmp_path):
    async def scenario():
        await put(server, message(1), message(1))
        async with recording(tmp_path / "out", server.url()) as running:
            await until(lambda: running.counters.acknowledged == 2)
            assert (running.counters.values, running.counters.duplicates) == (1, 1)

    asyncio.run(scenario())


def test_jobs_with_a_second_to_run(server, tmp_path):
    """The server answers DEADLINE_SOON to whoever holds such a job and asks for another one."""

    async def scenario():
        client = await Beanstalkd.connect("127.0.0.1", server.port)
        await client.asked("use alprd")
        for data in messages(30):
            assert (await client.asked("put 0 0 1", data)).word == "INSERTED"
        client.close()
        async with recording(tmp_path / "out", server.url()) as running:
            assert await running.kept(30) == messages(30)
            await until(lambda: running.counters.acknowledged == 30)

    asyncio.run(scenario())


def test_observing_counts_what_was_taken_before(server, tmp_path):
    async def scenario():
        async with recording(tmp_path / "out", server.url(mode="observe")) as running:
            await put(server, *messages(10))
            await running.kept(10)
            server_side = await Beanstalkd.connect("127.0.0.1", server.port)
            await server_side.asked("use alprd")
            await server_side.asked("watch alprd")
            # Jobs that are put and taken in one breath, before anybody can look.
            for data in messages(20, first=10):
                server_side.ask("put 0 0 60", data)
            for _ in range(30):
                server_side.ask("reserve-with-timeout 0")
            await server_side.drain()
            answers = [await server_side.answer() for _ in range(50)]
            for job in answers[20:]:
                assert job.word == "RESERVED"
                server_side.ask(f"delete {job.number}")
            await server_side.drain()
            await until(lambda: running.counters.missed + running.counters.values == 30)
            server_side.close()

    asyncio.run(scenario())


def test_observing_finds_jobs_in_every_state(server, tmp_path):
    async def scenario():
        client = await Beanstalkd.connect("127.0.0.1", server.port)
        await client.asked("use alprd")
        await client.asked("watch alprd")
        await client.asked("ignore default")
        for _ in range(700):  # ids that are used up
            client.ask("put 0 0 60", b"x")
            client.ask("reserve-with-timeout 0")
        await client.drain()
        for _ in range(700):
            await client.answer()
            job = await client.answer()
            client.ask(f"delete {job.number}")
        await client.drain()
        for _ in range(700):
            await client.answer()
        await client.asked("put 0 0 60", message(1))
        held = await client.asked("reserve-with-timeout 0")
        await client.asked("put 0 0 60", message(2))
        buried = await client.asked("reserve-with-timeout 0")
        await client.asked(f"bury {buried.number} 0")
        await client.asked("put 0 3600 60", message(3))
        await client.asked("put 7 0 60", message(4))
        await client.asked("put 0 0 60", message(5))
        async with recording(tmp_path / "out", server.url(mode="observe")) as running:
            assert await running.kept(5) == messages(5, first=1)
            assert running.counters.missed == 0
        assert held.word == "RESERVED"
        assert await numbers(server) == {"ready": 2, "reserved": 1, "buried": 1}
        client.close()

    asyncio.run(scenario())


def test_large_jobs(server, tmp_path):
    large = json.dumps(frame_value(1, user_data="x" * 10_000_000)).encode()
    too_large = json.dumps(frame_value(2, user_data="x" * (17 << 20))).encode()

    async def scenario():
        await put(server, large, too_large, message(3))
        async with recording(tmp_path / "out", server.url()) as running:
            assert await running.kept(2) == [large, message(3)]
            await until(lambda: running.counters.refused == 1)
            assert "buried" in running.counters.last_error
        assert await numbers(server) == {"ready": 0, "reserved": 0, "buried": 1}

    asyncio.run(scenario())


def test_a_tube_that_does_not_exist_yet(server, tmp_path):
    async def scenario():
        async with recording(tmp_path / "out", server.url("new", "observe")) as running:
            await until(lambda: running.counters.state == "observing")
            await put(server, *messages(3), tube="new")
            assert await running.kept(3) == messages(3)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "answer",
    [
        b"220 smtp\r\n" * 9,
        b"RESERVED 1\r\n",
        b"OK 99999999999999999999999\r\n",
        b"OK x\r\n",
        b"x" * 3_000_000,
        b"",
    ],
)
@pytest.mark.parametrize("mode", ["consume", "observe"])
def test_a_server_that_speaks_something_else(tmp_path, answer, mode):
    async def scenario():
        async def serve(reader, writer):
            with suppress(OSError):
                await reader.readline()
                writer.write(answer)
                writer.write_eof()
                await reader.read()
            writer.transport.abort()

        other = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = other.sockets[0].getsockname()[1]
        url = f"beanstalkd://127.0.0.1:{port}/alprd?mode={mode}"
        async with recording(tmp_path / "out", url) as running:
            await until(lambda: running.counters.last_error)
            assert not running.task.done()
        other.close()
        await other.wait_closed()

    asyncio.run(scenario())


def test_a_size_that_is_claimed_is_not_believed():
    async def scenario():
        reader = asyncio.StreamReader()
        reader.feed_data(b"RESERVED 7 999999999999\r\nabc")
        reader.feed_eof()
        client = Beanstalkd(reader, None)
        answer = await client.answer()
        assert (answer.word, answer.number, answer.body) == ("RESERVED", 7, None)
        reader = asyncio.StreamReader()
        reader.feed_data(b"RESERVED 7\r\n")
        with pytest.raises(ProtocolError):
            await Beanstalkd(reader, None).answer()

    asyncio.run(scenario())
