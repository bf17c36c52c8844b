"""What a sender may ask for, and how all of them share what there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alprviewer.sources.spool.values import MAX_MESSAGE


@dataclass(frozen=True)
class Limits:
    """Limits of one source.

    Attributes:
        message: bytes of one message, decompressed.
        header: bytes of the header of a web request.
        connections: at a time; one more, and the one that brought nothing for longest has to go.
        pending: bytes that all connections together may leave waiting for their end.
        bytes_per_second: of all connections together; beyond it senders wait.
        values_per_second: of all connections together.
        request_seconds: in which a request must be whole; a second more for every ``slowest`` bytes of it.
        slowest: bytes a second that a sender must reach.
        stalled_seconds: in which a value that was begun must go on.
        idle_seconds: in which a kept connection must bring the next request.
        durable_seconds: in which a message must be durable to be answered.
    """

    message: int = MAX_MESSAGE
    header: int = 64 * 1024
    connections: int = 256
    pending: int = 256 * 2**20
    bytes_per_second: int = 256 * 2**20
    values_per_second: int = 20_000
    request_seconds: float = 15.0
    slowest: int = 64 * 1024
    stalled_seconds: float = 60.0
    idle_seconds: float = 75.0
    durable_seconds: float = 1.0


class Pace:
    """A rate that is not exceeded, and a second's worth of it that may come at once.

    Args:
        rate: units a second.
        clock: seconds that only go forward.
    """

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._free_at = clock() - 1.0

    def take(self, amount: float) -> float:
        """Take an amount. Returns the seconds to wait before the next one."""
        now = self._clock()
        self._free_at = max(self._free_at, now - 1.0) + amount / self._rate
        return max(self._free_at - now, 0.0)


class Backoff:
    """Pauses between attempts: each may be twice as long as the one before, and chance sets it.

    Args:
        chance: gives a number from 0 to 1.
        first, longest: seconds.
    """

    def __init__(self, chance: Callable[[], float], first: float = 0.5, longest: float = 60.0) -> None:
        self._chance = chance
        self._first = first
        self._longest = longest
        self._next = first

    def pause(self) -> float:
        """The seconds to wait now: from half of the pause to all of it."""
        pause = self._next * (1 + self._chance()) / 2
        self._next = min(self._next * 2, self._longest)
        return pause

    def worked(self) -> None:
        """An attempt was of use: begin with short pauses again."""
        self._next = self._first
