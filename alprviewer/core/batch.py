"""Frames, reads and their neighbours as flat arrays: what a decoder sends and what the store keeps.

Text is coded: every distinct text stands once in a dictionary, and the arrays hold 32-bit codes. A batch
carries the entries that are new since the batch before it, so codes are those of one decoder and are mapped
to the store's own on arrival.

States that are no value stand in ``states``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

FRAME_DTYPE = np.dtype(
    [
        ("offset", "i8"),  # first byte of the value, in the decompressed stream
        ("length", "u4"),  # bytes of the value
        ("inner", "u4"),  # which frame of the value: a user's record may hold several
        ("picture_back", "u2"),  # bytes from the picture's path line back from offset; 0 where there is none
        ("source", "u4"),  # number of the source in the capture
        ("reads", "u4"),  # how many reads
        ("first_read", "u4"),  # row of the first one
        ("envelope", "u4"),  # code of the fields that one camera's frames share
        ("uuid_head", "u4"),  # code
        ("uuid_tail", "i8"),  # number behind the last dash, -1 for none
        ("epoch_time", "i8"),  # UTC milliseconds after repair
        ("processing_time_ms", "f4"),
    ]
)
READ_DTYPE = np.dtype(
    [
        ("frame", "u4"),  # row of the frame
        ("position", "u4"),  # place in results
        ("plate_index", "i4"),  # what the wire said
        ("plate", "u4"),  # code
        ("confidence", "f4"),  # percent
        ("margin", "f4"),  # percent
        ("matches_template", "i1"),
        ("region", "u4"),  # code
        ("region_confidence", "f4"),  # percent
        ("quad", "i2", (8,)),  # x1 y1 … x4 y4, frame pixels
        ("vehicle", "i2", (4,)),  # x y width height, frame pixels
        ("candidates", "u4"),  # how many
        ("crop_text", "u4"),  # characters of base64; 0 where there is none
    ]
)
CANDIDATE_DTYPE = np.dtype([("plate", "u4"), ("confidence", "u2"), ("matches_template", "i1")])
CANDIDATE_STEPS = 640
"""Steps a percent in ``CANDIDATE_DTYPE.confidence``: 100 % is 64000, 65535 is absent."""
CANDIDATE_ABSENT = 65535
SIBLING_DTYPE = np.dtype(
    [
        ("offset", "i8"),
        ("length", "u4"),
        ("inner", "u4"),
        ("source", "u4"),
        ("kind", "u1"),  # index into SIBLING_KINDS
        ("start", "i8"),  # UTC milliseconds
        ("end", "i8"),
        ("camera_id", "i8"),
        ("camera_name", "u4"),  # code
        ("agent_uid", "u4"),  # code
        ("plate", "u4"),  # code
        ("alert_plate", "u4"),  # code
        ("confidence", "f4"),
        ("matches_template", "i1"),
        ("region", "u4"),  # code
        ("region_confidence", "f4"),
        ("uuids", "u4"),  # how many frames it names
        ("parked", "i1"),
        ("preview", "i1"),
        ("direction", "f4"),  # degrees in the picture, 0 up, 90 right
        ("uuid_head", "u4"),  # of the best frame
        ("uuid_tail", "i8"),
    ]
)
NAMED_DTYPE = np.dtype([("uuid_head", "u4"), ("uuid_tail", "i8"), ("plate_index", "i4")])
"""The frames that siblings name, as listed (``SIBLING_DTYPE.uuids`` of each), and which plate of them."""
PROBLEM_DTYPE = np.dtype(
    [
        ("offset", "i8"),
        ("length", "u4"),
        ("source", "u4"),
        ("kind", "u1"),  # index into PROBLEM_KINDS
        ("repaired", "u1"),
        ("field", "u4"),  # code
        ("reason", "u4"),  # code
        ("value_offset", "i8"),  # first byte of the value the problem belongs to
        ("value_length", "u4"),
    ]
)

CODED = {
    "plate": "plate",
    "alert_plate": "plate",
    "best_plate": "plate",
    "region": "region",
    "envelope": "envelope",
    "uuid_head": "uuid_head",
    "camera_name": "name",
    "agent_uid": "name",
    "field": "field",
    "reason": "reason",
}
"""Which dictionary codes a column."""
DICTIONARIES = tuple(dict.fromkeys(CODED.values()))
OWNERS = ("frame", "sibling", "problem", "noise", "separator")
"""Who may own a byte of a stream."""


class Envelope(NamedTuple):
    """The fields that the frames of one camera share: coded once. Texts, numbers, None or ``INVALID``."""

    data_type: Any = None
    version: Any = None
    camera_id: Any = None
    agent_uid: Any = None
    agent_type: Any = None
    agent_version: Any = None
    company_id: Any = None
    error: Any = None
    img_width: Any = None
    img_height: Any = None
    regions_of_interest: Any = None
    """Tuple of ``(x, y, width, height)``."""


class Batch(NamedTuple):
    """Rows of one source in the order of its bytes, and how far its reading has come.

    ``frames.first_read`` and ``reads.frame`` count from the first row of the batch. ``done`` is the position
    in the file itself (compressed bytes), ``total`` its size, 0 where unknown; ``owned`` counts the bytes of
    the decompressed stream by owner since the batch before.
    """

    frames: Array
    reads: Array
    candidates: Array
    siblings: Array
    named: Array
    problems: Array
    texts: dict[str, Any]
    streams: list[tuple[int, str]]
    """Camera ids and names that heartbeats told."""
    owned: dict[str, int]
    done: int = 0
    total: int = 0
