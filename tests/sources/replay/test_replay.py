"""Replaying: what is sent, when, and to whom."""

import asyncio
import json
import time

import pytest

from alprviewer import cli
from alprviewer.sources.live.endpoint import TARGET_SCHEMES, parse
from alprviewer.sources.live.sources import Tls
from alprviewer.sources.paths import expand
from alprviewer.sources.replay.messages import Message, messages
from alprviewer.sources.replay.replayer import Pacing, Schedule, make_target, replay
from tests.helpers.live import beanstalkd, free_port, kept, needs_beanstalkd, recording, until
from tests.helpers.live import messages as frames
from tests.helpers.reading import frame_value
from tests.helpers.realdata import SAMPLE


def of(*values):
    return [Message(json.dumps(value).encode(), value["epoch_time"]) for value in values]


class Noted:
    """A target that notes what comes and when."""

    def __init__(self):
        self.data = []
        self.times = []

    async def send(self, data):
        self.data.append(data)
        self.times.append(time.monotonic())

    async def finish(self):
        self.times.append(None)


def sent(found, schedule, **clocks):
    target = Noted()
    asyncio.run(replay(found, target, schedule, **clocks))
    assert target.times.pop() is None
    return target


def test_a_capture_is_sent_whole():
    found = list(messages(expand([str(SAMPLE)])))
    lines = [line for line in SAMPLE.read_bytes().splitlines() if line.startswith(b"{")]
    assert len(found) == 1134
    assert all(b"\n" not in message.data for message in found)
    assert sum(message.at is not None for message in found) > 1120
    assert {message.data for message in found} >= {
        line for line in lines if b"alpr_results" in line and b"," in line[-1:]
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_any_form_becomes_lines(tmp_path, encoding):
    values = [frame_value(number) for number in range(3)]
    text = "\ufeff" + "\n".join(json.dumps(value, indent=1) for value in values)
    (tmp_path / "a.json").write_bytes(text.encode(encoding))
    found = list(messages(expand([str(tmp_path / "a.json")])))
    assert [json.loads(message.data) for message in found] == values
    assert [message.at for message in found] == [value["epoch_time"] for value in values]


def test_times_are_moved_and_nothing_else():
    value = {
        "epoch_time": 1_700_000_000_000,
        "epoch_start": 1_700_000_000_005,
        "uuid": "A-1700000000000",
        "x": 12,
    }
    moved = Message(json.dumps(value).encode(), 1_700_000_000_000).moved(1000)
    assert json.loads(moved.data) == value | {
        "epoch_time": 1_700_000_001_000,
        "epoch_start": 1_700_000_001_005,
    }
    assert moved.at == 1_700_000_001_000


def test_a_rate():
    target = sent(of(*(frame_value(number) for number in range(31))), Schedule(Pacing.RATE, 100.0))
    lasted = target.times[-1] - target.times[0]
    assert lasted >= 0.29
    assert target.times == sorted(target.times)


def test_real_time_keeps_distances_also_out_of_order():
    found = of(*(frame_value(offset) for offset in (0, 100, 50, 250)))
    target = sent(found, Schedule(Pacing.REALTIME))
    begun = target.times[0]
    assert target.times[1] - begun >= 0.1
    assert target.times[3] - begun >= 0.25


@pytest.mark.parametrize("pacing", Pacing)
def test_moved_to_now(pacing):
    found = of(frame_value(0), frame_value(40))
    target = sent(found, Schedule(pacing, 50.0, to_now=True), now=lambda: 1_800_000_000.0)
    times = [json.loads(data)["epoch_time"] for data in target.data]
    assert times == [1_800_000_000_000, 1_800_000_000_000 + (40 if pacing is Pacing.REALTIME else 0)]


async def send_all(url, lines, said=None):
    async with make_target(
        parse(url, TARGET_SCHEMES), "", Tls(), ([] if said is None else said).append
    ) as target:
        for line in lines:
            await target.send(line)
        await target.finish()
        return target.sent


@pytest.mark.parametrize("scheme", ["http", "tcp", "beanstalkd"])
def test_a_receiver_that_is_not_there_is_told_once(scheme):
    url, said = f"{scheme}://127.0.0.1:{free_port()}", []

    async def scenario():
        target = make_target(parse(url, TARGET_SCHEMES), "", Tls(), said.append)
        async with target:
            sending = asyncio.create_task(replay(of(frame_value(0)), target, Schedule()))
            await until(lambda: target.sent.retries >= 4)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    asyncio.run(scenario())
    (sentence,) = said
    assert sentence.startswith(url)
    assert "does not take messages: connection refused. Trying again" in sentence


def test_posts_are_repeated_until_they_are_answered(tmp_path):
    port = free_port()

    async def scenario():
        said = []
        sending = asyncio.create_task(send_all(f"http://127.0.0.1:{port}/x", frames(40), said))
        await until(lambda: said)
        async with recording(tmp_path, f"http-listen://:{port}") as running:
            found = await sending
            assert (found.sent, found.acknowledged, found.refused) == (40, 40, 0)
            assert running.counters.made >= 4
        assert sorted(kept(tmp_path)) == sorted(frames(40))

    asyncio.run(scenario())


def test_a_token_of_posts_and_of_messages(tmp_path):
    async def scenario():
        async with recording(tmp_path / "a", "http-listen://:0", token="abc") as running:
            url = f"http://127.0.0.1:{running.port}/"
            endpoint = parse(url, TARGET_SCHEMES)
            for token, taken in (("abc", True), ("x", False)):
                async with make_target(endpoint, token, Tls(), print) as target:
                    await target.send(frames(1)[0])
                    await target.finish()
                assert (target.sent.acknowledged, target.sent.refused) == (taken, not taken)
        port = free_port()
        endpoint = parse(f"ws-listen://127.0.0.1:{port}", TARGET_SCHEMES)
        for token, other in (("abc", "x"), ("x", "x")):
            serving = make_target(endpoint, "x", Tls(), lambda _text: None)
            receiving = recording(tmp_path / token, f"ws://127.0.0.1:{port}", token=token)
            async with serving as target, receiving as running:
                if token == other:
                    await target.send(frames(1)[0])
                    await running.kept(1)
                else:
                    await until(lambda running=running: "401" in running.counters.last_error)

    asyncio.run(scenario())


def test_encrypted_posts(tmp_path, certificate):
    cert = str(certificate / "cert.pem")
    tls = Tls(cert, str(certificate / "key.pem"), cert)

    async def scenario():
        async with recording(tmp_path, "https-listen://localhost:0", tls=tls) as running:
            endpoint = parse(f"https://localhost:{running.port}/", TARGET_SCHEMES)
            async with make_target(endpoint, "", tls, print) as target:
                await target.send(frames(1)[0])
                await target.finish()
            assert await running.kept(1) == frames(1)

    asyncio.run(scenario())


@needs_beanstalkd
def test_jobs(tmp_path):
    async def scenario(server):
        url = f"beanstalkd://127.0.0.1:{server.port}/alprd"
        found = await send_all(url, frames(200))
        assert found.acknowledged == 200
        found = await send_all(url, [b"x" * (1 << 25) + b"x"])
        assert (found.acknowledged, found.refused) == (0, 1)
        async with recording(tmp_path / "out", f"{url}?mode=consume") as running:
            assert await running.kept(200) == frames(200)

    with beanstalkd(tmp_path / "jobs") as server:
        asyncio.run(scenario(server))


@pytest.mark.parametrize("scheme", ["tcp", "unix", "ws"])
def test_others_connect_and_get_what_is_sent(tmp_path, scheme):
    place = str(tmp_path / "s") if scheme == "unix" else f"127.0.0.1:{free_port()}"

    async def scenario():
        async with recording(tmp_path / "out", f"{scheme}://{place}") as running:
            said = []
            found = await send_all(f"{scheme}-listen://{place}", frames(300), said)
            assert found.sent == 300
            assert said[0].startswith("Waiting at")
            assert await running.kept(300) == frames(300)

    asyncio.run(scenario())


def test_lines_go_on_when_the_listener_comes_back(tmp_path):
    port = free_port()

    async def scenario():
        endpoint = parse(f"tcp://127.0.0.1:{port}", TARGET_SCHEMES)
        async with make_target(endpoint, "", Tls(), print) as target:
            async with recording(tmp_path, f"tcp-listen://:{port}") as running:
                await target.send(frames(1)[0])
                await running.kept(1)
            number = 1
            async with recording(tmp_path, f"tcp-listen://:{port}") as running:
                while running.counters.values == 0:  # what went into the broken connection is lost
                    await target.send(frames(1, first=number)[0])
                    number += 1
                await target.finish()
            assert target.sent.retries > 0
        assert number - len(kept(tmp_path)) < 50

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--to", "ftp://x"], 2, "begin with one of"),
        (["--to", "tcp://h:1", "--rate", "0"], 2, "messages a second"),
        (["--to", "tcp://h:1", "--rate", "1/s", "--max"], 2, "not allowed with"),
        ([], 2, "--to"),
        (["--to", "tcp-listen://203.0.113.1:1"], 1, "cannot be listened at"),
    ],
)
def test_wrong_usage(capsys, words, code, says):
    assert cli.run(["replay", str(SAMPLE), *words]) == code
    assert says in capsys.readouterr().err
