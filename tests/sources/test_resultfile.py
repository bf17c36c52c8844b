"""Files to items and batches; both ways of reading agree."""

import base64
import gzip
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alprviewer.core.builder import BatchBuilder
from alprviewer.core.errors import ProblemKind, SourceError
from alprviewer.sources import resultfile
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.resultfile import read_batches, read_items
from tests.helpers.reading import (
    JPEG,
    assert_same_rows,
    batch_of,
    frame_value,
    frames_of,
    items,
    items_of,
    owned,
    problems_of,
    read_value,
    siblings_of,
)
from tests.helpers.realdata import SAMPLE, real_files


def batches(path: Path) -> list:
    with ByteStream(path) as stream:
        return list(read_batches(stream, BatchBuilder()))


def check(path: Path) -> None:
    assert_same_rows(batches(path), [batch_of(items(path))])


FILES = [SAMPLE, *real_files()]


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_reading_in_bulk_is_reading_piece_by_piece(path):
    check(path)


LINES = [
    json.dumps(frame_value(n, ("ABC123",) * (n % 3)), separators=(",", ":") if n % 2 else None)
    for n in range(6)
] + [
    json.dumps(frame_value(7, results=[read_value("가1"), read_value("B:2", plate_crop_jpeg="/9j/AAAA")])),
    json.dumps(frame_value(8, uuid=None)),
    json.dumps(frame_value(9, uuid="no-tail", camera_id=2**40)),
    json.dumps(frame_value(10, confidence="x", epoch_time=5)),
    json.dumps(frame_value(11, error=False, agent_type="alprd", company_id="c")),
    json.dumps(frame_value(12, ("A", "B", "C", "D"))),
    json.dumps(frame_value(13, results=[read_value(candidates=[])])),
    json.dumps(frame_value(14, results=[read_value(coordinates=[{"x": -5, "y": 9}] * 4, confidence=100)])),
    json.dumps({"data_type": "heartbeat", "video_streams": [{"camera_id": 7, "camera_name": "Gate"}]}),
    '{"data_type":"alpr_results","results":[',
    "noise",
    "x.jpg",
    "",
    "{bad",
    "[",
    "]",
    '{"results":[],"img_width":1,"img_width":2}',
]


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(LINES), max_size=30),
    st.sampled_from(["\n", "\r\n", ",\n"]),
    st.booleans(),
    st.sampled_from([60, 700, 10**6]),
)
def test_any_lines_in_any_chunks(tmp_path, lines, joint, has_end, chunk):
    path = tmp_path / "lines.jsonl"
    path.write_bytes((joint.join(lines) + (joint if has_end else "")).encode())
    with pytest.MonkeyPatch.context() as patch:
        for name in ("FIRST_CHUNK", "CHUNK"):
            patch.setattr(resultfile, name, chunk)
        check(path)


@pytest.mark.parametrize("byte", [b"\r", b"\t", b"\0", b"\x1f", b"\x7f", b"\x80", b"\\"])
def test_a_forbidden_byte_in_one_of_many_regular_lines(byte, tmp_path):
    line = json.dumps(frame_value(1), separators=(",", ":")).encode() + b"\n"
    for joint in (b"\n", b"\r\n"):
        lines = [line[:-1] + joint] * 20
        for place in (b"AGENT-7", b"ABC123", b"us-mo", b"alpr_results"):
            lines[7] = lines[0].replace(place, place[:2] + byte + place[3:], 1)
            path = tmp_path / "lines.jsonl"
            path.write_bytes(b"".join(lines))
            check(path)


def test_owners(tmp_path):
    good, heartbeat = LINES[1].encode(), LINES[14].encode()
    unknown = b'{"data_type":"other"}'
    data = b"\n".join((good, heartbeat, unknown, b"noise", b"{bad"))
    assert owned(items_of(data, tmp_path)) == {
        "frame": len(good),
        "sibling": len(heartbeat),
        "problem": len(unknown) + 4,
        "noise": 5,
        "separator": 4,
    }


def test_a_value_of_frames_and_siblings_is_owned_by_frames(tmp_path):
    value = {"frame": frame_value(1), "beat": json.loads(LINES[14])}
    found = items_of(json.dumps(value).encode(), tmp_path)
    assert (len(frames_of(found)), len(siblings_of(found))) == (1, 1)
    assert set(owned(found)) == {"frame"}


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\n\0"])
def test_files_of_nothing(data, tmp_path):
    found = items_of(data, tmp_path)
    assert problems_of(found) == []
    assert sum(owned(found).values()) == len(data)
    assert set(owned(found)) <= {"separator"}


