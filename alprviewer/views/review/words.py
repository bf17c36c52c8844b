"""What review mode says of an item, in words."""

from __future__ import annotations

from alprviewer.capture.export import utc_text
from alprviewer.core.decision import Scope
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trn
from alprviewer.models.decided import said_differently, spoken
from alprviewer.models.reviewsight import Sight


def caption_text(sight: Sight, derived: str) -> str:
    """Under the cells: what is consensus, what was observed, of which camera and when."""
    read, facts = sight.shown.read, sight.facts
    parts: list[str] = []
    if sight.masked:
        parts.append(tr("Blind: type what you read, Enter saves · Esc, then X, U or S for another verdict"))
    else:
        if sight.scope is Scope.PASS and facts.consensus is not None:
            certain = "" if facts.probability is None else f", {100 * facts.probability:.1f} %"
            count = len(facts.reads)
            parts.append(trn("consensus of {count} reads", "consensus of {count} reads", count) + certain)
        elif sight.scope is Scope.PASS:
            parts.append(
                trn(
                    "no consensus of {count} reads; best read above",
                    "no consensus of {count} reads; best read above",
                    len(facts.reads),
                )
            )
        if read is not None:
            observed = display_text(read.plate, 24) if read.plate else "—"
            if read.confidence is None:
                parts.append(tr("observed {plate}", plate=observed))
            else:
                parts.append(
                    tr("observed {plate} at {confidence:.1f}", plate=observed, confidence=read.confidence)
                )
            if read.region:
                parts.append(display_text(read.region, 20))
    if derived:
        parts.append(tr("picture: {changes}", changes=derived))
    return " · ".join(parts)


def standing_text(sight: Sight) -> str:
    """What the journal says of the item: the resolved plate, or who disagrees."""
    standing = sight.standing
    parts: list[str] = []
    if standing.disputed and not sight.answers:
        parts.append(tr("Disputed: {answers}", answers=said_differently(standing.verdicts)))
    elif standing.decision is not None:
        entry = standing.decision.entry
        before = [each for each in standing.verdicts if not each.entry.adjudicates]
        settled = tr(
            "Settled: {answer}, by {reviewer}; {answers}",
            answer=spoken(entry),
            reviewer=entry.reviewer,
            answers=said_differently(before),
        )
        resolved = tr("Resolved: {answer}, by {reviewer}", answer=spoken(entry), reviewer=entry.reviewer)
        parts += filter(None, (settled if entry.adjudicates else resolved, entry.reason))
        if standing.known is not None:
            parts.append(tr("a known answer, to check others with"))
    if standing.marked:
        parts.append(tr("marked"))
    if standing.tags:
        parts.append(", ".join(sorted(standing.tags)))
    parts += [each.entry.note or "" for each in standing.notes]
    return display_text(" · ".join(parts), 400)


def place_text(sight: Sight) -> str:
    """Which item it is, of which camera and when."""
    parts = [tr("Item {number:,} of {total:,}", number=sight.at + 1, total=sight.total)]
    frame = sight.shown.frame
    if sight.camera:
        parts.append(tr("camera {camera}", camera=display_text(sight.camera, 40)))
    if frame is not None and frame.epoch_time is not None:
        parts.append(utc_text(frame.epoch_time) or "—")
    return "\n".join(parts)
