"""Which subject a row of a capture is, whatever became of its file."""

import gzip
import json

import pytest

from alprviewer.capture.spans import SpanReader
from alprviewer.core.canonical import digest
from alprviewer.core.decision import read_subject
from alprviewer.core.errors import SourceChanged
from alprviewer.review.subjects import Subjects
from tests.helpers.reading import capture_of, frame_value
from tests.helpers.realdata import REAL, SAMPLE, needs_real_data

VALUES = [frame_value(number, ("AAA111", "BBB222")[: number % 3]) for number in range(1, 6)]
EXPECTED = [
    read_subject(digest(value), position, value["uuid"])
    for value in VALUES
    for position in range(len(value["results"]))
]


def subjects_of(*paths):
    capture = capture_of(*paths)
    reader = SpanReader(capture)
    subjects = Subjects(capture, reader)
    try:
        return [subjects.read(row) for row in range(len(capture.columns.reads))]
    finally:
        reader.close()


def test_rows_have_the_subjects_of_their_values(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("noise\n" + "".join(json.dumps(value) + "\n" for value in VALUES))
    assert subjects_of(path) == EXPECTED


def test_reads_of_one_value_that_holds_many_frames(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"frames": VALUES}, indent=2))
    assert subjects_of(path) == EXPECTED


def test_a_file_that_was_renamed_reformatted_and_compressed(tmp_path):
    path = tmp_path / "b.json.gz"
    path.write_bytes(gzip.compress(json.dumps(VALUES, indent=4, sort_keys=True).encode("utf-16")))
    assert subjects_of(path) == EXPECTED


def test_a_pass_is_the_set_of_its_reads(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(value) + "\n" for value in VALUES))
    capture = capture_of(path)
    reader = SpanReader(capture)
    subjects = Subjects(capture, reader)
    assert subjects.reads([2, 0, 1, 2]) == tuple(sorted(EXPECTED[:3]))
    reader.close()


def test_a_file_that_changed_is_said(tmp_path):
    path = tmp_path / "a.jsonl"
    lines = [json.dumps(value) + "\n" for value in VALUES]
    path.write_text("".join(lines))
    capture = capture_of(path)
    path.write_text("".join(line.replace("BBB222", "BBB223") for line in lines))
    reader = SpanReader(capture)
    with pytest.raises(SourceChanged):
        Subjects(capture, reader).read(2)
    reader.close()


def test_no_two_reads_of_the_sample_have_one_subject():
    found = subjects_of(SAMPLE)
    assert len(set(found)) == len(found) > 1000


@needs_real_data
def test_reads_delivered_twice_have_one_subject():
    found = subjects_of(REAL / "hard-passes.jsonl")
    sent = {line for line in (REAL / "hard-passes.jsonl").read_text("utf-8").splitlines() if line}
    assert len(set(found)) == sum(len(json.loads(line)["results"]) for line in sent) < len(found)
