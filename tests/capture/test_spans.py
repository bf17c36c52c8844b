"""Frames read again from their spans, also where the file is no longer what it was."""

import gzip
import json

import pytest
import zstandard

from alprviewer.capture.spans import SpanReader
from alprviewer.core.encoding import Encoding
from alprviewer.core.errors import SourceChanged, SourceError
from tests.helpers.reading import capture_of, frame_value

FRAMES = [frame_value(number, (f"PLATE{number}",) * (number % 3)) for number in range(40)]
LINES = "".join(json.dumps(frame) + "\n" for frame in FRAMES).encode()
PACK = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "two members": lambda data: gzip.compress(data[:3000]) + gzip.compress(data[3000:]),
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "capture.jsonl"
    path.write_bytes(LINES)
    return path


@pytest.fixture
def reader():
    readers = []

    def make(*names):
        readers.append(SpanReader(capture_of(*names)))
        return readers[-1]

    yield make
    for each in readers:
        each.close()


@pytest.mark.parametrize("pack", PACK.values(), ids=PACK)
def test_back_and_forth(pack, path, reader):
    path.write_bytes(pack(LINES))
    spans = reader(path)
    for row in (0, 39, 5, 5, 6, 38, 1, 20, 19, 0):
        value, decoded = spans.frame(row)
        assert value.data == json.dumps(FRAMES[row]).encode()
        assert decoded.frame.uuid == FRAMES[row]["uuid"]
        assert value.picture == ""


def test_bytes_around_a_place(path, reader):
    spans = reader(path)
    assert spans.bytes_at(0, 10, 20) == LINES[10:30]
    assert spans.bytes_at(0, len(LINES) - 5, 100) == LINES[-5:]
    assert spans.bytes_at(0, 10**9, 100) == b""
    assert spans.encoding(0) is Encoding.UTF8


def test_utf16(path, reader):
    path.write_bytes(LINES.decode().encode("utf-16"))
    spans = reader(path)
    assert spans.encoding(0) is Encoding.UTF16_LE
    assert spans.frame(7)[1].frame.uuid == FRAMES[7]["uuid"]


def test_frames_of_one_value(path, reader):
    path.write_text(json.dumps({"mine": FRAMES[:10]}) + "\n" + json.dumps({"mine": FRAMES[10:]}))
    spans = reader(path)
    for row in (0, 9, 10, 39, 3):
        assert spans.frame(row)[1].frame.uuid == FRAMES[row]["uuid"]


def test_a_value_of_many_frames_is_decoded_once_in_a_row(path, reader, monkeypatch):
    from alprviewer.capture import spans as module

    path.write_text(json.dumps({"mine": FRAMES}))
    spans = reader(path)
    calls = []
    decode = module.decode
    monkeypatch.setattr(module, "decode", lambda *arguments: calls.append(1) or decode(*arguments))
    for row in range(40):
        spans.frame(row)
    assert len(calls) == 1


def test_many_files_are_open_only_a_few_at_a_time(tmp_path, reader):
    names = [tmp_path / f"{number:02}.jsonl" for number in range(40)]
    for number, name in enumerate(names):
        name.write_text(json.dumps(FRAMES[number]))
    spans = reader(*names)
    for row in (*range(40), *range(40)):
        assert spans.frame(row)[1].frame.uuid == FRAMES[row]["uuid"]
    assert len(spans._open) <= 16


def changed(spans, row=39):
    with pytest.raises(SourceChanged) as caught:
        spans.frame(row)
    assert "has changed since it was opened" in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("opened_before", [True, False])
def test_a_file_that_became_shorter(path, reader, opened_before):
    spans = reader(path)
    if opened_before:
        spans.frame(0)
    with path.open("r+b") as file:
        file.truncate(len(LINES) - 50)
    changed(spans)
    assert spans.frame(1)[1].frame.uuid == FRAMES[1]["uuid"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x" * len(LINES),
        LINES.replace(b"PLATE", b"OTHER"),
        LINES.replace(b"AGENT-7", b"AGENT-8"),
        LINES.replace(b'"epoch_time": 17', b'"epoch_time": 18'),
        LINES.decode().encode("utf-16"),
        LINES[1:],
        # The same time, uuid and plates, but not the same read.
        LINES.replace(b"91.25", b"91.24"),
        LINES.replace(b'"x": 110', b'"x": 119'),
    ],
    ids=range(9),
)
def test_a_file_that_was_written_over(path, reader, data):
    spans = reader(path)
    path.write_bytes(data)
    changed(spans, 38)


def test_a_compressed_file_that_was_written_over(path, reader):
    path.write_bytes(gzip.compress(LINES))
    spans = reader(path)
    spans.frame(39)
    path.write_bytes(gzip.compress(LINES.replace(b"PLATE", b"OTHER"))[:-400])
    changed(spans, 2)


def test_what_only_became_compressed_is_the_same(path, reader):
    spans = reader(path)
    path.write_bytes(gzip.compress(LINES))
    assert spans.frame(2)[1].frame.uuid == FRAMES[2]["uuid"]


def test_a_file_that_grew_is_still_what_it_was(path, reader):
    spans = reader(path)
    with path.open("ab") as file:
        file.write(json.dumps(frame_value(99)).encode() + b"\n")
    assert spans.frame(39)[1].frame.uuid == FRAMES[39]["uuid"]


def test_a_file_that_is_gone(path, reader):
    spans = reader(path)
    path.unlink()
    with pytest.raises(SourceError, match=r"There is no file .*capture\.jsonl\."):
        spans.frame(0)


def test_a_file_that_was_replaced_while_open_is_read_as_it_was(path, reader):
    spans = reader(path)
    spans.frame(0)
    path.unlink()
    path.write_bytes(b"other")
    assert spans.frame(39)[1].frame.uuid == FRAMES[39]["uuid"]


def test_a_folder_in_the_files_place(path, reader):
    spans = reader(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(SourceError, match="is a folder"):
        spans.frame(0)


def test_frames_without_time_and_uuid_are_known_by_their_plates(path, reader):
    frames = [{"results": [{"plate": plate}]} for plate in ("AAAA", "BBBB")]
    path.write_text("".join(json.dumps(frame) + "\n" for frame in frames))
    spans = reader(path)
    path.write_text("".join(json.dumps(frame) + "\n" for frame in reversed(frames)))
    changed(spans, 1)


def test_frames_with_unusable_fields_are_known_again(path, reader):
    frame = frame_value(1, uuid=5, epoch_time=0, results=[None, {"plate": []}, {"plate": "A\ud800"}])
    path.write_text(json.dumps(frame))
    assert len(reader(path).frame(0)[1].frame.reads) == 3


def test_a_closed_reader_opens_nothing_anew(path, reader):
    spans = reader(path)
    spans.close()
    with pytest.raises(SourceError, match="closed"):
        spans.frame(0)


def test_from_several_threads(path, reader):
    from concurrent.futures import ThreadPoolExecutor

    path.write_bytes(gzip.compress(LINES))
    spans = reader(path)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda row: spans.frame(row)[1].frame.uuid, [row % 40 for row in range(200)]))
    assert found == [FRAMES[row % 40]["uuid"] for row in range(200)]
