"""Finding the row of a table that people mean by its number or its time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.errors import UserError
from alprviewer.core.goto import parse_target
from alprviewer.core.states import absent
from alprviewer.language import tr
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.store.select import table_of


def place_of(model: RowsModel, text: str, now: int | None) -> int:
    """The place, from 0, of the row that is meant among those shown.

    Args:
        model: the table.
        text: a row number, or a time: then the earliest row that is not before it, else the latest one.
        now: the place of the current row, whose day is meant where none is typed; None where there is none.

    Raises:
        UserError: there is no such row, or the text says nothing of the kind.
    """
    count = model.rowCount()
    if not count:
        raise UserError(tr("There are no rows to go to."))
    times = _times(model)
    known = np.empty(0, bool) if times is None else times > absent("i8") + 1
    target = parse_target(text, model.zone(), _day(model, times, known, now))
    if target.row is not None:
        if not 1 <= target.row <= count:
            said = tr(
                "There is no row {row:,}; the rows go from 1 to {count:,}.", row=target.row, count=count
            )
            raise UserError(said)
        return target.row - 1
    if times is None or not known.any():
        raise UserError(tr("These rows have no time; type a row number."))
    later = known & (times >= target.epoch)
    if later.any():
        return int(np.flatnonzero(later)[np.argmin(times[later])])
    return int(np.argmax(np.where(known, times, absent("i8"))))


def _times(model: RowsModel) -> Array | None:
    """UTC milliseconds of the rows shown, in the order shown; None where rows have no time."""
    columns, rows = model.capture.columns, model.ids_at(np.arange(model.rowCount()))
    if model.table == "problems":
        return None
    if model.table in ("siblings", "passes"):
        return table_of(columns, model.table).column("start")[rows]
    times: Array = columns.frames.column("epoch_time")
    return times[columns.frame_rows(rows) if model.table == "reads" else rows]


def _day(model: RowsModel, times: Array | None, known: Array, now: int | None) -> date | None:
    """The day of the current row, or of the first one that has a time."""
    if times is None or not known.any():
        return None
    place = now if now is not None and known[now] else int(np.argmax(known))
    return datetime.fromtimestamp(int(times[place]) // 1000, UTC).astimezone(model.zone()).date()
