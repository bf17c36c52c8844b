"""Where the reads that a journal speaks of stand in a capture, asked again and again while both grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from alprviewer.capture.capture import Capture
from alprviewer.core.decision import ReadSubject
from alprviewer.core.errors import SourceError
from alprviewer.review.matching import frames_by_uuid, frames_without_uuid
from alprviewer.review.subjects import Subjects


class Places:
    """Finds rows by uuid, and makes sure by the digest that they hold what was judged. For one thread.

    Frames without a uuid can only be told by their digests: those are made once for all such frames. What
    cannot be read again cannot be told, and is not found.
    """

    def __init__(self, capture: Capture, subjects: Subjects) -> None:
        self._capture = capture
        self._subjects = subjects
        self._nameless: defaultdict[str, list[int]] = defaultdict(list)
        self._looked_at = 0

    def rows(self, subjects: Iterable[ReadSubject]) -> dict[str, tuple[int, ...]]:
        """Rows of reads by the digest of the subject; several where a frame was delivered more than once.

        Args:
            subjects: of a journal. Those that are not in the capture are left out.
        """
        wanted = list(subjects)
        frames = frames_by_uuid(self._capture, (each.uuid for each in wanted if each.uuid))
        if any(not each.uuid for each in wanted):
            self._look_at_nameless()
        found: dict[str, tuple[int, ...]] = {}
        for subject in wanted:
            if subject.uuid:
                rows = [row for frame in frames.get(subject.uuid, ()) for row in self._same(frame, subject)]
            else:
                rows = self._nameless.get(subject.digest, [])
            if rows:
                found[subject.digest] = tuple(rows)
        return found

    def _same(self, frame: int, subject: ReadSubject) -> list[int]:
        """The read of a frame that is this subject, if it is."""
        first, reads = self._reads_of(frame)
        row = first + subject.position
        return [row] if subject.position < reads and self._digest(frame, row) == subject.digest else []

    def _reads_of(self, frame: int) -> tuple[int, int]:
        table = self._capture.columns.frames
        return int(table.column("first_read")[frame]), int(table.column("reads")[frame])

    def _digest(self, frame: int, row: int) -> str:
        try:
            return self._subjects.of(frame, row).digest
        except SourceError:
            return ""

    def _look_at_nameless(self) -> None:
        count = len(self._capture.columns.frames)
        for frame in frames_without_uuid(self._capture):
            if self._looked_at <= frame < count:
                first, reads = self._reads_of(frame)
                for row in range(first, first + reads):
                    self._nameless[self._digest(frame, row)].append(row)
        self._looked_at = count
