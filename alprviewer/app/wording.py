"""What the window says of its state, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from alprviewer.capture.capture import Source
from alprviewer.core.masking import mask_passwords
from alprviewer.core.passchange import PassChange
from alprviewer.core.plates import display_text
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
    names = [title_of(name) for name in loader.names]
    if not names:
        return "alprviewer"
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0]}{more} — alprviewer"


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
    text = _counted(files, "file")
    if failed:
        text += f", {failed} not read to the end"
    for condition, words in _STATES.items():
        count = sum(source.condition is condition for source in sources)
        if count:
            text += f", {words}" if files == 1 else f", {count} {words}"
    waiting = sum(source.waiting for source in sources if not source.condition.is_end)
    return f"{text} · a value is being written, {byte_text(waiting)} so far" if waiting else text


_STATES = {Condition.DELETED: "deleted", Condition.UNREACHABLE: "out of reach"}
_TURNED = {
    Condition.DELETED: "{name} was deleted while it was open. Its rows stay; should it come back, it is "
    "read on.",
    Condition.UNREACHABLE: "{name} cannot be read at the moment. Its rows stay; it is tried again and again.",
    Condition.REPLACED: "{name} was replaced by another file of that name. The rows of both are shown, "
    "those of the new one behind.",
    Condition.TRUNCATED: "{name} was truncated while it was open. The rows that were read stay, but their "
    "pictures and JSON are gone; what is written now follows behind.",
    Condition.REWRITTEN: "{name} was written anew while it was open. The rows that were read stay, but their "
    "pictures and JSON are gone; what it holds now follows behind.",
    Condition.DAMAGED: "The compressed data of {name} is damaged behind what was read; it is not followed "
    "any further.",
}
READ_AGAIN = "Read again"


def turned_text(source: Source) -> tuple[str, str]:
    """What has become of a source, and the words of a button that helps; nothing where all is well."""
    if source.condition is Condition.FINE:
        return "", ""
    is_gone = source.condition in (Condition.TRUNCATED, Condition.REWRITTEN)
    name = display_text(Path(source.name).name)
    return _TURNED[source.condition].format(name=name), READ_AGAIN if is_gone else ""


def opening_text(names: list[str]) -> str:
    """What is being looked for."""
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{title_of(names[0])}{more}" if names else ""


def counts_text(loader: Loader) -> str:
    """Frames, reads and, as far as they are known, passes."""
    columns = loader.capture.columns
    if not loader.is_open:
        return ""
    counted = f"{_counted(len(columns.frames), 'frame')} · {_counted(len(columns.reads), 'read')}"
    passes = len(columns.passes)
    return f"{counted} · {_counted(passes, 'pass', 'es')}" if passes else counted


def day_text(shown: Shown, zone_name: str) -> str:
    """The day of what is selected where tables show times of day only."""
    if shown.frame is None or shown.frame.epoch_time is None:
        return ""
    zone = UTC if zone_name == "UTC" else None
    moment = datetime.fromtimestamp(shown.frame.epoch_time // 1000, UTC).astimezone(zone)
    return f"{moment:%A, %-d %B %Y}"


def change_text(change: PassChange | None) -> str:
    """What other rules would do to the passes of the open capture; None while that is not known yet."""
    if change is None:
        return "Looking at the passes of the open capture…"
    if not (change.split or change.joined):
        return f"In the open capture this changes nothing: {_counted(change.after, 'pass', 'es')}."
    return (
        f"The open capture would have {_counted(change.after, 'pass', 'es')} instead of {change.before:,}: "
        f"{_some(change.split)} split, {_some(change.joined)} joined with others; "
        f"{change.moved:,} of {_counted(change.reads, 'read')} would move to another pass."
    )


def _some(count: int) -> str:
    return f"{count:,}" if count else "none"


def _counted(count: int, word: str, ending: str = "s") -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}{ending}"
