"""What the timeline says in words: of all that is shown, and of one bin of one camera."""

from __future__ import annotations

from datetime import tzinfo
from math import isnan

from alprviewer.core.timeline import duration_text, range_text
from alprviewer.language import tr, trn
from alprviewer.models.timeline import Bins

MEASURES = {"reads": tr("Reads"), "passes": tr("Passes"), "confidence": tr("Mean confidence")}
"""What the bars may stand for."""
TIPS = {
    "reads": tr("Bars stand for reads"),
    "passes": tr("Bars stand for passes"),
    "confidence": tr("Bars stand for mean confidence"),
}


def heading(bins: Bins, measure: str, zone: tzinfo | None) -> str:
    """What is counted, in which bins, from when to when, and what cannot be shown."""
    if bins.span is None:
        return ""
    parts = [
        tr("{measure} per {step}", measure=MEASURES[measure], step=bins.step.words),
        range_text(int(bins.edges[0]), int(bins.edges[-1]), zone),
    ]
    if bins.shown is not None:
        parts.append(tr("strong: matches the filter"))
    return " · ".join(parts + timeless(bins))


def timeless(bins: Bins) -> list[str]:
    """How many reads have no time, or an unusable one: they stand nowhere."""
    found = []
    if bins.absent:
        found.append(trn("{count:,} read without a time", "{count:,} reads without a time", bins.absent))
    if bins.invalid:
        invalid = bins.invalid
        found.append(
            trn("{count:,} read with an invalid time", "{count:,} reads with an invalid time", invalid)
        )
    return found


def empty(bins: Bins) -> str:
    """Why nothing is drawn; empty where something is."""
    if bins.span is not None:
        return ""
    return (
        tr("No read here has a usable time.") if bins.reads else tr("There are no reads to show over time.")
    )


def reads_text(count: int) -> str:
    """``1 read``, ``12 reads``."""
    return trn("{count:,} read", "{count:,} reads", count)


def bin_words(bins: Bins, lane: int, place: int, zone: tzinfo | None) -> str:
    """What one bin of one camera holds."""
    if not 0 <= place < len(bins.edges) - 1 or not 0 <= lane < len(bins.lanes):
        return ""
    begin, end = int(bins.edges[place]), int(bins.edges[place + 1])
    count = int(bins.all.counts[lane, place])
    reads = reads_text(count)
    if bins.shown is not None:
        shown = int(bins.shown.counts[lane, place])
        reads = trn(
            "{shown:,} of {count:,} read shown", "{shown:,} of {count:,} reads shown", count, shown=shown
        )
    parts = [bins.lanes[lane], range_text(begin, end, zone), reads]
    if bins.passes is not None:
        parts.append(trn("{count:,} pass", "{count:,} passes", int(bins.passes[lane, place])))
    mean = float(bins.counted.means[lane, place])
    if not isnan(mean):
        parts.append(tr("mean confidence {mean:.1f}", mean=mean))
    for first, last in bins.silent[lane].tolist():
        if first < end and last > begin:
            parts.append(tr("silent for {time}", time=duration_text(last - first)))
            break
    return " · ".join(parts)
