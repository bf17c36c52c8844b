"""Codes of texts against a plain dictionary."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.states import CODE_ABSENT, CODE_INVALID, FIRST_CODE, INVALID
from alprviewer.core.texts import Texts, word_of

TEXTS = st.one_of(
    st.text("ABC019", max_size=9),
    st.text("abAB\0é", max_size=9),
    st.text(max_size=12).filter(lambda text: text.isprintable()),
)


@given(st.lists(TEXTS))
def test_codes_are_those_of_a_dictionary(values: list[str]) -> None:
    texts = Texts()
    known: dict[str, int] = {}
    for value in values:
        assert texts.code(value) == known.setdefault(value, len(known) + FIRST_CODE)
    assert len(texts) == len(known)
    for value, code in known.items():
        assert texts.value(code) == value
        assert texts.find(value) == code
    assert texts.find("never seen") is None


@given(st.lists(st.lists(TEXTS, max_size=20), max_size=5))
def test_a_store_follows_a_coder(batches: list[list[str]]) -> None:
    coder, store = Texts(), Texts()
    store.code("something else")
    store.code("über etwas anderes")
    mapped = [CODE_ABSENT, CODE_INVALID]
    for batch in batches:
        codes = [coder.code(value) for value in batch]
        mapped += store.extend(coder.take_new()).tolist()
        assert [store.value(mapped[code]) for code in codes] == batch


@given(st.sets(TEXTS))
def test_ranks_sort_like_python(values: set[str]) -> None:
    texts = Texts()
    codes = {value: texts.code(value) for value in values}
    ranks = texts.ranks()
    assert ranks[CODE_ABSENT] == ranks[CODE_INVALID] == len(values)
    assert sorted(values, key=lambda value: ranks[codes[value]]) == sorted(values, key=_folded)


@given(st.sets(TEXTS), st.sets(TEXTS))
def test_ranks_among_some(values: set[str], others: set[str]) -> None:
    texts = Texts()
    codes = {value: texts.code(value) for value in values | others}
    ranks = texts.ranks(np.array([codes[value] for value in values] * 2, np.uint32))
    assert sorted(values, key=lambda value: ranks[codes[value]]) == sorted(values, key=_folded)
    unranked = np.array([codes[value] for value in others - values], np.uint32)
    assert (ranks[unranked[unranked < len(ranks)]] == len(values)).all()


def _folded(text: str) -> tuple[bytes, str]:
    return text.casefold().encode("utf-8", "replace"), text


def test_many_words_at_once() -> None:
    random = np.random.default_rng(1)
    texts = Texts()
    known: dict[int, int] = {}
    for _ in range(20):
        words = np.unique(random.integers(0, 50_000, 4000, dtype=np.uint64))
        for word, code in zip(words.tolist(), texts.code_words(words).tolist(), strict=True):
            assert known.setdefault(word, code) == code
    assert len(texts) == len(known) == len(set(known.values()))
    assert texts.nbytes < 60 * len(texts)


@pytest.mark.parametrize(("value", "code"), [(None, CODE_ABSENT), (INVALID, CODE_INVALID)])
def test_states(value: object, code: int) -> None:
    texts = Texts()
    assert texts.code(value) == code
    assert texts.find(value) == code
    assert texts.value(code) is None
    assert len(texts) == 0


def test_what_fits_into_a_word() -> None:
    assert word_of("AB12CD34") == int.from_bytes(b"AB12CD34", "little")
    assert word_of("") == 0
    assert word_of("AB12CD345") is word_of("Ä") is word_of("A\0") is None


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_known_texts_are_found_while_more_come(hasty_threads: None) -> None:
    texts = Texts()
    known = [f"AB{number}" for number in range(200)] + [f"a text of some length {n}" for n in range(5)]
    codes = texts.codes(known).tolist()
    missed: list[str] = []
    coming = threading.Event()

    def look() -> None:
        coming.wait()
        while coming.is_set():
            missed.extend(text for text, code in zip(known, codes, strict=True) if texts.find(text) != code)

    reader = threading.Thread(target=look)
    reader.start()
    coming.set()
    random = np.random.default_rng(1)
    for _ in range(12):
        texts.code_words(random.integers(0, 2**55, 20_000, dtype=np.uint64))
    coming.clear()
    reader.join()
    assert missed == []
    assert [texts.value(code) for code in codes] == known
