"""The keys of review mode: which key does what, wherever it is struck."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from alprviewer.views.review.keys import KEYS, Hit, Keymap, changes_of, digit_of_place, either

NONE, SHIFT, CTRL, KEYPAD = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.KeypadModifier,
)


def struck(key, text="", modifiers=NONE, scan_code=0) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, scan_code, 0, 0, text)


@pytest.mark.parametrize(
    ("event", "hit"),
    [
        (struck(Qt.Key.Key_A, "a"), Hit("accept", 0)),
        (struck(Qt.Key.Key_Space, " "), Hit("accept", 1)),
        (struck(Qt.Key.Key_1, "1"), Hit("pick", 0)),
        (struck(Qt.Key.Key_0, "0"), Hit("pick", 9)),
        (struck(Qt.Key.Key_7, "7", KEYPAD), Hit("pick", 6)),
        (struck(Qt.Key.Key_N, "N", SHIFT), Hit("previous_open", 0)),
        (struck(Qt.Key.Key_A, "A", SHIFT), None),
        (struck(Qt.Key.Key_A, "", CTRL), None),
        (struck(Qt.Key.Key_Question, "?", SHIFT), Hit("show_keys", 0)),
        (struck(Qt.Key.Key_Plus, "+", SHIFT), Hit("zoom_in", 0)),
        (struck(Qt.Key.Key_Enter, "\r", CTRL | KEYPAD), Hit("note", 0)),
        (struck(Qt.Key.Key_Z, "", CTRL | SHIFT), Hit("redo", 0)),
    ],
)
def test_which_command_a_key_means(event, hit):
    assert Keymap().find(event) == hit


@pytest.mark.skipif(sys.platform != "linux", reason="places of keys are numbered otherwise elsewhere")
def test_digits_count_by_their_place_too():
    """On a French keyboard the key of the 1 gives an ampersand without Shift."""
    assert Keymap().find(struck(Qt.Key.Key_Ampersand, "&", scan_code=10)) == Hit("pick", 0)
    assert Keymap().find(struck(Qt.Key.Key_Agrave, "à", scan_code=19)) == Hit("pick", 9)
    assert [digit_of_place(code) for code in (9, 10, 18, 19, 20)] == [None, 1, 9, 0, None]


def test_settings_give_commands_other_keys():
    changes = changes_of(("accept=Y Space", "skip=", "nothing=K", "unreadable = Ctrl+U", "x"))
    assert changes == {"accept": ("Y", "Space"), "unreadable": ("Ctrl+U",)}
    keymap = Keymap(changes)
    assert keymap.find(struck(Qt.Key.Key_Y, "y")) == Hit("accept", 0), "not the reason, whose key it was"
    assert (keymap.keys["reason"], keymap.short("reason"), keymap.words("reason")) == ((), "–", "")
    assert keymap.find(struck(Qt.Key.Key_A, "a")) is None
    assert keymap.find(struck(Qt.Key.Key_U, "", CTRL)) == Hit("unreadable", 0)
    assert keymap.find(struck(Qt.Key.Key_S, "s")) == Hit("skip", 0)


def test_every_key_can_be_named_and_no_two_commands_share_one():
    keymap = Keymap()
    assert all(keymap.words(spec.name) for spec in KEYS)
    keys = [key for spec in KEYS for key in spec.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("name", "words", "short"),
    [
        ("accept", "A or Space", "A"),
        ("pick", "1 to 0", "1–0"),
        ("queue", "Alt+1 to Alt+7", "Alt+1–Alt+7"),
        ("skip", "S", "S"),
        ("undo", "Backspace or Ctrl+Z", "⌫"),
    ],
)
def test_keys_are_named_whole_and_short(name, words, short):
    keymap = Keymap()
    assert (keymap.words(name), keymap.short(name)) == (words, short)


def test_any_number_of_words_are_told_as_alternatives():
    assert [either(words) for words in ((), ("A",), ("A", "B", "C"))] == ["", "A", "A or B or C"]
