"""Broken inputs, made from good ones by a seeded mutation fuzzer.

Whatever happens to a file: nothing is raised, every byte has an owner, and every intact neighbour is found: a
value whose lines no mutation touched. ``ALPRVIEWER_FUZZ=10000`` runs more of them.
"""

import json
import os
import random
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from alprviewer.capture.export import READ_COLUMNS, Place, frame_row, read_row
from alprviewer.capture.writers import csv_lines, jsonl_lines
from alprviewer.core.builder import BatchBuilder
from alprviewer.core.decode import decode
from alprviewer.core.encoding import SNIFF_BYTES, sniff
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.pieces import PieceKind
from alprviewer.sources.resultfile import Item, add_item, read_batches, read_items
from tests.helpers.reading import assert_same_rows, batch_of, frame_value, pieces
from tests.helpers.realdata import SAMPLE, real_files

COUNT = int(os.environ.get("ALPRVIEWER_FUZZ", "1000"))
BLOCK = 100
MOST_BYTES = 40_000

NASTY = [
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\n", b"\r\n", b"\0", b"#", b"/*", b"*/", b"//",
    b"nan", b"-inf", b"1e400", b"9" * 30, b"9" * 5000, b'{"', b'{"a":[', b'{"a":\n', b"[[[[", b"{}", b"[]",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"null", b"true", b'{"results":',
    b'"results":[1,null,{}],', b",,", b" " * 40, b'{"data_type":"alpr_results"}', b"x.jpg\n", b"\x1f\x8b",
    b"BZh9", b"'", b"\x80", b'{"plate":' * 70, b'"epoch_time":"x",',
]  # fmt: skip


class Value(NamedTuple):
    """A value of an input that stands on lines of its own."""

    start: int
    end: int
    data: bytes


class Input(NamedTuple):
    """Bytes, and the values that stand in them on lines of their own."""

    data: bytes
    values: tuple[Value, ...]


def inputs() -> list[Input]:
    """The field's files and parts of the long ones, and some forms of a few frames."""
    texts = [path.read_bytes() for path in real_files() if path.stat().st_size < MOST_BYTES]
    for path in (SAMPLE, *(path for path in real_files() if path.stat().st_size >= MOST_BYTES)):
        lines = path.read_bytes().split(b"\n")
        short = [line for line in lines if len(line) < 8000]
        texts += [b"\n".join(short[n : n + 8]) + b"\n" for n in range(0, min(len(short), 400), 40)]
    frames = [frame_value(number, ("ABC123", "XYZ987")) for number in range(4)]
    texts += [
        b"\n".join(json.dumps(value, indent=2).encode() for value in frames),
        b"[" + b",\n".join(json.dumps(value).encode() for value in frames) + b"]",
        b"".join(b"/pictures/%d.jpg\n%s\n" % (n, json.dumps(v).encode()) for n, v in enumerate(frames)),
        "\n".join(json.dumps(value) for value in frames).encode("utf-16"),
    ]
    return [Input(text, own_lines(text)) for text in texts]


def own_lines(text: bytes) -> tuple[Value, ...]:
    """The values of a text that begin at a line start and have nothing behind them on their last line."""
    found = []
    if sniff(text[:SNIFF_BYTES]).unit == 1:
        for piece in pieces(text):
            start, end = piece.offset, piece.offset + piece.length
            at_start = start == 0 or text[start - 1 : start] == b"\n"
            alone = text[end : end + 1] in {b"", b"\n", b"\r"}
            if piece.kind is PieceKind.VALUE and at_start and alone:
                found.append(Value(start, end, piece.data))
    return tuple(found)


class Mutated(NamedTuple):
    """A broken input and the values that are still intact in it."""

    data: bytes
    intact: tuple[bytes, ...]


def mutate(source: Input, chance: random.Random) -> Mutated:
    """Some changes at a few places; what lies on other lines than theirs is intact."""
    data = source.data
    edits: list[tuple[int, int, bytes]] = []
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        at = chance.randrange(len(data) + 1)
        edits.append((at, *_edit(data, at, chance)))
    if chance.random() < 0.15:
        cut = chance.randrange(len(data) + 1)
        edits.append((cut, len(data), b""))
    edits.sort()
    touched = [(_line_start(data, at), _line_end(data, max(at, end))) for at, end, _ in edits]
    pieces_out, place = [], 0
    for at, end, new in edits:
        if at >= place:
            pieces_out += (data[place:at], new)
            place = max(place, end)
    pieces_out.append(data[place:])
    intact = tuple(
        value.data
        for value in source.values
        if not any(begin <= value.end and value.start <= end for begin, end in touched)
    )
    return Mutated(b"".join(pieces_out), intact)


def _line_start(data: bytes, at: int) -> int:
    return data.rfind(b"\n", 0, at) + 1


def _line_end(data: bytes, at: int) -> int:
    found = data.find(b"\n", at)
    return len(data) if found < 0 else found


