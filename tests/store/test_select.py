"""Sorted rows, compared with sorting values one by one."""

import json
import math
from functools import cmp_to_key

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alprviewer.core.errors import UsageError
from alprviewer.core.states import FIRST_CODE, INVALID, absent
from alprviewer.store.columns import Columns
from alprviewer.store.select import SortKey, order, table_of
from tests.helpers.reading import batch_of, items_of

PLATES = st.sampled_from(["ABC123", "abc123", "Abc123", "ZZ", "", "ß", "SS", "Ж1", "가1", "B", "10", "9"])
READ = st.fixed_dictionaries(
    {},
    optional={
        "plate": PLATES | st.just([]),
        "confidence": st.sampled_from([0, 50, 50.5, 90.25, 100, -5, "x"]),
        "matches_template": st.sampled_from([0, 1, True, "?"]),
        "plate_index": st.sampled_from([0, 1, 2, 5000, -1]),
        "region": st.sampled_from(["us-mo", "US-MO", "", 5]),
        "candidates": st.lists(
            st.fixed_dictionaries({"plate": PLATES, "confidence": st.sampled_from([10.5, 60, 99])}),
            max_size=3,
        ),
        "coordinates": st.just([{"x": 0, "y": 0}, {"x": 30, "y": 0}, {"x": 30, "y": 9}, {"x": 0, "y": 9}])
        | st.just([{"x": -9, "y": 0}, {"x": 91, "y": 0}, {"x": 91, "y": 9}, {"x": -9, "y": 9}])
        | st.just("?"),
    },
)
FRAME = st.fixed_dictionaries(
    {"results": st.lists(READ, max_size=3), "data_type": st.just("alpr_results")},
    optional={
        "uuid": st.sampled_from(["A-7-5", "A-7-10", "a-7-5", "B", "", "A-8-1", 7]),
        "epoch_time": st.sampled_from([1_700_000_000_001, 1_700_000_000_002, 0, 1_408_627_909]),
        "camera_id": st.sampled_from([7, 70, 8, 2**40, "x"]),
        "agent_uid": st.sampled_from(["x", "X", "ä"]),
        "error": st.sampled_from([True, False, "text", "Text"]),
        "img_width": st.sampled_from([640, 1280, -5]),
        "processing_time_ms": st.sampled_from([1.5, 1e-9, 0, -1]),
    },
)

READ_NAMES = (
    "plate confidence margin matches_template plate_index region position candidates frame plate_width "
    "epoch_time uuid camera_id agent_uid error img_width source offset"
).split()
FRAME_NAMES = (
    "epoch_time uuid camera_id agent_uid error img_width processing_time_ms reads source offset place".split()
)


def columns_of(frames, folder) -> Columns:
    columns = Columns()
    half = len(frames) // 2
    for source, part in enumerate((frames[:half], frames[half:])):
        data = "\n".join(map(json.dumps, part)).encode()
        columns.append(batch_of(items_of(data, folder)), source, columns.code_maps())
    return columns


def value(columns: Columns, table: str, name: str, row: int):
    """What a cell holds; None where it has no value."""
    if table == "reads" and name not in {*columns.reads.names, "plate_width", "place"}:
        return value(columns, "frames", name, int(columns.reads.column("frame")[row]))
    rows = table_of(columns, table)
    if name == "place":
        return row
    if name == "plate_width":
        quad = columns.reads.column("quad")[row].tolist()
        return None if quad[0] <= absent("i2") + 1 else float(quad[2] - quad[0])
    if name == "uuid":
        head = columns.text("uuid_head", int(rows.column("uuid_head")[row]))
        return None if head is None else (_text(head), int(rows.column("uuid_tail")[row]))
    if name not in rows.names:
        found = getattr(columns.envelopes()[int(rows.column("envelope")[row])], name)
        return None if found is None or found is INVALID else _mixed(found)
    cell = rows.column(name)[row]
    if name in {"plate", "region"}:
        return None if cell < FIRST_CODE else _text(columns.text(name, int(cell)))
    if cell.dtype.kind == "f":
        return float(cell) if math.isfinite(cell) else None
    if cell.dtype.kind == "i":
        return int(cell) if cell > absent(cell.dtype) + 1 else None
    return int(cell)


