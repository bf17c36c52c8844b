"""Which rows of a capture the decisions are about: found by uuid and position, made sure of by the digest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.capture.spans import SpanReader
from alprviewer.core.decision import ReadSubject
from alprviewer.core.frame import split_uuid
from alprviewer.core.standing import Standing
from alprviewer.review.decisions import Decisions
from alprviewer.review.subjects import Subjects
from alprviewer.store.passes import NO_PASS


def frames_by_uuid(capture: Capture, uuids: Iterable[str]) -> dict[str, list[int]]:
    """The rows of the frames with these uuids, in their order; uuids that no frame has are left out."""
    frames = capture.columns.frames
    heads = capture.columns.dictionaries["uuid_head"]
    wanted: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for uuid in set(uuids):
        parts = split_uuid(uuid)
        code = heads.find(parts.head)
        if code is not None:
            wanted[code, parts.tail].append(uuid)
    tails = np.array(sorted({tail for _, tail in wanted}), np.int64)
    rows = np.flatnonzero(np.isin(frames.column("uuid_tail"), tails))
    codes, numbers = frames.column("uuid_head")[rows].tolist(), frames.column("uuid_tail")[rows].tolist()
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row, code, tail in zip(rows.tolist(), codes, numbers, strict=True):
        for uuid in wanted.get((code, tail), ()):
            found[uuid].append(row)
    return dict(found)


def frames_without_uuid(capture: Capture) -> list[int]:
    """The rows of the frames that have no uuid."""
    codes = capture.columns.frames.column("uuid_head")
    distinct = np.unique(codes)
    nameless = [code for code in distinct.tolist() if not capture.columns.text("uuid_head", code)]
    rows: list[int] = np.flatnonzero(np.isin(codes, nameless)).tolist()
    return rows


class Judged:
    """The reads of a capture that decisions are about. Made once; what is decided later is not in it.

    Attributes:
        digests: of the reads that were judged, by row.
        strangers: how many judged reads have a uuid of the capture, but are another value there.
    """

    def __init__(self, capture: Capture, decisions: Decisions) -> None:
        """Look for them; the values of the frames in question are read again.

        Raises:
            SourceError: a file cannot be read, or has changed since it was indexed.
        """
        self._capture = capture
        self._decisions = decisions
        self.digests: dict[int, str] = {}
        self.strangers = 0
        reader = SpanReader(capture)
        try:
            self._find(Subjects(capture, reader), decisions.subjects())
        finally:
            reader.close()
        self._of_pass: defaultdict[int, list[str]] | None = None

    def _find(self, subjects: Subjects, judged: Iterable[ReadSubject]) -> None:
        named, nameless, sought = set[str](), set[str](), set[str]()
        by_uuid: defaultdict[str, list[ReadSubject]] = defaultdict(list)
        for subject in judged:
            if subject.uuid is None:
                nameless.add(subject.digest)
            else:
                named.add(subject.digest)
                by_uuid[subject.uuid].append(subject)
        for uuid, frames in frames_by_uuid(self._capture, by_uuid).items():
            positions = {subject.position for subject in by_uuid[uuid]}
            self._keep(subjects, frames, positions, named)
            sought.update(subject.digest for subject in by_uuid[uuid])
        self.strangers = len(sought - set(self.digests.values()))
        if nameless:
            self._keep(subjects, frames_without_uuid(self._capture), None, nameless)

    def _keep(
        self, subjects: Subjects, frames: Iterable[int], positions: set[int] | None, wanted: set[str]
    ) -> None:
        table = self._capture.columns.frames
        for frame in frames:
            first, count = int(table.column("first_read")[frame]), int(table.column("reads")[frame])
            for read in range(first, first + count):
                if positions is None or read - first in positions:
                    digest = subjects.of(frame, read).digest
                    if digest in wanted:
                        self.digests[read] = digest

    @property
    def decisions(self) -> Decisions:
        """What was said."""
        return self._decisions

    def read(self, row: int) -> Standing | None:
        """What holds of a read; None where nothing was said of it."""
        digest = self.digests.get(row)
        return None if digest is None else self._decisions.read(digest)

    def passes(self) -> Iterator[tuple[int, Standing]]:
        """What holds of the passes of which anything was said, by number."""
        for number, digests in sorted(self._pass_digests().items()):
            yield number, self._decisions.of_pass(digests)

    def of_pass(self, number: int) -> Standing | None:
        """What holds of a pass; None where nothing was said of it."""
        digests = self._pass_digests().get(number)
        return None if digests is None else self._decisions.of_pass(digests)

    def _pass_digests(self) -> defaultdict[int, list[str]]:
        if self._of_pass is None:
            self._of_pass = defaultdict(list)
            found = self._capture.passes
            assert found is not None, "the passes of the capture were not found"
            for row, digest in self.digests.items():
                number = int(found.of_read[row])
                if number != NO_PASS:
                    self._of_pass[number].append(digest)
        return self._of_pass
