"""Opening sources in a child process, as the window does it."""

from __future__ import annotations

import gzip
import os
import signal

import pytest

from alprviewer.core.batch import CODED
from alprviewer.models import bridge
from alprviewer.models.bridge import Loader
from alprviewer.sources.messages import Crashed, Finished
from alprviewer.store.columns import Change
from tests.helpers.leaks import children
from tests.helpers.opening import REAL, SAMPLE, SAMPLE_COUNTS, captured, frame, needs_real, write

SECONDS = 20_000


@pytest.fixture
def loader(qtbot):
    made = Loader()
    yield made
    made.close()


def read_all(qtbot, loader, *names) -> None:
    with qtbot.waitSignal(loader.finished, timeout=SECONDS):
        loader.open([str(name) for name in names])


def counts(loader) -> dict[str, int]:
    columns = loader.capture.columns
    return {name: len(getattr(columns, name)) for name in SAMPLE_COUNTS}


def open_until_first_reads(qtbot, loader, path) -> None:
    loader.open([str(path)])
    qtbot.waitUntil(lambda: len(loader.capture.columns.reads) > 0, timeout=SECONDS)


def kill_children(number: int) -> None:
    for child in children():
        os.kill(child, number)


@pytest.fixture
def long_file(tmp_path):
    """A file that takes some time: the sample many times over."""
    path = tmp_path / "long.jsonl"
    data = SAMPLE.read_bytes()
    with path.open("wb") as file:
        for _ in range(12):
            file.write(data)
    return path


def test_the_sample_by_a_real_child(loader, qtbot):
    changes, opened, progress = [], [], []
    loader.rows_added.connect(changes.append)
    loader.opened.connect(opened.append)
    loader.progressed.connect(lambda *args: progress.append(args))
    read_all(qtbot, loader, SAMPLE)
    assert counts(loader) == SAMPLE_COUNTS
    assert opened == [loader.capture]
    assert not loader.loading
    assert loader.capture.finished
    assert loader.names == [str(SAMPLE)]
    ends = [change.reads.stop for change in changes if change.reads]
    assert ends == sorted(ends)
    assert ends[-1] == SAMPLE_COUNTS["reads"]
    assert [row for change in changes for row in change.reads] == list(range(ends[-1]))
    assert all(done <= total == SAMPLE.stat().st_size for done, total, _ in progress)
    assert children() == {}


def values(columns, table: str, name: str) -> list:
    """A column's values; behind codes, which depend on how the rows came in batches."""
    codes = getattr(columns, table).column(name).tolist()
    return [columns.text(CODED[name], code) for code in codes] if name in CODED else codes


def test_it_gives_the_same_rows_as_reading_in_this_process(loader, qtbot):
    read_all(qtbot, loader, SAMPLE)
    ours, theirs = loader.capture.columns, captured(SAMPLE).columns
    for table in ("reads", "frames", "siblings", "problems"):
        for name in getattr(ours, table).names:
            assert str(values(ours, table, name)) == str(values(theirs, table, name)), (table, name)


def test_many_files_stand_in_order(loader, qtbot, tmp_path):
    for number in range(40):
        write(tmp_path / f"{number:02}.jsonl", [frame(f"P{number:02}", 1782889214972 + number)])
    read_all(qtbot, loader, tmp_path)
    assert len(loader.capture.sources) == 40
    columns = loader.capture.columns
    codes = columns.reads.column("plate").tolist()
    assert [columns.text("plate", code) for code in codes] == [f"P{number:02}" for number in range(40)]
    assert columns.frames.column("source").tolist() == list(range(40))


def test_a_name_that_stands_for_nothing_leaves_the_capture_as_it_is(loader, qtbot, tmp_path):
    read_all(qtbot, loader, SAMPLE)
    before, refusals = loader.capture, []
    loader.refused.connect(refusals.append)
    for name in (tmp_path / "gone.jsonl", tmp_path / "*.gone", tmp_path):
        with qtbot.waitSignals([loader.refused, loader.finished], order="strict"):
            loader.open([str(name)])
        assert str(name) in refusals[-1]
    assert loader.capture is before
    assert loader.names == [str(SAMPLE)]


def test_a_file_that_vanishes_before_it_is_read(loader, qtbot, tmp_path):
    good, gone = write(tmp_path / "a.jsonl", [frame()]), write(tmp_path / "b.jsonl", [frame()])
    failures = []
    loader.failed.connect(failures.append)
    with qtbot.waitSignal(loader.finished, timeout=SECONDS):
        loader.opened.connect(lambda _: gone.unlink())
        loader.open([str(good), str(gone)])
    assert len(loader.capture.columns.reads) == 1
    assert len(failures) == 1
    assert "b.jsonl" in failures[0]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"no json at all\n", gzip.compress(b"", mtime=0)])
