"""The filter in the real window."""

from __future__ import annotations

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog

from alprviewer.app import main
from alprviewer.app.window import Window
from alprviewer.core.query.complete import place_of
from alprviewer.models.completion import choices, suggestions
from alprviewer.settings import Settings
from alprviewer.store.select import SortKey
from tests.helpers.leaks import children
from tests.helpers.modelrows import ids, plates
from tests.helpers.opening import SAMPLE, frame, write

Key = Qt.Key


def tabs(window):
    bar = window.browser._tabs
    return [bar.tabText(place) for place in range(bar.count())]


def type_query(qtbot, window, settle, text):
    edit = window.filtering.box.edit
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    edit._popup.hide()
    window.activateWindow()  # without a window manager a popup leaves no window active
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(window.filtering.rows.counted):
        qtbot.keyClick(edit, Key.Key_Return)
    settle(window)


def test_ctrl_f_types_into_the_box(loaded, qtbot, settle):
    loaded.commands.focus_here()
    qtbot.keySequence(loaded, QKeySequence(QKeySequence.StandardKey.Find))
    edit = loaded.filtering.box.edit
    assert QApplication.focusWidget() is edit
    total = len(loaded.loader.capture.columns.reads)
    type_query(qtbot, loaded, settle, "conf>90")
    matching = loaded.models["reads"].rowCount()
    assert 0 < matching < total
    assert tabs(loaded)[1] == f"Reads  {matching:,} of {total:,}"
    qtbot.keyClick(edit, Key.Key_Escape)
    assert loaded.models["reads"].rowCount() == total
    assert tabs(loaded)[1] == f"Reads  {total:,}"
    qtbot.keyClick(edit, Key.Key_Escape)
    assert QApplication.focusWidget() is loaded.browser.table("reads")


def test_the_selected_row_survives_or_the_first_one_is_taken(loaded, qtbot, settle):
    table = loaded.browser.table("reads")
    table.show_row(40, by_user=False)
    settle(loaded)
    plate = loaded.models["reads"].text_of(40, "plate")
    type_query(qtbot, loaded, settle, f"plate:={plate}")
    assert table.current_id == 40
    others = [
        row
        for row in range(len(loaded.loader.capture.columns.reads))
        if loaded.models["reads"].text_of(row, "plate") != plate
    ]
    type_query(qtbot, loaded, settle, f"-plate:={plate}")
    assert ids(loaded.models["reads"]) == others
    assert loaded.browser.table("reads").currentIndex().isValid()


def test_a_bad_query_is_said_and_changes_nothing(loaded, qtbot):
    edit = loaded.filtering.box.edit
    before = loaded.models["reads"].rowCount()
    edit.setFocus()
    qtbot.keyClicks(edit, "conf>>")
    qtbot.keyClick(edit, Key.Key_Return)
    assert "Expected a number" in loaded.filtering.box.error
    assert loaded.models["reads"].rowCount() == before


def test_a_filter_that_matches_nothing_says_so(loaded, qtbot, settle):
    type_query(qtbot, loaded, settle, "=NOSUCHPLATE")
    assert tabs(loaded)[1].startswith("Reads  0 of")
    page = loaded.browser._pages["reads"]
    assert "matches the filter" in page._note.text()
    loaded.commands.show_all_rows()
    settle(loaded)
    assert loaded.filtering.box.text == ""
    assert loaded.models["reads"].rowCount() == len(loaded.loader.capture.columns.reads)


def test_chips_change_the_query(loaded, qtbot, settle):
    box = loaded.filtering.box
    type_query(qtbot, loaded, settle, "plate:A conf>10")
    with qtbot.waitSignal(loaded.filtering.rows.counted):
        box.chips.chips["conf"].menu().actions()[-1].trigger()
    assert box.text == "plate:A conf>90"
    assert box.chips.chips["conf"].is_set
    with qtbot.waitSignal(loaded.filtering.rows.counted):
        box.chips.chips["camera"].menu().actions()[-1].trigger()
    assert box.chips.chips["camera"].is_set
    settle(loaded)
    assert loaded.models["reads"].rowCount() > 0


def test_what_is_shown_is_exported(loaded, qtbot, settle, tmp_path, monkeypatch):
    loaded.models["reads"].sort_by((SortKey("confidence", descending=True),))
    type_query(qtbot, loaded, settle, "plate:A conf>85")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "o.csv"), ""))
    loaded.commands.export_rows()
    qtbot.waitUntil(lambda: "were written" in loaded.strip.text, timeout=30_000)
    qtbot.waitUntil(lambda: children() == {})
    with (tmp_path / "o.csv").open(newline="") as file:
        assert [row["plate"] for row in csv.DictReader(file)] == plates(loaded.models["reads"])


def test_rows_of_a_selected_frame_are_exported_alone(loaded, qtbot, settle, tmp_path, monkeypatch):
    loaded.browser.show_tab("frames")
    loaded.browser.table("frames").show_row(3, by_user=True)
    loaded.browser.show_tab("reads")
    settle(loaded)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "o.csv"), ""))
    loaded.commands.export_rows()
    qtbot.waitUntil(lambda: "were written" in loaded.strip.text, timeout=30_000)
    qtbot.waitUntil(lambda: children() == {})
    with (tmp_path / "o.csv").open(newline="") as file:
        assert [row["plate"] for row in csv.DictReader(file)] == plates(loaded.models["reads"])


