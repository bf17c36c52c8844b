"""What the tables show, in full precision, as rows of values: decoded from the source, streamed.

The names of the columns are a contract: new ones are added at the end, none is renamed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

import msgspec
import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.capture.exportfilter import FILTERED_ITEMS, Selector, Where
from alprviewer.capture.passfilter import matching_rows
from alprviewer.capture.sortedrows import sort_rows
from alprviewer.capture.spans import SpanReader
from alprviewer.core.crops import decode_crop, is_plain_base64
from alprviewer.core.decode import DecodedFrame, raw_frames
from alprviewer.core.encoding import sniff
from alprviewer.core.errors import Problem, SourceError, UsageError
from alprviewer.core.frame import Candidate, Frame, Read, margin
from alprviewer.core.repair import parse
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.paths import SourceFile, expand
from alprviewer.sources.resultfile import Item, read_items
from alprviewer.store.passes import Passes
from alprviewer.store.select import SortKey

READ_COLUMNS = (
    "source", "offset", "frame", "uuid", "epoch_time", "time_utc", "camera_id", "agent_uid", "img_width",
    "img_height", "plate_position", "plate_index", "plate", "confidence", "matches_template", "margin",
    "candidate_count", "candidates", "region", "region_confidence", "processing_time_ms",
    "x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4",
    "vehicle_x", "vehicle_y", "vehicle_width", "vehicle_height", "crop_bytes", "pass",
    "decision", "resolved_plate", "reviewer", "decided_utc",
)  # fmt: skip
FRAME_COLUMNS = (
    "source", "offset", "length", "uuid", "data_type", "version", "epoch_time", "time_utc", "camera_id",
    "agent_uid", "agent_type", "agent_version", "company_id", "error", "img_width", "img_height",
    "processing_time_ms", "regions_of_interest", "reads",
)  # fmt: skip
PASS_COLUMNS = (
    "pass", "camera_id", "start_utc", "end_utc", "reads", "plates", "consensus", "consensus_probability",
    "best_plate", "best_confidence", "decision", "resolved_plate",
)  # fmt: skip
PROBLEM_COLUMNS = ("source", "offset", "length", "kind", "repaired", "field", "reason")
COLUMNS = {
    "reads": READ_COLUMNS,
    "frames": FRAME_COLUMNS,
    "passes": PASS_COLUMNS,
    "problems": PROBLEM_COLUMNS,
}

_UNSORTABLE = {"candidates": "candidate_count", "regions_of_interest": None}
"""Columns that hold lists, and what to sort by instead."""


class Place(NamedTuple):
    """Where a frame stands: ``ordinal`` counts the frames of its source from 0."""

    source: str
    offset: int
    length: int
    ordinal: int


def utc_text(epoch_ms: int | None) -> str | None:
    """ISO 8601 with milliseconds and ``Z``."""
    if epoch_ms is None:
        return None
    moment = datetime.fromtimestamp(epoch_ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{epoch_ms % 1000:03d}Z"


def _boxes(frame: Frame) -> list[dict[str, int]] | None:
    if frame.regions_of_interest is None:
        return None
    return [msgspec.structs.asdict(box) for box in frame.regions_of_interest]


def frame_row(place: Place, frame: Frame) -> dict[str, Any]:
    """A frame as ``export frames`` writes it."""
    return {
        "source": place.source,
        "offset": place.offset,
        "length": place.length,
        "uuid": frame.uuid,
        "data_type": frame.data_type,
        "version": frame.version,
        "epoch_time": frame.epoch_time,
        "time_utc": utc_text(frame.epoch_time),
        "camera_id": frame.camera_id,
        "agent_uid": frame.agent_uid,
        "agent_type": frame.agent_type,
        "agent_version": frame.agent_version,
        "company_id": frame.company_id,
        "error": frame.error,
        "img_width": frame.img_width,
        "img_height": frame.img_height,
        "processing_time_ms": frame.processing_time_ms,
        "regions_of_interest": _boxes(frame),
        "reads": len(frame.reads),
    }


def read_row(place: Place, frame: Frame, position: int) -> dict[str, Any]:
    """A read as ``export reads`` writes it. Its pass and decisions are not known here and stay empty."""
    read = frame.reads[position]
    row: dict[str, Any] = dict.fromkeys(READ_COLUMNS)
    row |= {
        "source": place.source,
        "offset": place.offset,
        "frame": place.ordinal,
        "uuid": frame.uuid,
        "epoch_time": frame.epoch_time,
        "time_utc": utc_text(frame.epoch_time),
        "camera_id": frame.camera_id,
        "agent_uid": frame.agent_uid,
        "img_width": frame.img_width,
        "img_height": frame.img_height,
        "plate_position": position,
        "plate_index": read.plate_index,
        "plate": read.plate,
        "confidence": read.confidence,
        "matches_template": read.matches_template,
        "margin": margin(read),
        "candidate_count": None if read.candidates is None else len(read.candidates),
        "candidates": _candidates(read.candidates),
        "region": read.region,
        "region_confidence": read.region_confidence,
        "processing_time_ms": read.processing_time_ms,
        "crop_bytes": _crop_bytes(read),
    }
    for number, point in enumerate(read.coordinates or (), 1):
        row[f"x{number}"], row[f"y{number}"] = point.x, point.y
    if read.vehicle_region is not None:
        for name, value in msgspec.structs.asdict(read.vehicle_region).items():
            row[f"vehicle_{name}"] = value
    return row


def _candidates(candidates: list[Candidate] | None) -> list[dict[str, Any]] | None:
    if candidates is None:
        return None
    return [
        {name: value for name, value in msgspec.structs.asdict(candidate).items() if value is not None}
        for candidate in candidates
    ]


def _as_received(item: Item) -> list[Any]:
    """The elements of each frame's ``results``, parsed but not typed; empty where typing changed nothing."""
    if item.piece.frame is not None:
        return []
    value, _ = parse(item.piece.data, sniff(item.piece.data))
    return [frame.get("results") for frame in raw_frames(value)]


