"""The window driven by keys and mouse, on the bundled sample."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QTableView,
)

from alprviewer.app.actions import ACTIONS
from alprviewer.app.dialogs import Preferences
from alprviewer.models.keptitems import Selected
from alprviewer.views.candidatechart import CandidateChart
from tests.helpers.opening import SAMPLE, captured
from tests.helpers.windowkeys import PANES_BY_NUMBER, key, table


@pytest.fixture
def no_dialogs(monkeypatch):
    """Dialogs that wait for the user are answered at once."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    for dialog in ("dialogs.Preferences", "shortcutsdialog.ShortcutsDialog", "printing.QPrintDialog"):
        monkeypatch.setattr(f"alprviewer.app.{dialog}.exec", lambda _: 0)
    opened = []
    monkeypatch.setattr("alprviewer.app.deskcommands.QDesktopServices.openUrl", opened.append)
    return opened


# --- actions


@pytest.mark.parametrize("full", [False, True], ids=["empty", "loaded"])
def test_every_action_runs(make_window, open_in, settle, no_dialogs, qtbot, full):
    window = make_window()
    if full:
        open_in(window, SAMPLE)
    for spec in ACTIONS:
        if spec.name in ("quit", "close_capture"):
            continue
        before = window.menus.actions[spec.name].isChecked()
        for checked in (not before, before) if spec.checkable else (False,):
            window.commands.run(spec.name, checked)
        for dialog in window.findChildren(QDialog):
            dialog.close()
        settle(window)
    assert len(no_dialogs) == 1
    assert window.loader.capture.sources, "the sample was opened"
    window.commands.run("close_capture", False)
    assert window.isVisible()
    assert not window.loader.capture.sources
    window.commands.run("close_capture", False)
    assert not window.isVisible()


def test_the_sample_is_opened_from_the_start_page(window, settle, qtbot):
    assert not window.browser.isVisible()
    window.start_page.open_sample.emit()
    settle(window)
    assert window.browser.isVisible()
    assert window.windowTitle() == "sample.jsonl — alprviewer"
    assert window.status.texts()[:2] == ("1 file", "1,122 frames · 1,216 reads · 61 passes")
    assert window.current.selection == Selected("reads", 0)
    assert window.current.shown.read is not None
    assert isinstance(QApplication.focusWidget(), QTableView)


def test_every_pane_shows_the_selected_read(loaded, settle):
    table(loaded).show_row(100)
    settle(loaded)
    shown = loaded.current.shown
    assert shown.read.plate
    assert loaded.workspace.pane("image").shown is shown
    assert shown.read.plate in loaded.workspace.pane("json").text
    assert shown.crop.image is not None


def test_j_and_k_move_and_narrow(loaded, settle, qtbot):
    key(qtbot, loaded, "J", "J", "K", "J")
    settle(loaded)
    assert loaded.current.selection == Selected("reads", 2)
    assert loaded.models["frames"].rowCount() == 1
    key(qtbot, loaded, Qt.Key.Key_Escape)
    assert loaded.models["frames"].rowCount() == 1122
    assert table(loaded).current_id == 2


def test_j_at_the_end_and_k_at_the_beginning_stay(loaded, qtbot):
    key(qtbot, loaded, "K")
    assert table(loaded).current_id == 0
    key(qtbot, loaded, Qt.Key.Key_End, "J")
    assert table(loaded).current_id == 1215


def test_brackets_walk_through_the_reads_of_a_frame(loaded, settle, qtbot):
    columns = loaded.loader.capture.columns
    two = columns.frames.column("reads").tolist().index(2)
    first = int(columns.frames.column("first_read")[two])
    table(loaded).show_row(first)
    settle(loaded)
    key(qtbot, loaded, "]")
    assert loaded.current.selection == Selected("reads", first + 1)
    assert table(loaded).current_id == first + 1
    key(qtbot, loaded, "]", "[")
    assert table(loaded).current_id == first


def test_changing_to_frames_keeps_the_read_that_is_shown(loaded, settle, qtbot):
    columns = loaded.loader.capture.columns
    two = columns.frames.column("reads").tolist().index(2)
    second = int(columns.frames.column("first_read")[two]) + 1
    table(loaded).show_row(second)
    settle(loaded)
    window_shown = loaded.current.shown
    loaded.menus.actions["show_frames"].trigger()
    settle(loaded)
    assert table(loaded, "frames").current_id == two
    assert loaded.current.shown is window_shown
    assert loaded.current.shown.position == 1


