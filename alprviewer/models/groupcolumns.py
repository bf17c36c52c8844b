"""The columns of the table of groups and other values that are no frames, as data."""

from __future__ import annotations

from alprviewer.core.batch import Array
from alprviewer.core.frame import SIBLING_KINDS, SiblingKind
from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.models.cells import (
    ABSENT_TEXT,
    TIME,
    UUID,
    YES_TEXT,
    ColumnSpec,
    Context,
    coded,
    coded_column,
    column,
    flags,
    real,
    times,
    uuids,
    whole,
)
from alprviewer.models.facts import KIND_NAMES
from alprviewer.models.passcolumns import GROUP_LINKS


def _sibling_kinds(context: Context, rows: Array) -> list[str]:
    return [KIND_NAMES[kind] for kind in context.capture.columns.siblings.column("kind")[rows].tolist()]


def _sibling_cameras(context: Context, rows: Array) -> list[str]:
    siblings = context.capture.columns.siblings
    names = coded(context.capture, "name", siblings.column("camera_name")[rows])
    ids = whole(siblings.column("camera_id")[rows], "{}")
    known = context.capture.camera_names
    raw = siblings.column("camera_id")[rows].tolist()
    return [
        name if name != ABSENT_TEXT else display_text(known[number]) if number in known else text
        for name, text, number in zip(names, ids, raw, strict=True)
    ]


def _sibling_times(name: str, title: str, *, shown: bool = True) -> ColumnSpec:
    def write(context: Context, rows: Array) -> list[str]:
        return times(context, context.capture.columns.siblings.column(name)[rows])

    return ColumnSpec(name, title, write, TIME, numeric=True, kind="time", shown=shown)


def _named_frames(context: Context, rows: Array) -> list[str]:
    """How many frames a group names; other kinds name none."""
    siblings = context.capture.columns.siblings
    kinds = siblings.column("kind")[rows].tolist()
    counts = whole(siblings.column("uuids")[rows])
    return [
        count if SIBLING_KINDS[kind] in (SiblingKind.GROUP, SiblingKind.ALERT) else ABSENT_TEXT
        for kind, count in zip(kinds, counts, strict=True)
    ]


def _sibling_uuids(context: Context, rows: Array) -> list[str]:
    siblings = context.capture.columns.siblings
    return uuids(context, siblings.column("uuid_head")[rows], siblings.column("uuid_tail")[rows])


GROUPS = (
    ColumnSpec("kind", tr("Kind"), _sibling_kinds, KIND_NAMES[SIBLING_KINDS.index(SiblingKind.HEARTBEAT)]),
    _sibling_times("start", tr("Start ({zone})")),
    _sibling_times("end", tr("End ({zone})"), shown=False),
    ColumnSpec("camera_name", tr("Camera"), _sibling_cameras, "1234567890"),
    ColumnSpec(
        "plate", tr("Best plate"), coded_column("siblings", "plate", "plate"), "AB12CDE", kind="plate"
    ),
    ColumnSpec(
        "confidence",
        tr("Confidence %"),
        column("siblings", "confidence", real),
        "100.0",
        numeric=True,
        kind="percent",
    ),
    ColumnSpec(
        "uuids", tr("Frames"), _named_frames, "100", numeric=True, tip=tr("How many frames the group names.")
    ),
    *GROUP_LINKS,
    ColumnSpec("region", tr("Region"), coded_column("siblings", "region", "region"), "us-mo"),
    ColumnSpec("parked", tr("Parked"), column("siblings", "parked", flags), YES_TEXT),
    ColumnSpec("preview", tr("Preview"), column("siblings", "preview", flags), YES_TEXT, shown=False),
    ColumnSpec(
        "direction",
        tr("Direction °"),
        column("siblings", "direction", lambda v: real(v, "{:.0f}")),
        "−100",
        numeric=True,
        shown=False,
    ),
    ColumnSpec(
        "alert_plate",
        tr("Listed plate"),
        coded_column("siblings", "alert_plate", "plate"),
        "AB12CDE",
        kind="plate",
        shown=False,
    ),
    ColumnSpec("uuid", tr("Best frame"), _sibling_uuids, UUID, shown=False),
    ColumnSpec(
        "agent_uid",
        tr("Agent"),
        coded_column("siblings", "agent_uid", "name"),
        "ABCDEFGHIJKLMNOPQRSTUVWX",
        shown=False,
    ),
)
