"""What a walk finds in a line, against where the outline of the same line says that the values stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alprviewer.core.chunks import Chunk, cut
from alprviewer.core.layout import Kind, Outline
from alprviewer.core.matching import Forms, FrameForm, Matched, Values
from alprviewer.core.shapes import learn

SAMPLE = Path(__file__).parents[2] / "resources" / "sample" / "sample.jsonl"
LINES = [line for line in SAMPLE.read_bytes().splitlines() if line.startswith(b'{"data_type":"alpr_results"')]


def forms_of(*lines: bytes) -> Forms:
    forms = Forms()
    for line in lines:
        shape = learn(line)
        assert shape is not None
        forms.add(FrameForm(shape.head, shape.tail, 0, 0), shape.reads)
    return forms


def texts(chunk: Chunk, values: Values, column: int) -> dict[tuple[str | int, ...], bytes]:
    """The values of one frame, read or candidate by path; those that were cut out are left out."""
    data = chunk.buffer.data
    return {
        slot.path: data[int(start) : int(end)]
        for slot, start, end in zip(
            values.form.slots, values.starts[:, column], values.ends[:, column], strict=True
        )
        if slot.kind is not Kind.CUT
    }


@pytest.mark.parametrize("number", range(0, 240, 8))
def test_every_value_is_found(number: int) -> None:
    line = LINES[number]
    chunk = cut(line + b"\n", len(line) + 1)
    found = Matched()
    assert forms_of(line).match(chunk, np.array([0]), found).tolist() == [True]
    outline = Outline.of(line)
    reads = found.read_places.tolist()
    assert sorted(reads) == list(
        range(len({path[1] for path in outline.objects if path[:1] == ("results",)}))
    )
    walked = {}
    for values in found.reads:
        for column, read in enumerate(values.owners.tolist()):
            for path, text in texts(chunk, values, column).items():
                walked["results", reads[read], *path] = text
    for values in found.candidates:
        for column, read in enumerate(values.owners.tolist()):
            for path, text in texts(chunk, values, column).items():
                walked["results", reads[read], "candidates", values.place, *path] = text
    left_out = {"plate_crop_jpeg", "requested_topn"}
    assert walked == {
        path: line[start:end]
        for path, (start, end) in outline.values.items()
        if path[0] == "results" and path[-1] not in left_out
    }


def test_forms_are_known_once() -> None:
    forms = forms_of(*LINES[:40])
    before = len(forms)
    shape = learn(LINES[0])
    assert shape is not None
    assert not forms.add(FrameForm(shape.head, shape.tail, 0, 0), shape.reads)
    assert len(forms) == before < 40


def test_what_does_not_match_leaves_nothing() -> None:
    """A line that breaks off in its second read: its first one is not counted."""
    two = next(line for line in LINES if line.count(b'"candidates"') == 2)
    broken = two[:-3] + b"?" + two[-3:]
    data = two + b"\n" + broken + b"\n"
    found = Matched()
    fits = forms_of(two).match(cut(data, len(data)), np.array([0, 1]), found)
    assert fits.tolist() == [True, False]
    assert sorted(found.read_lines.tolist()) in ([-1, -1, 0, 0], [-1, 0, 0])
    assert [values.owners.tolist() for values in (frames.head for frames in found.frames)] == [[0]]