TABS = [(1, "passes"), (2, "reads"), (3, "frames"), (4, "siblings"), (5, "problems")]


@pytest.mark.parametrize(("number", "name"), TABS)
def test_tabs_by_keys(loaded, settle, qtbot, number, name):
    qtbot.keyClick(QApplication.focusWidget(), str(number), Qt.KeyboardModifier.AltModifier)
    settle(loaded)
    assert loaded.browser.tab == name
    assert QApplication.focusWidget() is table(loaded, name)
    # Of a frame the read that is shown stays.
    assert loaded.current.selection.table == ("reads" if name in ("frames", "passes") else name)


def test_a_problem_brings_its_bytes_to_the_front_and_they_go_again(loaded, settle):
    json_pane = loaded.workspace.pane("json")
    assert not json_pane.isVisible() or json_pane.visibleRegion().isEmpty()
    loaded.status.problems_clicked.emit()
    settle(loaded)
    assert loaded.browser.tab == "problems"
    assert not json_pane.visibleRegion().isEmpty()
    loaded.commands.show_reads()
    settle(loaded)
    assert json_pane.visibleRegion().isEmpty()


def test_layers_by_key_and_by_chip_agree(loaded, qtbot):
    image, action = loaded.workspace.pane("image"), loaded.menus.actions["layer_vehicle"]
    assert action.isChecked()
    action.trigger()
    assert not image.layer("vehicle")
    image.set_layer("vehicle", True)
    assert action.isChecked()


def test_the_crop_is_inverted_and_restored(loaded, qtbot):
    crop = loaded.workspace.pane("crop")
    key(qtbot, loaded, "I")
    assert crop.adjustment.invert
    qtbot.keyClick(QApplication.focusWidget(), "I", Qt.KeyboardModifier.ShiftModifier)
    assert crop.adjustment.is_neutral


def test_zone_and_theme(loaded):
    loaded.menus.actions["times_in_utc"].trigger()
    assert loaded.models["reads"].title(0) == "Time (local)"
    assert loaded.settings.zone == "local"
    loaded.menus.actions["toggle_theme"].trigger()
    assert loaded.palette().window().color().lightness() < 100
    loaded.menus.actions["toggle_theme"].trigger()
    assert loaded.palette().window().color().lightness() > 200


def test_copying(loaded):
    loaded.commands.copy_plate()
    assert QApplication.clipboard().text() == loaded.current.shown.read.plate
    loaded.commands.copy_json()
    assert QApplication.clipboard().text() == loaded.current.shown.raw


# --- letters and text fields


def test_letters_do_not_act_while_a_text_is_written(loaded, qtbot):
    pane = loaded.workspace.pane("json")
    loaded.workspace.focus_pane("json")
    pane.open_find()
    field = next(each for each in pane.findChildren(QLineEdit) if each.isVisible())
    field.setFocus()
    assert QApplication.focusWidget() is field
    for letter in "jkiw[]-+=?1":
        qtbot.keyClick(field, letter)
    assert field.text() == "jkiw[]-+=?1"
    assert table(loaded).current_id == 0
    assert loaded.workspace.pane("crop").adjustment.is_neutral
    assert not loaded.findChildren(QDialog)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()


def test_letters_act_in_every_pane(loaded, qtbot):
    for number, name in enumerate(("image", "candidates", "crop", "details", "json"), 1):
        loaded.workspace.focus_pane(name)
        focused = QApplication.focusWidget()
        assert loaded.workspace.docks[name].isAncestorOf(focused), name
        qtbot.keyClick(focused, "J")
        assert table(loaded).current_id == number, name


# --- the keyboard's way around


def holder(window) -> str:
    """Which pane has the keyboard."""
    now = QApplication.focusWidget()
    found = [name for name, dock in window.workspace.docks.items() if dock.isAncestorOf(now)]
    return found[0] if found else "table" if window.browser.isAncestorOf(now) else "?"


def test_f6_walks_through_what_can_be_seen_and_back(loaded, qtbot):
    seen = []
    for _ in range(8):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        seen.append(holder(loaded))
    assert seen == ["timeline", "image", "sheet", "candidates", "pass", "crop", "table", "timeline"]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert holder(loaded) == "table"


def test_the_pane_that_has_the_keyboard_is_marked(loaded, qtbot):
    for name in ("image", "crop", "json"):
        before = loaded.workspace.docks[name].grab().toImage()
        loaded.workspace.focus_pane(name)
        marked = [each for each, dock in loaded.workspace.docks.items() if dock.property("holdsFocus")]
        assert marked == [name]
        assert loaded.workspace.docks[name].grab().toImage() != before


