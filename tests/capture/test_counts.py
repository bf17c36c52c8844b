"""The counts that ``index`` prints."""

import json

import pytest

from alprviewer.capture.counts import counts, index, text
from alprviewer.core.errors import SourceError
from tests.helpers.reading import capture_of, frame_value


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.jsonl"
    values = [frame_value(1, ("A", "B", "A")), frame_value(2, ("B",)), {"openalpr_webhook": "test"}, {"x": 1}]
    path.write_text("".join(json.dumps(value) + "\n" for value in values) + 'noise\n{"cut')
    return path


def test_counts(path):
    counted = counts(capture_of(path), 0.5)
    size = path.stat().st_size
    assert {name: counted[name] for name in counted if name not in {"bytes_by", "problems"}} == {
        "frames": 2,
        "reads": 4,
        "distinct_plates": 2,
        "passes": None,
        "groups": 0,
        "alerts": 0,
        "vehicles": 0,
        "heartbeats": 0,
        "webhook_tests": 1,
        "bytes": size,
        "seconds": 0.5,
        "bytes_per_second": round(size / 0.5),
    }
    assert counted["problems"] == {"type": 1, "truncated": 1}
    assert list(counted["bytes_by"]) == ["frame", "sibling", "problem", "noise", "separator"]
    assert sum(counted["bytes_by"].values()) == size
    assert json.loads(json.dumps(counted)) == counted
    assert counts(capture_of(path), 0)["bytes_per_second"] == 0


def test_words(path):
    words = text(counts(capture_of(path), 0.5))
    assert "frames  2" in words
    assert "distinct plates  2" in words
    assert "1 type, 1 truncated" in words
    assert "noise 5" in words


def test_words_of_nothing(tmp_path):
    (tmp_path / "empty.json").write_bytes(b"")
    words = text(counts(capture_of(tmp_path / "empty.json"), 0.5))
    assert "problems  none" in words


def test_index_tells_what_it_could_not_read(path, tmp_path, monkeypatch):
    from alprviewer.capture import intake

    gone = tmp_path / "gone.jsonl"
    gone.write_bytes(b"")
    expand = intake.expand

    def expand_and_delete(names):
        files = expand(names)
        gone.unlink()
        return files

    monkeypatch.setattr(intake, "expand", expand_and_delete)
    counted, failures = index([str(gone), str(path)])
    assert counted["frames"] == 2
    assert failures == [f"There is no file {gone}."]


def test_index_of_nothing(tmp_path):
    with pytest.raises(SourceError, match="There is no file or folder"):
        index([str(tmp_path / "x")])
