"""Finding names by some of their letters."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.fuzzy import fuzzy_score

TEXTS = st.text(alphabet="abAB -", max_size=8)
WANTED = st.text(alphabet="abB ", max_size=4)


def naive(wanted: str, text: str) -> int | None:
    """Every way to place the letters is tried."""
    letters, folded = "".join(wanted.casefold().split()), text.casefold()
    scores = []
    for places in combinations(range(len(folded)), len(letters)):
        if all(folded[place] == letter for place, letter in zip(places, letters, strict=True)):
            starts = sum(place == 0 or not folded[place - 1].isalnum() for place in places)
            follow = sum(second == first + 1 for first, second in pairwise(places))
            scores.append(len(places) + 8 * starts + 10 * follow)
    return max(scores) * 100 - len(text) if scores else None


@given(WANTED, TEXTS)
def test_it_is_the_best_of_all_ways_to_place_the_letters(wanted, text):
    assert fuzzy_score(wanted, text) == naive(wanted, text)


@pytest.mark.parametrize(
    ("wanted", "better", "worse"),
    [
        ("of", "File: Open files", "File: Profile"),
        ("open", "Open files", "Option: entry"),
        ("DARK", "Dark", "Dash and park"),
        ("fit", "Fit", "Fit frame"),
    ],
)
def test_what_a_person_means_comes_first(wanted, better, worse):
    first, second = fuzzy_score(wanted, better), fuzzy_score(wanted, worse)
    assert first is not None
    assert second is not None
    assert first > second


def test_letters_that_are_not_there_match_nothing():
    assert fuzzy_score("xyz", "Open files") is None
    assert fuzzy_score("", "Open files") is not None
