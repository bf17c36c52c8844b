"""The numbers in the real window: those of ``stats``, and of a script that knows nothing of the program."""

from __future__ import annotations

import csv
import json
import os
import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from alprviewer import cli
from alprviewer.core.decision import Act, Scope
from alprviewer.models.numbersheets import percent
from alprviewer.review.sqlite import SqliteJournal
from alprviewer.views.numbers.pane import TABS
from tests.helpers.opening import REAL, frame, needs_real, write
from tests.helpers.reviewing import strike

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.sqlite"


@pytest.fixture
def begin(make_window, open_in, journal):
    """Opens sources in a window whose journal is the test's."""

    def beginner(*sources):
        return open_in(make_window(journal=f"sqlite:///{journal}", reviewer="ann"), *sources)

    return beginner


@pytest.fixture
def stats(journal, capfdbinary):
    """What the command line says."""

    def go(*words):
        assert cli.run([*map(str, words), "--journal", f"sqlite:///{journal}"]) == 0
        return capfdbinary.readouterr().out

    return go


def open_numbers(window, qtbot, settle):
    """By its keys; waits until what the journal says was found in the capture."""
    strike(Key.Key_N, CTRL | SHIFT)
    pane = window.workspace.pane("numbers")
    assert pane.isVisible()
    settle(window)
    return pane


def counted(window, qtbot, reads):
    """Wait until so many decided reads are counted, and all is settled."""
    numbers = window.charts.numbers

    def there():
        found = numbers.report
        return not numbers.busy and found is not None and len(found.gathered.reads) == reads

    qtbot.waitUntil(there, timeout=30_000)
    qtbot.waitUntil(window.is_settled, timeout=30_000)
    return numbers.report


def normal(text):
    return re.sub(r"[\s-]", "", text).upper()


def by_hand(name):
    """Right reads of all that are known, and rows of the wrong ones: from the JSON and the CSV alone."""
    with (REAL / f"{name}.truth.csv").open(newline="") as file:
        truth = {
            (row["uuid"], row["plate_index"]): normal(row["plate_truth"]) for row in csv.DictReader(file)
        }
    wrong, row = [], 0
    for line in (REAL / f"{name}.jsonl").read_text("utf-8").splitlines():
        value = json.loads(line)
        for read in value["results"]:
            if normal(read["plate"]) != truth[value["uuid"], str(read["plate_index"])]:
                wrong.append(row)
            row += 1
    return row, wrong


@pytest.mark.uncounted
@needs_real
@pytest.mark.parametrize("name", ["us-passes", "eu-passes"])
def test_the_window_says_what_stats_says_and_opens_the_reads(begin, stats, qtbot, settle, name):
    capture = REAL / f"{name}.jsonl"
    stats("journal", "import", REAL / f"{name}.truth.csv", capture)
    said = json.loads(stats("stats", capture, "--json", "--by", "camera"))
    total, wrong = by_hand(name)
    window = begin(capture)
    pane = open_numbers(window, qtbot, settle)
    report = counted(window, qtbot, total)
    figures = {each.name: each for each in (*report.figures, *report.passes)}
    for figure in ("exact", "top_n", "character_error", "region", "false", "unreadable"):
        low, high = figures[figure].interval or (None, None)
        assert figures[figure].share == said["reads"][f"{figure}_rate"]
        assert (low, high) == (said["reads"][f"{figure}_low_rate"], said["reads"][f"{figure}_high_rate"])
        assert figures[figure].more == said["reads"][f"{figure}_more_for_one_percent"]
    assert figures["best"].hits == said["passes"]["exact_best"]
    assert figures["consensus"].hits == said["passes"]["exact_consensus"]
    assert figures["consensus"].trials == said["passes"]["judged"]
    assert figures["single"].hits == said["passes"]["exact_single"]
    assert report.off == said["calibration"]["expected_error_rate"]
    assert [value for value, _ in report.groups] == [group["camera"] for group in said["by"]["camera"]]
    assert (figures["exact"].trials, list(figures["exact"].no)) == (total, wrong)
    sheet = pane.figures.figures.sheet
    assert sheet.cells[0][0].text == percent(1 - len(wrong) / total)
    # The wrong ones, by keys.
    pane.figures.setFocus()
    pane.figures.setCurrentIndex(pane.figures.figures.index(0, 4))
    strike(Key.Key_Return)
    settle(window)
    reads = window.models["reads"]
    assert window.browser.tab == "reads"
    assert [reads.id_at(row) for row in range(reads.rowCount())] == wrong
    assert reads.narrowed_to == f"{len(wrong)} reads not read right"
    strike(Key.Key_Return)
    assert reads.rowCount() == total
    assert QApplication.focusWidget() is pane.figures
    # A cell of the matrix, by the mouse.
    pane.tabs.setCurrentIndex(TABS.index("characters"))
    settle(window)
    (true, read), rows = next(
        (key, rows) for key, rows in report.cells.items() if "" not in key and key[0] != key[1]
    )
    lines = pane.matrix.figures.sheet.lines
    columns = [title for title, _ in pane.matrix.figures.sheet.columns]
    index = pane.matrix.figures.index(lines.index(true), columns.index(read))
    pane.matrix.scrollTo(index)
    qtbot.mouseClick(
        pane.matrix.viewport(), Qt.MouseButton.LeftButton, pos=pane.matrix.visualRect(index).center()
    )
    settle(window)
    assert [reads.id_at(row) for row in range(reads.rowCount())] == sorted(set(rows))


