"""The pass of the selected read."""

from __future__ import annotations

import numpy as np
import pytest

from alprviewer.models.currentpass import CurrentPass, pass_shown
from alprviewer.models.keptitems import Selected
from alprviewer.models.passshown import NO_PASS_SHOWN
from alprviewer.models.sheet import ORDERS, SheetModel, disagreement
from alprviewer.store.passes import NO_PASS, find
from tests.helpers.opening import SAMPLE, captured, frame, with_passes, write


@pytest.fixture(scope="module")
def capture():
    return with_passes(captured(SAMPLE))


@pytest.fixture
def current(qtbot, capture):
    made = CurrentPass()
    made.set_capture(capture)
    yield made
    made.close()


def of_pass(capture, number):
    return capture.passes.reads_of(number).tolist()


def select(qtbot, current, table, row):
    current.select(Selected(table, row))
    qtbot.waitUntil(lambda: not current.busy)
    return current.shown


def test_everything_that_is_shown_of_a_pass(capture):
    for number in range(0, len(capture.passes), 9):
        rows = of_pass(capture, number)
        shown = pass_shown(capture.columns, capture.passes, rows[0])
        assert sorted(read.row for read in shown.reads) == rows
        times = [read.time for read in shown.reads]
        assert times == sorted(times)
        assert shown.id == capture.passes.ids[number]
        assert shown.consensus == capture.passes.consensus[number]
        assert shown.weighed
        assert shown.selected == rows[0]
        for read in shown.reads:
            code = int(capture.columns.reads.column("plate")[read.row])
            assert read.plate == capture.columns.text("plate", code)
            assert len(read.quad) == 4
        if shown.consensus is not None:
            assert shown.explanation.text == shown.consensus
            assert shown.probability == pytest.approx(shown.explanation.probability, abs=1e-5)
        assert set(shown.speakers) <= set(rows)


def test_another_read_of_the_pass_is_selected_at_once(current, capture, qtbot):
    number = int(np.argmax(capture.passes.table["reads"]))
    first, second, *_ = of_pass(capture, number)
    shown = select(qtbot, current, "reads", first)
    assert shown.selected == first
    current.select(Selected("reads", second))
    assert not current.busy
    assert current.shown.selected == second
    assert current.shown.reads is shown.reads


def test_of_a_frame_the_pass_of_its_first_read(current, capture, qtbot):
    frame_row = int(capture.columns.reads.column("frame")[of_pass(capture, 3)[0]])
    first = int(capture.columns.frames.column("first_read")[frame_row])
    shown = select(qtbot, current, "frames", frame_row)
    assert shown.selected == first


def test_what_has_no_pass_shows_none(current, capture, qtbot, tmp_path):
    select(qtbot, current, "reads", 0)
    assert select(qtbot, current, "siblings", 0) == NO_PASS_SHOWN
    select(qtbot, current, "reads", 0)
    current.select(None)
    assert current.shown == NO_PASS_SHOWN
    timeless = with_passes(captured(write(tmp_path / "a.jsonl", [frame(at=...), frame()])))
    assert timeless.passes.of_read[0] == NO_PASS
    current.set_capture(timeless)
    assert select(qtbot, current, "reads", 0) == NO_PASS_SHOWN
    assert select(qtbot, current, "reads", 1).id
    assert pass_shown(timeless.columns, timeless.passes, 99) == NO_PASS_SHOWN


def test_it_looks_again_when_more_is_known(qtbot, tmp_path):
    capture = captured(write(tmp_path / "a.jsonl", [frame(), frame(at=1782889214992)]))
    current = CurrentPass()
    current.set_capture(capture)
    assert select(qtbot, current, "reads", 0) == NO_PASS_SHOWN
    seen = []
    current.changed.connect(seen.append)
    rules = with_passes(capture).passes.rules
    capture.passes = find(capture.columns, rules, with_consensus=False)
    current.look_again()
    qtbot.waitUntil(lambda: not current.busy)
    assert [shown.weighed for shown in seen] == [False]
    assert seen[0].explanation is None
    with_passes(capture)
    current.look_again()
    qtbot.waitUntil(lambda: not current.busy)
    current.look_again()
    qtbot.waitUntil(lambda: not current.busy)
    assert [shown.weighed for shown in seen] == [False, True], "said once"
    current.close()


# --- the sheet's model


@pytest.fixture(scope="module")
def shown(capture):
    number = int(np.argmax(capture.passes.table["reads"]))
    return pass_shown(capture.columns, capture.passes, of_pass(capture, number)[0])


def test_qt_finds_no_fault_with_the_sheet(qtmodeltester, shown, qapp):
    model = SheetModel()
    model.show(shown)
    qtmodeltester.check(model)
    for order in ORDERS:
        model.set_order(order)
    model.show(NO_PASS_SHOWN)
    qtmodeltester.check(model)


def test_orders(shown, qapp):
    model = SheetModel()
    assert model.show(shown)
    assert not model.show(shown)
    assert [read.row for read in model.reads] == [read.row for read in shown.reads]
    model.set_order("confidence")
    confidences = [read.confidence for read in model.reads]
    assert confidences == sorted(confidences, reverse=True)
    model.set_order("disagreement")
    distances = [disagreement(shown, read) for read in model.reads]
    assert distances == sorted(distances, reverse=True)
    for place, read in enumerate(model.reads):
        assert model.place_of(read.row) == place
    assert model.place_of(None) is None


def test_reads_without_a_plate_or_confidence_are_last_and_no_zero(capture, qapp):
    from alprviewer.models.passshown import PassRead, PassShown

    reads = (PassRead(0, 5, "", None, None), PassRead(1, 6, "ABC1", 80.0, None))
    model = SheetModel()
    model.show(PassShown("x", reads, "ABC1"))
    model.set_order("confidence")
    assert [read.row for read in model.reads] == [1, 0]
    assert model.data(model.index(1, 0)) == "—"
    assert model.data(model.index(0, 0)) == "ABC1 80.0"
