"""Bins and ticks against what a calendar says, tallies against counting one by one."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.query.times import DAY, HOUR, MINUTE
from alprviewer.core.states import absent
from alprviewer.core.timeline import (
    BURST_MS,
    STEPS,
    Step,
    Tally,
    duration_text,
    edges_of,
    range_text,
    silences,
    step_for,
    ticks,
    unit_of,
    zone_text,
)
from alprviewer.core.zones import readings

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    UTC,
    BERLIN,
    *map(ZoneInfo, ("America/New_York", "America/St_Johns", "Africa/Cairo", "Asia/Kathmandu")),
]
zones = st.sampled_from(ZONES)
moments = st.integers(10**12, 2 * 10**12)


def ms(text: str, zone=UTC) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def local(instant: int, zone) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)).astimezone(zone)


def begins(instant: int, step: Step, zone) -> bool:
    """Whether a step begins at an instant, by looking at a calendar."""
    clock = local(instant, zone)
    before = local(instant - 1, zone)
    is_first_of_day = clock.date() != before.date()
    if step.months:
        months = clock.year * 12 + clock.month - 1
        return is_first_of_day and clock.day == 1 and months % step.months == 0
    if step.milliseconds == 7 * DAY:
        return is_first_of_day and clock.weekday() == 0
    if step.milliseconds == DAY:
        return is_first_of_day
    clock = clock.replace(tzinfo=None)
    midnight = clock.replace(hour=0, minute=0, second=0, microsecond=0)
    return (clock - midnight) % timedelta(milliseconds=step.milliseconds) == timedelta(0)


@given(moments, st.sampled_from(STEPS), st.floats(0.01, 40), zones)
def test_edges_cover_the_range_and_begin_where_clocks_say(begin, step, steps, zone):
    end = min(begin + max(int(step.length * steps), 1), 4 * 10**12)
    edges = edges_of(begin, end, step, zone)
    assert edges[0] <= begin < end <= edges[-1]
    assert (np.diff(edges) > 0).all()
    assert len(edges) == 2 or (edges[1] > begin and edges[-2] < end)
    assert all(begins(edge, step, zone) for edge in edges.tolist())


@given(moments, st.sampled_from([step for step in STEPS if 15 * MINUTE <= step.milliseconds <= DAY]), zones)
def test_no_edge_is_left_out(begin, step, zone):
    end = begin + 3 * DAY
    quarters = range(begin // (15 * MINUTE) * 15 * MINUTE, end, 15 * MINUTE)
    expected = [at for at in quarters if begin < at < end and begins(at, step, zone)]
    inner = edges_of(begin, end, step, zone)
    assert [at for at in inner.tolist() if begin < at < end] == expected


@given(st.integers(1, 10**13), st.integers(1, 2000))
def test_the_shortest_step_that_is_long_enough_is_taken(span, most):
    step = step_for(span, most)
    assert span <= step.length * most or step == STEPS[-1]
    shorter = STEPS[: STEPS.index(step)]
    assert all(span > each.length * most for each in shorter)


def test_days_on_which_clocks_change_have_23_and_25_hours():
    for first, hours in (("2026-03-28", [24, 23, 24]), ("2026-10-24", [24, 25, 24])):
        begin = ms(first, BERLIN)
        edges = edges_of(begin, begin + 3 * DAY - 2 * HOUR, Step(DAY), BERLIN)
        assert (np.diff(edges) // HOUR).tolist() == hours


def test_the_hour_that_comes_twice_is_two_bins_and_the_one_left_out_is_none():
    begin = ms("2026-10-25", BERLIN)
    edges = edges_of(begin, begin + 5 * HOUR, Step(HOUR), BERLIN)
    assert [f"{local(edge, BERLIN):%H%z}" for edge in edges.tolist()] == [
        "00+0200",
        "01+0200",
        "02+0200",
        "02+0100",
        "03+0100",
        "04+0100",
    ]
    begin = ms("2026-03-29", BERLIN)
    edges = edges_of(begin, begin + 4 * HOUR, Step(HOUR), BERLIN)
    assert [f"{local(edge, BERLIN):%H}" for edge in edges.tolist()] == ["00", "01", "03", "04", "05"]


def test_a_day_may_begin_at_one_where_midnight_is_left_out():
    cairo = ZoneInfo("Africa/Cairo")
    begin = ms("2023-04-27T12:00", cairo)
    edges = edges_of(begin, begin + DAY, Step(DAY), cairo)
    assert [f"{local(edge, cairo):%d %H:%M}" for edge in edges.tolist()] == [
        "27 00:00",
        "28 01:00",
        "29 00:00",
    ]


@given(moments, st.integers(1, 10**12), st.integers(1, 30), zones)
def test_ticks_are_in_the_range_and_few(begin, span, most, zone):
    found = ticks(begin, begin + span, most, zone)
    assert len(found) <= most + 3
    assert all(begin <= at <= begin + span for at, _ in found)
    assert all(one < other for (one, _), (other, _) in pairwise(found))


def test_ticks_say_what_is_needed():
    begin = ms("2026-07-01T07:00")
    assert ticks(begin, begin + 2 * MINUTE, 2, UTC) == [
        (begin, "07:00"),
        (begin + MINUTE, "07:01"),
        (begin + 2 * MINUTE, "07:02"),
    ]
    assert [text for _, text in ticks(begin, begin + 20, 4, UTC)] == [
        "07:00:00.000",
        "07:00:00.005",
        "07:00:00.010",
        "07:00:00.015",
        "07:00:00.020",
    ]
    assert [text for _, text in ticks(begin, begin + DAY, 4, UTC)] == [
        "12:00",
        "18:00",
        "2026-07-02",
        "06:00",
    ]
    assert [text for _, text in ticks(begin, begin + 700 * DAY, 3, UTC)] == ["2027", "2028"]


def test_ranges_of_time_are_unambiguous():
    begin = ms("2026-10-25T00:30")
    assert range_text(begin, begin + HOUR, UTC) == "2026-10-25 00:30 – 01:30 UTC"
    assert range_text(begin, begin + HOUR, BERLIN) == "2026-10-25 02:30 +02:00 – 02:30 +01:00"
    assert range_text(begin + 5, begin + DAY, UTC) == "2026-10-25 00:30:00.005 – 2026-10-26 00:30:00.000 UTC"
    assert zone_text(begin, ZoneInfo("America/St_Johns")) == "-02:30"


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (0, "0 ms"),
        (250, "250 ms"),
        (61_000, "1 min 1 s"),
        (4 * MINUTE, "4 min"),
        (80 * MINUTE, "1 h 20 min"),
        (DAY, "1 d"),
        (400 * DAY + HOUR, "400 d 1 h"),
        (1500, "1 s"),
    ],
)
def test_lengths_of_time(milliseconds, words):
    assert duration_text(milliseconds) == words


def test_steps_have_words():
    assert [Step(10_000).words, Step(months=1).words, Step(months=24).words] == ["10 s", "1 month", "2 years"]


@given(moments, moments)
def test_units(begin, end):
    unit = unit_of(begin, end)
    assert begin % unit == 0
    assert end % unit == 0


values = st.sampled_from([50.0, 90.5, math.nan, -math.inf])
reads = st.lists(
    st.tuples(
        st.integers(0, 60) | st.sampled_from([absent("i8"), absent("i8") + 1]), st.integers(0, 2), values
    )
)


@given(
    st.lists(reads, max_size=3), st.lists(st.integers(5, 55), min_size=1, max_size=8, unique=True).map(sorted)
)
def test_a_tally_is_what_counting_one_by_one_gives(batches, edges):
    bins = len(edges) - 1
    tally = Tally.empty(3, bins)
    for batch in batches:
        times, lanes, confidences = (
            np.array([read[place] for read in batch], dtype) for place, dtype in enumerate(("i8", "i8", "f8"))
        )
        tally.add(times, lanes, confidences, np.array(edges))
    every = [read for batch in batches for read in batch]
    for lane in range(3):
        for place, (low, high) in enumerate(pairwise(edges)):
            inside = [value for time, of, value in every if of == lane and low <= time < high]
            finite = [value for value in inside if math.isfinite(value)]
            assert tally.counts[lane, place] == len(inside)
            assert tally.known[lane, place] == len(finite)
            mean = tally.means[lane, place]
            assert math.isnan(mean) if not finite else mean == pytest.approx(sum(finite) / len(finite))


@given(st.lists(st.integers(1, 10**7), min_size=2, max_size=300))
def test_silences_are_the_longest_pauses(pauses):
    times = np.cumsum(np.array([10**12, *pauses]))
    found = silences(times)
    assert set(map(tuple, found.tolist())) <= set(pairwise(times.tolist()))
    if len(found):
        shortest = int((found[:, 1] - found[:, 0]).min())
        assert shortest >= MINUTE
        assert sum(pause >= shortest for pause in pauses) == len(found)


def test_a_camera_that_stops_is_silent_and_sparse_traffic_is_not():
    rng = np.random.default_rng(3)
    pauses = (BURST_MS + rng.exponential(20_000, 400)).astype(np.int64)
    steady = np.cumsum(np.concatenate(([10**12], pauses)))
    assert len(silences(steady)) == 0
    stopped = steady.copy()
    stopped[200:] += 20 * MINUTE
    assert silences(stopped).tolist() == [[int(stopped[199]), int(stopped[200])]]
    assert len(silences(steady * 100)) == 0  # a car every half an hour


def test_chance_alone_is_hardly_ever_taken_for_a_silence():
    """The rate that the threshold promises: one capture in twenty."""
    rng = np.random.default_rng(4)
    pauses = BURST_MS + rng.exponential(60_000, (400, 300))
    hits = sum(len(silences(np.cumsum(row).astype(np.int64) + 10**12)) > 0 for row in pauses)
    assert 4 <= hits <= 32


def test_readings_and_edges_agree_over_three_years():
    begin = ms("2023-11-01")
    edges = edges_of(begin, begin + 3 * 365 * DAY, Step(DAY), BERLIN)
    assert (readings(edges, BERLIN) % DAY == 0).all()
    assert len(edges) in range(1095, 1098)
