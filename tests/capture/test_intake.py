"""Reading in child processes: order, cancelling, death, back-pressure."""

import json
import os
import queue
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alprviewer.capture import child as child_module
from alprviewer.capture import intake as module
from alprviewer.capture.capture import Capture
from alprviewer.capture.intake import Intake, follow, load, plan
from alprviewer.core.errors import SourceError
from alprviewer.sources.messages import Finished, Started
from alprviewer.sources.paths import SourceFile
from tests.helpers import leaks
from tests.helpers.reading import capture_of, frame_value

FRAMES = 40_000


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Some thousand frames, of different cameras."""
    path = tmp_path_factory.mktemp("large") / "large.jsonl"
    lines = [
        json.dumps(frame_value(n, (f"P{n % 500}",), camera_id=n % 5), separators=(",", ":"))
        for n in range(1000)
    ]
    path.write_text("\n".join(lines * (FRAMES // 1000)) + "\n")
    return path


def opened(*paths, **options) -> tuple[Capture, Intake]:
    capture = Capture()
    files = [(capture.add(SourceFile(str(path), path)), path) for path in paths]
    return capture, Intake(plan(files, **options))


def first(intake: Intake, kind: type) -> object:
    while not isinstance(message := intake.next(timeout=30), kind):
        assert message is not None
    return message


def test_load_is_what_reading_here_gives(large, tmp_path):
    other = tmp_path / "other.json"
    other.write_text(json.dumps(frame_value(5)) + "\n{broken\nnoise\n")
    loaded, here = load([str(large), str(other)]), capture_of(large, other)
    assert loaded.owned == here.owned
    for name in ("frames", "reads", "candidates", "problems"):
        one, two = getattr(loaded.columns, name), getattr(here.columns, name)
        assert len(one) == len(two)
        for column in set(one.names) - {"plate", "margin"}:
            assert one.column(column).tobytes() == two.column(column).tobytes(), (name, column)
    codes = (loaded.columns.reads.column("plate"), here.columns.reads.column("plate"))
    texts = [
        [c.columns.text("plate", code) for code in codes[n][-500:].tolist()]
        for n, c in enumerate((loaded, here))
    ]
    assert texts[0] == texts[1]


def test_sources_finish_in_order(large, tmp_path):
    small = tmp_path / "small.json"
    small.write_text("{}")
    capture, intake = opened(small, large, small)
    found = [message for message in follow(capture, intake) if isinstance(message, (Started, Finished))]
    intake.close()
    assert [(type(message), message.source) for message in found] == [
        (kind, source) for source in range(3) for kind in (Started, Finished)
    ]


def test_nothing_has_come_yet(large):
    _, intake = opened(large)
    with pytest.raises(queue.Empty):
        intake.next()
    intake.close()


def test_no_files():
    intake = Intake(plan([]))
    assert intake.next(timeout=None) is None
    intake.close()


@pytest.mark.parametrize("when", ["at once", "started", "in the middle", "read to the end"])
def test_cancel_leaves_nothing_behind(large, when):
    before = leaks.running()
    capture, intake = opened(large, large)
    if when == "started":
        first(intake, Started)
    elif when == "in the middle":
        while len(capture.columns.frames) < 1000:
            capture.apply(intake.next(timeout=30))
    elif when == "read to the end":
        for _ in follow(capture, intake):
            pass
    intake.close()
    assert leaks.running().keys() == before.keys()
    capture.fail_unfinished("Reading was cancelled.")
    assert capture.finished
    assert len(capture.columns.reads) == len(capture.columns.frames)


def test_closing_twice_is_closing(large):
    _, intake = opened(large)
    intake.close()
    intake.close()


def test_a_killed_child_is_reported_and_its_rows_are_kept(large, monkeypatch):
    monkeypatch.setattr(child_module, "_QUEUE_MESSAGES", 1)
    capture, intake = opened(large, part=1 << 30)
    capture.apply(first(intake, Started))
    (child,) = leaks.children()
    os.kill(child, signal.SIGKILL)
    for _ in follow(capture, intake):
        pass
    intake.close()
    (source,) = capture.sources
    assert source.failure == "The process that reads files ended unexpectedly."
    assert len(capture.columns.frames) < FRAMES


def test_a_full_queue_holds_the_child_up(large, tmp_path, monkeypatch):
    """Nobody takes messages: the child must stop reading, and memory must not grow with the file."""
    many = tmp_path / "many.jsonl"
    many.write_bytes(large.read_bytes() * 2)
    monkeypatch.setattr(child_module, "_QUEUE_MESSAGES", 1)
    _, intake = opened(many, part=1 << 30)
    try:
        (child,) = leaks.children()
        _wait_until_asleep(child)
        assert _bytes_read(child) < many.stat().st_size
    finally:
        intake.close()


def _wait_until_asleep(child: int) -> None:
    deadline = time.monotonic() + 40
    read = -1
    while (now := _bytes_read(child)) != read or now == 0 or not _is_asleep(child):
        assert time.monotonic() < deadline, "the child never waits"
        read = now
        a_moment()


def a_moment():
    """Let the child run: a short computation of another process."""
    subprocess.run([sys.executable, "-I", "-S", "-c", "sum(range(10**6))"], check=True)


def _bytes_read(pid: int) -> int:
    return int(Path(f"/proc/{pid}/io").read_text().split()[1])


def _is_asleep(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat").read_text()
    return stat[stat.rindex(")") + 2] == "S"


def test_a_file_that_cannot_be_read_among_others(large, tmp_path):
    gone = tmp_path / "gone.jsonl"
    capture, intake = opened(gone, large)
    for _ in follow(capture, intake):
        pass
    intake.close()
    assert capture.sources[0].failure == f"There is no file {gone}."
    assert (capture.sources[1].failure, len(capture.columns.frames)) == ("", FRAMES)


def test_nothing_that_can_be_read(tmp_path, monkeypatch):
    path = tmp_path / "gone.jsonl"
    monkeypatch.setattr(module, "expand", lambda _: [SourceFile("gone.jsonl", path)])
    with pytest.raises(SourceError, match="There is no file"):
        load(["gone.jsonl"])


def test_the_folder_of_the_caller_does_not_matter(large, monkeypatch, tmp_path):
    monkeypatch.chdir(large.parent)
    capture, intake = opened(Path("large.jsonl"))
    monkeypatch.chdir(tmp_path)
    for _ in follow(capture, intake):
        pass
    intake.close()
    assert capture.sources[0].failure == ""


def test_a_name_that_is_no_text(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff\xfe.json")
    path.write_bytes(json.dumps(frame_value(1)).encode())
    assert len(load([str(path)]).columns.frames) == 1
