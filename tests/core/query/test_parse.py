"""Queries from text to tree and back, and what is said where they cannot be understood."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alprviewer.core.errors import QueryError
from alprviewer.core.query.parse import MOST_CHARACTERS, parse
from alprviewer.core.query.tree import (
    And,
    Between,
    Compare,
    Confusable,
    Every,
    Exact,
    Flag,
    Literal,
    Moment,
    Near,
    Not,
    Or,
    Regex,
    TextTerm,
    Wildcard,
    fields_of,
)
from alprviewer.core.query.unparse import unparse
from tests.helpers.queries import TREES


def bare(text):
    return TextTerm("any", Literal(text))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("  \t", None),
        ("ABC", bare("ABC")),
        ("AB-12", bare("AB-12")),
        ('"AB 12"', bare("AB 12")),
        (r"A\*\"", bare('A*"')),
        ('"A*"', bare("A*")),
        ("A*", TextTerm("any", Wildcard("A*"))),
        (r"A\-?", TextTerm("any", Wildcard("A-?"))),
        (r"A\*?", TextTerm("any", Wildcard(r"A\*?"))),
        ("=ABC", TextTerm("any", Exact("ABC"))),
        ("plate:=ABC", TextTerm("plate", Exact("ABC"))),
        ("PLATE:abc", TextTerm("plate", Literal("abc"))),
        ("~ABC", TextTerm("any", Near("ABC", 1))),
        ("~2:ABC", TextTerm("any", Near("ABC", 2))),
        ("candidate:%ABC", TextTerm("candidate", Confusable("ABC"))),
        ("/^a (b|c)$/", TextTerm("any", Regex("^a (b|c)$"))),
        (r"region:/a\/b/", TextTerm("region", Regex(r"a\/b"))),
        ("conf:90", Compare("conf", ":", 90)),
        ("conf<=90.5", Compare("conf", "<=", 90.5)),
        ("margin>-1", Compare("margin", ">", -1)),
        ("margin:-5..5", Between("margin", -5, 5)),
        ("conf:90..", Between("conf", 90, None)),
        ("conf:..90", Between("conf", None, 90)),
        ("template:yes", Flag("template", True)),
        ("roi:OUT", Flag("roi", False)),
        ("time:-2h", Compare("time", ":", Moment("ago", 7_200_000, 1, "-2h"))),
        ("time>07:00", Compare("time", ">", Moment("clock", 25_200_000, 60_000, "07:00"))),
        ("a b", And((bare("a"), bare("b")))),
        ("a AND b", And((bare("a"), bare("b")))),
        ("a OR b c", Or((bare("a"), And((bare("b"), bare("c")))))),
        ("(a OR b) c", And((Or((bare("a"), bare("b"))), bare("c")))),
        ("NOT a", Not(bare("a"))),
        ("-a", Not(bare("a"))),
        ("-(a b)", Not(And((bare("a"), bare("b"))))),
        ("NOT -a", Not(Not(bare("a")))),
        ("all(conf>80)", Every(Compare("conf", ">", 80))),
        ("all", bare("all")),
        ("or", bare("or")),
        ("12:30", bare("12:30")),
        ("ORANGE", bare("ORANGE")),
    ],
)
def test_queries(text, tree):
    assert parse(text) == tree
    assert parse(unparse(tree)) == tree


@pytest.mark.parametrize(
    ("text", "position", "length", "words"),
    [
        ("foo:1", 0, 3, "no field 'foo'"),
        ("a foo:1", 2, 3, "no field"),
        ("conf:x", 5, 1, "Expected a number"),
        ("conf:", 5, 0, "Expected a value"),
        ("conf:..", 5, 2, "before or behind"),
        ("conf:1..b", 8, 1, "number"),
        ("conf:1e5", 5, 3, "number"),
        ("plate<5", 5, 1, "Expected a :"),
        ("template:maybe", 9, 5, "yes or no"),
        ("roi:yes", 4, 3, "in or out"),
        ("time:yesterday", 5, 9, "Expected a time"),
        ("time:25:00", 5, 5, "Expected a time"),
        ("time:2023-02-30", 5, 10, "Expected a time"),
        ("time:0001-01-01", 5, 10, "Expected a time"),
        ("time:07:00..2023-01-01", 5, 17, "at both ends"),
        ("(a", 0, 1, "Expected a )"),
        ("a (b (c)", 2, 1, "Expected a )"),
        ("a)", 1, 1, "no ("),
        ("()", 1, 0, "Expected a term"),
        ("a OR", 4, 0, "Expected a term"),
        ("OR a", 0, 2, "found OR"),
        ("a AND OR b", 6, 2, "found OR"),
        ("NOT", 3, 0, "Expected a term"),
        ("-", 1, 0, "Expected a term"),
        ("- a", 1, 0, "directly behind"),
        ("conf <5", 5, 1, "field directly before"),
        ('a "b', 2, 1, "ends this text"),
        ('"a"b', 3, 0, "Expected a space"),
        ("/a/b", 3, 0, "Expected a space"),
        ("/a", 0, 1, "ends this regular"),
        ("a /b(/", 4, 1, "not closed"),
        ("/b)/", 2, 1, "no group"),
        ("/[z-a]/", 3, 1, "rises"),
        ("/[a/", 1, 1, "set is not closed"),
        ("/*a/", 1, 1, "nothing to repeat"),
        ("/a**/", 3, 1, "nothing to repeat"),
        ("/a{3,1}/", 2, 5, "rising"),
        ("/a{x}/", 2, 1, "expected a repetition"),
        ("/^*/", 2, 1, "anchor"),
        (r"/(a)\1/", 4, 2, "not supported"),
        ("/(?=a)/", 1, 2, "not supported"),
        ("/((a{1,100}){1,100}){1,100}/", 1, 0, "too long or repeats too much"),
        ("~4:ABC", 1, 1, "distance from 1 to 3"),
        ("a\\", 1, 1, "character behind"),
        ("\\", 0, 1, "character behind"),
        ("(" * 100 + "a", 60, 1, "too deeply"),
        ("A" * 201, 0, 201, "at most 200"),
        ("a " * MOST_CHARACTERS, MOST_CHARACTERS, 0, "more than"),
    ],
)
def test_places_of_errors(text, position, length, words):
    with pytest.raises(QueryError, match="character") as caught:
        parse(text)
    assert (caught.value.position, caught.value.length) == (position, length)
    assert words in caught.value.reason
    assert caught.value.exit_code == 2


@given(TREES)
def test_a_tree_survives_its_text(tree):
    text = unparse(tree)
    assert parse(text) == tree
    assert unparse(parse(text)) == text


_SIGNS = r'- ( ) all( " \ / [ ] {2} * ? | = ~ % .. : < >='
_WORDS = "AND OR NOT conf time plate foo yes AB1 9 ß 07:00 2023-11-14 -2h"
_PIECES = st.sampled_from([" ", "\0", *_SIGNS.split(), *_WORDS.split()])


def parsed(text):
    """The tree, or the error."""
    try:
        return parse(text)
    except QueryError as error:
        return error


@given(st.text() | st.lists(_PIECES).map("".join))
@example("\ud800")
@example("time:9999-12-31T23:59Z")
@example("time:-999999w")
@example("conf:" + "9" * 500)
def test_any_text_is_a_query_or_an_error_with_its_place(text):
    found = parsed(text)
    if isinstance(found, QueryError):
        assert 0 <= found.position <= len(text)
        assert 0 <= found.length <= len(text) - found.position
    else:
        assert parse(unparse(found)) == found


@given(TREES, st.data())
def test_so_is_a_query_with_a_slip(tree, data):
    text = unparse(tree)
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 2))
    slipped = text[:at] + data.draw(_PIECES) + text[at + cut :]
    found = parsed(slipped)
    assert parse(unparse(found)) == found if not isinstance(found, QueryError) else found.position >= 0


def test_the_fields_of_a_tree():
    tree = parse("a (conf>5 OR -all(time:07:00..)) region:x")
    assert fields_of(tree) == {"any", "conf", "time", "region"}
