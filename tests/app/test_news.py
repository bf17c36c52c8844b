"""What is new, once after an update."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from alprviewer import __version__
from alprviewer.app.help.pages import changes, page
from alprviewer.app.help.window import HelpWindow
from alprviewer.resourcefiles import changelog
from alprviewer.views.startpage import Choice
from tests.helpers.opening import SAMPLE

EARLIER = {"recent": [], "seen": "0.0.1"}


def offered(window) -> list[Choice]:
    QApplication.processEvents()
    return [
        each
        for each in window.start_page.findChildren(Choice)
        if each.text() == "What's new" and each.isVisible()
    ]


def test_at_the_first_start_of_all_there_is_no_news(make_window):
    window = make_window()
    assert offered(window) == []
    assert window.session()["seen"] == __version__


@pytest.mark.parametrize("session", [EARLIER, {"recent": []}], ids=["earlier", "too early to tell"])
def test_after_an_update_it_is_offered_once(make_window, qtbot, session):
    window = make_window(session)
    (choice,) = offered(window)
    assert __version__ in choice.accessibleName()
    qtbot.mouseClick(choice, Qt.MouseButton.LeftButton)
    (manual,) = window.findChildren(HelpWindow)
    assert manual.browser.page == "whats-new"
    manual.close()
    assert offered(window) == []
    assert window.session()["seen"] == __version__
    window.close()
    assert offered(make_window(window.session())) == []


def test_whoever_did_not_see_it_is_told_the_next_time(make_window, open_in):
    window = open_in(make_window(EARLIER), SAMPLE)
    assert window.session()["seen"] == "0.0.1"
    window.commands.close_capture()
    assert offered(window)
    assert window.session()["seen"] == __version__, "it is in sight"


def test_who_begins_from_the_start_page_has_seen_it(make_window, settle, qtbot):
    window = make_window(EARLIER)
    sample = next(each for each in window.start_page.findChildren(Choice) if "sample" in each.text())
    qtbot.mouseClick(sample, Qt.MouseButton.LeftButton)
    settle(window)
    assert window.session()["seen"] == __version__


def test_it_is_in_the_help_menu_at_any_time(make_window):
    window = make_window()
    window.menus.actions["show_news"].trigger()
    (manual,) = window.findChildren(HelpWindow)
    assert manual.browser.page == "whats-new"
    manual.close()


def test_the_page_holds_every_entry_of_the_changelog(qapp):
    entries = [line for line in changelog().read_text("utf-8").splitlines() if line.startswith("- ")]
    assert entries
    assert all(line in page("whats-new").text for line in entries)
    assert changes().startswith(f"## This version, {__version__}\n")
