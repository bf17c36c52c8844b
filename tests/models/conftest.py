"""What the tests of the tables' models share."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from alprviewer.capture.capture import Capture
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.tables import TABLES
from alprviewer.store.select import table_of

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def make(qtbot):
    """Makes models that are watched by Qt's own tester, where they are small, and closed at the end."""
    made = []

    def factory(table: str, capture: Capture, *, filled: bool = True) -> RowsModel:
        model = RowsModel(table, TABLES[table][1], capture)
        if len(table_of(capture.columns, table)) < 100:
            QAbstractItemModelTester(model, FATAL, model)  # visits every cell at every change
        made.append(model)
        if filled:
            model.add_rows(range(len(table_of(capture.columns, table))))
        return model

    yield factory
    for model in made:
        model.close()
