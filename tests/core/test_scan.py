"""Where a value ends, and what has to be mended in it."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core import scan as scanning
from alprviewer.core.encoding import Encoding
from alprviewer.core.errors import ProblemKind
from alprviewer.core.repair import parse
from alprviewer.core.scan import Broken, Complete, Edit, Incomplete, scan

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=30,
)
OBJECTS = st.dictionaries(st.text(max_size=6), JSON_VALUES, max_size=5)
INDENTS = st.sampled_from([None, 0, 1, "\t"])


def edits(text: str) -> list[tuple[ProblemKind, str, str]]:
    """The kinds of the repairs, the bytes they are made on and what comes there."""
    outcome = scan(text.encode(), 0, final=True)
    assert isinstance(outcome, Complete), outcome
    assert outcome.end == len(text.encode())
    return [(kind, text.encode()[a:b].decode(), new.decode()) for kind, a, b, new in outcome.edits]


@given(OBJECTS, INDENTS, st.booleans())
def test_strict_json_is_complete_without_edits(value, indent, is_ascii):
    data = json.dumps(value, indent=indent, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    assert scan(data + b" tail", 0, final=False) == Complete(len(data))
    assert scan(b"\n" + data, 1, final=True) == Complete(len(data) + 1)


@given(OBJECTS, INDENTS, st.data())
def test_a_part_of_a_value_is_incomplete_and_at_the_end_of_input_truncated(value, indent, data):
    text = json.dumps(value, indent=indent).encode()
    cut = data.draw(st.integers(1, len(text) - 1))
    assert scan(text[:cut], 0, final=False) == Incomplete()
    outcome = scan(text[:cut], 0, final=True)
    assert isinstance(outcome, Broken)
    assert (outcome.at, outcome.kind) == (cut, ProblemKind.TRUNCATED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":1, # why\n"b":2}', [(ProblemKind.COMMENT, "# why", "")]),
        ('{"a":1 // why\n,"b":2}', [(ProblemKind.COMMENT, "// why", "")]),
        ('{/* one */"a":/**/1}', [(ProblemKind.COMMENT, "/* one */", ""), (ProblemKind.COMMENT, "/**/", "")]),
        ('{"a":1 /* two\nlines */}', [(ProblemKind.COMMENT, "/* two\nlines */", "")]),
        ('{"a":1 "b":2}', [(ProblemKind.MISSING_COMMA, "", ",")]),
        ('{"a":"x"\n"b":2}', [(ProblemKind.MISSING_COMMA, "", ",")]),
        ('{"a":[{"x":1} {"x":2}]}', [(ProblemKind.MISSING_COMMA, "", ",")]),
        ('{"a":[{"x":1}\n   {"x":2}]}', [(ProblemKind.MISSING_COMMA, "", ",")]),
        ('{"a":["x" "y"]}', [(ProblemKind.MISSING_COMMA, "", ",")]),
        ('{"a":1,}', [(ProblemKind.TRAILING_COMMA, ",", "")]),
        ('{"a":[1,2,],"b":{"c":3 , }}', [(ProblemKind.TRAILING_COMMA, ",", "")] * 2),
        ('{"a":66,430672,"b":1}', [(ProblemKind.DECIMAL_COMMA, ",", ".")]),
        ('{"a":-66,4 }', [(ProblemKind.DECIMAL_COMMA, ",", ".")]),
        ('{"a":nan}', [(ProblemKind.NUMBER_TOKEN, "nan", "null")]),
        ('{"a":[-inf,NaN , Infinity,-Infinity]}', [
            (ProblemKind.NUMBER_TOKEN, word, "null") for word in ("-inf", "NaN", "Infinity", "-Infinity")
        ]),
        ('{"a":-nan(ind),"b":1.#QNAN,"c":-1.#IND00}', [
            (ProblemKind.NUMBER_TOKEN, word, "null") for word in ("-nan(ind)", "1.#QNAN", "-1.#IND00")
        ]),
        ('{"a":1, # c\n}', [(ProblemKind.TRAILING_COMMA, ",", ""), (ProblemKind.COMMENT, "# c", "")]),
        ('{"a":1# c\n"b":2}', [(ProblemKind.MISSING_COMMA, "", ","), (ProblemKind.COMMENT, "# c", "")]),
    ],
)  # fmt: skip
def test_repairs(text, expected):
    assert edits(text) == expected


def test_places_of_repairs_are_exact():
    assert scan(b'  {"a":1 "b":nan,}', 2, final=True) == Complete(
        18,
        (
            Edit(ProblemKind.MISSING_COMMA, 8, 8, b","),
            Edit(ProblemKind.NUMBER_TOKEN, 13, 16, b"null"),
            Edit(ProblemKind.TRAILING_COMMA, 16, 17, b""),
        ),
    )


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('{"a":1}}', None),
        ("{'a':1}", 1),
        ("{a:1}", 1),
        ('{"a" 1}', 5),
        ('{"a":}', 5),
        ('{"a":1,,"b":2}', 7),
        ('{,"a":1}', 1),
        ('{"a":[,1]}', 6),
        ('{"a":1]', 6),
        ('{"a":[1}', 7),
        ('{"a":01}', 6),
        ('{"a":+1}', 5),
        ('{"a":1.}', 6),
        ('{"a":.5}', 5),
        ('{"a":"x\ty"}', 7),
        ('{"a":"\\x"}', 7),
        ('{"a":True}', 5),
        ('{"a":nanx}', 5),
        ('{"a":truee}', 5),
        ('{"a":1 2}', 7),
        ('{"a":1,5,5}', 9),
        ('{"a":[1,5] "b"', None),
        ('{"a":1 / 2}', 7),
        ("{\"a\":u'x'}", 5),
    ],
)
def test_the_first_forbidden_token_breaks_a_value(text, at):
    outcome = scan(text.encode() + b" " * 20, 0, final=True)
    if at is None:
        assert not isinstance(outcome, Broken) or outcome.kind is ProblemKind.TRUNCATED
    else:
        assert (outcome.at, outcome.kind) == (at, ProblemKind.SYNTAX)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_line_break_inside_a_text_breaks_a_value_at_once(line_end):
    text = '{"a":"cut' + line_end + '{"a":1}'
    outcome = scan(text.encode() + b" " * 16, 0, final=False)
    assert (outcome.at, outcome.kind) == (9, ProblemKind.SYNTAX)
    assert "end of its line" in outcome.reason


def test_an_array_in_a_decimal_comma_country_stays_ambiguous():
    """``[1,5]`` may be two numbers, so nothing is repaired there."""
    assert edits('{"a":[1,5]}') == []


def test_an_element_at_a_line_start_is_the_neighbour_of_a_value_that_was_cut():
    outcome = scan(b'{"results":[{"a":1}\n{"b":2}', 0, final=True)
    assert (outcome.at, outcome.kind) == (20, ProblemKind.SYNTAX)


def test_a_comment_never_hides_a_value_of_the_next_line():
    outcome = scan(b'{"a":1 /* lost\n{"b":2} */}', 0, final=True)
    assert (outcome.at, outcome.kind) == (7, ProblemKind.SYNTAX)


@pytest.mark.parametrize("open_and_close", [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("spoiled", [False, True])
def test_depth(open_and_close, spoiled):
    opening, closing = open_and_close

    def nested(levels: int) -> bytes:
        inner = opening * (levels - 1) + ("nan" if spoiled else "1") + closing * (levels - 1)
        return b'{"a":' + inner.encode() + b"}"

    assert isinstance(scan(nested(64), 0, final=True), Complete)
    outcome = scan(nested(65), 0, final=True)
    assert (outcome.kind, outcome.at) == (ProblemKind.DEPTH, 5 + 63 * len(opening))


@pytest.mark.parametrize("shape", ["whole", "spoiled", "open"])
def test_size(shape, monkeypatch):
    def value(length: int) -> bytes:
        body = b'{"a":"' + b"x" * (length - 8) + b'"}'
        if shape == "spoiled":
            body = body[:-12] + b'","b":nan' + b" " * 2 + b"}"
        return body if shape != "open" else body[:-1] + b" "

    monkeypatch.setattr(scanning, "MAX_VALUE_BYTES", 1000)
    fits = scan(value(1000), 0, final=False, limit=1000)
    assert isinstance(fits, Incomplete if shape == "open" else Complete)
    outcome = scan(b"  " + value(1001), 2, final=False, limit=1000)
    assert (outcome.kind, outcome.at) == (ProblemKind.SIZE, 1002)
    assert "64 MiB" in outcome.reason


def test_the_limit_is_64_mib():
    outcome = scan(b'{"a":"' + b"x" * (64 * 2**20), 0, final=False)
    assert outcome.kind is ProblemKind.SIZE
    assert isinstance(scan(b'{"a":"' + b"x" * (64 * 2**20 - 8) + b'"}', 0, final=False), Complete)


def test_too_many_slips_are_no_value():
    text = b'{"a":[' + b"nan," * (scanning.MAX_EDITS + 5) + b"1]}"
    value, problems = parse(text, Encoding.UTF8)
    assert value is None
    assert [problem.kind for problem in problems] == [ProblemKind.SYNTAX]


@given(st.data())
def test_the_outcome_does_not_depend_on_what_is_not_there_yet(data):
    """What is decided of a part of the input holds for the whole of it."""
    tokens = [
        '"a"',
        ":",
        ",",
        "{",
        "}",
        "[",
        "]",
        "1",
        "5",
        "-",
        "nan",
        "#x",
        "\n",
        " ",
        "/*",
        "*/",
        "//",
        '"',
        "\\",
    ]
    text = ("{" + "".join(data.draw(st.lists(st.sampled_from(tokens), max_size=25)))).encode()
    whole = scan(text + b" " * 20, 0, final=True)
    for cut in range(1, len(text)):
        part = scan(text[:cut], 0, final=False)
        if not isinstance(part, Incomplete):
            assert part == whole


@pytest.mark.uncounted
def test_no_repair_is_slow():
    """Some kilobytes of each slip; none may cost more than a walk over it."""
    begun = time.process_time()
    for slip in (b'"a":nan,', b'"a":1,5,', b'"a":1 ', b"/**/", b"# \n", b'"a":[1,],', b'"a":{"b":1 "c":2},'):
        text = b"{" + slip * (40_000 // len(slip))
        scan(text, 0, final=True)
        scan(text + b'"z":1}', 0, final=True)
    assert time.process_time() - begun < 20
