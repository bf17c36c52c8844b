"""A capture takes in messages."""

import json

import pytest

from alprviewer.capture.capture import Capture
from alprviewer.core.builder import BatchBuilder
from alprviewer.sources.messages import Arrived, Crashed, Finished, Started
from alprviewer.sources.paths import SourceFile
from tests.helpers.reading import batch_of, capture_of, frame_value, items_of

HEARTBEAT = {
    "data_type": "heartbeat",
    "video_streams": [{"camera_id": 7, "camera_name": "Gate"}, {"camera_id": 8}],
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        "".join(json.dumps(value) + "\n" for value in (frame_value(1), HEARTBEAT, {"x": 1})) + "noise"
    )
    return path


def test_a_file(path):
    capture = capture_of(path)
    (source,) = capture.sources
    assert (source.name, source.path, source.finished, source.failure) == (str(path), path, True, "")
    assert source.size == source.done == source.bytes == sum(capture.owned.values()) == path.stat().st_size
    assert capture.progress == (source.size, source.size)
    assert capture.finished
    assert capture.camera_names == {7: "Gate"}
    assert capture.sibling_counts() == {
        "groups": 0,
        "alerts": 0,
        "vehicles": 0,
        "heartbeats": 1,
        "webhook_tests": 0,
    }
    assert capture.problem_counts() == {"type": 1}
    assert {owner for owner, count in capture.owned.items() if count} == {
        "frame", "sibling", "problem", "noise", "separator",
    }  # fmt: skip


def test_an_empty_capture():
    capture = Capture()
    assert capture.finished
    assert capture.progress == (0, 0)
    assert (capture.problem_counts(), sum(capture.sibling_counts().values())) == ({}, 0)


def test_changes_name_the_new_rows(path, tmp_path):
    capture = Capture()
    number = capture.add(SourceFile("a", path))
    assert not capture.finished
    assert capture.progress == (0, path.stat().st_size)
    assert capture.apply(Started(number, "", 500)).frames == range(0)
    batch = batch_of(items_of(json.dumps(frame_value(1, ("A", "B"))).encode(), tmp_path))
    change = capture.apply(Arrived(number, batch._replace(done=100)))
    assert (change.frames, change.reads) == (range(1), range(2))
    assert capture.progress == (100, 500)
    assert capture.apply(Finished(number)).reads == range(0)
    assert capture.finished


def test_a_source_that_fails_keeps_its_sentence(path):
    capture = Capture()
    number = capture.add(SourceFile("a", path))
    capture.apply(Finished(number, "The disk is gone."))
    capture.fail_unfinished("Reading was cancelled.")
    assert capture.sources[0].failure == "The disk is gone."


def test_cancelled_sources_are_marked(path):
    capture = Capture()
    capture.add(SourceFile("a", path))
    capture.fail_unfinished("Reading was cancelled.")
    assert (capture.finished, capture.sources[0].failure) == (True, "Reading was cancelled.")


def test_a_bug_in_the_decoder_is_a_bug_here():
    with pytest.raises(RuntimeError, match="some trace"):
        Capture().apply(Crashed("some trace"))


def test_a_source_that_is_gone_has_no_size(tmp_path):
    capture = Capture()
    capture.add(SourceFile("gone", tmp_path / "gone"))
    assert capture.progress == (0, 0)


def test_an_empty_batch(path):
    capture = Capture()
    number = capture.add(SourceFile("a", path))
    change = capture.apply(Arrived(number, BatchBuilder().build()))
    assert (change.frames, change.problems) == (range(0), range(0))
