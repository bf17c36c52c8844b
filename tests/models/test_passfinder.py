"""Passes that are found off the UI thread while rows come."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from alprviewer.capture.cache import Cache
from alprviewer.capture.capture import Capture
from alprviewer.core.passes import PassRules
from alprviewer.models import passfinder as module
from alprviewer.models.passfinder import PassFinder
from alprviewer.sources.messages import Arrived
from alprviewer.sources.paths import SourceFile
from alprviewer.store.fingerprint import fingerprint
from alprviewer.store.passes import find, settled, unweighed
from alprviewer.store.passtable import pass_table
from tests.helpers.opening import SAMPLE, captured
from tests.helpers.reading import batch_of, items_of


@pytest.fixture
def finder(qtbot):
    made = PassFinder()
    yield made
    made.close()


@pytest.fixture(scope="module")
def lines():
    return SAMPLE.read_bytes().splitlines(keepends=True)


def begin(finder, capture):
    """The capture is about to be read."""
    finder.set_capture(capture)
    finder._loading = True


def done(qtbot, finder):
    qtbot.waitUntil(lambda: not finder.busy, timeout=60_000)


def add(capture, data, folder):
    capture.apply(Arrived(0, batch_of(items_of(data, folder))))


def test_all_passes_are_found_and_weighed(finder, qtbot):
    capture = captured(SAMPLE)
    finder.set_capture(capture)
    assert not finder.busy
    finder.add_rows()
    assert finder.is_finding
    finder.finish()
    done(qtbot, finder)
    assert not finder.is_finding
    wanted = find(capture.columns, PassRules())
    assert finder.passes.consensus == wanted.consensus
    assert finder.passes.table.tobytes() == wanted.table.tobytes()
    assert capture.passes is finder.passes
    assert len(capture.columns.passes) == len(pass_table(capture.columns, wanted))
    assert capture.columns.passes.rows.column("weighed").all()


def test_passes_are_there_before_they_are_weighed(finder, qtbot):
    seen = []
    capture = captured(SAMPLE)
    finder.changed.connect(lambda *_: seen.append(capture.columns.passes.rows.column("weighed").all()))
    finder.set_capture(capture)
    finder.finish()
    done(qtbot, finder)
    assert seen == [False, True]


def test_nothing_is_weighed_while_the_capture_is_read(finder, qtbot, lines, tmp_path):
    capture = captured(SAMPLE)
    begin(finder, capture)
    finder.add_rows()
    done(qtbot, finder)
    assert len(finder.passes) > 0
    assert not finder.passes.table["weighed"].any()
    finder.finish()
    done(qtbot, finder)
    assert finder.passes.table["weighed"].all()


def test_rows_that_come_later_give_the_same_passes_and_every_change_tells_the_rows(
    finder, qtbot, lines, tmp_path
):
    capture = Capture()
    capture.add(SourceFile("sample.jsonl", SAMPLE))
    known: list[int] = []

    def take(places, columns):
        table = capture.columns.passes
        firsts = table.rows.column("first_read").tolist()
        for before, now in enumerate(places.tolist()):
            if now >= 0:
                assert known[before] in table.reads_of(now).tolist()
        assert set(columns) == {"pass", "passreads", "consensus", "prob", "agree", "duration"}
        known[:] = firsts

    finder.changed.connect(take)
    finder.set_capture(capture)
    for first in range(0, 600, 200):
        add(capture, b"".join(lines[first : first + 200]), tmp_path)
        finder.add_rows()
        if first == 200:
            finder.finish()
            done(qtbot, finder)
    done(qtbot, finder)
    wanted = find(capture.columns, PassRules())
    assert finder.passes.table.tobytes() == wanted.table.tobytes()
    assert finder.passes.consensus == wanted.consensus


def test_passes_of_another_capture_are_forgotten(finder, qtbot, monkeypatch):
    started, gate = threading.Event(), threading.Event()

    def slow(*args, real=module.find, **more):
        started.set()
        gate.wait(10)
        return real(*args, **more)

    monkeypatch.setattr(module, "find", slow)
    first, second = captured(SAMPLE), Capture()
    finder.set_capture(first)
    finder.finish()
    qtbot.waitUntil(started.is_set)
    finder.set_capture(second)
    gate.set()
    done(qtbot, finder)
    assert finder.passes is None
    assert first.passes is None
    assert len(first.columns.passes) == 0


def test_other_rules_find_other_passes(finder, qtbot):
    capture = captured(SAMPLE)
    finder.set_capture(capture)
    finder.finish()
    done(qtbot, finder)
    before = len(finder.passes)
    finder.set_rules(PassRules(gap_ms=1))
    done(qtbot, finder)
    assert len(finder.passes) > before
    assert finder.passes.table["weighed"].all()


def test_a_capture_without_reads_has_none(finder, qtbot):
    finder.set_capture(Capture())
    finder.finish()
    done(qtbot, finder)
    assert finder.passes is None
    assert not finder.is_finding


def test_a_bug_is_no_endless_search(finder, qtbot, monkeypatch, expected_logs):
    expected_logs("find passes thread failed")
    monkeypatch.setattr(module, "find", lambda *_, **__: 1 / 0)
    finder.set_capture(captured(SAMPLE))
    with qtbot.waitSignal(finder.failed) as said:
        finder.finish()
    done(qtbot, finder)
    assert not finder.is_finding
    assert "passes could not be found" in said.args[0]


def test_a_consensus_that_cannot_be_found_is_said(finder, qtbot, monkeypatch, expected_logs):
    expected_logs("weigh passes thread failed")
    monkeypatch.setattr(module, "weighed", lambda *_: 1 / 0)
    finder.set_capture(captured(SAMPLE))
    with qtbot.waitSignal(finder.failed) as said:
        finder.finish()
    done(qtbot, finder)
    assert "no consensus" in said.args[0]
    assert len(finder.passes) > 0


def test_what_was_told_stays_as_it_was_while_weighing_goes_on(finder, qtbot, monkeypatch):
    monkeypatch.setattr(module, "_SHORTEST_WAIT_S", 0.0)
    seen, shown = [], threading.Event()

    def take(*_):
        seen.append(finder.passes)
        if finder.passes.table["weighed"].any():
            shown.set()

    def slowly(columns, passes, stopped, tell):
        known = unweighed(passes)
        for number in range(3):
            known.table["weighed"][number] = True
            tell(known)
            shown.wait(10)
            shown.clear()
        return settled(known)

    monkeypatch.setattr(module, "weighed", slowly)
    monkeypatch.setattr(module, "_WAITS", 0.0)
    finder.changed.connect(take)
    finder.set_capture(captured(SAMPLE))
    finder.finish()
    done(qtbot, finder)
    counts = [int(each.table["weighed"].sum()) for each in seen]
    assert counts == [0, 1, 2, 3, len(finder.passes)]


def test_closing_does_not_wait_for_the_end(qtbot):
    finder = PassFinder()
    finder.set_capture(captured(SAMPLE))
    finder.finish()
    finder.close()
    assert {"find passes", "weigh passes"}.isdisjoint(thread.name for thread in threading.enumerate())
    assert np.array_equal(finder._capture.columns.passes.row_of_read, [])


@pytest.fixture
def opened(tmp_path):
    """A capture as it is when its file was read: the cache knows what the file was."""

    def again() -> Capture:
        capture = captured(SAMPLE)
        now = fingerprint(SAMPLE)
        capture.sources[0].fingerprint, capture.sources[0].size = now, now.size
        return capture

    return again


def test_passes_that_were_kept_are_neither_found_nor_weighed_again(qtbot, tmp_path, opened, monkeypatch):
    answers = []
    for turn in range(2):
        finder = PassFinder()
        finder.cache = Cache(tmp_path / "cache", 1 << 30, worth=1)
        finder.set_capture(opened())
        finder.finish()
        done(qtbot, finder)
        answers.append((finder.passes.consensus, finder.passes.table.tobytes()))
        finder.close()
        if turn == 0:
            monkeypatch.setattr(module, "find", lambda *_, **__: 1 / 0)
            monkeypatch.setattr(module, "weighed", lambda *_: 1 / 0)
    assert answers[0] == answers[1]
    assert Cache(tmp_path / "cache", 1 << 30).clear() > 0, "they are cleared with the indexes"


def test_what_is_not_worth_it_is_not_kept(qtbot, finder, tmp_path, opened):
    finder.cache = Cache(tmp_path / "cache", 1 << 30)
    finder.set_capture(opened())
    finder.finish()
    done(qtbot, finder)
    assert not (tmp_path / "cache").exists()
