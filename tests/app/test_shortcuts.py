"""Keys that a user has chosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialogButtonBox

from alprviewer.app import shortcuts as module
from alprviewer.app.actions import ACTIONS
from alprviewer.app.shortcuts import conflicts, keys_with, load_shortcuts, save_shortcuts, usual_keys
from alprviewer.app.shortcutsdialog import ShortcutsDialog
from alprviewer.core.errors import UserError

pytestmark = pytest.mark.usefixtures("qapp")

KEYS = st.sampled_from(["Ctrl+E", "F9", "Alt+X", "Shift+F3", "?"])
NAMES = st.sampled_from([spec.name for spec in ACTIONS])


@given(st.dictionaries(NAMES, st.lists(KEYS, max_size=2), max_size=5))
def test_a_choice_comes_back(tmp_path_factory, chosen):
    path = tmp_path_factory.mktemp("config") / "deep" / "shortcuts.toml"
    save_shortcuts(chosen, path)
    assert load_shortcuts(path) == chosen
    keys = keys_with(load_shortcuts(path))
    usual = usual_keys()
    for spec in ACTIONS:
        wanted = [QKeySequence(key) for key in chosen[spec.name]] if spec.name in chosen else usual[spec.name]
        assert keys[spec.name] == wanted


def test_without_a_file_all_is_as_usual(tmp_path):
    assert load_shortcuts(tmp_path / "none.toml") == {}
    assert keys_with({}) == usual_keys()
    assert keys_with({"of_a_newer_version": ["F9"]}) == usual_keys()


@pytest.mark.parametrize(
    "text", ["reload = 'F9'", "reload = ['Nonsense+Q']", "reload = [5]", "reload = [''", "\xff"]
)
def test_what_is_no_choice_is_said_with_its_place(tmp_path, text):
    path = tmp_path / "shortcuts.toml"
    path.write_text(text, "latin-1")
    with pytest.raises(UserError, match=r"shortcuts\.toml"):
        load_shortcuts(path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="could not be saved"):
        save_shortcuts({}, tmp_path / "file" / "shortcuts.toml")


def test_the_usual_keys_have_no_conflicts():
    assert conflicts(usual_keys()) == []


def test_a_shared_key_and_a_shared_beginning_are_conflicts():
    keys = {
        "one": [QKeySequence("Ctrl+K")],
        "two": [QKeySequence("Ctrl+K, Ctrl+C")],
        "three": [QKeySequence("F9"), QKeySequence("F10")],
        "four": [QKeySequence("F10")],
    }
    assert {(found.one, found.other, found.key) for found in conflicts(keys)} == {
        ("one", "two", "Ctrl+K"),
        ("three", "four", "F10"),
    }


# --- the dialog and the window


@pytest.fixture
def dialog(qtbot) -> ShortcutsDialog:
    made = ShortcutsDialog({})
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def save_button(dialog: ShortcutsDialog):
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Save)


def test_a_key_that_is_typed_is_given(dialog, qtbot):
    dialog.select("reload")
    dialog.edit.setFocus()
    qtbot.keyClick(dialog.edit, Qt.Key.Key_F9)
    assert dialog.chosen() == {"reload": ["F9"]}
    assert save_button(dialog).isEnabled()
    assert not dialog.note.isVisible()


def test_a_conflict_is_shown_and_cannot_be_saved(dialog, qtbot):
    dialog.select("reload")
    qtbot.keyClick(dialog.edit, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert "Ctrl+E would mean both “Reload” and “Export the table”." in dialog.note.text()
    assert dialog.note.isVisible()
    assert not save_button(dialog).isEnabled()
    qtbot.mouseClick(dialog.usual, Qt.MouseButton.LeftButton)
    assert dialog.chosen() == {}
    assert save_button(dialog).isEnabled()


def test_a_key_can_be_taken_away_and_all_given_back(dialog, qtbot):
    dialog.select("export_rows")
    dialog.edit.clear()
    assert dialog.chosen() == {"export_rows": []}
    qtbot.mouseClick(dialog.all_usual, Qt.MouseButton.LeftButton)
    assert dialog.chosen() == {}


def test_the_list_is_searched(dialog, qtbot):
    qtbot.keyClicks(dialog.search, "zoom")
    items = [dialog.list.topLevelItem(place) for place in range(dialog.list.topLevelItemCount())]
    assert {item.text(0) for item in items if not item.isHidden()} == {"Zoom in", "Zoom out"}


def test_a_chosen_key_works_in_the_window_and_shows_on_the_card(loaded, qtbot):
    from PySide6.QtWidgets import QLabel

    from alprviewer.app.dialogs import key_card

    loaded.menus.set_shortcuts({"show_frames": ["F9"]})
    qtbot.keyClick(loaded.browser.focus_target, Qt.Key.Key_F9)
    assert loaded.browser.tab == "frames"
    card = key_card(loaded, loaded.menus.keys())
    assert "F9" in [label.text() for label in card.findChildren(QLabel)]
    card.close()


def test_the_window_takes_the_users_keys_or_says_why_not(window, monkeypatch, tmp_path):
    path = tmp_path / "shortcuts.toml"
    monkeypatch.setattr(module, "shortcuts_file", lambda: path)
    save_shortcuts({"reload": ["F9"]}, path)
    window.commands.take_shortcuts()
    assert window.menus.actions["reload"].shortcuts() == [QKeySequence("F9")]
    path.write_text("reload = 5")
    window.commands.take_shortcuts()
    assert "The usual shortcuts are used" in window.strip.text
