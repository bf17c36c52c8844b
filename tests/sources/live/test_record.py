"""``alprviewer record`` as people run it: counters, ends, and what stays after SIGKILL."""

import asyncio
import collections
import json
import os
import re
import shutil
import socket
import subprocess

import pytest

from alprviewer import cli
from alprviewer.sources.spool.files import spool_files
from tests.helpers.journals import judged
from tests.helpers.live import (
    beanstalkd,
    free_port,
    kept,
    messages,
    needs_beanstalkd,
    recording,
)
from tests.helpers.reading import capture_of, frame_value
from tests.helpers.realdata import SAMPLE
from tests.helpers.recorders import COMMAND, RecordProcess, empty_queue, kill_and_start


def post(port, data):
    """The answer of a web server to one message, as bytes."""
    head = f"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(data)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head.encode() + data)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_without_qt_until_sigterm(tmp_path, environment_without_qt):
    recorder = RecordProcess("http-listen://:0", "--out", str(tmp_path), environment=environment_without_qt)
    recorder.ready()
    for data in messages(5):
        assert post(recorder.port, data).startswith(b"HTTP/1.1 200 ")
    assert recorder.end() == 0
    assert recorder.said[0].endswith("for this machine alone.")
    assert re.search(r"5 values \(5 frames\), 0.0 MB$", recorder.said[-1])
    assert kept(tmp_path) == messages(5)


@pytest.mark.parametrize(("words", "count"), [(["--frames", "3"], 3), (["--for", "0.2s"], 0)])
def test_it_ends_by_itself(tmp_path, words, count):
    recorder = RecordProcess("tcp-listen://:0", "--out", str(tmp_path), *words)
    recorder.ready()
    with socket.create_connection(("127.0.0.1", recorder.port)) as connection:
        connection.sendall(b"\n".join(messages(count)) + b"\n")
        assert recorder.wait() == 0
    assert len(kept(tmp_path)) == count


