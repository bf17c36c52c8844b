"""From the bytes of one JSON value to typed frames or a sibling, with a note on everything that was wrong.

Strict first: a frame as current agents write it is decoded by msgspec against ``Frame``, whose constraints
refuse anything unusual. Whatever that refuses is parsed with the labelled repairs and walked field by field.
Both ways give the same answer where both apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from alprviewer.core import fields, reasons
from alprviewer.core.crops import is_plain_base64
from alprviewer.core.encoding import Encoding
from alprviewer.core.errors import Problem, ProblemKind
from alprviewer.core.fields import Members, Notes, join
from alprviewer.core.frame import MAX_PIXELS, Frame, Read, Sibling, SiblingKind
from alprviewer.core.repair import parse
from alprviewer.core.siblings import read_sibling, sibling_kind

_NOTHING: frozenset[str] = frozenset()
MAX_COMMAS = 4_000_000
"""Commas of a value that is still decoded: parsed, each costs some hundred bytes."""

MAX_READS = 100_000
"""Reads of one frame that are decoded. Recognizers find a few; two bytes of input cost some hundred each."""

_strict = msgspec.json.Decoder(Frame)

_percent = fields.real(0, 100, " %")
_milliseconds = fields.real(0, 1e9, " ms")
_small = fields.integer(0, 100_000)

_READ_FIELDS: dict[str, fields.Converter] = {
    "plate": fields.text_or_number,
    "confidence": _percent,
    "matches_template": fields.flag,
    "plate_index": _small,
    "region": fields.text,
    "region_confidence": _percent,
    "processing_time_ms": _milliseconds,
    "requested_topn": _small,
    "coordinates": fields.quad,
    "vehicle_region": fields.box,
    "vehicle_detected": fields.truth,
    "candidates": fields.list_of(fields.candidate),
    "plate_crop_jpeg": fields.crop_text,
}


def _read(notes: Notes, path: str, value: Any) -> Read | None:
    found = fields.members(notes, path, value)
    return None if found is None else Read(**fields.convert_members(notes, path, found, _READ_FIELDS))


def _reads(notes: Notes, path: str, value: Any) -> list[Read] | None:
    """The reads, each at its place: what is no object becomes a read of which nothing is known."""
    if not isinstance(value, list):
        notes.unexpected(path, reasons.EXPECTED_LIST, value)
        return None
    if len(value) > MAX_READS:
        reason = reasons.LONG_LIST.format(count=f"{len(value):,}", most=f"{MAX_READS:,}")
        notes.unusable(ProblemKind.SIZE, path, reason)
        return None
    reads: list[Read] = []
    for index, element in enumerate(value):
        read = _read(notes, f"{path}[{index}]", element)
        if read is None:
            notes.mark_invalid(f"{path}[{index}].plate")
        reads.append(read or Read())
    return reads


_FRAME_FIELDS: dict[str, fields.Converter] = {
    "data_type": fields.text,
    "version": _small,
    "uuid": fields.text,
    "epoch_time": fields.epoch_ms,
    "camera_id": fields.integer(0, 2**63 - 1),
    "agent_uid": fields.text,
    "agent_type": fields.text,
    "agent_version": fields.text,
    "company_id": fields.text_or_number,
    "site_id": fields.text_or_number,
    "user_data": fields.user_data,
    "error": fields.error_mark,
    "img_width": fields.integer(1, MAX_PIXELS, " px"),
    "img_height": fields.integer(1, MAX_PIXELS, " px"),
    "processing_time_ms": _milliseconds,
    "regions_of_interest": fields.list_of(fields.box),
    "results": _reads,
}


class DecodedFrame(NamedTuple):
    """A frame, and the paths of its fields that were present but unusable (None in the frame)."""

    frame: Frame
    invalid: frozenset[str] = _NOTHING


class Decoded(NamedTuple):
    """What one JSON value holds: frames, or siblings, or neither; and the problems found in it."""

    frames: tuple[DecodedFrame, ...] = ()
    siblings: tuple[Sibling, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_known(self) -> bool:
        """True if the value holds anything that the program shows."""
        return bool(self.frames or self.siblings)


def decode_strict(data: bytes | memoryview) -> Frame | None:
    """Decode a whole, regular frame; None if ``data`` is anything else.

    Regular means: one JSON value and nothing else, known fields only, all in range, none twice, crops in
    canonical base64. This is the path of nearly every frame of a current agent.
    """
    try:
        frame = _strict.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if frame.results is None or len(frame.results) > MAX_READS:
        return None
    if frame.data_type is not None and frame.data_type != "alpr_results":
        return None
    if not _has_each_member_once(bytes(data), frame):
        return None
    for read in frame.results:
        if read.plate_crop_jpeg is not None and not is_plain_base64(read.plate_crop_jpeg):
            return None
    return frame


def _has_each_member_once(data: bytes, frame: Frame) -> bool:
    """False if a member may have come twice: there must be a colon a member, and those of the texts."""
    more = data.count(b":") - _member_count(frame)
    return more == 0 or (more == _colons(frame) and b"\\" not in data)


def _colons(frame: Frame) -> int:
    """Colons in the texts of a frame."""
    texts = [value for value in msgspec.structs.astuple(frame) if isinstance(value, str)]
    for read in frame.results or ():
        texts += (read.plate or "", read.region or "")
        texts += (candidate.plate or "" for candidate in read.candidates or ())
    return sum(text.count(":") for text in texts)


def _member_count(frame: Frame) -> int:
    """How many members the frame's JSON has if none came twice and none is null."""
    count = _set_fields(frame) + 4 * len(frame.regions_of_interest or ())
    for read in frame.results or ():
        count += _set_fields(read) + 3 * len(read.candidates or ())
        count += 8 if read.coordinates is not None else 0
        count += 4 if read.vehicle_region is not None else 0
    return count


