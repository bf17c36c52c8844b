"""What a live source counts. Light to import: whoever shows the numbers need not be able to receive."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alprviewer.sources.spool.writer import Kept


@dataclass
class Counters:
    """What a source did so far, and how it is.

    Attributes:
        state: one word or two for a person.
        received_bytes: as they came, before decompression.
        values, frames, spooled_bytes: kept.
        duplicates: values that had been kept before.
        rejected: pieces that could not be framed.
        unknown: values kept that hold nothing that the program shows.
        acknowledged: messages that the sender was told are safe.
        refused: messages that were turned away, and connections that were cut for what they did.
        missed: known to have existed, and not kept: gone before they could be looked at, or not writable.
        connections: open now.
        made: connections that were made, all in all.
        last_error: one sentence.
        last_at: when the last value was kept, seconds since 1970; 0 if there was none.
        retry_at: when a connection is tried again, seconds since 1970; 0 while there is no need.
        place: the URL at which a listener listens, with the port that it has; empty of all others.
    """

    state: str = "starting"
    received_bytes: int = 0
    values: int = 0
    frames: int = 0
    spooled_bytes: int = 0
    duplicates: int = 0
    rejected: int = 0
    unknown: int = 0
    acknowledged: int = 0
    refused: int = 0
    missed: int = 0
    connections: int = 0
    made: int = 0
    last_error: str = ""
    last_at: float = 0.0
    retry_at: float = 0.0
    place: str = ""

    def add(self, kept: Kept) -> None:
        """Count what was kept."""
        self.values += kept.values
        self.frames += kept.frames
        self.spooled_bytes += kept.bytes
        self.duplicates += kept.duplicates
        self.rejected += kept.rejected
        self.unknown += kept.unknown

    def behind(self, before: Counters) -> Counters:
        """These, with the counts of an earlier run of the same source added."""
        sums = {name: getattr(self, name) + getattr(before, name) for name in _COUNTS}
        return replace(self, **sums, last_at=max(self.last_at, before.last_at))


_COUNTS = tuple(each.name for each in fields(Counters) if each.type == "int" and each.name != "connections")
