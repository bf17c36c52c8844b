"""Patterns found in texts, compared with other means; hostile patterns."""

import re
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.errors import QueryError
from alprviewer.core.query.automaton import Automaton
from alprviewer.core.query.patterns import pattern_of
from alprviewer.core.query.tree import Exact, Literal, Near, Regex, Wildcard
from alprviewer.core.texts import FIRST_CODE, Texts
from tests.helpers.queries import MATCHES, matches

PLATES = st.text("ABCabc0123 -\n?*ßЖ가é", max_size=12)


def automaton(match, *, is_plate):
    as_plates = is_plate and not isinstance(match, Regex)
    return Automaton(pattern_of(match, is_plate=is_plate), as_plates=as_plates)


@given(st.lists(PLATES, min_size=1, max_size=30), MATCHES)
def test_plates(plates, match):
    texts = Texts()
    codes = np.array([texts.code(plate) for plate in plates])
    found = automaton(match, is_plate=True)
    words, places, others = texts.parted(codes)
    answers = found.find_words(words)
    answers[places] = found.find_texts(others)
    assert answers.tolist() == [matches(match, plate, is_plate=True) for plate in plates]
    assert len(texts) + FIRST_CODE > codes.max()


_ATOMS = st.sampled_from(["a", "B", "1", ".", "[ab]", "[^a1]", "\\d", "\\W", "-", " ", "^", "$"])


def _grown(inner):
    group = inner.map(lambda text: f"({text})")
    repeated = st.builds(str.__add__, group, st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?"]))
    return (
        repeated
        | st.lists(inner, max_size=3).map("".join)
        | st.lists(inner, min_size=2, max_size=2).map("|".join)
    )


@given(st.recursive(_ATOMS, _grown, max_leaves=6), st.text("abAB12 -\n", max_size=9))
def test_regular_expressions_are_those_of_python(pattern, text):
    expected = re.search(pattern.replace("$", "\\Z"), text, re.IGNORECASE | re.DOTALL) is not None
    assert automaton(Regex(pattern), is_plate=True).found(text) == expected


@pytest.mark.parametrize(
    "pattern", ["(a*)*$", "(a|aa)+$", "(.*)*x", "(a|a|a?)*b$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y"]
)
def test_no_pattern_takes_longer_than_its_texts(pattern):
    text = "a" * 5000 + "!" + "x" * 5000
    begun = time.process_time()
    automaton(Regex(pattern), is_plate=True).found(text)
    assert time.process_time() - begun < 5


def test_a_pattern_with_too_many_states_is_refused():
    match = Regex("(a|b)*a(a|b){90}$")
    rng = np.random.default_rng(0)
    found = automaton(match, is_plate=True)
    with pytest.raises(QueryError, match="too complex"):
        found.find_texts(["".join(rng.choice(["a", "b"], 2000)) for _ in range(20)])


@pytest.mark.parametrize(
    ("match", "text", "expected"),
    [
        (Exact("us-mo"), "US-MO", True),
        (Exact("us-mo"), "usmo", False),
        (Literal("us"), "us-mo", False),
        (Wildcard("us*"), "US-MO", True),
        (Near("us-mo", 1), "us-nb", False),
    ],
)
def test_texts_that_are_no_plates_are_compared_as_they_are(match, text, expected):
    assert automaton(match, is_plate=False).found(text) is expected


@pytest.mark.parametrize(
    "match", [Near("ABC1234", 2), Regex("(A|B)*C(A|B){8}|[0-9]+Z$"), Wildcard("A*B*C?1*")]
)
def test_many_words_at_once_are_found_as_one_by_one(match):
    """So many that the table of states grows while they are being stepped through."""
    rng = np.random.default_rng(3)
    plates = ["".join(rng.choice(list("ABC1234Z"), rng.integers(1, 9))) for _ in range(4000)] + [
        "AC1234Z",
        "CAABABABZ"[:8],
    ]
    texts = Texts()
    codes = np.array([texts.code(plate) for plate in plates])
    together = automaton(match, is_plate=True).find_words(texts.parted(codes)[0])
    assert together.tolist() == [matches(match, plate, is_plate=True) for plate in plates]
    assert together.any()
