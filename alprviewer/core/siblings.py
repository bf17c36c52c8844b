"""The values that are no frames: groups, alerts, vehicles, heartbeats, webhook tests, search answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from alprviewer.core import fields, reasons
from alprviewer.core.fields import Members, Notes, join
from alprviewer.core.frame import Sibling, SiblingKind, Stream
from alprviewer.core.scan import MAX_VALUE_BYTES

_DATA_TYPES = {
    "alpr_group": SiblingKind.GROUP,
    "alpr_alert": SiblingKind.ALERT,
    "vehicle": SiblingKind.VEHICLE,
    "heartbeat": SiblingKind.HEARTBEAT,
}
_camera = fields.integer(0, 2**63 - 1)
_percent = fields.real(0, 100, " %")


def sibling_kind(value: Members) -> SiblingKind | None:
    """Which sibling an object is: by ``data_type``, else by the members that only one kind has."""
    data_type = value.get("data_type")
    if isinstance(data_type, str) and data_type in _DATA_TYPES:
        return _DATA_TYPES[data_type]
    if data_type is not None:
        return None
    if "openalpr_webhook" in value:
        return SiblingKind.TEST
    if "alert_list" in value and "group" in value:
        return SiblingKind.ALERT
    if "video_streams" in value:
        return SiblingKind.HEARTBEAT
    if "best_plate" in value and "epoch_start" in value:
        return SiblingKind.GROUP
    if _is_search_answer(value):
        return SiblingKind.ALERT if "alert" in str(value.get("model")).lower() else SiblingKind.GROUP
    return None


def _is_search_answer(value: Members) -> bool:
    """An element of the web server's search API: ``{pk, model, fields}``."""
    return "pk" in value and "model" in value and isinstance(value.get("fields"), Members)


def read_sibling(notes: Notes, path: str, value: Members, kind: SiblingKind) -> Sibling:
    """Type the members of a sibling that the tables show."""
    fields.members(notes, path, value)
    if _is_search_answer(value):
        return _search_answer(notes, join(path, "fields"), value["fields"], kind)
    if kind is SiblingKind.TEST:
        return Sibling(kind)
    if kind is SiblingKind.HEARTBEAT:
        return _heartbeat(notes, path, value)
    if kind is SiblingKind.ALERT:
        return _alert(notes, path, value)
    return _group(notes, path, value, kind)


def _epoch(notes: Notes, path: str, value: Any) -> int | None:
    """A time; zero means "not set" in templates and is no problem."""
    return None if value == 0 and not isinstance(value, bool) else fields.epoch_ms(notes, path, value)


def _picture(notes: Notes, path: str, value: Any) -> str | None:
    """The base64 text of a picture that illustrates: where it is none, the pane that shows it says so."""
    return fields.text(notes, path, value, MAX_VALUE_BYTES)


_GROUP_FIELDS: dict[str, fields.Converter] = {
    "epoch_start": _epoch,
    "epoch_end": _epoch,
    "camera_id": _camera,
    "camera_name": fields.text,
    "agent_uid": fields.text,
    "best_plate_number": fields.text,
    "best_confidence": _percent,
    "best_region": fields.text,
    "best_region_confidence": _percent,
    "best_uuid": fields.text,
    "matches_template": fields.flag,
    "uuids": fields.list_of(fields.text),
    "plate_indexes": fields.list_of(fields.integer(0, 100_000)),
    "is_parked": fields.truth,
    "is_preview": fields.truth,
    "travel_direction": fields.real(-360, 360, "°"),
    "vehicle_crop_jpeg": _picture,
    "overview_jpeg": _picture,
}
_BEST_PLATE_FIELDS: dict[str, fields.Converter] = {
    "plate": fields.text_or_number,
    "confidence": _percent,
    "matches_template": fields.flag,
    "region": fields.text,
    "region_confidence": _percent,
    "plate_crop_jpeg": fields.crop_text,
}


