"""Numbers out of bytes against Python's own."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.digits import LOOK_AHEAD, Buffer, integers, reals, word

NUMBERS = st.one_of(
    st.integers(-(10**17), 10**17).map(str),
    st.integers(-200, 200).map(str),
    st.floats(0, 1e6).map(repr),
    st.floats(0, 100).map(lambda value: f"{value:.6f}"),
    st.text("0123456789.-+e", max_size=20),
    st.sampled_from(
        ["", "-", "0", "00", "01", "-0", ".5", "5.", "1.e", "1e5", "1.5e3", "+1", "9" * 16, "9" * 17]
    ),
)


def spans(texts: list[str]) -> tuple[Buffer, Any, Any]:
    data, starts, ends = b"", [], []
    for text in texts:
        starts.append(len(data))
        data += text.encode("ascii")
        ends.append(len(data))
        data += b","
    return Buffer(data), np.array(starts, np.int64), np.array(ends, np.int64)


def json_number(text: str) -> int | float | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, (int, float)) else None


@given(st.lists(NUMBERS, min_size=1, max_size=40))
def test_integers(texts: list[str]) -> None:
    values, fine = integers(*spans(texts))
    for text, value, good in zip(texts, values.tolist(), fine.tolist(), strict=True):
        expected = json_number(text)
        if good:
            assert value == expected
        else:
            assert not isinstance(expected, int) or len(text.lstrip("-")) > 16


@given(st.lists(NUMBERS, min_size=1, max_size=40))
def test_reals(texts: list[str]) -> None:
    values, fine = reals(*spans(texts))
    for text, value, good in zip(texts, values.tolist(), fine.tolist(), strict=True):
        expected = json_number(text)
        if good:
            assert expected is not None
            assert value == pytest.approx(expected, rel=1e-15, abs=1e-15)
        elif expected is not None and "e" not in text and not text.startswith("-"):
            whole, _, decimals = text.partition(".")
            assert len(whole) > 5 or len(decimals) > 16


@given(st.lists(st.text("ab", max_size=20), min_size=1, max_size=20), st.text("ab", max_size=20))
def test_same_text(texts: list[str], wanted: str) -> None:
    buffer, starts, ends = spans(texts)
    assert buffer.same_text(starts, ends, wanted.encode()).tolist() == [text == wanted for text in texts]


@given(st.text('ab",}', min_size=1, max_size=200), st.data())
def test_next_marks(text: str, data: st.DataObject) -> None:
    """The next quotation mark and the next end of a number, as far as one can look ahead."""
    starts = data.draw(st.lists(st.integers(0, len(text) - 1), min_size=1, max_size=10))
    buffer = Buffer(text.encode())
    for marks, found in (
        ('"', buffer.quote_from(np.array(starts))),
        (",}", buffer.number_end_from(np.array(starts))),
    ):
        for start, place in zip(starts, found.tolist(), strict=True):
            ends = [text.find(mark, start) for mark in marks]
            nearest = min((end for end in ends if end >= 0), default=None)
            if nearest is not None and nearest - start <= LOOK_AHEAD:
                assert place == nearest
            else:
                assert place - start > LOOK_AHEAD


@given(st.lists(st.text("ab", max_size=20), min_size=1, max_size=20), st.text("ab", min_size=1, max_size=20))
def test_stands(texts: list[str], wanted: str) -> None:
    buffer, starts, _ = spans(texts)
    expected = [buffer.data[start:].startswith(wanted.encode()) for start in starts.tolist()]
    found = buffer.stands(starts, wanted.encode())
    assert (found is None) == all(expected)
    assert found is None or found.tolist() == expected


def test_pieces_are_joined() -> None:
    buffer = Buffer(b"ab", memoryview(b"c"), b"")
    assert buffer.data[: buffer.size] == b"abc"


def test_words() -> None:
    assert word(b"ABCDEFGHIJ") == int.from_bytes(b"ABCDEFGH", "little")
