"""Reading a value again from its span: the columns are for browsing, the bytes are the truth."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from alprviewer.capture.capture import Capture, Source
from alprviewer.core.batch import CODED
from alprviewer.core.builder import BatchBuilder
from alprviewer.core.decode import Decoded, DecodedFrame, decode
from alprviewer.core.encoding import SNIFF_BYTES, Encoding, sniff
from alprviewer.core.errors import SourceChanged, SourceError
from alprviewer.core.frame import SIBLING_KINDS, Sibling, split_uuid
from alprviewer.core.states import absent
from alprviewer.language import tr
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.messages import Condition

_OPEN_FILES = 16


class Value(NamedTuple):
    """A value read again.

    Attributes:
        data: its bytes as they are.
        encoding: of the stream it stands in.
        decoded: what it holds.
        picture: the path line of ``alpr -j DIR`` that stands before it; empty where there is none.
    """

    data: bytes
    encoding: Encoding
    decoded: Decoded
    picture: str = ""


class _Opened(NamedTuple):
    stream: ByteStream
    encoding: Encoding


class SpanReader:
    """Reads spans of a capture's sources. May be used from several threads; keeps a few files open."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._open: OrderedDict[int, _Opened] = OrderedDict()
        self._lock = threading.Lock()
        self._closed = False
        self._last: tuple[tuple[int, int, int], Value] | None = None

    def bytes_at(self, source: int, offset: int, length: int) -> bytes:
        """The bytes of a span in the decompressed stream; fewer where the file has become shorter.

        Raises:
            SourceError: the file cannot be opened or read.
        """
        with self._lock:
            return self._stream(source, offset).stream.read_at(offset, length)

    def require(self, source: int, offset: int, length: int) -> None:
        """Make sure that there are bytes at a span, however long it is.

        Raises:
            SourceError: the file cannot be opened or read.
            SourceChanged: the file has become shorter.
        """
        if length and not self.bytes_at(source, offset + length - 1, 1):
            raise self._changed(source)

    def encoding(self, source: int) -> Encoding:
        """How a source is encoded."""
        with self._lock:
            return self._stream(source, None).encoding

    def _stream(self, source: int, offset: int | None) -> _Opened:
        if self._closed:
            # A thread that was still at work when the capture was closed must not open files anew.
            raise SourceError(tr("The capture was closed."))
        file = self._capture.sources[source]
        if file.condition in _TURNED:
            raise SourceChanged(_TURNED[file.condition].format(file=file.name))
        opened = self._open.get(source)
        replaced = file.condition is Condition.REPLACED
        if opened is not None and replaced and opened.stream.identity != file.identity:
            self._close(source)
            opened = None
        if opened is not None:
            behind = (
                offset is not None and bool(opened.stream.compression) and opened.stream.position > offset
            )
            if not behind and not opened.stream.damage:
                self._open.move_to_end(source)
                return opened
            self._close(source)
        opened = self._open[source] = _open(_renamed(file) if replaced else file.path)
        while len(self._open) > _OPEN_FILES:
            self._close(next(iter(self._open)))
        return opened

    def _close(self, source: int) -> None:
        self._open.pop(source).stream.close()

    def close(self) -> None:
        """Close all files, for good."""
        with self._lock:
            self._closed = True
            for source in list(self._open):
                self._close(source)

    def frame(self, row: int) -> tuple[Value, DecodedFrame]:
        """Read a frame again and make sure that it is the one that was indexed.

        Raises:
            SourceError: the file cannot be opened or read.
            SourceChanged: something else stands at its span now.
        """
        frames = self._capture.columns.frames
        source = int(frames.column("source")[row])
        offset, length = int(frames.column("offset")[row]), int(frames.column("length")[row])
        span = (source, offset, length)
        last = self._last
        if last is not None and last[0] == span:
            value = last[1]
        else:
            value = self.value(source, offset, length, int(frames.column("picture_back")[row]))
            # A value of many frames is decoded once for all that are asked for in a row.
            self._last = (span, value) if len(value.decoded.frames) > 1 else None
        inner = int(frames.column("inner")[row])
        if inner >= len(value.decoded.frames) or not self._is_indexed(row, value.decoded.frames[inner]):
            self._last = None
            raise self._changed(source)
        return value, value.decoded.frames[inner]

    def sibling(self, row: int) -> tuple[Value, Sibling]:
        """Read a sibling again and make sure that it is the one that was indexed.

        Raises:
            SourceError: the file cannot be opened or read.
            SourceChanged: something else stands at its span now.
        """
        table = self._capture.columns.siblings
        source, offset, length, inner = (
            int(table.column(name)[row]) for name in ("source", "offset", "length", "inner")
        )
        value = self.value(source, offset, length)
        found = value.decoded.siblings
        if inner >= len(found) or not self._is_indexed_sibling(row, found[inner]):
            raise self._changed(source)
        return value, found[inner]

    def _is_indexed_sibling(self, row: int, found: Sibling) -> bool:
        columns = self._capture.columns
        kind, start, plate, head, tail = (
            columns.siblings.column(name)[row]
            for name in ("kind", "start", "plate", "uuid_head", "uuid_tail")
        )
        best = split_uuid(found.best_uuid) if found.best_uuid else None
        return (
            SIBLING_KINDS[int(kind)] is found.kind
            and int(start) == (absent("i8") if found.start is None else found.start)
            and columns.text("plate", int(plate)) == found.plate
            and (columns.text("uuid_head", int(head)), int(tail)) == (best or (None, -1))
        )

    def frame_at(self, source: int, offset: int) -> int | None:
        """The row of the first frame of the value at a place; None where it has none."""
        frames = self._capture.columns.frames
        at = (frames.column("offset") == offset) & (frames.column("source") == source)
        row = int(at.argmax()) if len(at) else 0
        return row if len(at) and at[row] else None

    def value(self, source: int, offset: int, length: int, picture_back: int = 0) -> Value:
        """Read and decode the value at a span.

        Raises:
            SourceError: the file cannot be opened or read.
            SourceChanged: the file has become shorter.
        """
        data = self.bytes_at(source, offset - picture_back, length + picture_back)
        if len(data) < length + picture_back:
            raise self._changed(source)
        encoding = self.encoding(source)
        line, data = data[:picture_back], data[picture_back:]
        picture = encoding.decode(line)[0].splitlines()[0].strip() if line else ""
        return Value(data, encoding, decode(data, encoding), picture)

    def _changed(self, source: int) -> SourceChanged:
        name = self._capture.sources[source].name
        text = tr(
            "{file} has changed since it was opened; open it again to see what it holds now.", file=name
        )
        return SourceChanged(text)

    def _is_indexed(self, row: int, decoded: DecodedFrame) -> bool:
        """True if this is the frame that the row was made from.

        Every number that was kept of the frame and its reads must be there again: time, confidences, corners,
        the length of each crop's text and so on; and uuid and plates. What could pass for it would be the
        same read with another picture of the very same length.
        """
        columns = self._capture.columns
        builder = BatchBuilder()
        builder.add_frame(0, 0, decoded)
        batch = builder.build()
        first = int(columns.frames.column("first_read")[row])
        count = int(columns.frames.column("reads")[row])
        if len(batch.reads) != count:
            return False
        for table, begin, found in (
            (columns.frames, row, batch.frames),
            (columns.reads, first, batch.reads),
        ):
            for name in _compared(found.dtype):
                kept = table.part(name, begin, begin + len(found))
                if not np.array_equal(kept, found[name], equal_nan=kept.dtype.kind == "f"):
                    return False
        frame = decoded.frame
        uuid = split_uuid(frame.uuid) if frame.uuid is not None else None
        head = columns.text("uuid_head", int(columns.frames.column("uuid_head")[row]))
        if head != (uuid.head if uuid else None):
            return False
        codes = columns.reads.part("plate", first, first + count).tolist()
        return [columns.text("plate", code) for code in codes] == [read.plate for read in frame.reads]


