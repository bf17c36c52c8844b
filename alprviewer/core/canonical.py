"""One spelling for each JSON value, and its digest: the same however the value was written down.

Members stand in the order of their names (code points), without white space, in ASCII with escapes. A number
is the double nearest to it, written in the shortest way that reads back (as an integer where it is one): the
numbers that RFC 8785 keeps too. What a reformatter may change is gone with that: order, indentation, escapes,
``90`` or ``90.0`` or ``9e1``.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

_encoder = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> str:
    """The canonical text of a parsed JSON value. Numbers that are no double become ``Infinity``."""
    return _encoder.encode(_plain(value))


def digest(value: Any) -> str:
    """SHA-256 of the canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


def _plain(value: Any) -> Any:
    """The value with every number in its one form; nested as deep as framing lets values be."""
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(element) for element in value]
    return _number(value)


def _number(value: float) -> int | float:
    try:
        double = float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    return int(double) if double.is_integer() else double
