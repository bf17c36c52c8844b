"""Fails a test that logs a warning, or worse, that nobody expected."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest


class ExpectedLogs(logging.Handler):
    """Collects what is logged from WARNING up; knows what the test said would come."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._records: list[logging.LogRecord] = []
        self._patterns: list[re.Pattern[str]] = []

    def __call__(self, pattern: str) -> None:
        """Say, before or after it happens, that a message matching the pattern must be logged."""
        self._patterns.append(re.compile(pattern))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record for the verdict."""
        self._records.append(record)

    def complaints(self) -> list[str]:
        """What was logged but not expected, and what was expected but not logged."""
        messages = [record.getMessage() for record in self._records]
        return [
            f"unexpected log: {record.levelname} {record.name}: {message}"
            for record, message in zip(self._records, messages, strict=True)
            if not any(pattern.search(message) for pattern in self._patterns)
        ] + [
            f"expected but not logged: {pattern.pattern}"
            for pattern in self._patterns
            if not any(pattern.search(message) for message in messages)
        ]


@pytest.fixture(autouse=True)
def expected_logs() -> Iterator[ExpectedLogs]:
    """Call it with the pattern of a warning that the test provokes; any other one fails the test."""
    expected = ExpectedLogs()
    root = logging.getLogger()
    root.addHandler(expected)
    yield expected
    root.removeHandler(expected)
    if complaints := expected.complaints():
        pytest.fail("\n".join(complaints), pytrace=False)
