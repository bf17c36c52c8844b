"""TCP, Unix sockets and standard input, with real peers."""

import asyncio
import json
import socket

import pytest

from alprviewer.core.errors import UserError
from alprviewer.sources.live.limits import Limits
from tests.helpers.disk import Disk
from tests.helpers.live import free_port, kept, message, messages, recording, rejected, until
from tests.helpers.reading import capture_of, frame_value


async def send(port, data):
    """Send bytes as a peer that then ends, and wait until the other side has read them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    await writer.drain()
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def cut(reader):
    """Wait until the other side ends a connection, gently or not; True if it said nothing."""
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


def test_lines_are_received(tmp_path):
    async def scenario():
        async with recording(tmp_path, "tcp-listen://:0") as running:
            assert running.said[0].endswith("for this machine alone.")
            await send(running.port, b"\n".join(messages(500)))
            assert await running.kept(500) == messages(500)
            assert running.counters.frames == 500
            assert running.counters.received_bytes == len(b"\n".join(messages(500)))

    asyncio.run(scenario())
    assert len(capture_of(tmp_path).columns.reads) == 500


def test_values_in_any_form_cut_anywhere(tmp_path):
    async def scenario():
        async with recording(tmp_path, "tcp-listen://:0") as running:
            _, writer = await asyncio.open_connection("127.0.0.1", running.port)
            text = (
                b"hello\r\n"
                + json.dumps(frame_value(1, agent_uid="Zürich"), indent=2, ensure_ascii=False).encode()
            )
            text += message(2) + message(3) + b"\n[" + message(4) + b"," + message(5) + b"]\n"
            for place in range(0, len(text), 97):
                writer.write(text[place : place + 97])
                await writer.drain()
            await running.kept(5)  # while the connection stays open
            writer.close()
            await writer.wait_closed()
        found = [json.loads(line)["epoch_time"] - 1_700_000_000_000 for line in kept(tmp_path)]
        assert found == [1, 2, 3, 4, 5]
        assert rejected(tmp_path) == b"hello\n"

    asyncio.run(scenario())


def test_what_has_arrived_when_it_ends_is_kept(tmp_path):
    async def scenario():
        async with recording(tmp_path, "tcp-listen://:0") as running:
            _, writer = await asyncio.open_connection("127.0.0.1", running.port)
            writer.write(b"\n".join(messages(300)) + b'\n{"cut": ')
            await writer.drain()
            await until(lambda: running.counters.received_bytes > 0)
            await running.end()
            assert kept(tmp_path)[:1] == messages(1)
            writer.close()

    asyncio.run(scenario())
    whole = kept(tmp_path)
    assert whole == messages(len(whole))


def test_a_client_reads_from_a_server_that_comes_and_goes(tmp_path):
    port = free_port()

    async def serve(lines):
        done = asyncio.Event()

        async def answer(reader, writer):
            writer.write(b"\n".join(lines) + b"\n")
            await writer.drain()
            writer.close()
            done.set()

        server = await asyncio.start_server(answer, "127.0.0.1", port)
        await done.wait()
        server.close()
        await server.wait_closed()

    async def scenario():
        async with recording(tmp_path, f"tcp://127.0.0.1:{port}") as running:
            await until(lambda: running.counters.last_error)
            assert "connection refused" in running.counters.last_error
            await serve(messages(20))
            await running.kept(20)
            await serve(messages(20, first=20))
            assert await running.kept(40) == messages(40)
            assert running.counters.made >= 2

    asyncio.run(scenario())


def test_a_unix_socket_listens_for_this_user_alone(tmp_path):
    path = tmp_path / "alpr.sock"

    async def scenario():
        async with recording(tmp_path / "out", f"unix-listen://{path}") as running:
            assert path.stat().st_mode & 0o777 == 0o600
            reader, writer = await asyncio.open_unix_connection(str(path))
            writer.write(message(1))
            writer.write_eof()
            await reader.read()
            await running.kept(1)
            writer.close()
            with pytest.raises(UserError, match="another program listens there"):
                async with recording(tmp_path / "other", f"unix-listen://{path}"):
                    pass
        assert not path.exists()

    asyncio.run(scenario())


def test_a_socket_file_that_a_crash_left_is_no_hindrance(tmp_path):
    path = tmp_path / "alpr.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))

    async def scenario():
        async with recording(tmp_path / "out", f"unix-listen://{path}", f"unix://{path}") as running:
            await until(lambda: running.counters.connections == 1)

    asyncio.run(scenario())


def test_a_file_in_the_place_of_a_socket_stays(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("mine")

    async def scenario():
        async with recording(tmp_path / "out", f"unix-listen://{path}"):
            pass

    with pytest.raises(UserError, match="no socket"):
        asyncio.run(scenario())
    assert path.read_text() == "mine"


def test_a_port_that_is_taken(tmp_path):
    async def scenario():
        with socket.create_server(("127.0.0.1", 0)) as taken:
            async with recording(tmp_path, f"tcp-listen://:{taken.getsockname()[1]}"):
                pass

    with pytest.raises(UserError, match="cannot be listened at"):
        asyncio.run(scenario())


def test_a_listener_for_everybody_says_so(tmp_path):
    async def scenario():
        async with recording(tmp_path, "tcp-listen://0.0.0.0:0") as running:
            assert running.said[0].endswith("for every machine that can reach it.")

    asyncio.run(scenario())


def test_two_sources_have_files_of_their_own(tmp_path):
    async def scenario():
        path = tmp_path / "s"
        async with recording(tmp_path / "out", "tcp-listen://:0", f"unix-listen://{path}") as running:
            await send(running.port, message(1))
            reader, writer = await asyncio.open_unix_connection(str(path))
            writer.write(message(1))
            writer.write_eof()
            await reader.read()
            writer.close()
            await until(lambda: all(counters.values == 1 for _, counters in running.recorder.counters))
        assert kept(tmp_path / "out") == [message(1)] * 2

    asyncio.run(scenario())


def test_a_full_disk_makes_the_sender_wait_and_loses_nothing(tmp_path):

    disk = Disk()

    async def scenario():
        async with recording(tmp_path, "tcp-listen://:0", spool=disk.options) as running:
            disk.fail()
            reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
            writer.write(b"\n".join(messages(2000)) + b"\n")
            await until(lambda: "disk is full" in running.counters.last_error)
            assert kept(tmp_path) == []
            disk.work()
            await writer.drain()
            writer.write_eof()
            await reader.read()
            assert await running.kept(2000) == messages(2000)
            writer.close()

    asyncio.run(scenario())


def test_what_cannot_be_kept_before_the_end_is_said_to_be_lost(tmp_path):
    disk = Disk()

    async def scenario():
        async with recording(tmp_path, "tcp-listen://:0", spool=disk.options) as running:
            disk.fail()
            _, writer = await asyncio.open_connection("127.0.0.1", running.port)
            writer.write(b"\n".join(messages(20)) + b"\n")
            await until(lambda: "disk is full" in running.counters.last_error)
            await running.end()
            assert (
                running.said[-1]
                == "20 values that had arrived could not be kept before the end; they are lost."
            )
            writer.close()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"a": "' + b"x" * 3_000_000, "no end"),
        (b'{"a": ' * 500_000, "no end"),
        (b"x\n" * 1_500_000, "no values"),
        (b'{"a":\n[\n' * 300_000, "no end"),
    ],
)
def test_what_does_not_end_is_sent_away_while_others_are_served(tmp_path, data, says):
    limits = Limits(message=1 << 20)

    async def scenario():
        async with recording(tmp_path, "tcp-listen://:0", limits=limits) as running:
            reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
            bad = asyncio.create_task(_write(writer, data))
            for number in range(20):
                async with asyncio.timeout(5):
                    await send(running.port, message(number))
            await bad
            assert await cut(reader)
            await until(lambda: running.counters.refused == 1)
            assert says in running.counters.last_error
            writer.close()
        assert kept(tmp_path) == messages(20)

    asyncio.run(scenario())


async def _write(writer, data):
    try:
        writer.write(data)
        await writer.drain()
    except ConnectionError:
        pass  # as it should be


def test_who_stops_inside_a_value_is_cut(tmp_path):
    async def scenario():
        async with recording(tmp_path, "tcp-listen://:0", limits=Limits(stalled_seconds=0.05)) as running:
            reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
            writer.write(message(1) + b'\n{"half')
            assert await cut(reader)
            assert "stopped in the middle" in running.counters.last_error
            writer.close()
        assert kept(tmp_path) == [message(1)]
        assert rejected(tmp_path) == b'{"half\n'

    asyncio.run(scenario())


def test_the_one_that_brought_nothing_for_longest_makes_room(tmp_path):
    async def scenario():
        async with recording(tmp_path, "tcp-listen://:0", limits=Limits(connections=3)) as running:
            idle = [await asyncio.open_connection("127.0.0.1", running.port) for _ in range(3)]
            await until(lambda: running.counters.connections == 3)
            idle[0][1].write(message(1))
            await running.kept(1)
            await send(running.port, message(2))
            await running.kept(2)
            assert await cut(idle[1][0])
            assert running.counters.refused == 1
            idle[0][1].write(message(3))
            await running.kept(3)
            for _, writer in idle:
                writer.close()

    asyncio.run(scenario())


def test_too_much_that_waits_for_its_end(tmp_path):
    limits = Limits(pending=1 << 20)

    async def scenario():
        async with recording(tmp_path, "tcp-listen://:0", limits=limits) as running:
            opened = [await asyncio.open_connection("127.0.0.1", running.port) for _ in range(8)]
            for _, writer in opened:
                await _write(writer, b'{"a": "' + b"x" * 300_000)
            await until(lambda: running.counters.refused >= 4)
            assert running.recorder._intakes[0].pending <= 1.5 * limits.pending
            await send(running.port, message(1))
            await running.kept(1)
            for _, writer in opened:
                writer.transport.abort()
            await until(lambda: running.counters.connections == 0)
            assert running.recorder._intakes[0].pending == 0

    asyncio.run(scenario())
