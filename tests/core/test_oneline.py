"""A value on one line means what it meant on several."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.decode import decode
from alprviewer.core.oneline import one_line
from tests.helpers.reading import frame_value

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


def facts(data):
    found = decode(data)
    return found.frames, found.siblings, [(each.kind, each.field) for each in found.problems]


@given(st.dictionaries(st.text(), values), st.sampled_from([None, 0, 2]))
def test_json_stays_the_same(value, indent):
    line = one_line(json.dumps(value, indent=indent).encode())
    assert b"\n" not in line
    assert json.loads(line) == value


def test_a_value_on_one_line_is_not_touched():
    data = json.dumps(frame_value()).encode()
    assert one_line(data) is data


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"version": 2,', b'"version": 2, # from the manual */ end\r\n'),
        (b'"version": 2,', b'"version": 2, // "quoted" {\n'),
        (b'"version": 2,', b'"version": 2, /* two\nlines */\n'),
        (b'"version": 2,', b'"version": 2, # one\n # two\n'),
        (b'"version": 2,', b'"version": 2, #' + b"x" * 10_000 + b"\n"),
        (b'"version": 2,', b'"version": 2\n'),
    ],
)
def test_repairs_come_out_the_same(before, after):
    data = json.dumps(frame_value(), indent=1).encode().replace(before, after)
    line = one_line(data)
    assert b"\n" not in line
    assert b"\r" not in line
    assert facts(line) == facts(data)
    assert facts(line)[0]
