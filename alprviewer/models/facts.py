"""What the details pane says of values that are no frames, and of problems: labels and texts."""

from __future__ import annotations

from typing import Any

from alprviewer.capture.capture import Capture
from alprviewer.capture.export import utc_text
from alprviewer.core.errors import PROBLEM_KINDS, ProblemKind
from alprviewer.core.frame import SIBLING_KINDS, Sibling, SiblingKind
from alprviewer.core.reasons import shown_reason
from alprviewer.language import tr, trc
from alprviewer.models.cells import ABSENT_TEXT, NO_TEXT, YES_TEXT

_SIBLING_NAMES = {
    SiblingKind.GROUP: tr("Group"),
    SiblingKind.ALERT: tr("Alert"),
    SiblingKind.VEHICLE: tr("Vehicle"),
    SiblingKind.HEARTBEAT: tr("Heartbeat"),
    SiblingKind.TEST: tr("Webhook test"),
}
KIND_NAMES = tuple(_SIBLING_NAMES[kind] for kind in SIBLING_KINDS)
"""Names of ``SIBLING_KINDS`` for people."""
_PROBLEM_NAMES = {
    ProblemKind.COMMENT: trc("problem", "comment"),
    ProblemKind.MISSING_COMMA: trc("problem", "missing comma"),
    ProblemKind.TRAILING_COMMA: trc("problem", "trailing comma"),
    ProblemKind.DECIMAL_COMMA: trc("problem", "decimal comma"),
    ProblemKind.NUMBER_TOKEN: trc("problem", "number token"),
    ProblemKind.DUPLICATE_KEY: trc("problem", "duplicate key"),
    ProblemKind.TYPE: trc("problem", "type"),
    ProblemKind.ENCODING: trc("problem", "encoding"),
    ProblemKind.DEPTH: trc("problem", "depth"),
    ProblemKind.SIZE: trc("problem", "size"),
    ProblemKind.TRUNCATED: trc("problem", "truncated"),
    ProblemKind.SYNTAX: trc("problem", "syntax"),
    ProblemKind.CROP: trc("problem", "crop"),
    ProblemKind.RANGE: trc("problem", "range"),
}
PROBLEM_NAMES = tuple(_PROBLEM_NAMES[kind] for kind in PROBLEM_KINDS)
"""Names of ``PROBLEM_KINDS`` for people; queries and exports have words of their own."""


def sibling_facts(sibling: Sibling) -> tuple[tuple[str, str], ...]:
    """The typed fields, labelled; absent ones are left out."""
    matches = {0: False, 1: True}.get(sibling.matches_template or 0) if sibling.plate else None
    facts: list[tuple[str, Any]] = [
        (tr("Kind"), KIND_NAMES[SIBLING_KINDS.index(sibling.kind)]),
        (trc("time", "Start"), utc_text(sibling.start)),
        (trc("time", "End"), utc_text(sibling.end)),
        (tr("Camera"), sibling.camera_id),
        (tr("Camera name"), sibling.camera_name),
        (tr("Agent"), sibling.agent_uid),
        (tr("Best plate"), sibling.plate),
        (tr("Listed plate"), sibling.alert_plate),
        (tr("Confidence"), None if sibling.confidence is None else f"{sibling.confidence:.3f} %"),
        (tr("Matches template"), matches),
        (tr("Region code"), sibling.region),
        (
            tr("Region confidence"),
            None if sibling.region_confidence is None else f"{sibling.region_confidence:g} %",
        ),
        (tr("Best frame"), sibling.best_uuid),
        (tr("Frames"), len(sibling.uuids) or None),
        (tr("Parked"), sibling.is_parked),
        (tr("Preview"), sibling.is_preview),
        (
            tr("Travel direction"),
            None if sibling.travel_direction is None else f"{sibling.travel_direction:.0f}°",
        ),
    ]
    facts += [
        (tr("Camera {id}", id=each.camera_id), each.camera_name or ABSENT_TEXT) for each in sibling.streams
    ]
    return tuple((label, _word(value)) for label, value in facts if value is not None)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return YES_TEXT if value else NO_TEXT
    return str(value)


def problem_facts(capture: Capture, row: int) -> tuple[tuple[str, str], ...]:
    """What is known of a problem, by its row."""
    columns = capture.columns
    table = columns.problems
    value = {
        name: int(table.column(name)[row])
        for name in ("kind", "reason", "field", "repaired", "source", "offset", "length")
    }
    return (
        (tr("Kind"), PROBLEM_NAMES[value["kind"]]),
        (tr("Reason"), shown_reason(columns.text("reason", value["reason"]) or "")),
        (tr("Field"), columns.text("field", value["field"]) or ABSENT_TEXT),
        (tr("Used after a repair"), _word(bool(value["repaired"]))),
        (tr("Source"), capture.sources[value["source"]].name),
        (
            tr("Place"),
            tr("byte {offset:,}, {length:,} long", offset=value["offset"], length=value["length"]),
        ),
    )
