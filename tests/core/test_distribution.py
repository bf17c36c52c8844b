"""Bars hold what their terms let through, each value in one of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.distribution import Bar, edges_for, is_set, number_bars, toggled
from alprviewer.core.query.parse import parse
from alprviewer.core.query.tree import Compare
from alprviewer.core.query.unparse import unparse

SIGNS = {">=": np.greater_equal, "<": np.less}
values = st.lists(
    st.floats(-100, 100, width=32) | st.sampled_from([100.0, 0.0, -0.0, math.nan, -math.inf, 74.5]),
    max_size=40,
)


@given(
    values, st.integers(2, 12), st.sampled_from([100.0, math.inf]), st.sampled_from(["f4", "f8"]), st.data()
)
def test_every_value_is_in_the_bar_whose_terms_let_it_through(listed, most, top, dtype, data):
    array = np.array(listed, dtype)
    chosen = None
    if data.draw(st.booleans()):
        chosen = np.flatnonzero(data.draw(st.lists(st.booleans(), min_size=len(array), max_size=len(array))))
    bars = number_bars("conf", array, chosen, most, top)
    assert len(bars) <= most
    finite = array[np.isfinite(array)]
    assert sum(bar.all for bar in bars) == len(finite)
    shown = array if chosen is None else array[chosen]
    for bar in bars:
        ((field, terms),) = bar.terms
        assert field == "conf"
        passing = [np.isfinite(part) for part in (array, shown)]
        for term in terms:
            assert isinstance(term, Compare)
            for place, part in enumerate((array, shown)):
                with np.errstate(invalid="ignore"):
                    passing[place] &= SIGNS[term.operator](part, np.dtype(dtype).type(term.value))
        assert (int(passing[0].sum()), int(passing[1].sum())) == (bar.all, bar.shown)


@given(values, st.integers(1, 12))
def test_edges_are_equal_and_round(listed, most):
    edges = edges_for(np.array(listed), most)
    if len(edges):
        widths = np.diff(edges)
        assert (widths == widths[0]).all()
        assert (edges / widths[0] == np.round(edges / widths[0])).all()


def test_words():
    assert [bar.words for bar in number_bars("margin", np.array([-3.0, 1.0]), None, 5)] == [
        "−3 to −2",
        "−2 to −1",
        "−1 to 0",
        "0 to 1",
        "1 to 2",
    ]
    whole = number_bars("passreads", np.array([1.0, 3.0]), None, 5, whole=True)
    assert [bar.words for bar in whole] == ["1", "2", "3"]
    wide = number_bars("passreads", np.array([1.0, 9.0]), None, 5, whole=True)
    assert [bar.words for bar in wide] == ["0 to 1", "2 to 3", "4 to 5", "6 to 7", "8 to 9"]
    top = number_bars("conf", np.array([91.0, 100.0]), None, 3, 100.0)
    assert [(bar.words, bar.all) for bar in top] == [("90 to 95", 1), ("95 to 100", 1)]
    assert top[-1].terms == (("conf", (Compare("conf", ">=", 95.0),)),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "conf>=80 conf<85"),
        ("plate:A", "plate:A conf>=80 conf<85"),
        ("conf>90 plate:A", "plate:A conf>=80 conf<85"),
        ("conf>=80 plate:A conf<85", "plate:A"),
        ("conf>=80 conf<85", ""),
        ("A OR B", "(A OR B) conf>=80 conf<85"),
    ],
)
def test_a_bar_is_put_into_the_query_and_taken_out(before, after):
    terms = (Compare("conf", ">=", 80.0), Compare("conf", "<", 85.0))
    bar = Bar("80 to 85", (("conf", terms),), 1, 1)
    tree = parse(before)
    found = toggled(tree, bar)
    assert unparse(found) == after
    assert parse(after) == found
    assert is_set(found, bar) != is_set(tree, bar)


def test_a_bar_of_two_fields_is_set_only_as_a_whole():
    bar = Bar("1, 07:00", tuple((term.field, (term,)) for term in parse("camera:1 time:07:00").terms), 1, 1)
    half = parse("camera:1")
    assert not is_set(half, bar)
    assert unparse(toggled(half, bar)) == "camera:1 time:07:00"
    assert toggled(toggled(half, bar), bar) is None
    assert not is_set(None, Bar("none", (), 1, 1))