def test_a_decision_is_counted_when_it_was_made(begin, qtbot, settle, tmp_path):
    values = [frame(f"AB{n}23", 1782889214972 + 100_000 * n + 200 * m) for n in range(3) for m in range(2)]
    window = begin(write(tmp_path / "few.jsonl", values))
    assert window.workspace.docks["numbers"].isHidden()
    pane = open_numbers(window, qtbot, settle)
    assert pane._message.words()[0] == "Nothing is decided yet"
    pane.review.setFocus()
    strike(Key.Key_Space)
    assert window.reviewing.active
    qtbot.waitUntil(lambda: not window.reviewing.review.busy, timeout=10_000)
    strike(Key.Key_A)
    qtbot.waitUntil(lambda: not window.reviewing.review.busy, timeout=10_000)
    # QTest gives Ctrl+Shift+N the text of a letter, which review mode keeps for itself; no keyboard does.
    window.menus.actions["go_numbers"].trigger()
    assert not window.reviewing.active
    report = counted(window, qtbot, 2)
    assert (report.figures[0].hits, report.passes[2].hits) == (2, 1)
    assert report.pace.decisions == 1
    assert "2 of 6 reads are decided" in pane._basis.text()


def test_a_figure_opens_all_of_its_reads_whatever_the_filter_shows(begin, qtbot, settle, tmp_path):
    window = begin(
        write(tmp_path / "few.jsonl", [frame(f"AB{n}23", 1782889214972 + 100_000 * n) for n in range(5)])
    )
    pane = open_numbers(window, qtbot, settle)
    reads = window.models["reads"]

    def opened(*rows):
        pane.reads_wanted.emit(rows, f"{len(rows)} reads not read right")
        settle(window)
        return [reads.id_at(row) for row in range(reads.rowCount())]

    window.filtering.box.set_text("plate:AB023")
    settle(window)
    assert reads.rowCount() == 1
    assert opened(0, 2, 3) == [0, 2, 3]
    assert (window.filtering.box.text, reads.narrowed_to) == ("", "3 reads not read right")
    assert opened(1, 2, 4) == [1, 2, 4], "another figure with the same words"
    assert opened(1, 2, 4) == [0, 1, 2, 3, 4]
    assert opened(1, 2, 4) == [1, 2, 4]
    pane.reads_wanted.emit((1, 2, 4), "3 reads of something else")
    assert reads.narrowed_to == "3 reads of something else"


def test_another_file_is_opened_with_the_numbers_in_sight(begin, open_in, qtbot, settle, tmp_path):
    window = begin(
        write(tmp_path / "few.jsonl", [frame(f"AB{n}23", 1782889214972 + 100_000 * n) for n in range(3)])
    )
    strike(Key.Key_R, CTRL)
    qtbot.waitUntil(lambda: not window.reviewing.review.busy, timeout=10_000)
    strike(Key.Key_A)
    window.menus.actions["go_numbers"].trigger()
    counted(window, qtbot, 1)
    open_in(window, write(tmp_path / "other.jsonl", [frame("ZZ9", 1782889214972)]))
    settle(window)
    assert window.charts.numbers.report.gathered.reads == []


