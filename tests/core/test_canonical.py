"""One spelling for each value."""

import hashlib
import json
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.canonical import canonical, digest
from alprviewer.core.encoding import Encoding
from alprviewer.core.repair import parse

texts = st.text(st.characters(exclude_categories=()), max_size=12)
leaves = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | texts
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def respelled(value, draw):
    """The same value as another program might hold it: members in another order, numbers of another type."""
    if isinstance(value, dict):
        names = draw(st.permutations(list(value)))
        return {name: respelled(value[name], draw) for name in names}
    if isinstance(value, list):
        return [respelled(element, draw) for element in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return draw(st.sampled_from([value, float(value)]))
    if isinstance(value, float) and value.is_integer():
        return draw(st.sampled_from([value, int(value)]))
    return value


def spelled(value, draw):
    """A JSON text of the value with any white space and any spelling of its numbers and texts."""
    space = draw(st.sampled_from(["", " ", "\n\t", "\r\n  "]))
    if isinstance(value, dict):
        members = (f"{spelled(n, draw)}{space}:{space}{spelled(v, draw)}" for n, v in value.items())
        return "{" + space + f"{space},{space}".join(members) + space + "}"
    if isinstance(value, list):
        return (
            "[" + space + f"{space},{space}".join(spelled(element, draw) for element in value) + space + "]"
        )
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=True)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    exact = Decimal(value)
    return draw(st.sampled_from([f"{exact:f}", f"{exact:e}".replace("e", "E"), f"{exact:.400e}"]))


@given(values, st.data())
def test_neither_order_nor_type_of_number_matters(value, data):
    assert canonical(respelled(value, data.draw)) == canonical(value)


finite = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(-1e60, 1e60)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(finite.map(lambda value: {"value": value}), st.data())
def test_no_spelling_of_the_text_matters(value, data):
    text = spelled(value, data.draw)
    parsed, problems = parse(text.encode(), Encoding.UTF8)
    assert problems == []
    assert canonical(parsed) == canonical(value)


@given(finite)
def test_it_is_json_of_the_same_value(value):
    text = canonical(value)
    assert text.isascii()
    assert json.loads(text) == json.loads(json.dumps(value), parse_int=lambda digits: int(float(digits)))
    assert canonical(json.loads(text)) == text


@given(finite, finite)
def test_different_values_have_different_texts(one, other):
    assert (canonical(one) == canonical(other)) == (plain(one) == plain(other))


def plain(value):
    """For comparison: numbers as doubles, and true apart from 1."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(element) for element in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return type(value).__name__, value
    return float(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        (90.0, "90"),
        (-0.0, "0"),
        (92.9419174194336, "92.9419174194336"),
        (1e21, "1000000000000000000000"),
        (2**53 + 1, "9007199254740992"),
        ("é\u202e\ud800", r'"\u00e9\u202e\ud800"'),
        (10**400, "Infinity"),
        (-(10**400), "-Infinity"),
        (math.inf, "Infinity"),
        ({}, "{}"),
    ],
)
def test_examples(value, text):
    assert canonical(value) == text
    assert digest(value) == hashlib.sha256(text.encode()).hexdigest()
