"""Stretches of time at a camera that no link between reads reaches out of: they are independent."""

from __future__ import annotations

import numpy as np

from alprviewer.core.batch import Array


def stretch_starts(camera: Array, time: Array, reach_ms: int) -> Array:
    """Where stretches begin that no link reaches out of, for reads sorted by camera and time.

    Returns:
        Places, ascending; the first is 0 where there is any read.
    """
    if not len(camera):
        return np.empty(0, np.int64)
    broken = (np.diff(camera) != 0) | (np.diff(time) > reach_ms)
    return np.concatenate(([0], np.flatnonzero(broken) + 1))
