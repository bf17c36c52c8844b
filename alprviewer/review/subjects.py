"""Which subject a row of a capture is: its value is read again, since columns keep no digests."""

from __future__ import annotations

from collections.abc import Iterable

from alprviewer.capture.capture import Capture
from alprviewer.capture.spans import SpanReader
from alprviewer.core.decision import ReadSubject, frame_digests, in_subject_order, read_subject


class Subjects:
    """The subjects of a capture's reads. May be used from the threads that its reader may be used from."""

    def __init__(self, capture: Capture, reader: SpanReader) -> None:
        self._columns = capture.columns
        self._reader = reader
        self._last: tuple[int, str, str | None] | None = None

    def read(self, row: int) -> ReadSubject:
        """The subject of a read.

        Args:
            row: of the table of reads.

        Raises:
            SourceError: the file cannot be read, or has changed since it was indexed.
        """
        return self.of(self.frame_row(row), row)

    def reads(self, rows: Iterable[int]) -> tuple[ReadSubject, ...]:
        """The subjects of a pass's reads, as an entry holds them.

        Raises:
            SourceError: a file cannot be read, or has changed since it was indexed.
        """
        return in_subject_order(map(self.read, rows))

    def frame_row(self, read: int) -> int:
        """The row of the frame that a read belongs to."""
        return int(self._columns.reads.column("frame")[read])

    def of(self, frame: int, read: int) -> ReadSubject:
        """The subject of a read of this frame; both are rows."""
        frames = self._columns.frames
        last = self._last
        if last is None or last[0] != frame:
            value, decoded = self._reader.frame(frame)
            inner = int(frames.column("inner")[frame])
            last = frame, frame_digests(value.data, value.encoding)[inner], decoded.frame.uuid
            self._last = last
        return read_subject(last[1], read - int(frames.column("first_read")[frame]), last[2])
