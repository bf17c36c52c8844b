"""The compiled part of the program (the folder ``c``), where it was built; everything works without it too.

A library is named after its sources, so one that was built from others is never loaded.
"""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # The build asks for the library's name where there is nothing but Python.
    import numpy.typing as npt

FOLDER = Path(__file__).with_name("c")
"""Where the sources are, and the library comes to be."""
_ADDRESS, _INT32, _INT64 = ctypes.c_void_p, ctypes.c_int32, ctypes.c_int64
_FUNCTIONS: dict[str, tuple[Any, Sequence[Any]]] = {
    "alpr_size": (_INT32, (_INT32,)),
    "alpr_take": (_INT32, (_ADDRESS, ctypes.c_char_p, _INT64, _INT64)),
    "alpr_remember": (
        _INT32,
        (_ADDRESS, ctypes.c_uint8, ctypes.c_char_p, ctypes.c_uint32, ctypes.c_uint32),
    ),
    "alpr_code_words": (_INT64, (_ADDRESS, _INT64, _ADDRESS, _INT32, _ADDRESS, _INT64, _ADDRESS)),
    "alpr_place_codes": (None, (_ADDRESS, _ADDRESS, _INT32, _ADDRESS, _INT64)),
}


KEY_ROOM = 4096
"""Bytes of an envelope."""


class Known(ctypes.Structure):
    """``known_texts`` of ``rows.h``."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("hashes", "starts", "lengths", "codes", "bytes")),
        *((name, ctypes.c_uint32) for name in ("room", "count", "bytes_room", "bytes_used")),
    )


class Job(ctypes.Structure):
    """``job`` of ``rows.h``."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("frames", "reads", "candidates")),
        *((name, ctypes.c_void_p) for name in ("read_plates", "candidate_plates", "confidences", "open")),
        ("known", Known),
        *((name, ctypes.c_uint32) for name in ("frame_room", "read_room", "candidate_room", "open_room")),
        *((name, ctypes.c_uint32) for name in ("frame_count", "read_count", "candidate_count", "open_count")),
        *((name, ctypes.c_int64) for name in ("moved", "end", "value_bytes", "stop", "stop_end")),
        ("key_length", ctypes.c_uint32),
        ("key", ctypes.c_uint8 * KEY_ROOM),
    )


def library_path() -> Path:
    """Where the library of these sources belongs."""
    digest = hashlib.blake2b(digest_size=6)
    for source in sorted(FOLDER.glob("*.[ch]")):
        digest.update(source.read_bytes())
    return FOLDER / f"regular-{digest.hexdigest()}.so"


def open_library(path: Path) -> ctypes.CDLL:
    """A library with the types of its functions.

    Raises:
        OSError: it cannot be loaded here.
    """
    library = ctypes.CDLL(str(path))
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


@cache
def library() -> ctypes.CDLL | None:
    """The library; None where it was not built: no compiler, or another machine."""
    try:
        return open_library(library_path())
    except OSError:
        return None


def address(array: npt.NDArray[Any]) -> int:
    """Where an array's first element stands; the others follow it directly."""
    assert array.flags.c_contiguous
    return array.ctypes.data


def place(job: Job) -> int:
    """Where a job stands."""
    return ctypes.addressof(job)
