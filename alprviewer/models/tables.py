"""The columns of each table, as data. To add a column: one line here, its formatter in ``cells``."""

from __future__ import annotations

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.errors import PROBLEM_KINDS
from alprviewer.core.frame import SIBLING_KINDS, SiblingKind
from alprviewer.core.states import absent
from alprviewer.models.cells import (
    ABSENT_TEXT,
    INVALID_TEXT,
    ColumnSpec,
    Context,
    cameras,
    coded,
    coded_column,
    column,
    crop_sizes,
    decided,
    envelope_column,
    flags,
    numbers_from_one,
    of_frame,
    picture_size,
    real,
    sources,
    times,
    uuids,
    whole,
    worths,
)
from alprviewer.models.current import KIND_NAMES
from alprviewer.models.listedcells import listed_marks
from alprviewer.models.passcolumns import GROUP_LINKS, PASSES

TIME = "00:00:00.000"
REASON = "reason"
"""The column that is shown while a plate is looked for; by it, reads are ordered by how well they fit."""
WORTH = "worth"
"""The column of what a confidence is worth; it rises with the confidence."""
UUID = "0a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d-1234567890-1234567890123"


def _frame_times(context: Context, rows: Array) -> list[str]:
    return times(context, context.capture.columns.frames.column("epoch_time")[rows])


def _frame_uuids(context: Context, rows: Array) -> list[str]:
    frames = context.capture.columns.frames
    return uuids(context, frames.column("uuid_head")[rows], frames.column("uuid_tail")[rows])


def _frame_sources(context: Context, rows: Array) -> list[str]:
    return sources(context, context.capture.columns.frames.column("source")[rows])


def _frame_plates(context: Context, rows: Array) -> list[str]:
    """The observed plates of frames, in the order of their results."""
    columns = context.capture.columns
    first, count = columns.frames.column("first_read")[rows], columns.frames.column("reads")[rows]
    plates = columns.reads.column("plate")
    return [
        "  ".join(coded(context.capture, "plate", plates[start : start + number])) if number else ABSENT_TEXT
        for start, number in zip(first.tolist(), count.tolist(), strict=True)
    ]


def _read_place(context: Context, rows: Array) -> list[str]:
    frames = context.capture.columns.frame_rows(rows)
    return numbers_from_one(context, frames)


def _quads(context: Context, rows: Array) -> list[str]:
    quads = context.capture.columns.reads.column("quad")[rows]
    return [_corners(quad) for quad in quads.tolist()]


def _corners(quad: list[int]) -> str:
    lowest = absent("i2")
    if quad[0] <= lowest + 1:
        return ABSENT_TEXT if quad[0] == lowest else INVALID_TEXT
    return " ".join(f"{x},{y}" for x, y in zip(quad[::2], quad[1::2], strict=True))


def _plate_widths(context: Context, rows: Array) -> list[str]:
    quads = context.capture.columns.reads.column("quad")[rows].astype(float)
    top = np.hypot(quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1])
    bottom = np.hypot(quads[:, 4] - quads[:, 6], quads[:, 5] - quads[:, 7])
    lowest = absent("i2")
    width = np.where(quads[:, 0] == lowest, np.nan, (top + bottom) / 2)
    return real(np.where(quads[:, 0] == lowest + 1, -np.inf, width), "{:.0f}")


def _problem_kinds(context: Context, rows: Array) -> list[str]:
    kinds = context.capture.columns.problems.column("kind")[rows]
    return [PROBLEM_KINDS[kind].value.replace("_", " ") for kind in kinds.tolist()]


def _repaired(context: Context, rows: Array) -> list[str]:
    values = context.capture.columns.problems.column("repaired")[rows]
    return ["repaired" if value else "not used" for value in values.tolist()]


def _sibling_kinds(context: Context, rows: Array) -> list[str]:
    return [KIND_NAMES[kind] for kind in context.capture.columns.siblings.column("kind")[rows].tolist()]


def _sibling_cameras(context: Context, rows: Array) -> list[str]:
    siblings = context.capture.columns.siblings
    names = coded(context.capture, "name", siblings.column("camera_name")[rows])
    ids = whole(siblings.column("camera_id")[rows], "{}")
    known = context.capture.camera_names
    raw = siblings.column("camera_id")[rows].tolist()
    return [
        name if name != ABSENT_TEXT else known.get(number, text)
        for name, text, number in zip(names, ids, raw, strict=True)
    ]


def _sibling_times(name: str, *, shown: bool = True) -> ColumnSpec:
    titles = {"start": "Start", "end": "End"}

    def write(context: Context, rows: Array) -> list[str]:
        return times(context, context.capture.columns.siblings.column(name)[rows])

    return ColumnSpec(name, f"{titles[name]} ({{zone}})", write, TIME, numeric=True, kind="time", shown=shown)


