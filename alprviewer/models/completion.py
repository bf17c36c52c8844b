"""What the filter box may offer: fields, and the values that the capture has."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.core.errors import PROBLEM_KINDS
from alprviewer.core.query.complete import Place, fields_that_begin, values_that_begin
from alprviewer.core.query.fields import FIELDS
from alprviewer.core.query.tree import Wildcard
from alprviewer.core.states import FIRST_CODE
from alprviewer.core.texts import Texts
from alprviewer.store.textmatch import TextMatch

MOST = 12
"""Suggestions that are read before one types on."""
_READS = 1_000_000
"""Newest reads whose plates are offered: looking at them takes some ten milliseconds."""
_LEAST_TYPED = 2


def suggestions(capture: Capture, place: Place) -> list[str]:
    """What may stand at a place of a query, as it is written, best first."""
    if not place.field:
        if not place.typed:
            return []
        found = fields_that_begin(place.typed)
        return (found + _plates(capture, place.typed) if len(place.typed) >= _LEAST_TYPED else found)[:MOST]
    spec = FIELDS.get(place.field)
    if spec is None:
        return []
    if spec.kind == "plate":
        return _plates(capture, place.typed)[:MOST] if place.typed else []
    values = spec.words if spec.kind == "flag" else _values(capture, place.field)
    return values_that_begin(values, place.typed)[:MOST]


def camera_words(capture: Capture) -> list[str]:
    """The cameras of a capture: by name where it is known, else by id."""
    ids = {envelope.camera_id for envelope in capture.columns.envelopes()}
    return sorted(capture.camera_names.get(each, str(each)) for each in ids if isinstance(each, int))


def _values(capture: Capture, field: str) -> Iterable[str]:
    columns = capture.columns
    match field:
        case "camera":
            return camera_words(capture)
        case "agent":
            return sorted({each.agent_uid for each in columns.envelopes() if isinstance(each.agent_uid, str)})
        case "region":
            codes = np.unique(columns.reads.column("region"))
            texts = {columns.text("region", code) for code in codes.tolist() if code >= FIRST_CODE}
            return sorted(text for text in texts if text)
        case "source":
            return [source.name.rsplit("/", 1)[-1] for source in capture.sources]
        case "problem":
            kinds = np.unique(columns.problems.column("kind"))
            return [PROBLEM_KINDS[kind].value for kind in kinds.tolist()]
    return []


def _plates(capture: Capture, typed: str) -> list[str]:
    """Observed plates that begin so, the most frequent first."""
    columns = capture.columns
    texts = columns.dictionaries["plate"]
    assert isinstance(texts, Texts)
    codes = columns.reads.column("plate")[-_READS:]
    if not len(codes):
        return []
    literal = "".join(f"\\{each}" if each in "*?\\" else each for each in typed)
    found = codes[TextMatch(Wildcard(f"{literal}*"), texts, is_plate=True).of(codes)]
    distinct, counts = np.unique(found, return_counts=True)
    best = distinct[np.argsort(-counts, kind="stable")][:MOST]
    plates = [texts.value(code) for code in best.tolist()]
    return values_that_begin([plate for plate in plates if plate], "")
