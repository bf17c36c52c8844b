"""Writing the table in front to a file."""

from __future__ import annotations

import csv
import json

import pytest
from PySide6.QtWidgets import QFileDialog

from alprviewer.app import exporting
from alprviewer.capture.export import rows
from alprviewer.models.tables import TABLES, UNSORTABLE
from alprviewer.store.select import SortKey
from tests.helpers.leaks import children
from tests.helpers.opening import SAMPLE, frame, write

SECONDS = 30_000


@pytest.fixture
def small(window, open_in, tmp_path):
    values = [frame(plate, confidence=value) for plate, value in (("B", 70.0), ("A", 90.0), ("C", 80.0))]
    return open_in(window, write(tmp_path / "a.jsonl", values))


def export(qtbot, window, name, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(name), ""))
    window.commands.export_rows()
    assert "Writing" in window.strip.text
    qtbot.waitUntil(
        lambda: "Writing" not in window.strip.text or "failed" in window.strip.text, timeout=SECONDS
    )
    qtbot.waitUntil(lambda: children() == {})


def test_reads_as_csv_in_the_order_of_the_table(small, qtbot, tmp_path, monkeypatch):
    small.models["reads"].sort_by((SortKey("confidence", descending=True),))
    export(qtbot, small, tmp_path / "out.csv", monkeypatch)
    assert "were written to" in small.strip.text
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["plate"] for row in rows] == ["A", "C", "B"]


def test_frames_as_json_lines(small, qtbot, tmp_path, monkeypatch):
    small.browser.show_tab("frames")
    export(qtbot, small, tmp_path / "out.jsonl", monkeypatch)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert len(rows) == 3
    assert rows[0]["img_width"] == 640


@pytest.mark.parametrize("table", ["reads", "frames", "problems"])
def test_every_column_that_sorts_a_table_sorts_its_export_or_is_left_out(table, tmp_path):
    path = write(tmp_path / "a.jsonl", [frame("B", confidence="x"), frame("A")])
    left_out = []
    for spec in TABLES[table][1]:
        if spec.name in UNSORTABLE:
            continue
        words = exporting.sort_words(table, [SortKey(spec.name, descending=True)])
        left_out += [spec.name] if not words else []
        keys = [SortKey(word.lstrip("-"), word.startswith("-")) for word in words]
        assert list(rows(table, [str(path)], keys)), spec.name
    only_shown = {"reads": ["listed", "reason", "plate_width"], "frames": ["place"], "problems": []}
    assert left_out == only_shown[table]


def test_an_order_that_cannot_be_exported_is_said(small, qtbot, tmp_path, monkeypatch):
    small.models["reads"].sort_by((SortKey("plate_width"),))
    export(qtbot, small, tmp_path / "out.csv", monkeypatch)
    assert "in the order of the sources" in small.strip.text


def test_a_file_that_cannot_be_written_is_said(small, qtbot, tmp_path, monkeypatch):
    export(qtbot, small, tmp_path / "gone" / "out.csv", monkeypatch)
    assert "cannot be written" in small.strip.text
    assert "Traceback" not in small.strip.text


def test_a_program_that_cannot_be_started_is_said(small, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "program_command", lambda: ["/nowhere/alprviewer"])
    export(qtbot, small, tmp_path / "out.csv", monkeypatch)
    assert "failed" in small.strip.text


def test_passes_that_are_shown_are_those_that_are_written(loaded, qtbot, settle, tmp_path, monkeypatch):
    """The tables have them by time, exports by camera and time."""
    loaded.browser.show_tab("passes")
    loaded.filtering.box.set_text("prob<80")
    settle(loaded)
    model = loaded.models["passes"]
    shown = [model.text_of(model.id_at(row), "consensus") for row in range(model.rowCount())]
    assert 0 < len(shown) < model.total
    export(qtbot, loaded, tmp_path / "out.csv", monkeypatch)
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["consensus"] for row in rows) == sorted(shown)
    assert all(float(row["consensus_probability"]) < 0.8 for row in rows)


def test_groups_are_not_exported_and_that_is_said(small):
    small.browser.show_tab("siblings")
    small.commands.export_rows()
    assert "choose Passes, Reads, Frames or Problems" in small.strip.text


def test_no_name_no_export(small, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    small.commands.export_rows()
    assert small.strip.text == ""
    assert children() == {}


def test_names_like_options_and_relative_ones(window, open_in, qtbot, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "--help", [frame()])
    open_in(window, "--help")
    export(qtbot, window, "-out.csv", monkeypatch)
    assert "were written" in window.strip.text
    assert (tmp_path / "-out.csv").stat().st_size > 100


def test_closing_the_window_ends_an_export(make_window, open_in, qtbot, tmp_path):
    path = tmp_path / "long.jsonl"
    path.write_bytes(SAMPLE.read_bytes() * 4)
    window = open_in(make_window(), path)
    process = exporting.start_export(window, "reads", str(tmp_path / "out.csv"))
    assert process.waitForStarted()
    window.close()
    assert children() == {}
