"""From decoded values to batches."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from alprviewer.core.batch import (
    CANDIDATE_ABSENT,
    CANDIDATE_DTYPE,
    CANDIDATE_STEPS,
    FRAME_DTYPE,
    NAMED_DTYPE,
    OWNERS,
    PROBLEM_DTYPE,
    READ_DTYPE,
    SIBLING_DTYPE,
    Array,
    Batch,
    Envelope,
)
from alprviewer.core.decode import DecodedFrame
from alprviewer.core.errors import PROBLEM_KINDS, Problem
from alprviewer.core.frame import SIBLING_KINDS, Frame, Read, Sibling, margin, split_uuid
from alprviewer.core.states import CODE_ABSENT, CODE_INVALID, INVALID, REAL_ABSENT, REAL_INVALID, Mark, absent
from alprviewer.core.texts import Texts


class Coder:
    """Codes for distinct values, from ``FIRST_CODE`` up, and the values that are new."""

    def __init__(self) -> None:
        self._codes: dict[Hashable, int] = {None: CODE_ABSENT, INVALID: CODE_INVALID}
        self._new: list[Any] = []

    def code(self, value: Hashable) -> int:
        """The code of a value; None is absent, ``INVALID`` invalid."""
        code = self._codes.get(value)
        if code is None:
            code = self._codes[value] = len(self._codes)
            self._new.append(value)
        return code

    def take_new(self) -> list[Any]:
        """The values coded since the last call, in the order of their codes."""
        new, self._new = self._new, []
        return new


class Coders(NamedTuple):
    """The coders of a stream, by dictionary."""

    plate: Texts
    region: Coder
    envelope: Coder
    uuid_head: Coder
    name: Coder
    field: Coder
    reason: Coder


def coders() -> Coders:
    """New coders: nothing has been coded yet."""
    return Coders(Texts(), *(Coder() for _ in Coders._fields[1:]))


class BatchBuilder:
    """Collects decoded values and makes batches of them."""

    def __init__(self) -> None:
        self._coders = coders()
        self._clear()

    @property
    def coders(self) -> Coders:
        """The coders, for whoever makes rows of this stream in another way."""
        return self._coders

    def _clear(self) -> None:
        self._parts: list[tuple[Array, Array, Array]] = []
        self._part_rows = 0
        self._frames: list[tuple[Any, ...]] = []
        self._reads: list[tuple[Any, ...]] = []
        self._candidates: list[tuple[int, int, int]] = []
        # Their plates are coded many at a time.
        self._read_plates: list[str | Mark | None] = []
        self._candidate_plates: list[str | None] = []
        self._siblings: list[tuple[Any, ...]] = []
        self._named: list[tuple[int, int, int]] = []
        self._problems: list[tuple[Any, ...]] = []
        self._streams: list[tuple[int, str]] = []
        self._owned = dict.fromkeys(OWNERS, 0)

    def __len__(self) -> int:
        return (
            self._part_rows + len(self._frames) + len(self._reads) + len(self._siblings) + len(self._problems)
        )

    def own(self, owner: str, length: int) -> None:
        """Count ``length`` bytes of the stream for their owner."""
        self._owned[owner] += length

    def add_frame(
        self, offset: int, length: int, decoded: DecodedFrame, inner: int = 0, picture_back: int = 0
    ) -> None:
        """Add a frame with its reads and their candidates."""
        frame, invalid = decoded
        uuid = split_uuid(frame.uuid) if frame.uuid is not None else None
        first_read = len(self._reads)
        for position, read in enumerate(frame.reads):
            self._add_read(len(self._frames), position, read, invalid)
        self._frames.append(
            (
                offset,
                length,
                inner,
                picture_back,
                0,
                len(self._reads) - first_read,
                first_read,
                self._coders.envelope.code(envelope_of(frame, invalid)),
                self._coders.uuid_head.code(uuid.head if uuid else INVALID if "uuid" in invalid else None),
                uuid.tail if uuid else -1,
                _whole(frame.epoch_time, "epoch_time" in invalid, "i8"),
                _real(frame.processing_time_ms, "processing_time_ms" in invalid),
            )
        )

    def _add_read(self, frame: int, position: int, read: Read, invalid: frozenset[str]) -> None:
        path = f"results[{position}]." if invalid else ""
        candidates = read.candidates or []
        self._read_plates.append(_marked(read.plate, path + "plate" in invalid))
        for candidate in candidates:
            confidence = candidate.confidence
            self._candidate_plates.append(candidate.plate)
            self._candidates.append(
                (
                    CODE_ABSENT,
                    CANDIDATE_ABSENT if confidence is None else round(confidence * CANDIDATE_STEPS),
                    _whole(candidate.matches_template, False, "i1"),
                )
            )
        points = read.coordinates
        box = read.vehicle_region
        self._reads.append(
            (
                frame,
                position,
                _whole(read.plate_index, path + "plate_index" in invalid, "i4"),
                CODE_ABSENT,
                _real(read.confidence, path + "confidence" in invalid),
                _real(margin(read), False),
                _whole(read.matches_template, path + "matches_template" in invalid, "i1"),
                self._coders.region.code(_marked(read.region, path + "region" in invalid)),
                _real(read.region_confidence, path + "region_confidence" in invalid),
                tuple(value for point in points for value in (point.x, point.y))
                if points
                else (_whole(None, path + "coordinates" in invalid, "i2"),) * 8,
                (box.x, box.y, box.width, box.height)
                if box
                else (_whole(None, path + "vehicle_region" in invalid, "i2"),) * 4,
                len(candidates),
                len(read.plate_crop_jpeg or ""),
            )
        )

    def add_sibling(self, offset: int, length: int, sibling: Sibling, inner: int = 0) -> None:
        """Add a value that is no frame."""
        best = split_uuid(sibling.best_uuid) if sibling.best_uuid else None
        names, plates = self._coders.name, self._coders.plate
        self._streams += [(s.camera_id, s.camera_name) for s in sibling.streams if s.camera_name]
        self._add_named(sibling)
        self._siblings.append(
            (
                offset,
                length,
                inner,
                0,
                SIBLING_KINDS.index(sibling.kind),
                _whole(sibling.start, False, "i8"),
                _whole(sibling.end, False, "i8"),
                _whole(sibling.camera_id, False, "i8"),
                names.code(sibling.camera_name),
                names.code(sibling.agent_uid),
                plates.code(sibling.plate),
                plates.code(sibling.alert_plate),
                _real(sibling.confidence, False),
                _whole(sibling.matches_template, False, "i1"),
                self._coders.region.code(sibling.region),
                _real(sibling.region_confidence, False),
                len(sibling.uuids),
                _whole(sibling.is_parked, False, "i1"),
                _whole(sibling.is_preview, False, "i1"),
                _real(sibling.travel_direction, False),
                self._coders.uuid_head.code(best.head if best else None),
                best.tail if best else -1,
            )
        )

    def _add_named(self, sibling: Sibling) -> None:
        """The frames that a sibling names. Indexes that are not parallel to them say nothing."""
        indexes: Sequence[int | None] = sibling.plate_indexes
        if len(indexes) != len(sibling.uuids):
            indexes = [None] * len(sibling.uuids)
        for name, index in zip(sibling.uuids, indexes, strict=True):
            uuid = split_uuid(name)
            self._named.append(
                (self._coders.uuid_head.code(uuid.head), uuid.tail, _whole(index, False, "i4"))
            )

    def add_problems(self, offset: int, length: int, problems: Iterable[Problem]) -> None:
        """Add the problems of the value at ``offset``; each says its own place inside the value."""
        for problem in problems:
            whole = problem.length == 0 and problem.offset == 0
            self._problems.append(
                (
                    offset + problem.offset,
                    min(length if whole else problem.length or length - problem.offset, 2**32 - 1),
                    0,
                    PROBLEM_KINDS.index(problem.kind),
                    problem.repaired,
                    self._coders.field.code(problem.field or None),
                    self._coders.reason.code(problem.reason),
                    offset,
                    min(length, 2**32 - 1),
                )
            )

    def add_rows(self, frames: Array, reads: Array, candidates: Array) -> None:
        """Add rows that were made elsewhere; ``first_read`` and ``frame`` count from their first row."""
        self._close_part()
        self._parts.append((frames, reads, candidates))
        self._part_rows += len(frames) + len(reads)

    def _close_part(self) -> None:
        """What was added frame by frame becomes a part of its own."""
        if self._frames:
            reads = np.array(self._reads, READ_DTYPE)
            reads["plate"] = self._coders.plate.codes(self._read_plates)
            candidates = np.array(self._candidates, CANDIDATE_DTYPE)
            candidates["plate"] = self._coders.plate.codes(self._candidate_plates)
            self._parts.append((np.array(self._frames, FRAME_DTYPE), reads, candidates))
            self._part_rows += len(self._frames) + len(self._reads)
            self._frames, self._reads, self._candidates = [], [], []
            self._read_plates, self._candidate_plates = [], []

    def _joined(self) -> tuple[Array, Array, Array]:
        self._close_part()
        frames, reads = 0, 0
        for part_frames, part_reads, _ in self._parts:
            part_frames["first_read"] += reads
            part_reads["frame"] += frames
            frames, reads = frames + len(part_frames), reads + len(part_reads)
        if not self._parts:
            return np.empty(0, FRAME_DTYPE), np.empty(0, READ_DTYPE), np.empty(0, CANDIDATE_DTYPE)
        joined = [np.concatenate(tables) for tables in zip(*self._parts, strict=True)]
        return joined[0], joined[1], joined[2]

    def build(self, done: int = 0, total: int = 0) -> Batch:
        """Make a batch of what was collected, and start anew; the codes go on."""
        batch = Batch(
            *self._joined(),
            np.array(self._siblings, SIBLING_DTYPE),
            np.array(self._named, NAMED_DTYPE),
            np.array(self._problems, PROBLEM_DTYPE),
            {name: coder.take_new() for name, coder in self._coders._asdict().items()},
            self._streams,
            self._owned,
            done,
            total,
        )
        self._clear()
        return batch


def _marked(value: str | None, invalid: bool) -> str | Mark | None:
    return INVALID if invalid else value


def _whole(value: int | None, invalid: bool, dtype: str) -> int:
    return absent(dtype) + invalid if value is None else int(value)


def _real(value: float | None, invalid: bool) -> float:
    if value is None:
        return REAL_INVALID if invalid else REAL_ABSENT
    return value


def envelope_of(frame: Frame, invalid: frozenset[str] = frozenset()) -> Envelope:
    """The fields that one camera's frames share."""
    regions = frame.regions_of_interest
    rois = None if regions is None else tuple((box.x, box.y, box.width, box.height) for box in regions)
    if not invalid:
        return Envelope(
            frame.data_type,
            frame.version,
            frame.camera_id,
            frame.agent_uid,
            frame.agent_type,
            frame.agent_version,
            frame.company_id,
            frame.error,
            frame.img_width,
            frame.img_height,
            rois,
        )
    values = {name: INVALID if name in invalid else getattr(frame, name) for name in Envelope._fields}
    if "regions_of_interest" not in invalid:
        values["regions_of_interest"] = rois
    return Envelope(**values)