def test_the_next_capture_is_filtered_while_it_is_read(window, open_in, qtbot, settle, tmp_path):
    values = [frame(f"P{n}", confidence=60.0 + n) for n in range(40)]
    window.filtering.box.set_text("conf>=95")
    assert not window.filtering.box.isVisible()
    open_in(window, write(tmp_path / "a.jsonl", values))
    qtbot.waitUntil(lambda: plates(window.models["reads"]) == ["P35", "P36", "P37", "P38", "P39"])
    assert window.filtering.box.isVisible()
    settle(window)
    assert window.current.shown.read.plate == "P35"


def test_recent_and_saved_filters_are_remembered(loaded, make_window, qtbot, settle):
    type_query(qtbot, loaded, settle, "conf>90")
    loaded.filtering.box.saved.append("plate:A")
    other = make_window(loaded.session())
    assert other.filtering.box.edit.history == ["conf>90"]
    assert other.filtering.box.saved == ["plate:A"]
    assert other.filtering.box.text == ""


def test_narrowing_and_the_filter_are_both_told(loaded, qtbot, settle):
    loaded.browser.show_tab("frames")
    loaded.browser.table("frames").show_row(3, by_user=True)
    loaded.browser.show_tab("reads")
    plate = plates(loaded.models["reads"])[0]
    type_query(qtbot, loaded, settle, f"-plate:={plate}")
    assert "0 of them match the filter" in loaded.browser._pages["reads"]._reason.text()
    loaded.browser.show_all()
    assert loaded.models["reads"].rowCount() == loaded.models["reads"].matching


def test_ctrl_f_still_finds_in_the_raw_json(loaded, qtbot):
    loaded.commands.go_pane("json")
    pane = loaded.workspace.pane("json")
    qtbot.waitUntil(lambda: pane.isAncestorOf(QApplication.focusWidget()))
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert pane._bar.isVisible()
    assert QApplication.focusWidget() is not loaded.filtering.box.edit


def test_the_window_opens_with_a_query(qtbot, settle, monkeypatch, tmp_path):
    """What ``open --where`` and a restored session do."""
    shown = []
    monkeypatch.setattr(main, "Window", lambda *args: shown.append(Window(*args)) or shown[-1])
    monkeypatch.setattr(main, "_close_on_signals", lambda _: None)
    monkeypatch.setattr(main.logs, "set_up", lambda: None)
    monkeypatch.setattr(type(QApplication.instance()), "exec", lambda *_: 0)
    monkeypatch.setattr(main, "load_session", lambda: {"last": [str(SAMPLE)], "filter": {"text": "conf<70"}})
    monkeypatch.setattr(main, "load", lambda: Settings(cache_limit_mb=0))
    for where, query in (("", "conf<70"), ("conf>95", "conf>95")):
        main.open_window([] if not where else [str(SAMPLE)], [], where, alone=True)
        window = shown[-1]
        window.commands.remembers = False
        settle(window)
        assert window.filtering.box.text == query
        assert window.models["reads"].matching is not None
        window.close()
        qtbot.addWidget(window)


@pytest.fixture(scope="module")
def capture():
    from tests.helpers.opening import captured

    return captured(SAMPLE)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", None),
        ("cand", "candidate:"),
        ("template:", "yes"),
        ("roi:o", "out"),
        ("foo:", None),
        ("conf>", None),
        ("source:sam", "sample.jsonl"),
    ],
)
def test_suggestions(capture, text, first):
    found = suggestions(capture, place_of(text, len(text)))
    assert (found[0] if found else None) == first


def test_suggestions_from_the_capture(capture):
    columns = capture.columns
    plate = columns.text("plate", int(columns.reads.column("plate")[0]))
    assert plate in suggestions(capture, place_of(f"plate:{plate[:3].lower()}", 9))
    assert plate in suggestions(capture, place_of(plate[:3], 3))
    assert suggestions(capture, place_of("camera:", 7)) != []
    assert suggestions(capture, place_of("problem:", 8)) != []
    assert suggestions(capture, place_of("agent:", 6)) != []
    assert suggestions(capture, place_of("region:us", 9)) != []


def test_choices(capture, tmp_path):
    assert [term for _, term in choices(capture, "conf", "UTC")] == ["conf<70", "conf:70..85", "conf>90"]
    assert choices(capture, "camera", "UTC") != []
    assert all(term.startswith("time:") for _, term in choices(capture, "time", "UTC"))
    from tests.helpers.opening import captured

    days = captured(write(tmp_path / "a.jsonl", [frame("A"), frame("B", 1782889214972 + 86_400_000)]))
    assert [term for _, term in choices(days, "time", "UTC")] == ["time:2026-07-02", "time:2026-07-01"]
    assert choices(captured(write(tmp_path / "b.jsonl", [])), "time", "UTC") == []
