"""Orders from integer keys, compared with Python's own stable sort."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core import threads
from alprviewer.core.packedsort import Key, PackedOrder


@st.composite
def keys(draw: st.DrawFn, least: int = 0, widest: int = 64, rows: int = 40) -> tuple[list[Key], int]:
    """Keys of some rows; few values or many, of few bits or many, so that words have to be cut."""
    count = draw(st.integers(least, rows))
    found = []
    for bits in draw(st.lists(st.integers(0, widest), max_size=3)):
        last = draw(st.integers(0, 2**bits - 1))
        values = draw(
            st.lists(st.sampled_from([0, last, last // 2]), min_size=count, max_size=count)
            | st.lists(st.integers(0, last), min_size=count, max_size=count)
        )
        found.append(Key(np.array(values, np.uint64 if bits > 32 else np.uint32), last))
    return found, count


def naive(keys: list[Key], count: int) -> list[int]:
    return sorted(range(count), key=lambda row: [int(key.values[row]) for key in keys])


@given(keys())
def test_any_keys(given_keys: tuple[list[Key], int]) -> None:
    assert PackedOrder(*given_keys).sequence().tolist() == naive(*given_keys)


@given(keys(), st.data())
def test_a_turned_key_leaves_those_without_a_value_last(
    given_keys: tuple[list[Key], int], data: st.DataObject
) -> None:
    found, count = given_keys
    turned = [data.draw(st.booleans()) for _ in found]
    expected = sorted(
        range(count),
        key=lambda row: [
            value if value == key.last or not down else -1 - key.last + (key.last - value)
            for key, down in zip(found, turned, strict=True)
            for value in [int(key.values[row])]
        ],
    )
    chosen = [key.turned() if down else key for key, down in zip(found, turned, strict=True)]
    assert PackedOrder(chosen, count).sequence().tolist() == expected


@given(keys(least=9, widest=12), st.integers(0, 10**6), st.integers(1, 4))
def test_rows_about_a_row_are_in_their_places_before_the_others(
    given_keys: tuple[list[Key], int], row: int, span: int
) -> None:
    found, count = given_keys
    row %= count
    packed = PackedOrder(found, count)
    early = packed.around(row, span)
    expected = naive(found, count)
    if count <= 4 * span:
        assert early is None
    else:
        assert early is not None
        assert sorted(early.tolist()) == list(range(count))
        place = expected.index(row)
        first = min(max(place - span, 0), count - 2 * span)
        assert early.tolist()[first : first + 2 * span] == expected[first : first + 2 * span]
        assert set(early.tolist()[:first]) == set(expected[:first])
    assert packed.sequence().tolist() == expected


def test_keys_that_do_not_fit_into_a_word_have_no_early_order() -> None:
    wide = Key(np.arange(1000, dtype=np.uint64), 2**64 - 1)
    assert PackedOrder([wide], 1000).around(5, 10) is None


def test_more_rows_than_are_packed_at_a_time() -> None:
    random = np.random.default_rng(1)
    many = Key(random.integers(0, 5, 100_000).astype(np.uint32), 4)
    wide = Key(random.integers(0, 2**63, 100_000).astype(np.uint64) & np.uint64(2**62 + 3), 2**64 - 1)
    expected = np.lexsort((wide.values, many.values))
    assert np.array_equal(PackedOrder([many, wide], 100_000).sequence(), expected)


@given(keys(), st.integers(2, 5))
def test_several_threads_find_the_same_order(given_keys: tuple[list[Key], int], processors: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "LEAST", 1)
        patch.setattr(threads, "processors", lambda: processors)
        assert PackedOrder(*given_keys).sequence().tolist() == naive(*given_keys)