def test_an_html_page_saved_as_json(tmp_path):
    page = (
        b'<!DOCTYPE html>\n<html><script>var x = {"a": 1};\nfunction f() { return [1,2]; }</script>\n<p>404'
    )
    found = items_of(page, tmp_path)
    assert frames_of(found) == []
    assert sum(owned(found).values()) == len(page)


def test_a_png_saved_as_json(tmp_path):
    data = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\x06\0\0\0" + bytes(range(256)) * 4
    found = items_of(data, tmp_path)
    assert (frames_of(found), sum(owned(found).values())) == ([], len(data))


def test_compressed_data_that_is_cut_short_keeps_what_came(tmp_path):
    lines = b"".join(json.dumps(frame_value(n)).encode() + b"\n" for n in range(2000))
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(lines)[:-3000])
    found = items(path)
    assert 100 < len(frames_of(found)) < 2000
    last = problems_of(found)[-1]
    assert (last.kind, "gzip" in last.reason, last.repaired) == (ProblemKind.TRUNCATED, True, False)
    check(path)


class Failing(ByteStream):
    """A file whose disk fails after some bytes."""

    def read(self, size: int = 1 << 20) -> bytes:
        data = super().read(min(size, 5000))
        if not data or self.position > 20_000:
            raise SourceError("Reading failed after byte 20,000: Input/output error.")
        return data


def test_what_was_read_before_a_failure_is_kept(tmp_path):
    path = tmp_path / "failing.jsonl"
    path.write_bytes(b"".join(json.dumps(frame_value(n)).encode() + b"\n" for n in range(200)))
    found = []
    with Failing(path) as stream, pytest.raises(SourceError):
        found.extend(read_batches(stream, BatchBuilder()))
    assert sum(len(batch.frames) for batch in found) > 10


def test_a_growing_tail_is_one_problem_until_it_is_whole(tmp_path):
    whole = json.dumps(frame_value(1)).encode() + b"\n" + json.dumps(frame_value(2)).encode() + b"\n"
    found = items_of(whole[:-40], tmp_path)
    assert len(frames_of(found)) == 1
    assert [problem.kind for problem in problems_of(found)] == [ProblemKind.TRUNCATED]
    assert len(frames_of(items_of(whole, tmp_path))) == 2


def test_batches_come_soon_and_are_small(monkeypatch, tmp_path):
    monkeypatch.setattr(resultfile, "BATCH_ROWS", 50)
    monkeypatch.setattr(resultfile, "CHUNK", 20_000)
    path = tmp_path / "many.jsonl"
    path.write_bytes(b"".join(json.dumps(frame_value(n)).encode() + b"\n" for n in range(1000)))
    found = batches(path)
    assert len(found) > 5
    assert [batch.done <= batch.total for batch in found] == [True] * len(found)
    assert found[-1].done == found[-1].total == path.stat().st_size
    assert sum(len(batch.frames) for batch in found) == 1000


@pytest.mark.parametrize("line", [b"{}\n", b'{"results":[]} {}\n', b"{" + b'"a":nan,' * 3 + b'"b":1}\n'])
def test_batches_of_many_tiny_values_are_small(line, monkeypatch, tmp_path):
    monkeypatch.setattr(resultfile, "BATCH_ROWS", 400)
    path = tmp_path / "a.jsonl"
    path.write_bytes(line * 3_000)
    sizes = [sum(map(len, batch[:5])) for batch in batches(path)]
    assert sum(sizes) >= 3_000
    assert max(sizes) < 400 + 10


def test_none_now_and_then(tmp_path):
    path = tmp_path / "noise.txt"
    path.write_bytes(b"x" * 3_000_000)
    with ByteStream(path) as stream:
        assert sum(item is None for item in read_items(stream)) >= 3


@pytest.mark.parametrize("compiled", [True, False])
def test_one_line_of_any_length_takes_the_same_memory(compiled, monkeypatch, tmp_path):
    """An array of all frames on a single line: nobody waits for the line's end."""
    if not compiled:
        monkeypatch.setattr(resultfile, "is_available", lambda: False)
    path = tmp_path / "array.json"
    crop = base64.b64encode(JPEG + bytes(20_000)).decode()
    frame = json.dumps(frame_value(1, results=[read_value(plate_crop_jpeg=crop)]))
    peaks = []
    for count in (200, 600):
        path.write_text("[" + ",".join([frame] * count) + "]")
        tracemalloc.start()
        assert sum(len(batch.frames) for batch in batches(path)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert path.stat().st_size > 15e6
    assert peaks[1] < min(1.3 * peaks[0], 12e6)
