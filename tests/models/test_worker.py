"""One thread, the newest request wins."""

from __future__ import annotations

import threading

import pytest

from alprviewer.models.worker import Worker


@pytest.fixture
def worker(qtbot):
    made = Worker("test")
    yield made
    made.close()


@pytest.fixture
def answers(worker):
    found = []
    worker.answered.connect(found.append)
    return found


def test_an_answer_arrives_in_the_ui_thread(worker, qtbot):
    threads = []
    worker.answered.connect(lambda _: threads.append(threading.current_thread()))
    with qtbot.waitSignal(worker.answered) as answered:
        worker.submit(lambda: threading.current_thread().name)
        assert worker.busy
    assert answered.args == ["test"]
    assert threads == [threading.main_thread()]
    assert not worker.busy


def test_no_thread_before_the_first_request():
    worker = Worker("idle")
    assert "idle" not in {thread.name for thread in threading.enumerate()}
    worker.close()


def test_requests_that_wait_are_replaced(worker, answers, qtbot):
    started, gate = threading.Event(), threading.Event()
    ran = []

    def wait() -> None:
        started.set()
        gate.wait(10)

    worker.submit(wait)
    assert started.wait(10)
    for number in range(50):
        worker.submit(lambda number=number: ran.append(number) or number)
    gate.set()
    qtbot.waitUntil(lambda: not worker.busy)
    assert answers == [49]
    assert ran == [49]


def test_what_is_forgotten_is_not_answered(worker, answers, qtbot):
    started, gate, done = threading.Event(), threading.Event(), threading.Event()
    worker.submit(lambda: started.set() or (gate.wait(10) and done.set()))
    qtbot.waitUntil(started.is_set)
    worker.forget()
    assert not worker.busy
    gate.set()
    qtbot.waitUntil(done.is_set)
    with qtbot.waitSignal(worker.answered):
        worker.submit(lambda: "next")
    assert answers == ["next"]


def test_a_bug_in_a_request_does_not_end_the_thread(worker, answers, qtbot, expected_logs):
    expected_logs("A request of the test thread failed")
    with qtbot.waitSignal(worker.failed):
        worker.submit(lambda: 1 / 0)
    assert not worker.busy
    with qtbot.waitSignal(worker.answered):
        worker.submit(lambda: "alive")
    assert answers == ["alive"]


def test_a_failure_that_is_no_longer_the_newest_is_not_told(worker, qtbot, expected_logs):
    expected_logs("A request of the test thread failed")
    started, gate, told = threading.Event(), threading.Event(), []
    worker.failed.connect(lambda: told.append(True))

    def fail():
        started.set()
        gate.wait(10)
        raise ValueError

    worker.submit(fail)
    qtbot.waitUntil(started.is_set)
    with qtbot.waitSignal(worker.answered):
        worker.submit(lambda: None)
        gate.set()
    assert told == []


def test_closing_waits_for_the_thread_and_silences_it(qtbot):
    worker = Worker("closing")
    found = []
    worker.answered.connect(found.append)
    started, gate = threading.Event(), threading.Event()
    worker.submit(lambda: started.set() or gate.wait(10))
    qtbot.waitUntil(started.is_set)
    gate.set()
    worker.close()
    assert "closing" not in {thread.name for thread in threading.enumerate()}
    qtbot.waitUntil(lambda: True)
    assert found == []


def test_something_is_said_before_the_answer(qtbot):
    worker = Worker("test")
    said = []
    worker.told.connect(said.append)

    def work():
        worker.tell("soon")
        return "done"

    with qtbot.waitSignal(worker.answered) as answered:
        worker.submit(work)
    assert (said, answered.args) == (["soon"], ["done"])
    worker.close()


def test_what_an_old_request_says_is_dropped(qtbot):
    worker = Worker("test")
    said = []
    worker.told.connect(said.append)
    begun, gate = threading.Event(), threading.Event()

    wanted = []

    def slow():
        wanted.append(worker.is_wanted())
        begun.set()
        gate.wait(10)
        wanted.append(worker.is_wanted())
        worker.tell("late")

    worker.submit(slow)
    assert begun.wait(10)
    with qtbot.waitSignal(worker.answered):
        worker.submit(lambda: "new")
        gate.set()
    assert said == []
    assert wanted == [True, False]
    worker.close()
