"""The tables together: tabs, counts, narrowing, what empty ones say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTabBar, QWidget

from alprviewer.capture.capture import Capture
from alprviewer.models.cells import by_name
from alprviewer.sources.paths import SourceFile
from alprviewer.views.gotobar import GotoBar
from tests.helpers.opening import SAMPLE, captured, frame, write
from tests.views.tablevalues import Shown

GROUP = {"data_type": "alpr_group", "best_plate_number": "ABC", "epoch_start": 1782889214972}


@pytest.fixture(scope="module")
def sample():
    return captured(SAMPLE)


@pytest.fixture
def shown(qtbot):
    made = Shown()
    qtbot.addWidget(made.browser)
    made.browser.resize(800, 500)
    with qtbot.waitExposed(made.browser):
        made.browser.show()
    yield made
    qtbot.waitUntil(lambda: not made.thumbnails.busy)
    made.close()


def tabs(shown) -> list[str]:
    bar = shown.browser.findChild(QTabBar)
    return [bar.tabText(place) for place in range(bar.count())]


def notes(shown) -> str:
    labels = shown.browser.findChildren(QLabel, "emptyNote")
    return " ".join(label.text() for label in labels if label.isVisible())


def strip(shown) -> str:
    """What the strip above the table in front says; empty while it is hidden."""
    strips = [each for each in shown.browser.findChildren(QWidget, "narrowStrip") if each.isVisible()]
    return strips[0].findChild(QLabel).text() if strips else ""


def click(qtbot, shown, name: str, row: int) -> None:
    table = shown.browser.table(name)
    rect = table.visualRect(table.rows.index(row, by_name(table.rows.specs)["camera_id"]))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())


def show_all(qtbot, shown) -> None:
    button = next(each for each in shown.browser.findChildren(QPushButton) if each.isVisible())
    assert button.text() == "Show all"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


NAMES = ["Passes", "Reads", "Frames", "Groups", "Problems"]


def test_tabs_and_counts(shown, sample):
    assert tabs(shown) == [f"{name}  0" for name in NAMES]
    shown.fill(sample)
    problems = len(sample.columns.problems)
    assert tabs(shown)[1:] == ["Reads  1,216", "Frames  1,122", "Groups  12", f"Problems  {problems}"]


def test_tabs_by_key(shown, sample, qtbot):
    shown.fill(sample)
    bar = shown.browser.findChild(QTabBar)
    bar.setFocus()
    with qtbot.waitSignal(shown.browser.tab_changed) as changed:
        qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert changed.args == ["frames"]
    assert shown.browser.tab == "frames"
    assert shown.browser.focus_target is shown.browser.table("frames")


# --- what empty tables say


@pytest.mark.parametrize(
    ("values", "tab", "words"),
    [
        ([], "reads", "no plate results"),
        ([], "problems", "No problems"),
        ([GROUP], "reads", "under Groups"),
        ([frame(results=[])], "reads", "No reads here"),
        ([frame()], "siblings", "No groups"),
        ([{"results": [{"x": "y"}], "data_type": "nonsense"}], "frames", "under Problems"),
    ],
)
def test_empty_tables_say_why(shown, tmp_path, values, tab, words):
    shown.fill(captured(write(tmp_path / "a.jsonl", values)))
    shown.browser.show_tab(tab)
    assert words in notes(shown)


def test_while_a_capture_is_read_its_tables_do_not_claim_to_be_empty(shown, tmp_path):
    capture = Capture()
    path = write(tmp_path / "a.jsonl", [frame()])
    capture.add(SourceFile(str(path), path))
    shown.browser.set_capture(capture)
    for tab in ("reads", "problems", "siblings"):
        shown.browser.show_tab(tab)
        assert notes(shown) == "Reading …"
    shown.browser.finish()
    assert notes(shown) == "No groups, alerts, vehicles or heartbeats here."


# --- narrowing


def rest(qtbot, shown):
    """Wait until the tables behind the one in front have followed."""
    qtbot.waitUntil(lambda: not shown.browser.links.busy)


def test_of_a_key_that_is_held_the_tables_behind_take_the_last_row_alone(shown, sample, qtbot):
    shown.fill(sample)
    narrowed = []
    shown.models["frames"].narrowed.connect(lambda: narrowed.append(shown.models["frames"].narrowed_to))
    click(qtbot, shown, "reads", 3)
    for _ in range(5):
        qtbot.keyClick(shown.browser.table("reads"), Qt.Key.Key_Down)
    assert not narrowed
    rest(qtbot, shown)
    assert len(narrowed) == 1
    plate = shown.models["reads"].text_of(8, "plate")
    assert plate in narrowed[0]
    frame_row = int(sample.columns.reads.column("frame")[8])
    assert shown.browser.table("frames").current_id == frame_row


def test_a_table_that_comes_to_the_front_does_not_wait(shown, sample, qtbot):
    shown.fill(sample)
    click(qtbot, shown, "reads", 8)
    shown.browser.show_tab("frames")
    assert not shown.browser.links.busy
    assert shown.models["frames"].rowCount() == 1
    assert strip(shown)


def test_a_choice_is_forgotten_where_all_rows_are_wanted_or_another_capture(shown, sample, qtbot):
    shown.fill(sample)
    for forget in (shown.browser.show_all, lambda: shown.fill(sample)):
        click(qtbot, shown, "reads", 8)
        forget()
        rest(qtbot, shown)
        assert not any(model.narrowed_to for model in shown.models.values())


def test_a_frame_that_the_user_selects_narrows_the_reads(shown, sample, qtbot):
    shown.fill(sample)
    counts = sample.columns.frames.column("reads").tolist()
    two = counts.index(2)
    shown.browser.show_tab("frames")
    shown.browser.table("frames").show_row(two, by_user=True)
    rest(qtbot, shown)
    reads = shown.models["reads"]
    first = int(sample.columns.frames.column("first_read")[two])
    assert [reads.id_at(row) for row in range(reads.rowCount())] == [first, first + 1]
    shown.browser.show_tab("reads")
    assert strip(shown) == f"2 reads of frame {two + 1:,}"
    assert shown.browser.table("reads").current_id == first
    show_all(qtbot, shown)
    assert reads.rowCount() == 1216
    assert strip(shown) == ""
    assert shown.browser.table("reads").current_id == first


def test_a_read_that_the_user_selects_narrows_the_frames(shown, sample, qtbot):
    shown.fill(sample)
    click(qtbot, shown, "reads", 8)
    rest(qtbot, shown)
    frames = shown.models["frames"]
    frame_row = int(sample.columns.reads.column("frame")[8])
    assert [frames.id_at(row) for row in range(frames.rowCount())] == [frame_row]
    shown.browser.show_tab("frames")
    plate = shown.models["reads"].text_of(8, "plate")
    assert plate in strip(shown)
    show_all(qtbot, shown)
    # The row of the selected read is found: it is the current one.
    assert frames.rowCount() == 1122
    assert shown.browser.table("frames").current_id == frame_row


def test_clicking_a_frame_with_the_mouse(shown, sample, qtbot):
    shown.fill(sample)
    shown.browser.show_tab("frames")
    click(qtbot, shown, "frames", 3)
    rest(qtbot, shown)
    assert shown.models["reads"].rowCount() == 1
    qtbot.keyClick(shown.browser.table("frames"), Qt.Key.Key_Down)
    rest(qtbot, shown)
    assert shown.models["reads"].narrowed_to.endswith("frame 5")


def test_a_row_that_the_program_selects_narrows_nothing(shown, sample, qtbot):
    shown.fill(sample)
    for name in ("reads", "frames"):
        shown.browser.show_tab(name)
        assert shown.browser.select_shown(7)
        rest(qtbot, shown)
    assert not any(model.narrowed_to for model in shown.models.values())
    assert not shown.browser.select_shown(10_000)
    assert not shown.browser.select_shown(-1)


def test_the_other_tables_follow_without_a_word(shown, sample, qtbot):
    shown.fill(sample)
    chosen = []
    shown.browser.row_chosen.connect(lambda *args: chosen.append(args))
    shown.browser.select_shown(500)
    assert chosen == [("reads", 500)]
    rest(qtbot, shown)
    assert shown.browser.table("frames").current_id == int(sample.columns.reads.column("frame")[500])
    shown.browser.show_tab("frames")
    shown.browser.select_shown(33)
    assert chosen[1:] == [("frames", 33)]
    rest(qtbot, shown)
    assert shown.browser.table("reads").current_id == int(sample.columns.frames.column("first_read")[33])


def test_unlinked_nothing_is_narrowed(shown, sample, qtbot):
    shown.fill(sample)
    click(qtbot, shown, "reads", 8)
    shown.browser.set_linked(False)
    assert shown.models["frames"].rowCount() == 1122
    click(qtbot, shown, "reads", 9)
    rest(qtbot, shown)
    assert shown.models["frames"].rowCount() == 1122
    shown.browser.set_linked(True)
    click(qtbot, shown, "reads", 10)
    rest(qtbot, shown)
    assert shown.models["frames"].rowCount() == 1


def test_a_frame_without_reads_narrows_the_reads_to_none(shown, tmp_path):
    shown.fill(captured(write(tmp_path / "a.jsonl", [frame(results=[]), frame()])))
    shown.browser.show_tab("frames")
    shown.browser.table("frames").show_row(0, by_user=True)
    shown.browser.show_tab("reads")
    assert strip(shown) == "0 reads of frame 1"
    assert "No reads here" in notes(shown)


def test_groups_and_problems_narrow_nothing(shown, sample, qtbot):
    shown.fill(sample)
    for name in ("siblings", "problems"):
        shown.browser.show_tab(name)
        shown.browser.table(name).show_row(0, by_user=True)
    assert not any(model.narrowed_to for model in shown.models.values())


def test_another_capture_is_shown_whole(shown, sample, qtbot):
    shown.fill(sample)
    click(qtbot, shown, "reads", 8)
    shown.fill(sample)
    assert shown.models["frames"].rowCount() == 1122
    assert strip(shown) == ""


# --- state


@pytest.mark.parametrize(
    "state",
    [{}, {"tables": 5, "tab": "gone", "linked": "x"}, {"tables": {"reads": 7, "gone": {}}, "tab": []}],
)
def test_a_broken_state_is_passed_over(shown, state):
    if isinstance(state.get("tab"), list):
        state = {**state, "tab": "gone"}
    shown.browser.restore(state)
    assert shown.browser.tab == "reads"


def test_the_tab_in_front_and_the_link_come_back(shown, qtbot):
    shown.browser.show_tab("siblings")
    shown.browser.set_linked(False)
    other = Shown()
    qtbot.addWidget(other.browser)
    other.browser.restore(shown.browser.state())
    assert other.browser.tab == "siblings"
    assert not other.browser.linked
    other.close()


# --- go to


@pytest.fixture
def goto(shown, sample):
    shown.fill(sample)
    shown.browser.ask_where()
    bar = shown.browser.findChild(GotoBar)
    assert bar.isVisible()
    return bar


def go(qtbot, bar, text: str) -> None:
    edit = bar.findChild(QLineEdit)
    assert edit.hasFocus()
    edit.clear()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)


def test_going_to_a_row_by_its_number(shown, goto, qtbot):
    go(qtbot, goto, "1,000")
    table = shown.browser.table("reads")
    assert table.currentIndex().row() == 999
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())
    assert goto.isHidden()
    assert table.hasFocus()


def test_going_to_a_time(shown, goto, qtbot):
    go(qtbot, goto, "05:10")
    table = shown.browser.table("reads")
    now = table.currentIndex().row()
    assert table.rows.text(now, 0) >= "05:10"
    assert table.rows.text(now - 1, 0) < "05:10"


def test_what_cannot_be_found_is_said_and_can_be_corrected(shown, goto, qtbot):
    before = shown.browser.table("reads").currentIndex().row()
    go(qtbot, goto, "99999")
    words = goto.findChild(QLabel, "wrong")
    assert words.isVisible()
    assert "the rows go from 1 to 1,216" in words.text()
    assert shown.browser.table("reads").currentIndex().row() == before
    qtbot.keyClick(goto.findChild(QLineEdit), Qt.Key.Key_Backspace)
    assert not words.isVisible()
    go(qtbot, goto, "tomorrow")
    assert "neither a row number nor a time" in words.text()
    qtbot.keyClick(goto.findChild(QLineEdit), Qt.Key.Key_Escape)
    assert goto.isHidden()
    assert shown.browser.table("reads").hasFocus()


def test_first_and_last_row(shown, sample):
    shown.fill(sample)
    table = shown.browser.table("reads")
    shown.browser.go_to_place(-1)
    assert table.currentIndex().row() == 1215
    shown.browser.go_to_place(0)
    assert table.currentIndex().row() == 0
    shown.browser.show_tab("problems")
    shown.browser.go_to_place(5000)


def test_tabs_need_no_scrolling_in_a_narrow_window(shown, sample):
    shown.fill(sample)
    assert all(any(letter.isdigit() for letter in text) for text in tabs(shown))
    bar = shown.browser.findChild(QTabBar)
    for width, counted in ((430, {"Reads"}), (300, set()), (800, set(NAMES))):
        shown.browser.resize(width, 500)
        assert {text.split()[0] for text in tabs(shown) if len(text.split()) > 1} == counted
        assert [text.split()[0] for text in tabs(shown)] == NAMES
    shown.browser.resize(430, 500)
    assert bar.sizeHint().width() <= 430
    shown.browser.show_tab("problems")
    assert [len(text.split()) for text in tabs(shown)] == [1, 1, 1, 1, 2]
    assert bar.tabToolTip(1) == "Reads  1,216"