def test_what_another_window_decides_is_counted_too(begin, qtbot, settle, tmp_path, journal):
    from alprviewer.review.exchange import decisions_of
    from alprviewer.review.pen import Pen

    values = [frame(f"AB{n}23", 1782889214972 + 100_000 * n) for n in range(3)]
    window = begin(write(tmp_path / "few.jsonl", values))
    strike(Key.Key_R, CTRL)
    qtbot.waitUntil(lambda: not window.reviewing.review.busy, timeout=10_000)
    strike(Key.Key_A)
    window.menus.actions["go_numbers"].trigger()
    counted(window, qtbot, 1)
    other = SqliteJournal(journal)
    try:
        (subject,) = decisions_of(other).subjects()
        pen = Pen(other, "bob", tmp_path / "state")
        pen.write(pen.entry(Act.WRONG, Scope.READ, [subject], plate="ZZ9"))
        qtbot.waitUntil(lambda: window.charts.numbers.report.gathered.disputed == 1, timeout=10_000)
    finally:
        other.close()
    qtbot.waitUntil(window.is_settled, timeout=10_000)
    assert window.charts.numbers.report.gathered.reads == []


def test_what_a_confidence_is_worth_stands_in_its_column(begin, qtbot, settle, tmp_path):
    values = [
        frame(f"AB{n}23", 1782889214972 + 100_000 * n, confidence=80.0 + n if n else None) for n in range(4)
    ]
    window = begin(write(tmp_path / "few.jsonl", values))
    reads = window.models["reads"]
    place = [spec.name for spec in reads.specs].index("worth")

    def worth():
        return [reads.text(row, place) for row in range(4)]

    strike(Key.Key_R, CTRL)
    qtbot.waitUntil(lambda: not window.reviewing.review.busy, timeout=10_000)
    for key in (Key.Key_A, Key.Key_X, Key.Key_X, Key.Key_A):
        strike(key)
        qtbot.waitUntil(lambda: not window.reviewing.review.busy, timeout=10_000)
    window.reviewing.leave()
    settle(window)
    assert window.charts.numbers.report is None
    assert worth() == ["—"] * 4
    table = window.browser.table("reads")
    table.columns.show_column(place, True)
    counted(window, qtbot, 4)
    assert worth() == ["—", "0", "0", "100"]
    table.columns.sort_by(place)
    assert reads.sort_keys == ()
    table.columns.show_column(place, False)
    window.charts.numbers.count()
    assert not window.charts.numbers.busy


def test_the_room_of_numbers_is_given_back(begin, qtbot, settle, tmp_path):
    window = begin(write(tmp_path / "few.jsonl", [frame("AB123")]))
    docks = window.workspace.docks
    names = ("image", "sheet", "candidates")
    before = [docks[name].height() for name in names]
    open_numbers(window, qtbot, settle)
    assert docks["numbers"].height() > 1.2 * before[0]
    window.resize(1300, 860)
    settle(window)
    assert docks["numbers"].height() > 1.1 * before[0]
    window.resize(1400, 900)
    window.commands.go_pane("image")
    settle(window)
    QApplication.processEvents()
    # The scene has a bar with two tabs below it now.
    assert [docks[name].height() for name in names[1:]] == before[1:]
    assert before[0] - 40 < docks["image"].height() < before[0]
    docks["numbers"].setFloating(True)
    window.commands.go_pane("numbers")
    settle(window)
    docks["numbers"].setFloating(False)


def test_numbers_are_there_again_in_the_next_session(begin, make_window, open_in, qtbot, settle, tmp_path):
    capture = write(tmp_path / "few.jsonl", [frame("AB123")])
    window = begin(capture)
    open_numbers(window, qtbot, settle)
    again = make_window(session=window.session())
    open_in(again, capture)
    assert again.workspace.pane("numbers").isVisible()
    assert again.workspace.pane("numbers")._message.words()[0] == "Nothing is decided yet"


def test_a_broken_and_an_empty_capture(begin, open_in, qtbot, settle, tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(
        b'{"data_type": "alpr_results", "results": [{"plate": \n' + os.urandom(2000) + b"\n{}\n"
    )
    window = begin(broken)
    strike(Key.Key_N, CTRL | SHIFT)
    pane = window.workspace.pane("numbers")
    settle(window)
    assert pane._message.words()[0] == "There are no reads"
    (tmp_path / "empty.jsonl").write_text("")
    open_in(window, tmp_path / "empty.jsonl")
    assert pane._message.words()[0] == "There are no reads"
    window.commands.close_capture()
    settle(window)
    assert pane._message.words()[0] == "There are no reads"
