"""A long day with the window: nothing piles up."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tests.helpers.leaks import children, threads
from tests.helpers.opening import frame, write

pytestmark = pytest.mark.uncounted

SELECTIONS = 1_000
OPENS = 8


def files() -> int:
    return len(list(Path(f"/proc/{os.getpid()}/fd").iterdir()))


def things(window) -> dict[str, int]:
    """What could grow."""
    QApplication.sendPostedEvents(None, 52)  # what waits to be deleted
    QApplication.processEvents()
    gc.collect()
    return {
        "threads": len(threads()),
        "children": len(children()),
        "timers": len([each for each in window.findChildren(QTimer) if each.isActive()]),
        "objects": len(window.findChildren(QObject)),
        "widgets": len(QApplication.allWidgets()),
        "windows": len([each for each in QApplication.topLevelWidgets() if isinstance(each, QWidget)]),
    }


ONCE = {"objects": 30, "widgets": 10}
"""What is made once, when it is first needed, or comes and goes, does not pile up."""


def wait_for_no_more(qtbot, window, before) -> dict[str, int]:
    """Wait until there is no more than before: a timer may be about to do its work. What there is then."""
    found: dict[str, int] = {}

    def is_no_more() -> None:
        found.update(things(window))
        grown = {name: found[name] - count for name, count in before.items() if found[name] > count}
        assert {name: more for name, more in grown.items() if more > ONCE.get(name, 0)} == {}

    qtbot.waitUntil(is_no_more, timeout=10_000)
    return found


def memory_kb() -> int:
    status = Path(f"/proc/{os.getpid()}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal there")
def test_references_of_none_stay(loaded, settle):
    table = loaded.browser.table("reads")

    def select() -> int:
        for row in range(40):
            table.show_row(row)
            loaded.grab()
        settle(loaded)
        gc.collect()  # what earlier tests have left holds some, too
        return sys.getrefcount(None)

    select()
    before = select()
    # The same rows are kept each time. PySide keeps a few references for each call, which harms nobody; what
    # aborts the program is losing them.
    assert -300 < select() - before < 2_000


def test_a_thousand_selections(loaded, settle, qtbot):
    table = loaded.browser.table("reads")
    shown = []
    loaded.current.changed.connect(lambda _: shown.append(1))

    def select(count: int) -> None:
        for number in range(count):
            table.show_row((number * 37) % 1216, by_user=number % 3 == 0)
            if number % 20 == 0:
                qtbot.waitUntil(lambda: not loaded.current.busy, timeout=10_000)
        settle(loaded)

    select(200)
    select(200)
    before, kilobytes, opened = things(loaded), memory_kb(), files()
    select(SELECTIONS)
    wait_for_no_more(qtbot, loaded, before)
    assert files() <= opened + 1
    assert memory_kb() - kilobytes < 60_000
    assert len(shown) > SELECTIONS // 20


def test_opening_again_and_again(window, open_in, qtbot, tmp_path):
    paths = [
        write(tmp_path / f"{n}.jsonl", [frame(f"P{n}", 1782889214972 + n) for n in range(50)])
        for n in range(2)
    ]
    for path in paths * 2:
        open_in(window, path)
    before, kilobytes, opened = things(window), memory_kb(), files()
    for number in range(OPENS):
        open_in(window, paths[number % 2])
        window.browser.table("reads").show_row(number, by_user=True)
    after = wait_for_no_more(qtbot, window, before)
    assert after["threads"] == before["threads"]
    assert after["children"] == 0
    assert files() <= opened + 2
    assert memory_kb() - kilobytes < 40_000
