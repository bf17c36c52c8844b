"""Numbers out of bytes against Python's own."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.digits import MARGIN, Buffer, integers, last_word, reals, word

LEAD = b"x" * MARGIN
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
    data, starts, ends = LEAD, [], []
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


def test_words() -> None:
    assert word(b"ABCDEFGHIJ") == int.from_bytes(b"ABCDEFGH", "little")
    assert last_word(b"}],") == int.from_bytes(b"\0\0\0\0\0}],", "little")
