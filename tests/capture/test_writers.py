"""Rows to text, and back."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.capture.writers import csv_lines, guarded, jsonl_lines, unguarded

HOSTILE = st.text(
    alphabet=st.sampled_from("=+-@\t\r\n'\"; ,:ABC1\0\x1b\u202e\u2028가＝＠<img>"), max_size=8
) | st.text(max_size=8)
VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | HOSTILE
)
COLUMNS = ("a", "b", "candidates", "regions_of_interest")
ROWS = st.lists(
    st.fixed_dictionaries(
        {"a": VALUES, "b": HOSTILE, "candidates": st.none(), "regions_of_interest": st.none()}
    )
)


def written(write, rows, columns=COLUMNS) -> str:
    return b"".join(write(columns, rows)).decode("utf-8")


def back(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@given(ROWS)
def test_csv_comes_back(rows):
    text = written(csv_lines, rows)
    assert text.splitlines()[0] == ",".join(COLUMNS)
    for cell, value in (
        (found[name], row[name]) for found, row in zip(back(text), rows, strict=True) for name in "ab"
    ):
        if value is None:
            assert cell == ""
        elif isinstance(value, bool):
            assert cell == ("true" if value else "false")
        elif isinstance(value, str):
            assert (
                unguarded(cell) == value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
                or "\ufffd" in cell
            )
        else:
            assert (type(value)(cell), cell[:1] in "-0123456789") == (value, True)


@given(ROWS)
def test_json_lines_come_back(rows):
    rows = [row for row in rows if not isinstance(row["a"], int) or abs(row["a"]) < 2**63]
    lines = written(jsonl_lines, rows).split("\n")
    assert lines[-1] == ""
    for line, row in zip(lines[:-1], rows, strict=True):
        found = json.loads(line)
        assert list(found) == list(COLUMNS)
        for name in COLUMNS:
            assert found[name] == row[name] or "\ufffd" in found[name]


@given(HOSTILE)
def test_no_text_cell_begins_like_a_formula(text):
    cell = guarded(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert unguarded(cell) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("'=1", "''=1"),
        ("'x", "'x"),
        ("ABC-1", "ABC-1"),
        ("", ""),
    ],
)
def test_guard(text, cell):
    assert guarded(text) == cell


def test_numbers_are_never_prefixed():
    text = written(csv_lines, [{"a": -1.5, "b": -3}], ("a", "b"))
    assert text == "a,b\r\n-1.5,-3\r\n"


def test_candidates():
    row = {
        "candidates": [
            {"plate": "ABC123", "confidence": 90.655113, "matches_template": 1},
            {"plate": "=x", "confidence": 80.0},
            {"confidence": 7.5},
            {"plate": "B"},
        ]
    }
    assert back(written(csv_lines, [row], ("candidates",))) == [
        {"candidates": "ABC123:90.655113;=x:80.0;:7.5;B:"}
    ]
    assert json.loads(written(jsonl_lines, [row], ("candidates",))) == row
    row["candidates"] = row["candidates"][1:2]
    assert back(written(csv_lines, [row], ("candidates",))) == [{"candidates": "'=x:80.0"}]
    assert back(written(csv_lines, [{"candidates": []}], ("candidates",))) == [{"candidates": ""}]


def test_lists_in_csv_are_json():
    row = {"regions_of_interest": [{"x": 0, "y": 1, "width": 2, "height": 3}]}
    (found,) = back(written(csv_lines, [row], ("regions_of_interest",)))
    assert json.loads(found["regions_of_interest"]) == row["regions_of_interest"]


def test_a_file_name_that_is_no_text():
    row = {"a": "x\udcff.json"}
    assert back(written(csv_lines, [row], ("a",))) == [{"a": "x\ufffd.json"}]
    assert json.loads(written(jsonl_lines, [row], ("a",))) == {"a": "x\ufffd.json"}


def test_full_precision():
    row = {"a": 92.9419174194336, "b": 1.6e-07}
    assert written(csv_lines, [row], ("a", "b")) == "a,b\r\n92.9419174194336,1.6e-07\r\n"


def test_writing_streams():
    def endless():
        while True:
            yield {"a": "x" * 1000}

    lines = csv_lines(("a",), endless())
    assert len(next(lines)) < 1 << 18
    assert len(next(jsonl_lines(("a",), endless()))) < 2000


def test_no_rows():
    assert written(csv_lines, []) == ",".join(COLUMNS) + "\r\n"
    assert written(jsonl_lines, []) == ""


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    )
)
def test_any_parsed_value_becomes_one_line_of_json(value):
    line = next(jsonl_lines(("candidates",), [{"candidates": value}]))
    assert line.count(b"\n") == 1

    def refuse(token):
        raise AssertionError(token)

    json.loads(line, parse_constant=refuse)
