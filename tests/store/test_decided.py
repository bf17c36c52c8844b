"""What was decided, as columns: compared with a dictionary."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.store.columns import Columns
from alprviewer.store.decided import NAMES, DecidedColumns
from alprviewer.store.select import SortKey, order
from tests.helpers.opening import captured, frame, write

WORDS = st.sampled_from(["", "correct", "wrong", "disputed"])
PLATES = st.sampled_from(["", "AB123", "ZZ9", "ß"])
SAID = st.lists(st.tuples(st.integers(0, 3000), WORDS, PLATES), max_size=12)


def texts(columns: DecidedColumns, name: str, rows: np.ndarray | slice) -> list[str | None]:
    value = columns.texts[name].value
    return [value(code) for code in columns.codes(name, rows).tolist()]


@given(SAID, st.lists(st.integers(0, 5000), max_size=8))
def test_the_last_thing_said_of_a_read_is_what_its_row_says(said, asked):
    columns, known = DecidedColumns(), {}
    for row, word, plate in said:
        columns.set(row, word, plate)
        known[row] = (word or None, plate or None)
    for place, name in enumerate(NAMES):
        expected = [known.get(row, (None, None))[place] for row in asked]
        assert texts(columns, name, np.array(asked, np.int64)) == expected
        assert texts(columns, name, slice(20)) == [known.get(row, (None, None))[place] for row in range(20)]
    columns.clear()
    assert texts(columns, "decision", slice(20)) == [None] * 20


@pytest.fixture(scope="module")
def columns(tmp_path_factory) -> Columns:
    """Six reads."""
    path = tmp_path_factory.mktemp("decided") / "six.jsonl"
    return captured(write(path, [frame(f"A{number}", 1782889214972 + number) for number in range(6)])).columns


@given(
    st.lists(st.tuples(st.integers(0, 5), WORDS, PLATES), max_size=8), st.sampled_from(NAMES), st.booleans()
)
def test_reads_are_sorted_by_what_was_decided_of_them(columns, said, name, descending):
    columns.decided = DecidedColumns()
    for row, word, plate in said:
        columns.decided.set(row, word, plate)
    found = order(columns, "reads", [SortKey(name, descending)]).tolist()
    values = texts(columns.decided, name, slice(6))
    there = sorted((value for value in values if value is not None), key=str.casefold, reverse=descending)
    assert [values[row] for row in found] == there + [None] * (6 - len(there))
