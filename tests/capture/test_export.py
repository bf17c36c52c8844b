"""Exported rows: columns, order, limits, sources that fail."""

import json
import random
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alprviewer.capture import export, sortedrows
from alprviewer.capture.export import (
    COLUMNS,
    FRAME_COLUMNS,
    PASS_COLUMNS,
    PROBLEM_COLUMNS,
    READ_COLUMNS,
    rows,
    utc_text,
)
from alprviewer.core.errors import SourceError, UsageError, UserError
from alprviewer.core.passes import PassRules
from alprviewer.sources.paths import SourceFile
from alprviewer.store.select import SortKey
from tests.helpers.reading import capture_of, frame_value, read_value


def written(path, *values):
    path.write_text(
        "".join((json.dumps(value) if not isinstance(value, str) else value) + "\n" for value in values)
    )
    return str(path)


@pytest.fixture
def name(tmp_path):
    return written(
        tmp_path / "a.jsonl",
        frame_value(3, ("C3", "A1")),
        frame_value(1, ()),
        "{broken",
        frame_value(2, ("B2",)),
        {"mine": [frame_value(9, ("D4",)), frame_value(8, ("E5",))]},
    )


def test_the_columns_are_those_of_the_contract():
    assert ",".join(READ_COLUMNS) == (
        "source,offset,frame,uuid,epoch_time,time_utc,camera_id,agent_uid,img_width,img_height,plate_position,"
        "plate_index,plate,confidence,matches_template,margin,candidate_count,candidates,region,region_confidence,"
        "processing_time_ms,x1,y1,x2,y2,x3,y3,x4,y4,vehicle_x,vehicle_y,vehicle_width,vehicle_height,crop_bytes,pass,"
        "decision,resolved_plate,reviewer,decided_utc"
    )
    assert ",".join(FRAME_COLUMNS) == (
        "source,offset,length,uuid,data_type,version,epoch_time,time_utc,camera_id,agent_uid,agent_type,agent_version,"
        "company_id,error,img_width,img_height,processing_time_ms,regions_of_interest,reads"
    )
    assert ",".join(PASS_COLUMNS) == (
        "pass,camera_id,start_utc,end_utc,reads,plates,consensus,consensus_probability,best_plate,best_confidence,"
        "decision,resolved_plate"
    )
    assert ",".join(PROBLEM_COLUMNS) == "source,offset,length,kind,repaired,field,reason"


def test_reads_in_the_order_of_the_source(name):
    found = list(rows("reads", [name]))
    assert [row["plate"] for row in found] == ["C3", "A1", "B2", "D4", "E5"]
    assert [row["frame"] for row in found] == [0, 0, 2, 3, 4]
    assert [row["plate_position"] for row in found] == [0, 1, 0, 0, 0]
    assert found[3]["offset"] == found[4]["offset"]
    assert {row["source"] for row in found} == {name}
    assert all(set(row) == set(READ_COLUMNS) for row in found)


def test_frames_and_problems(name):
    assert [row["reads"] for row in rows("frames", [name])] == [2, 0, 1, 1, 1]
    (problem,) = rows("problems", [name])
    data = Path(name).read_bytes()
    assert data[problem["offset"] : problem["offset"] + problem["length"]] == b"{broken"
    assert (problem["kind"], problem["repaired"], problem["field"]) == ("syntax", False, None)


def test_a_missing_value_is_none_never_zero(tmp_path):
    name = written(tmp_path / "a.json", {"data_type": "alpr_results", "results": [{}]})
    (row,) = rows("reads", [name])
    kept = {"source", "offset", "frame", "plate_position"}
    assert {value for column, value in row.items() if column not in kept} == {None}
    (row,) = rows("frames", [name])
    assert row["regions_of_interest"] is None


def test_an_unusable_value_is_none(tmp_path):
    name = written(
        tmp_path / "a.json", frame_value(1, epoch_time=0, results=[None, read_value(confidence=500)])
    )
    first, second = rows("reads", [name])
    assert (first["plate"], first["plate_position"], first["epoch_time"], first["time_utc"]) == (
        None,
        0,
        None,
        None,
    )
    assert (second["plate"], second["plate_position"], second["confidence"], second["margin"]) == (
        "ABC123",
        1,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [
        (None, None),
        (1_700_000_000_001, "2023-11-14T22:13:20.001Z"),
        (100_000_000_000, "1973-03-03T09:46:40.000Z"),
        (9_999_999_999_999, "2286-11-20T17:46:39.999Z"),
    ],
)
def test_utc(epoch, expected):
    assert utc_text(epoch) == expected


