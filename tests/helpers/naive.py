"""A second reader of result files: short, slow and obviously right. It shares no code with the program.

It knows the files that it reads: one JSON value, or one a line with other lines between. What is no JSON as
published is mended by hand, file by file.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

# What is wrong in the published documents, as found by eye: (text, what should stand there).
MENDED: dict[str, list[tuple[str, str]]] = {
    "published-example.json": [("  # Taken from /etc/openalpr/install_id", "")],
    "openalpr__doc__2017-11-19_9e6c5b2_agent_alpr_group.json": [
        ('"confidence": 94.96063232421875\n    }\n    {', '"confidence": 94.96063232421875\n    },\n    {')
    ],
    "openalpr__doc__2018-10-07_033f20b_agent_alpr_group.json": [
        ('"is_parked" : false\n', '"is_parked" : false,\n'),
        ('"plate" : "6PK132"\n      }\n      {', '"plate" : "6PK132"\n      },\n      {'),
        ("},\n}", "}\n}"),
    ],
    "openalpr__doc__2018-10-07_033f20b_agent_heartbeat.json": [
        ('xxxxxxxxxxxx"\n', 'xxxxxxxxxxxx",\n'),
        ("],\n}", "]\n}"),
    ],
}


class Document(NamedTuple):
    """A JSON value of a file: where it begins, how many bytes it has, what it says (None: unreadable)."""

    offset: int
    length: int
    value: Any


def documents(path: Path) -> Iterator[Document]:
    """The JSON objects of a file, in order."""
    data = path.read_bytes()
    text = data.decode("utf-8", "replace")
    for before, after in MENDED.get(path.name, []):
        assert text.count(before) == 1, (path.name, before, text.count(before))
        text = text.replace(before, after)
    try:
        whole = json.loads(text)
    except ValueError:
        yield from _lines(data)
    else:
        yield Document(0, len(data.rstrip()), whole)


def _lines(data: bytes) -> Iterator[Document]:
    offset = 0
    for line in data.split(b"\n"):
        if line.startswith(b"{"):
            try:
                value = json.loads(line.decode("utf-8", "replace"))
            except ValueError:
                value = None
            yield Document(offset, len(line), value)
        offset += len(line) + 1


def frames(path: Path) -> Iterator[tuple[Document, dict[str, Any]]]:
    """The frames of a file, each with the value it stands in."""
    for document in documents(path):
        value = document.value
        if isinstance(value, dict) and "results" not in value and isinstance(value.get("plate"), dict):
            value = value["plate"]  # the first version of the cloud's answer
        if isinstance(value, dict) and isinstance(value.get("results"), list):
            yield document, value


def frame_rows(path: Path, name: str) -> list[dict[str, Any]]:
    """What ``export frames`` must say of a file."""
    rows = []
    for document, frame in frames(path):
        time = _epoch(frame.get("epoch_time"))
        rows.append(
            {
                "source": name,
                "offset": document.offset,
                "length": document.length,
                "epoch_time": time,
                "time_utc": _utc(time),
                "img_width": _pixels(frame.get("img_width")),
                "img_height": _pixels(frame.get("img_height")),
                "reads": len(frame["results"]),
            }
            | {key: frame.get(key) for key in FRAME_KEYS}
        )
    return rows


FRAME_KEYS = (
    "uuid data_type version camera_id agent_uid agent_type agent_version company_id error processing_time_ms "
    "regions_of_interest"
).split()
READ_KEYS = (
    "plate_index plate confidence matches_template candidates region region_confidence processing_time_ms"
).split()
UNKNOWN_KEYS = "pass decision resolved_plate reviewer decided_utc".split()


def read_rows(path: Path, name: str) -> list[dict[str, Any]]:
    """What ``export reads`` must say of a file."""
    rows = []
    for ordinal, (document, frame) in enumerate(frames(path)):
        time = _epoch(frame.get("epoch_time"))
        for position, read in enumerate(frame["results"]):
            row = {
                "source": name,
                "offset": document.offset,
                "frame": ordinal,
                "uuid": frame.get("uuid"),
                "epoch_time": time,
                "time_utc": _utc(time),
                "camera_id": frame.get("camera_id"),
                "agent_uid": frame.get("agent_uid"),
                "img_width": _pixels(frame.get("img_width")),
                "img_height": _pixels(frame.get("img_height")),
                "plate_position": position,
                "margin": _margin(read),
                "candidate_count": len(read["candidates"]) if "candidates" in read else None,
                "crop_bytes": _crop_bytes(read),
            }
            row |= {key: read.get(key) for key in READ_KEYS}
            row |= dict.fromkeys(UNKNOWN_KEYS)
            for corner in range(4):
                point = read["coordinates"][corner] if "coordinates" in read else {}
                row[f"x{corner + 1}"] = point.get("x")
                row[f"y{corner + 1}"] = point.get("y")
            for side in ("x", "y", "width", "height"):
                row[f"vehicle_{side}"] = read.get("vehicle_region", {}).get(side)
            rows.append(row)
    return rows


def _epoch(value: int | None) -> int | None:
    if value is None:
        return None
    milliseconds = value * 1000 if value < 100_000_000_000 else value
    return milliseconds if milliseconds < 10_000_000_000_000 else None


def _utc(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _pixels(value: int | None) -> int | None:
    return value if value is not None and 0 < value < 65536 else None


def _margin(read: dict[str, Any]) -> float | None:
    best = None
    for candidate in read.get("candidates", []):
        if candidate["plate"] != read["plate"] and (best is None or candidate["confidence"] > best):
            best = candidate["confidence"]
    return None if best is None else read["confidence"] - best


def _crop_bytes(read: dict[str, Any]) -> int | None:
    text = read.get("plate_crop_jpeg")
    if text is None or " " in text:
        return None
    return len(base64.b64decode(text, validate=True))


ROWS: dict[str, Callable[[Path, str], list[dict[str, Any]]]] = {"frames": frame_rows, "reads": read_rows}


def kinds(path: Path) -> dict[str, int]:
    """How many values of each ``data_type``; what names none is a frame."""
    counts: dict[str, int] = {}
    for document in documents(path):
        value = document.value
        kind = "unreadable" if value is None else value.get("data_type", "alpr_results")
        counts[kind] = counts.get(kind, 0) + 1
    return counts
