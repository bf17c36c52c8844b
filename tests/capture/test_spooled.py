"""Spool files in a capture: read up to where they are durable, and no farther."""

from __future__ import annotations

import os
import queue
import signal
import time
from pathlib import Path

import pytest

from alprviewer.capture.capture import Capture
from alprviewer.capture.following import Following
from alprviewer.capture.spooled import Spooled
from alprviewer.sources.messages import Durable
from tests.helpers.live import message, messages

URL = "http-listen://127.0.0.1:1"
PATIENCE_S = 30.0


class Show:
    """A capture that shows spool files."""

    def __init__(self) -> None:
        self.capture = Capture()
        self.spooled = Spooled(self.capture)
        self.following = Following(self.capture)

    def tell(self, path: Path, size: int) -> None:
        self.spooled.tell(URL, Durable(str(path), size))

    def look(self) -> bool:
        """Take a message; False where the child is gone."""
        self.spooled.ask(self.following)
        try:
            found = self.following._child.messages.get(timeout=0.05)
        except queue.Empty:
            return True
        if found is None:
            return False
        self.following.apply(found)
        return True

    def until(self, condition) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline
            assert self.look()

    @property
    def rows(self) -> list[int]:
        return self.capture.columns.frames.column("uuid_tail").tolist()


@pytest.fixture
def show():
    made = Show()
    yield made
    made.following.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "spool.jsonl"


def lines(*numbers: int) -> bytes:
    return b"".join(message(number) + b"\n" for number in numbers)


def times(*numbers: int) -> list[int]:
    return [1_700_000_000_000 + number for number in numbers]


def test_nothing_is_read_behind_what_is_durable(show, path):
    path.write_bytes(lines(0, 1, 2) + message(3)[:30])
    show.tell(path, len(lines(0)))
    show.until(lambda: show.rows == times(0))
    assert show.spooled.unread(URL) == 0
    show.tell(path, len(lines(0, 1)))
    assert show.spooled.unread(URL) == len(lines(1))
    show.until(lambda: show.rows == times(0, 1))
    os.truncate(path, len(lines(0, 1)))  # as a crash is cleared up
    with path.open("ab") as file:
        file.write(lines(7))
    show.tell(path, len(lines(0, 1, 7)))
    show.until(lambda: show.rows == times(0, 1, 7))
    assert len(show.capture.sources) == 1
    assert show.capture.problem_counts() == {}


def test_a_size_that_comes_late_moves_nothing_back(show, path):
    path.write_bytes(lines(0, 1))
    for size in (len(lines(0, 1)), len(lines(0))):
        show.tell(path, size)
    show.until(lambda: show.rows == times(0, 1))


def test_the_next_file_goes_on(show, tmp_path):
    for number in range(3):
        path = tmp_path / f"{number}.jsonl"
        path.write_bytes(lines(number))
        show.tell(path, len(lines(number)))
        show.until(lambda number=number: show.rows == times(*range(number + 1)))
    assert [show.spooled.url_of(number) for number in range(4)] == [URL] * 3 + [""]


def test_a_file_is_read_to_its_end_before_the_next_one_of_its_source(show, tmp_path):
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    one.write_bytes(lines(*range(3000)))
    two.write_bytes(lines(*range(3000, 3010)))
    show.tell(one, len(lines(*range(2000))))
    show.spooled.ask(show.following)
    show.tell(one, one.stat().st_size)
    show.tell(two, two.stat().st_size)
    show.until(lambda: len(show.rows) == 3010)
    assert show.rows == times(*range(3010))


def test_cameras_are_learned_from_heartbeats(show, path):
    beat = b'{"data_type":"heartbeat","timestamp":1,"video_streams":[{"camera_id":7,"camera_name":"Gate"}]}\n'
    path.write_bytes(beat)
    show.tell(path, len(beat))
    show.until(lambda: show.spooled.cameras(URL) == ["Gate"])


@pytest.mark.parametrize("kills", [3])
def test_a_child_that_is_killed_while_it_reads_is_replaced_and_no_row_comes_twice(show, path, kills):
    numbers = list(range(40_000))
    path.write_bytes(b"\n".join([*messages(len(numbers)), b""]))
    show.tell(path, path.stat().st_size)
    for kill in range(kills):
        wanted = len(numbers) // (kills + 2) * (kill + 1)
        show.until(lambda wanted=wanted: len(show.rows) >= min(wanted, 1))
        os.kill(show.following._child._process.pid, signal.SIGKILL)
        while show.look():
            pass
        show.following.close()
        show.following = Following(show.capture, show.spooled.restart())
    show.until(lambda: len(show.rows) >= len(numbers))
    assert show.rows == times(*numbers)
