"""Reading bytes as the program does, in short: framing, decoding, batches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import CODED, OWNERS, Batch
from alprviewer.core.builder import BatchBuilder
from alprviewer.core.decode import DecodedFrame, decode_strict
from alprviewer.core.encoding import SNIFF_BYTES, sniff
from alprviewer.core.errors import Problem
from alprviewer.core.frame import Sibling
from alprviewer.core.regular import RegularReader
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.framing import Framer
from alprviewer.sources.messages import Arrived, Finished, Started
from alprviewer.sources.paths import expand
from alprviewer.sources.pieces import Piece, PieceKind
from alprviewer.sources.resultfile import Item, add_item, add_piece, read_batches, read_items
from alprviewer.store.columns import Columns
from alprviewer.store.tables import Table


def pieces(data: bytes, cuts: Sequence[int] = (), *, probe: bool = True) -> list[Piece]:
    """The pieces of a stream that comes in chunks cut at ``cuts``; neighbours of one kind are joined."""
    framer = Framer(sniff(data[:SNIFF_BYTES]), decode_strict if probe else None)
    edges = [0, *sorted(cut for cut in cuts if 0 < cut < len(data)), len(data)]
    found: list[Piece] = []
    for begin, end in pairwise(edges):
        found += framer.feed(data[begin:end])
    found += framer.feed(b"", final=True)
    return joined(found)


def joined(found: Iterable[Piece]) -> list[Piece]:
    """Pieces with neighbouring noise and neighbouring separators as one; checks that there is no gap."""
    result: list[Piece] = []
    place = 0
    for piece in found:
        assert piece.offset == place, (piece, place)
        place += piece.length
        last = result[-1] if result else None
        if last and last.kind is piece.kind and piece.kind in {PieceKind.NOISE, PieceKind.SEPARATOR}:
            result[-1] = last._replace(length=last.length + piece.length)
        else:
            result.append(piece)
    return result


def of_kind(found: Iterable[Piece], kind: PieceKind) -> list[Piece]:
    """The pieces of one kind."""
    return [piece for piece in found if piece.kind is kind]


def values(data: bytes) -> list[bytes]:
    """The bytes of the values of a stream."""
    return [piece.data for piece in of_kind(pieces(data), PieceKind.VALUE)]


def items(path: Path) -> list[Item]:
    """All that a file holds."""
    with ByteStream(path) as stream:
        return [item for item in read_items(stream) if item is not None]


def items_of(data: bytes, folder: Path) -> list[Item]:
    """All that these bytes hold, read through a file."""
    path = folder / "capture.jsonl"
    path.write_bytes(data)
    return items(path)


def frames_of(found: Iterable[Item]) -> list[DecodedFrame]:
    """The frames among the items."""
    return [frame for item in found if item.decoded for frame in item.decoded.frames]


def siblings_of(found: Iterable[Item]) -> list[Sibling]:
    """The siblings among the items."""
    return [sibling for item in found if item.decoded for sibling in item.decoded.siblings]


def problems_of(found: Iterable[Item]) -> list[Problem]:
    """The problems among the items."""
    problems: list[Problem] = []
    for item in found:
        if item.decoded:
            problems += item.decoded.problems
        elif item.piece.problem:
            problems.append(item.piece.problem)
    return problems


def owned(found: Iterable[Item]) -> dict[str, int]:
    """Bytes by owner."""
    counts: dict[str, int] = {}
    for item in found:
        counts[item.owner] = counts.get(item.owner, 0) + item.piece.length
    return counts


def batch_of(found: Iterable[Item]) -> Batch:
    """The items as one batch."""
    builder = BatchBuilder()
    for item in found:
        add_item(builder, item)
    return builder.build()


def capture_of(*names: Path | str) -> Capture:
    """A capture of these files, read here instead of in a child process."""
    capture = Capture()
    for file in expand(map(str, names)):
        number = capture.add(file)
        with ByteStream(file.path) as stream:
            capture.apply(Started(number, stream.compression, stream.size))
            for batch in read_batches(stream, BatchBuilder()):
                capture.apply(Arrived(number, batch))
            capture.apply(Finished(number))
    return capture


def stored(*batches: Batch) -> Columns:
    """A decoder's batches in the store."""
    columns = Columns()
    maps = columns.code_maps()
    for batch in batches:
        columns.append(batch, 0, maps)
    return columns