def _group(notes: Notes, path: str, value: Members, kind: SiblingKind) -> Sibling:
    """A group or a vehicle: a vehicle has no plate fields."""
    found = fields.convert_members(notes, path, value, _GROUP_FIELDS)
    best: dict[str, Any] = {}
    if value.get("best_plate") is not None:
        best_path = join(path, "best_plate")
        plate = fields.members(notes, best_path, value["best_plate"])
        best = {} if plate is None else fields.convert_members(notes, best_path, plate, _BEST_PLATE_FIELDS)
    return Sibling(
        kind,
        start=found.get("epoch_start"),
        end=found.get("epoch_end"),
        camera_id=found.get("camera_id"),
        camera_name=found.get("camera_name") or _label(value),
        agent_uid=found.get("agent_uid"),
        plate=_first(found.get("best_plate_number"), best.get("plate")),
        confidence=_first(found.get("best_confidence"), best.get("confidence")),
        matches_template=_first(found.get("matches_template"), best.get("matches_template")),
        region=_first(found.get("best_region"), best.get("region")),
        region_confidence=_first(found.get("best_region_confidence"), best.get("region_confidence")),
        best_uuid=found.get("best_uuid"),
        uuids=found.get("uuids") or [],
        plate_indexes=found.get("plate_indexes") or [],
        is_parked=found.get("is_parked"),
        is_preview=found.get("is_preview"),
        travel_direction=found.get("travel_direction"),
        crop=best.get("plate_crop_jpeg"),
        vehicle_crop=found.get("vehicle_crop_jpeg"),
        overview=found.get("overview_jpeg"),
    )


def _first(*values: Any) -> Any:
    """The first value that says something: neither absent nor an empty text."""
    return next((value for value in values if value is not None and value != ""), None)


def _label(value: Members) -> str | None:
    config = value.get("web_server_config")
    label = config.get("camera_label") if isinstance(config, Members) else None
    return label if isinstance(label, str) else None


def _alert(notes: Notes, path: str, value: Members) -> Sibling:
    """An alert wraps the group that raised it; ``plate_number`` is the listed plate, not the observed one."""
    found = fields.convert_members(
        notes,
        path,
        value,
        {"epoch_time": _epoch, "camera_name": fields.text, "plate_number": fields.text_or_number},
    )
    group = value.get("group")
    sibling = Sibling(SiblingKind.ALERT)
    if group is not None:
        inner = fields.members(notes, join(path, "group"), group)
        if inner is not None:
            sibling = _group(notes, join(path, "group"), inner, SiblingKind.ALERT)
    sibling.alert_plate = found.get("plate_number")
    sibling.camera_name = found.get("camera_name") or sibling.camera_name
    sibling.start = sibling.start if sibling.start is not None else found.get("epoch_time")
    return sibling


def _heartbeat(notes: Notes, path: str, value: Members) -> Sibling:
    found = fields.convert_members(notes, path, value, {"timestamp": _epoch, "agent_uid": fields.text})
    streams: list[Stream] = []
    listed = value.get("video_streams")
    if listed is not None:
        streams = fields.list_of(_stream)(notes, join(path, "video_streams"), listed) or []
    named = [stream.camera_name or str(stream.camera_id) for stream in streams]
    return Sibling(
        SiblingKind.HEARTBEAT,
        start=found.get("timestamp"),
        agent_uid=found.get("agent_uid"),
        camera_id=streams[0].camera_id if len(streams) == 1 else None,
        camera_name=", ".join(named) or None,
        streams=streams,
    )


def _stream(notes: Notes, path: str, value: Any) -> Stream | None:
    found = fields.members(notes, path, value)
    if found is None:
        return None
    converted = fields.convert_members(
        notes, path, found, {"camera_id": _camera, "camera_name": fields.text, "url": fields.text}
    )
    camera = converted.get("camera_id")
    return None if camera is None else Stream(camera, converted.get("camera_name"), converted.get("url"))


def _iso_ms(notes: Notes, path: str, value: Any) -> int | None:
    """UTC milliseconds of an ISO 8601 text; a time without a zone is UTC there (web server, Django)."""
    written = fields.text(notes, path, value)
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        notes.unexpected(path, reasons.EXPECTED_TIME, written)
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def _search_answer(notes: Notes, path: str, value: Members, kind: SiblingKind) -> Sibling:
    fields.members(notes, path, value)
    found = fields.convert_members(
        notes,
        path,
        value,
        {
            "best_plate": fields.text_or_number,
            "plate": fields.text_or_number,
            "plate_number": fields.text_or_number,
            "best_confidence": _percent,
            "confidence": _percent,
            "best_uuid": fields.text,
            "region": fields.text,
            "region_confidence": _percent,
            "camera": fields.text_or_number,
            "camera_id": _camera,
            "agent_uid": fields.text,
            "epoch_time_start": _iso_ms,
            "epoch_time_end": _iso_ms,
        },
    )
    return Sibling(
        kind,
        start=found.get("epoch_time_start"),
        end=found.get("epoch_time_end"),
        camera_id=found.get("camera_id"),
        camera_name=found.get("camera"),
        agent_uid=found.get("agent_uid"),
        plate=_first(found.get("best_plate"), found.get("plate")),
        confidence=_first(found.get("best_confidence"), found.get("confidence")),
        region=found.get("region"),
        region_confidence=found.get("region_confidence"),
        best_uuid=found.get("best_uuid"),
        alert_plate=found.get("plate_number"),
    )
