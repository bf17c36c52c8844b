"""The child that decodes, and its messages."""

import io
import json
import subprocess
import sys

import pytest

from alprviewer.core.builder import BatchBuilder
from alprviewer.sources.jobs import Job
from alprviewer.sources.messages import Arrived, Crashed, Finished, PartRead, Started, receive, send
from tests.helpers.reading import frame_value

COMMAND = [sys.executable, "-m", "alprviewer.sources.decoder"]


def messages(stream):
    found = []
    while (message := receive(stream)) is not None:
        found.append(message)
    return found


def run(job, environment, **options):
    done = subprocess.run(
        COMMAND, input=json.dumps(job).encode(), env=environment, capture_output=True, check=False, **options
    )
    return done.returncode, messages(io.BytesIO(done.stdout)), done.stderr


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "frames.jsonl"
    path.write_text("".join(json.dumps(frame_value(n)) + "\n" for n in range(20)))
    return path


def test_messages_come_back_as_they_were_sent():
    sent = [Started(0, "gzip", 7), Arrived(0, BatchBuilder().build(1, 2)), Finished(0, "x"), Crashed("t")]
    pipe = io.BytesIO()
    for message in sent:
        send(pipe, message)
    pipe.seek(0)
    found = messages(pipe)
    assert [type(message) for message in found] == [type(message) for message in sent]
    assert (found[0], found[2], found[3]) == (sent[0], sent[2], sent[3])
    assert (found[1].batch.done, found[1].batch.total) == (1, 2)


@pytest.mark.parametrize("length", [0, 3, 8, 20])
def test_a_cut_message_is_the_end(length):
    pipe = io.BytesIO()
    send(pipe, Finished(1, "some sentence"))
    assert receive(io.BytesIO(pipe.getvalue()[:length])) is None


def test_the_child_without_qt(path, tmp_path, environment_without_qt):
    missing = str(tmp_path / "missing")
    jobs = [Job(0, str(path)), Job(1, missing), Job(2, str(path))]
    code, found, errors = run([5, jobs], environment_without_qt)
    assert (code, errors) == (0, b"")
    assert found[0] == Started(0, "", path.stat().st_size)
    arrived = [message for message in found if isinstance(message, Arrived)]
    assert {message.decoder for message in arrived} == {5}
    assert sum(len(message.batch.frames) for message in arrived) == 40
    assert [message for message in found if isinstance(message, PartRead)] == [
        PartRead(0),
        PartRead(1, failure=f"There is no file {missing}."),
        PartRead(2),
    ]


def test_a_bug_in_the_child_is_told_with_its_traceback(environment_without_qt):
    code, found, _ = run([0, [["no number", None]]], environment_without_qt)
    assert code == 1
    assert "Traceback" in found[-1].trace


def test_the_child_ends_when_nobody_listens(path, environment_without_qt):
    path.write_bytes(path.read_bytes() * 2000)
    with subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment_without_qt,
    ) as child:
        child.stdin.write(json.dumps([0, [Job(0, str(path))]]).encode())
        child.stdin.close()
        assert isinstance(receive(child.stdout), Started)
        child.stdout.close()
        assert child.wait(30) == 0
        assert child.stderr.read() == b""
