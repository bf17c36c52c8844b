"""The strip that says what could not be done."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from alprviewer.views.statestrip import MOST_CHARACTERS, StateStrip, StripKind
from alprviewer.views.theme import DARK, LIGHT, palette_of


@pytest.fixture
def window(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setPalette(palette_of(LIGHT))
    widget.resize(700, 200)
    widget.strip = StateStrip()
    layout = QVBoxLayout(widget)
    layout.addWidget(widget.strip)
    layout.addStretch()
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def strip(window):
    return window.strip


def test_hidden_while_there_is_nothing_to_say(strip):
    assert not strip.isVisible()
    assert strip.text == ""


@pytest.mark.parametrize("kind", list(StripKind))
def test_message(strip, kind):
    strip.show_message(kind, "No such file: /data/x.jsonl.")
    assert strip.isVisible()
    assert (strip.text, strip.kind) == ("No such file: /data/x.jsonl.", kind)
    assert strip.accessibleName() == f"{kind.value}: No such file: /data/x.jsonl."
    assert not strip.findChild(QPushButton).isVisible()


def test_the_newest_message_replaces_the_one_before(strip):
    strip.show_message(StripKind.ERROR, "One", "Retry")
    strip.show_message(StripKind.INFO, "Two")
    assert strip.text == "Two"
    assert not strip.findChild(QPushButton).isVisible()


def test_action(strip, qtbot):
    strip.show_message(StripKind.WARNING, "The file changed.", "Read again")
    button = strip.findChild(QPushButton)
    assert button.text() == "Read again"
    with qtbot.waitSignal(strip.action_triggered):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_closed_by_its_button(strip, qtbot):
    strip.show_message(StripKind.ERROR, "No.")
    with qtbot.waitSignal(strip.dismissed):
        qtbot.mouseClick(strip.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert not strip.isVisible()


def test_closed_by_the_keyboard(strip, qtbot):
    strip.show_message(StripKind.ERROR, "No.", "Retry")
    strip.findChild(QPushButton).setFocus()
    with qtbot.waitSignal(strip.dismissed):
        qtbot.keyClick(strip.findChild(QPushButton), Qt.Key.Key_Escape)
    assert strip.text == ""
    with qtbot.assertNotEmitted(strip.dismissed):
        strip.dismiss()


def test_escape_is_kept_from_the_windows_shortcuts(window, strip, qtbot):
    stop = QAction("Stop", window)
    stop.setShortcut("Escape")
    window.addAction(stop)
    strip.show_message(StripKind.ERROR, "No.", "Retry")
    button = strip.findChild(QPushButton)
    button.setFocus()
    with qtbot.assertNotEmitted(stop.triggered):
        qtbot.keyClick(button, Qt.Key.Key_Escape)
    assert not strip.isVisible()
    with qtbot.waitSignal(stop.triggered):
        qtbot.keyClick(window, Qt.Key.Key_Escape)


def test_other_keys_are_left_to_the_window(strip, qtbot):
    strip.show_message(StripKind.ERROR, "No.")
    qtbot.keyClick(strip, Qt.Key.Key_A)
    assert strip.isVisible()


def test_clear_says_nothing(strip, qtbot):
    strip.show_message(StripKind.INFO, "Note.")
    with qtbot.assertNotEmitted(strip.dismissed):
        strip.clear()
    assert not strip.isVisible()


def test_only_the_message_that_is_true_no_more_is_taken_back(strip):
    strip.show_message(StripKind.WARNING, " The server\nis away. ")
    strip.take_back("Another one.")
    assert strip.text
    strip.take_back("The server\nis away.")
    assert strip.text == ""


def test_hostile_text_is_shown_as_plain_text(strip):
    strip.show_message(StripKind.ERROR, "<img src=x>\x1b[0m\u202e " + "x" * 5000)
    shown = next(label for label in strip.findChildren(QLabel) if label.text())
    assert shown.textFormat() is Qt.TextFormat.PlainText
    assert shown.text().startswith("<img src=x><U+001B>[0m<U+202E> xxx")
    assert len(shown.text()) == MOST_CHARACTERS


def test_a_screen_reader_is_told(strip, monkeypatch):
    told = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: told.append(event.type()))
    strip.show_message(StripKind.ERROR, "No.")
    assert QAccessible.Event.Alert in told


def test_the_kind_is_seen_in_colour_and_mark(strip, window):
    seen = set()
    for theme in (LIGHT, DARK):
        window.setPalette(palette_of(theme))
        for kind in StripKind:
            strip.show_message(kind, "Words")
            QApplication.processEvents()
            image = strip.grab().toImage()
            seen.add(image.pixelColor(1, image.height() // 2).name())
    assert seen == {LIGHT.accent, LIGHT.differs, LIGHT.bad, DARK.accent, DARK.differs, DARK.bad}