def _edit(data: bytes, at: int, chance: random.Random) -> tuple[int, bytes]:
    """What is replaced from ``at`` on (up to the returned place), and by what."""
    match chance.randrange(6):
        case 0:
            return min(at + 1, len(data)), bytes([chance.randrange(256)])
        case 1:
            return at, chance.choice(NASTY)
        case 2:
            return min(at + chance.choice((1, 2, 5, 30, 400)), len(data)), b""
        case 3:
            return min(at + chance.choice((1, 4, 20)), len(data)), chance.choice(NASTY)
        case 4:
            other = chance.randrange(len(data) + 1)
            return at, data[other : other + chance.choice((3, 40, 900))]
        case _:
            return min(at + 1, len(data)), bytes([data[at] ^ (1 << chance.randrange(8))]) if at < len(
                data
            ) else b""


def check(mutated: Mutated, path: Path) -> list[Item]:
    path.write_bytes(mutated.data)
    with ByteStream(path) as stream:
        found = [item for item in read_items(stream) if item is not None]
        if stream.compression:  # a mutation at the very beginning made it one
            return found
    place = 0
    for item in found:
        assert item.piece.offset == place
        place += item.piece.length
    assert place == len(mutated.data)
    read = {item.piece.data for item in found if item.decoded is not None}
    for value in mutated.intact:
        assert value in read or _is_inside(value, found)
    return found


def _is_inside(value: bytes, found: list[Item]) -> bool:
    """True if an intact value became part of a wrapper that a mutation wrote around it."""
    return any(
        item.decoded is not None and item.decoded.is_known and value in item.piece.data for item in found
    )


def compare(found: list[Item], path: Path) -> None:
    """Reading in bulk gives the rows that reading piece by piece gives."""
    with ByteStream(path) as stream:
        bulk = list(read_batches(stream, BatchBuilder()))
    assert_same_rows(bulk, [batch_of(found)])


def use(found: list[Item], path: Path) -> None:
    """Put what was found through the batches and both writers."""
    builder = BatchBuilder()
    rows = []
    for item in found:
        add_item(builder, item)
        for ordinal, decoded in enumerate(item.decoded.frames if item.decoded else ()):
            place = Place(str(path), item.piece.offset, item.piece.length, ordinal)
            frame_row(place, decoded.frame)
            rows += [read_row(place, decoded.frame, number) for number in range(len(decoded.frame.reads))]
    builder.build()
    b"".join(csv_lines(READ_COLUMNS, rows)).decode("utf-8")
    b"".join(jsonl_lines(READ_COLUMNS, rows)).decode("utf-8")


@pytest.fixture(scope="module")
def sources() -> list[Input]:
    return inputs()


@pytest.mark.parametrize("first", range(0, COUNT, BLOCK))
def test_broken_inputs(first, sources, tmp_path):
    path = tmp_path / "broken.jsonl"
    slowest = 0.0
    for seed in range(first, min(first + BLOCK, COUNT)):
        chance = random.Random(seed)
        mutated = mutate(chance.choice(sources), chance)
        begun = time.process_time()
        try:
            found = check(mutated, path)
            use(found, path)
            compare(found, path)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
        slowest = max(slowest, time.process_time() - begun)
    assert slowest < 5


@pytest.mark.parametrize("first", range(0, COUNT // 5, BLOCK))
def test_broken_compressed_inputs(first, sources, tmp_path):
    import bz2
    import gzip
    import lzma

    import zstandard

    compress = [gzip.compress, bz2.compress, lzma.compress, zstandard.ZstdCompressor().compress]
    path = tmp_path / "broken.gz"
    for seed in range(first, first + BLOCK):
        chance = random.Random(-1 - seed)
        packed = chance.choice(compress)(chance.choice(sources).data)
        mutated = mutate(Input(packed, ()), chance)
        path.write_bytes(mutated.data)
        with ByteStream(path) as stream:
            batches = list(read_batches(stream, BatchBuilder()))
            assert sum(sum(batch.owned.values()) for batch in batches) == stream.position, seed


@pytest.mark.parametrize("first", range(0, COUNT, BLOCK))
def test_decode_takes_any_bytes(first, sources):
    """Single values, mutated: the strict way may refuse one, never see it otherwise than the tolerant way."""
    from alprviewer.core.decode import decode_strict
    from alprviewer.core.encoding import Encoding
    from tests.helpers.decoding import tolerant

    for seed in range(first, first + BLOCK):
        chance = random.Random(1_000_000 + seed)
        source = chance.choice([each for each in sources if each.values])
        value = chance.choice(source.values).data
        data = mutate(Input(value, ()), chance).data
        decode(data, chance.choice(list(Encoding)))
        strict = decode_strict(data)
        if strict is not None:
            found = tolerant(data)
            assert [each.frame for each in found.frames] == [strict], seed
            assert (found.siblings, found.problems) == ((), ()), seed
