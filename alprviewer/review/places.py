"""Where the reads that a journal speaks of stand in a capture."""

from __future__ import annotations

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.capture.spans import SpanReader
from alprviewer.core.batch import Array
from alprviewer.core.decision import ReadSubject
from alprviewer.core.errors import SourceError
from alprviewer.core.frame import split_uuid
from alprviewer.core.states import CODE_ABSENT
from alprviewer.review.subjects import Subjects


class Places:
    """Finds rows by uuid, and makes sure by the digest that they hold what was judged. For one thread.

    Frames without a uuid can only be told by their digests: those are made once for all such frames.
    """

    def __init__(self, capture: Capture, reader: SpanReader) -> None:
        self._columns = capture.columns
        self._subjects = Subjects(capture, reader)
        self._tails = self._order = np.empty(0, np.int64)
        self._nameless: dict[str, list[int]] = {}
        self._looked_at = 0

    def rows(self, subject: ReadSubject) -> tuple[int, ...]:
        """Rows of a read; several where its frame was delivered more than once, none where it is not here."""
        return tuple(self._named(subject) if subject.uuid else self._nameless_rows(subject))

    def _index(self) -> None:
        tails = self._columns.frames.column("uuid_tail")
        if len(tails) != len(self._tails):
            self._order = np.argsort(tails, kind="stable")
            self._tails = tails[self._order]

    def _named(self, subject: ReadSubject) -> list[int]:
        self._index()
        uuid = split_uuid(subject.uuid or "")
        begin, end = np.searchsorted(self._tails, [uuid.tail, uuid.tail + 1])
        heads = self._columns.frames.column("uuid_head")
        frames = [
            frame
            for frame in self._order[begin:end].tolist()
            if self._columns.text("uuid_head", int(heads[frame])) == uuid.head
        ]
        return [row for frame in frames for row in self._same(frame, subject)]

    def _same(self, frame: int, subject: ReadSubject) -> list[int]:
        """The read of a frame that is this subject, if it is."""
        frames = self._columns.frames
        if subject.position >= int(frames.column("reads")[frame]):
            return []
        row = int(frames.column("first_read")[frame]) + subject.position
        try:
            return [row] if self._subjects.of(frame, row).digest == subject.digest else []
        except SourceError:
            return []  # what cannot be read again cannot be told

    def _nameless_rows(self, subject: ReadSubject) -> list[int]:
        heads: Array = self._columns.frames.column("uuid_head")
        count = len(heads)
        for frame in (
            np.flatnonzero(heads[self._looked_at : count] == CODE_ABSENT) + self._looked_at
        ).tolist():
            first = int(self._columns.frames.column("first_read")[frame])
            for row in range(first, first + int(self._columns.frames.column("reads")[frame])):
                try:
                    self._nameless.setdefault(self._subjects.of(frame, row).digest, []).append(row)
                except SourceError:
                    break
        self._looked_at = count
        return self._nameless.get(subject.digest, [])
