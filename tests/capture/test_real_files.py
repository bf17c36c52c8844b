"""Real result files, counted by hand, accounted for to the byte and compared with another reader."""

import csv
import io
import json
from itertools import islice
from pathlib import Path

import pytest

from alprviewer.capture.counts import counts, index
from alprviewer.capture.export import COLUMNS, rows
from alprviewer.capture.spans import SpanReader
from alprviewer.capture.writers import csv_lines, jsonl_lines, unguarded
from alprviewer.core.states import INVALID, absent
from tests.helpers import naive
from tests.helpers.reading import capture_of
from tests.helpers.realdata import REAL, SAMPLE, needs_real_data, real_files

pytestmark = pytest.mark.uncounted

TABLE = {
    row["file"]: row
    for row in csv.DictReader(io.StringIO((Path(__file__).parent / "real_files.csv").read_text("utf-8")))
}
FILES = [
    pytest.param(path, id=path.name, marks=() if path == SAMPLE else needs_real_data)
    for path in (SAMPLE, *real_files())
]
COUNTED = ("frames", "reads", "groups", "alerts", "vehicles", "heartbeats")
every_file = pytest.mark.parametrize("path", FILES)


@needs_real_data
def test_the_table_knows_every_file():
    assert TABLE.keys() == {path.name for path in (SAMPLE, *real_files())}


@every_file
def test_counts_are_those_of_the_table_and_every_byte_has_an_owner(path):
    counted = counts(capture_of(path), 1.0)
    expected = TABLE[path.name]
    assert {name: counted[name] for name in COUNTED} == {name: int(expected[name]) for name in COUNTED}
    problems = [word.split() for word in expected["problems"].split(";") if word]
    assert counted["problems"] == {kind: int(count) for kind, count in problems}
    assert counted["bytes_by"]["noise"] == int(expected["noise"])
    assert sum(counted["bytes_by"].values()) == counted["bytes"] == path.stat().st_size


@needs_real_data
def test_index_of_all_files_is_the_sum():
    counted, failures = index([str(SAMPLE), str(REAL)])
    assert failures == []
    assert {name: counted[name] for name in COUNTED} == {
        name: sum(int(row[name]) for row in TABLE.values()) for name in COUNTED
    }
    assert sum(counted["bytes_by"].values()) == sum(path.stat().st_size for path in (SAMPLE, *real_files()))


@every_file
def test_the_table_agrees_with_the_naive_reader(path):
    kinds = naive.kinds(path)
    expected = TABLE[path.name]
    assert kinds.pop("alpr_group", 0) == int(expected["groups"])
    assert kinds.pop("vehicle", 0) == int(expected["vehicles"])
    assert kinds.pop("heartbeat", 0) == int(expected["heartbeats"])
    assert kinds.pop("unreadable", 0) == sum(kind in expected["problems"] for kind in ("truncated", "syntax"))
    assert sum(kinds.values()) == int(expected["frames"])


@every_file
@pytest.mark.parametrize("what", ["frames", "reads"])
def test_export_agrees_with_the_naive_reader(path, what):
    exported = list(rows(what, [str(path)]))
    expected = naive.ROWS[what](path, str(path))
    assert len(exported) == len(expected)
    for number, (one, other) in enumerate(zip(exported, expected, strict=True)):
        assert one.keys() == set(COLUMNS[what]) == other.keys()
        differing = {name: (one[name], other[name]) for name in one if one[name] != other[name]}
        assert differing == {}, number


@every_file
@pytest.mark.parametrize("what", ["frames", "reads", "problems"])
def test_written_rows_can_be_read_back(path, what):
    exported = list(islice(rows(what, [str(path)]), 200))
    lines = b"".join(jsonl_lines(COLUMNS[what], exported)).decode()
    assert [json.loads(line) for line in lines.splitlines()] == exported
    text = b"".join(csv_lines(COLUMNS[what], exported)).decode()
    back = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(back) == len(exported)
    for one, other in zip(back, exported, strict=True):
        for name, value in other.items():
            if value is None:
                assert one[name] == ""
            elif isinstance(value, bool):
                assert one[name] == str(value).lower()
            elif isinstance(value, str):
                assert unguarded(one[name]) == value
            elif isinstance(value, (int, float)):
                assert float(one[name]) == value


@every_file
def test_every_span_holds_the_frame_that_was_indexed(path):
    capture = capture_of(path)
    reader = SpanReader(capture)
    data = path.read_bytes()
    for row in range(0, len(capture.columns.frames), 7):
        value, _ = reader.frame(row)
        offset = int(capture.columns.frames.column("offset")[row])
        assert data[offset : offset + len(value.data)] == value.data
        assert (value.data[:1], value.data[-1:]) == (b"{", b"}")
    reader.close()


@needs_real_data
def test_path_lines_are_the_pictures_of_their_frames():
    path = REAL / "field" / "generated__alpr-2.3.0__dir_mode_us_with_path_lines.jsonl"
    lines = path.read_text("utf-8").split("\n")
    capture = capture_of(path)
    reader = SpanReader(capture)
    pictures = [reader.frame(row)[0].picture for row in range(len(capture.columns.frames))]
    reader.close()
    assert pictures == [line for line in lines if line and not line.startswith("{")]


@needs_real_data
def test_groups_alone_are_shown_as_groups():
    capture = capture_of(REAL / "field" / "mibs510__OpenALPR-Webhook__alpr_group.json")
    assert len(capture.columns.reads) == 0
    assert capture.sibling_counts()["groups"] == 1


@needs_real_data
def test_garbage_numbers_are_invalid_not_absent():
    capture = capture_of(REAL / "field" / "openalpr__openalpr__issue206_garbage_numbers.json")
    assert capture.columns.frames.column("epoch_time")[0] == absent("i8") + 1
    envelope = capture.columns.envelopes()[capture.columns.frames.column("envelope")[0]]
    assert (envelope.img_width, envelope.img_height) == (INVALID, INVALID)
