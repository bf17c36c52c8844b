"""Append-only columns, dictionaries, maps of codes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.states import CODE_ABSENT, CODE_INVALID, INVALID
from alprviewer.store.tables import CodeMap, Dictionary, Table

DTYPE = np.dtype([("a", "u4"), ("b", "i2", (2,))])


def rows(first: int, count: int) -> dict:
    numbers = np.arange(first, first + count)
    return {"a": numbers, "b": np.stack([numbers, -numbers], axis=1)}


def test_rows_are_appended_and_kept():
    table = Table(DTYPE, capacity=2)
    assert (len(table), table.names, table.nbytes) == (0, ("a", "b"), 0)
    done = 0
    for count in (1, 0, 3, 10, 100):
        assert table.append(rows(done, count), count) == range(done, done + count)
        done += count
    assert table.column("a").tolist() == list(range(114))
    assert table.column("b")[113].tolist() == [113, -113]
    assert table.nbytes == 114 * (1 + 4)


def test_a_view_never_changes_and_cannot_be_changed():
    table = Table(DTYPE, capacity=4)
    table.append(rows(0, 3), 3)
    view = table.column("a")
    for number in range(3, 50):
        table.append(rows(number, 1), 1)
    assert view.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 5


@given(
    st.sampled_from(["u2", "u4", "i4", "i8"]),
    st.lists(
        st.lists(
            st.sampled_from([0, 1, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**62, -1, -(2**31)]), max_size=3
        ),
        max_size=6,
    ),
    st.integers(0, 3),
)
def test_a_column_takes_the_narrowest_type(declared, batches, restored):
    dtype = np.dtype(declared)
    limits = np.iinfo(dtype)
    batches = [[value for value in batch if limits.min <= value <= limits.max] for batch in batches]
    table = Table(np.dtype([("a", declared)]), capacity=1)
    kept = [value for batch in batches[:restored] for value in batch]
    if restored:
        wide = Table(np.dtype([("a", declared)]))
        wide.append({"a": np.array(kept, dtype)}, len(kept))
        table.restore({"a": wide.column("a")}, len(kept))
    views = []
    for batch in batches[restored:]:
        table.append({"a": np.array(batch, dtype)}, len(batch))
        kept += batch
        assert table.part("a", 1, len(kept)).tolist() == kept[1:]
        views.append((table.column("a"), list(kept)))
    assert all(view.tolist() == values for view, values in views)
    assert table.column("a").tolist() == kept
    fitting = [
        each for each in (np.dtype("u1"), np.dtype("u2"), np.dtype("u4")) if each.itemsize < dtype.itemsize
    ]
    fitting = [each for each in fitting if all(0 <= value <= np.iinfo(each).max for value in kept)]
    assert table.type_of("a") == table.column("a").dtype == (fitting or [dtype])[0]


def test_a_dictionary_codes_values():
    dictionary = Dictionary()
    assert (dictionary.code(None), dictionary.code(INVALID)) == (CODE_ABSENT, CODE_INVALID)
    assert [dictionary.code(value) for value in ("x", "", "x", "y")] == [2, 3, 2, 4]
    assert (len(dictionary), [dictionary.value(code) for code in (2, 3, 4)]) == (3, ["x", "", "y"])
    assert (dictionary.find("y"), dictionary.find("z")) == (4, None)


def test_codes_of_two_decoders_meet_in_one_dictionary():
    dictionary = Dictionary()
    first, second = CodeMap(dictionary), CodeMap(dictionary)
    first.extend(["a", "b"])
    second.extend(["b", "c"])
    first.extend([])
    first.extend(["c"])
    assert first.translate(np.array([0, 1, 2, 3, 4])).tolist() == [0, 1, 2, 3, 4]
    assert second.translate(np.array([3, 2, 1, 0])).tolist() == [4, 3, 1, 0]


def test_a_snapshot_does_not_grow():
    table = Table(DTYPE, capacity=2)
    table.append(rows(0, 3), 3)
    taken = table.snapshot()
    table.append(rows(3, 200), 200)
    taken_again = table.snapshot()
    assert (len(taken), len(taken_again), len(table)) == (3, 203, 203)
    assert taken.column("a").tolist() == [0, 1, 2]
    assert taken.part("b", 1, 9).tolist() == [[1, -1], [2, -2]]
    assert taken_again.column("a").tolist() == list(range(203))


@pytest.mark.parametrize("mapped", [0, 4, 10])
def test_a_table_without_some_rows(mapped):
    """Whether the first rows are those of a file or not; the table before is as it was."""
    table = Table(DTYPE, capacity=2)
    if mapped:
        table.restore(rows(0, mapped), mapped)
    table.append(rows(mapped, 10 - mapped), 10 - mapped)
    view = table.column("a")
    for gone in (range(0), range(1), range(3, 6), range(9, 10), range(10)):
        kept = table.without(gone)
        left = [number for number in range(10) if number not in gone]
        assert kept.column("a").tolist() == left
        kept.append(rows(50, 2), 2)
        assert kept.column("a").tolist() == [*left, 50, 51]
        assert kept.column("b")[-1].tolist() == [51, -51]
    assert table.column("a").tolist() == view.tolist() == list(range(10))
