"""Captures to test with: the bundled sample, small files made on the spot, real files where there are any."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from alprviewer.capture.capture import Capture
from alprviewer.core.builder import BatchBuilder
from alprviewer.core.passes import PassRules
from alprviewer.resourcefiles import resource
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.messages import Arrived, Finished, Message, Started
from alprviewer.sources.paths import expand
from alprviewer.sources.resultfile import read_batches
from alprviewer.store.passtable import pass_table

SAMPLE = resource("sample/sample.jsonl")
SAMPLE_COUNTS = {"reads": 1216, "frames": 1122, "siblings": 12}

_ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("ALPRVIEWER_REAL_DATA") or _ROOT.parent / "shared" / "real")
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason=f"needs the real data in {REAL}")


def messages(path: Path, source: int = 0) -> Iterator[Message]:
    """What the decoding child sends for a file, made in this process."""
    with ByteStream(path) as stream:
        yield Started(source, stream.compression, stream.size)
        for batch in read_batches(stream, BatchBuilder()):
            yield Arrived(source, batch)
    yield Finished(source)


def captured(*paths: Path | str) -> Capture:
    """A capture of files, read in this process to their end."""
    capture = Capture()
    for file in expand([str(path) for path in paths]):
        source = capture.add(file)
        for message in messages(file.path, source):
            capture.apply(message)
    return capture


def with_passes(capture: Capture) -> Capture:
    """The capture with its passes found and weighed, as the window does it."""
    capture.columns.passes = pass_table(capture.columns, capture.find_passes(PassRules()))
    return capture


def frame(plate: Any = "AB123", at: Any = 1782889214972, **changes: Any) -> dict[str, Any]:
    """A frame with one read as an agent writes it, but for changes of either; ``...`` leaves a field out."""
    read: dict[str, Any] = {
        "plate": plate,
        "confidence": 90.5,
        "matches_template": 0,
        "plate_index": 0,
        "region": "us-mo",
        "region_confidence": 40,
        "processing_time_ms": 3.5,
        "coordinates": [{"x": x, "y": y} for x, y in ((10, 20), (110, 22), (109, 70), (9, 68))],
        "vehicle_region": {"x": 0, "y": 0, "width": 300, "height": 200},
        "candidates": [
            {"plate": None if plate is ... else plate, "confidence": 90.5, "matches_template": 0},
            {"plate": "AB128", "confidence": 82.5, "matches_template": 0},
        ],
    }
    for name in list(changes):
        if name in read or name == "plate_crop_jpeg":
            read[name] = changes.pop(name)
    read = {name: value for name, value in read.items() if value is not ...}
    value = {
        "data_type": "alpr_results",
        "version": 2,
        "uuid": f"AGENT-7-{at}",
        "epoch_time": at,
        "camera_id": 7,
        "agent_uid": "AGENT",
        "img_width": 640,
        "img_height": 360,
        "processing_time_ms": 20.5,
        "results": [read],
        **changes,
    }
    return {name: each for name, each in value.items() if each is not ...}


def write(path: Path, values: Sequence[Any]) -> Path:
    """A file of JSON Lines."""
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path
