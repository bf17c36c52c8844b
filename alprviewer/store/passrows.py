"""The passes as a table to browse: made anew as a whole when others are found."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.store.tables import Dictionary, Table

NO_ROW = 0xFFFFFFFF
PASS_ROW_DTYPE = np.dtype(
    [
        (
            "number",
            "u4",
        ),  # of the pass in ``Passes``; NO_ROW for one of Scout's groups that stands for a pass
        ("sibling", "u4"),  # row of Scout's group: the pass itself, or one that names frames of it
        ("start", "i8"),  # UTC milliseconds
        ("duration", "i8"),  # milliseconds
        ("camera_id", "i8"),
        ("first_read", "u4"),  # row; NO_ROW for a group
        ("best_read", "u4"),  # row of the read with the highest confidence; NO_ROW for a group
        ("best_plate", "u4"),  # code: what that read, or the group, says
        ("confidence", "f4"),  # percent, of the same
        ("region", "u4"),  # code, of the same
        ("consensus", "u4"),  # code in ``PassTable.texts``
        ("probability", "f4"),  # percent
        ("weighed", "u1"),  # 0 where nobody has looked for a consensus yet
        ("reads", "i8"),  # of a group how many frames it names
        ("spellings", "i8"),  # different observed plates; absent for a group
        ("agrees", "i8"),  # reads that observe the consensus; absent without one
        ("agreement", "f4"),  # percent of the reads that do
    ]
)
LINK_ROW_DTYPE = np.dtype([("sibling", "i8"), ("row", "i8"), ("frames", "i8")])
"""One of Scout's groups, a pass, and how many of the frames that the group lists show a read of the pass; 0:
the best one alone, which is not on its list."""


@dataclass(frozen=True)
class PassTable:
    """Passes in the order of their beginning.

    Attributes:
        rows: ``PASS_ROW_DTYPE``.
        texts: the consensus plates that ``consensus`` codes.
        ids: text ids; None for Scout's groups.
        row_of_read: of each of the first reads the row of its pass, ``NO_ROW`` for none.
        row_of_sibling: the same of siblings: groups that are passes, or are linked with one; where a group is
            linked with several, the one with most of its frames.
        links: ``LINK_ROW_DTYPE``, by sibling, that pass first.
        present: of each sibling how many of the frames that it lists are there.
    """

    rows: Table = field(default_factory=lambda: Table(PASS_ROW_DTYPE, 0))
    texts: Dictionary = field(default_factory=Dictionary)
    ids: tuple[str | None, ...] = ()
    row_of_read: Array = field(default_factory=lambda: np.empty(0, np.uint32))
    row_of_sibling: Array = field(default_factory=lambda: np.empty(0, np.uint32))
    links: Array = field(default_factory=lambda: np.empty(0, LINK_ROW_DTYPE))
    present: Array = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.rows)

    def of_read(self, read: int) -> int | None:
        """The row of a read's pass; None where it has none, or is too new."""
        return _row(self.row_of_read, read)

    def of_sibling(self, sibling: int) -> int | None:
        """The row of the pass that a group is, or is linked with."""
        return _row(self.row_of_sibling, sibling)

    def reads_of(self, row: int) -> Array:
        """Rows of a pass's reads, ascending, those of frames that were delivered twice included."""
        return np.flatnonzero(self.row_of_read == row)

    def siblings_of(self, row: int) -> Array:
        """Rows of Scout's groups that a pass is, or is linked with, ascending."""
        linked = self.links["sibling"][self.links["row"] == row]
        return np.union1d(linked, np.flatnonzero(self.row_of_sibling == row))

    def links_of(self, sibling: int) -> Array:
        """The passes that a group is linked with, the one with most of its frames first."""
        begin, end = np.searchsorted(self.links["sibling"], [sibling, sibling + 1])
        return self.links[begin:end]

    def frames_present(self, sibling: int) -> int | None:
        """How many of the frames that a group lists are there; None where nobody has looked yet."""
        return int(self.present[sibling]) if sibling < len(self.present) else None

    def subject(self, row: int) -> tuple[str, int]:
        """What stands for a pass where one value is shown: its best read, or Scout's group; table and row."""
        best = int(self.rows.column("best_read")[row])
        return ("reads", best) if best != NO_ROW else ("siblings", int(self.rows.column("sibling")[row]))

    def places_in(self, other: PassTable) -> Array:
        """The row of each pass in a later table; -1 for those that are gone.

        A pass is known by its first read, a group by its own row.
        """
        places = np.full(len(self), -1, np.int64)
        for name, theirs in (("sibling", other.row_of_sibling), ("first_read", other.row_of_read)):
            mine = self.rows.column(name).astype(np.int64)
            known = np.flatnonzero(mine < len(theirs))
            found = theirs[mine[known]]
            places[known[found != NO_ROW]] = found[found != NO_ROW]
        # Of passes that became one, one goes on.
        _, first = np.unique(places, return_index=True)
        kept = np.full(len(self), -1, np.int64)
        kept[first] = places[first]
        return kept


def _row(rows: Array, place: int) -> int | None:
    row = int(rows[place]) if place < len(rows) else NO_ROW
    return None if row == NO_ROW else row