def test_passes_and_the_passes_of_reads(tmp_path):
    name = written(
        tmp_path / "a.jsonl",
        frame_value(100, ("AB1234",)),
        frame_value(0, ("AB1234", "XY9876"), camera_id=None),
        frame_value(200, ("AB1234",), epoch_time=None),
        frame_value(0, ("A81234",)),
    )
    capture = capture_of(name)
    capture.find_passes(PassRules())
    first, other, last = rows("passes", [name], capture=capture)
    assert {tuple(row) for row in (first, other, last)} == {PASS_COLUMNS}
    assert (first["camera_id"], first["reads"], first["pass"]) == (None, 1, "x-1700000000000-0")
    assert last | {"consensus_probability": 0} == {
        "pass": "7-1700000000000-0",
        "camera_id": 7,
        "start_utc": "2023-11-14T22:13:20.000Z",
        "end_utc": "2023-11-14T22:13:20.100Z",
        "reads": 2,
        "plates": 2,
        "consensus": "AB1234",
        "consensus_probability": 0,
        "best_plate": "A81234",
        "best_confidence": 91.25,
        "decision": None,
        "resolved_plate": None,
    }
    of_reads = [row["pass"] for row in rows("reads", [name], capture=capture)]
    assert of_reads == [last["pass"], first["pass"], other["pass"], None, last["pass"]]
    assert {row["pass"] for row in rows("reads", [name])} == {None}
    by_reads = rows("passes", [name], [SortKey("reads", descending=True)], capture=capture)
    assert next(by_reads)["pass"] == last["pass"]
    with pytest.raises(UsageError, match="no column 'plate' in passes"):
        list(rows("passes", [name], [SortKey("plate")], capture=capture))


# --- sorted ---

READS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "plate": st.sampled_from(["a", "A", "b", "", "ß", "Ж", None, 5]),
            "confidence": st.sampled_from([90.655113, 90.655114, 90, 7.5, "x", None]),
            "matches_template": st.sampled_from([0, 1]),
            "processing_time_ms": st.sampled_from([1.25, 3, 0]),
            "coordinates": st.just([{"x": 5, "y": -9}] * 4) | st.just([{"x": -5, "y": 9}] * 4),
            "plate_crop_jpeg": st.sampled_from(["/9j/AA==", "/9j/AAA=", "/9j/AAAA", "x"]),
            "candidates": st.lists(st.just({"plate": "Q", "confidence": 1}), max_size=3),
        },
    ),
    max_size=12,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_candidates_are_written_as_they_were_received(tmp_path, encoding):
    """Members that are not known, numbers as text, integers beyond 64 bits; in a wrapper, beside others."""
    received = [
        {"plate": "A1", "confidence": "89,5", "chars": [2**70, None]},
        {"plate": 7, "confidence": 91.5},
    ]
    odd, plain = read_value("A1") | {"candidates": received}, read_value("B2")
    text = json.dumps({"mine": [frame_value(9, ("D4",)), frame_value(8, ()) | {"results": [7, odd, plain]}]})
    path = tmp_path / "a.jsonl"
    path.write_bytes((text + "\n").encode(encoding))
    typed = list(rows("reads", [str(path)]))
    found = list(rows("reads", [str(path)], as_received=True))
    assert [row["plate"] for row in found] == ["D4", None, "A1", "B2"]
    assert [row | {"candidates": None} for row in found] == [row | {"candidates": None} for row in typed]
    assert found[2]["candidates"] == received
    assert typed[2]["candidates"] == [{"plate": "A1", "confidence": 89.5}, {"plate": "7", "confidence": 91.5}]
    assert [found[n]["candidates"] for n in (0, 1, 3)] == [typed[n]["candidates"] for n in (0, 1, 3)]


