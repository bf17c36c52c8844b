"""Many rows are sorted by a worker; the newest wish wins."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtTest import QAbstractItemModelTester

from alprviewer.capture.capture import Capture
from alprviewer.models import rowsmodel
from alprviewer.models.roworders import GrowingRows, KeptOrders, places_of
from alprviewer.sources.paths import SourceFile
from alprviewer.store.select import SortKey, order
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
        "Order",
        lambda *args, real=rowsmodel.Order: (threads.append(threading.current_thread()), real(*args))[1],
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

    def slow(*args, real=rowsmodel.Order):
        gate.wait(10)
        passed.set()
        return real(*args)

    monkeypatch.setattr(rowsmodel, "Order", slow)
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

    def slow(*args, real=rowsmodel.Order):
        gate.wait(10)
        return real(*args)

    monkeypatch.setattr(rowsmodel, "Order", slow)
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

    monkeypatch.setattr(rowsmodel, "Order", broken)
    with qtbot.waitSignals([model.sorting, model.sorting]):
        model.sort_by((SortKey("plate"),))
    assert not model.is_sorting


# --- the first rows before the others, orders that are kept


@pytest.mark.parametrize("looked_at", [None, 0, 31, 59])
def test_the_rows_about_the_one_looked_at_are_in_their_places_first(
    make, many, few_at_once, qtbot, monkeypatch, looked_at
):
    monkeypatch.setattr(rowsmodel, "_EARLY_ROWS", 5)
    gate = threading.Event()

    class Slow(rowsmodel.Order):
        def sequence(self):
            gate.wait(10)
            return super().sequence()

    model = make("reads", many)
    keys = (SortKey("confidence", descending=True),)
    expected = order(many.columns, "reads", keys).tolist()
    monkeypatch.setattr(rowsmodel, "Order", Slow)
    model.looked_at = looked_at
    with qtbot.waitSignal(model.rearranged):
        model.sort_by(keys)
    place = 0 if looked_at is None else expected.index(looked_at)
    first = min(max(place - 5, 0), 50)
    assert ids(model)[first : first + 10] == expected[first : first + 10]
    assert sorted(ids(model)) == list(range(60))
    assert model.is_sorting
    with qtbot.waitSignal(model.rearranged):
        gate.set()
    assert ids(model) == expected


def test_an_order_that_was_made_is_there_at_once(make, many, few_at_once, qtbot):
    model = make("reads", many)
    keys = (SortKey("plate"), SortKey("confidence", descending=True))
    with qtbot.waitSignal(model.rearranged):
        model.sort_by(keys)
    made = ids(model)
    model.sort_by(())
    model.sort_by(keys)
    assert not model.is_sorting
    assert ids(model) == made
    model.sort_by(())
    model.narrow(np.array([3, 4, 5, 9]), "four")
    with qtbot.waitSignal(model.rearranged):
        model.sort_by(keys)
    assert ids(model) == [row for row in made if row in (3, 4, 5, 9)]


def test_orders_are_forgotten_when_rows_come(make, many, few_at_once, qtbot):
    model = make("reads", many, filled=False)
    model.add_rows(range(40))
    keys = (SortKey("confidence"),)
    for known in (40, 60):
        with qtbot.waitSignal(model.rearranged):
            model.sort_by(keys)
        assert ids(model) == order(many.columns, "reads", keys, range(known)).tolist()
        model.add_rows(range(known, 60))


def test_kept_orders_are_bounded():
    kept = KeptOrders(most_bytes=100)
    for name in "abc":
        kept.keep((SortKey(name),), np.arange(10, dtype=np.uint32))
        assert kept.get((SortKey("a"),)) is not None
    assert kept.get((SortKey("b"),)) is None
    kept.keep((SortKey("d"),), np.arange(100, dtype=np.uint32))
    assert all(kept.get((SortKey(name),)) is None for name in "abcd")


def test_rows_that_come_one_by_one_are_not_copied_each_time():
    growing = GrowingRows()
    ids_now = np.array([5, 3], np.uint32)
    before, copies = ids_now, 0
    for row in range(6, 5000):
        grown = growing.joined(ids_now, np.array([row]))
        copies += grown.base is not ids_now.base
        ids_now = grown
    assert ids_now.tolist() == [5, 3, *range(6, 5000)]
    assert before.tolist() == [5, 3]
    assert copies < 25


@given(st.permutations(range(30)), st.lists(st.integers(0, 29)))
def test_places_of_rows(ids_now, rows):
    found = places_of(np.array(rows, np.int64), np.array(ids_now, np.uint32))
    assert found.tolist() == [ids_now.index(row) for row in rows]
