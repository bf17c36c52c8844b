"""Passes in the real window: the table, what it narrows, the panes that show a pass."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from alprviewer.models import passfinder
from alprviewer.models.cells import NO_CONSENSUS_TEXT
from alprviewer.models.keptitems import Selected
from alprviewer.store.select import SortKey
from tests.helpers.modelrows import cell, ids
from tests.helpers.opening import REAL, SAMPLE, frame, needs_real, write
from tests.helpers.windowkeys import key, table


@pytest.fixture
def passes(make_window, open_in):
    """A window as a new user has it, on the sample."""
    return open_in(make_window({}), SAMPLE)


def columns(window):
    return window.loader.capture.columns


def test_that_there_are_no_passes_is_said(make_window, open_in, monkeypatch, expected_logs, tmp_path):
    expected_logs("find passes thread failed")
    monkeypatch.setattr(passfinder, "find", lambda *_, **__: 1 / 0)
    # A copy: the passes of the sample may be kept already.
    window = open_in(make_window(), shutil.copy(SAMPLE, tmp_path))
    assert "The passes could not be found" in window.strip.text


def test_passes_are_what_is_seen_first(passes):
    assert passes.browser.tab == "passes"
    model = passes.models["passes"]
    assert model.rowCount() == len(columns(passes).passes) > 50
    assert QApplication.focusWidget() is table(passes, "passes")
    best = int(columns(passes).passes.rows.column("best_read")[0])
    assert passes.current.selection == Selected("reads", best)
    assert f"{model.rowCount():,} passes" in passes.status.texts()[1]
    starts = columns(passes).passes.rows.column("start")[ids(model)]
    assert (np.diff(starts) >= 0).all()
    assert passes.models["reads"].narrowed_to == "", "nothing is narrowed before the user chooses"


def test_a_chosen_pass_narrows_reads_and_frames_and_shows_its_best_read(passes, settle, qtbot):
    key(qtbot, passes, "J", "J")
    settle(passes)
    rows = columns(passes).passes.reads_of(2)
    assert ids(passes.models["reads"]) == rows.tolist()
    frames = np.unique(columns(passes).reads.column("frame")[rows])
    assert ids(passes.models["frames"]) == frames.tolist()
    best = int(columns(passes).passes.rows.column("best_read")[2])
    assert passes.current.selection == Selected("reads", best)
    assert passes.current.shown.read.plate
    sheet = passes.workspace.pane("sheet")
    assert {read.row for read in sheet.model.reads} <= set(rows.tolist())
    key(qtbot, passes, Qt.Key.Key_Escape)
    assert passes.models["reads"].rowCount() == len(columns(passes).reads)


def test_the_sheet_goes_through_the_reads_of_the_pass(passes, settle, qtbot):
    number = int(np.argmax(columns(passes).passes.rows.column("reads")))
    table(passes, "passes").show_row(number)
    settle(passes)
    passes.commands.go_pane("sheet")
    inside = [read.row for read in passes.workspace.pane("sheet").model.reads]
    key(qtbot, passes, Qt.Key.Key_Home, Qt.Key.Key_Right)
    settle(passes)
    assert passes.current.selection == Selected("reads", inside[1])
    assert table(passes, "passes").current_id == number
    track = passes.workspace.pane("image").view.labels.track
    quads = {read.row: read.quad for read in passes.workspace.pane("sheet").model.reads}
    assert set(track) == {quad for row, quad in quads.items() if row != inside[1]}


def test_a_character_leads_to_the_reads_that_say_so(passes, settle, qtbot):
    number = int(np.argmax(columns(passes).passes.rows.column("reads")))
    table(passes, "passes").show_row(number)
    settle(passes)
    passes.commands.go_pane("pass")
    key(qtbot, passes, Qt.Key.Key_Right, Qt.Key.Key_Return)
    settle(passes)
    shown = ids(passes.models["reads"])
    assert 0 < len(shown) <= len(columns(passes).passes.reads_of(number))
    assert "in place 1" in passes.models["reads"].narrowed_to
    assert passes.workspace.pane("sheet").marked == set(shown)
    assert passes.current.selection.row in shown


def test_a_read_brings_its_pass_along(passes, settle):
    passes.commands.show_reads()
    row = int(columns(passes).passes.reads_of(30)[0])
    table(passes, "reads").show_row(row, by_user=True)
    settle(passes)
    assert table(passes, "passes").current_id == 30
    passes.commands.show_passes()
    settle(passes)
    assert passes.current.selection == Selected("reads", row), "the read of the pass stays"


def test_the_filter_asks_passes_too(passes, settle):
    passes.filtering.box.set_text("prob>90 agree<50")
    settle(passes)
    rows = columns(passes).passes.rows
    wanted = (rows.column("probability") > 90) & (rows.column("agreement") < 50)
    assert ids(passes.models["passes"]) == np.flatnonzero(wanted).tolist() != []
    passes.filtering.box.set_text("")
    settle(passes)
    assert passes.models["passes"].rowCount() == len(rows)


def test_a_filter_that_was_there_before_finds_what_passes_know(make_window, open_in):
    window = make_window({})
    window.filtering.box.set_text("prob>95")
    open_in(window, SAMPLE)
    probabilities = columns(window).passes.rows.column("probability")
    assert ids(window.models["passes"]) == np.flatnonzero(probabilities > 95).tolist() != []


def test_selection_survives_sorting_and_filtering(passes, settle):
    table(passes, "passes").show_row(40)
    settle(passes)
    passes.models["passes"].sort_by((SortKey("probability", descending=True),))
    settle(passes)
    assert table(passes, "passes").current_id == 40
    plate = cell(passes.models["passes"], passes.models["passes"].row_of(40), "consensus")
    passes.filtering.box.set_text(f"consensus:{plate}")
    settle(passes)
    assert table(passes, "passes").current_id == 40
    probabilities = columns(passes).passes.rows.column("probability")[ids(passes.models["passes"])]
    assert (np.diff(probabilities) <= 0).all()


def test_rows_that_are_written_while_it_is_open_grow_and_make_passes(make_window, open_in, qtbot, tmp_path):
    path = write(tmp_path / "a.jsonl", [frame("AB123", 1782889214972), frame("CD456", 1782889334972)])
    window = make_window({})
    window.loader.follows = True
    open_in(window, path)
    model = window.models["passes"]
    table(window, "passes").show_row(1)
    assert model.rowCount() == 2
    with path.open("ab") as file:
        for value in (frame("AB123", 1782889215172), frame("EF789", 1782889274972)):
            file.write(json.dumps(value).encode() + b"\n")
    qtbot.waitUntil(lambda: model.rowCount() == 3 and not window.passing.busy, timeout=30_000)
    assert [cell(model, row, "reads") for row in range(3)] == ["2", "1", "1"]
    assert table(window, "passes").current_id == 2, "the same pass, which is another row now"
    assert columns(window).passes.rows.column("weighed").all()


def test_no_consensus_is_said(make_window, open_in, tmp_path):
    window = open_in(make_window({}), write(tmp_path / "a.jsonl", [frame()]))
    assert cell(window.models["passes"], 0, "consensus") == NO_CONSENSUS_TEXT
    assert cell(window.models["passes"], 0, "probability") == "—"
    assert cell(window.models["passes"], 0, "agreement") == "—"


def test_reads_without_a_time_have_no_pass_and_are_shown_themselves(make_window, open_in, tmp_path):
    window = open_in(make_window({}), write(tmp_path / "a.jsonl", [frame(at=...)]))
    assert window.browser.tab == "reads"
    assert window.current.selection == Selected("reads", 0)
    open_in(window, SAMPLE)
    assert window.browser.tab == "passes", "only for that capture"


GROUP = {
    "data_type": "alpr_group",
    "epoch_start": 1782889214972,
    "epoch_end": 1782889216972,
    "camera_id": 7,
    "best_plate_number": "AB123",
    "best_confidence": 91.5,
    "best_uuid": "AGENT-7-1782889214972",
    "uuids": ["AGENT-7-1782889214972", "AGENT-7-1782889215972"],
}


def test_groups_alone_are_the_passes(make_window, open_in, settle, tmp_path):
    window = open_in(make_window({}), write(tmp_path / "a.jsonl", [GROUP]))
    model = window.models["passes"]
    assert window.browser.tab == "passes"
    assert [cell(model, 0, name) for name in ("consensus", "reads", "duration")] == ["AB123", "2", "2.0 s"]
    assert cell(model, 0, "probability") == "—"
    assert window.current.selection == Selected("siblings", 0)
    assert window.workspace.pane("sheet").model.rowCount() == 0


def test_a_group_and_its_pass_stand_side_by_side(make_window, open_in, settle, tmp_path):
    window = open_in(make_window({}), write(tmp_path / "a.jsonl", [frame(), GROUP]))
    model = window.models["passes"]
    assert model.rowCount() == 1
    assert cell(model, 0, "sibling") == "AB123"
    window.commands.show_groups()
    table(window, "siblings").show_row(0, by_user=True)
    settle(window)
    assert ids(window.models["reads"]) == [0]
    assert table(window, "passes").current_id == 0


@pytest.mark.parametrize("text", ["", "nonsense\n", '{"data_type": "alpr_results", "results": [}\n'])
def test_what_holds_nothing_says_so(make_window, open_in, tmp_path, text):
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    window = open_in(make_window({}), path)
    assert window.models["passes"].rowCount() == 0
    assert not window.passing.finder.is_finding


def test_the_order_of_the_sheet_is_remembered(passes, make_window):
    passes.workspace.pane("sheet").set_order("confidence")
    other = make_window(json.loads(json.dumps(passes.session())))
    assert other.workspace.pane("sheet").model.order == "confidence"


@needs_real
@pytest.mark.parametrize("name", ["us-passes.jsonl", "eu-passes.jsonl", "hard-passes.jsonl"])
def test_real_captures(make_window, open_in, settle, name):
    window = open_in(make_window({}), REAL / name)
    model = window.models["passes"]
    for place in range(0, model.rowCount(), 10):
        window.browser.select_shown(place)
        settle(window)
        row = model.id_at(place)
        shown = window.passing.current.shown
        assert {read.row for read in shown.reads} <= set(columns(window).passes.reads_of(row).tolist())
        assert cell(model, place, "consensus") == (shown.consensus or NO_CONSENSUS_TEXT)