def test_a_file_without_results(loader, qtbot, tmp_path, data):
    path = tmp_path / "a.jsonl"
    path.write_bytes(data)
    read_all(qtbot, loader, path)
    assert counts(loader) == {"reads": 0, "frames": 0, "siblings": 0}
    assert loader.capture.sources[0].failure == ""


def test_cancelling_keeps_the_rows_that_are_there(loader, qtbot, long_file):
    open_until_first_reads(qtbot, loader, long_file)
    with qtbot.waitSignal(loader.finished):
        loader.cancel()
    rows = len(loader.capture.columns.reads)
    assert 0 < rows < 12 * SAMPLE_COUNTS["reads"]
    assert loader.capture.sources[0].failure == "Reading was cancelled."
    assert not loader.loading
    assert children() == {}
    loader.cancel()
    assert len(loader.capture.columns.reads) == rows


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_child_that_is_killed_is_told_and_the_rows_stay(loader, qtbot, long_file, number):
    failures = []
    loader.failed.connect(failures.append)
    open_until_first_reads(qtbot, loader, long_file)
    with qtbot.waitSignal(loader.finished, timeout=SECONDS):
        kill_children(number)
    assert len(failures) == 1
    assert "ended unexpectedly" in failures[0]
    assert len(loader.capture.columns.reads) > 0
    assert loader.capture.finished
    assert loader.capture.sources[0].failure == failures[0]


def test_a_child_that_cannot_be_started_is_told(loader, qtbot, monkeypatch):
    monkeypatch.setattr("alprviewer.capture.child.child_command", lambda _: ["/nowhere/python"])
    refusals = []
    loader.refused.connect(refusals.append)
    with qtbot.waitSignals([loader.refused, loader.finished], order="strict"):
        loader.open([str(SAMPLE)])
    assert "could not be started" in refusals[0]
    assert loader.capture.finished
    assert not loader.loading


def test_a_bug_in_the_child_is_a_bug_here(loader, qtbot, monkeypatch):
    """It reaches the handler of uncaught exceptions, and the sources are marked as not read to the end."""
    told = iter([Crashed("Traceback …")])

    class Broken:
        def __init__(self, _plan):
            pass

        def next(self):
            return next(told, None)

        def close(self):
            pass

    monkeypatch.setattr(bridge, "Intake", Broken)
    with qtbot.captureExceptions() as caught, qtbot.waitSignal(loader.finished):
        loader.open([str(SAMPLE)])
    assert "The decoder failed" in str(caught[0][1])
    assert "ended unexpectedly" in loader.capture.sources[0].failure


def test_opening_replaces_what_is_being_read(loader, qtbot, long_file, tmp_path):
    other = write(tmp_path / "other.jsonl", [frame("OTHER")])
    open_until_first_reads(qtbot, loader, long_file)
    first = loader.capture
    read_all(qtbot, loader, other)
    assert len(loader.capture.columns.reads) == 1
    assert loader.capture is not first
    assert children() == {}


def test_forgetting(loader, qtbot):
    with qtbot.waitSignal(loader.opened):
        loader.open([str(SAMPLE)])
    with qtbot.waitSignal(loader.opened) as opened:
        loader.forget()
    assert opened.args[0].sources == []
    assert loader.names == []
    assert not loader.loading
    assert children() == {}


def test_one_look_at_the_queue_has_a_budget(loader, qtbot, monkeypatch):
    """However much has come, the UI thread gets its turn after some milliseconds."""
    clock = iter(range(10_000))
    monkeypatch.setattr(bridge.time, "monotonic", lambda: next(clock) / 250)
    taken = []

    class Endless:
        def __init__(self, _plan):
            pass

        def next(self):
            taken.append(1)
            return Finished(0)

        def close(self):
            pass

    monkeypatch.setattr(bridge, "Intake", Endless)
    with qtbot.waitSignal(loader.opened):
        loader.open([str(SAMPLE)])
    taken.clear()
    loader._drain()
    assert 1 <= len(taken) <= 3


def test_children_are_held_up_while_nobody_takes_their_rows(loader, qtbot, long_file):
    """Full queues hold up the pipes and so the children: memory stays flat, nothing is lost."""
    with qtbot.waitSignal(loader.opened):
        loader.open([str(long_file)])
    loader._timer.stop()
    assert children()
    assert loader.capture.progress[0] == 0
    with qtbot.waitSignal(loader.finished, timeout=SECONDS):
        loader._timer.start()
    assert len(loader.capture.columns.reads) == 12 * SAMPLE_COUNTS["reads"]


def test_an_empty_message_is_no_change(loader):
    assert Change() == Change(range(0), range(5, 5))


@needs_real
def test_real_files_together(loader, qtbot):
    read_all(qtbot, loader, REAL / "us-passes.jsonl", REAL / "field")
    assert len(loader.capture.columns.frames) > 700
    assert len(loader.capture.sources) > 20
