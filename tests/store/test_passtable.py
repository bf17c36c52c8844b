"""The table of passes: what it holds, Scout's groups in it, and which rows are which afterwards."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.passes import PassRules
from alprviewer.core.query.parse import parse
from alprviewer.core.states import absent
from alprviewer.store.filtering import Filter
from alprviewer.store.passes import find
from alprviewer.store.passrows import NO_ROW, PASS_ROW_DTYPE, PassTable
from alprviewer.store.passtable import pass_table
from alprviewer.store.select import SortKey, order
from alprviewer.store.tables import Table
from tests.helpers.reading import capture_of, frame_value, read_value

START = 1_700_000_000_000
ABSENT = absent("i8")


def quad(x):
    return [{"x": a, "y": b} for a, b in ((x, 200), (x + 100, 200), (x + 100, 230), (x, 230))]


def read(plate, x, confidence=90.0):
    candidates = [{"plate": plate, "confidence": confidence}]
    return read_value(plate, confidence=confidence, coordinates=quad(x), candidates=candidates)


def frame(time, *reads, camera=7):
    uuid = f"agent-{camera}-{START + time}"
    return frame_value(time, results=list(reads), camera_id=camera, uuid=uuid)


def group(plate, time, best=None, **fields):
    value = {
        "data_type": "alpr_group",
        "epoch_start": None if time is None else START + time,
        "epoch_end": None if time is None else START + time + 1500,
        "camera_id": 9,
        "best_plate_number": plate,
        "best_confidence": 91.5,
        "best_uuid": best,
        "uuids": [best] if best else [],
        **fields,
    }
    return {name: each for name, each in value.items() if each is not None}


def capture_without_passes(tmp_path, *files):
    paths = []
    for number, values in enumerate(files):
        paths.append(tmp_path / f"{number}.jsonl")
        paths[-1].write_text("".join(json.dumps(value) + "\n" for value in values))
    return capture_of(*paths)


def capture(tmp_path, *files):
    made = capture_without_passes(tmp_path, *files)
    made.columns.passes = pass_table(made.columns, find(made.columns, PassRules()))
    return made


def column(made, name):
    return made.columns.passes.rows.column(name).tolist()


FRAMES = [
    frame(0, read("ABC123", 100), read("XY987", 600)),
    frame(100, read("ABC123", 120, 93.0), read("XY987", 620, 93.5)),
    frame(50, read("ZZ111", 100), camera=3),
    frame(9000, read("ABC123", 100)),
]


def test_passes_stand_in_the_order_of_their_beginning(tmp_path):
    made = capture(tmp_path, FRAMES)
    assert column(made, "start") == [START, START, START + 50, START + 9000]
    assert column(made, "camera_id") == [7, 7, 3, 7]
    assert column(made, "reads") == [2, 2, 1, 1]
    assert column(made, "duration") == [100, 100, 0, 0]
    assert column(made, "agrees")[:2] == [2, 2]
    assert column(made, "agreement")[:2] == [100, 100]
    table = made.columns.passes
    plates = [table.texts.value(code) for code in column(made, "consensus")]
    assert plates[:2] == ["ABC123", "XY987"]
    assert [table.of_read(row) for row in range(6)] == [0, 1, 0, 1, 2, 3]
    assert table.reads_of(1).tolist() == [1, 3]
    assert table.of_read(99) is None
    assert table.subject(0) == ("reads", 2)


def test_without_a_consensus_nothing_agrees_and_nothing_is_zero(tmp_path):
    made = capture(
        tmp_path, [frame(0, read_value() | {"plate": None, "candidates": [], "coordinates": quad(5)})]
    )
    assert column(made, "agrees") == [ABSENT]
    assert np.isnan(column(made, "agreement")).all()
    assert np.isnan(column(made, "probability")).all()
    assert column(made, "weighed") == [1]


def test_groups_of_a_file_without_frames_are_passes(tmp_path):
    made = capture(tmp_path, FRAMES[:1], [group("LATE11", 5000, "a-9-1"), group("NONE22", None)])
    table = made.columns.passes
    assert column(made, "start") == [START, START, START + 5000, ABSENT]
    assert column(made, "best_read")[2:] == [NO_ROW, NO_ROW]
    assert column(made, "duration")[2:] == [1500, ABSENT]
    assert column(made, "reads")[2:] == [1, ABSENT]
    assert table.subject(2) == ("siblings", 0)
    assert table.of_sibling(1) == 3
    assert table.ids[2:] == (None, None)
    assert table.siblings_of(2).tolist() == [0]
    assert table.reads_of(2).tolist() == []


def test_of_groups_with_one_best_frame_the_last_one_counts(tmp_path):
    values = [group("PREVIEW", 0, "a-9-1", is_preview=True), group("FINAL", 0, "a-9-1"), group("OTHER", 1)]
    made = capture(tmp_path, values)
    plates = made.columns.dictionaries["plate"]
    assert [plates.value(code) for code in column(made, "best_plate")] == ["FINAL", "OTHER"]
    assert made.columns.passes.of_sibling(0) is None


def test_groups_beside_frames_are_linked_by_their_best_frame(tmp_path):
    best = f"agent-7-{START + 100}"
    values = [*FRAMES, group("XY987", 0, best), group("STRANGER", 0, "agent-7-1")]
    made = capture(tmp_path, values)
    table = made.columns.passes
    assert len(table) == 4
    assert column(made, "sibling") == [NO_ROW, 0, NO_ROW, NO_ROW]
    assert (table.of_sibling(0), table.of_sibling(1)) == (1, None)
    assert table.siblings_of(1).tolist() == [0]


def test_the_same_query_selects_passes_and_groups(tmp_path):
    made = capture(tmp_path, FRAMES, [group("ABC999", 5000)])
    asked = {"plate:ABC*": [0, 3, 4], "camera:9": [3], "conf>93": [1], "all(conf>92)": []}
    for query, rows in asked.items():
        tree = parse(query)
        assert tree is not None
        found = Filter(tree, made.columns).passes(made.columns.passes).tolist()
        assert found == rows, query


@pytest.mark.parametrize(
    "name", ["consensus", "probability", "camera_id", "duration", "best_plate", "agreement"]
)
def test_every_kind_of_column_sorts_with_what_is_absent_last(tmp_path, name):
    made = capture(tmp_path, FRAMES, [group("ABC999", 5000)])
    for descending in (False, True):
        rows = order(made.columns, "passes", [SortKey(name, descending)]).tolist()
        assert sorted(rows) == [0, 1, 2, 3, 4]
        if name in ("consensus", "probability", "agreement"):
            assert rows[-1] == 3, "a group has no consensus"


def naive_places(before, after):
    """Row by row: a pass is where its first read is now; of several that became one, the first goes on."""
    places, taken = [], set()
    for first in before:
        row = after[first] if first < len(after) else NO_ROW
        places.append(-1 if row == NO_ROW or row in taken else row)
        taken.add(row)
    return places


@given(st.data())
def test_rows_are_found_again_in_another_table(data):
    reads = data.draw(st.integers(1, 12))
    firsts = data.draw(st.lists(st.integers(0, reads - 1), unique=True))
    rows = data.draw(st.lists(st.sampled_from([0, 1, 2, 3, NO_ROW]), max_size=12))
    table = Table(PASS_ROW_DTYPE)
    values = np.zeros(len(firsts), PASS_ROW_DTYPE)
    values["first_read"], values["sibling"] = firsts, NO_ROW
    table.append({name: values[name] for name in PASS_ROW_DTYPE.names}, len(firsts))
    after = PassTable(row_of_read=np.array(rows, np.uint32))
    assert PassTable(table).places_in(after).tolist() == naive_places(firsts, rows)
