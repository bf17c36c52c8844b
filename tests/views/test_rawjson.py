"""The raw JSON pane: shown safely, copied as received, searched."""

import base64
import io
import json

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QToolButton

from alprviewer.core.jsontext import SHOWN_CHARACTERS
from alprviewer.models.shown import NOTHING, Shown
from alprviewer.views.rawjson import COLOURED_CHARACTERS, RawJsonPane
from alprviewer.views.theme import DARK, LIGHT, palette_of
from tests.helpers.showing import frame_with, shown_of

HEARTBEAT = shown_of(
    b'{"data_type":"heartbeat","video_streams":[{"camera_id":1,"url":"rtsp://root:geheim@10.0.0.3/axis"}]}'
)


@pytest.fixture
def pane(qtbot):
    widget = RawJsonPane()
    qtbot.addWidget(widget)
    widget.setPalette(palette_of(LIGHT))
    widget.resize(500, 400)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def text_of(pane) -> QPlainTextEdit:
    return pane.findChild(QPlainTextEdit)


def note(pane) -> str:
    return pane.findChildren(QLabel)[0].text()


def crop() -> str:
    buffer = io.BytesIO()
    Image.new("L", (150, 75)).save(buffer, "JPEG")
    return base64.b64encode(buffer.getvalue()).decode()


def test_indented_with_pictures_in_words(pane):
    shown = frame_with(("A1", 90.0, 0), read={"plate_crop_jpeg": crop()})
    pane.show_item(shown)
    assert '  "data_type": "alpr_results",\n' in pane.text
    assert "<jpeg " in pane.text
    assert "150 × 75>" in pane.text
    assert note(pane).endswith(" bytes") or note(pane).endswith(" kB")


def test_copy_gives_the_text_as_received(pane, qtbot):
    pane.show_item(HEARTBEAT)
    assert "rtsp://root:••••@10.0.0.3/axis" in pane.text
    assert "geheim" not in pane.text
    button = next(button for button in pane.findChildren(QToolButton) if button.text() == "Copy JSON")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == HEARTBEAT.raw


def test_nothing_selected(pane):
    pane.show_item(HEARTBEAT)
    pane.show_item(NOTHING)
    assert pane.text == ""
    assert note(pane) == "Select a row to see its JSON."
    QGuiApplication.clipboard().setText("before")
    pane.copy_json()
    assert QGuiApplication.clipboard().text() == "before"


def test_a_failure_is_said(pane):
    pane.show_item(Shown(failure="The file <b>x</b>\x00 is gone."))
    assert note(pane) == "The file <b>x</b><U+0000> is gone."
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in pane.findChildren(QLabel))


def test_what_cannot_be_parsed_keeps_its_lines(pane):
    raw = '{"plate": "A1",,\n   "url": "rtsp://root:geheim@h/"\n\x1b'
    pane.show_item(Shown(source="x", raw=raw, length=len(raw)))
    assert pane.text == '{"plate": "A1",,\n   "url": "rtsp://root:••••@h/"\n<U+001B>'
    assert "cannot be parsed" in note(pane)


def test_hostile_text(pane):
    pane.show_item(frame_with(("<b>\u202eA\x00", 90.0, 0), user_data="😀" * 30 + '"\\'))
    assert "\u202e" not in pane.text
    assert not pane.grab().isNull()


def test_a_huge_value_is_shown_in_part(pane):
    raw = json.dumps([{"x": [number, []]} for number in range(100_000)])
    pane.show_item(Shown(source="x", raw=raw, value=[1], length=len(raw)))
    assert len(pane.text) == SHOWN_CHARACTERS
    assert "only the first part is shown" in note(pane)
    pane.copy_json()
    assert len(QGuiApplication.clipboard().text()) == len(raw)


def colours(pane, line: int) -> set[str]:
    block = text_of(pane).document().findBlockByNumber(line)
    return {part.format.foreground().color().name() for part in block.layout().formats()}


