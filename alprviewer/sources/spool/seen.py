"""Which values were kept before, so that one that is sent again is counted and not kept twice."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

REMEMBERED = 200_000
"""Values that are remembered: an hour at 50 a second. Senders repeat within seconds or minutes."""
_KEY_BYTES = 16


class Seen:
    """The digests of the newest values. About 20 MB when full."""

    def __init__(self, capacity: int = REMEMBERED) -> None:
        self._capacity = capacity
        self._keys: dict[bytes, None] = {}

    def __contains__(self, digest: bytes) -> bool:
        return digest[:_KEY_BYTES] in self._keys

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, digests: Iterable[bytes]) -> None:
        """Remember these; the oldest are forgotten."""
        self._keys.update((digest[:_KEY_BYTES], None) for digest in digests)
        excess = len(self._keys) - self._capacity
        for key in list(islice(self._keys, max(excess, 0))):
            del self._keys[key]
