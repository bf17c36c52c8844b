"""How a live source is, as values for whoever shows it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum

from alprviewer.capture.receiving import Receiving
from alprviewer.core.masking import mask_passwords
from alprviewer.sources.live.counters import Counters

SLOT_S = 2.0
"""Seconds of one slot of ``Standing.beats``."""
SLOTS = 90
_RATE_SLOTS = 3


class State(Enum):
    """What a live source does now."""

    CONNECTING = "connecting"
    QUIET = "ready, nothing has come yet"
    RECEIVING = "receiving"
    SILENT = "silent"
    RETRYING = "reconnecting"
    STOPPED = "stopped"

    @property
    def is_bad(self) -> bool:
        """True where somebody should look after it."""
        return self in (State.SILENT, State.RETRYING, State.STOPPED)


@dataclass(frozen=True)
class Standing:
    """How a live source is.

    Attributes:
        url: its address, secrets masked; of a listener with the port that it has.
        since: since when it is silent, seconds since 1970; 0 where it is not.
        retry_in: seconds until it is tried again; 0 where nothing waits for that.
        rate: values a second, over the last seconds.
        lag: seconds from the time of the newest frame to its showing; None where no frame was shown.
        waiting: values that are kept and not shown yet.
        cameras: names that heartbeats told.
        beats: values in each of the last slots, oldest first; None before the source was opened.
    """

    url: str
    state: State
    counters: Counters
    since: float = 0.0
    retry_in: float = 0.0
    rate: float = 0.0
    lag: float | None = None
    waiting: int = 0
    last_error: str = ""
    cameras: tuple[str, ...] = ()
    beats: tuple[int | None, ...] = ()

    @property
    def silence(self) -> int:
        """Slots at the end in which nothing came."""
        count = 0
        for beat in reversed(self.beats):
            if beat != 0:
                break
            count += 1
        return count


@dataclass
class Rhythm:
    """When values came: how many in each slot of time.

    Attributes:
        begun: seconds, of any clock that goes forward.
    """

    begun: float
    _slots: deque[list[float]] = field(default_factory=lambda: deque(maxlen=SLOTS + 1))
    _total: int = 0

    def add(self, now: float, total: int) -> None:
        """So many values have come by now, all in all."""
        slot = now // SLOT_S
        if total > self._total:
            if not self._slots or self._slots[-1][0] < slot:
                self._slots.append([slot, 0])
            self._slots[-1][1] += total - self._total
            self._total = total

    def rate(self, now: float) -> float:
        """Values a second, over the slots that are over and the one that is not."""
        first = now // SLOT_S - _RATE_SLOTS
        seconds = now - max(first * SLOT_S, self.begun)
        count = sum(count for slot, count in self._slots if slot >= first)
        return count / seconds if seconds > 0 else 0.0

    def beats(self, now: float) -> tuple[int | None, ...]:
        """Values in each of the last slots, oldest first; None before it began."""
        last, counts = int(now // SLOT_S), {int(slot): int(count) for slot, count in self._slots}
        begun = int(self.begun // SLOT_S)
        return tuple(
            counts.get(slot, 0) if slot >= begun else None for slot in range(last - SLOTS + 1, last + 1)
        )


@dataclass
class Backlog:
    """How many values wait to be shown, from the bytes that do and what was counted since none did."""

    _values: int = 0
    _bytes: int = 0

    def values(self, counters: Counters, unread: int) -> int:
        """An estimate, exact where nothing was shown since; at least one where bytes wait."""
        if unread <= 0:
            self._values, self._bytes = counters.values, counters.spooled_bytes
            return 0
        values, size = counters.values - self._values, counters.spooled_bytes - self._bytes
        return max(round(values * min(unread / size, 1.0)), 1) if size > 0 else 1


def state_of(receiving: Receiving, now: float, silent_after: float) -> tuple[State, float]:
    """What a source does, and since when it is silent (seconds since 1970; 0 where it is not).

    Args:
        receiving: the source.
        now: seconds since 1970.
        silent_after: seconds without a value after which a source counts as silent.
    """
    counters = receiving.counters
    if not receiving.is_running:
        return State.STOPPED, 0.0
    if counters.retry_at:
        return State.RETRYING, 0.0
    if counters.state in ("starting", "connecting"):
        return State.CONNECTING, 0.0
    last = max(counters.last_at, receiving.begun)
    if now - last > silent_after:
        return State.SILENT, last
    return (State.RECEIVING if counters.last_at else State.QUIET), 0.0


def shown_url(receiving: Receiving) -> str:
    """The address of a source for people."""
    return mask_passwords(receiving.counters.place or receiving.order.url)
