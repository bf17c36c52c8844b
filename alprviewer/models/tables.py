"""The columns of each table, as data. To add a column: one line here, its formatter in ``cells``."""

from __future__ import annotations

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.decision import Act
from alprviewer.core.errors import PROBLEM_KINDS, ProblemKind
from alprviewer.core.reasons import shown_reason
from alprviewer.core.states import absent
from alprviewer.language import tr
from alprviewer.models.answers import WORDS
from alprviewer.models.cells import (
    ABSENT_TEXT,
    INVALID_TEXT,
    TIME,
    UUID,
    YES_TEXT,
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
from alprviewer.models.facts import PROBLEM_NAMES
from alprviewer.models.groupcolumns import GROUPS
from alprviewer.models.passcolumns import PASSES

REASON = "reason"
"""The column that is shown while a plate is looked for; by it, reads are ordered by how well they fit."""
WORTH = "worth"
"""The column of what a confidence is worth; it rises with the confidence."""
_REPAIRED, _NOT_USED = tr("repaired"), tr("not used")


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
    return [PROBLEM_NAMES[kind] for kind in kinds.tolist()]


def _repaired(context: Context, rows: Array) -> list[str]:
    values = context.capture.columns.problems.column("repaired")[rows]
    return [_REPAIRED if value else _NOT_USED for value in values.tolist()]


def _crop_sizes(context: Context, rows: Array) -> list[str]:
    return crop_sizes(context.capture.columns.reads.column("crop_text")[rows])


def _candidate_counts(context: Context, rows: Array) -> list[str]:
    """None and absent look alike in the store: both are an em dash."""
    counts = context.capture.columns.reads.column("candidates")[rows]
    return [f"{count:,}" if count else ABSENT_TEXT for count in counts.tolist()]


def _reasons(context: Context, rows: Array) -> list[str]:
    """Why reads were found by a search for a plate."""
    return [ABSENT_TEXT] * len(rows) if context.reasons is None else context.reasons(rows)


READS = (
    ColumnSpec("epoch_time", tr("Time ({zone})"), of_frame(_frame_times), TIME, numeric=True, kind="time"),
    ColumnSpec(
        "camera_id",
        tr("Camera"),
        of_frame(cameras),
        "1234567890",
        tip=tr("The camera's name as a heartbeat told it, else its id."),
    ),
    ColumnSpec("crop_text", tr("Crop"), _crop_sizes, "", kind="crop", tip=tr("The decoded crop.")),
    ColumnSpec(
        "plate",
        tr("Plate"),
        coded_column("reads", "plate", "plate"),
        "AB12CDE",
        kind="plate",
        tip=tr("The observed plate."),
    ),
    ColumnSpec(
        REASON,
        # For translators: the heading of a column, as short as this.
        tr("Found as"),
        _reasons,
        "≈ one character: 8 for B · candidate 3, 79.9",
        shown=False,
        tip=tr(
            "Why the read was found: = read so, ≈ a misread. Ordered by how well all that was read "
            "fits the plate looked for."
        ),
    ),
    ColumnSpec(
        "confidence",
        tr("Confidence %"),
        column("reads", "confidence", real),
        "100.0",
        numeric=True,
        kind="percent",
        tip=tr("The recognizer's confidence in percent. It is no probability. The bar begins at 50."),
    ),
    ColumnSpec(
        WORTH,
        # For translators: the heading of a column, as short as this.
        tr("Worth %"),
        worths,
        "100",
        numeric=True,
        shown=False,
        tip=tr("How often reads of this confidence are right here, by what was decided. See Numbers."),
    ),
    ColumnSpec(
        "region",
        tr("Region"),
        coded_column("reads", "region", "region"),
        "us-mo",
        tip=tr("The region code (jurisdiction)."),
    ),
    ColumnSpec(
        "decision",
        tr("Decision"),
        decided("decision"),
        WORDS[Act.NOT_A_PLATE],
        tip=tr("What reviewers decided; disputed where they disagree."),
    ),
    ColumnSpec(
        "resolved",
        tr("Resolved"),
        decided("resolved"),
        "AB12CDE",
        kind="plate",
        tip=tr("The plate as reviewers decided. The observed plate stays as it is."),
    ),
    ColumnSpec(
        "margin",
        tr("Margin"),
        column("reads", "margin", real),
        "−10.0",
        numeric=True,
        tip=tr(
            "Confidence of the plate minus that of the best candidate with another text. "
            "Negative where a template overruled it."
        ),
    ),
    ColumnSpec("matches_template", tr("Template"), column("reads", "matches_template", flags), YES_TEXT),
    ColumnSpec(
        "plate_width",
        tr("Width px"),
        _plate_widths,
        "100",
        numeric=True,
        tip=tr("Width of the plate in the frame, in pixels."),
    ),
    ColumnSpec("candidates", tr("Candidates"), _candidate_counts, "10", numeric=True, shown=False),
    ColumnSpec("frame", tr("Frame"), _read_place, "100,000", numeric=True, shown=False),
    ColumnSpec(
        "position",
        tr("Position"),
        column("reads", "position", whole),
        "0",
        numeric=True,
        shown=False,
        tip=tr("Place in the frame's results, from 0."),
    ),
    ColumnSpec(
        "plate_index",
        tr("Index"),
        column("reads", "plate_index", whole),
        "0",
        numeric=True,
        shown=False,
        tip=tr("plate_index as received; no position."),
    ),
    ColumnSpec(
        "region_confidence",
        tr("Region %"),
        column("reads", "region_confidence", real),
        "100.0",
        numeric=True,
        shown=False,
    ),
    ColumnSpec(
        "quad",
        tr("Corners"),
        _quads,
        "1000,1000 1000,1000 1000,1000 1000,1000",
        shown=False,
        tip=tr("The four corners, clockwise from top left, in frame pixels."),
    ),
    ColumnSpec("uuid", tr("Frame uuid"), of_frame(_frame_uuids), UUID, shown=False),
    ColumnSpec("source", tr("Source"), of_frame(_frame_sources), "us-passes.jsonl", shown=False),
)

FRAMES = (
    ColumnSpec(
        "place",
        "#",
        numbers_from_one,
        "10,000",
        numeric=True,
        tip=tr("The frame's place in the capture, from 1."),
    ),
    ColumnSpec("epoch_time", tr("Time ({zone})"), _frame_times, TIME, numeric=True, kind="time"),
    ColumnSpec("camera_id", tr("Camera"), cameras, "1234567890"),
    ColumnSpec("reads", tr("Reads"), column("frames", "reads", whole), "10", numeric=True),
    ColumnSpec(
        "plates",
        tr("Plates"),
        _frame_plates,
        "AB12CDE",
        kind="plate",
        tip=tr("The observed plates of the frame."),
    ),
    ColumnSpec(
        "img_width",
        tr("Picture"),
        picture_size,
        "1920 × 1080",
        numeric=True,
        tip=tr("Size of the analysed image in pixels."),
    ),
    ColumnSpec(
        "processing_time_ms",
        tr("Processing ms"),
        column("frames", "processing_time_ms", real),
        "1000.0",
        numeric=True,
    ),
    ColumnSpec(
        "agent_version", tr("Agent version"), envelope_column("agent_version"), "2.8.101", shown=False
    ),
    ColumnSpec(
        "agent_uid", tr("Agent"), envelope_column("agent_uid"), "ABCDEFGHIJKLMNOPQRSTUVWX", shown=False
    ),
    ColumnSpec("uuid", "uuid", _frame_uuids, UUID),
    ColumnSpec(
        "offset", tr("Offset"), column("frames", "offset", whole), "1,000,000", numeric=True, shown=False
    ),
    ColumnSpec("length", tr("Bytes"), column("frames", "length", whole), "10,000", numeric=True, shown=False),
    ColumnSpec("source", tr("Source"), _frame_sources, "us-passes.jsonl", shown=False),
)

PROBLEMS = (
    ColumnSpec(
        "kind", tr("Kind"), _problem_kinds, PROBLEM_NAMES[PROBLEM_KINDS.index(ProblemKind.MISSING_COMMA)]
    ),
    ColumnSpec("repaired", tr("Outcome"), _repaired, _REPAIRED, tip=tr("Used after a repair, or not used.")),
    ColumnSpec(
        "reason",
        tr("Reason"),
        coded_column("problems", "reason", "reason", shown_reason),
        "A text breaks off at the end of its line (byte 12,345 of this value).",
    ),
    ColumnSpec("field", tr("Field"), coded_column("problems", "field", "field"), "results[0].plate"),
    ColumnSpec("offset", tr("Offset"), column("problems", "offset", whole), "1,000,000", numeric=True),
    ColumnSpec("length", tr("Bytes"), column("problems", "length", whole), "10,000", numeric=True),
    ColumnSpec(
        "source",
        tr("Source"),
        lambda c, rows: sources(c, c.capture.columns.problems.column("source")[rows]),
        "us-passes.jsonl",
    ),
)

TABLES: dict[str, tuple[str, tuple[ColumnSpec, ...]]] = {
    "passes": (tr("Passes"), PASSES),
    "reads": (tr("Reads"), READS),
    "frames": (tr("Frames"), FRAMES),
    "siblings": (tr("Groups"), GROUPS),
    "problems": (tr("Problems"), PROBLEMS),
}
"""Tables of the store by name: title and columns. The order is that of the tabs."""

UNSORTABLE = frozenset({"plates", "quad", "crop", "linked_pass", "linked", WORTH})
