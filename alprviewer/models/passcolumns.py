"""The columns of the table of passes, as data."""

from __future__ import annotations

from alprviewer.core.batch import Array
from alprviewer.core.decision import Act
from alprviewer.core.frame import SIBLING_KINDS, SiblingKind
from alprviewer.core.plates import display_text
from alprviewer.core.states import FIRST_CODE, absent
from alprviewer.language import tr, trn
from alprviewer.models.answers import WORDS
from alprviewer.models.cells import (
    ABSENT_TEXT,
    NO_CONSENSUS_TEXT,
    PENDING_TEXT,
    TIME,
    ColumnSpec,
    Context,
    coded,
    coded_column,
    column,
    crop_sizes,
    decided,
    real,
    times,
    whole,
)
from alprviewer.store.passrows import NO_ROW

_ABSENT = absent("i8")


def _starts(context: Context, rows: Array) -> list[str]:
    return times(context, context.capture.columns.passes.rows.column("start")[rows])


def _durations(context: Context, rows: Array) -> list[str]:
    return [duration_text(each) for each in _values(context, "duration", rows)]


def duration_text(milliseconds: int) -> str:
    """A duration for people: seconds with one decimal, minutes and hours from where these say more."""
    if milliseconds == _ABSENT:
        return ABSENT_TEXT
    seconds = milliseconds / 1000
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def _values(context: Context, name: str, rows: Array) -> list[int]:
    values: list[int] = context.capture.columns.passes.rows.column(name)[rows].tolist()
    return values


def _cameras(context: Context, rows: Array) -> list[str]:
    """Camera names where a heartbeat told them, else ids; where a group tells its own, that one."""
    names = context.capture.camera_names
    ids = context.capture.columns.passes.rows.column("camera_id")[rows]
    known = whole(ids, "{}")
    return [
        display_text(names[camera]) if camera in names else text
        for camera, text in zip(ids.tolist(), known, strict=True)
    ]


def _plates(context: Context, rows: Array) -> list[str]:
    """The consensus; of a group its best plate. That there is no consensus is an answer, and is said."""
    passes = context.capture.columns.passes
    is_group = [best == NO_ROW for best in _values(context, "best_read", rows)]
    says = coded(context.capture, "plate", passes.rows.column("best_plate")[rows])
    return [
        plate
        if group
        else PENDING_TEXT
        if not weighed
        else display_text(passes.texts.value(code))
        if code >= FIRST_CODE
        else NO_CONSENSUS_TEXT
        for plate, group, weighed, code in zip(
            says,
            is_group,
            _values(context, "weighed", rows),
            _values(context, "consensus", rows),
            strict=True,
        )
    ]


def _agreement(context: Context, rows: Array) -> list[str]:
    """Reads that observe the consensus, of all."""
    return [
        ABSENT_TEXT if agrees == _ABSENT else f"{agrees:,}/{reads:,}"
        for agrees, reads in zip(
            _values(context, "agrees", rows), _values(context, "reads", rows), strict=True
        )
    ]


def _crops(context: Context, rows: Array) -> list[str]:
    """The size of the best read's crop."""
    reads = context.capture.columns.reads.column("crop_text")
    best = _values(context, "best_read", rows)
    return [ABSENT_TEXT if read == NO_ROW else crop_sizes(reads[read : read + 1])[0] for read in best]


def _ids(context: Context, rows: Array) -> list[str]:
    ids = context.capture.columns.passes.ids
    return [ids[row] or ABSENT_TEXT for row in rows.tolist()]


def _groups(context: Context, rows: Array) -> list[str]:
    """The best plate of the linked group, and how many further ones there are."""
    columns = context.capture.columns
    plates = columns.siblings.column("plate")
    texts = []
    for row, group in zip(rows.tolist(), _values(context, "sibling", rows), strict=True):
        if group == NO_ROW:
            texts.append(ABSENT_TEXT)
        else:
            others = len(columns.passes.siblings_of(row)) - 1
            plate = coded(context.capture, "plate", plates[group : group + 1])[0]
            texts.append(f"{plate} +{others}" if others else plate)
    return texts


def _linked_passes(context: Context, rows: Array) -> list[str]:
    """The plate of the pass that holds most of a group's frames, and how many further passes hold some."""
    passes = context.capture.columns.passes
    texts = []
    for sibling in rows.tolist():
        links = passes.links_of(sibling)
        if len(links):
            (plate,) = _plates(context, links["row"][:1])
            texts.append(f"{plate} +{len(links) - 1}" if len(links) > 1 else plate)
        else:
            texts.append(ABSENT_TEXT)
    return texts


