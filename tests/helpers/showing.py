"""Values for panes to show, made the way that the program makes them: from the bytes of one JSON value."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtGui import QImage

from alprviewer.core.crops import decode_crop
from alprviewer.core.decode import decode
from alprviewer.core.encoding import Encoding
from alprviewer.core.repair import parse
from alprviewer.models.shown import Picture, Shown

Spelling = tuple[str | None, float | None, int]


def shown_of(raw: bytes, position: int = 0) -> Shown:
    """What a pane receives for a value's first frame and one of its reads."""
    decoded = decode(raw)
    value, _ = parse(raw, Encoding.UTF8)
    text = raw.decode(errors="replace")
    if not decoded.frames:
        return Shown("value", "capture.jsonl", 0, len(raw), raw=text, value=value)
    frame, invalid = decoded.frames[0]
    crops = tuple(_picture(read.plate_crop_jpeg) for read in frame.reads)
    place = position if position < len(frame.reads) else None
    return Shown("frame", "capture.jsonl", 10, len(raw), frame, invalid, place, crops, raw=text, value=value)


def _picture(text: str | None) -> Picture:
    crop = decode_crop(text) if text else None
    if crop is None or crop.jpeg is None:
        return Picture(reason=crop.reason if crop else "The read has no crop.")
    return Picture(QImage.fromData(crop.jpeg), data=crop.jpeg, name="crop")


def frame_with(*spellings: Spelling, read: dict[str, Any] | None = None, **frame: Any) -> Shown:
    """A frame with one read that has these candidates: plate, confidence, template match.

    The first one is the observed plate unless ``read`` says otherwise.
    """
    candidates = [
        {"plate": plate, "confidence": confidence, "matches_template": template}
        for plate, confidence, template in spellings
    ]
    first = candidates[0] if candidates else {"plate": "AB123", "confidence": 90.5, "matches_template": 0}
    value = {
        "data_type": "alpr_results",
        "epoch_time": 1782889214972,
        "img_width": 640,
        "img_height": 360,
        **frame,
        "results": [{**first, "candidates": candidates, **(read or {})}],
    }
    return shown_of(json.dumps(value).encode())
