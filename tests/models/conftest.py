"""What the tests of the tables' models share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from alprviewer.capture.capture import Capture
from alprviewer.core.passes import PassRules
from alprviewer.models.journaling import Journaling
from alprviewer.models.review import Review
from alprviewer.models.reviewqueue import Checking
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.tables import TABLES
from alprviewer.store.select import table_of

UNCHECKED = Checking()
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


@pytest.fixture
def make_review(qtbot, tmp_path) -> Iterator[Callable[..., Review]]:
    """Makes a review of a capture, begun and showing its first item."""
    made: list[Review] = []

    def factory(
        capture: Capture, reviewer: str = "ann", name: str = "journal.sqlite", checking: Checking = UNCHECKED
    ) -> Review:
        journaling = Journaling(tmp_path, tmp_path / f"state-{reviewer}")
        journaling.reviewer = reviewer
        journaling.url = f"sqlite:///{tmp_path / name}"
        review = Review(journaling)
        review.checking = checking
        made.append(review)
        review.set_capture(capture)
        review.enter(None, None, PassRules())
        qtbot.waitUntil(lambda: not review.busy, timeout=20_000)
        return review

    yield factory
    for review in made:
        review.close()
