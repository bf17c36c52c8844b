"""How a live source is, as values."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.capture.standing import SLOT_S, SLOTS, Backlog, Rhythm, Standing, State, shown_url, state_of
from alprviewer.sources.live.counters import Counters
from alprviewer.sources.live.order import Order

arrivals = st.lists(st.tuples(st.floats(0, 600), st.integers(0, 50)), max_size=40).map(sorted)


@given(begun=st.floats(0, 100), came=arrivals, later=st.floats(0, 300))
def test_every_slot_has_the_values_that_came_in_it(begun, came, later):
    rhythm, total = Rhythm(begun), 0
    came = [(begun + at, count) for at, count in came]
    for at, count in came:
        total += count
        rhythm.add(at, total)
    now = max([begun, *(at for at, _ in came)]) + later
    last = int(now // SLOT_S)
    expected = []
    for slot in range(last - SLOTS + 1, last + 1):
        inside = [count for at, count in came if at // SLOT_S == slot]
        expected.append(sum(inside) if slot >= int(begun // SLOT_S) else None)
    assert list(rhythm.beats(now)) == expected
    seconds = now - max((last - 3) * SLOT_S, begun)
    recent = sum(count for at, count in came if at // SLOT_S >= last - 3)
    assert rhythm.rate(now) == pytest.approx(recent / seconds if seconds > 0 else 0.0)


@given(
    values=st.integers(0, 10**6), size=st.integers(1, 4000), shown=st.floats(0, 1), before=st.integers(0, 99)
)
def test_what_waits_is_told_from_the_bytes_that_do(values, size, shown, before):
    backlog = Backlog()
    assert backlog.values(Counters(values=before, spooled_bytes=before * size), 0) == 0
    counters = Counters(values=before + values, spooled_bytes=(before + values) * size)
    unread = values * size - round(values * shown) * size
    found = backlog.values(counters, unread)
    assert found == (values - round(values * shown) if unread else 0)


def test_bytes_of_before_count_as_one_value_at_least():
    assert Backlog().values(Counters(), 1000) == 1


def source(running=True, **counters):
    return SimpleNamespace(
        is_running=running, counters=Counters(**counters), begun=1000.0, order=Order("tcp://a:1")
    )


@pytest.mark.parametrize(
    ("found", "now", "state", "since"),
    [
        (source(), 1001, State.CONNECTING, 0),
        (source(state="connecting"), 2000, State.CONNECTING, 0),
        (source(state="listening"), 1059, State.QUIET, 0),
        (source(state="listening"), 1061, State.SILENT, 1000),
        (source(state="connected", last_at=1100), 1160, State.RECEIVING, 0),
        (source(state="connected", last_at=1100), 1161, State.SILENT, 1100),
        (source(state="waiting to connect again", retry_at=1200, last_at=1190), 1195, State.RETRYING, 0),
        (source(running=False, state="connected", last_at=1190), 1195, State.STOPPED, 0),
    ],
)
def test_states(found, now, state, since):
    assert state_of(found, now, 60) == (state, since)


def test_the_silence_at_the_end_is_counted():
    def beats(*found):
        return Standing("u", State.SILENT, Counters(), beats=found).silence

    assert [beats(), beats(1), beats(None, 0, 3), beats(None, 0, 0), beats(5, 0, 0, 0)] == [0, 0, 0, 2, 3]


def test_an_address_is_shown_without_its_secret():
    found = source()
    found.order = Order("ws://a:1/x?token=abc")
    assert "abc" not in shown_url(found)
    found.counters.place = "tcp-listen://127.0.0.1:9"
    assert shown_url(found) == "tcp-listen://127.0.0.1:9"
