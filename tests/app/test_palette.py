"""The palette of actions, in the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from alprviewer.app.actions import ACTIONS
from alprviewer.app.palette import open_palette
from alprviewer.views.palette import Palette


@pytest.fixture
def palette(loaded, qtbot) -> Palette:
    loaded.browser.focus_target.setFocus()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_P, keys)
    (found,) = loaded.findChildren(Palette)
    return found


def test_everything_that_can_be_done_is_offered(loaded, palette):
    titles = palette.titles()
    for spec in ACTIONS:
        action = loaded.menus.actions[spec.name]
        text = spec.text.replace("&", "").partition("\t")[0].rstrip("…")
        offered = any(title.endswith(text) for title in titles)
        assert offered == (action.isEnabled() and spec.name != "find_action"), spec.name
    assert any("Panes: Crop" in title for title in titles)


def test_letters_find_an_action_and_enter_does_it(loaded, palette, qtbot):
    qtbot.keyClicks(palette.edit, "fra")
    assert palette.titles()[0] == "View: Frames"
    with qtbot.waitSignal(palette.destroyed):
        qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
    assert loaded.browser.tab == "frames"


def test_the_arrows_choose(loaded, palette, qtbot):
    qtbot.keyClicks(palette.edit, "view")
    first = palette.list.currentItem().text(0)
    qtbot.keyClick(palette.edit, Qt.Key.Key_Down)
    assert palette.list.currentItem().text(0) == palette.titles()[1] != first


def test_nothing_found_is_said_and_enter_does_nothing(palette, qtbot):
    qtbot.keyClicks(palette.edit, "qqqq")
    assert palette.titles() == []
    assert palette._note.isVisible()
    qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_escape_closes_it(palette, qtbot):
    with qtbot.waitSignal(palette.destroyed):
        qtbot.keyClick(palette.edit, Qt.Key.Key_Escape)


def test_it_fits_a_small_window(make_window):
    window = make_window()
    window.resize(720, 480)
    palette = open_palette(window)
    assert palette.width() < window.width()
    assert palette.height() < window.height()
    palette.close()
