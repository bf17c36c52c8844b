"""A table as people use it: header, columns, selection, keys, copying."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QMenu

from alprviewer.models.cells import by_name
from alprviewer.models.celltexts import DOWN, UP
from alprviewer.store.select import SortKey
from alprviewer.views.cells import INSET
from alprviewer.views.style import style_sheet
from alprviewer.views.theme import LIGHT, apply
from tests.helpers.opening import SAMPLE, captured, frame, write
from tests.views.tablevalues import Shown


@pytest.fixture(scope="module")
def sample():
    return captured(SAMPLE)


@pytest.fixture
def shown(qtbot, sample):
    made = Shown(sample)
    qtbot.addWidget(made.browser)
    made.browser.resize(900, 600)
    with qtbot.waitExposed(made.browser):
        made.browser.show()
    yield made
    qtbot.waitUntil(lambda: not made.thumbnails.busy)
    made.close()


@pytest.fixture
def table(shown):
    made = shown.browser.table("reads")
    made.setFocus()
    return made


def place_of(table, name: str) -> int:
    return by_name(table.rows.specs)[name]


def click_header(qtbot, table, name: str, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    header = table.horizontalHeader()
    place = place_of(table, name)
    middle = header.sectionViewportPosition(place) + header.sectionSize(place) // 2
    at = QPoint(middle, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def click_row(qtbot, table, row: int, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    table.scrollTo(table.rows.index(row, table.columns.shown()[0]))
    rect = table.visualRect(table.rows.index(row, table.columns.shown()[0]))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifier, rect.center())


def titles(table) -> list[str]:
    return [table.rows.title(place) for place in table.columns.shown()]


# --- sorting


def test_clicks_on_a_header_sort_up_down_and_not_at_all(table, qtbot):
    click_header(qtbot, table, "plate")
    assert table.rows.sort_keys == (SortKey("plate"),)
    horizontal = Qt.Orientation.Horizontal
    assert table.rows.headerData(place_of(table, "plate"), horizontal) == "Plate" + UP
    click_header(qtbot, table, "plate")
    assert table.rows.sort_keys == (SortKey("plate", descending=True),)
    click_header(qtbot, table, "confidence")
    assert table.rows.sort_keys == (SortKey("confidence"),)
    click_header(qtbot, table, "confidence")
    click_header(qtbot, table, "confidence")
    assert table.rows.sort_keys == ()


def test_the_selection_survives_sorting_and_is_brought_into_sight(table, qtbot):
    click_row(qtbot, table, 5)
    click_row(qtbot, table, 8, Qt.KeyboardModifier.ControlModifier)
    chosen = []
    table.row_chosen.connect(lambda *args: chosen.append(args))
    click_header(qtbot, table, "confidence")
    assert chosen == []
    assert table.current_id == 8
    rows = {table.rows.id_at(index.row()) for index in table.selectionModel().selectedRows()}
    assert rows == {5, 8}
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())


def test_a_very_large_selection_shrinks_to_the_current_row(table, qtbot, monkeypatch):
    monkeypatch.setattr("alprviewer.views.rowstable._MOST_FOLLOWED", 10)
    click_row(qtbot, table, 2)
    click_row(qtbot, table, 15, Qt.KeyboardModifier.ShiftModifier)
    click_header(qtbot, table, "plate")
    assert [table.rows.id_at(index.row()) for index in table.selectionModel().selectedRows()] == [15]
    table.selectAll()
    click_header(qtbot, table, "plate")
    assert len(table.selectionModel().selectedRows()) == 1216


def test_sorting_by_several_columns_with_shift(table, qtbot):
    shift = Qt.KeyboardModifier.ShiftModifier
    up, down = SortKey, partial(SortKey, descending=True)
    click_header(qtbot, table, "plate")
    click_header(qtbot, table, "confidence", shift)
    assert table.rows.sort_keys == (up("plate"), up("confidence"))
    click_header(qtbot, table, "confidence", shift)
    click_header(qtbot, table, "region", shift)
    assert table.rows.sort_keys == (up("plate"), down("confidence"), up("region"))
    titles = {
        name: table.rows.headerData(place_of(table, name), Qt.Orientation.Horizontal)
        for name in ("plate", "confidence", "region", "margin")
    }
    assert titles == {
        "plate": f"Plate{UP}\u20091",
        "confidence": f"Confidence %{DOWN}\u20092",
        "region": f"Region{UP}\u20093",
        "margin": "Margin",
    }
    click_header(qtbot, table, "confidence", shift)
    assert table.rows.sort_keys == (up("plate"), up("region"))
    state = table.columns.state()
    click_header(qtbot, table, "region")
    assert table.rows.sort_keys == (up("region"),)
    click_header(qtbot, table, "region")
    click_header(qtbot, table, "region")
    assert table.rows.sort_keys == ()
    table.columns.restore(state)
    assert table.rows.sort_keys == (up("plate"), up("region"))


def test_titles_of_several_sorted_columns_are_seen_whole(table, qtbot):
    for name in ("camera_id", "plate", "region"):
        click_header(qtbot, table, name, Qt.KeyboardModifier.ShiftModifier)
    header = table.horizontalHeader()
    for name in ("camera_id", "plate", "region"):
        title = table.rows.headerData(place_of(table, name), Qt.Orientation.Horizontal)
        assert header.fontMetrics().horizontalAdvance(title) < header.sectionSize(place_of(table, name)) - 16


def test_sorting_by_several_columns_by_menu(table):
    menu = QMenu()
    table.columns.fill_sort_menu(menu)
    assert "&Then by" not in {action.text() for action in menu.actions()}
    next(action for action in menu.actions() if action.text() == "Plate").trigger()
    menu.clear()
    table.columns.fill_sort_menu(menu)
    then = next(action.menu() for action in menu.actions() if action.text() == "&Then by")
    entries = {action.text(): action for action in then.actions()}
    assert "Plate" not in entries
    entries["Margin"].trigger()
    assert table.rows.sort_keys == (SortKey("plate"), SortKey("margin"))
    menu.clear()
    table.columns.fill_sort_menu(menu)
    then = next(action.menu() for action in menu.actions() if action.text() == "&Then by")
    assert [action.text() for action in then.actions() if action.isChecked()] == ["Margin"]


def test_columns_that_have_no_order_are_left_alone(shown, qtbot):
    frames = shown.browser.table("frames")
    shown.browser.show_tab("frames")
    click_header(qtbot, frames, "plates")
    assert frames.rows.sort_keys == ()
    click_header(qtbot, frames, "reads")
    click_header(qtbot, frames, "plates")
    assert frames.rows.sort_keys == (SortKey("reads"),)


def test_sorting_by_menu(table):
    menu = QMenu()
    table.columns.fill_sort_menu(menu)
    entries = {action.text(): action for action in menu.actions()}
    assert entries["Order of the &sources"].isChecked()
    entries["Margin"].trigger()
    assert table.rows.sort_keys == (SortKey("margin"),)
    menu.clear()
    table.columns.fill_sort_menu(menu)
    entries = {action.text(): action for action in menu.actions()}
    assert entries["Margin"].isChecked()
    entries["Order of the &sources"].trigger()
    assert table.rows.sort_keys == ()


# --- columns


def test_columns_are_chosen_by_the_header_s_menu(table, qtbot, monkeypatch):
    class Picked(QMenu):
        def exec(self, _place):
            for action in self.actions():
                if action.text() in ("Candidates", "Template"):
                    action.toggle()

    monkeypatch.setattr("alprviewer.views.columnset.QMenu", Picked)
    header = table.horizontalHeader()
    header.customContextMenuRequested.emit(QPoint(10, 10))
    assert "Candidates" in titles(table)
    assert "Template" not in titles(table)


def test_the_last_column_stays(table):
    for place in table.columns.shown():
        table.columns.show_column(place, False)
    assert len(table.columns.shown()) == 1


def test_columns_are_moved_and_reset(table):
    table.horizontalHeader().moveSection(3, 0)
    assert titles(table)[0] == "Plate"
    table.columns.show_column(place_of(table, "uuid"), True)
    table.columns.reset()
    assert titles(table)[:4] == ["Time (UTC)", "Camera", "Crop", "Plate"]
    assert "Frame uuid" not in titles(table)


def test_the_state_comes_back(table, shown, qtbot, sample):
    table.horizontalHeader().moveSection(3, 0)
    table.columns.show_column(place_of(table, "uuid"), True)
    table.columns.show_column(place_of(table, "margin"), False)
    table.setColumnWidth(place_of(table, "camera_id"), 222)
    table.columns.sort_by(place_of(table, "confidence"))
    state = json.loads(json.dumps(shown.browser.state()))
    other = Shown()
    qtbot.addWidget(other.browser)
    other.browser.restore(state)
    other.fill(sample)
    again = other.browser.table("reads")
    assert titles(again) == titles(table)
    assert again.columnWidth(place_of(again, "camera_id")) == 222
    assert again.rows.sort_keys == (SortKey("confidence"),)
    assert [again.rows.id_at(row) for row in range(9)] == [table.rows.id_at(row) for row in range(9)]
    assert other.browser.state() == state
    other.close()


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"columns": 5, "sort": "x"},
        {"columns": [1, "x", None, {}, {"name": "gone"}, {"name": "plate", "width": "wide"}]},
        {"columns": [{"name": "plate", "width": 10**12, "hidden": "yes"}]},
        {"columns": [{"name": name, "hidden": True} for name in ("epoch_time", "plate")]},
        {"sort": [["gone", True], ["plate"], ["quad", False], ["plate", "up"], 7, [["plate"], True]]},
    ],
)
def test_a_broken_state_is_passed_over(table, state):
    table.columns.restore(state)
    assert table.columns.shown()
    assert table.rows.sort_keys == ()


def test_every_column_hidden_by_a_state_leaves_one(table):
    names = [spec.name for spec in table.rows.specs]
    table.columns.restore({"columns": [{"name": name, "hidden": True} for name in names]})
    assert table.columns.shown() == [0]


def fits(table) -> list[str]:
    """Cells and titles on the screen that do not fit their columns."""
    clipped = []
    header = table.horizontalHeader()
    for place in table.columns.shown():
        title = QFontMetrics(header.font()).horizontalAdvance(table.rows.title(place))
        if title + 2 * INSET > table.columnWidth(place):
            clipped.append(table.rows.title(place))
        for row in range(min(20, table.rows.rowCount())):
            index = table.rows.index(row, place)
            if table.rows.specs[place].kind != "crop" and table.tip_of(index):
                clipped.append(index.data())
    return clipped


@pytest.mark.parametrize("points", [7.0, 9.75, 14.0, 22.0])
def test_columns_fit_their_titles_and_texts_in_any_font(shown, table, points):
    font = QFont(table.font())
    font.setPointSizeF(points)
    shown.browser.setFont(font)
    QApplication.processEvents()
    for name in ("reads", "frames", "siblings"):
        assert fits(shown.browser.table(name)) == []
    line = QFontMetrics(table.font()).height()
    assert table.verticalHeader().defaultSectionSize() >= 1.5 * line


def test_the_program_s_own_look_fits_too(shown, table, qapp):
    apply(qapp, LIGHT, style_sheet(LIGHT))
    try:
        table.columns.fit()
        assert fits(table) == []
    finally:
        qapp.setStyleSheet("")


def test_a_width_that_the_user_chose_stays_until_a_double_click(table):
    header, place = table.horizontalHeader(), place_of(table, "plate")
    fitting = table.columnWidth(place)
    header.resizeSection(place, 300)
    table.columns.fit()
    assert table.columnWidth(place) == 300
    header.sectionHandleDoubleClicked.emit(place)
    assert table.columnWidth(place) == fitting


def test_times_with_their_date_get_the_room_they_need(shown, table, tmp_path):
    before = table.columnWidth(0)
    shown.fill(captured(write(tmp_path / "a.jsonl", [frame(at=1782907200000), frame(at=1782993600000)])))
    assert table.rows.text(0, 0).startswith("2026-07-01 ")
    assert table.columnWidth(0) > before
    assert table.tip_of(table.rows.index(0, 0)) == ""


# --- selection


def test_who_chose_a_row_is_told(table, qtbot):
    chosen = []
    table.row_chosen.connect(lambda *args: chosen.append(args))
    click_row(qtbot, table, 3)
    table.show_row(7)
    table.show_row(9, by_user=True)
    table.show_row(11, quietly=True)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert chosen == [(3, True), (7, False), (9, True), (12, True)]


def test_a_row_that_is_not_shown(table):
    table.show_row(3)
    table.rows.narrow(np.array([1, 2]), "two")
    assert table.current_id is None
    assert not table.selectionModel().selectedRows()
    assert not table.show_row(500)
    assert table.show_row(2)
    table.rows.narrow(None)
    assert table.current_id == 2


def test_the_current_row_comes_back_with_its_place_when_all_are_shown_again(table):
    table.show_row(1000)
    table.rows.narrow(np.array([1, 2]), "two")
    table.rows.narrow(None)
    assert table.current_id == 1000
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())


def test_narrowing_tells_nobody_that_a_row_was_chosen(table):
    table.show_row(1000)
    chosen = []
    table.row_chosen.connect(lambda *args: chosen.append(args))
    table.rows.narrow(np.array([1, 2]), "two")
    table.rows.narrow(np.array([2, 1000]), "others")
    table.rows.narrow(None)
    assert chosen == []
    assert table.current_id == 1000


def test_new_rows_leave_selection_and_place(table, shown, tmp_path):
    table.show_row(40)
    top = table.rowAt(5)
    table.rows.add_rows(range(1216, 1216))
    assert table.current_id == 40
    assert table.rowAt(5) == top


# --- keys


def test_letters_are_not_swallowed(table, qtbot):
    before = table.currentIndex()
    for letter in "NE8A":
        qtbot.keyClick(table, letter)
    assert table.currentIndex() == before


def test_home_and_end(table, qtbot):
    click_row(qtbot, table, 4)
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.current_id == 1215
    qtbot.keyClick(table, Qt.Key.Key_Home)
    assert table.current_id == 0
    qtbot.keyClick(table, Qt.Key.Key_PageDown)
    assert 10 < table.current_id < 60


def test_left_and_right_scroll(table, shown, qtbot):
    shown.browser.resize(400, 500)
    click_row(qtbot, table, 4)
    bar = table.horizontalScrollBar()
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert bar.value() > 0
    qtbot.keyClick(table, Qt.Key.Key_Left)
    assert bar.value() == 0
    assert table.current_id == 4


def test_copying_takes_the_selected_rows_as_shown(table, qtbot):
    click_header(qtbot, table, "confidence")
    table.horizontalHeader().moveSection(table.horizontalHeader().visualIndex(place_of(table, "plate")), 0)
    for place in table.columns.shown()[2:]:
        table.columns.show_column(place, False)
    click_row(qtbot, table, 2)
    click_row(qtbot, table, 4, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    plate, time = place_of(table, "plate"), place_of(table, "epoch_time")
    wanted = [f"{table.rows.text(row, plate)}\t{table.rows.text(row, time)}" for row in (2, 4)]
    assert QApplication.clipboard().text() == "\n".join(wanted)


def test_copying_nothing_leaves_the_clipboard(table):
    QApplication.clipboard().setText("before")
    table.selectionModel().clear()
    table.copy()
    assert QApplication.clipboard().text() == "before"


def test_what_does_not_fit_is_shown_whole_and_escaped_in_a_tooltip(table, shown, tmp_path):
    shown.fill(captured(write(tmp_path / "a.jsonl", [frame("<img src=x>" * 30)])))
    table.setColumnWidth(place_of(table, "plate"), 60)
    tip = table.tip_of(table.rows.index(0, place_of(table, "plate")))
    assert tip.startswith("&lt;img")
    assert "<" not in tip
    assert table.tip_of(table.rows.index(0, place_of(table, "region"))) == ""


def test_rows_ahead_in_the_direction_of_travel(table, qtbot):
    table.show_row(10)
    assert table.ahead == []
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.ahead == [12, 13, 14, 15]
    qtbot.keyClick(table, Qt.Key.Key_Up)
    assert table.ahead == [9, 8, 7, 6]
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.ahead == []
    qtbot.keyClick(table, Qt.Key.Key_Up)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.ahead == []
    assert table.rows.looked_at == 1215