def test_colours(pane):
    pane.show_item(frame_with(("A1", 90.0, 0), error=True))
    QApplication.processEvents()
    line = next(number for number, text in enumerate(pane.text.splitlines()) if '"error"' in text)
    assert colours(pane, line) == {LIGHT.plate, LIGHT.roi, LIGHT.muted}
    pane.setPalette(palette_of(DARK))
    QApplication.processEvents()
    assert colours(pane, line) == {DARK.plate, DARK.roi, DARK.muted}


def test_long_texts_are_left_plain(pane):
    raw = json.dumps(list(range(COLOURED_CHARACTERS // 4)))
    pane.show_item(Shown(source="x", raw=raw, value=[1], length=len(raw)))
    QApplication.processEvents()
    assert colours(pane, 1) == set()


def test_nothing_is_done_while_it_cannot_be_seen(qtbot):
    pane = RawJsonPane()
    qtbot.addWidget(pane)
    pane.show_item(HEARTBEAT)
    assert pane.text == ""
    with qtbot.waitExposed(pane):
        pane.show()
    assert "heartbeat" in pane.text


# --- searching ------------------------------------------------------------------------------------


@pytest.fixture
def search(pane, qtbot):
    pane.show_item(shown_of(b'{"plate":"AB1","b":["ab1","xx","Ab1"],"c":"zz"}'))
    text_of(pane).setFocus()
    qtbot.keyClick(text_of(pane), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    edit = pane.findChild(QLineEdit)
    assert edit.isVisible()
    assert edit.hasFocus()
    return edit


def selected(pane) -> tuple[str, int]:
    cursor = text_of(pane).textCursor()
    return cursor.selectedText(), cursor.selectionStart()


def test_find_goes_through_the_matches_and_around(pane, qtbot, search):
    qtbot.keyClicks(search, "ab1")
    labels = [label.text() for label in pane.findChildren(QLabel)]
    assert "3 matches" in labels
    places = []
    for _ in range(4):
        qtbot.keyClick(search, Qt.Key.Key_Return)
        places.append(selected(pane))
    assert [text for text, _ in places] == ["AB1", "ab1", "Ab1", "AB1"]
    assert places[3] == places[0]
    qtbot.keyClick(search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert selected(pane)[0] == "Ab1"
    qtbot.keyClick(search, Qt.Key.Key_F3)
    assert selected(pane) == places[0]
    assert len(text_of(pane).extraSelections()) == 3


def test_no_match(pane, qtbot, search):
    qtbot.keyClicks(search, "nowhere")
    assert "no match" in [label.text() for label in pane.findChildren(QLabel)]
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert selected(pane)[0] == ""


def test_escape_closes_the_search(pane, qtbot, search):
    qtbot.keyClicks(search, "ab1")
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert not search.isVisible()
    assert text_of(pane).extraSelections() == []
    assert text_of(pane).hasFocus()
    pane.find_text(backward=False)


def test_escape_closes_the_search_before_it_is_a_shortcut(pane, qtbot, search):
    stop = QAction("Stop", pane)
    stop.setShortcut("Escape")
    pane.addAction(stop)
    with qtbot.assertNotEmitted(stop.triggered):
        qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert not search.isVisible()


def test_the_next_item_is_searched_too(pane, qtbot, search):
    qtbot.keyClicks(search, "xx")
    pane.show_item(shown_of(b'{"a":"xx xx"}'))
    assert "2 matches" in [label.text() for label in pane.findChildren(QLabel)]


def test_selected_text_is_what_is_looked_for(pane, qtbot, search):
    qtbot.keyClicks(search, "zz")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    search.clear()
    qtbot.keyClick(text_of(pane), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert search.text() == "zz"


def test_every_control_has_a_name(pane):
    for control in (*pane.findChildren(QToolButton), text_of(pane), pane.findChild(QLineEdit)):
        if control.objectName() != "qt_edit_clear_button" and not isinstance(control.parent(), QLineEdit):
            assert control.accessibleName()


def test_a_long_sentence_takes_no_more_room(pane):
    before = pane.minimumSizeHint().width()
    pane.show_item(Shown(failure=f"/{'a' * 200}/cam.jsonl has changed since it was opened; open it again."))
    assert pane.minimumSizeHint().width() <= before
