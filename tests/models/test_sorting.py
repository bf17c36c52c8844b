"""Many rows are sorted by a worker; the newest wish wins."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtTest import QAbstractItemModelTester

from alprviewer.capture.capture import Capture
from alprviewer.models import rowsmodel
from alprviewer.sources.paths import SourceFile
from alprviewer.store.select import SortKey
from tests.helpers.modelrows import cell, ids, plates
from tests.helpers.opening import captured, frame, messages, write

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    values = [frame(f"P{n % 7}", 1782889214972 + n, confidence=60.0 + n % 11) for n in range(60)]
    return captured(write(tmp_path_factory.mktemp("many") / "a.jsonl", values))


# --- the worker that sorts many rows


@pytest.fixture
def few_at_once(monkeypatch):
    """Even small tables are sorted by the worker."""
    monkeypatch.setattr(rowsmodel, "_SYNCHRONOUS_ROWS", 3)


def test_many_rows_are_sorted_off_the_ui_thread(make, many, few_at_once, qtbot, monkeypatch):
    model = make("reads", many)
    threads = []
    monkeypatch.setattr(
        rowsmodel,
        "order",
        lambda *args, real=rowsmodel.order: (threads.append(threading.current_thread()), real(*args))[1],
    )
    with qtbot.waitSignal(model.rearranged):
        model.sort_by((SortKey("plate"),))
        assert model.is_sorting
        assert ids(model) == list(range(60))
    assert not model.is_sorting
    assert plates(model) == sorted(plates(model))
    assert threads != [threading.main_thread()]


def test_the_newest_sort_wins(make, many, few_at_once, qtbot):
    model = make("reads", many)
    for name in ("plate", "epoch_time", "margin", "confidence"):
        model.sort_by((SortKey(name, descending=True),))
    qtbot.waitUntil(lambda: not model.is_sorting)
    confidences = [float(cell(model, row, "confidence")) for row in range(60)]
    assert confidences == sorted(confidences, reverse=True)


@pytest.mark.parametrize("what", ["unsort", "narrow", "capture"])
def test_a_sort_that_is_no_longer_wanted_is_dropped(make, many, few_at_once, qtbot, monkeypatch, what):
    gate, passed = threading.Event(), threading.Event()

    def slow(*args, real=rowsmodel.order):
        gate.wait(10)
        passed.set()
        return real(*args)

    monkeypatch.setattr(rowsmodel, "order", slow)
    model = make("reads", many)
    model.sort_by((SortKey("plate"),))
    if what == "unsort":
        model.sort_by(())
        wanted = list(range(60))
    elif what == "narrow":
        gate.set()
        qtbot.waitUntil(passed.is_set)
        gate.clear()
        monkeypatch.undo()
        model.narrow(np.array([7, 8]), "two")
        wanted = [7, 8]
    else:
        model.set_capture(Capture())
        wanted = []
    gate.set()
    assert not model.is_sorting
    qtbot.waitUntil(lambda: ids(model) == wanted)


def test_rows_that_arrive_while_the_worker_sorts_follow_at_the_end(
    make, tmp_path, few_at_once, qtbot, monkeypatch
):
    paths = [
        write(tmp_path / f"{n}.jsonl", [frame(p) for p in texts]) for n, texts in enumerate(["dcba", "ZY"])
    ]
    capture = captured(paths[0])
    model = make("reads", capture)
    gate = threading.Event()

    def slow(*args, real=rowsmodel.order):
        gate.wait(10)
        return real(*args)

    monkeypatch.setattr(rowsmodel, "order", slow)
    model.sort_by((SortKey("plate"),))
    source = capture.add(SourceFile(str(paths[1]), paths[1]))
    for message in messages(paths[1], source):
        model.add_rows(capture.apply(message).reads)
    with qtbot.waitSignal(model.rearranged):
        gate.set()
    assert "".join(plates(model)) == "abcdZY"
    with qtbot.waitSignal(model.rearranged):
        model.resort()
    assert "".join(plates(model)) == "abcdYZ"


def test_a_bug_in_sorting_is_logged_and_ends_the_wait(
    make, many, few_at_once, qtbot, monkeypatch, expected_logs
):
    expected_logs("sort reads thread failed")
    model = make("reads", many)

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(rowsmodel, "order", broken)
    with qtbot.waitSignals([model.sorting, model.sorting]):
        model.sort_by((SortKey("plate"),))
    assert not model.is_sorting
