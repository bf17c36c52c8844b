"""Where reading goes on behind a broken value: the walk agrees with trying every line start."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alprviewer.core.resume import Found, Searched, find_resumption
from alprviewer.core.scan import Complete, scan

LIMIT = 10_000


def by_trying(buffer: bytes, start: int) -> int | None:
    """The rule as it is written: the next line start with a bracket from which a value completes."""
    for at in range(start, len(buffer)):
        if buffer[at : at + 1] != b"\n" or buffer[at + 1 : at + 2] not in (b"{", b"["):
            continue
        begin = at + 1
        brackets = 0
        while buffer[begin : begin + 1] in (b"[", b" ", b"\t", b"\r", b"\n"):
            brackets += buffer[begin : begin + 1] == b"["
            begin += 1
        if brackets > 64 or buffer[begin : begin + 1] != b"{":
            continue
        if isinstance(scan(buffer, begin, final=True, limit=LIMIT), Complete):
            return at + 1
    return None


TOKENS = st.sampled_from(
    [
        '{"a":1}',
        '{"a":',
        "{",
        "}",
        "[",
        "]",
        "\n",
        "\n",
        "\n{",
        "\n[",
        ",",
        '"a":',
        '"',
        "1",
        "nan",
        " ",
        "#",
        "/*",
        "*/",
    ]
)


@settings(max_examples=500)
@given(st.lists(TOKENS, max_size=40).map("".join), st.integers(0, 3))
def test_the_walk_finds_what_trying_finds(text, start):
    buffer = text.encode()
    expected = by_trying(buffer, start)
    found = find_resumption(buffer, start, final=True, limit=LIMIT)
    assert (found.at if isinstance(found, Found) else None) == expected


@settings(max_examples=200)
@given(st.lists(TOKENS, max_size=40).map("".join), st.integers(1, 5))
def test_what_is_found_does_not_depend_on_the_chunks(text, step):
    buffer = text.encode()
    expected = by_trying(buffer, 0)
    start = 0
    for end in range(0, len(buffer), step):
        found = find_resumption(buffer[:end], start, final=False, limit=LIMIT)
        if isinstance(found, Found):
            assert found.at == expected
            return
        start = max(start, min(found.until, end))
    found = find_resumption(buffer, start, final=True, limit=LIMIT)
    assert (found.at if isinstance(found, Found) else None) == expected


@pytest.mark.parametrize("prefix", [b'{"a":', b"[", b'[{"a":[', b'{"a":nan,"b":['])
@pytest.mark.parametrize("levels", [60, 64, 65, 66, 130, 200])
def test_depth_is_counted_from_the_line_start(prefix, levels):
    """Lines that open one level each: the 64 levels before the innermost value are the ones that fit."""
    closing = {b'{"a":': b"}", b"[": b"]", b'[{"a":[': b"]}]", b'{"a":nan,"b":[': b"]}"}[prefix]
    buffer = b"broken\n" + (prefix + b"\n") * levels + b'{"x":1}' + closing * levels
    found = find_resumption(buffer, 0, final=True, limit=1_000_000)
    assert (found.at if isinstance(found, Found) else None) == by_trying(buffer, 0)


def test_a_value_above_the_size_limit_is_passed_over():
    large = b'\n{"a":"' + b"x" * LIMIT + b'"}'
    assert find_resumption(large, 0, final=True, limit=LIMIT) == Searched(len(large) - 1)
    found = find_resumption(large + b'\n{"a":[\n{"b":1}]}', 0, final=True, limit=LIMIT)
    assert found == Found(len(large) + 1)


def test_an_array_that_holds_no_object_first_keeps_nobody_waiting():
    buffer = b"\n[1,\n" + b'{"a":1},\n' * 3
    assert find_resumption(buffer, 0, final=False) == Found(5)


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":[\n',
        b'{"a":\n',
        b"[\n",
        b"{\n",
        b'[{"a":\n',
        b'{"a":nan,"b":[\n',
        b'{"a":/*\n',
        b'[{"a":1},nan,\n{',
        b'{"\n',
    ],
)
def test_no_line_is_walked_over_again_and_again(line):
    buffer = line * (100_000 // len(line))
    begun = time.process_time()
    found = find_resumption(buffer, 0, final=True)
    while isinstance(found, Found):
        found = find_resumption(buffer, found.at, final=True)
        break
    assert time.process_time() - begun < 10
