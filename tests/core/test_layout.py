"""Where the values of a line stand, against what a JSON parser finds there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.layout import Outline, Span, stamp_of

LEAVES = st.one_of(st.integers(-99, 99), st.booleans(), st.none(), st.text("ab:,{}[] ", max_size=6))
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3)
    ),
)


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@given(
    st.dictionaries(st.text("abc", max_size=3), VALUES, max_size=4),
    st.sampled_from([(",", ":"), (", ", ": ")]),
)
def test_outline(value: dict[str, Any], separators: tuple[str, str]) -> None:
    line = json.dumps(value, separators=separators).encode()
    outline = Outline.of(line)
    for path, (start, end) in outline.values.items():
        leaf = at(value, path)
        assert line[start:end].decode() == (leaf if isinstance(leaf, str) else json.dumps(leaf))
    for path, (start, end) in outline.objects.items():
        assert json.loads(line[start:end]) == at(value, path)
    for path, (start, end) in outline.lists.items():
        assert json.loads(line[start - 1 : end + 1]) == at(value, path)


@pytest.mark.parametrize(
    ("uuid", "stamp"),
    [
        (b"a-b-1789362008023", b"1789362008023"),
        (b"a-1789362008023", b"1789362008023"),
        (b"-1789362008023", None),
        (b"1789362008023", None),
        (b"a-0789362008023", None),
        (b"a-17893620080233", None),
        (b"a-178936200802", None),
        (b"", None),
    ],
)
def test_stamp(uuid: bytes, stamp: bytes | None) -> None:
    line = b'{"uuid":"' + uuid + b'"}'
    found = stamp_of(line, Span(9, 9 + len(uuid)))
    assert (None if found is None else line[found.start : found.end]) == stamp