def _named_frames(context: Context, rows: Array) -> list[str]:
    """How many frames a group names; other kinds name none."""
    siblings = context.capture.columns.siblings
    kinds = siblings.column("kind")[rows].tolist()
    counts = whole(siblings.column("uuids")[rows])
    return [
        count if SIBLING_KINDS[kind] in (SiblingKind.GROUP, SiblingKind.ALERT) else ABSENT_TEXT
        for kind, count in zip(kinds, counts, strict=True)
    ]


def _crop_sizes(context: Context, rows: Array) -> list[str]:
    return crop_sizes(context.capture.columns.reads.column("crop_text")[rows])


def _candidate_counts(context: Context, rows: Array) -> list[str]:
    """None and absent look alike in the store: both are an em dash."""
    counts = context.capture.columns.reads.column("candidates")[rows]
    return [f"{count:,}" if count else ABSENT_TEXT for count in counts.tolist()]


def _reasons(context: Context, rows: Array) -> list[str]:
    """Why reads were found by a search for a plate."""
    return [ABSENT_TEXT] * len(rows) if context.reasons is None else context.reasons(rows)


def _sibling_uuids(context: Context, rows: Array) -> list[str]:
    siblings = context.capture.columns.siblings
    return uuids(context, siblings.column("uuid_head")[rows], siblings.column("uuid_tail")[rows])


READS = (
    ColumnSpec("epoch_time", "Time ({zone})", of_frame(_frame_times), TIME, numeric=True, kind="time"),
    ColumnSpec(
        "camera_id",
        "Camera",
        of_frame(cameras),
        "1234567890",
        tip="The camera's name as a heartbeat told it, else its id.",
    ),
    ColumnSpec("crop_text", "Crop", _crop_sizes, "", kind="crop", tip="The decoded crop."),
    ColumnSpec(
        "plate",
        "Plate",
        coded_column("reads", "plate", "plate"),
        "AB12CDE",
        kind="plate",
        tip="The observed plate.",
    ),
    listed_marks("reads"),
    ColumnSpec(
        REASON,
        "Found as",
        _reasons,
        "≈ one character: 8 for B · candidate 3, 79.9",
        shown=False,
        tip="Why the read was found: = read so, ≈ a misread. Ordered by how well all that was read "
        "fits the plate looked for.",
    ),
    ColumnSpec(
        "confidence",
        "Confidence %",
        column("reads", "confidence", real),
        "100.0",
        numeric=True,
        kind="percent",
        tip="The recognizer's confidence in percent. It is no probability. The bar begins at 50.",
    ),
    ColumnSpec(
        WORTH,
        "Worth %",
        worths,
        "100",
        numeric=True,
        shown=False,
        tip="How often reads of this confidence are right here, by what was decided. See Numbers.",
    ),
    ColumnSpec(
        "region",
        "Region",
        coded_column("reads", "region", "region"),
        "us-mo",
        tip="The region code (jurisdiction).",
    ),
    ColumnSpec(
        "decision",
        "Decision",
        decided("decision"),
        "not a plate",
        tip="What reviewers decided; disputed where they disagree.",
    ),
    ColumnSpec(
        "resolved",
        "Resolved",
        decided("resolved"),
        "AB12CDE",
        kind="plate",
        tip="The plate as reviewers decided. The observed plate stays as it is.",
    ),
    ColumnSpec(
        "margin",
        "Margin",
        column("reads", "margin", real),
        "−10.0",
        numeric=True,
        tip="Confidence of the plate minus that of the best candidate with another text. "
        "Negative where a template overruled it.",
    ),
    ColumnSpec("matches_template", "Template", column("reads", "matches_template", flags), "yes"),
    ColumnSpec(
        "plate_width",
        "Width px",
        _plate_widths,
        "100",
        numeric=True,
        tip="Width of the plate in the frame, in pixels.",
    ),
    ColumnSpec("candidates", "Candidates", _candidate_counts, "10", numeric=True, shown=False),
    ColumnSpec("frame", "Frame", _read_place, "100,000", numeric=True, shown=False),
    ColumnSpec(
        "position",
        "Position",
        column("reads", "position", whole),
        "0",
        numeric=True,
        shown=False,
        tip="Place in the frame's results, from 0.",
    ),
    ColumnSpec(
        "plate_index",
        "Index",
        column("reads", "plate_index", whole),
        "0",
        numeric=True,
        shown=False,
        tip="plate_index as received; no position.",
    ),
    ColumnSpec(
        "region_confidence",
        "Region %",
        column("reads", "region_confidence", real),
        "100.0",
        numeric=True,
        shown=False,
    ),
    ColumnSpec(
        "quad",
        "Corners",
        _quads,
        "1000,1000 1000,1000 1000,1000 1000,1000",
        shown=False,
        tip="The four corners, clockwise from top left, in frame pixels.",
    ),
    ColumnSpec("uuid", "Frame uuid", of_frame(_frame_uuids), UUID, shown=False),
    ColumnSpec("source", "Source", of_frame(_frame_sources), "us-passes.jsonl", shown=False),
)

