"""A result file from its bytes to decoded values and batches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from alprviewer.core.batch import Batch
from alprviewer.core.builder import BatchBuilder
from alprviewer.core.checkpoint import START, Checkpoint
from alprviewer.core.decode import Decoded, DecodedFrame, decode, decode_strict
from alprviewer.core.encoding import SNIFF_BYTES, Encoding, sniff
from alprviewer.core.errors import Problem, ProblemKind, SourceError
from alprviewer.core.regular import RegularReader, is_available
from alprviewer.sources.bytestream import CHUNK, ByteStream
from alprviewer.sources.framing import Framer
from alprviewer.sources.pieces import Piece, PieceKind

FIRST_CHUNK = 128 * 1024
"""Bytes read first, so that the first rows are seen at once."""
_NULS = bytes(CHUNK)
BATCH_ROWS = 4000
"""Rows after which a batch is sent."""
BATCH_SECONDS = 0.1
"""Seconds after which a batch is sent even if it is small."""


class Item(NamedTuple):
    """A piece of a result file and, of a value, what it holds."""

    piece: Piece
    decoded: Decoded | None = None

    @property
    def owner(self) -> str:
        """Who owns the piece's bytes: one of ``core.batch.OWNERS``."""
        if self.decoded is None:
            return self.piece.kind.value
        if self.decoded.frames:
            return "frame"
        return "sibling" if self.decoded.siblings else "problem"


def read_items(stream: ByteStream) -> Iterator[Item | None]:
    """Every piece of a stream in order, values decoded. None now and then: a chunk was used up.

    Damaged compression ends the stream with an empty problem piece.
    """
    data = _head(stream)
    encoding = sniff(data[:SNIFF_BYTES])
    framer = Framer(encoding, decode_strict)
    while data:
        for piece in framer.feed(data):
            yield _item(piece, encoding)
        yield None
        data = stream.read(CHUNK)
    for piece in framer.feed(b"", final=True):
        yield _item(piece, encoding)
    if stream.damage:
        problem = Problem(ProblemKind.TRUNCATED, stream.damage)
        yield Item(Piece(PieceKind.PROBLEM, stream.position, 0, problem=problem))


def _head(stream: ByteStream) -> bytes:
    """The first bytes of a stream, enough to tell its encoding."""
    data = stream.read(FIRST_CHUNK)
    while data and len(data) < SNIFF_BYTES:
        more = stream.read(FIRST_CHUNK)
        if not more:
            break
        data += more
    return data


def _item(piece: Piece, encoding: Encoding) -> Item:
    if piece.kind is not PieceKind.VALUE:
        return Item(piece)
    if piece.frame is not None:
        return Item(piece, Decoded((DecodedFrame(piece.frame),)))
    return Item(piece, decode(piece.data, encoding))


def add_item(builder: BatchBuilder, item: Item) -> None:
    """Put a piece into a batch."""
    piece, decoded = item
    builder.own(item.owner, piece.length)
    if decoded is None:
        if piece.problem is not None:
            builder.add_problems(piece.offset, piece.length, (piece.problem,))
        return
    for inner, frame in enumerate(decoded.frames):
        builder.add_frame(piece.offset, piece.length, frame, inner, piece.picture_back)
    for inner, sibling in enumerate(decoded.siblings):
        builder.add_sibling(piece.offset, piece.length, sibling, inner)
    if decoded.problems:
        builder.add_problems(piece.offset, piece.length, decoded.problems)


def add_piece(builder: BatchBuilder, piece: Piece, encoding: Encoding) -> int:
    """Put a piece of a stream into a batch. Returns how many frames came in bulk."""
    if piece.rows is None:
        add_item(builder, _item(piece, encoding))
        return 0
    builder.add_rows(*piece.rows)
    builder.own("frame", piece.value_bytes)
    builder.own("separator", piece.length - piece.value_bytes)
    return len(piece.rows.frames)


def read_batches(stream: ByteStream, builder: BatchBuilder) -> Iterator[Batch]:
    """A stream as batches, the last one with what is left. A batch follows soon even where nothing is found.

    Raises:
        SourceError: reading failed; what was read before has been given out.
    """
    reader = PartReader(stream, builder)
    yield from reader.batches()
    yield from reader.tail()


