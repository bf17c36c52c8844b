"""The JSON values that the agent sends: results, groups and heartbeats."""

import base64
from collections import Counter

from maker.capture import AGENT_UID, START_MS, Frame, Read
from maker.recogniser import TOP_N, as_float32
from maker.traffic import CAMERAS, HEIGHT, WIDTH

Json = dict[str, object]

AGENT_VERSION = "2.8.101"
COMPANY_ID = "5d0c7b3e-92f4-4a61-8e1d-30b7c46fa218"
STREAMS = ("rtsp://viewer:secret@192.0.2.10/stream", "rtsp://viewer:secret@192.0.2.11/stream")
GIB = 1 << 30


def results_value(frame: Frame, crops: dict[tuple[str, int], bytes]) -> Json:
    """A frame as `alpr_results`; `crops` are JPEG files by uuid and plate_index."""
    return {
        "data_type": "alpr_results",
        "version": 2,
        "uuid": frame.uuid,
        "epoch_time": frame.epoch,
        "camera_id": frame.camera.camera_id,
        "agent_uid": AGENT_UID,
        "agent_type": "alprd",
        "agent_version": AGENT_VERSION,
        "company_id": COMPANY_ID,
        "error": False,
        "img_width": WIDTH,
        "img_height": HEIGHT,
        "processing_time_ms": as_float32(frame.spent),
        "regions_of_interest": [_rect(region) for region in frame.camera.regions],
        "results": [_read_value(frame, read, crops[frame.uuid, read.index]) for read in frame.reads],
    }


def group_value(passed: list[tuple[Frame, Read]], crops: dict[tuple[str, int], bytes]) -> Json:
    """One vehicle's pass as `alpr_group`; frames in order of arrival."""
    frame, best = max(passed, key=lambda one: one[1].best.confidence)
    votes: Counter[str] = Counter()
    for _, read in passed:
        for candidate in read.candidates:
            votes[candidate.plate] += round(candidate.confidence - 60)
    top = votes.most_common(TOP_N)
    issuer = best.vehicle.plate.issuer
    times = sorted(one.epoch for one, _ in passed)
    return {
        "data_type": "alpr_group",
        "version": 2,
        "epoch_start": times[0],
        "epoch_end": times[-1],
        "frame_start": 0,
        "frame_end": (times[-1] - times[0]) // 33,
        "company_id": COMPANY_ID,
        "agent_uid": AGENT_UID,
        "agent_version": AGENT_VERSION,
        "agent_type": "alprd",
        "camera_id": frame.camera.camera_id,
        "country": issuer.region[:2],
        "uuids": [one.uuid for one, _ in passed],
        "plate_indexes": [read.index for _, read in passed],
        "candidates": [
            {
                "plate": text,
                "confidence": as_float32(best.best.confidence * (0.6 + 0.4 * score / top[0][1])),
                "matches_template": int(issuer.matches(text)),
            }
            for text, score in top
        ],
        "best_plate": _read_value(frame, best, crops[frame.uuid, best.index]),
        "best_confidence": best.best.confidence,
        "best_uuid": frame.uuid,
        "best_plate_number": top[0][0],
        "best_region": issuer.region,
        "best_region_confidence": as_float32(_region_confidence(best) + 0.37),
        "best_image_width": WIDTH,
        "best_image_height": HEIGHT,
        "matches_template": issuer.matches(top[0][0]),
        "travel_direction": as_float32(180.0 if frame.camera.approaching else 0.0),
        "is_parked": False,
        "is_preview": False,
    }


def heartbeat_value(time: int, plates: dict[int, int]) -> Json:
    """The agent's sign of life at `time` (ms from the start); `plates` counts reads so far by camera id."""
    return {
        "data_type": "heartbeat",
        "version": 2,
        "timestamp": START_MS + time,
        "agent_uid": AGENT_UID,
        "agent_type": "alprd",
        "agent_version": AGENT_VERSION,
        "openalpr_version": AGENT_VERSION,
        "agent_hostname": "gatehouse",
        "company_id": COMPANY_ID,
        "os": "linux",
        "cpu_cores": 4,
        "cpu_usage_percent": 37.5,
        "daemon_uptime_seconds": 86_400 + time // 1000,
        "system_uptime_seconds": 604_800 + time // 1000,
        "memory_total_bytes": 8 * GIB,
        "memory_consumed_bytes": 3 * GIB,
        "disk_quota_total_bytes": 8 * GIB,
        "disk_quota_consumed_bytes": 5 * GIB,
        "disk_quota_earliest_result": START_MS - 9 * 86_400_000,
        "beanstalk_queue_size": 0,
        "license_valid": True,
        "processing_threads_active": 4,
        "processing_threads_configured": 4,
        "recording_enabled": True,
        "video_streams": [
            {
                "camera_id": camera.camera_id,
                "camera_name": camera.name,
                "url": url,
                "fps": 0.0 if camera.is_silent(time) else 9.6,
                "is_streaming": not camera.is_silent(time),
                "last_update": START_MS + time - 400,
                "total_plate_reads": plates.get(camera.camera_id, 0),
            }
            for camera, url in zip(CAMERAS, STREAMS, strict=True)
        ],
    }


def _read_value(frame: Frame, read: Read, crop: bytes) -> Json:
    """One read as an element of `results`."""
    known = any(one.template for one in read.candidates)
    return {
        "plate": read.best.plate,
        "confidence": read.best.confidence,
        "matches_template": int(read.best.template),
        "plate_index": read.index,
        "region": read.vehicle.plate.issuer.region if known else "",
        "region_confidence": _region_confidence(read) if known else 0,
        "processing_time_ms": as_float32(frame.spent * 0.23 + len(read.candidates) * 0.71),
        "requested_topn": TOP_N,
        "coordinates": [{"x": x, "y": y} for x, y in read.corners],
        "vehicle_region": _rect(read.vehicle.box(frame.time)),
        "candidates": [
            {"plate": one.plate, "confidence": one.confidence, "matches_template": int(one.template)}
            for one in read.candidates
        ],
        "plate_crop_jpeg": base64.b64encode(crop).decode("ascii"),
    }


def _region_confidence(read: Read) -> int:
    """Percent: the better seen, the surer."""
    return 40 + round(59 * read.view.clarity)


def _rect(rect: tuple[int, int, int, int]) -> Json:
    """A rectangle in px."""
    return dict(zip(("x", "y", "width", "height"), rect, strict=True))
