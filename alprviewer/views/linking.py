"""What a choice in the table in front means for the tables behind it: brought about once the choice rests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.models.links import companions, linked_rows
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.views.rowstable import RowsTable

_REST_MS = 100
"""Longer than the pause between two keys of one that is held."""


class _Row(NamedTuple):
    table: str
    row: int


class Linking(QObject):
    """Narrows tables to what belongs to a chosen row, and lets them stand on the selected one.

    Nobody sees the tables behind the one in front, and of a key that is held only the last row counts: they
    wait until it rests, or until ``now`` is called because somebody looks at them.

    Args:
        tables: views by table of the store.
        front: the table of the store in front.
    """

    def __init__(self, tables: Mapping[str, RowsTable], front: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._tables = tables
        self._models: dict[str, RowsModel] = {name: table.rows for name, table in tables.items()}
        self._front = front
        self._capture = Capture()
        self._chosen: _Row | None = None
        self._places: dict[str, int] = {}
        """Of tables the row of the store that they are to stand on."""
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.now)

    def set_capture(self, capture: Capture) -> None:
        """Another capture: what was chosen in the one before means nothing any more."""
        self._capture = capture
        self._chosen = None
        self._places.clear()
        self._rest.stop()

    def choose(self, table: str, row: int) -> None:
        """Show alone in the other tables what belongs to a row that the user has chosen."""
        self._chosen = _Row(table, row)
        if self._front() == table:
            self._rest.start()
        else:
            self.now()

    def follow(self, table: str, row: int) -> None:
        """Let tables stand on the selected row, or on the row that belongs to it, without choosing it."""
        self._places = companions(self._capture.columns, table, row)
        front = self._front()
        if front in self._places:
            self._tables[front].show_row(self._places.pop(front), quietly=True)
        self._rest.start()

    def forget_choice(self) -> None:
        """All rows are to be shown."""
        self._chosen = None

    def exchange_passes(self, places: Array) -> None:
        """Passes have other rows now, -1 where they are gone; what waits follows its pass."""

        def now(row: int) -> int:
            return int(places[row]) if row < len(places) else -1

        if self._chosen is not None and self._chosen.table == "passes":
            row = now(self._chosen.row)
            self._chosen = None if row < 0 else _Row("passes", row)
        if "passes" in self._places and (row := now(self._places.pop("passes"))) >= 0:
            self._places["passes"] = row

    @property
    def busy(self) -> bool:
        """True while tables wait for the choice to rest."""
        return self._rest.isActive()

    def now(self) -> None:
        """Bring about what waits: somebody looks at the tables, or asks which rows they show."""
        self._rest.stop()
        places, chosen = self._places, self._chosen
        self._places, self._chosen = {}, None
        for table, row in places.items():
            self._tables[table].show_row(row, quietly=True)
        if chosen is not None:
            for table, (rows, reason) in linked_rows(self._capture, self._models, *chosen).items():
                self._models[table].narrow(rows, reason)

    def close(self) -> None:
        """Nobody will look at the tables any more."""
        self._rest.stop()
