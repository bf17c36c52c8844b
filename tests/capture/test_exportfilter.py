"""Exports that a query or a list of row numbers narrows."""

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings

from alprviewer.capture import export
from alprviewer.capture.export import rows
from alprviewer.capture.exportfilter import Where
from alprviewer.core.query.parse import parse
from alprviewer.core.query.times import Clock
from alprviewer.store.filtering import Filter
from alprviewer.store.matchers import Surroundings
from tests.helpers.queries import NOW, TREES
from tests.helpers.reading import capture_of, frame_value
from tests.helpers.realdata import SAMPLE


def where(query):
    return Where(parse(query), Clock(NOW))


@pytest.fixture
def name(tmp_path):
    path = tmp_path / "a.jsonl"
    values = [
        frame_value(3, ("C3", "A1"), camera_id=77),
        frame_value(1, ()),
        "{broken",
        frame_value(2, ("B2",)),
    ]
    heartbeat = {"data_type": "heartbeat", "video_streams": [{"camera_id": 77, "camera_name": "North gate"}]}
    lines = [value if isinstance(value, str) else json.dumps(value) for value in (*values, heartbeat)]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


@pytest.mark.parametrize(
    ("what", "query", "key", "expected"),
    [
        ("reads", "plate:*1", "plate", ["A1"]),
        ("reads", 'camera:"north gate"', "plate", ["C3", "A1"]),
        ("reads", "-plate:C", "plate", ["A1", "B2"]),
        ("frames", "plate:A1 OR B2", "reads", [2, 1]),
        ("frames", "all(plate:B*)", "reads", [1]),
        ("problems", "source:a.jsonl", "kind", ["syntax"]),
        ("problems", "plate:A", "kind", []),
    ],
)
def test_rows_that_a_query_selects(name, what, query, key, expected):
    assert [row[key] for row in rows(what, [name], where=where(query))] == expected


def twice(name):
    """The file and a copy of it."""
    return [name, shutil.copy(name, name.replace("a.jsonl", "b.jsonl"))]


@pytest.mark.parametrize("chunk", [1, 2, 1000])
def test_chunks_make_no_difference(name, monkeypatch, chunk):
    monkeypatch.setattr(export, "FILTERED_ITEMS", chunk)
    assert [row["plate"] for row in rows("reads", twice(name), where=where("-B2"))] == ["C3", "A1"] * 2


def test_rows_by_their_numbers(name):
    found = rows("reads", twice(name), only=[0, 2, 4])
    assert [row["plate"] for row in found] == ["C3", "B2", "A1"]


class Part:
    """Some of the sample: its capture, and all its rows."""

    def __init__(self, path):
        self.path = str(path)
        self.capture = capture_of(path)
        self.rows = {what: list(rows(what, [self.path])) for what in ("reads", "frames", "problems")}


@pytest.fixture(scope="module")
def part(tmp_path_factory):
    path = tmp_path_factory.mktemp("part") / "part.jsonl"
    path.write_bytes(b"".join(SAMPLE.read_bytes().splitlines(keepends=True)[:60]) + b'{"cut": "off\n')
    return Part(path)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES)
def test_an_export_has_the_rows_of_the_tables(part, tree):
    around = Surroundings([source.name for source in part.capture.sources], part.capture.camera_names)
    chosen = Filter(tree, part.capture.columns, Clock(NOW), around)
    for what, found in part.rows.items():
        exported = rows(what, [part.path], where=Where(tree, Clock(NOW)))
        assert list(exported) == [found[row] for row in chosen.select(what).tolist()]
