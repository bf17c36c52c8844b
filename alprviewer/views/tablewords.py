"""What is said of the tables of a capture, by their names in the store."""

from __future__ import annotations

from typing import NamedTuple

from alprviewer.language import tr


class TableWords(NamedTuple):
    """The words of one table.

    Attributes:
        table: the table itself, for a screen reader.
        all: the button that shows all of its rows.
        sort: the button that gives new rows their places.
        empty: what is said where it has no rows.
    """

    table: str
    all: str
    sort: str
    empty: str


WORDS = {
    "passes": TableWords(
        tr("Passes table"), tr("Show all passes"), tr("Sort in the new passes"), tr("No passes here.")
    ),
    "reads": TableWords(
        tr("Reads table"), tr("Show all reads"), tr("Sort in the new reads"), tr("No reads here.")
    ),
    "frames": TableWords(
        tr("Frames table"), tr("Show all frames"), tr("Sort in the new frames"), tr("No frames here.")
    ),
    "siblings": TableWords(
        tr("Siblings table"),
        tr("Show all siblings"),
        tr("Sort in the new siblings"),
        tr("No groups, alerts, vehicles or heartbeats here."),
    ),
    "problems": TableWords(
        tr("Problems table"),
        tr("Show all problems"),
        tr("Sort in the new problems"),
        tr("No problems were found."),
    ),
}
