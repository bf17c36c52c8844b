"""A query against a store that grows: the rows of each table that it selects."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.query.times import Clock
from alprviewer.core.query.tree import Tree
from alprviewer.store.columns import Columns
from alprviewer.store.filter import Rows, evaluate
from alprviewer.store.filterrows import ProblemRows, ReadRows, SiblingRows, value_keys
from alprviewer.store.matchers import Matchers, Surroundings
from alprviewer.store.passrows import NO_ROW, PassTable
from alprviewer.store.select import table_of
from alprviewer.store.textmatch import Mask

IN_UTC = Clock()
NOTHING_AROUND = Surroundings()
TABLES = ("reads", "frames", "siblings", "problems")


class Filter:
    """A query, with what it has learned of the texts it met. Belongs to one thread at a time."""

    def __init__(
        self,
        tree: Tree,
        columns: Columns,
        clock: Clock = IN_UTC,
        around: Surroundings = NOTHING_AROUND,
    ) -> None:
        self.tree = tree
        self._columns = columns
        self._clock = clock
        self.still_wanted: Callable[[], bool] = lambda: True
        """Asked before each term; what takes long ends soon where it says no."""
        self._matchers = Matchers(columns, around)

    def select(self, table: str, rows: range | None = None) -> Array:
        """Row numbers that the query selects, ascending.

        Args:
            table: ``reads``, ``frames``, ``siblings`` or ``problems``.
            rows: only these, of reads those of whole frames; all where None.

        Raises:
            QueryError: a pattern is too complex for the texts it met.
            Cancelled: the rows are not wanted any more.
        """
        rows = range(len(table_of(self._columns, table))) if rows is None else rows
        begin, end = rows.start, max(rows.start, rows.stop)
        found: Mask = {
            "reads": self._reads,
            "frames": self._frames,
            "siblings": self._siblings,
            "problems": self._problems,
        }[table](begin, end)
        return np.flatnonzero(found) + begin

    def groups(self, group_of: Array, count: int) -> Mask:
        """Which groups of reads, as passes, have a read that satisfies the query; ``all(…)`` is of a group.

        Args:
            group_of: for each of the first reads the number of its group, negative for none.
            count: how many groups.
        """
        rows = ReadRows(self._matchers, 0, len(group_of), np.where(group_of < 0, count, group_of))
        found = np.zeros(count, bool)
        hits = group_of[self._evaluate(rows)]
        found[hits[hits >= 0]] = True
        return found

    def passes(self, table: PassTable) -> Array:
        """Rows of passes of which a read matches, ascending; Scout's groups match by themselves."""
        group_of = table.row_of_read.astype(np.int64)
        found = self.groups(np.where(table.row_of_read == NO_ROW, -1, group_of), len(table))
        sibling = table.rows.column("sibling")
        alone = np.flatnonzero(table.rows.column("best_read") == NO_ROW)
        if len(alone):
            found[alone] = self._siblings(0, len(self._columns.siblings))[sibling[alone]]
        return np.flatnonzero(found)

    def _evaluate(self, rows: Rows) -> Mask:
        return evaluate(self.tree, rows, self._clock, self.still_wanted)

    def _reads(self, begin: int, end: int) -> Mask:
        return self._evaluate(ReadRows(self._matchers, begin, end))

    def _frames(self, begin: int, end: int) -> Mask:
        """Frames of which a read matches."""
        found = np.zeros(end - begin, bool)
        firsts = self._columns.frames.part("first_read", begin, end)
        counts = self._columns.frames.part("reads", begin, end)
        with_reads = np.flatnonzero(counts)
        if len(with_reads):
            last = with_reads[-1]
            first_read, after = int(firsts[with_reads[0]]), int(firsts[last]) + int(counts[last])
            matching = self._reads(first_read, after)
            frames = self._columns.reads.part("frame", first_read, after)[matching]
            found[frames.astype(np.int64) - begin] = True
        return found

    def _siblings(self, begin: int, end: int) -> Mask:
        return self._evaluate(SiblingRows(self._matchers, begin, end))

    def _problems(self, begin: int, end: int) -> Mask:
        """Problems of a frame with reads as that frame, others by themselves."""
        found = self._evaluate(ProblemRows(self._matchers, begin, end))
        columns = self._columns
        # Frames may come meanwhile, and their reads after them: only what is complete counts.
        complete, count = len(columns.reads), len(columns.frames)
        names = ("source", "offset", "first_read", "reads")
        sources, offsets, firsts, reads = (columns.frames.part(name, 0, count) for name in names)
        frames = np.flatnonzero((reads > 0) & (firsts + reads <= complete))
        if end <= begin or not len(frames):
            return found
        keys = value_keys(sources[frames], offsets[frames])
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        wanted = value_keys(
            columns.problems.part("source", begin, end), columns.problems.part("value_offset", begin, end)
        )
        first = np.searchsorted(keys, wanted, side="left")
        after = np.searchsorted(keys, wanted, side="right")
        has_reads = after > first
        hits = np.concatenate(([0], np.cumsum(self._frames(0, int(frames[-1]) + 1)[frames][order])))
        found[has_reads] = hits[after[has_reads]] > hits[first[has_reads]]
        return found
