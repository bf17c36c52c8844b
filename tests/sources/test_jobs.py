"""Several processes over one file find what one finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alprviewer.capture.capture import Capture
from alprviewer.capture.intake import Intake, follow, plan
from alprviewer.core.checkpoint import START
from alprviewer.sources.jobs import Job, divide, extent
from alprviewer.sources.paths import SourceFile

SAMPLE = Path(__file__).parents[2] / "resources" / "sample" / "sample.jsonl"


def load(paths: list[Path], part: int) -> Capture:
    capture = Capture()
    jobs = [(capture.add(SourceFile(str(path), path)), path) for path in paths]
    intake = Intake(plan(jobs, part))
    try:
        for _ in follow(capture, intake):
            pass
    finally:
        intake.close()
    assert capture.finished
    return capture


def rows_of(capture: Capture) -> dict[str, Any]:
    """Everything a capture holds, texts in place of codes."""
    columns = capture.columns
    found: dict[str, Any] = {"owned": capture.owned, "names": capture.camera_names}
    coded = {"plate": "plate", "region": "region", "envelope": "envelope", "uuid_head": "uuid_head",
             "reason": "reason", "field": "field"}  # fmt: skip
    for name in ("frames", "reads", "candidates", "siblings", "named", "problems"):
        table = getattr(columns, name)
        for column in table.names:
            values = table.column(column)
            if column in coded:
                value = columns.dictionaries[coded[column]].value
                found[f"{name}.{column}"] = [value(code) for code in values.tolist()]
            else:
                found[f"{name}.{column}"] = values.tolist()
    return found


def assert_same(path: Path, part: int) -> Capture:
    whole, divided = load([path], 1 << 30), load([path], part)
    for name, values in rows_of(whole).items():
        np.testing.assert_equal(rows_of(divided)[name], values, err_msg=name)
    return divided


@pytest.mark.uncounted
@pytest.mark.parametrize("part", [200_000, 3_000_001])
def test_sample_in_parts(part: int) -> None:
    assert len(divide(0, str(SAMPLE), part)) > 1
    assert_same(SAMPLE, part)


def test_parts_cover_the_file_without_overlap() -> None:
    extents = [extent(job) for job in divide(0, str(SAMPLE), 300_000)]
    known = [each for each in extents if each is not None]
    assert len(known) > 10
    assert known[0].begin == START
    assert known[-1].end is None
    assert [each.end for each in known[:-1]] == [each.begin.position for each in known[1:]]


def test_pretty_printed_file_is_read_in_one_go(tmp_path: Path) -> None:
    path = tmp_path / "pretty.json"
    frames = [json.loads(line) for line in SAMPLE.read_bytes().splitlines()[:80]]
    path.write_text("\n".join(json.dumps(frame, indent=2) for frame in frames))
    capture = assert_same(path, 50_000)
    assert len(capture.columns.frames) == len([f for f in frames if f["data_type"] == "alpr_results"])


def test_value_over_the_edge_of_a_part(tmp_path: Path) -> None:
    """Lines that are frames inside one large object: the division is undone."""
    lines = [line for line in SAMPLE.read_text().splitlines()[:300] if '"alpr_results"' in line]
    path = tmp_path / "wrapped.json"
    before, inside, after = lines[:100], lines[100:200], lines[200:]
    wrapped = '{"items":[\n' + ",\n".join(inside) + "\n]}"
    path.write_text("\n".join([*before, wrapped, *after]) + "\n")
    capture = assert_same(path, 100_000)
    assert len(capture.columns.frames) == len(lines)


def test_path_lines_between_values(tmp_path: Path) -> None:
    lines = [line for line in SAMPLE.read_text().splitlines()[:200] if '"alpr_results"' in line]
    path = tmp_path / "folder.jsonl"
    path.write_text("".join(f"frames/{number}.jpg\n{line}\n" for number, line in enumerate(lines)))
    capture = assert_same(path, 100_000)
    assert (capture.columns.frames.column("picture_back") > 0).all()


def test_several_files_keep_their_order(tmp_path: Path) -> None:
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    paths = [tmp_path / f"{number}.jsonl" for number in range(5)]
    for number, path in enumerate(paths):
        path.write_bytes(b"".join(lines[number * 200 : number * 200 + 200]))
    capture = load(paths, 100_000)
    sources = capture.columns.frames.column("source")
    assert (np.diff(sources.astype(int)) >= 0).all()
    assert set(sources.tolist()) == set(range(5))
    offsets = capture.columns.frames.column("offset")
    assert all((np.diff(offsets[sources == number]) > 0).all() for number in range(5))


def test_a_file_that_is_gone_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "here.jsonl"
    path.write_bytes(SAMPLE.read_bytes())
    gone = tmp_path / "gone.jsonl"
    capture = load([gone, path], 500_000)
    assert "gone.jsonl" in capture.sources[0].failure
    assert not capture.sources[1].failure
    assert len(capture.columns.frames) > 1000


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"")
    assert divide(0, str(path)) == [Job(0, str(path))]
    assert len(load([path], 1000).columns.frames) == 0
