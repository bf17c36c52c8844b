"""Key card, about, preferences."""

from __future__ import annotations

from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QLineEdit, QSpinBox, QWidget

from alprviewer import versions
from alprviewer.app.actions import ACTIONS, sequences
from alprviewer.app.dialogs import Preferences, about, key_card
from alprviewer.app.settingwords import TITLES
from alprviewer.app.shortcuts import usual_keys
from alprviewer.app.wording import change_text
from alprviewer.capture.capture import Capture
from alprviewer.core.passchange import PassChange
from alprviewer.language import LANGUAGES
from alprviewer.models.passpreview import PassPreview
from alprviewer.settings import Settings, checked
from tests.helpers.opening import SAMPLE, captured


@pytest.fixture
def parent(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def words(dialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def test_the_key_card_lists_every_action_and_every_key(parent):
    card = key_card(parent, usual_keys())
    shown = words(card)
    for spec in ACTIONS:
        text = spec.text.replace("&", "").partition("\t")[0].rstrip("…")
        assert text in shown, spec.name
        for sequence in sequences(spec.keys):
            key = sequence.toString(QKeySequence.SequenceFormat.NativeText)
            assert any(key in each for each in shown), spec.name
    assert "Esc" in shown
    card.close()


def test_the_key_card_closes_by_key(parent, qtbot):
    card = key_card(parent, usual_keys())
    card.open()
    with qtbot.waitSignal(card.finished):
        qtbot.keyClick(card, Qt.Key.Key_Escape)


def test_about_names_every_version_and_the_log(parent):
    dialog = about(parent)
    text = "\n".join(words(dialog))
    for part in versions().split(", "):
        assert part in text
    assert "alprviewer.log" in text
    assert "MIT" in text
    dialog.close()


def test_all_labels_are_plain_text(parent):
    for dialog in (key_card(parent, usual_keys()), about(parent), Preferences(Settings(), parent)):
        for label in dialog.findChildren(QLabel):
            assert (
                not label.text() or label.textFormat() is Qt.TextFormat.PlainText or "<" not in label.text()
            )
        dialog.close()


OTHER = Settings(
    theme="dark",
    zone="local",
    restore=False,
    image_folders=("/a b", "/c"),
    recent_files=3,
    journal="sqlite:///a;b",
    reviewer="Ann",
)


@pytest.mark.parametrize("settings", [Settings(), OTHER])
def test_preferences_give_back_what_they_were_given(parent, settings):
    dialog = Preferences(settings, parent)
    assert dialog.chosen() == settings
    assert checked({"theme": dialog.chosen().theme}, "here") is not None
    dialog.close()


def test_preferences_have_a_line_and_a_help_text_for_each_setting(parent):
    dialog = Preferences(Settings(), parent)
    for item in fields(Settings):
        assert item.metadata["help"] in words(dialog)
        assert dialog._editors[item.name].accessibleName()
    dialog.close()


def test_every_setting_has_a_title_of_its_own(parent):
    dialog = Preferences(Settings(), parent)
    assert set(TITLES) == {item.name for item in fields(Settings)}
    assert len(set(TITLES.values())) == len(TITLES)
    assert set(TITLES.values()) <= set(words(dialog))
    dialog.close()


def test_languages_are_shown_by_their_own_names(parent):
    dialog = Preferences(Settings(), parent)
    combo = dialog._editors["language"]
    assert [combo.itemText(place) for place in range(combo.count())] == ["As the system", *LANGUAGES.values()]
    assert combo.currentText() == "As the system"
    combo.setCurrentText("Deutsch")
    assert dialog.chosen().language == "de"
    dialog.close()


def test_a_listed_plate_that_is_no_query_keeps_the_dialog_open(parent, qtbot):
    dialog = Preferences(Settings(), parent)
    dialog.open()
    editor = dialog._editors["listed_plates"]
    editor.setText("=AYX8803; conf>")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert any("The listed plate 'conf>' is no query" in each for each in words(dialog))
    assert dialog.focusWidget() is editor
    editor.setText("=AYX8803; AY*")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert dialog.chosen().listed_plates == ("=AYX8803", "AY*")


def test_editing_preferences(parent, qtbot):
    dialog = Preferences(Settings(), parent)
    dialog._editors["theme"].setCurrentText("dark")
    dialog._editors["restore"].setChecked(False)
    folders = (
        dialog.findChild(QLineEdit)
        if dialog._editors["image_folders"] is None
        else dialog._editors["image_folders"]
    )
    folders.setText(" /a ;; /b;")
    assert isinstance(dialog._editors["zone"], QComboBox)
    assert isinstance(dialog._editors["recent_files"], QSpinBox)
    dialog._editors["recent_files"].setValue(5)
    dialog.open()
    with qtbot.waitSignal(dialog.accepted):
        dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok).click()
    assert dialog.chosen() == Settings(
        theme="dark", restore=False, image_folders=("/a", "/b"), recent_files=5
    )


def told_in(dialog) -> list[str]:
    """What is said of the open capture, of what is not hidden."""
    return [
        label.text()
        for label in dialog.findChildren(QLabel)
        if "open capture" in label.text() and not label.isHidden()
    ]


def test_a_change_of_the_rules_tells_what_it_does(parent, qtbot):
    settings = Settings()
    preview = PassPreview(captured(SAMPLE), settings.pass_rules)
    dialog = Preferences(settings, parent, preview)
    dialog.open()
    assert told_in(dialog) == []
    gap = dialog._editors["pass_gap_ms"]
    gap.setFocus()
    gap.selectAll()
    with qtbot.waitSignal(preview.changed, check_params_cb=lambda change: change is not None):
        qtbot.keyClicks(gap, "200")
        assert told_in(dialog) == ["Looking at the passes of the open capture…"]
    (told,) = told_in(dialog)
    assert "passes instead of" in told
    assert "none joined" in told
    with qtbot.waitSignal(preview.changed, check_params_cb=lambda change: change is not None):
        dialog._editors["plate_speed"].setValue(13)
    assert len(told_in(dialog)) == 1, "below the setting that was changed last"
    gap.setValue(settings.pass_gap_ms)
    dialog._editors["plate_speed"].setValue(settings.plate_speed)
    assert told_in(dialog) == []
    assert dialog.chosen() == settings
    dialog.close()
    preview.close()


def test_nothing_is_told_where_no_capture_is_open(parent):
    settings = Settings()
    preview = PassPreview(Capture(), settings.pass_rules)
    dialog = Preferences(settings, parent, preview)
    dialog._editors["pass_gap_ms"].setValue(1)
    assert told_in(dialog) == []
    dialog.close()
    preview.close()


def test_changes_in_words():
    assert change_text(PassChange(1, 1, 0, 0, 0, 5)) == "In the open capture this changes nothing: 1 pass."
    assert change_text(PassChange(1204, 1310, 95, 0, 812, 20411)) == (
        "The open capture would have 1,310 passes instead of 1,204: 95 split, none joined with others; "
        "812 of 20,411 reads would move to another pass."
    )
