"""Where judged reads stand in a capture, while both grow; held to what ``Judged`` finds at once."""

from __future__ import annotations

import pytest

from alprviewer.capture.spans import SpanReader
from alprviewer.review.places import Places
from alprviewer.review.subjects import Subjects
from tests.helpers.opening import SAMPLE, captured, frame, write


@pytest.fixture
def located():
    """Finds subjects of one capture in another."""
    readers = []

    def locate(capture, subjects):
        reader = SpanReader(capture)
        readers.append(reader)
        return Places(capture, Subjects(capture, reader)).rows(subjects)

    yield locate
    for reader in readers:
        reader.close()


def subjects_of(capture):
    reader = SpanReader(capture)
    try:
        return [Subjects(capture, reader).read(row) for row in range(len(capture.columns.reads))]
    finally:
        reader.close()


def test_every_read_of_the_sample_is_found_where_it_stands(located):
    capture = captured(SAMPLE)
    subjects = subjects_of(capture)[:200]
    assert located(capture, subjects) == {each.digest: (row,) for row, each in enumerate(subjects)}


def test_a_frame_that_came_twice_is_found_twice_and_a_namesake_is_not(located, tmp_path):
    one, other = frame("AB1"), frame("CD2")  # the same uuid
    subjects = subjects_of(captured(write(tmp_path / "one.jsonl", [one])))
    capture = captured(write(tmp_path / "many.jsonl", [other, one, one]))
    assert located(capture, subjects) == {subjects[0].digest: (1, 2)}


def test_frames_without_a_uuid_are_told_by_their_digest(located, tmp_path):
    frames = [frame(f"AB{number}", 1782889214972 + number, uuid=...) for number in range(4)]
    subjects = subjects_of(captured(write(tmp_path / "all.jsonl", frames)))
    assert all(each.uuid is None for each in subjects)
    capture = captured(write(tmp_path / "some.jsonl", frames[:0:-1]))
    found = located(capture, subjects)
    assert found == {subjects[number].digest: (3 - number,) for number in (1, 2, 3)}


def test_what_cannot_be_read_again_is_not_found(located, tmp_path):
    path = write(tmp_path / "gone.jsonl", [frame("AB1"), frame("AB2", uuid=...)])
    capture = captured(path)
    subjects = subjects_of(capture)
    path.unlink()
    assert located(capture, subjects) == {}
