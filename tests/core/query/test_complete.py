"""What may be typed next, and queries with a term exchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.query.complete import (
    Place,
    fields_that_begin,
    keywords_that_begin,
    place_of,
    terms_of,
    values_that_begin,
    with_term,
)
from alprviewer.core.query.parse import parse
from alprviewer.core.query.unparse import unparse
from tests.helpers.queries import TREES


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", Place(0, "", "")),
        ("AB", Place(0, "", "AB")),
        ("AB ", Place(3, "", "")),
        ("(AB", Place(1, "", "AB")),
        ("-ca", Place(1, "", "ca")),
        ("conf>90 cam", Place(8, "", "cam")),
        ("camera:", Place(7, "camera", "")),
        ("-Camera:12", Place(8, "camera", "12")),
        ('camera:"North ga', Place(7, "camera", "North ga")),
        ('"a b" plate:=AB', Place(13, "plate", "AB")),
    ],
)
def test_what_the_cursor_stands_in(text, place):
    assert place_of(text, len(text)) == place
    assert place_of(text + " conf>5", len(text)) == place


@given(st.text(), st.integers(0, 50))
def test_any_text_has_such_a_place(text, cursor):
    cursor = min(cursor, len(text))
    assert 0 <= place_of(text, cursor).begin <= cursor


def test_fields_and_values():
    assert fields_that_begin("co") == ["consensus:", "conf>"]
    assert fields_that_begin("TI") == ["time>"]
    assert fields_that_begin("x") == []
    assert values_that_begin(["West", "North gate", "gate"], "ga") == ["gate", '"North gate"']


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("A", []),
        ("N", ["NOT"]),
        ("AB A", ["AND"]),
        ("AB O", ["OR"]),
        ("AB N", ["NOT"]),
        ("AB OR", ["OR"]),
        ("AB OR A", []),
        ("(AB) A", ["AND"]),
        ("conf>5 AND N", ["NOT"]),
        ("-N", ["NOT"]),
        ("AB o", []),
        ("AB ", []),
        ("plate:A", []),
        ("a) A", []),
        ("foo:1 A", ["AND"]),
        ('"a A', []),
    ],
)
def test_keywords_are_offered_where_the_grammar_takes_them(text, keywords):
    assert keywords_that_begin(text, place_of(text, len(text))) == keywords


@pytest.mark.parametrize(
    ("before", "field", "term", "after"),
    [
        ("", "camera", "camera:7", "camera:7"),
        ("abc", "camera", "camera:7", "abc camera:7"),
        ("camera:1 abc", "camera", "camera:7", "abc camera:7"),
        ("camera:1 abc -camera:2", "camera", "", "abc"),
        ("camera:1", "camera", "", ""),
        ("abc OR camera:1", "camera", "camera:7", "(abc OR camera:1) camera:7"),
        ("camera:1 OR camera:2", "camera", "camera:7", "camera:7"),
    ],
)
def test_a_term_is_exchanged(before, field, term, after):
    assert unparse(with_term(parse(before), field, parse(term))) == after


@given(TREES)
def test_an_exchanged_term_is_the_only_one(tree):
    term = parse("conf>12")
    changed = with_term(tree, "conf", term)
    assert terms_of(changed, "conf") == (term,)
    assert terms_of(with_term(changed, "conf", None), "conf") == ()