_TURNED = {
    Condition.TRUNCATED: tr(
        "{file} was truncated after this row was read; its picture and its JSON are gone."
    ),
    Condition.REWRITTEN: tr(
        "{file} was written anew after this row was read; its picture and its JSON are gone."
    ),
}
_NOT_ITS_OWN = ("offset", "length", "inner", "picture_back", "source", "first_read", "frame", "margin")
"""Columns that say where a row stands, not what it holds, and one that is computed, in more than one way."""


def _compared(dtype: np.dtype[Any]) -> list[str]:
    """The columns of numbers that a frame or read has of itself."""
    return [name for name in dtype.names or () if name not in CODED and name not in _NOT_ITS_OWN]


def _renamed(source: Source) -> Path:
    """The file that a source was read from, under the name that it has now, in the same folder.

    Raises:
        SourceChanged: it is not there.
    """
    with suppress(OSError), os.scandir(source.path.parent) as entries:
        for entry in entries:
            if source.identity is not None and entry.inode() == source.identity[1] and entry.is_file():
                return Path(entry.path)
    raise SourceChanged(
        tr(
            "{file} was replaced after this row was read, and the file before is not in its folder any more; "
            "its picture and its JSON are gone.",
            file=source.name,
        )
    )


def _open(path: Path) -> _Opened:
    head = b""
    with ByteStream(path) as stream:
        while len(head) < SNIFF_BYTES and (data := stream.read(SNIFF_BYTES - len(head))):
            head += data
    # A second stream: a compressed one cannot go back to its beginning.
    return _Opened(ByteStream(path), sniff(head))