def _crop_bytes(read: Read) -> int | None:
    if read.plate_crop_jpeg is None:
        return None
    text = read.plate_crop_jpeg
    if is_plain_base64(text):
        return len(text) // 4 * 3 - text.count("=", -2)
    jpeg = decode_crop(text).jpeg
    return None if jpeg is None else len(jpeg)


def problem_row(source: str, offset: int, length: int, problem: Problem) -> dict[str, Any]:
    """A problem as ``export problems`` writes it: its place in the stream, or that of the whole value."""
    whole = problem.offset == 0 and problem.length == 0
    return {
        "source": source,
        "offset": offset + problem.offset,
        "length": length if whole else problem.length or length - problem.offset,
        "kind": problem.kind.value,
        "repaired": problem.repaired,
        "field": problem.field or None,
        "reason": problem.reason,
    }


_Rows = Callable[["_Counted"], Iterator[dict[str, Any]]]


class _Counted(NamedTuple):
    """An item of a source, with the number of frames before it."""

    source: str
    item: Item
    frames_before: int

    def frames(self) -> Iterator[tuple[Place, DecodedFrame]]:
        if self.item.decoded is None:
            return
        piece = self.item.piece
        for inner, decoded in enumerate(self.item.decoded.frames):
            yield Place(self.source, piece.offset, piece.length, self.frames_before + inner), decoded


def _reads_of(counted: _Counted) -> Iterator[dict[str, Any]]:
    for place, decoded in counted.frames():
        for position in range(len(decoded.frame.reads)):
            yield read_row(place, decoded.frame, position)


def _reads_as_received(counted: _Counted) -> Iterator[dict[str, Any]]:
    """Reads whose candidates keep members that are not known, and values as they were before repairs."""
    received = _as_received(counted.item)
    for inner, (place, decoded) in enumerate(counted.frames()):
        for position in range(len(decoded.frame.reads)):
            row = read_row(place, decoded.frame, position)
            if received and row["candidates"] is not None:
                row["candidates"] = received[inner][position]["candidates"]
            yield row


def _frames_of(counted: _Counted) -> Iterator[dict[str, Any]]:
    for place, decoded in counted.frames():
        yield frame_row(place, decoded.frame)


def _problems_of(counted: _Counted) -> Iterator[dict[str, Any]]:
    piece, decoded = counted.item
    problems = decoded.problems if decoded is not None else (piece.problem,) if piece.problem else ()
    for problem in problems:
        yield problem_row(counted.source, piece.offset, piece.length, problem)


_STREAMED: dict[str, _Rows] = {"reads": _reads_of, "frames": _frames_of, "problems": _problems_of}


