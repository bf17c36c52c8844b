"""Bytes that an open capture keeps for each read."""

from __future__ import annotations

import sys
from typing import Any

from alprviewer.capture.capture import Capture


def kept(capture: Capture) -> dict[str, float]:
    """Bytes a read: columns of reads and frames, the texts behind their codes, and the candidates.

    Observed plates and spellings of candidates are coded alike; each side is counted its share.
    """
    columns = capture.columns
    reads = max(len(columns.reads), 1)
    plates = columns.dictionaries["plate"]
    spellings = _size(plates) / reads * (1 - columns.distinct_plates / max(len(plates), 1))
    texts = sum(map(_size, columns.dictionaries.values())) / reads - spellings
    return {
        "columns": (columns.reads.nbytes + columns.frames.nbytes) / reads,
        "texts": texts,
        "candidates": columns.candidates.nbytes / reads,
        "candidate_texts": spellings,
        "candidates_count": len(columns.candidates) / reads,
    }


def _size(thing: Any) -> int:
    """Bytes of an object and of what hangs on it, its class and modules aside."""
    seen: set[int] = set()
    waiting = [thing]
    total = 0
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type):
            continue
        seen.add(id(one))
        total += sys.getsizeof(one)
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, (list, tuple, set, frozenset)):
            waiting += one
        elif hasattr(one, "__dict__"):
            waiting.append(vars(one))
    return total
