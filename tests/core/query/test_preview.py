"""What a search for misreads says that it accepts."""

import itertools

import pytest

from alprviewer.core.query.automaton import Automaton
from alprviewer.core.query.confusables import confused_with
from alprviewer.core.query.parse import parse
from alprviewer.core.query.patterns import pattern_of
from alprviewer.core.query.preview import preview, readings
from alprviewer.core.query.tree import Confusable


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", ""),
        ("ABC conf>90", ""),
        ("%x8", "X(K) 8(B) – 4 readings"),
        ("%3", "3 – 1 reading"),
        ("~ab-1", "AB1 with at most one character inserted, left out or replaced"),
        (
            "-(plate:~2:A OR all(%3))",
            "A with at most two characters inserted, left out or replaced · 3 – 1 reading",
        ),
        ("%3 %3", "3 – 1 reading"),
    ],
)
def test_words(query, words):
    assert preview(parse(query)) == words


def test_the_number_of_readings_is_that_of_the_texts_that_match():
    found = Automaton(pattern_of(Confusable("0A8"), is_plate=True), as_plates=True)
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    texts = ("".join(text) for text in itertools.product(letters, repeat=3))
    assert sum(map(found.found, texts)) == readings("0a-8")


def test_confusion_goes_both_ways():
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for one, other in itertools.product(letters, repeat=2):
        assert (one in confused_with(other)) == (other in confused_with(one))
