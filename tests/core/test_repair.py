"""From bytes to parsed JSON: each repair with its exact place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.encoding import Encoding
from alprviewer.core.errors import Problem, ProblemKind
from alprviewer.core.repair import parse

ENCODINGS = list(Encoding)


def parsed(text: str, encoding: Encoding = Encoding.UTF8):
    """The value, and the problems with their places in code units."""
    value, problems = parse(encoding.encode(text), encoding)
    places = [
        problem._replace(
            offset=problem.offset // encoding.unit, length=problem.length // encoding.unit, reason=""
        )
        for problem in problems
    ]
    assert all(problem.reason.endswith(".") for problem in problems)
    return value, places


def repaired(kind: ProblemKind, offset: int, length: int) -> Problem:
    return Problem(kind, "", "", True, offset, length)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ('{"a":"가", # why\n"b":2}', {"a": "가", "b": 2}, repaired(ProblemKind.COMMENT, 10, 5)),
        ('{"a":1 "b":2}', {"a": 1, "b": 2}, repaired(ProblemKind.MISSING_COMMA, 6, 1)),
        ('{"a":1# x\n"b":2}', {"a": 1, "b": 2}, None),
        ('{"a":[1,] }', {"a": [1]}, repaired(ProblemKind.TRAILING_COMMA, 7, 1)),
        ('{"a":1, # x\n}', {"a": 1}, None),
        ('{"a":66,430672}', {"a": 66.430672}, repaired(ProblemKind.DECIMAL_COMMA, 7, 1)),
        ('{"a":-nan }', {"a": None}, repaired(ProblemKind.NUMBER_TOKEN, 5, 4)),
        ('{"a":1.234568e+09}', {"a": 1234568000.0}, None),
    ],
)
def test_repairs(text, value, problem, encoding):
    if encoding is Encoding.UTF8 and problem and "가" in text:
        problem = problem._replace(offset=problem.offset + 2)
    found, problems = parsed(text, encoding)
    assert found == value
    if problem is not None:
        assert problems == [problem]


@pytest.mark.parametrize(
    ("data", "encoding", "problem"),
    [
        (b'{"a":"x\xff\xfe"}', Encoding.UTF8, repaired(ProblemKind.ENCODING, 7, 1)),
        (b'{"a":nan,"b":"\xe2\x82"}', Encoding.UTF8, repaired(ProblemKind.ENCODING, 14, 2)),
    ],
)
def test_invalid_bytes(data, encoding, problem):
    value, problems = parse(data, encoding)
    assert "\ufffd" in str(value)
    assert problems[-1]._replace(reason="") == problem


def test_half_a_character_in_utf16():
    value, problems = parse(
        '{"a":"'.encode("utf-16-le") + b"\x00\xd8" + '"}'.encode("utf-16-le"), Encoding.UTF16_LE
    )
    assert value == {"a": "\ufffd"}
    assert problems[0]._replace(reason="") == repaired(ProblemKind.ENCODING, 12, 2)


@pytest.mark.parametrize(
    ("text", "kind", "offset"),
    [
        ('{"a":', ProblemKind.TRUNCATED, 5),
        ('{"a":1} {"b":2}', ProblemKind.SYNTAX, 7),
        ('{"a":1}x', ProblemKind.SYNTAX, 7),
        ('{"a":x}', ProblemKind.SYNTAX, 5),
        ("[" * 65 + "]" * 65, ProblemKind.DEPTH, 64),
        ('{"a":"\n"}', ProblemKind.SYNTAX, 6),
    ],
)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_cannot_be_read(text, kind, offset, encoding):
    value, problems = parsed(text, encoding)
    assert value is None
    assert [(p.kind, p.repaired, p.offset, p.length) for p in problems] == [
        (kind, False, offset, len(text) - offset)
    ]


def test_numbers_of_any_length():
    value, problems = parse(
        b'{"a":%b,"b":-%b,"c":%b,"d":1e400,"e":0.%b}' % ((b"9" * 5000,) * 4), Encoding.UTF8
    )
    assert value == {"a": float("inf"), "b": float("-inf"), "c": float("inf"), "d": float("inf"), "e": 1.0}
    assert problems == []
    value, _ = parse(b'{"a":%b}' % (b"9" * 300), Encoding.UTF8)
    assert value == {"a": 10**300 - 1}


def test_repeated_members_at_every_level():
    value, problems = parse(b'{"a":1,"b":{"c":1,"c":2,"c":3},"a":[{"d":1,"d":2}]}', Encoding.UTF8)
    assert problems == []
    assert value == {"a": [{"d": 2}], "b": {"c": 3}}
    assert (value.repeated, value["b"].repeated, value["a"][0].repeated) == (("a",), ("c",), ("d",))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=15,
)


@given(VALUES, st.sampled_from(ENCODINGS), st.booleans())
def test_strict_json_is_read_as_it_stands(value, encoding, is_ascii):
    text = json.dumps({"x": value}, ensure_ascii=is_ascii)
    if any(0xD800 <= ord(character) < 0xE000 for character in text):
        return
    assert parse(encoding.encode(text), encoding) == ({"x": value}, [])


TOKENS = '"a" "b" : , { } [ ] 1 5 -2.5 nan inf true # // /*c*/'.split()
SLIPS = st.lists(st.sampled_from([*TOKENS, "# x\n", "//y\n", "\n", " "]), max_size=30).map("".join)


@given(SLIPS)
def test_whatever_is_mended_is_json_then(text):
    value, problems = parse(("{" + text).encode(), Encoding.UTF8)
    assert (value is None) == any(not problem.repaired for problem in problems)
