"""A range of time as a term, and back."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.query.parse import parse
from alprviewer.core.query.timerange import FOREVER, range_of, range_term
from alprviewer.core.query.times import Clock
from alprviewer.core.query.tree import And, Tree
from alprviewer.core.query.unparse import unparse
from alprviewer.store.timeline import instants_let_through
from tests.helpers.queries import NOW, TREES

BERLIN = ZoneInfo("Europe/Berlin")
zones = st.sampled_from([UTC, BERLIN, ZoneInfo("America/St_Johns")])
instants = st.integers(10**11, 4 * 10**12)
units = st.sampled_from([1, 1000, 60_000])


@given(instants, st.integers(1, 10**8), units, zones)
def test_a_range_comes_back_from_its_text(begin, length, unit, zone):
    begin, length = begin // unit * unit, length * unit if unit < 60_000 else unit
    term = range_term(begin, begin + length, zone)
    tree = parse(unparse(term))
    assert tree == term
    assert range_of(tree, Clock(NOW, ZoneInfo("Asia/Tokyo"))) == (begin, begin + length)


def test_the_text_is_short_where_the_range_is_round():
    begin = 1_782_889_200_000
    assert unparse(range_term(begin, begin + 1_200_000, UTC)) == "time:2026-07-01T07:00Z..2026-07-01T07:19Z"
    assert unparse(range_term(begin, begin + 1000, BERLIN)) == (
        "time:2026-07-01T09:00:00+02:00..2026-07-01T09:00:00+02:00"
    )


@given(TREES, zones)
def test_a_range_is_where_the_query_lets_instants_through(tree: Tree, zone):
    """The same as asking of every instant about the ends."""
    clock = Clock(NOW, zone)
    found = range_of(tree, clock)
    terms = tree.terms if isinstance(tree, And) else (tree,)
    if found is None:
        return
    asked = tuple(term for term in terms if getattr(term, "field", "") == "time")
    assert asked
    at = [end + by for end in found if end not in FOREVER for by in (-1, 0, 1)]
    times = np.array([time for time in at if time > 0], np.int64)
    inside = [found[0] <= time < found[1] for time in times.tolist()]
    assert instants_let_through(asked, times, clock).tolist() == inside


@pytest.mark.parametrize(
    "query",
    ["", "plate:A", "time:07:00..07:20", "time:07:00", "-time:2026-07-01", "time:07:00 time:2026-07-01"],
)
def test_what_is_no_one_range(query):
    assert range_of(parse(query), Clock()) is None


def test_ranges_are_cut_with_each_other():
    day = range_of(parse("time:2026-07-01"), Clock())
    assert day is not None
    half = range_of(parse("conf>3 time:2026-07-01 time>=2026-07-01T12:00"), Clock())
    assert half == (day[0] + 12 * 3_600_000, day[1])
    assert range_of(parse("time:2026-07-01 time:2026-07-05"), Clock())[0] >= day[1]
    assert range_of(parse("time<2026-07-01"), Clock()) == (FOREVER[0], day[0])