def rows(
    what: str,
    names: Sequence[str | SourceFile],
    sort: Sequence[SortKey] = (),
    failed: Callable[[str], None] = lambda _: None,
    where: Where | None = None,
    only: Sequence[int] | None = None,
    capture: Capture | None = None,
    *,
    as_received: bool = False,
) -> Iterator[dict[str, Any]]:
    """The rows of ``reads``, ``frames``, ``passes`` or ``problems`` of sources.

    The sources are read once and streamed; to be sorted, the rows wait in a temporary file. ``failed`` is
    told of each source that cannot be read while others can. ``where`` is a query; ``only`` are numbers of
    rows, counted from 0 through all sources; passes go by those of their first reads, since their own
    numbers are others as soon as reads come. ``capture`` is a capture of the same sources whose passes were
    found: the rows of ``passes`` come from it, and the passes of ``reads``, which are empty without it.
    ``as_received`` leaves candidates as they were before they were typed.

    Raises:
        SourceError: a name stands for nothing, or none of the sources can be read.
        UsageError: there is no such column to sort by, or a pattern of the query is too complex.
    """
    for key in sort:
        _check_key(what, key.name)
    files, select = expand(names), None
    if where is not None and capture is not None:
        only = matching_rows(capture, what, where.tree, where.clock).tolist()
    elif where is not None:
        select = where.selector(what, files)
    made = _reads_as_received if as_received and what == "reads" else _STREAMED.get(what)
    if made is None:
        assert capture is not None, "passes come from a capture"
        assert capture.passes is not None
        found = pass_rows(capture)
        if only is not None and where is None:
            only = np.flatnonzero(np.isin(capture.passes.table["first_read"], np.array(only))).tolist()
    else:
        found = _source_rows(made, files, failed, select)
    if what == "reads" and capture is not None and capture.passes is not None:
        found = _with_passes(found, capture, capture.passes)
    if only is not None:
        wanted = frozenset(only)
        found = (row for number, row in enumerate(found) if number in wanted)
    return sort_rows(found, COLUMNS[what], sort) if sort else found


def _with_passes(
    rows: Iterator[dict[str, Any]], capture: Capture, passes: Passes
) -> Iterator[dict[str, Any]]:
    """Reads with their passes and decisions: they come in the order of the capture's rows."""
    decided = capture.decided or _undecided
    for number, row in enumerate(rows):
        row["pass"] = passes.id_of(number)
        yield row | decided("reads", number)


def _undecided(_what: str, _row: int) -> dict[str, Any]:
    return {}


def pass_rows(capture: Capture) -> Iterator[dict[str, Any]]:
    """Passes as ``export passes`` writes them, by camera and time; the best reads are decoded again."""
    passes = capture.passes
    assert passes is not None
    decided = capture.decided or _undecided
    reader = SpanReader(capture)
    try:
        for number, entry in enumerate(passes.table):
            row: dict[str, Any] = dict.fromkeys(PASS_COLUMNS)
            best = _read_again(capture, reader, int(entry["best_read"]))
            probability = float(entry["probability"])
            yield row | {
                "pass": passes.ids[number],
                "camera_id": passes.cameras[int(entry["camera"])][0],
                "start_utc": utc_text(int(entry["start"])),
                "end_utc": utc_text(int(entry["end"])),
                "reads": int(entry["reads"]),
                "plates": int(entry["plates"]),
                "consensus": passes.consensus[number],
                "consensus_probability": None if math.isnan(probability) else round(probability, 4),
                "best_plate": best.plate,
                "best_confidence": best.confidence,
                **decided("passes", number),
            }
    finally:
        reader.close()


def _read_again(capture: Capture, reader: SpanReader, read: int) -> Read:
    """A read in full precision."""
    columns = capture.columns
    frame = int(columns.reads.column("frame")[read])
    position = read - int(columns.frames.column("first_read")[frame])
    return reader.frame(frame)[1].frame.reads[position]


def _check_key(what: str, name: str) -> None:
    if name not in COLUMNS[what]:
        raise UsageError(f"There is no column {name!r} in {what}; there are: {', '.join(COLUMNS[what])}.")
    if name in _UNSORTABLE:
        instead = _UNSORTABLE[name]
        hint = f"; {instead} can be sorted" if instead else ""
        raise UsageError(f"The column {name!r} holds lists, which have no order{hint}.")


def _source_rows(
    made: _Rows, files: Sequence[SourceFile], failed: Callable[[str], None], select: Selector | None
) -> Iterator[dict[str, Any]]:
    failures = 0
    for file in files:
        try:
            yield from _one_source(made, file, select)
        except SourceError as error:
            failures += 1
            if failures == len(files):
                raise
            failed(str(error))


def _one_source(made: _Rows, file: SourceFile, select: Selector | None) -> Iterator[dict[str, Any]]:
    counted = _counted(file)
    if select is None:
        for each in counted:
            yield from made(each)
        return
    while chunk := list(islice(counted, FILTERED_ITEMS)):
        chosen = select(file.name, [each.item for each in chunk])
        for number, row in enumerate(row for each in chunk for row in made(each)):
            if number in chosen:
                yield row


def _counted(file: SourceFile) -> Iterator[_Counted]:
    frames = 0
    with ByteStream(file.path) as stream:
        for item in read_items(stream):
            if item is not None:
                yield _Counted(file.name, item, frames)
                frames += len(item.decoded.frames) if item.decoded is not None else 0
