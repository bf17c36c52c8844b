"""Which rows of a table are shown: those that a selection elsewhere leaves, and a filter lets through."""

from __future__ import annotations

import numpy as np

from alprviewer.core.batch import Array


class RowChoice:
    """Two choices among the rows of a table, each None where it leaves all of them.

    Attributes:
        narrow: rows of what is selected in another table, ascending.
        matching: rows that a filter lets through, ascending.
    """

    def __init__(self) -> None:
        self.narrow: Array | None = None
        self.matching: Array | None = None

    @property
    def is_part(self) -> bool:
        """True if not all rows are chosen, or might not be."""
        return self.narrow is not None or self.matching is not None

    def rows(self, count: int) -> Array:
        """The rows chosen, ascending, of a table of so many."""
        if self.matching is None:
            return np.arange(count, dtype=np.uint32) if self.narrow is None else self.narrow
        if self.narrow is None:
            return self.matching
        return np.intersect1d(self.narrow, self.matching, assume_unique=True)

    def restart(self) -> None:
        """Another table: nothing is selected, and no row has been found to match yet."""
        self.narrow = None
        if self.matching is not None:
            self.matching = np.empty(0, np.uint32)

    def take_back(self, gone: range) -> None:
        """Rows were removed; those behind them have moved up."""
        self.narrow, self.matching = _without(self.narrow, gone), _without(self.matching, gone)


def _without(chosen: Array | None, gone: range) -> Array | None:
    if chosen is None:
        return None
    kept = chosen[(chosen < gone.start) | (chosen >= gone.stop)]
    return np.where(kept >= gone.stop, kept - np.uint32(len(gone)), kept)
