"""The same frames in every form that files come in export the same reads, and are the same to a reviewer."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable

import pytest
import zstandard

from alprviewer.capture.counts import counts
from alprviewer.capture.export import rows
from alprviewer.core.canonical import digest
from alprviewer.core.decision import frame_digests
from alprviewer.core.encoding import SNIFF_BYTES, sniff
from tests.helpers.reading import capture_of, frame_value, items, owned, problems_of
from tests.helpers.realdata import SAMPLE

PLACES = {"source", "offset", "length"}
SAMPLE_LINES = [line for line in SAMPLE.read_text("utf-8").splitlines() if line.endswith("}")][:40]
FRAMES = [
    *(value for value in map(json.loads, SAMPLE_LINES) if value["data_type"] == "alpr_results"),
    frame_value(
        1, ("가12나3456", "ЖЯ123", "TWO\nLINES"), user_data='quoted "text" with {brackets], and: colons'
    ),
    frame_value(2, ()),
    frame_value(3, ("A\\B", "/", "\u2028", "\x7f"), company_id="a:b"),
]


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def pretty(value: object) -> str:
    return json.dumps(value, indent=3, ensure_ascii=False)


LINES = "\n".join(map(compact, FRAMES)) + "\n"
NOISE = "No license plates found.\n"


def with_noise(write: Callable[[object], str]) -> str:
    parts = ["libdc1394 error: Failed to initialize libdc1394\n"]
    for number, value in enumerate(FRAMES):
        parts += [f"/data/pictures/{number} [x].jpg\n", write(value), "\n" if number % 2 else "\n" + NOISE]
    return "".join(parts)


TEXTS = {
    "lines": LINES,
    "lines, no end": LINES.rstrip("\n"),
    "lines with white space": "\n\n" + LINES.replace("\n", "  \n\t\n"),
    "lines, CRLF": LINES.replace("\n", "\r\n"),
    "array, compact": compact(FRAMES),
    "array, pretty": pretty(FRAMES),
    "array, pretty, CRLF": pretty(FRAMES).replace("\n", "\r\n"),
    "array of arrays": compact([[value] for value in FRAMES]),
    "pretty, one after the other": "\n".join(map(pretty, FRAMES)),
    "pretty, no line feed between": "".join(map(pretty, FRAMES)),
    "concatenated": "".join(map(compact, FRAMES)),
    "comma between": ",\n".join(map(compact, FRAMES)),
    "noise and paths between lines": with_noise(compact),
    "noise and paths between pretty values": with_noise(pretty),
    "log lines": "".join(f"2026-01-01T00:00:00Z INFO [alpr] got {compact(v)} in 3 ms\n" for v in FRAMES),
    "log lines, pretty": "".join(f"2026-01-01T00:00:00Z INFO [alpr] got {pretty(v)}\n" for v in FRAMES),
    "ASCII escapes": "".join(json.dumps(value) + "\n" for value in FRAMES),
    "cloud wrapper": "".join(compact({"plate": v, "credit_cost": 1}) + "\n" for v in FRAMES),
    "user's record": "".join(compact({"file": "x.jpg", "alpr": {"plates": v}}) + "\n" for v in FRAMES),
    "user's record of many": compact({"when": "today", "frames": FRAMES}),
    "record separators": "".join(f"\x1e{compact(value)}\n" for value in FRAMES),
    "NUL between": "\0".join(map(compact, FRAMES)),
}
ENCODINGS = {
    "UTF-8 with BOM": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.encode("utf-16-be"),
    "UTF-16 LE with BOM": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 BE with BOM": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
}
COMPRESSIONS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def exported(path, what="reads"):
    return [
        {name: value for name, value in row.items() if name not in PLACES} for row in rows(what, [str(path)])
    ]


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "capture.jsonl"
    path.write_text(LINES, "utf-8")
    reads, frames = exported(path), exported(path, "frames")
    assert len(frames) == len(FRAMES)
    assert len(reads) == sum(len(value["results"]) for value in FRAMES)
    return reads, frames


def check(path, expected, data: bytes):
    assert exported(path) == expected[0]
    assert exported(path, "frames") == expected[1]
    found = items(path)
    assert sum(owned(found).values()) == len(data)
    assert problems_of(found) == []
    encoding = sniff(data[:SNIFF_BYTES])
    digests = [frame_digests(item.piece.data, encoding) for item in found if item.decoded]
    assert [each for some in digests for each in some] == [digest(value) for value in FRAMES]
    for item in found:
        if item.decoded:
            assert item.piece.data == data[item.piece.offset : item.piece.offset + item.piece.length]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_texts(text, expected, tmp_path):
    path = tmp_path / "capture.json"
    path.write_bytes(text.encode())
    check(path, expected, text.encode())


@pytest.mark.parametrize("text", ["lines", "array, pretty, CRLF", "pretty, one after the other"])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_encodings(encode, text, expected, tmp_path):
    path = tmp_path / "capture.json"
    data = encode(TEXTS[text])
    path.write_bytes(data)
    check(path, expected, data)


@pytest.mark.parametrize("write", [compact, pretty])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_with_byte_order_marks_joined(encoding, write, expected, tmp_path):
    path = tmp_path / "capture.json"
    data = b"".join(f"{write(value)}\n".encode(encoding) for value in FRAMES)
    path.write_bytes(data)
    check(path, expected, data)


@pytest.mark.parametrize("members", [1, 2])
@pytest.mark.parametrize("compress", COMPRESSIONS.values(), ids=COMPRESSIONS)
def test_compressions(compress, members, expected, tmp_path):
    path = tmp_path / "capture.jsonl"  # the name says nothing of it: the first bytes do
    data = LINES.encode()
    half = len(data) // 2
    path.write_bytes(compress(data) if members == 1 else compress(data[:half]) + compress(data[half:]))
    check(path, expected, data)
    assert counts(capture_of(path), 1.0)["bytes"] == len(data)


def test_a_compressed_pretty_utf16_array(expected, tmp_path):
    path = tmp_path / "capture.json.gz"
    data = b"\xff\xfe" + pretty(FRAMES).encode("utf-16-le")
    path.write_bytes(gzip.compress(data))
    check(path, expected, data)


def test_paths_are_kept_as_pictures(tmp_path):
    from alprviewer.capture.spans import SpanReader

    for number, name in enumerate(("noise and paths between lines", "noise and paths between pretty values")):
        for encoding in ("utf-8", "utf-16"):
            path = tmp_path / f"{number}-{encoding}.jsonl"
            path.write_bytes(TEXTS[name].encode(encoding))
            reader = SpanReader(capture_of(path))
            pictures = [reader.frame(row)[0].picture for row in range(len(FRAMES))]
            reader.close()
            assert pictures == [f"/data/pictures/{n} [x].jpg" for n in range(len(FRAMES))]
