"""The column that marks what is listed, in the tables of reads and passes."""

from __future__ import annotations

from alprviewer.core.batch import Array
from alprviewer.core.listed import Listed
from alprviewer.language import tr
from alprviewer.models.cells import ABSENT_TEXT, ColumnSpec, Context
from alprviewer.review.listing import sighting
from alprviewer.store.listed import Sighting
from alprviewer.store.select import LISTED

IS_LISTED, NEAR_LISTED = "= ", "≈ "
"""Before a listed plate: a row says it, or something near it."""


def listed_marks(table: str) -> ColumnSpec:
    """The column of ``reads`` or ``passes`` that marks what is listed."""

    def sightings(context: Context, rows: Array) -> list[Sighting | None]:
        columns = context.capture.columns
        states = columns.listed_states(table, rows).tolist()
        return [
            sighting(columns, table, row) if state else None
            for row, state in zip(rows.tolist(), states, strict=True)
        ]

    def texts(context: Context, rows: Array) -> list[str]:
        return [ABSENT_TEXT if each is None else _mark(each) for each in sightings(context, rows)]

    def words(context: Context, rows: Array) -> list[str]:
        return ["" if each is None else each.words for each in sightings(context, rows)]

    return ColumnSpec(
        LISTED,
        tr("Listed"),
        texts,
        f"{IS_LISTED}AB12CDE",
        kind="listed",
        shown=False,
        tip=tr(
            "The listed plate: = is what was read, or what the pass supports; ≈ is near it, or a candidate."
        ),
        explain=words,
    )


def _mark(found: Sighting) -> str:
    return (IS_LISTED if found.listed is Listed.EXACT else NEAR_LISTED) + found.hit.plate
