"""Passes as columns: what they hold, their ids, the reasons for a consensus."""

import json
import tracemalloc

import numpy as np
import pytest

from alprviewer.core.errors import Cancelled
from alprviewer.core.passes import FoundPasses, PassRules
from alprviewer.store.passconsensus import Weighed
from alprviewer.store.passes import (
    NO_PASS,
    PASS_DTYPE,
    Passes,
    carried,
    copied,
    explain,
    find,
    weighed,
    with_part,
)
from tests.helpers.reading import capture_of, frame_value, read_value

RULES = PassRules()
START = 1_700_000_000_000


def quad(x):
    corners = ((x, 200), (x + 100, 200), (x + 100, 230), (x, 230))
    return [{"x": a, "y": b} for a, b in corners]


def read(plate, x, confidence=90.0, others=()):
    candidates = [{"plate": text, "confidence": confidence - n} for n, text in enumerate((plate, *others))]
    return read_value(plate, confidence=confidence, coordinates=quad(x), candidates=candidates)


def frame(time, *reads, camera=7, **fields):
    uuid = f"agent-{camera}-{START + time}"
    return frame_value(time, results=list(reads), camera_id=camera, uuid=uuid, **fields)


@pytest.fixture
def columns(tmp_path):
    values = [
        frame(0, read("ABC123", 100), read("XY987", 600)),
        frame(100, read("ABC123", 120, 93.0), read("XY987", 620, 93.5)),
        frame(200, read("A8C123", 140, 85.0, ("ABC123",))),
        frame(100, read("ABC123", 120, 93.0), read("XY987", 620, 93.5)),
        frame(9000, read("ABC123", 100)),
        {"data_type": "alpr_results", "results": [{"plate": "NOTIME"}]},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    return capture_of(path).columns


def test_the_table(columns):
    passes = find(columns, RULES)
    assert passes.of_read.tolist() == [0, 1, 0, 1, 0, 0, 1, 2, NO_PASS]
    assert np.flatnonzero(passes.copy).tolist() == [5, 6]
    table = passes.table
    assert table["start"].tolist() == [START, START, START + 9000]
    assert table["end"].tolist() == [START + 200, START + 100, START + 9000]
    assert table["reads"].tolist() == [3, 2, 1]
    assert table["plates"].tolist() == [2, 1, 1]
    assert table["best_read"].tolist() == [2, 3, 7]
    assert passes.consensus[:2] == ["ABC123", "XY987"]
    assert np.isfinite(table["probability"][:2]).all()
    assert (7, "AGENT") in passes.cameras
    assert passes.reads_of(0).tolist() == [0, 2, 4]


def test_ids_are_texts_that_stay_the_same(columns):
    passes = find(columns, RULES)
    assert passes.ids == [f"7-{START}-0", f"7-{START}-1", f"7-{START + 9000}-0"]
    assert [passes.id_of(row) for row in (0, 5, 8)] == [passes.ids[0], passes.ids[0], None]
    again = find(columns, RULES, before=passes)
    assert (again.ids, again.consensus) == (passes.ids, passes.consensus)
    assert again.table.tobytes() == passes.table.tobytes()


def test_frames_of_one_moment_get_ids_of_their_own(tmp_path):
    path = tmp_path / "a.jsonl"
    values = [frame(0, read("ABC123", 100)), frame(0, read("XY987", 900), agent_uid="another")]
    values[1]["uuid"] = "other"
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    ids = find(capture_of(path).columns, RULES).ids
    assert sorted(ids) == [f"7-{START}-0", f"7-{START}-0-2"]


def test_the_reasons_name_rows_of_the_store(columns):
    passes = find(columns, RULES)
    found = explain(columns, passes, 0)
    assert found is not None
    told, rows = found
    assert told.text == passes.consensus[0] == "ABC123"
    assert told.probability == pytest.approx(float(passes.table["probability"][0]), abs=1e-6)
    assert rows.tolist() == [0, 2, 4]
    second = told.positions[1]
    assert {int(rows[each.read]) for each in second.chosen.said_by} == {0, 2, 4}
    assert {
        int(rows[each.read]) for rival in second.rivals if rival.character == "8" for each in rival.said_by
    } == {4}


def test_nothing_spelled(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(frame(0, {"coordinates": quad(5)})) + "\n")
    columns = capture_of(path).columns
    passes = find(columns, RULES)
    assert (len(passes), passes.consensus, passes.ids) == (1, [None], [f"7-{START}-0"])
    assert np.isnan(passes.table["probability"][0])
    assert explain(columns, passes, 0) is None


def test_no_reads(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(frame(0)) + "\n")
    passes = find(capture_of(path).columns, RULES)
    assert (len(passes), passes.ids, passes.consensus) == (0, [], [])


def test_it_can_be_stopped(columns):
    with pytest.raises(Cancelled):
        find(columns, RULES, stopped=lambda: True)


def test_what_is_weighed_later_is_the_same(columns):
    found = find(columns, RULES, with_consensus=False)
    assert not found.table["weighed"].any()
    assert np.isnan(found.table["probability"]).all()
    assert explain(columns, found, 0) is None
    later, at_once = weighed(columns, found), find(columns, RULES)
    assert later.consensus == at_once.consensus
    assert later.table.tobytes() == at_once.table.tobytes()
    assert later.table["weighed"].all()


def test_a_part_that_is_weighed_is_written_without_copying_all():
    """There are as many parts as there are thousands of passes."""
    count = 200_000
    nothing = FoundPasses(np.empty(0, np.int64), np.empty(0, bool))
    table, empty = np.zeros(count, PASS_DTYPE), np.empty(0, np.uint32)
    known = Passes(table, [], empty, nothing.copy, [], [None] * count, nothing, RULES, None)
    part = Weighed(np.arange(3), np.array([0.5, 0.6, 0.7]), ["A", "", "B"], None)
    tracemalloc.start()
    later = with_part(known, part)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < count
    assert (later.consensus[:4], later.table["weighed"][:4].tolist()) == (
        ["A", None, "B", None],
        [True, True, True, False],
    )
    kept = copied(later)
    with_part(later, part._replace(numbers=np.arange(3, 6)))
    assert (kept.consensus[3:6], kept.table["weighed"].sum()) == ([None] * 3, 3)


def test_passes_with_the_same_reads_keep_their_consensus(tmp_path):
    twice = [frame(0, read("ABC123", 100)), frame(100, read("ABC123", 105))]
    values = [*twice, frame(9000, read("XY987", 100)), frame(20000, read("NEW11", 50))]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(value) + "\n" for value in values[:3]))
    first = find(capture_of(path).columns, RULES)
    # One pass grows, one comes before all others, one stays.
    more = [*values, frame(9100, read("XY987", 110)), frame(-90000, read("OLD22", 100))]
    path.write_text("".join(json.dumps(value) + "\n" for value in more))
    columns = capture_of(path).columns
    found = carried(find(columns, RULES, with_consensus=False), first)
    assert found.table["weighed"].tolist() == [False, True, False, False]
    assert found.consensus == [None, first.consensus[0], None, None]
    assert found.table["probability"][1] == first.table["probability"][0]
    was, now = explain(columns, first, 0), explain(columns, found, 1)
    assert (was is None) == (now is None)
    if was is not None:
        assert was[0] == now[0]
    assert explain(columns, found, 2) is None


def test_nothing_is_carried_from_or_to_nothing(columns, tmp_path):
    path = tmp_path / "none.jsonl"
    path.write_text("")
    nothing = find(capture_of(path).columns, RULES)
    found = find(columns, RULES)
    assert carried(nothing, found) == nothing
    assert carried(found, nothing) is found


def test_codes_have_no_say_in_the_consensus(tmp_path):
    """Texts get their codes in the order in which processes happen to send them."""
    spelled = [("ABC123", ("A8C123", "ABC12")), ("XYZ987", ("XY987", "XYZ9B7"))]
    frames = [
        frame(t * 5000 + n * 100, read(plate, 100 + 10 * n, 88.0 - n, others))
        for t, (plate, others) in enumerate(spelled)
        for n in range(3)
    ]
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    lines = [json.dumps(value) + "\n" for value in frames]
    one.write_text("".join(lines))
    other.write_text("".join(reversed(lines)))
    a, b = (find(capture_of(path).columns, RULES) for path in (one, other))
    assert a.consensus == b.consensus
    assert a.table["probability"].tolist() == b.table["probability"].tolist()
