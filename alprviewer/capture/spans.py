"""Reading a value again from its span: the columns are for browsing, the bytes are the truth."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from alprviewer.capture.capture import Capture
from alprviewer.core.decode import Decoded, DecodedFrame, decode
from alprviewer.core.encoding import SNIFF_BYTES, Encoding, sniff
from alprviewer.core.errors import SourceChanged, SourceError
from alprviewer.core.frame import split_uuid
from alprviewer.core.states import absent
from alprviewer.sources.bytestream import ByteStream

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
            stream = self._stream(source, offset).stream
            stream.seek(offset)
            pieces: list[bytes] = []
            while length > 0 and (data := stream.read(length)):
                pieces.append(data)
                length -= len(data)
            return b"".join(pieces)

    def encoding(self, source: int) -> Encoding:
        """How a source is encoded."""
        with self._lock:
            return self._stream(source, None).encoding

    def _stream(self, source: int, offset: int | None) -> _Opened:
        if self._closed:
            # A thread that was still at work when the capture was closed must not open files anew.
            raise SourceError("The capture was closed.")
        opened = self._open.get(source)
        if opened is not None:
            behind = (
                offset is not None and bool(opened.stream.compression) and opened.stream.position > offset
            )
            if not behind and not opened.stream.damage:
                self._open.move_to_end(source)
                return opened
            self._close(source)
        opened = self._open[source] = _open(self._capture.sources[source].path)
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
        return SourceChanged(
            f"{name} has changed since it was opened; open it again to see what it holds now."
        )

    def _is_indexed(self, row: int, decoded: DecodedFrame) -> bool:
        """True if this is the frame that the row was made from: same time, uuid and plates."""
        columns = self._capture.columns
        frame = decoded.frame
        time = int(columns.frames.column("epoch_time")[row])
        if (frame.epoch_time if frame.epoch_time is not None else min(time, absent("i8") + 1)) != time:
            return False
        head = columns.text("uuid_head", int(columns.frames.column("uuid_head")[row]))
        tail = int(columns.frames.column("uuid_tail")[row])
        uuid = split_uuid(frame.uuid) if frame.uuid is not None else None
        if (uuid or (None, -1)) != (head, tail) or len(frame.reads) != int(
            columns.frames.column("reads")[row]
        ):
            return False
        first = int(columns.frames.column("first_read")[row])
        codes = columns.reads.column("plate")[first : first + len(frame.reads)].tolist()
        return [columns.text("plate", code) for code in codes] == [read.plate for read in frame.reads]


def _open(path: Path) -> _Opened:
    head = b""
    with ByteStream(path) as stream:
        while len(head) < SNIFF_BYTES and (data := stream.read(SNIFF_BYTES - len(head))):
            head += data
    # A second stream: a compressed one cannot go back to its beginning.
    return _Opened(ByteStream(path), sniff(head))
