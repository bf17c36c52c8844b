"""The values on the wire, typed: a frame, its reads, and the sibling values on the same channels.

Field names and units are those of the vendor's page "JSON Plate Results" (Rekor Scout) and of the older
OpenALPR releases. ``None`` stands for a field that was absent, null or unusable; which of them were unusable
is said by ``Decoded.invalid``. Absent is never zero.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

MAX_EPOCH_MS = 10**13
"""Times from here on (year 2286) are garbage: agents print uninitialised memory for unreadable images."""
MIN_EPOCH_MS = 10**11
"""Milliseconds below this (March 1973) are really seconds, as OpenALPR wrote until August 2014."""
MAX_PIXELS = 65535
"""Largest width or height of a picture in pixels: JPEG's limit."""
MAX_COORDINATE = 32766
"""Largest magnitude of a coordinate in pixels that is kept."""
MAX_TEXT = 1024
"""Longest text in characters kept for a typed field."""
MAX_USER_DATA = 65536
"""Longest ``user_data`` in characters that is kept: it may be anything."""

Int64 = Annotated[int, Meta(ge=0, le=2**63 - 1)]
EpochMs = Annotated[int, Meta(ge=MIN_EPOCH_MS, lt=MAX_EPOCH_MS)]
Pixels = Annotated[int, Meta(ge=1, le=MAX_PIXELS)]
Coordinate = Annotated[int, Meta(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
Extent = Annotated[int, Meta(ge=0, le=MAX_COORDINATE)]
Percent = Annotated[float, Meta(ge=0, le=100)]
Milliseconds = Annotated[float, Meta(ge=0, lt=1e9)]
SmallInt = Annotated[int, Meta(ge=0, le=100_000)]
Flag = Annotated[int, Meta(ge=0, le=1)]
Text = Annotated[str, Meta(max_length=MAX_TEXT)]


class Point(Struct, frozen=True, forbid_unknown_fields=True):
    """A corner in frame pixels; it may lie outside the frame."""

    x: Coordinate
    y: Coordinate


class Box(Struct, frozen=True, forbid_unknown_fields=True):
    """An upright rectangle in frame pixels, from its top left corner."""

    x: Coordinate
    y: Coordinate
    width: Extent
    height: Extent


class Candidate(Struct, frozen=True, forbid_unknown_fields=True):
    """One spelling of a read. ``confidence`` is in percent and is no probability."""

    plate: Text | None
    confidence: Percent | None
    matches_template: Flag | None


class Read(Struct, forbid_unknown_fields=True):
    """One element of a frame's ``results``.

    ``plate`` is the first candidate that matches a template, else the first candidate, so it is not always
    the most confident one (OpenALPR alpr_impl.cpp, ``bestPlateIndex``). ``plate_index`` was counted before
    regions were rejected: it has gaps and is no position. ``coordinates`` are four corners, clockwise from
    top left. ``plate_crop_jpeg`` is the base64 text as received.
    """

    plate: Text | None = None
    confidence: Percent | None = None
    matches_template: Flag | None = None
    plate_index: SmallInt | None = None
    region: Text | None = None
    region_confidence: Percent | None = None
    processing_time_ms: Milliseconds | None = None
    requested_topn: SmallInt | None = None
    coordinates: Annotated[list[Point], Meta(min_length=4, max_length=4)] | None = None
    vehicle_region: Box | None = None
    vehicle_detected: bool | None = None
    candidates: list[Candidate] | None = None
    plate_crop_jpeg: str | None = None


class Frame(Struct, forbid_unknown_fields=True):
    """One ``alpr_results`` value: one analysed video image.

    ``epoch_time`` is UTC in milliseconds, the wall clock of the recognizer's host; it is not monotonic.
    """

    data_type: Text | None = None
    version: SmallInt | None = None
    uuid: Text | None = None
    epoch_time: EpochMs | None = None
    camera_id: Int64 | None = None
    agent_uid: Text | None = None
    agent_type: Text | None = None
    agent_version: Text | None = None
    company_id: Text | None = None
    site_id: Text | None = None
    user_data: Annotated[str, Meta(max_length=MAX_USER_DATA)] | None = None
    error: bool | Text | None = None
    img_width: Pixels | None = None
    img_height: Pixels | None = None
    processing_time_ms: Milliseconds | None = None
    regions_of_interest: list[Box] | None = None
    vehicles: Annotated[list[Box], Meta(max_length=0)] | None = None
    results: list[Read] | None = None

    @property
    def reads(self) -> list[Read]:
        """The reads, an empty list where the field is absent."""
        return self.results or []


class SiblingKind(Enum):
    """Known values that share channels and files with frames. The value is the word in ``index --json``."""

    GROUP = "groups"
    ALERT = "alerts"
    VEHICLE = "vehicles"
    HEARTBEAT = "heartbeats"
    TEST = "webhook_tests"


SIBLING_KINDS = tuple(SiblingKind)


class Stream(NamedTuple):
    """A camera as a heartbeat names it. ``url`` may hold a password and must be masked before it is shown."""

    camera_id: int
    camera_name: str | None
    url: str | None


class Sibling(Struct):
    """What the tables show of a value that is no frame; everything else is read again from its span.

    Attributes:
        kind: which of the known types.
        start, end: UTC in milliseconds; of a group its first and last frame, of others when they were sent.
        uuids: the frames that a group was made of, as listed.
        plate_indexes: parallel to ``uuids``.
        alert_plate: the listed number that an alert is about.
        crop: base64 text of the best plate's crop.
        vehicle_crop: base64 text of the vehicle's crop.
        overview: base64 text of the whole picture that the best plate was read in, scaled down.
        streams: the cameras that a heartbeat names.
    """

    kind: SiblingKind
    start: int | None = None
    end: int | None = None
    camera_id: int | None = None
    camera_name: str | None = None
    agent_uid: str | None = None
    plate: str | None = None
    confidence: float | None = None
    matches_template: int | None = None
    region: str | None = None
    region_confidence: float | None = None
    best_uuid: str | None = None
    uuids: list[str] = []
    plate_indexes: list[int] = []
    alert_plate: str | None = None
    is_parked: bool | None = None
    is_preview: bool | None = None
    travel_direction: float | None = None
    crop: str | None = None
    vehicle_crop: str | None = None
    overview: str | None = None
    streams: list[Stream] = []


class Uuid(NamedTuple):
    """A frame's uuid in two parts, so that one camera's many uuids share one ``head``.

    ``tail`` is the number behind the last dash, -1 where there is none.
    """

    head: str
    tail: int

    def __str__(self) -> str:
        return self.head if self.tail < 0 else f"{self.head}-{self.tail}"


_uuid_tail = re.compile(r"(.*)-(0|[1-9][0-9]{0,17})", re.DOTALL)


def split_uuid(text: str) -> Uuid:
    """Split a uuid from the right (site ids contain dashes); ``str()`` of the result is ``text`` again."""
    match = _uuid_tail.fullmatch(text)
    return Uuid(match[1], int(match[2])) if match else Uuid(text, -1)


def margin(read: Read) -> float | None:
    """Confidence of ``plate`` minus the highest confidence of a candidate with different text, in percent.

    Negative where the template overruled a more confident candidate; None where there is no other candidate.
    """
    if read.confidence is None:
        return None
    others = [
        candidate.confidence
        for candidate in read.candidates or ()
        if candidate.plate != read.plate and candidate.confidence is not None
    ]
    return read.confidence - max(others) if others else None
