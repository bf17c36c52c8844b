"""Which subject a row of a capture is: its value is read again, since columns keep no digests."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from alprviewer.capture.capture import Capture
from alprviewer.capture.spans import SpanReader
from alprviewer.core.decision import ReadSubject, frame_digests, in_subject_order, read_subject

_KEPT = 2000
"""Frames whose digests are remembered: what is written is looked for in the capture soon after."""


class Subjects:
    """The subjects of a capture's reads. For one thread at a time."""

    def __init__(self, capture: Capture, reader: SpanReader) -> None:
        self._columns = capture.columns
        self._reader = reader
        self._digests: OrderedDict[int, tuple[str, str | None]] = OrderedDict()
        """Of frames, by row: digest and uuid; those that were asked for last."""

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
        known = self._digests.get(frame)
        if known is None:
            value, decoded = self._reader.frame(frame)
            inner = int(frames.column("inner")[frame])
            known = frame_digests(value.data, value.encoding)[inner], decoded.frame.uuid
            self._digests[frame] = known
            if len(self._digests) > _KEPT:
                self._digests.popitem(last=False)
        return read_subject(known[0], read - int(frames.column("first_read")[frame]), known[1])