@pytest.mark.parametrize(("number", "name"), PANES_BY_NUMBER)
def test_every_pane_by_key_even_if_it_is_hidden(loaded, qtbot, number, name):
    for dock in loaded.workspace.docks.values():
        dock.hide()
    table(loaded).setFocus()
    qtbot.keyClick(QApplication.focusWidget(), str(number), Qt.KeyboardModifier.ControlModifier)
    assert holder(loaded) == name


def test_tab_reaches_every_pane(loaded, qtbot):
    table(loaded).setFocus()
    reached = set()
    for _ in range(80):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(holder(loaded))
    assert {"table", "image", "candidates", "crop"} <= reached


def test_the_layout_is_reset(loaded):
    loaded.workspace.docks["image"].hide()
    loaded.workspace.docks["crop"].setFloating(True)
    loaded.commands.reset_layout()
    assert loaded.workspace.docks["image"].isVisible()
    assert not loaded.workspace.docks["crop"].isFloating()


# --- words


def test_the_day_is_said(loaded, settle):
    capture = captured(SAMPLE)
    assert len(capture.columns.frames) == 1122
    assert loaded.status.texts()[2] == "Monday, 14 September 2026"


def test_a_bug_shows_one_dialog(monkeypatch, qapp):
    from alprviewer.app import bugreport

    boxes = []
    monkeypatch.setattr(bugreport, "_shown", [])

    class Box(QMessageBox):
        def exec(self):
            boxes.append(self)
            return 0

        def clickedButton(self):
            return next(each for each in self.buttons() if each.text() == "Copy report")

    monkeypatch.setattr(bugreport, "QMessageBox", Box)
    for _ in range(3):
        error = ZeroDivisionError("<b>x</b>")
        bugreport.show_once(ZeroDivisionError, error, None)
    assert len(boxes) == 1
    assert boxes[0].textFormat() is Qt.TextFormat.PlainText
    report = QApplication.clipboard().text()
    assert "ZeroDivisionError" in report
    assert "PySide6" in report or "Qt" in report


def test_preferences_take_effect_at_once(loaded, monkeypatch):
    monkeypatch.setattr(Preferences, "exec", lambda self: self._editors["zone"].setCurrentText("local") or 1)
    loaded.commands.show_preferences()
    assert loaded.settings.zone == "local"
    assert loaded.models["reads"].title(0) == "Time (local)"


def test_a_pane_behind_others_is_up_to_date_when_it_is_seen(loaded, qtbot):
    details = loaded.workspace.pane("details")
    asked = []
    real = details.show_item
    details.show_item = lambda shown: (asked.append(shown), real(shown))[1]
    loaded.workspace.docks["crop"].raise_()
    qtbot.waitUntil(lambda: "details" in loaded.workspace._unseen)
    for row in (5, 6, 7):
        with qtbot.waitSignal(loaded.current.changed):
            table(loaded).show_row(row)
    assert asked == []
    loaded.workspace.docks["details"].raise_()
    qtbot.waitUntil(lambda: asked != [])
    assert asked == [loaded.current.shown]


def test_the_crop_shows_every_row_and_other_panes_take_turns_at_the_newest(loaded, settle, qtbot):
    workspace = loaded.workspace
    workspace.docks["crop"].raise_()
    qtbot.waitUntil(lambda: workspace.is_in_sight("crop"))
    rows = []
    for row in (5, 6):
        table(loaded).show_row(row)
        settle(loaded)
        rows.append(loaded.current.shown)
    asked = {name: [] for name in ("crop", "image", "candidates")}
    for name, calls in asked.items():
        pane = workspace.pane(name)
        real = pane.show_item
        pane.show_item = lambda shown, real=real, calls=calls: (calls.append(shown), real(shown))[1]
    for shown in rows:  # no event comes between, as where a key is held and the machine is slow
        workspace.show_item(shown)
    assert asked == {"crop": rows, "image": [], "candidates": []}
    assert workspace.busy
    assert not loaded.is_settled()
    qtbot.waitUntil(lambda: not workspace.busy)
    assert asked == {"crop": rows, "image": rows[1:], "candidates": rows[1:]}


def test_nothing_of_the_capture_before_is_shown_for_a_moment(loaded, settle):
    table(loaded).show_row(100)
    settle(loaded)
    loaded.loader.forget()
    assert not loaded.workspace.busy
    chart = loaded.workspace.docks["candidates"].findChild(CandidateChart)
    assert chart.accessibleDescription() == "Select a read to see its candidates."