def _linked_frames(context: Context, rows: Array) -> list[str]:
    """How many of the frames that a group lists are there, and over how many passes they are split."""
    columns = context.capture.columns
    kinds = columns.siblings.column("kind")[rows].tolist()
    listed = columns.siblings.column("uuids")[rows].tolist()
    texts = []
    for sibling, kind, count in zip(rows.tolist(), kinds, listed, strict=True):
        present = columns.passes.frames_present(sibling)
        passes = len(columns.passes.links_of(sibling))
        if SIBLING_KINDS[kind] is not SiblingKind.GROUP or not (count or passes):
            texts.append(ABSENT_TEXT)
        elif present is None:
            texts.append(PENDING_TEXT)
        else:
            found = f"{present:,}/{count:,}" if count else tr("best frame")
            texts.append(_split(found, passes) if passes else found)
    return texts


def _split(frames: str, passes: int) -> str:
    # For translators: {frames} is “3/4” or “best frame”.
    return trn("{frames} in {count} pass", "{frames} split over {count} passes", passes, frames=frames)


GROUP_LINKS = (
    ColumnSpec(
        "linked_pass",
        tr("Pass"),
        _linked_passes,
        NO_CONSENSUS_TEXT,
        kind="plate",
        tip=tr("Our pass that holds most of the group's frames; +1: one more pass holds some."),
    ),
    ColumnSpec(
        "linked",
        tr("Linked frames"),
        _linked_frames,
        _split("10/10", 2),
        tip=tr(
            "How many of the frames that the group lists are in this capture, and in how many of our passes."
        ),
    ),
)
"""Columns of the table of groups that tell of our passes."""

PASSES = (
    ColumnSpec("start", tr("Time ({zone})"), _starts, TIME, numeric=True, kind="time"),
    ColumnSpec(
        "camera_id",
        tr("Camera"),
        _cameras,
        "1234567890",
        tip=tr("The camera's name as a heartbeat told it, else its id."),
    ),
    ColumnSpec(
        "crop",
        tr("Best crop"),
        _crops,
        "",
        kind="crop",
        tip=tr("The crop of the read with the highest confidence."),
    ),
    ColumnSpec(
        "consensus",
        tr("Plate"),
        _plates,
        NO_CONSENSUS_TEXT,
        kind="plate",
        tip=tr(
            "The consensus: what the reads of the pass support together. Of one of Scout's groups that "
            "stands for a pass, its best plate."
        ),
    ),
    ColumnSpec(
        "probability",
        tr("Certainty %"),
        column("passes", "probability", real),
        "100.0",
        numeric=True,
        kind="share",
        tip=tr(
            "Probability that the consensus is the plate of the vehicle, by what this capture has taught."
        ),
    ),
    ColumnSpec("reads", tr("Reads"), column("passes", "reads", whole), "100", numeric=True),
    ColumnSpec(
        "agreement",
        # For translators: the heading of a column, as short as this: so many reads agree.
        tr("Agree"),
        _agreement,
        "10/10",
        numeric=True,
        tip=tr("Reads whose observed plate is the consensus, of all."),
    ),
    ColumnSpec("duration", tr("Duration"), _durations, "10.0 s", numeric=True),
    ColumnSpec(
        "region",
        tr("Region"),
        coded_column("passes", "region", "region"),
        "us-mo",
        tip=tr("The region code of the best read."),
    ),
    ColumnSpec(
        "decision",
        tr("Decision"),
        decided("decision", "best_read"),
        WORDS[Act.NOT_A_PLATE],
        tip=tr("What reviewers decided; disputed where they disagree."),
    ),
    ColumnSpec(
        "resolved",
        tr("Resolved"),
        decided("resolved", "best_read"),
        "AB12CDE",
        kind="plate",
        tip=tr("The plate as reviewers decided. What was observed, and the consensus, stay as they are."),
    ),
    ColumnSpec(
        "sibling",
        tr("Scout's group"),
        _groups,
        "AB12CDE",
        kind="plate",
        tip=tr("The best plate of the group that names frames of the pass; +1: one more group does."),
        shown=False,
    ),
    ColumnSpec(
        "best_plate",
        tr("Best read"),
        coded_column("passes", "best_plate", "plate"),
        "AB12CDE",
        kind="plate",
        shown=False,
        tip=tr("What the read with the highest confidence says."),
    ),
    ColumnSpec(
        "confidence",
        tr("Best confidence %"),
        column("passes", "confidence", real),
        "100.0",
        numeric=True,
        kind="percent",
        shown=False,
    ),
    ColumnSpec(
        "spellings",
        tr("Spellings"),
        column("passes", "spellings", whole),
        "10",
        numeric=True,
        shown=False,
        tip=tr("How many different plates were observed."),
    ),
    ColumnSpec(
        "number", tr("Pass"), _ids, "1234567890-1234567890123-0", shown=False, tip=tr("The id in exports.")
    ),
)
