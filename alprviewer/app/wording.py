"""What the window says of its state, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from alprviewer.capture.capture import Source
from alprviewer.core.masking import mask_passwords
from alprviewer.core.passchange import PassChange
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trc, trn
from alprviewer.models.bridge import Loader
from alprviewer.models.shown import Shown
from alprviewer.sources.live.endpoint import is_live
from alprviewer.sources.messages import Condition
from alprviewer.views.statusline import byte_text


def title_of(name: str) -> str:
    """A source in few words: a file by its name, a live one by its address, without secrets."""
    return display_text(mask_passwords(name) if is_live(name) else Path(name).name or name)


def title(loader: Loader) -> str:
    """The window's title."""
    names = opening_text(loader.names)
    return f"{names} — alprviewer" if names else "alprviewer"


def source_being_read(loader: Loader) -> str:
    """Name of the source that is being read."""
    for source in loader.capture.sources:
        if not source.finished:
            return display_text(Path(source.name).name)
    return ""


def sources_text(loader: Loader) -> str:
    """State of the sources, once nothing is read any more."""
    sources = loader.capture.sources
    failed = sum(bool(source.failure) for source in sources)
    files = len({source.path for source in sources})
    facts = [trn("{count:,} file", "{count:,} files", files)]
    if failed:
        facts.append(trn("{count} not read to the end", "{count} not read to the end", failed))
    deleted, unreachable = (
        sum(source.condition is condition for source in sources)
        for condition in (Condition.DELETED, Condition.UNREACHABLE)
    )
    if deleted:
        facts.append(tr("deleted") if files == 1 else trn("{count} deleted", "{count} deleted", deleted))
    if unreachable:
        some = trn("{count} out of reach", "{count} out of reach", unreachable)
        facts.append(tr("out of reach") if files == 1 else some)
    waiting = sum(source.waiting for source in sources if not source.condition.is_end)
    text = ", ".join(facts)
    if not waiting:
        return text
    written = tr("a value is being written, {size} so far", size=byte_text(waiting))
    return f"{text} · {written}"


_TURNED = {
    Condition.DELETED: tr(
        "{name} was deleted while it was open. Its rows stay; should it come back, it is read on."
    ),
    Condition.UNREACHABLE: tr(
        "{name} cannot be read at the moment. Its rows stay; it is tried again and again."
    ),
    Condition.REPLACED: tr(
        "{name} was replaced by another file of that name. The rows of both are shown, those of the new one "
        "behind."
    ),
    Condition.TRUNCATED: tr(
        "{name} was truncated while it was open. The rows that were read stay, but their pictures and JSON "
        "are gone; what is written now follows behind."
    ),
    Condition.REWRITTEN: tr(
        "{name} was written anew while it was open. The rows that were read stay, but their pictures and "
        "JSON are gone; what it holds now follows behind."
    ),
    Condition.DAMAGED: tr(
        "The compressed data of {name} is damaged behind what was read; it is not followed any further."
    ),
}
READY, READ_AGAIN = tr("Ready"), tr("Read again")


def turned_text(source: Source) -> tuple[str, str]:
    """What has become of a source, and the words of a button that helps; nothing where all is well."""
    if source.condition is Condition.FINE:
        return "", ""
    is_gone = source.condition in (Condition.TRUNCATED, Condition.REWRITTEN)
    name = display_text(Path(source.name).name)
    return _TURNED[source.condition].format(name=name), READ_AGAIN if is_gone else ""


def opening_text(names: list[str]) -> str:
    """The sources in few words: the first, and how many more."""
    if not names:
        return ""
    first, more = title_of(names[0]), len(names) - 1
    return trn("{name} and {count} more", "{name} and {count} more", more, name=first) if more else first


def counts_text(loader: Loader) -> str:
    """Frames, reads and, as far as they are known, passes."""
    columns = loader.capture.columns
    if not loader.is_open:
        return ""
    frames = trn("{count:,} frame", "{count:,} frames", len(columns.frames))
    passes = len(columns.passes)
    return " · ".join([frames, _reads(len(columns.reads)), *([_passes(passes)] if passes else [])])


def day_text(shown: Shown, zone_name: str) -> str:
    """The day of what is selected where tables show times of day only."""
    if shown.frame is None or shown.frame.epoch_time is None:
        return ""
    zone = UTC if zone_name == "UTC" else None
    moment = datetime.fromtimestamp(shown.frame.epoch_time // 1000, UTC).astimezone(zone)
    return tr(
        "{weekday}, {day} {month} {year}",
        weekday=_WEEKDAYS[moment.weekday()],
        day=moment.day,
        month=_MONTHS[moment.month - 1],
        year=moment.year,
    )


_WEEKDAYS = (
    tr("Monday"),
    tr("Tuesday"),
    tr("Wednesday"),
    tr("Thursday"),
    tr("Friday"),
    tr("Saturday"),
    tr("Sunday"),
)
_MONTHS = (
    tr("January"),
    tr("February"),
    tr("March"),
    tr("April"),
    trc("month", "May"),
    tr("June"),
    tr("July"),
    tr("August"),
    tr("September"),
    tr("October"),
    tr("November"),
    tr("December"),
)


def change_text(change: PassChange | None) -> str:
    """What other rules would do to the passes of the open capture; None while that is not known yet."""
    if change is None:
        return tr("Looking at the passes of the open capture…")
    if not (change.split or change.joined):
        return tr("In the open capture this changes nothing: {passes}.", passes=_passes(change.after))
    return tr(
        "The open capture would have {passes} instead of {before:,}: {split} split, {joined} joined with "
        "others; {moved:,} of {reads} would move to another pass.",
        passes=_passes(change.after),
        before=change.before,
        split=_some(change.split),
        joined=_some(change.joined),
        moved=change.moved,
        reads=_reads(change.reads),
    )


def _some(passes: int) -> str:
    return f"{passes:,}" if passes else trc("passes", "none")


def _reads(count: int) -> str:
    return trn("{count:,} read", "{count:,} reads", count)


def _passes(count: int) -> str:
    return trn("{count:,} pass", "{count:,} passes", count)
