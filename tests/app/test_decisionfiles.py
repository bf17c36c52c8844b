"""Decisions to files and from files, in the window."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from alprviewer.app.decisionfiles import FORMATS, became_of
from alprviewer.core.decision import Act, Gold, Scope
from alprviewer.review.commands import add_journal
from alprviewer.review.pen import Pen
from alprviewer.review.sqlite import SqliteJournal
from tests.helpers.decisions import subject
from tests.helpers.leaks import children
from tests.helpers.opening import frame, write
from tests.helpers.reviewing import entries, known_plates

SECONDS = 30_000
PLATES = ("AB123", "CD456", "EF789")


@pytest.fixture
def opened(make_window, open_in, tmp_path):
    """A window on three reads, and where its journal is."""
    values = [frame(plate, 1782889214972 + 100_000 * at) for at, plate in enumerate(PLATES)]
    window = make_window(journal=f"sqlite:///{tmp_path}/journal.sqlite", reviewer="ann")
    return open_in(window, write(tmp_path / "a.jsonl", values))


@pytest.fixture
def decided(opened, tmp_path):
    """The same; what is on each plate was decided."""
    known_plates(tmp_path, opened.loader.capture, {0: "AB123", 1: "CD450", 2: "EF789"})
    return opened


def do(qtbot, window, action, monkeypatch, name, choice=""):
    """Choose a file in the dialog of an action; returns what the strip says in the end."""
    said = []
    show = window.strip.show_message
    monkeypatch.setattr(window.strip, "show_message", lambda *words: (said.append(words[1]), show(*words)))
    for dialog in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, dialog, lambda *_: (str(name), choice))
    window.menus.actions[action].trigger()
    qtbot.waitUntil(lambda: bool(said) and not said[-1].endswith("…"), timeout=SECONDS)
    qtbot.waitUntil(lambda: children() == {})
    return said[-1]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_all_formats_of_the_command_line_are_offered():
    import argparse

    parser = argparse.ArgumentParser()
    add_journal(parser.add_subparsers())
    for each in FORMATS:
        assert parser.parse_args(["journal", "export", "x", "--format", each.name]).format == each.name
    assert len({each.choice for each in FORMATS}) == 7


def test_decisions_about_the_shown_reads_are_written_with_a_manifest(
    decided, qtbot, settle, tmp_path, monkeypatch
):
    out = tmp_path / "out.csv"
    assert str(out) in do(qtbot, decided, "export_decisions", monkeypatch, out)
    assert [row["plate"] for row in rows(out)] == ["AB123", "CD450", "EF789"]
    assert all(row["time_utc"].endswith("Z") for row in rows(out))
    decided.filtering.box.set_text("plate:CD*")
    settle(decided)
    lines = tmp_path / "out.jsonl"
    do(qtbot, decided, "export_decisions", monkeypatch, lines)
    (row,) = [json.loads(line) for line in lines.read_text().splitlines()]
    assert row["plate"] == "CD450"
    manifest = json.loads((tmp_path / "out.jsonl.manifest.json").read_text())
    assert (manifest["counts"]["entries"], bool(manifest["only"]), len(manifest["heads"])) == (1, True, 1)


def test_ground_truth_becomes_a_folder(decided, qtbot, settle, tmp_path, monkeypatch):
    decided.filtering.box.set_text("NOT plate:CD*")
    settle(decided)
    coco = next(each for each in FORMATS if each.name == "coco")
    do(qtbot, decided, "export_decisions", monkeypatch, tmp_path / "truth.csv", coco.choice)
    found = json.loads((tmp_path / "truth" / "annotations.json").read_text())
    assert [each["attributes"]["text"] for each in found["annotations"]] == ["AB123", "EF789"]
    said = do(qtbot, decided, "export_decisions", monkeypatch, tmp_path / "truth", coco.choice)
    assert "not an empty folder" in said
    assert not said.startswith("alprviewer")


def test_another_journal_is_taken_in_and_seen_at_once(decided, qtbot, tmp_path, monkeypatch):
    decided.reviewing.journaling.open()
    qtbot.waitUntil(lambda: len(decided.reviewing.review.decided) == 3, timeout=SECONDS)
    mine = entries(tmp_path / "journal.sqlite")
    with closing(SqliteJournal(tmp_path / "bob.sqlite")) as journal:
        pen = Pen(journal, "bob", tmp_path / "state-bob")
        pen.write(
            pen.entry(Act.WRONG, Scope.READ, mine[0].reads, plate="AB120"),
            pen.entry(Act.NOT_A_PLATE, Scope.READ, [subject(7)]),
        )
    said = do(qtbot, decided, "import_decisions", monkeypatch, tmp_path / "bob.sqlite")
    assert "2 new entries in the journal." in said
    assert "disagree about now: 1;" in said
    qtbot.waitUntil(lambda: decided.reviewing.review.decided.read(0).disputed, timeout=SECONDS)


def test_true_plates_are_taken_in_as_the_reviewers(opened, qtbot, tmp_path, monkeypatch):
    name = tmp_path / "truth.txt"
    uuids = [row["uuid"] for row in exported_reads(opened, qtbot, tmp_path, monkeypatch)]
    lines = [f"{uuids[0]},0,AB123", f"{uuids[1]},0,CD455", "nobody,0,X1"]
    name.write_text("\n".join(["uuid,plate_index,plate_truth", *lines]))
    said = do(qtbot, opened, "import_decisions", monkeypatch, name)
    assert said == "2 new entries in the journal. Lines that match no read: 1."
    found = entries(tmp_path / "journal.sqlite")
    assert [(each.reviewer, each.act, each.gold) for each in found] == [
        ("ann", Act.CORRECT, Gold.IMPORTED),
        ("ann", Act.WRONG, Gold.IMPORTED),
    ]
    qtbot.waitUntil(lambda: opened.models["reads"].text_of(1, "resolved") == "CD455", timeout=SECONDS)


def exported_reads(window, qtbot, tmp_path, monkeypatch):
    window.browser.show_tab("reads")
    do(qtbot, window, "export_rows", monkeypatch, tmp_path / "reads.csv")
    return rows(tmp_path / "reads.csv")


@pytest.mark.parametrize("text", ["uuid,plate\nx,y\n", None])
def test_what_cannot_be_taken_in_is_said(opened, qtbot, tmp_path, monkeypatch, text):
    name = tmp_path / "truth.csv"
    if text is not None:
        name.write_text(text)
    said = do(qtbot, opened, "import_decisions", monkeypatch, name)
    assert "plate_index" in said if text else "cannot be read" in said
    assert not said.startswith("alprviewer")


def test_nothing_happens_where_no_file_is_chosen(opened, monkeypatch):
    for dialog in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, dialog, lambda *_: ("", ""))
    opened.commands.export_decisions()
    opened.commands.import_decisions()
    assert opened.strip.text == ""


def test_what_became_of_an_import_leaves_out_what_did_not_happen():
    assert became_of({"added": 1, "known": 0, "refused": 2, "disputed": 0}) == (
        "1 new entry in the journal. Writers refused, their entries do not fit: 2."
    )
