"""What a misread fits, against looking at every way from the plate to it."""

from __future__ import annotations

from functools import cache
from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.misreads import Evidence, Search, difference, fits, reason, search_of
from alprviewer.core.query.parse import parse
from alprviewer.core.recognizer import Recognizer
from alprviewer.core.spellings import LONGEST, Alphabet

KNOWN = Recognizer.first(36)
texts = st.text("08BOAYX3", min_size=1, max_size=7)


def fit(plate, *read, is_part=False, known=KNOWN):
    alphabet = Alphabet()
    letters, lengths = np.zeros((len(read), LONGEST), np.uint8), np.array([len(text) for text in read])
    for row, text in enumerate(read):
        letters[row, : len(text)] = alphabet.numbers(text) or []
    return fits(np.array(alphabet.numbers(plate)), letters, lengths, known, is_part=is_part)


def naive(plate, read, *, is_part):
    alphabet, shows, rate = Alphabet(), KNOWN.shows, 0.15
    p, r = alphabet.numbers(plate), alphabet.numbers(read)

    @cache
    def best(i, j):
        """Log-probability of reading the rest of one as the rest of the other."""
        if i == len(p) and j == len(r):
            return 0.0
        at_end = is_part and i in (0, len(p))
        found = -inf
        if j < len(r):
            found = best(i, j + 1) + (0.0 if at_end else log(0.01 / 36))
        if i < len(p):
            found = max(found, best(i + 1, j) + log(rate))
            if j < len(r):
                found = max(found, best(i + 1, j + 1) + log(1 - rate) + log(shows[p[i], r[j]]))
        return found

    right = sum(log(1 - rate) + log(shows[c, c]) for c in p)
    return min(exp(best(0, 0) - right), 1.0)


@given(texts, st.lists(texts, min_size=1, max_size=4), st.booleans())
def test_fits_are_those_of_the_likeliest_way(plate, read, is_part):
    expected = [naive(plate, text, is_part=is_part) for text in read]
    assert fit(plate, *read, is_part=is_part) == pytest.approx(expected)


def test_a_plate_fits_itself_best_and_look_alikes_better_than_others():
    same, alike, short, other, far = fit("AYX8803", "AYX8803", "AYXB803", "AYX880", "AYX8C03", "QQQ11")
    assert same == 1
    assert same > short > alike > other > far > 0
    assert fit("AYX", "1AYX8803", is_part=True)[0] == 1
    assert fit("AYX", "", is_part=True)[0] == 0


@pytest.mark.parametrize(
    ("query", "search"),
    [
        ("~2:ayx-88", Search("AYX88", is_part=False)),
        ("%AYX conf>90", Search("AYX", is_part=False)),
        ("plate:=A time>2020-01-01", Search("A", is_part=False)),
        ("AYX8", Search("AYX8", is_part=True)),
        ("candidate:abc", Search("ABC", is_part=True)),
        ("AY", None),
        ("AYX DEF", None),
        ("-AYX", None),
        ("AYX*", None),
        ("/AYX/", None),
        ("conf>90", None),
        ("region:us-mo", None),
        ("", None),
        ("~1234567890123", None),
        ('="-"', None),
    ],
)
def test_what_is_a_search_for_a_plate(query, search):
    assert search_of(parse(query)) == search


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (Evidence("ab-12", "observed plate", 91.25), "= observed plate, 91.2"),
        (Evidence("AB12", "candidate 3", 79.9), "= candidate 3, 79.9"),
        (Evidence("AB12", "consensus", 93.0), "= consensus, 93.0 %"),
        (Evidence("A812", "observed plate", None), "≈ one character: 8 for B · observed plate"),
        (Evidence("A81", "candidate 2", 70.0), "≈ two characters: 8 for B, 2 left out · candidate 2, 70.0"),
        (Evidence("AB12X", "candidate 2", 70.0), "≈ one character: X put in · candidate 2, 70.0"),
    ],
)
def test_reasons_say_where_and_what(evidence, words):
    assert reason(Search("AB12", is_part=False), evidence) == words


def test_a_part_is_told():
    search = Search("AB12", is_part=True)
    assert reason(search, Evidence("XAB12", "observed plate", 90.0)) == "= part of the observed plate, 90.0"
    assert reason(search, Evidence("XAB12", "candidate 4", 90.0)) == "= part of candidate 4, 90.0"
    assert reason(search, Evidence("AB12", "candidate 4", 90.0)) == "= candidate 4, 90.0"


@given(texts, texts)
def test_differences_name_as_many_characters_as_there_are(plate, read):
    from rapidfuzz.distance import Levenshtein

    count = Levenshtein.distance(plate, read)
    words = difference(plate, read)
    assert words.startswith({1: "one ", 2: "two ", 3: "three "}.get(count, f"{count} "))


def test_hostile_texts_are_shown_safely():
    assert "\u202e" not in difference("AB", "A\u202eB")