FRAMES = (
    ColumnSpec(
        "place",
        "#",
        numbers_from_one,
        "10,000",
        numeric=True,
        tip="The frame's place in the capture, from 1.",
    ),
    ColumnSpec("epoch_time", "Time ({zone})", _frame_times, TIME, numeric=True, kind="time"),
    ColumnSpec("camera_id", "Camera", cameras, "1234567890"),
    ColumnSpec("reads", "Reads", column("frames", "reads", whole), "10", numeric=True),
    ColumnSpec(
        "plates", "Plates", _frame_plates, "AB12CDE", kind="plate", tip="The observed plates of the frame."
    ),
    ColumnSpec(
        "img_width",
        "Picture",
        picture_size,
        "1920 × 1080",
        numeric=True,
        tip="Size of the analysed image in pixels.",
    ),
    ColumnSpec(
        "processing_time_ms",
        "Processing ms",
        column("frames", "processing_time_ms", real),
        "1000.0",
        numeric=True,
    ),
    ColumnSpec("agent_version", "Agent version", envelope_column("agent_version"), "2.8.101", shown=False),
    ColumnSpec("agent_uid", "Agent", envelope_column("agent_uid"), "ABCDEFGHIJKLMNOPQRSTUVWX", shown=False),
    ColumnSpec("uuid", "uuid", _frame_uuids, UUID),
    ColumnSpec("offset", "Offset", column("frames", "offset", whole), "1,000,000", numeric=True, shown=False),
    ColumnSpec("length", "Bytes", column("frames", "length", whole), "10,000", numeric=True, shown=False),
    ColumnSpec("source", "Source", _frame_sources, "us-passes.jsonl", shown=False),
)

GROUPS = (
    ColumnSpec("kind", "Kind", _sibling_kinds, "Heartbeat"),
    _sibling_times("start"),
    _sibling_times("end", shown=False),
    ColumnSpec("camera_name", "Camera", _sibling_cameras, "1234567890"),
    ColumnSpec("plate", "Best plate", coded_column("siblings", "plate", "plate"), "AB12CDE", kind="plate"),
    ColumnSpec(
        "confidence",
        "Confidence %",
        column("siblings", "confidence", real),
        "100.0",
        numeric=True,
        kind="percent",
    ),
    ColumnSpec("uuids", "Frames", _named_frames, "100", numeric=True, tip="How many frames the group names."),
    *GROUP_LINKS,
    ColumnSpec("region", "Region", coded_column("siblings", "region", "region"), "us-mo"),
    ColumnSpec("parked", "Parked", column("siblings", "parked", flags), "yes"),
    ColumnSpec("preview", "Preview", column("siblings", "preview", flags), "yes", shown=False),
    ColumnSpec(
        "direction",
        "Direction °",
        column("siblings", "direction", lambda v: real(v, "{:.0f}")),
        "−100",
        numeric=True,
        shown=False,
    ),
    ColumnSpec(
        "alert_plate",
        "Listed plate",
        coded_column("siblings", "alert_plate", "plate"),
        "AB12CDE",
        kind="plate",
        shown=False,
    ),
    ColumnSpec("uuid", "Best frame", _sibling_uuids, UUID, shown=False),
    ColumnSpec(
        "agent_uid",
        "Agent",
        coded_column("siblings", "agent_uid", "name"),
        "ABCDEFGHIJKLMNOPQRSTUVWX",
        shown=False,
    ),
)

PROBLEMS = (
    ColumnSpec("kind", "Kind", _problem_kinds, "missing comma"),
    ColumnSpec("repaired", "Outcome", _repaired, "repaired", tip="Used after a repair, or not used."),
    ColumnSpec(
        "reason",
        "Reason",
        coded_column("problems", "reason", "reason"),
        "A text breaks off at the end of its line (byte 12,345 of this value).",
    ),
    ColumnSpec("field", "Field", coded_column("problems", "field", "field"), "results[0].plate"),
    ColumnSpec("offset", "Offset", column("problems", "offset", whole), "1,000,000", numeric=True),
    ColumnSpec("length", "Bytes", column("problems", "length", whole), "10,000", numeric=True),
    ColumnSpec(
        "source",
        "Source",
        lambda c, rows: sources(c, c.capture.columns.problems.column("source")[rows]),
        "us-passes.jsonl",
    ),
)

TABLES: dict[str, tuple[str, tuple[ColumnSpec, ...]]] = {
    "passes": ("Passes", PASSES),
    "reads": ("Reads", READS),
    "frames": ("Frames", FRAMES),
    "siblings": ("Groups", GROUPS),
    "problems": ("Problems", PROBLEMS),
}
"""Tables of the store by name: title and columns. The order is that of the tabs."""

UNSORTABLE = frozenset({"plates", "quad", "crop", "linked_pass", "linked", WORTH})
