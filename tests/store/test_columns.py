"""Batches of several decoders as one set of tables."""

import json

from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.batch import Envelope
from alprviewer.core.states import FIRST_CODE
from alprviewer.store.columns import Change, Columns
from tests.helpers.reading import batch_of, frame_value, items_of


def batch(folder, *values):
    return batch_of(items_of("\n".join(map(json.dumps, values)).encode(), folder))


def test_rows_of_two_sources(tmp_path):
    columns = Columns()
    change = columns.append(batch(tmp_path, frame_value(1, ("A", "B"))), 0, columns.code_maps())
    assert (change.frames, change.reads, change.siblings) == (range(1), range(2), range(0))
    change = columns.append(
        batch(tmp_path, frame_value(2, ()), frame_value(3, ("B", "C"), camera_id=8), {"x": 1}),
        70_000,
        columns.code_maps(),
    )
    assert (change.frames, change.reads, change.problems) == (range(1, 3), range(2, 4), range(1))
    assert columns.frames.column("source").tolist() == [0, 70_000, 70_000]
    assert columns.frames.column("first_read").tolist() == [0, 2, 2]
    assert columns.reads.column("frame").tolist() == [0, 0, 2, 2]
    assert columns.reads.column("first_candidate").tolist() == [0, 2, 4, 6]
    plates = [columns.text("plate", code) for code in columns.reads.column("plate").tolist()]
    assert plates == ["A", "B", "B", "C"]
    assert columns.distinct_plates == 3
    assert [columns.envelopes()[code].camera_id for code in columns.frames.column("envelope").tolist()] == [
        7,
        7,
        8,
    ]
    assert columns.frame_rows(columns.reads.column("frame")[:0]).tolist() == []


def test_absent_and_invalid_plates_are_no_plates(tmp_path):
    columns = Columns()
    value = {"results": [{"plate": "A"}, {}, {"plate": []}, {"plate": "A"}]}
    columns.append(batch(tmp_path, value), 0, columns.code_maps())
    assert columns.distinct_plates == 1
    assert [columns.text("plate", code) for code in columns.reads.column("plate").tolist()] == [
        "A",
        None,
        None,
        "A",
    ]


def test_envelopes_have_empty_ones_for_no_value():
    columns = Columns()
    assert columns.envelopes() == [Envelope()] * FIRST_CODE


def test_codes_go_on_in_a_decoders_next_batch(tmp_path):
    columns = Columns()
    maps = columns.code_maps()
    for number in range(3):
        columns.append(batch(tmp_path, frame_value(number, (f"P{number}",))), 0, columns.code_maps())
    assert len(maps["plate"].translate(columns.reads.column("plate")[:0])) == 0
    assert columns.distinct_plates == 3


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 4), max_size=6))
def test_changes_that_come_behind_one_another_are_one(added):
    ends = [0, 0, 0, 0]
    whole, rows = Change(), [[], [], [], []]
    for counts in added:
        change = Change(*(range(end, end + count) for end, count in zip(ends, counts, strict=True)))
        for table, found in enumerate((change.frames, change.reads, change.siblings, change.problems)):
            rows[table] += found
        whole = whole.then(change)
        ends = [end + count for end, count in zip(ends, counts, strict=True)]
    assert [list(each) for each in (whole.frames, whole.reads, whole.siblings, whole.problems)] == rows