SORTABLE = [name for name in READ_COLUMNS if name != "candidates"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(READS, st.lists(st.builds(SortKey, st.sampled_from(SORTABLE), st.booleans()), min_size=1, max_size=3))
def test_sorting_any_columns(tmp_path, reads, keys):
    names = [
        written(
            tmp_path / "b.json",
            *(frame_value(n, results=[read], error=bool(n % 2)) for n, read in enumerate(reads[:6])),
        ),
        written(tmp_path / "a.json", frame_value(50, results=reads[6:])),
    ]
    expected = list(rows("reads", names))
    for key in reversed(keys):
        present = [row for row in expected if row[key.name] is not None]
        absent = [row for row in expected if row[key.name] is None]
        present.sort(key=lambda row, name=key.name: _rank(row[name]), reverse=key.descending)
        expected = present + absent
    assert list(rows("reads", names, keys)) == expected


def _rank(value):
    return (value.casefold(), value) if isinstance(value, str) else value


def test_a_column_of_marks_and_words(tmp_path):
    errors = [True, "b", None, False, "A", True]
    name = written(tmp_path / "a.json", *(frame_value(n, error=error) for n, error in enumerate(errors)))
    found = [row["error"] for row in rows("frames", [name], [SortKey("error")])]
    assert found == [False, True, True, "A", "b", None]
    found = [row["error"] for row in rows("frames", [name], [SortKey("error", True)])]
    assert found == ["b", "A", True, True, False, None]


def test_sorting_problems_and_limits(name, tmp_path):
    other = written(tmp_path / "z.json", "{x", "{y")
    found = list(rows("problems", [name, other], [SortKey("source", True), SortKey("offset", True)]))[:2]
    assert [(row["source"], row["offset"]) for row in found] == [(other, 0), (name, found[1]["offset"])]


def test_sorting_a_compressed_file(tmp_path):
    import gzip

    frames = [frame_value(random.Random(n).randrange(10**6), (f"P{n}",)) for n in range(200)]
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(frame) + "\n" for frame in frames).encode()))
    times = [row["epoch_time"] for row in rows("frames", [str(path)], [SortKey("epoch_time")])]
    assert times == sorted(frame["epoch_time"] for frame in frames)


@pytest.mark.parametrize(
    ("what", "key", "words"),
    [
        ("reads", "nothing", "no column 'nothing' in reads; there are: source, offset"),
        ("problems", "plate", "no column 'plate' in problems"),
        ("reads", "candidates", "candidate_count can be sorted"),
        ("frames", "regions_of_interest", "holds lists"),
    ],
)
def test_keys_that_are_no_keys(what, key, words, name):
    with pytest.raises(UsageError, match=words):
        rows(what, [name], [SortKey(key)])


def test_no_room_for_the_temporary_file(name, monkeypatch):
    def full(**_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sortedrows.tempfile, "TemporaryFile", full)
    with pytest.raises(UserError, match="No space left"):
        list(rows("reads", [name], [SortKey("plate")]))


# --- taking some, and failures ---


def test_no_more_is_decoded_than_is_taken(tmp_path, monkeypatch):
    frames = [frame_value(n) for n in range(3000)]
    name = written(tmp_path / "many.jsonl", *frames)
    seen = []
    original = export.read_row
    monkeypatch.setattr(export, "read_row", lambda *arguments: seen.append(1) or original(*arguments))
    assert len(list(islice(rows("reads", [name]), 5))) == 5
    assert len(seen) == 5


def test_a_source_that_fails_among_others(name, tmp_path):
    failures = []
    files = [SourceFile("gone", tmp_path / "gone"), SourceFile("here", name)]
    assert len(list(rows("reads", files, failed=failures.append))) == 5
    assert failures == [f"There is no file {tmp_path / 'gone'}."]


def test_sources_that_all_fail(tmp_path):
    with pytest.raises(SourceError, match="There is no file"):
        list(rows("reads", [SourceFile("gone", tmp_path / "gone")]))


def test_names_that_stand_for_nothing():
    with pytest.raises(SourceError, match="no file or folder"):
        rows("reads", ["/nothing/here"])


def test_every_kind_of_rows_has_columns():
    assert COLUMNS.keys() == {"reads", "frames", "passes", "problems"}
