"""What the timeline says in words: of all that is shown, and of one bin of one camera."""

from __future__ import annotations

from datetime import tzinfo
from math import isnan

from alprviewer.core.timeline import duration_text, range_text
from alprviewer.models.timeline import Bins
from alprviewer.views.looks import counted_text

MEASURES = {"reads": "Reads", "passes": "Passes", "confidence": "Mean confidence"}
"""What the bars may stand for."""


def heading(bins: Bins, measure: str, zone: tzinfo | None) -> str:
    """What is counted, in which bins, from when to when, and what cannot be shown."""
    if bins.span is None:
        return ""
    parts = [
        f"{MEASURES[measure]} per {bins.step.words}",
        range_text(int(bins.edges[0]), int(bins.edges[-1]), zone),
    ]
    if bins.shown is not None:
        parts.append("strong: matches the filter")
    return " · ".join(parts + timeless(bins))


def timeless(bins: Bins) -> list[str]:
    """How many reads have no time, or an unusable one: they stand nowhere."""
    found = []
    if bins.absent:
        found.append(f"{counted_text(bins.absent, 'read')} without a time")
    if bins.invalid:
        found.append(f"{counted_text(bins.invalid, 'read')} with an invalid time")
    return found


def empty(bins: Bins) -> str:
    """Why nothing is drawn; empty where something is."""
    if bins.span is not None:
        return ""
    return "No read here has a usable time." if bins.reads else "There are no reads to show over time."


def bin_words(bins: Bins, lane: int, place: int, zone: tzinfo | None) -> str:
    """What one bin of one camera holds."""
    if not 0 <= place < len(bins.edges) - 1 or not 0 <= lane < len(bins.lanes):
        return ""
    begin, end = int(bins.edges[place]), int(bins.edges[place + 1])
    reads = counted_text(int(bins.all.counts[lane, place]), "read")
    if bins.shown is not None:
        reads = f"{int(bins.shown.counts[lane, place]):,} of {reads} shown"
    parts = [bins.lanes[lane], range_text(begin, end, zone), reads]
    if bins.passes is not None:
        parts.append(counted_text(int(bins.passes[lane, place]), "pass"))
    mean = float(bins.counted.means[lane, place])
    if not isnan(mean):
        parts.append(f"mean confidence {mean:.1f}")
    for first, last in bins.silent[lane].tolist():
        if first < end and last > begin:
            parts.append(f"silent for {duration_text(last - first)}")
            break
    return " · ".join(parts)
