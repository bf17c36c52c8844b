"""The model of the numbers: counted beside the window, from what is decided now."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from alprviewer.capture.spans import SpanReader
from alprviewer.core.calibration import Recalibration
from alprviewer.core.chain import Link
from alprviewer.core.decision import Act, Scope, body
from alprviewer.models import numbers as module
from alprviewer.models.decided import Decided
from alprviewer.models.figuretable import Cell, FigureTable, Sheet
from alprviewer.models.numbers import Numbers
from alprviewer.models.numbersheets import (
    basis_words,
    between,
    bin_words,
    compared_sheet,
    figures_sheet,
    groups_sheet,
    hours,
    matrix_sheet,
    off_words,
    percent,
    points,
    threshold_words,
    verdict,
    worth_words,
)
from alprviewer.review.figures import Choices, compared, report
from alprviewer.review.gathering import Gathered, Pace
from alprviewer.review.subjects import Subjects
from tests.helpers.decisions import entry
from tests.helpers.opening import captured, frame, with_passes, write

AT = 1_782_889_200_000
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def capture(tmp_path):
    values = [frame(f"AB{n}", AT + 100_000 * n, camera_id=1 + n % 2) for n in range(8)]
    return with_passes(captured(write(tmp_path / "a.jsonl", values)))


class Told:
    """What a journal would tell of a capture."""

    def __init__(self, capture):
        self.decided = Decided()
        self.decided.set_capture(capture)
        reader = SpanReader(capture)
        try:
            subjects = Subjects(capture, reader)
            self._subjects = {row: subjects.read(row) for row in range(len(capture.columns.reads))}
        finally:
            reader.close()
        self.decided.locate({each.digest: (row,) for row, each in self._subjects.items()})
        self._count = 0

    def say(self, row, plate, act=Act.WRONG, **more):
        self._count += 1
        said = entry(
            time=1_700_000_000_000 + self._count,
            scope=Scope.READ,
            reads=(self._subjects[row],),
            act=act,
            plate=plate,
            **more,
        )
        self.decided.add([Link("ann", self._count, "", body(said), f"{self._count:064x}")])


@pytest.fixture
def made(qtbot, capture):
    told = Told(capture)
    numbers = Numbers(told.decided)
    with qtbot.waitSignal(numbers.changed):
        numbers.set_capture(capture)
    yield numbers, told
    numbers.close()


def settle(qtbot, numbers):
    qtbot.waitUntil(lambda: not numbers.busy)


def exact(numbers):
    figure = numbers.report.figures[0]
    return figure.hits, figure.trials


def test_what_is_decided_meanwhile_is_counted_when_it_is_told(made, qtbot, capture):
    numbers, told = made
    assert exact(numbers) == (0, 0)
    assert numbers.report.reads == 8
    told.say(0, "AB0", Act.CORRECT)
    told.say(1, "AX1")
    numbers.count()
    settle(qtbot, numbers)
    assert exact(numbers) == (1, 2)
    assert numbers.report.passes[1].trials == 0
    numbers.set_passes(capture.passes)
    settle(qtbot, numbers)
    assert numbers.report.passes[1].trials == 2


def test_another_choice_counts_what_was_gathered_beside_the_window(made, qtbot, monkeypatch):
    numbers, told = made
    told.say(0, "AB0", Act.CORRECT)
    numbers.count()
    settle(qtbot, numbers)
    threads = []
    real = module.report
    monkeypatch.setattr(
        module, "report", lambda *args: (threads.append(threading.current_thread()), real(*args))[1]
    )
    monkeypatch.setattr(module, "gather", None)
    numbers.choose(field="hour")
    settle(qtbot, numbers)
    assert [value for value, _ in numbers.report.groups] == ["07:00Z"]
    assert threads != []
    assert threading.main_thread() not in threads
    numbers.choose(field="hour")
    assert not numbers.busy


def test_the_newest_choice_wins_and_another_field_forgets_its_values(made, qtbot):
    numbers, told = made
    for row in range(4):
        told.say(row, f"AB{row}", Act.CORRECT)
    numbers.count()
    numbers.choose(before="2")
    for field in ("region", "conf", "camera"):
        numbers.choose(field=field)
    settle(qtbot, numbers)
    assert numbers.report.choices == Choices(field="camera", before="1", after="2")
    assert exact(numbers) == (4, 4)


def test_nothing_is_counted_while_nobody_looks_and_filters_change_nothing(made, qtbot):
    numbers, told = made
    numbers.set_filter(None, np.empty(0, np.uint32))
    numbers.set_zone("local")
    assert not numbers.busy
    numbers.set_wanted(False)
    told.say(0, "AB0", Act.CORRECT)
    numbers.count()
    assert not numbers.busy
    assert exact(numbers) == (0, 0)
    numbers.set_wanted(True)
    settle(qtbot, numbers)
    assert exact(numbers) == (1, 1)


def test_another_capture_begins_with_nothing(made, qtbot, tmp_path):
    numbers, told = made
    told.say(0, "AB0", Act.CORRECT)
    numbers.count()
    other = captured(write(tmp_path / "b.jsonl", [frame("Z")]))
    told.decided.set_capture(other)
    seen = []
    numbers.restarted.connect(lambda: seen.append(numbers.report))
    numbers.set_capture(other)
    settle(qtbot, numbers)
    assert seen == [None]
    assert exact(numbers) == (0, 0)


def test_what_was_found_in_another_capture_is_not_looked_for_in_this_one(made, qtbot, tmp_path):
    numbers, told = made
    for row in range(8):
        told.say(row, f"AB{row}", Act.CORRECT)
    numbers.set_capture(captured(write(tmp_path / "b.jsonl", [])))  # before the decisions hear of it
    settle(qtbot, numbers)
    assert (exact(numbers), numbers.report.reads) == ((0, 0), 0)


def test_what_is_counted_of_another_capture_while_nobody_looks_is_not_taken_for_this_one(
    made, qtbot, tmp_path
):
    numbers, _ = made
    begun, go_on = threading.Event(), threading.Event()
    work = numbers.work()

    def slow(still_wanted):
        begun.set()
        assert go_on.wait(20)
        return work(still_wanted)

    numbers.work = lambda: slow
    numbers.count()
    assert begun.wait(20)
    numbers.set_wanted(False)
    del numbers.work
    numbers.set_capture(captured(write(tmp_path / "b.jsonl", [frame("Z")])))
    with qtbot.waitSignal(numbers._worker._done):
        go_on.set()
    assert numbers.report is None


# --- tables


def test_a_table_of_figures_is_a_sound_model(qtbot):
    table = FigureTable()
    tester = QAbstractItemModelTester(table, FATAL, table)
    assert tester.model() is table
    columns = (("A", "first"), ("B", ""))
    table.set_sheet(Sheet(columns, ("one",), ((Cell("1", (4,), "one read"), Cell("—")),)))
    assert (table.rowCount(), table.columnCount()) == (1, 2)
    with qtbot.waitSignal(table.dataChanged):
        table.set_sheet(Sheet(columns, ("one",), ((Cell("2", (4,), "one read"), Cell("—")),)))
    with qtbot.assertNotEmitted(table.dataChanged):
        table.set_sheet(table.sheet)
    with qtbot.waitSignal(table.modelReset):
        table.set_sheet(Sheet())
    assert table.rowCount() == 0


def test_hostile_values_are_shown_as_text(made, qtbot, tmp_path):
    capture = with_passes(
        captured(
            write(tmp_path / "h.jsonl", [frame("AB1", AT, region="<img src=x>\u202e"), frame("AB2", AT + 9)])
        )
    )
    told = Told(capture)
    told.say(0, "AB1", Act.CORRECT)
    told.say(1, "AB2", Act.CORRECT)
    numbers, _ = made
    numbers._decided = told.decided
    numbers.choose(field="region", position=2, before="us-mo")
    numbers.set_capture(capture)
    settle(qtbot, numbers)
    assert numbers.report.choices.position is None
    sheet = groups_sheet(numbers.report)
    assert [line for line in sheet.lines if "img" in line] == [
        line for line in sheet.lines if line != "us-mo"
    ]
    assert not any("\u202e" in line for line in sheet.lines)
    table = FigureTable()
    table.set_sheet(sheet)
    tips = [table.data(table.index(row, 0), Qt.ItemDataRole.ToolTipRole) for row in range(2)]
    spoken = [table.data(table.index(row, 0), Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert any("&lt;img" in tip for tip in tips)
    assert not any("<img" in tip for tip in tips)
    assert any("<img" in words for words in spoken)


@pytest.fixture
def reported(made, qtbot, capture):
    numbers, told = made
    told.say(0, "AB0", Act.CORRECT, region="us-mo", seconds=4.0)
    told.say(1, "AX1", seconds=6.0)
    told.say(2, "AX2", seconds=500.0)
    told.say(3, None, Act.NOT_A_PLATE)
    numbers.passes = capture.passes
    numbers.count()
    settle(qtbot, numbers)
    return numbers


def written(sheet):
    return {line: [cell.text for cell in cells] for line, cells in zip(sheet.lines, sheet.cells, strict=True)}


def test_the_sheet_of_figures(reported):
    sheet = figures_sheet(reported.report)
    found = written(sheet)
    low, high = reported.report.figures[0].interval
    assert found["Read exactly right"][:5] == [
        "33.3 %",
        f"{100 * low:.1f} – {100 * high:.1f}",
        "",
        "1",
        "2",
    ]
    assert found["Read exactly right"][5] == "3"
    assert found["Characters wrong"][5] == "9"
    assert found["Region right"][0] == "100.0 %"
    assert found["No plate at all"][0] == "25.0 %"
    wrong = sheet.cells[0][4]
    assert (wrong.rows, wrong.words) == ((1, 2), "2 reads not read right")


def test_absent_is_never_zero(capture):
    nothing = report(capture, Gathered([], 0, [], 0, total=8), Choices())
    assert {text for texts in written(figures_sheet(nothing)).values() for text in texts} == {"—", ""}
    assert groups_sheet(nothing).lines == matrix_sheet(nothing).lines == compared_sheet(nothing).lines == ()
    assert (percent(None), between(None), points(None)) == ("—", "—", "—")
    assert "No decided read" in threshold_words(nothing, 90)
    assert "No decided read" in off_words(None)
    assert "Nothing is decided" in worth_words(Recalibration(), 92.9)
    assert bin_words(nothing.bins[0]) == "Confidence 0 to 5: nothing decided"


def test_the_sheet_of_groups_names_the_group_of_its_reads(reported):
    sheet = groups_sheet(reported.report)
    assert written(sheet)["1"][:2] == ["2", "50.0 %"]
    assert sheet.cells[0][0].words == "2 reads that were counted · Camera 1"
    assert written(sheet)["2"][7] == "—"


def test_the_matrix_has_what_was_mistaken(reported):
    sheet = matrix_sheet(reported.report)
    assert (sheet.lines, [title for title, _ in sheet.columns]) == (("X",), ["B"])
    ((cell,),) = sheet.cells
    assert (cell.text, cell.rows, cell.words) == ("2", (1, 2), "2 reads, X read as B")
    assert cell.strength == 1


def test_two_groups_and_what_their_difference_says(reported):
    sheet = compared_sheet(reported.report)
    assert [title for title, _ in sheet.columns][:2] == ["1", "2"]
    assert written(sheet)["Read exactly right"] == [
        "50.0 %",
        "0.0 %",
        "−50.0",
        *written(sheet)["Read exactly right"][3:],
    ]
    samples = reported.report.gathered.reads
    (right,) = [each for each in samples if each.row == 0]
    (wrong,) = [each for each in samples if each.row == 1]
    assert verdict(compared([wrong] * 40, [right] * 40)[0]) == "more, 0 excluded"
    assert verdict(compared([right] * 40, [wrong] * 40)[0]) == "less, 0 excluded"
    assert verdict(compared([right], [wrong])[0]) == "may be chance"
    assert verdict(compared([], [wrong])[0]) == "—"


def test_a_threshold_in_words(reported):
    words = threshold_words(reported.report, 90.0)
    assert "From 90.0 on: 4 of 4 decided reads would be accepted unseen (100.0 %)." in words
    assert "3 of them are wrong, 75.0 %" in words
    assert "0 of 8 reads would be left to review: 0 s, at 6.0 s a decision on 1.0 reads." in words
    assert reported.report.pace == Pace(3, 3, 6.0)
    assert "8 of 8 reads would be left to review: 48 s" in threshold_words(reported.report, 91.0)
    untimed = reported.report._replace(pace=None)
    assert "no decision here says how long it took" in threshold_words(untimed, 91.0)


def test_what_the_figures_rest_on(reported):
    words = basis_words(reported.report)
    assert words.startswith("4 of 8 reads are decided; how they were chosen is unknown.")
    drawn = reported.report.gathered.drawn_passes
    assert f"of {drawn} pass" in words
    gathered = reported.report.gathered
    every = reported.report._replace(gathered=gathered._replace(total=4))
    assert basis_words(every).startswith("All 4 reads are decided: nothing was chosen")
    only = reported.report._replace(choices=Choices(drawn=True))
    assert basis_words(only).startswith("Only ")
    more = gathered._replace(disputed=2, unweighed=1, drawn_passes=None)
    said = basis_words(reported.report._replace(gathered=more))
    assert "2 disputed reads not counted." in said
    assert "1 pass not counted yet" in said


@pytest.mark.parametrize(("seconds", "text"), [(40, "40 s"), (750, "12 min"), (12_240, "3.4 h")])
def test_times_that_review_takes(seconds, text):
    assert hours(seconds) == text
