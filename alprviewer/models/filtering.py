"""The filter of the window: a query on a worker, its rows in all tables, also those that arrive."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.core.errors import Cancelled, QueryError
from alprviewer.core.misreads import search_of
from alprviewer.core.query.parse import parse
from alprviewer.core.query.times import Clock
from alprviewer.core.query.tree import Tree, fields_of
from alprviewer.core.query.unparse import unparse
from alprviewer.models.roworders import Ranked
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.worker import Worker
from alprviewer.store.filtering import TABLES, Filter
from alprviewer.store.matchers import Handed, Surroundings
from alprviewer.store.passes import Taught
from alprviewer.store.ranking import Ranking
from alprviewer.store.select import table_of


class _Answer(NamedTuple):
    """Rows of each table that match, of those from ``begins`` up to before ``ends``; or what went wrong."""

    begins: dict[str, int]
    ends: dict[str, int]
    rows: dict[str, Array]
    error: QueryError | None = None
    ranked: Ranked | None = None


class RowsFilter(QObject):
    """One query for all tables. The newest one wins; rows that arrive are filtered as they come.

    Signals:
        changed(): another query is in force, or none.
        filtering(bool): the worker has begun, or is done.
        counted(): how many rows match is known anew.
        refused(QueryError): a pattern turned out to be too complex; what was shown stays.
    """

    changed = Signal()
    filtering = Signal(bool)
    counted = Signal()
    refused = Signal(object)

    def __init__(self, models: Mapping[str, RowsModel], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tree: Tree | None = None
        self.handed: dict[str, Handed] = {}
        """Columns of reads that other parts compute, by field."""
        self._models = models
        self._capture = Capture()
        self._zone: tzinfo | None = UTC
        self._filter: Filter | None = None
        self._ranking: Ranking | None = None
        self.taught: Taught | None = None
        """What the capture has taught of how its recognizer errs, once passes are known."""
        self._done: dict[str, int] = dict.fromkeys(TABLES, 0)
        self._worker = Worker("filter", self)
        self._worker.answered.connect(self._take)
        self._worker.failed.connect(lambda: self.filtering.emit(False))

    @property
    def busy(self) -> bool:
        """True while rows are being looked for."""
        return self._worker.busy

    @property
    def text(self) -> str:
        """The query in force in its canonical form; empty without one."""
        return unparse(self.tree)

    def set_capture(self, capture: Capture) -> None:
        """Filter another capture from its beginning; the query stays. The models know the capture already."""
        self._capture = capture
        self._worker.forget()
        self._begin()

    def set_zone(self, zone_name: str) -> None:
        """Times without a zone are those of ``UTC`` or of the ``local`` zone."""
        zone = UTC if zone_name == "UTC" else None
        if zone is not self._zone:
            self._zone = zone
            if self.tree is not None and "time" in fields_of(self.tree):
                self._ask()

    def set_text(self, text: str) -> None:
        """Filter by a query; one that says nothing shows everything.

        Raises:
            QueryError: the query does not parse; the one before stays in force.
        """
        self.set_tree(parse(text))

    def set_tree(self, tree: Tree | None) -> None:
        """Filter by a tree; None shows everything."""
        if tree == self.tree:
            return
        self.tree = tree
        self.changed.emit()
        if tree is None:
            self._worker.forget()
            self._filter = None
            self.filtering.emit(False)
            for model in self._models.values():
                model.set_matching(None)
            self.counted.emit()
        else:
            self._ask()

    def add_rows(self) -> None:
        """Rows were appended to the capture."""
        if self.tree is not None and not self._worker.busy:
            self._go_on()

    def finish(self) -> None:
        """Everything was read: names of cameras that came late count for the rows before them, too."""
        if self.tree is not None and "camera" in fields_of(self.tree):
            self._ask()

    def hand_in(self, columns: Mapping[str, Handed]) -> None:
        """Take columns of reads that another part has computed; filter anew where the query asks for them."""
        self.handed.update(columns)
        asked = fields_of(self.tree) if self.tree is not None else frozenset()
        if asked & columns.keys() or ("any" in asked and "consensus" in columns):
            self._ask()

    # --- the worker's part ------------------------------------------------------------------------

    def _begin(self) -> None:
        """A filter that has met no row yet."""
        self._done = dict.fromkeys(TABLES, 0)
        self._filter = self._ranking = None
        if self.tree is not None:
            sources = [source.name for source in self._capture.sources]
            around = Surroundings(sources, dict(self._capture.camera_names), dict(self.handed))
            clock = Clock(time.time_ns() // 1_000_000, self._zone)
            chosen = self._filter = Filter(self.tree, self._capture.columns, clock, around)
            chosen.still_wanted = lambda: self._filter is chosen
            search = search_of(self.tree)
            if search is not None:
                self._ranking = Ranking(self._capture.columns, search, dict(self.handed), self.taught)

    def _ask(self) -> None:
        """All rows anew."""
        self._begin()
        self._submit()

    def _go_on(self) -> None:
        """The rows that have come since."""
        if self._ends() != self._done:
            self._submit()

    def _ends(self) -> dict[str, int]:
        return {name: len(table_of(self._capture.columns, name)) for name in TABLES}

    def _submit(self) -> None:
        chosen, begins, ranking = self._filter, dict(self._done), self._ranking
        assert chosen is not None
        # Only rows that the tables know of: what is appended meanwhile comes with the next request.
        ends = self._ends()

        def find() -> _Answer | None:
            try:
                rows = {name: chosen.select(name, range(begins[name], ends[name])) for name in TABLES}
                found = rows["reads"]
                ranked = None if ranking is None else Ranked(found, ranking.scores(found), ranking.reasons)
            except Cancelled:
                return None  # nobody waits for it
            except QueryError as error:
                return _Answer(begins, ends, {}, error)
            return _Answer(begins, ends, rows, ranked=ranked)

        self._worker.submit(find)
        self.filtering.emit(True)

    def _take(self, answer: _Answer) -> None:
        self.filtering.emit(False)
        if answer.error is not None:
            self.refused.emit(answer.error)
            return
        for name, rows in answer.rows.items():
            model = self._models[name]
            ranked = answer.ranked if name == "reads" else None
            if answer.begins[name] and model.matching is not None:
                model.add_matching(rows, ranked)
            else:
                model.set_matching(rows, ranked)
        self._done = answer.ends
        self.counted.emit()
        self._go_on()

    def close(self) -> None:
        """End the thread."""
        self._filter = None
        self._worker.close()