class PartReader:
    """Puts a part of a stream into batches: regular frames in bulk, everything else piece by piece, in order.

    Args:
        stream: the bytes.
        builder: makes the batches.
        begin: where the part begins.
        end: first byte behind the part; None for the end of the stream. Then, when something was appended to
            the stream, ``batches`` goes on where it was.
    """

    def __init__(
        self, stream: ByteStream, builder: BatchBuilder, begin: Checkpoint = START, end: int | None = None
    ) -> None:
        self.stream = stream
        self._builder = builder
        self._bulk = RegularReader(builder.coders).take if is_available() else None
        self._encoding = Encoding.UTF8
        self._framer = Framer()
        self._begin = begin
        self._begun = False
        self._position = begin.position
        self._end = end

    @property
    def checkpoint(self) -> Checkpoint:
        """Where a value begins that is not complete, or where the next one would."""
        return self._framer.checkpoint

    @property
    def waiting(self) -> int:
        """Bytes that were read but belong to a value that is not complete."""
        return self._position - self._framer.pending

    @property
    def pending(self) -> Checkpoint | None:
        """After reading: where a value begins that reaches beyond the part; None where there is none."""
        return None if self._end is None or self._framer.is_idle else self._framer.checkpoint

    def batches(self) -> Iterator[Batch]:
        """Read the part, or what was appended to it since.

        Raises:
            SourceError: reading failed; what was read before has been given out.
        """
        stream, builder = self.stream, self._builder
        sent = time.monotonic()
        try:
            for _ in self._read():
                late = time.monotonic() - sent > BATCH_SECONDS
                if late or len(builder) >= BATCH_ROWS:
                    yield builder.build(stream.file_position, stream.size)
                    sent = time.monotonic()
        except SourceError:
            yield builder.build(stream.file_position, stream.size)
            raise
        yield builder.build(stream.file_position, stream.size)

    def tail(self) -> Iterator[Batch]:
        """What is to be said of the end of the stream if nothing follows: of a value cut off, say."""
        for _ in self._take(self._framer.feed(b"", final=True)):
            yield self._builder.build(self.stream.file_position, self.stream.size)
        if self.stream.damage:
            problem = Problem(ProblemKind.TRUNCATED, self.stream.damage)
            add_item(self._builder, Item(Piece(PieceKind.PROBLEM, self.stream.position, 0, problem=problem)))
        batch = self._builder.build(self.stream.file_position, self.stream.size)
        if len(batch.problems) or any(batch.owned.values()):
            yield batch

    def _next(self, size: int) -> bytes:
        left = size if self._end is None else self._end - self.stream.position
        return self.stream.read(min(size, left)) if left > 0 else b""

    def _read(self) -> Iterator[None]:
        """Read all of the part; yields now and then, when the builder may be emptied."""
        for chunk in self._chunks():
            if isinstance(chunk, int) or _NULS.startswith(chunk):
                length = chunk if isinstance(chunk, int) else len(chunk)
                pieces = self._framer.feed_nuls(length)
            else:
                length = len(chunk)
                pieces = self._framer.feed(chunk)
            self._position += length
            yield from self._take(pieces)
            yield None

    def _chunks(self) -> Iterator[bytes | int]:
        """The bytes of the part; where the file has a hole, its length."""
        data = self._next(FIRST_CHUNK) if self._begun else self._first()
        while data:
            yield data
            hole = self.stream.hole() if self._encoding is Encoding.UTF8 else 0
            if self._end is not None:
                hole = min(hole, self._end - self.stream.position)
            if hole > FIRST_CHUNK:
                self.stream.seek(self.stream.position + hole)
                yield hole
            data = self._next(CHUNK)

    def _first(self) -> bytes:
        """Get ready, and give the first bytes of the part."""
        self._begun = True
        head = _head(self.stream)
        self._encoding = sniff(head[:SNIFF_BYTES])
        self._framer = Framer(self._encoding, decode_strict, self._bulk)
        self._framer.restore(self._begin)
        data = head[self._position : self._end]
        if data or not head:
            return data
        self.stream.seek(self._position)
        return self._next(FIRST_CHUNK)

    def _take(self, pieces: Iterator[Piece]) -> Iterator[None]:
        for piece in pieces:
            add_piece(self._builder, piece, self._encoding)
            if len(self._builder) >= BATCH_ROWS:
                yield None
