"""What a table's model shows."""

from __future__ import annotations

from alprviewer.models.cells import by_name
from alprviewer.models.rowsmodel import RowsModel


def plates(model: RowsModel) -> list[str]:
    place = by_name(model.specs)["plate"]
    return [model.text(row, place) for row in range(model.rowCount())]


def ids(model: RowsModel) -> list[int]:
    return [model.id_at(row) for row in range(model.rowCount())]


def cell(model: RowsModel, row: int, name: str) -> str:
    return model.text(row, by_name(model.specs)[name])
