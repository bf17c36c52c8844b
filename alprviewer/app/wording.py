"""What the window says of its state, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from alprviewer.core.plates import display_text
from alprviewer.models.bridge import Loader
from alprviewer.models.shown import Shown


def title(loader: Loader) -> str:
    """The window's title."""
    names = [display_text(Path(name).name or name) for name in loader.names]
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
    text = f"{len(sources)} {'file' if len(sources) == 1 else 'files'}"
    return f"{text}, {failed} not read to the end" if failed else text


def counts_text(loader: Loader) -> str:
    """Frames and reads."""
    columns = loader.capture.columns
    if not loader.capture.sources:
        return ""
    return f"{_counted(len(columns.frames), 'frame')} · {_counted(len(columns.reads), 'read')}"


def day_text(shown: Shown, zone_name: str) -> str:
    """The day of what is selected where tables show times of day only."""
    if shown.frame is None or shown.frame.epoch_time is None:
        return ""
    zone = UTC if zone_name == "UTC" else None
    moment = datetime.fromtimestamp(shown.frame.epoch_time // 1000, UTC).astimezone(zone)
    return f"{moment:%A, %-d %B %Y}"


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
