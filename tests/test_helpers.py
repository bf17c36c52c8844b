"""The helpers see what they are there to see."""

import logging
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QObject, QTimer

from tests.helpers import floors, leaks
from tests.helpers.logfail import ExpectedLogs


@pytest.fixture
def logs():
    """An ExpectedLogs that a logger of its own reports to."""
    expected = ExpectedLogs()
    logger = logging.getLogger("tests.helpers.subject")
    logger.propagate = False
    logger.addHandler(expected)
    yield expected, logger
    logger.removeHandler(expected)


def test_a_warning_nobody_expected_is_a_complaint(logs):
    expected, logger = logs
    logger.info("all is well")
    logger.warning("disk %d %% full", 99)
    assert expected.complaints() == ["unexpected log: WARNING tests.helpers.subject: disk 99 % full"]


def test_an_expected_warning_is_none_but_its_absence_is(logs):
    expected, logger = logs
    expected(r"disk \d+ % full")
    expected("never")
    logger.error("disk %d %% full", 99)
    assert expected.complaints() == ["expected but not logged: never"]


def test_a_running_thread_is_seen():
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="lingering")
    thread.start()
    assert leaks.running()[thread] == "thread lingering"
    end.set()
    thread.join()
    assert thread not in leaks.running()


def test_a_child_process_is_seen_until_it_is_waited_for():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert "input()" in leaks.running()[child.pid]
    child.communicate(b"\n")
    assert child.pid not in leaks.running()


@pytest.fixture(scope="module")
def server():
    """A process that lasts longer than a test."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield child
    child.communicate(b"\n")


def test_what_ran_before_the_test_is_none_of_its_children(server):
    assert server.pid in leaks.all_children()
    assert leaks.children() == {}


@pytest.mark.parametrize("owner", [None, QObject()])
def test_a_running_timer_is_seen(qapp, owner):
    timer = QTimer(owner)
    timer.setObjectName("beat")
    timer.start(1_000)
    assert "'beat'" in leaks.running()[timer]
    timer.stop()
    assert timer not in leaks.running()


def test_a_child_can_be_made_to_live_without_qt(environment_without_qt):
    command = [sys.executable, "-c", "import PySide6.QtCore"]
    done = subprocess.run(command, env=environment_without_qt, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Qt is made unimportable" in done.stderr


def test_each_layer_is_held_to_its_floor():
    def entry(lines: int, of: int) -> dict:
        return {"summary": {"covered_lines": lines, "num_statements": of}}

    percents = floors.reached(
        {
            "files": {
                "alprviewer/core/a.py": entry(10, 10),
                "alprviewer/core/b.py": entry(5, 10),
                "alprviewer/cli.py": entry(9, 10),
                "alprviewer/new/x.py": entry(1, 1),
            }
        }
    )
    assert percents == {"core": 75.0, "cli": 90.0, "new": 100.0}
    assert floors.complaints(percents, {"core": 80, "cli": 90, "gone": 50}) == [
        "core: 75.0 % covered, the floor is 80 %",
        "new: has no floor in pyproject.toml",
        "gone: has a floor, but no code ran",
    ]
