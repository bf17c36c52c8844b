"""Light and dark: a window that was switched looks like one that began that way."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.helpers.opening import SAMPLE

pytestmark = pytest.mark.uncounted


@pytest.fixture
def begin(qapp, make_window):
    """Makes windows as a new process does: before any style sheet is there, in one size."""

    def made(theme: str, recent: list[str]):
        qapp.setStyleSheet("")
        return make_window({"recent": recent}, theme=theme)

    return made


def turned(window, settle, times: int) -> QImage:
    """All that is to be seen after the look was changed so many times by the action."""
    for _ in range(times):
        window.menus.actions["toggle_theme"].trigger()
        settle(window)
    settle(window)
    QApplication.processEvents()  # layouts
    return window.grab().toImage()


@pytest.mark.parametrize(
    ("tab", "dock"),
    [("reads", "crop"), ("groups", "details"), ("problems", "json")],
    ids=["crop", "details", "json"],
)
def test_a_window_that_was_switched_looks_like_a_fresh_one(begin, open_in, settle, tab, dock):
    pictures = []
    for theme, turns in (("dark", 0), ("light", 1), ("dark", 2)):
        window = open_in(begin(theme, []), SAMPLE)
        window.menus.actions[f"show_{tab}"].trigger()
        settle(window)
        window.workspace.docks[dock].raise_()
        pictures.append(turned(window, settle, turns))
        window.close()
    assert pictures[0] == pictures[1]
    assert pictures[0] == pictures[2]


def test_the_start_page_that_was_switched_looks_like_a_fresh_one(begin, settle):
    pictures = []
    for theme, turns in (("light", 0), ("dark", 1), ("light", 2)):
        window = begin(theme, ["/captures/gate.jsonl"])
        pictures.append(turned(window, settle, turns))
        window.close()
    assert pictures[0] == pictures[1]
    assert pictures[0] == pictures[2]
