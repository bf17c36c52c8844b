"""What the filter box may offer: fields, and the values that the capture has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.core.errors import PROBLEM_KINDS
from alprviewer.core.query.complete import Place, fields_that_begin, values_that_begin
from alprviewer.core.query.fields import FIELDS
from alprviewer.core.query.tree import Wildcard
from alprviewer.core.query.unparse import quoted
from alprviewer.core.texts import Texts
from alprviewer.language import tr
from alprviewer.models.cells import day_text, span_of
from alprviewer.store.tables import Dictionary
from alprviewer.store.textmatch import TextMatch, distinct_codes

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


_CONFIDENCES = (
    (tr("Below {limit}", limit=70), "conf<70"),
    (tr("{low} to {high}", low=70, high=85), "conf:70..85"),
    (tr("Above {limit}", limit=90), "conf>90"),
)
_MOST_SPANS = 48


def choices(capture: Capture, field: str, zone_name: str) -> list[tuple[str, str]]:
    """What a chip offers for a field: words, and the term of each."""
    if field == "camera":
        return [(camera, f"camera:{quoted(camera)}") for camera in camera_words(capture)]
    return _spans(capture, UTC if zone_name == "UTC" else None) if field == "time" else list(_CONFIDENCES)


def _spans(capture: Capture, zone: tzinfo | None) -> list[tuple[str, str]]:
    """The days of a capture; the hours of one that lies within a day."""
    span = span_of(capture.columns.frames.column("epoch_time"))
    if span is None:
        return []
    first, last = (datetime.fromtimestamp(time // 1000, UTC).astimezone(zone) for time in span)
    if first.date() == last.date():
        hours = [f"{hour:02}:00..{hour:02}:59" for hour in range(first.hour, last.hour + 1)]
        return [(hour.replace("..", " – "), f"time:{hour}") for hour in hours]
    days = [
        last.date() - timedelta(days=back)
        for back in range(min((last.date() - first.date()).days + 1, _MOST_SPANS))
    ]
    return [(day_text(day), f"time:{day:%Y-%m-%d}") for day in days]


def _values(capture: Capture, field: str) -> Iterable[str]:
    columns = capture.columns
    match field:
        case "camera":
            return camera_words(capture)
        case "agent":
            return sorted({each.agent_uid for each in columns.envelopes() if isinstance(each.agent_uid, str)})
        case "region":
            regions = columns.dictionaries["region"]
            assert isinstance(regions, Dictionary)
            return sorted(text for text in regions.values() if text)
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
    found = codes[TextMatch(Wildcard(f"{literal}*"), texts, is_plate=True).of(codes, distinct_codes(codes))]
    distinct, counts = np.unique(found, return_counts=True)
    best = distinct[np.argsort(-counts, kind="stable")][:MOST]
    plates = [texts.value(code) for code in best.tolist()]
    return values_that_begin([plate for plate in plates if plate], "")
