"""The filter of the window: rows of all tables, also of those that arrive and those that are sorted."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest
from PySide6.QtCore import QPersistentModelIndex

from alprviewer.capture.capture import Capture
from alprviewer.core.errors import QueryError
from alprviewer.core.query.tree import Regex, TextTerm
from alprviewer.models import rowsmodel
from alprviewer.models.filtering import RowsFilter
from alprviewer.models.tables import TABLES
from alprviewer.sources.messages import Arrived, Finished, Started
from alprviewer.sources.paths import SourceFile
from alprviewer.store.filter import evaluate
from alprviewer.store.matchers import Handed
from alprviewer.store.select import SortKey, table_of
from tests.helpers.modelrows import ids, plates
from tests.helpers.opening import SAMPLE, captured, frame, write
from tests.helpers.reading import batch_of, items_of


@pytest.fixture(scope="module")
def sample():
    return captured(SAMPLE)


@pytest.fixture
def filtered(make, qtbot):
    """A filter and the models of a capture."""
    made = []

    def factory(capture, *, filled=True):
        models = {name: make(name, capture, filled=filled) for name in TABLES}
        rows = RowsFilter(models)
        rows.set_capture(capture)
        made.append(rows)
        return rows, models

    yield factory
    for rows in made:
        rows.close()


def ask(qtbot, rows, query):
    with qtbot.waitSignal(rows.counted):
        rows.set_text(query)
    qtbot.waitUntil(lambda: not rows.busy)


def test_all_tables_show_what_matches(filtered, sample, qtbot):
    rows, models = filtered(sample)
    ask(qtbot, rows, "plate:A conf>80")
    shown = plates(models["reads"])
    assert 0 < len(shown) < len(sample.columns.reads)
    assert all("A" in plate for plate in shown)
    frames = set(sample.columns.reads.column("frame")[ids(models["reads"])].tolist())
    assert ids(models["frames"]) == sorted(frames)
    assert models["reads"].matching == len(shown)
    assert models["problems"].total > 0
    with qtbot.waitSignal(rows.counted):
        rows.set_text("")
    assert models["reads"].matching is None
    assert models["reads"].rowCount() == len(sample.columns.reads)


def test_a_query_that_does_not_parse_leaves_the_one_before(filtered, sample, qtbot):
    rows, models = filtered(sample)
    ask(qtbot, rows, "plate:A")
    before = ids(models["reads"])
    with pytest.raises(QueryError):
        rows.set_text("conf>")
    assert rows.text == "plate:A"
    assert ids(models["reads"]) == before


def test_a_pattern_that_is_too_complex_is_said(filtered, qtbot, tmp_path):
    rng = np.random.default_rng(1)
    values = [frame("".join(rng.choice(["a", "b"], 200))) for _ in range(60)]
    rows, models = filtered(captured(write(tmp_path / "a.jsonl", values)))
    with qtbot.waitSignal(rows.refused) as caught:
        rows.set_tree(TextTerm("plate", Regex("(a|b)*a(a|b){40}$")))
    assert "too complex" in str(caught.args[0])
    assert models["reads"].rowCount() == 60


def test_the_newest_query_wins_and_runs_beside_the_window(filtered, sample, qtbot, monkeypatch):
    rows, models = filtered(sample)
    threads = set()
    monkeypatch.setattr(
        "alprviewer.store.filtering.evaluate",
        lambda *args: (threads.add(threading.current_thread()), evaluate(*args))[1],
    )
    for query in ("plate:A", "plate:B", "conf>90"):
        rows.set_text(query)
    qtbot.waitUntil(lambda: not rows.busy)
    confidences = sample.columns.reads.column("confidence")
    assert ids(models["reads"]) == np.flatnonzero(confidences > 90).tolist()
    assert threading.main_thread() not in threads


@pytest.mark.parametrize("synchronous", [0, 20_000])
def test_sorting_and_filtering_together(filtered, sample, qtbot, monkeypatch, synchronous):
    monkeypatch.setattr(rowsmodel, "_SYNCHRONOUS_ROWS", synchronous)
    rows, models = filtered(sample)
    model = models["reads"]
    model.sort_by((SortKey("confidence"),))
    ask(qtbot, rows, "plate:A")
    qtbot.waitUntil(lambda: not model.is_sorting)
    confidences = sample.columns.reads.column("confidence")[ids(model)]
    assert (np.diff(confidences) >= 0).all()
    matching = set(ids(model))
    model.sort_by((SortKey("plate"),))
    qtbot.waitUntil(lambda: not model.is_sorting)
    assert set(ids(model)) == matching
    assert plates(model) == sorted(plates(model))


def test_a_row_keeps_its_place_in_the_selection(filtered, sample, qtbot):
    rows, models = filtered(sample)
    model = models["reads"]
    row = next(row for row, plate in enumerate(plates(model)) if "A" in plate and row > 20)
    kept = QPersistentModelIndex(model.index(row, 0))
    ask(qtbot, rows, "plate:A")
    assert model.id_at(kept.row()) == row
    rows.set_text("")
    assert kept.row() == row


def test_narrowing_by_a_frame_and_a_filter_go_together(filtered, sample, qtbot):
    rows, models = filtered(sample)
    ask(qtbot, rows, "plate:A")
    matching = ids(models["reads"])
    models["reads"].narrow(np.arange(10), "some")
    assert ids(models["reads"]) == [row for row in matching if row < 10]
    assert models["reads"].shown_ids().tolist() == ids(models["reads"])
    models["reads"].narrow(None)
    assert ids(models["reads"]) == matching


def arrive(capture, models, rows, folder, values):
    """Rows as a decoder sends them."""
    data = "\n".join(map(json.dumps, values)).encode()
    before = {name: len(table_of(capture.columns, name)) for name in TABLES}
    capture.apply(Arrived(0, batch_of(items_of(data, folder)), decoder=before["frames"]))
    for name, model in models.items():
        model.add_rows(range(before[name], len(table_of(capture.columns, name))))
    rows.add_rows()


def test_rows_that_arrive_are_filtered(filtered, qtbot, tmp_path):
    capture = Capture()
    capture.add(SourceFile("a", tmp_path / "a"))
    capture.apply(Started(0, "", 9))
    rows, models = filtered(capture, filled=False)
    ask(qtbot, rows, "conf>80")
    shown = models["reads"]
    for part in range(4):
        for value in (70.0, 90.0):
            arrive(capture, models, rows, tmp_path, [frame(f"P{part}", confidence=value), frame("Q")])
    qtbot.waitUntil(lambda: not rows.busy)
    confidences = capture.columns.reads.column("confidence")
    assert ids(shown) == np.flatnonzero(confidences > 80).tolist()
    assert ids(models["frames"]) == ids(shown)
    shown.sort_by((SortKey("plate", descending=True),))
    arrive(capture, models, rows, tmp_path, [frame("Z", confidence=99.0)])
    qtbot.waitUntil(lambda: not rows.busy)
    assert plates(shown)[-1] == "Z"
    shown.resort()
    assert plates(shown)[0] == "Z"
    # The next capture is filtered from its beginning.
    capture.apply(Finished(0))
    other = captured(write(tmp_path / "b.jsonl", [frame("N", confidence=99.0), frame("O", confidence=3.0)]))
    for model in models.values():
        model.set_capture(other)
    rows.set_capture(other)
    for name, model in models.items():
        model.add_rows(range(len(table_of(other.columns, name))))
    rows.add_rows()
    qtbot.waitUntil(lambda: not rows.busy)
    assert plates(shown) == ["N"]


def test_names_of_cameras_that_come_late_count(filtered, qtbot, tmp_path):
    capture = captured(write(tmp_path / "a.jsonl", [frame("A"), frame("B")]))
    rows, models = filtered(capture)
    ask(qtbot, rows, 'camera:"north gate"')
    assert models["reads"].rowCount() == 0
    camera = capture.columns.envelopes()[int(capture.columns.frames.column("envelope")[0])].camera_id
    capture.camera_names[camera] = "North gate"
    with qtbot.waitSignal(rows.counted):
        rows.finish()
    assert plates(models["reads"]) == ["A", "B"]


def test_columns_that_are_handed_in_count_at_once(filtered, qtbot, tmp_path):
    capture = captured(write(tmp_path / "a.jsonl", [frame("A"), frame("B")]))
    rows, models = filtered(capture)
    ask(qtbot, rows, "prob>50")
    assert models["reads"].rowCount() == 0
    with qtbot.waitSignal(rows.counted):
        rows.hand_in({"prob": Handed(np.array([10.0, 90.0]))})
    assert plates(models["reads"]) == ["B"]


def test_times_follow_the_zone(filtered, qtbot, tmp_path):
    capture = captured(write(tmp_path / "a.jsonl", [frame("A", 1_782_889_214_972)]))
    rows, models = filtered(capture)
    ask(qtbot, rows, "time:07:00")
    assert plates(models["reads"]) == ["A"]
    rows.set_zone("UTC")
    assert not rows.busy
    with qtbot.waitSignal(rows.counted):
        rows.set_zone("local")