def _text(text):
    return (text.casefold(), text)


def _mixed(found):
    return (1, *_text(found)) if isinstance(found, str) else (0, found)


def naive(columns: Columns, table: str, keys) -> list[int]:
    def compare(one: int, other: int) -> int:
        for key in keys:
            first, second = (value(columns, table, key.name, row) for row in (one, other))
            if first == second:
                continue
            if first is None or second is None:
                return 1 if first is None else -1
            return (1 if first > second else -1) * (-1 if key.descending else 1)
        return one - other

    return sorted(range(len(table_of(columns, table))), key=cmp_to_key(compare))


def keys_of(names):
    return st.lists(st.builds(SortKey, st.sampled_from(names), st.booleans()), min_size=1, max_size=3)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FRAME, max_size=12), keys_of(READ_NAMES))
def test_reads(tmp_path, frames, keys):
    columns = columns_of(frames, tmp_path)
    assert order(columns, "reads", keys).tolist() == naive(columns, "reads", keys)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FRAME, max_size=12), keys_of(FRAME_NAMES), st.data())
def test_frames_and_chosen_rows(tmp_path, frames, keys, data):
    columns = columns_of(frames, tmp_path)
    expected = naive(columns, "frames", keys)
    assert order(columns, "frames", keys).tolist() == expected
    chosen = data.draw(st.sets(st.integers(0, max(len(frames) - 1, 0)), max_size=5)) if frames else set()
    found = order(columns, "frames", keys, sorted(chosen))
    assert found.tolist() == [row for row in expected if row in chosen]


def test_without_keys_the_order_is_that_of_the_source(tmp_path):
    columns = columns_of([{"results": [{}, {}]}, {"results": [{}]}], tmp_path)
    assert order(columns, "reads", ()).tolist() == [0, 1, 2]
    assert order(columns, "reads", (), [2, 0]).tolist() == [2, 0]


def test_nothing_to_sort():
    for table in ("frames", "reads", "siblings", "problems"):
        assert (
            order(
                Columns(), table, [SortKey("offset"), SortKey("uuid", True)] if table == "frames" else []
            ).tolist()
            == []
        )


def test_siblings_and_problems(tmp_path):
    values = [
        {
            "data_type": "alpr_group",
            "best_plate_number": "B",
            "epoch_start": 1_700_000_000_002,
            "best_uuid": "A-2",
        },
        {"data_type": "heartbeat", "timestamp": 1_700_000_000_001},
        {"data_type": "alpr_group", "best_plate_number": "a", "best_uuid": "A-10"},
        {"x": 1},
    ]
    columns = columns_of(values, tmp_path)
    assert order(columns, "siblings", [SortKey("plate")]).tolist() == [2, 0, 1]
    assert order(columns, "siblings", [SortKey("plate", True)]).tolist() == [0, 2, 1]
    assert order(columns, "siblings", [SortKey("start")]).tolist() == [1, 0, 2]
    assert order(columns, "siblings", [SortKey("uuid", True)]).tolist() == [2, 0, 1]
    assert order(columns, "problems", [SortKey("kind"), SortKey("reason")]).tolist() == [0]


@pytest.mark.parametrize("name", ["nothing", "quad", "vehicle", "", "processing"])
def test_a_column_that_cannot_be_sorted(name, tmp_path):
    with pytest.raises(UsageError, match="column"):
        order(columns_of([{"results": [{}]}], tmp_path), "reads", [SortKey(name)])


def test_a_reads_own_processing_time_is_not_that_of_its_frame(tmp_path):
    """Only the frame's is in the store; a sort must not take the one for the other silently."""
    columns = columns_of([{"results": [{"processing_time_ms": 5}], "processing_time_ms": 9}], tmp_path)
    with pytest.raises(UsageError, match="processing_time_ms"):
        order(columns, "reads", [SortKey("processing_time_ms")])