def _set_fields(struct: msgspec.Struct) -> int:
    values = msgspec.structs.astuple(struct)
    return len(values) - values.count(None)


def decode(data: bytes, encoding: Encoding = Encoding.UTF8) -> Decoded:
    """Decode the bytes of one JSON value. Never raises for any input.

    Args:
        data: the value's bytes, without what stands around it.
        encoding: how its text is encoded.

    Returns:
        Frames or siblings and the problems. A value that can be parsed but holds nothing known gives one
        problem of kind ``type``; one that cannot be parsed gives one problem that is not repaired.
    """
    if len(data) > MAX_COMMAS and data.count(b",") > MAX_COMMAS:
        reason = reasons.MANY_MEMBERS.format(count=f"{MAX_COMMAS:,}")
        return Decoded(problems=(Problem(ProblemKind.SIZE, reason),))
    if encoding is Encoding.UTF8:
        frame = decode_strict(data)
        if frame is not None:
            return Decoded((DecodedFrame(frame),))
    value, problems = parse(data, encoding)
    if any(not problem.repaired for problem in problems):
        return Decoded(problems=tuple(problems))
    frames: list[DecodedFrame] = []
    siblings: list[Sibling] = []
    notes = Notes()
    for problem in problems:
        notes.add(problem)
    for path, found, sibling in _known_values(notes, "", value):
        if sibling is None:
            frames.append(_frame(notes, path, found))
        else:
            siblings.append(read_sibling(notes, path, found, sibling))
    if not frames and not siblings:
        kind = value.get("data_type") if isinstance(value, Members) else None
        notes.unexpected("", reasons.NO_TYPE if kind is None else reasons.OTHER_TYPE, kind)
    return Decoded(tuple(frames), tuple(siblings), tuple(notes.problems))


_Known = tuple[str, Members, SiblingKind | None]
"""A path, the object there, and which sibling it is; None where it is a frame."""


def _known_values(notes: Notes, path: str, value: Any) -> Iterator[_Known]:
    """What is known in a value, also inside wrappers (``{"plate": …}``) and users' own records."""
    members: Iterable[tuple[str, Any]]
    if isinstance(value, list):
        members = ((f"{path}[{index}]", element) for index, element in enumerate(value) if _holds(element))
    elif isinstance(value, Members):
        is_frame = _is_frame(value)
        kind = None if is_frame else sibling_kind(value)
        if is_frame or kind is not None:
            yield path, value, kind
            return
        fields.members(notes, path, value)
        members = ((join(path, name), member) for name, member in value.items() if _holds(member))
    else:
        return
    for place, member in members:
        yield from _known_values(notes, place, member)


def _holds(value: Any) -> bool:
    return isinstance(value, (list, Members))


def raw_frames(value: Any) -> list[Members]:
    """The parsed objects that the frames of a value are decoded from, in their order."""
    return [found for _, found, kind in _known_values(Notes(), "", value) if kind is None]


def _is_frame(value: Members) -> bool:
    """``alpr_results``, or an untyped object with a list ``results`` (2014, re-publishers) of plates."""
    if value.get("data_type") == "alpr_results":
        return True
    results = value.get("results")
    if value.get("data_type") is not None or not isinstance(results, list):
        return False
    objects = [element for element in results if isinstance(element, Members)]
    if not objects:
        return not results
    # Answers of search services list frames, or groups as {pk, model, fields}, under the same name.
    return not any("results" in each or "data_type" in each or "fields" in each for each in objects[:1])


def _frame(notes: Notes, path: str, value: Members) -> DecodedFrame:
    fields.members(notes, path, value)
    own = Notes()
    own.problems = notes.problems
    converted = fields.convert_members(own, path, value, _FRAME_FIELDS)
    if value.get("results") is None:
        own.unusable(ProblemKind.TYPE, join(path, "results"), reasons.NO_RESULTS)
    prefix = len(path) + 1 if path else 0
    return DecodedFrame(Frame(**converted), frozenset(item[prefix:] for item in own.invalid))


_GROUP_AS_FRAME = {
    "best_uuid": "uuid",
    "best_image_width": "img_width",
    "best_image_height": "img_height",
    "camera_id": "camera_id",
    "agent_uid": "agent_uid",
}


def group_frame(value: Any) -> DecodedFrame | None:
    """A parsed group's best plate (an alert's: of the group in it) as a frame with one read, to be drawn."""
    if isinstance(value, Members) and isinstance(value.get("group"), Members):
        value = value["group"]
    if not isinstance(value, Members) or not isinstance(value.get("best_plate"), Members):
        return None
    known = {ours: value[theirs] for theirs, ours in _GROUP_AS_FRAME.items() if theirs in value}
    return _frame(Notes(), "", Members([*known.items(), ("results", [value["best_plate"]])]))
