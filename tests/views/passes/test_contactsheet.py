"""The contact sheet, driven by keys and mouse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from alprviewer.models.currentpass import pass_shown
from alprviewer.models.passshown import NO_PASS_SHOWN
from alprviewer.models.thumbnails import Thumbnails
from alprviewer.views.chips import Choice
from alprviewer.views.passes.contactsheet import ContactSheet
from alprviewer.views.theme import DARK, palette_of
from tests.helpers.opening import SAMPLE, captured, frame, with_passes, write


@pytest.fixture(scope="module")
def capture():
    return with_passes(captured(SAMPLE))


@pytest.fixture(scope="module")
def shown(capture):
    number = int(np.argmax(capture.passes.table["reads"]))
    return pass_shown(capture.columns, capture.passes, int(capture.passes.reads_of(number)[2]))


@pytest.fixture
def sheet(qtbot, capture):
    made, thumbnails = ContactSheet(), Thumbnails()
    thumbnails.set_capture(capture)
    made.attach(thumbnails)
    made.crops = thumbnails
    qtbot.addWidget(made)
    made.resize(700, 300)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    thumbnails.close()


def settle(qtbot, sheet):
    qtbot.waitUntil(lambda: not sheet.grab().isNull() and not sheet.crops.busy)
    return sheet.grab().toImage()


def listed(sheet):
    return sheet.focusProxy()


def current(sheet):
    return sheet.model.reads[listed(sheet).currentIndex().row()].row


def test_the_selected_read_is_the_selected_crop(sheet, shown, qtbot):
    sheet.show_pass(shown)
    settle(qtbot, sheet)
    assert current(sheet) == shown.selected
    assert sheet.model.rowCount() == len(shown.reads)
    for read in shown.reads[:6]:
        known, image = sheet.crops.get(("reads", read.row), round(sheet._crop_height()))
        assert known
        assert image is not None


def test_keys_go_from_read_to_read_and_say_so(sheet, shown, qtbot):
    sheet.show_pass(shown)
    chosen = []
    sheet.read_chosen.connect(chosen.append)
    order = [read.row for read in sheet.model.reads]
    here = order.index(shown.selected)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(listed(sheet), key)
    assert chosen == [order[here + 1], order[here], order[0], order[-1]]


def test_letters_are_left_to_the_shortcuts(sheet, shown, qtbot):
    sheet.show_pass(shown)
    qtbot.keyClicks(listed(sheet), "A1X")
    assert current(sheet) == shown.selected


def test_a_click_chooses(sheet, shown, qtbot):
    sheet.show_pass(shown)
    settle(qtbot, sheet)
    place = listed(sheet).visualRect(sheet.model.index(0, 0)).center()
    with qtbot.waitSignal(sheet.read_chosen) as said:
        qtbot.mouseClick(listed(sheet).viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert said.args == [sheet.model.reads[0].row]


def test_sorting_keeps_the_selected_read_and_says_nothing(sheet, shown, qtbot):
    sheet.show_pass(shown)
    said = []
    sheet.read_chosen.connect(said.append)
    for choice in sheet.findChildren(Choice):
        qtbot.mouseClick(choice, Qt.MouseButton.LeftButton)
        assert sheet.model.order == choice.name
        assert current(sheet) == shown.selected
        assert [each.name for each in sheet.findChildren(Choice) if each.isChecked()] == [choice.name]
    assert said == []
    other = ContactSheet()
    qtbot.addWidget(other)
    other.restore(sheet.state())
    assert other.model.order == "disagreement"
    other.restore({"order": "nonsense"})
    assert other.model.order == "disagreement"


def test_marked_reads_stand_out_until_another_pass_comes(sheet, shown, qtbot, capture):
    sheet.show_pass(shown)
    before = settle(qtbot, sheet)
    sheet.mark(frozenset({shown.selected}))
    assert sheet.grab().toImage() != before
    other = pass_shown(capture.columns, capture.passes, int(capture.passes.reads_of(0)[0]))
    sheet.show_pass(other)
    assert sheet.marked == frozenset()


def test_without_a_pass_there_is_a_sentence(sheet, shown):
    assert "Select a read" in sheet._empty.text()
    assert not sheet._orders.isVisible()
    sheet.show_pass(shown)
    sheet.show_pass(NO_PASS_SHOWN)
    assert not listed(sheet).isVisible()
    assert "Select a read" in sheet._empty.text()


def test_a_read_without_a_crop_says_why(qtbot, tmp_path):
    values = [frame(), frame(at=1782889214992, plate_crop_jpeg="nonsense")]
    capture = with_passes(captured(write(tmp_path / "a.jsonl", values)))
    sheet, thumbnails = ContactSheet(), Thumbnails()
    thumbnails.set_capture(capture)
    sheet.attach(thumbnails)
    sheet.crops = thumbnails
    qtbot.addWidget(sheet)
    sheet.resize(500, 250)
    with qtbot.waitExposed(sheet):
        sheet.show()
    sheet.show_pass(pass_shown(capture.columns, capture.passes, 0))
    settle(qtbot, sheet)
    tips = [sheet.tip_at(listed(sheet).visualRect(sheet.model.index(row, 0)).center()) for row in range(2)]
    assert "came without a crop" in tips[0]
    assert tips[1].startswith("AB123 90.5 · ")
    assert sheet.tip_at(QPoint(480, 200)) == ""
    thumbnails.close()


def test_it_follows_the_look_and_the_size_of_the_font(sheet, shown, qtbot):
    sheet.show_pass(shown)
    light, size = settle(qtbot, sheet), sheet.cell_size()
    sheet.setPalette(palette_of(DARK))
    dark = settle(qtbot, sheet)
    assert light.pixelColor(3, 200).lightness() > 200
    assert dark.pixelColor(3, 200).lightness() < 80
    font = sheet.font()
    font.setPointSizeF(2 * max(font.pointSizeF(), 9))
    sheet.setFont(font)
    assert sheet.cell_size().height() > 1.5 * size.height()


def test_a_narrow_sheet_has_its_heading_above_the_orders(sheet, shown, qtbot):
    sheet.show_pass(shown)
    heading, orders = sheet._heading, sheet._orders
    settle(qtbot, sheet)
    assert heading.geometry().right() < orders.geometry().left()
    sheet.resize(230, 300)
    settle(qtbot, sheet)
    assert heading.geometry().bottom() < orders.geometry().top()
    assert heading.height() < 3 * heading.fontMetrics().height()


def test_no_crop_at_the_top_is_cut(sheet, shown, qtbot):
    sheet.show_pass(shown)
    sheet.resize(260, 220)
    for read in shown.reads:
        sheet.show_pass(replace(shown, selected=read.row))
        settle(qtbot, sheet)
        rects = [
            listed(sheet).visualRect(sheet.model.index(place, 0)) for place in range(sheet.model.rowCount())
        ]
        assert not any(rect.top() < 0 < rect.bottom() for rect in rects)
