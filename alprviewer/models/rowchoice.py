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

    def renumber(self, places: Array) -> None:
        """Rows have other numbers now, or are gone (-1)."""
        self.narrow, self.matching = _renumbered(self.narrow, places), _renumbered(self.matching, places)


def _renumbered(chosen: Array | None, places: Array) -> Array | None:
    if chosen is None:
        return None
    now = places[chosen]
    return np.sort(now[now >= 0]).astype(np.uint32)
