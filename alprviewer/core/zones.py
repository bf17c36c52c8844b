"""Between instants and what clocks in a zone show.

Instants are UTC milliseconds since 1970; a clock's reading is the milliseconds since 1970 of a clock that was
never put forward or back. A zone of None is the local one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.frame import MIN_EPOCH_MS

QUARTER = 15 * 60_000
"""Zones are ahead by whole quarters of an hour, and change at quarters of an hour of UTC."""
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a clock somewhere, not an instant


def instant_of(reading: int, zone: tzinfo | None) -> int:
    """The instant of a clock's reading; of two the first, of none (an hour left out) what follows."""
    naive = _EPOCH + timedelta(milliseconds=reading)
    local = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
    return (local.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def offset_at(instant: int, zone: tzinfo | None) -> int:
    """Milliseconds that clocks in a zone are ahead of UTC at an instant."""
    if zone is UTC:
        return 0
    offset = datetime.fromtimestamp(instant // 1000, UTC).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // timedelta(milliseconds=1)


def readings(instants: Array, zone: tzinfo | None) -> Array:
    """What clocks show at instants from 1973 on; absent and invalid ones stay far below all others."""
    instants = instants.astype(np.int64, copy=False)  # a column that has no values yet may be of bytes
    if zone is UTC:
        return instants
    quarters = np.maximum(instants, MIN_EPOCH_MS) // QUARTER
    # Instants lie between 1973 and 2286: some ten million quarters of an hour at most.
    first = MIN_EPOCH_MS // QUARTER
    last = int(quarters.max(initial=first))
    seen = np.zeros(last - first + 1, bool)
    seen[quarters - first] = True
    offsets = np.zeros(len(seen), np.int64)
    for quarter in np.flatnonzero(seen).tolist():
        offsets[quarter] = offset_at((quarter + first) * QUARTER, zone)
    # The lowest integers are no instants, and would become very high ones where clocks are behind UTC.
    return np.where(instants < MIN_EPOCH_MS, instants, instants + offsets[quarters - first])
