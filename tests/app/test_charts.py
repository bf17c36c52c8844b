"""Timeline and filter of the real window stay in step."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt

from alprviewer.core.query.parse import parse

Key = Qt.Key


def test_a_range_chosen_in_the_timeline_filters_and_escape_takes_it_back(loaded, qtbot, settle):
    total = len(loaded.loader.capture.columns.reads)
    assert loaded.charts.timeline.bins.all.counts.sum() == total
    loaded.commands.go_pane("timeline")
    pane = loaded.workspace.pane("timeline")
    qtbot.waitUntil(pane.hasFocus)
    for _ in range(3):
        qtbot.keyClick(pane, Key.Key_Right)
    with qtbot.waitSignal(loaded.filtering.rows.counted):
        for _ in range(6):
            qtbot.keyClick(pane, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    settle(loaded)
    matching = loaded.models["reads"].matching
    assert 0 < matching < total
    assert loaded.filtering.box.text.startswith("time:20")
    assert loaded.filtering.box.chips.chips["time"].is_set
    bins = loaded.charts.timeline.bins
    assert bins.shown.counts.sum() == matching
    assert pane.hasFocus()
    with qtbot.waitSignal(loaded.filtering.rows.counted):
        qtbot.keyClick(pane, Key.Key_Escape)
    assert loaded.filtering.box.text == ""
    settle(loaded)
    assert loaded.charts.timeline.bins.shown is None


def test_a_time_in_the_query_is_selected_in_the_timeline(loaded, qtbot, settle):
    first, last = loaded.charts.timeline.bins.span
    pane = loaded.workspace.pane("timeline")
    pane.set_view(first, first + 1000)
    middle = (first + last) // 2 // 60_000 * 60_000
    minute = datetime.fromtimestamp(middle / 1000, UTC).isoformat()[:16]
    with qtbot.waitSignal(loaded.filtering.rows.counted):
        loaded.filtering.box.set_text(f"plate:A time:{minute}")
    settle(loaded)
    assert loaded.charts.timeline.selected() == (middle, middle + 60_000)
    assert pane.view[0] <= middle < pane.view[1]
    pane.set_view(first, first + 1000)
    loaded.filtering.rows.counted.emit()  # rows have come
    assert pane.view[0] == first
    pane.range_chosen.emit(first // 60_000 * 60_000, first // 60_000 * 60_000 + 120_000)
    settle(loaded)
    assert loaded.filtering.rows.tree.terms[0] == parse("plate:A")
    assert loaded.filtering.box.text.count("time:") == 1


def test_plus_and_minus_zoom_the_timeline_while_it_has_the_keyboard(loaded, qtbot, settle):
    loaded.commands.go_pane("timeline")
    pane = loaded.workspace.pane("timeline")
    qtbot.waitUntil(pane.hasFocus)
    before = pane.view
    qtbot.keyClick(pane, Key.Key_Plus)
    assert pane.view[1] - pane.view[0] < before[1] - before[0]
    settle(loaded)


def test_an_empty_and_a_closed_capture(loaded, open_in, tmp_path, settle):
    (tmp_path / "empty.jsonl").write_text("")
    open_in(loaded, tmp_path / "empty.jsonl")
    assert loaded.charts.timeline.bins.span is None
    assert "no reads" in loaded.workspace.pane("timeline")._empty.text()
    loaded.commands.close_capture()
    settle(loaded)
    assert loaded.charts.timeline.bins.reads == 0


def test_a_search_for_a_plate_shows_why_and_takes_the_column_away_again(loaded, qtbot, settle):
    table = loaded.browser.table("reads")
    model = loaded.models["reads"]
    place = [spec.name for spec in model.specs].index("reason")
    plate = model.text_of(0, "plate")
    assert table.isColumnHidden(place)
    with qtbot.waitSignal(loaded.filtering.rows.counted):
        loaded.filtering.box.set_text(f"~{plate}")
    settle(loaded)
    assert not table.isColumnHidden(place)
    assert model.text(0, place).startswith("= ")
    state = table.columns.state()
    assert {column["name"]: column["hidden"] for column in state["columns"]}["reason"]
    assert state["sort"] == []
    assert all("Found as" not in action.text() for action in menu_entries(table))
    with qtbot.waitSignal(loaded.filtering.rows.counted):
        loaded.filtering.box.set_text("conf>50")
    assert table.isColumnHidden(place)


def menu_entries(table):
    from PySide6.QtWidgets import QMenu

    menu = QMenu(table)
    table.columns.fill_column_menu(menu)
    return menu.actions()


def test_what_nobody_sees_is_not_counted(loaded, settle):
    overview, timeline, docks = loaded.charts.overview, loaded.charts.timeline, loaded.workspace.docks
    settle(loaded)
    assert overview.reads == 0, "it stands behind another pane"
    docks["overview"].raise_()
    settle(loaded)
    assert overview.reads == len(loaded.loader.capture.columns.reads)
    docks["timeline"].hide()
    bins = timeline.bins
    loaded.filtering.box.set_text("conf>80")
    settle(loaded)
    assert timeline.bins is bins
    assert overview.matching == loaded.models["reads"].matching
    docks["timeline"].show()
    settle(loaded)
    assert timeline.bins.shown.counts.sum() == overview.matching


def test_a_bar_of_the_overview_filters_and_the_same_bar_again_shows_all(loaded, qtbot, settle):
    loaded.commands.go_pane("overview")
    pane = loaded.workspace.pane("overview")
    settle(loaded)
    place = next(place for place, button in enumerate(pane.charts[0].buttons) if button.bar.all)
    button = pane.charts[0].buttons[place]
    count = button.bar.all
    button.setFocus()
    with qtbot.waitSignal(loaded.filtering.rows.counted):
        qtbot.keyClick(button, Key.Key_Return)
    settle(loaded)
    assert loaded.models["reads"].matching == count
    assert loaded.filtering.box.text.startswith("conf>=")
    button = pane.charts[0].buttons[place]
    assert button.isChecked()
    with qtbot.waitSignal(loaded.filtering.rows.counted):
        qtbot.keyClick(button, Key.Key_Return)
    assert loaded.filtering.box.text == ""
    settle(loaded)
