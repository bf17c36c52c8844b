"""Files beyond 4 GiB: places and lengths that no longer fit into 32 bits."""

import json

import pytest

from alprviewer.capture.capture import Capture
from alprviewer.capture.intake import load
from alprviewer.capture.spans import SpanReader
from tests.helpers.following import Followed
from tests.helpers.reading import frame_value

pytestmark = pytest.mark.uncounted

BEHIND = (4 << 30) + 12_345
"""Where the second part of the file begins."""
NAME = "beyond.jsonl"


def line(number: int) -> bytes:
    return json.dumps(frame_value(number, (f"P{number}",))).encode() + b"\n"


def write(path, before: bytes, after: bytes) -> None:
    """A file with a hole, or many NUL bytes where the file system knows no holes."""
    with path.open("wb") as file:
        file.write(before)
        file.seek(BEHIND)
        file.write(after)


def plates(capture: Capture) -> list[str | None]:
    columns = capture.columns
    return [columns.text("plate", code) for code in columns.reads.column("plate").tolist()]


@pytest.fixture
def two_parts(tmp_path):
    path = tmp_path / NAME
    before, after = (b"".join(map(line, range(first, first + 200))) for first in (0, 200))
    write(path, before, b"\n" + after)
    return path


def test_frames_before_and_behind_a_hole(two_parts):
    capture = load([str(two_parts)])
    assert plates(capture) == [f"P{number}" for number in range(400)]
    before = sum(len(line(number)) for number in range(200))
    assert capture.owned["noise"] == BEHIND - before, "the hole"
    assert sum(capture.owned.values()) == two_parts.stat().st_size
    offsets = capture.columns.frames.column("offset").tolist()
    assert offsets[200] == BEHIND + 1
    reader = SpanReader(capture)
    for row in (399, 0, 200):
        assert reader.frame(row)[1].frame.reads[0].plate == f"P{row}"
    assert reader.bytes_at(0, BEHIND - 5, 8) == b'\0\0\0\0\0\n{"'
    reader.close()


def test_a_value_that_a_hole_cuts_off(tmp_path):
    """What a crash may leave behind: value and hole are one problem, the frames behind it are there."""
    path = tmp_path / NAME
    write(path, line(0) + line(1)[:60], b"\n" + line(2))
    capture = load([str(path)])
    assert plates(capture) == ["P0", "P2"]
    assert capture.problem_counts() == {"syntax": 1}
    assert capture.owned["problem"] == BEHIND - len(line(0))
    problems = capture.columns.problems
    assert problems.column("offset").tolist() == [len(line(0))]
    assert problems.column("length").tolist() == [2**32 - 1], "as much as the column holds"


def test_it_grows_and_is_followed(two_parts):
    followed = Followed(two_parts)
    try:
        with two_parts.open("ab") as file:
            file.write(line(400)[:30])
        followed.until(lambda: followed.capture.sources[0].waiting == 30)
        with two_parts.open("ab") as file:
            file.write(line(400)[30:])
        followed.until_read(0, two_parts.stat().st_size)
        assert plates(followed.capture)[-2:] == ["P399", "P400"]
        assert sum(followed.capture.owned.values()) == two_parts.stat().st_size
    finally:
        followed.following.close()
