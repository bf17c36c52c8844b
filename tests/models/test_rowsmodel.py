"""The tables' model: what it shows, and that rows keep their identity whatever moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from alprviewer.capture.capture import Capture
from alprviewer.core.states import absent
from alprviewer.models.cells import by_name
from alprviewer.models.celltexts import DOWN, UP
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.tables import REASON, TABLES, UNSORTABLE
from alprviewer.models.textpages import PAGE
from alprviewer.sources.paths import SourceFile
from alprviewer.store.passrows import NO_ROW, PASS_ROW_DTYPE, PassTable
from alprviewer.store.select import SortKey, order, table_of
from alprviewer.store.tables import Table
from tests.helpers.modelrows import cell, ids
from tests.helpers.opening import SAMPLE, captured, frame, messages, with_passes, write

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture(scope="module")
def sample():
    return with_passes(captured(SAMPLE))


@pytest.fixture(scope="module")
def part(tmp_path_factory):
    """Some of every kind: frames with one, two and three reads, siblings, a broken record."""
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    chosen = [line for line in lines if b'"alpr_results"' not in line[:200]]
    path = tmp_path_factory.mktemp("part") / "part.jsonl"
    broken = [b'{"data_type": "alpr_results", "results": [{"confidence": "high"}]}\n', b'{"results": [}\n']
    path.write_bytes(b"".join([*lines[:25], *chosen, *broken, *lines[-10:]]))
    return with_passes(captured(path))


@pytest.mark.uncounted
@pytest.mark.parametrize("table", TABLES)
def test_qt_finds_no_fault(make, part, table, qtmodeltester):
    model = make(table, part, filled=False)
    qtmodeltester.check(model)
    count = len(table_of(part.columns, table))
    assert 0 < count < 100
    half = count // 2
    model.add_rows(range(half))
    sortable = [spec.name for spec in model.specs if spec.name not in UNSORTABLE]
    model.sort_by((SortKey(sortable[0]),))
    model.add_rows(range(half, count))
    for name in sortable:
        model.sort_by((SortKey(name),))
        model.sort_by((SortKey(name, descending=True),))
        assert sorted(ids(model)) == list(range(count))
    model.narrow(np.arange(count)[::3], "every third")
    model.sort_by((SortKey(sortable[0]),))
    model.narrow(np.arange(count)[1::5], "others")
    model.narrow(np.arange(0), "none")
    model.narrow(np.arange(min(1, count)), "one")
    model.sort_by(())
    model.narrow(None)
    assert ids(model) == list(range(count))
    model.set_zone("local")
    model.refresh()
    qtmodeltester.check(model)
    model.set_capture(Capture())
    assert model.rowCount() == 0
    qtmodeltester.check(model)


def test_every_cell_of_every_table_is_a_line_of_plain_text(make, sample):
    for table in TABLES:
        model = make(table, sample)
        for row in (0, model.rowCount() // 2, model.rowCount() - 1):
            for column in range(model.columnCount()):
                text = model.data(model.index(row, column))
                assert text
                assert text.isprintable()


def test_header(make, sample):
    model = make("reads", sample)
    horizontal = Qt.Orientation.Horizontal
    assert model.headerData(0, horizontal) == "Time (UTC)"
    model.set_zone("local")
    assert model.headerData(0, horizontal) == "Time (local)"
    model.sort_by((SortKey("epoch_time"),))
    assert model.headerData(0, horizontal) == "Time (local)" + UP
    model.sort_by((SortKey("epoch_time", descending=True),))
    assert model.headerData(0, horizontal) == "Time (local)" + DOWN
    assert model.title(0) == "Time (local)"
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(99, horizontal) is None
    tips = [model.headerData(n, horizontal, Qt.ItemDataRole.ToolTipRole) for n in range(model.columnCount())]
    assert any(tips)
    assert not any("<" in tip for tip in tips if tip)


def test_numbers_stand_right_and_texts_left(make, sample):
    model = make("reads", sample)
    for column, spec in enumerate(model.specs):
        wanted = Qt.AlignmentFlag.AlignRight if spec.numeric else Qt.AlignmentFlag.AlignLeft
        for alignment in (
            model.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole),
            model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole),
        ):
            assert alignment & wanted


def test_absent_is_a_dash_and_invalid_says_so_and_neither_is_zero(make, tmp_path):
    bare = {"data_type": "alpr_results", "results": [{}]}
    garbage = frame(
        at=8890634747532400640,
        confidence="high",
        matches_template="perhaps",
        plate=["x"],
        region={"x": 1},
        plate_index=-5.5,
        coordinates=[{"x": "a", "y": 1}] * 4,
        img_width=-1797572864,
        processing_time_ms="soon",
        camera_id={"no": 1},
    )
    capture = captured(write(tmp_path / "a.jsonl", [bare, garbage]))
    reads, frames = make("reads", capture), make("frames", capture)
    unknown = {"frame", "position", "source"}
    for spec in reads.specs:
        if spec.name not in unknown:
            assert cell(reads, 0, spec.name) == "—", spec.name
    known = unknown | {"uuid", "reason", "crop_text", "margin", "candidates", "region_confidence"}
    known |= {"decision", "resolved", "worth", "listed"}  # of people, not of the data
    for spec in reads.specs:
        if spec.name not in known:
            assert cell(reads, 1, spec.name) == "invalid", spec.name
    for name in ("epoch_time", "camera_id", "img_width", "processing_time_ms", "uuid", "agent_version"):
        assert cell(frames, 0, name) == "—", name
    for name in ("epoch_time", "camera_id", "img_width"):
        assert cell(frames, 1, name) == "invalid", name


def test_absent_sorts_last_both_ways(make, tmp_path):
    values = [frame(confidence=...), frame(confidence=70.0), frame(confidence=99.0), frame(confidence="x")]
    model = make("reads", captured(write(tmp_path / "a.jsonl", values)))
    model.sort_by((SortKey("confidence"),))
    assert ids(model) == [1, 2, 0, 3]
    model.sort_by((SortKey("confidence", descending=True),))
    assert ids(model) == [2, 1, 0, 3]


def test_dates_appear_once_a_capture_spans_two_days(make, qtbot, tmp_path):
    noon, next_day = 1782907200000, 1782993600000
    capture = captured(write(tmp_path / "a.jsonl", [frame(at=noon), frame(at=next_day)]))
    model = make("reads", capture, filled=False)
    alone = captured(write(tmp_path / "b.jsonl", [frame(at=noon)]))
    other = make("reads", alone)
    assert cell(other, 0, "epoch_time") == "12:00:00.000"
    with qtbot.waitSignal(model.dated) as dated:
        model.add_rows(range(2))
    assert dated.args == [True]
    assert cell(model, 0, "epoch_time") == "2026-07-01 12:00:00.000"
    model.set_capture(alone)
    model.add_rows(range(1))
    assert cell(model, 0, "epoch_time") == "12:00:00.000"


def test_a_selection_follows_its_rows(make, sample):
    model = make("reads", sample)
    selection = QItemSelectionModel(model)
    chosen = {3, 4, 5, 700}
    rows_flag = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in chosen:
        selection.select(model.index(row, 0), rows_flag)

    def selected() -> set[int]:
        return {model.id_at(index.row()) for index in selection.selectedRows()}

    for name in ("plate", "confidence", "epoch_time"):
        model.sort_by((SortKey(name, descending=True),))
        assert selected() == chosen
    model.narrow(np.array([4, 5, 6, 700]), "some")
    assert selected() == {4, 5, 700}
    model.narrow(np.array([1, 5]), "others")
    assert selected() == {5}
    model.narrow(None)
    model.sort_by(())
    assert selected() == {5}


def test_persistent_indexes_follow_their_rows_while_rows_arrive(make, tmp_path):
    paths = [
        write(
            tmp_path / f"{n}.jsonl", [frame(f"P{n}{k}", confidence=60.0 + (7 * n + k) % 30) for k in range(9)]
        )
        for n in range(5)
    ]
    capture = Capture()
    model = make("reads", capture, filled=False)
    model.sort_by((SortKey("confidence"),))
    kept: list[tuple[QPersistentModelIndex, str]] = []
    column = by_name(model.specs)["plate"]
    for path in paths:
        source = capture.add(SourceFile(str(path), path))
        for message in messages(path, source):
            model.add_rows(capture.apply(message).reads)
        last = model.index(model.rowCount() - 1, column)
        kept.append((QPersistentModelIndex(last), last.data()))
        model.resort()
        assert [index.data() for index, _ in kept] == [text for _, text in kept]
    assert model.rowCount() == 45
    confidences = [float(cell(model, row, "confidence")) for row in range(45)]
    assert confidences == sorted(confidences)


names = st.sampled_from([spec.name for spec in TABLES["reads"][1] if spec.name not in (*UNSORTABLE, REASON)])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("sort"), names, st.booleans()),
        st.just(("unsort",)),
        st.tuples(st.just("narrow"), st.sets(st.integers(0, 59), max_size=60)),
        st.just(("all",)),
        st.just(("add",)),
    ),
    max_size=12,
)


@pytest.mark.uncounted
@settings(max_examples=40)
@given(steps)
def test_whatever_is_done_the_rows_are_the_right_ones(qapp, many, script):
    """Against a naive model: a list of row numbers, sorted by Python."""
    model = RowsModel("reads", TABLES["reads"][1], many)
    tester = QAbstractItemModelTester(model, FATAL)
    arrived, keys, narrow = 0, (), None
    for step in [("add",), *script]:
        if step[0] == "add":
            # All rows are in the store already: a model shows those that it was told of.
            model.add_rows(range(arrived, min(arrived + 20, 60)))
            arrived = min(arrived + 20, 60)
            model.resort()
        elif step[0] == "sort":
            keys = (SortKey(step[1], step[2]),)
            model.sort_by(keys)
        elif step[0] == "unsort":
            keys = ()
            model.sort_by(())
        elif step[0] == "narrow":
            narrow = sorted(row for row in step[1] if row < arrived)
            model.narrow(np.array(narrow, np.int64), "some")
        else:
            narrow = None
            model.narrow(None)
        chosen = np.array(range(arrived) if narrow is None else narrow, np.int64)
        assert ids(model) == order(many.columns, "reads", keys, chosen).tolist()
        assert [model.row_of(row) for row in ids(model)] == list(range(model.rowCount()))
    del tester
    model.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    values = [frame(f"P{n % 7}", 1782889214972 + n, confidence=60.0 + n % 11) for n in range(60)]
    return captured(write(tmp_path_factory.mktemp("many") / "a.jsonl", values))


def test_texts_are_made_for_what_is_looked_at_only(make, sample, monkeypatch):
    model = make("reads", sample)
    asked = []
    column = by_name(model.specs)["plate"]
    spec = model.specs[column]
    watched = spec._replace(
        format=lambda context, rows: (asked.append(len(rows)), spec.format(context, rows))[1]
    )
    monkeypatch.setattr(model, "specs", (*model.specs[:column], watched, *model.specs[column + 1 :]))
    for row in range(50):
        model.text(row, column)
    assert asked == [PAGE, PAGE]
    assert model.text_of(1000, "plate") == cell(model, 1000, "plate")


@pytest.fixture
def problems(tmp_path):
    """A capture of ten problems."""
    return captured(write(tmp_path / "problems.jsonl", [frame(f"P{n}", confidence="x") for n in range(10)]))


@pytest.mark.parametrize("gone", [range(1), range(3, 6), range(9, 10), range(10)])
@pytest.mark.parametrize("arranged", ["as they are", "sorted", "narrowed"])
def test_rows_that_are_taken_back(make, problems, gone, arranged):
    model = make("problems", problems)
    if arranged == "sorted":
        model.sort_by((SortKey("offset", True),))
    elif arranged == "narrowed":
        model.narrow(np.arange(0, 10, 2), "every other")
    places = problems.columns.problems.column("offset")
    shown = [int(places[row]) for row in ids(model)]
    watched = {row: QPersistentModelIndex(model.index(row, 0)) for row in range(model.rowCount())}
    problems.columns.take_back(gone)
    model.take_back(gone)
    left = [place for place in shown if place not in places[gone.start : gone.stop]]
    now = problems.columns.problems.column("offset")
    assert [int(now[row]) for row in ids(model)] == left
    for row, index in watched.items():
        assert index.isValid() == (shown[row] in left)
        if index.isValid():
            assert left[index.row()] == shown[row], "an index follows its row"
    assert model.total == 10 - len(gone)
    table = problems.columns.problems
    added = table.append({name: table.column(name)[:1] for name in table.names}, min(len(table), 1))
    model.add_rows(added)
    assert len(ids(model)) == len(left) + (len(added) if arranged != "narrowed" else 0)
    model.sort_by(())
    model.narrow(None)
    assert ids(model) == list(range(model.total))


@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_rows_stay_what_they_are_when_their_table_is_exchanged(qapp, data):
    """Against lists: whatever is sorted or filtered, an index follows its pass, and all are there."""
    before = data.draw(st.lists(st.integers(0, 30), unique=True, max_size=12))
    after = data.draw(st.lists(st.integers(0, 30), unique=True, max_size=12))
    capture = Capture()
    model = RowsModel("passes", TABLES["passes"][1], capture)
    QAbstractItemModelTester(model, FATAL, model)
    try:
        capture.columns.passes = named_passes(before)
        model.exchange(np.empty(0, np.int64))
        if data.draw(st.booleans()):
            model.sort_by((SortKey("reads", data.draw(st.booleans())),))
        if data.draw(st.booleans()):
            model.set_matching(np.arange(len(before))[:: data.draw(st.integers(1, 3))])
        shown = [before[row] for row in ids(model)]
        watched = [QPersistentModelIndex(model.index(row, 0)) for row in range(len(shown))]
        capture.columns.passes = named_passes(after)
        model.exchange(np.array([after.index(name) if name in after else -1 for name in before], np.int64))
        now = [after[row] for row in ids(model)]
        wanted = [name for name in after if not model.is_filtered or name in shown]
        if model.sort_keys:
            wanted.sort(reverse=model.sort_keys[0].descending)
        assert now == wanted
        for name, index in zip(shown, watched, strict=True):
            assert index.isValid() == (name in now)
            if index.isValid():
                assert now[index.row()] == name
        assert [cell(model, row, "reads") for row in range(len(now))] == [str(name) for name in now]
    finally:
        model.close()


def named_passes(names):
    """A table of passes that are told apart by their numbers of reads."""
    values = np.zeros(len(names), PASS_ROW_DTYPE)
    values["reads"] = names
    values["best_read"] = values["sibling"] = NO_ROW
    values["start"] = absent("i8")
    table = Table(PASS_ROW_DTYPE)
    table.append({name: values[name] for name in PASS_ROW_DTYPE.names}, len(names))
    return PassTable(table, ids=tuple(map(str, names)))