def tables(batches: Sequence[Batch]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of a decoder's batches with their texts in place of codes."""
    columns = stored(*batches)
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in ("frames", "reads", "candidates", "siblings", "named", "problems"):
        rows = getattr(columns, table)
        values = [_cells(columns, rows, name) for name in rows.names]
        found[table] = list(zip(*values, strict=True))
    found["streams"] = [stream for batch in batches for stream in batch.streams]
    return found


def _cells(columns: Columns, rows: Table, name: str) -> list[Any]:
    cells = rows.column(name).tolist()
    if name in CODED:
        cells = [columns.text(CODED[name], code) if code > 1 else code for code in cells]
    return ["nan" if isinstance(cell, float) and math.isnan(cell) else cell for cell in cells]


def assert_same_rows(some: Sequence[Batch], others: Sequence[Batch]) -> None:
    """The same rows and owners, to the last bit."""
    assert totals(some) == totals(others)
    assert tables(some) == tables(others)


def read_both_ways(data: bytes, cuts: Sequence[int] = ()) -> int:
    """Read a stream, in chunks cut at ``cuts``, in bulk and piece by piece, which must give the same.

    Returns how many frames came in bulk.
    """
    one, other = BatchBuilder(), BatchBuilder()
    in_bulk = 0
    for builder in (one, other):
        encoding = sniff(data[:SNIFF_BYTES])
        bulk = RegularReader(builder.coders).take if builder is one else None
        framer = Framer(encoding, decode_strict, bulk)
        edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(data)}), len(data)]
        chunks = [data[begin:end] for begin, end in pairwise(edges)]
        for chunk in (*chunks, b""):
            for piece in framer.feed(chunk, final=not chunk):
                in_bulk += add_piece(builder, piece, encoding)
    assert_same_rows([one.build()], [other.build()])
    return in_bulk


def totals(batches: Iterable[Batch]) -> dict[str, int]:
    """Bytes by owner."""
    counts = dict.fromkeys(OWNERS, 0)
    for batch in batches:
        for owner, count in batch.owned.items():
            counts[owner] += count
    return counts


def frame_value(number: int = 0, plates: Sequence[str] = ("ABC123",), **more: Any) -> dict[str, Any]:
    """A frame as a current agent sends it, without crops."""
    epoch = 1_700_000_000_000 + number
    return {
        "data_type": "alpr_results",
        "version": 2,
        "uuid": f"AGENT-7-{epoch}",
        "epoch_time": epoch,
        "camera_id": 7,
        "agent_uid": "AGENT",
        "img_width": 1280,
        "img_height": 720,
        "processing_time_ms": 12.5,
        "regions_of_interest": [{"x": 0, "y": 0, "width": 1280, "height": 720}],
        "results": [read_value(plate, index) for index, plate in enumerate(plates)],
    } | more


def read_value(plate: str = "ABC123", index: int = 0, **more: Any) -> dict[str, Any]:
    """A read as a current agent sends it, without a crop."""
    return {
        "plate": plate,
        "confidence": 91.25,
        "matches_template": 0,
        "plate_index": index,
        "region": "us-mo",
        "region_confidence": 40,
        "processing_time_ms": 3.5,
        "requested_topn": 10,
        "coordinates": [{"x": 10, "y": 20}, {"x": 110, "y": 21}, {"x": 109, "y": 61}, {"x": 9, "y": 60}],
        "candidates": [
            {"plate": plate, "confidence": 91.25, "matches_template": 0},
            {"plate": plate[:-1] + "8", "confidence": 80.0, "matches_template": 0},
        ],
    } | more


JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
"""The beginning and the end of a JPEG picture."""
