"""Fails a test that leaves something running: threads, child processes, Qt timers, pools and windows.

What runs before a test began (a fixture of the module, the test runner's own) is not its fault.
What is about to end gets a moment to do so.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

GRACE_SECONDS = 2.0

# multiprocessing starts this helper once and keeps it for the life of the interpreter.
LASTING_CHILDREN = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


def pytest_collection_finish() -> None:
    """Set aside all that the modules made, so that looking through what the tests make stays quick."""
    gc.collect()
    gc.freeze()


def threads() -> dict[object, str]:
    """The Python threads that run, but those of Qt's, which only look like Python's."""
    return {
        thread: f"thread {thread.name}"
        for thread in threading.enumerate()
        if not isinstance(thread, threading._DummyThread)
    }


# Processes that ran when the test began: a server that a fixture of the session or of a module keeps.
_older: set[int] = set()


def children() -> dict[int, str]:
    """The processes that the test started and that have not ended or not been waited for.

    Which other tests this process has run before makes no difference.
    """
    return {number: text for number, text in all_children().items() if number not in _older}


def all_children() -> dict[int, str]:
    """The processes that this one started, whenever, and that have not ended or not been waited for."""
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text(errors="replace")
            state, parent = stat[stat.rindex(")") + 2 :].split()[:2]
            if int(parent) != os.getpid():
                continue
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (OSError, ValueError):
            continue  # it ended while we looked
        if not any(name in command for name in LASTING_CHILDREN):
            waited = " (ended, but nobody waited for it)" if state == "Z" else ""
            found[int(entry.name)] = f"process {entry.name}: {command.strip() or '?'}{waited}"
    return found


def kinds_of(base: type) -> set[type]:
    """A class and all that are derived from it: looking for them among many objects is quick."""
    return {base}.union(*map(kinds_of, base.__subclasses__()))


def qt_objects() -> dict[object, str]:
    """Timers and threads of Qt that run, windows that are shown; nothing where Qt is not loaded."""
    core = sys.modules.get("PySide6.QtCore")
    shiboken = sys.modules.get("shiboken6")
    if core is None or shiboken is None or core.QCoreApplication.instance() is None:
        return {}

    def name(thing: Any) -> str:
        parent = thing.parent()
        owner = f" of {parent.metaObject().className()} {parent.objectName()!r}" if parent else ""
        return f"{type(thing).__name__} {thing.objectName()!r}{owner}"

    found: dict[object, str] = {}
    timers, workers = kinds_of(core.QTimer), kinds_of(core.QThread)
    either = timers | workers
    for thing in [thing for thing in gc.get_objects() if type(thing) in either]:
        if not shiboken.isValid(thing):
            continue
        if type(thing) in timers and thing.isActive():
            found[thing] = f"{name(thing)}: runs, every {thing.interval()} ms"
        elif type(thing) in workers and thing.isRunning():
            found[thing] = f"{name(thing)}: runs"
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is not None and isinstance(core.QCoreApplication.instance(), widgets.QApplication):
        for window in widgets.QApplication.topLevelWidgets():
            if window.isVisible():
                found[window] = f"{name(window)}: still shown"
    if busy := core.QThreadPool.globalInstance().activeThreadCount():
        found["the global thread pool"] = f"the global QThreadPool: {busy} threads still work"
    return found


def running() -> dict[object, str]:
    """Everything that a test could have left behind."""
    return threads() | children() | qt_objects()


def settle() -> None:
    """Let go of what is only waiting to be deleted."""
    if (core := sys.modules.get("PySide6.QtCore")) and (application := core.QCoreApplication.instance()):
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
        application.processEvents()


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Compare what runs after the test with what ran before."""
    _older.clear()
    _older.update(all_children())
    before = running()
    yield
    settle()
    deadline = time.monotonic() + GRACE_SECONDS
    while left := [text for key, text in running().items() if key not in before]:
        if time.monotonic() > deadline:
            pytest.fail("left running:\n  " + "\n  ".join(left), pytrace=False)
        gc.collect()
        settle()
        time.sleep(0.02)
