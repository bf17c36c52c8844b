"""F1, wherever the keyboard is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from alprviewer.app.help.window import HelpWindow
from alprviewer.app.panes import PANES


def help_of(window, qtbot) -> HelpWindow:
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F1)
    (found,) = window.findChildren(HelpWindow)
    qtbot.waitUntil(found.isActiveWindow)
    return found


@pytest.mark.parametrize("pane", [spec.name for spec in PANES])
def test_f1_opens_the_page_of_the_pane(loaded, qtbot, pane):
    loaded.workspace.focus_pane(pane)
    shown = help_of(loaded, qtbot)
    assert shown.browser.page == pane
    assert shown.windowTitle() == f"{shown.browser.title} — alprviewer help"


def test_f1_opens_the_page_of_tables_and_filter(loaded, qtbot):
    loaded.browser.focus_target.setFocus()
    assert help_of(loaded, qtbot).browser.page == "tables"
    loaded.activateWindow()
    qtbot.waitUntil(loaded.isActiveWindow)
    loaded.filtering.box.edit.setFocus()
    assert help_of(loaded, qtbot).browser.page == "query"


def test_f1_on_the_start_page_opens_the_first_one(window, qtbot):
    assert help_of(window, qtbot).browser.page == "start"


def test_escape_closes_the_help_and_leaves_the_window(loaded, qtbot):
    shown = help_of(loaded, qtbot)
    with qtbot.waitSignal(shown.destroyed):
        qtbot.keyClick(shown.browser.reader, Qt.Key.Key_Escape)
    assert loaded.isVisible()