@pytest.mark.parametrize("how", ["pipe", "file"])
def test_standard_input(tmp_path, how):
    data = SAMPLE.read_bytes()
    command = [*COMMAND, "-", "--out", str(tmp_path)]
    if how == "pipe":
        done = subprocess.run(command, input=data, stderr=subprocess.PIPE, check=False)
    else:
        with SAMPLE.open("rb") as file:
            done = subprocess.run(command, stdin=file, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 0, done.stderr
    before, after = capture_of(SAMPLE), capture_of(tmp_path)
    assert len(after.columns.reads) == len(before.columns.reads)
    assert len(after.columns.frames) == len(before.columns.frames)


def test_a_file_with_judged_reads_is_never_deleted(tmp_path):
    """The journal is the user's own, as everywhere else."""
    one, other = frame_value(1), frame_value(2)
    (tmp_path / "alprviewer").mkdir()
    judged(tmp_path / "alprviewer", one)
    out = tmp_path / "out"
    names = ["stdin_2026-11-21T120000.000Z.jsonl", "stdin_2026-11-21T130000.000Z.jsonl"]
    out.mkdir()
    for name, frame in zip(names, (one, other), strict=True):
        (out / name).write_text(json.dumps(frame) + "\n")
    words, environment = (
        ["-", "--out", str(out), "--limit", "1"],
        os.environ | {"XDG_DATA_HOME": str(tmp_path)},
    )
    subprocess.run([*COMMAND, *words], input=messages(1)[0], env=environment, check=True)
    left = [path.name for path in spool_files(out)]
    assert left[0] == names[0]
    assert names[1] not in left
    assert len(left) == 2


def exported(capfdbinary, *words):
    assert cli.run(["export", "reads", "--format", "jsonl", *map(str, words)]) == 0
    rows = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    return [{name: row[name] for name in row if name not in ("source", "offset")} for row in rows]


def test_what_is_recorded_is_what_was_sent(tmp_path, capfdbinary):
    recorder = RecordProcess("tcp-listen://:0", "--out", str(tmp_path / "out"))
    recorder.ready()
    code = cli.run(["replay", str(SAMPLE), "--to", f"tcp://127.0.0.1:{recorder.port}", "--max"])
    assert code == 0
    assert recorder.end() == 0
    capfdbinary.readouterr()
    assert exported(capfdbinary, tmp_path / "out") == exported(capfdbinary, SAMPLE)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["tcp://127.0.0.1", "--out", "x"], "names no port"),
        (["tcp-listen://:0", "tcp-listen://:0", "--out", "x"], "named twice"),
        (["tcp-listen://:0", "--out", "x", "--token-env", "NOT_SET"], "NOT_SET"),
        (["https-listen://:0", "--out", "x"], "--tls-cert"),
        (["tcp-listen://:0", "--out", "x", "--for", "soon"], "expected a time"),
        (["tcp-listen://:0", "--out", "x", "--frames", "0"], "from 1 up"),
        (["tcp-listen://:0", "--out", "x", "--limit", "5q"], "expected a size"),
    ],
)
def test_wrong_usage(tmp_path, monkeypatch, capsys, words, says):
    monkeypatch.chdir(tmp_path)
    assert cli.run(["record", *words]) == 2
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_ends_it(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert cli.run(["record", f"tcp-listen://:{port}", "--out", str(tmp_path)]) == 1
    assert "cannot be listened at" in capsys.readouterr().err


def test_hostile_senders_cannot_flood_the_log(tmp_path):
    async def scenario():
        async with recording(tmp_path, "http-listen://:0") as running:
            for number in range(60):
                await asyncio.to_thread(post, running.port, b"")
                reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
                writer.write(b"DELETE / HTTP/1.1\r\nHost: x\r\n\r\n" if number % 2 else b"\0\r\n\r\n")
                await reader.read()
                writer.close()
            assert running.counters.refused == 60
            assert len(running.said) < 30

    asyncio.run(scenario())


def assert_each_once(folder, sent):
    """Every message is in the files once, and nothing else is."""
    counts = collections.Counter(kept(folder))
    assert {data for data, count in counts.items() if count > 1} == set()
    assert set(counts) == set(sent)
    capture = capture_of(folder)
    assert (len(capture.columns.frames), len(capture.columns.problems)) == (len(sent), 0)


@pytest.mark.uncounted
@pytest.mark.timeout(180)
def test_killed_while_messages_are_posted(tmp_path):
    place = f"127.0.0.1:{free_port()}"
    sent = kill_and_start(f"http-listen://{place}", tmp_path, f"http://{place}/", kills=3, seed=1)
    assert_each_once(tmp_path, sent)


@pytest.mark.uncounted
@needs_beanstalkd
@pytest.mark.timeout(180)
def test_killed_while_jobs_are_taken(tmp_path):
    with beanstalkd(tmp_path / "jobs") as server:
        target = server.url().partition("?")[0]
        sent = kill_and_start(server.url(), tmp_path / "out", target, kills=3, seed=2)
        empty_queue(server, tmp_path / "out")
        assert_each_once(tmp_path / "out", sent)


def _can_trace():
    if shutil.which("strace") is None:
        return False
    command = ["strace", "-o", os.devnull, "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _can_trace(), reason="needs strace, and the right to use it")
def test_the_system_calls_show_the_sync_before_the_answer(tmp_path):
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-y", "-e", "trace=fsync,write,sendto", "-s", "40", "-o", str(trace)]
    words = ["http-listen://:0", "--out", str(tmp_path / "out"), "--frames", "3"]
    recorder = RecordProcess(*words, prefix=strace)
    recorder.ready()
    for data in messages(3):
        assert post(recorder.port, data).startswith(b"HTTP/1.1 200 ")
    assert recorder.wait() == 0
    steps = []
    for line in trace.read_text().splitlines():
        if re.search(r"write\(\d+<[^>]*\.jsonl>", line):
            steps.append("append")
        elif re.search(r"fsync\(\d+<[^>]*\.jsonl>", line):
            steps.append("sync")
        elif "HTTP/1.1 200" in line:
            steps.append("answer")
    assert steps[:9] == ["append", "sync", "answer"] * 3, steps
