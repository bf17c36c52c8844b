"""What triage knows of the passes of a capture, taken from its columns and its consensus."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.core.frame import MAX_COORDINATE
from alprviewer.core.listed import NOTHING_LISTED, PlateList
from alprviewer.core.plates import normal_form
from alprviewer.core.triage import Facts, skew_of, width_of
from alprviewer.review.listing import listed_of, nearest


def pass_facts(capture: Capture, plates: PlateList = NOTHING_LISTED) -> list[Facts]:
    """What is known of each pass, by number.

    Args:
        capture: its passes were found, with their consensus.
        plates: that somebody looks out for; compared with reads and consensus of each pass.
    """
    passes = capture.passes
    assert passes is not None, "the passes of the capture were not found"
    votes = _votes(capture)
    listed = _listed(capture, plates)
    return [
        _facts(capture, number, passes.ids[number], votes.get(number, Counter()))._replace(
            listed=listed.get(number)
        )
        for number in range(len(passes))
    ]


def _listed(capture: Capture, plates: PlateList) -> dict[int, str]:
    """What each pass has to do with a listed plate, in words."""
    passes = capture.passes
    assert passes is not None
    if not len(plates):
        return {}
    judge, groups = listed_of(capture, plates)
    found = {
        number: nearest(capture.columns, judge, int(groups.best[number]), passes.consensus[number])
        for number in np.flatnonzero(groups.states).tolist()
    }
    return {number: each.words for number, each in found.items() if each is not None}


def _votes(capture: Capture) -> dict[int, Counter[str]]:
    """How many reads of each pass say each plate, copies left out."""
    passes = capture.passes
    assert passes is not None
    columns = capture.columns
    rows = np.flatnonzero((passes.of_read < len(passes)) & ~passes.copy)
    codes = columns.reads.column("plate")[rows]
    texts = {code: normal_form(columns.text("plate", code) or "") for code in np.unique(codes).tolist()}
    found: dict[int, Counter[str]] = {}
    for number, code in zip(passes.of_read[rows].tolist(), codes.tolist(), strict=True):
        if texts[code]:
            found.setdefault(number, Counter())[texts[code]] += 1
    return found


def _facts(capture: Capture, number: int, key: str, votes: Counter[str]) -> Facts:
    passes = capture.passes
    assert passes is not None
    entry = passes.table[number]
    columns, row = capture.columns, int(entry["best_read"])
    reads = columns.reads
    probability = float(entry["probability"])
    template = int(reads.column("matches_template")[row])
    numbers = [int(value) for value in reads.column("quad")[row]]
    quad = list(zip(numbers[::2], numbers[1::2], strict=True))
    # Where a corner is absent all are: their states are below any coordinate.
    is_known = min(numbers) >= -MAX_COORDINATE
    return Facts(
        key,
        None if math.isnan(probability) else 1 - probability,
        _known(float(reads.column("margin")[row])),
        tuple(sorted(votes.values(), reverse=True)),
        bool(template) if template in (0, 1) else None,
        columns.text("region", int(reads.column("region")[row])) or None,
        _known(float(reads.column("region_confidence")[row])),
        width_of(quad) if is_known else None,
        skew_of(quad) if is_known else None,
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
