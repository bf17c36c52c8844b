"""What goes on and on is done less often."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.models.live import pause_after
from alprviewer.models.pace import Pace


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def made(clock, qapp):
    done: list[float] = []

    def make(*args: float, takes: float = 0.0) -> tuple[Pace, list[float]]:
        pace = Pace(*args, now=clock)
        pace.due.connect(lambda: (done.append(clock.now), pace.done(takes)))
        paces.append(pace)
        return pace, done

    paces: list[Pace] = []
    yield make
    for pace in paces:
        pace.forget()


def asked_every(pace, clock, step: float, count: int) -> None:
    """Ask again and again; what waits is due at the end of its pause, which the clock has passed."""
    for _ in range(count):
        if pace.waits and clock.now >= pace._ends:
            pace._timer.stop()
            pace.due.emit()
        pace.ask()
        clock.now += step


def test_the_first_time_is_at_once_and_pauses_grow(made, clock):
    pace, done = made(0.25, 1.0)
    asked_every(pace, clock, 0.125, 80)
    gaps = [after - before for before, after in pairwise(done)]
    assert done[0] == 100.0
    assert gaps[:3] == [0.25, 0.5, 1.0]
    assert set(gaps[2:]) == {1.0}


def test_whoever_has_rested_need_not_wait(made, clock):
    pace, done = made(0.25, 1.0)
    asked_every(pace, clock, 0.125, 40)
    pace.forget()
    clock.now += 10
    pace.ask()
    assert done[-1] == clock.now
    clock.now += 0.25
    pace.ask()
    assert done[-1] == clock.now


def test_what_takes_long_pauses_longer(made, clock):
    pace, done = made(0.25, 1.0, 10.0, takes=0.5)
    asked_every(pace, clock, 0.125, 200)
    assert {after - before for before, after in pairwise(done)} == {5.0}


def test_it_comes_by_itself_when_the_pause_is_over(qtbot):
    pace = Pace(0.01, 0.01)
    pace.due.connect(pace.done)
    with qtbot.waitSignal(pace.due):
        pace.ask()
    pace.ask()
    assert pace.waits
    with qtbot.waitSignal(pace.due):
        pace.ask()
    assert not pace.waits


def test_what_is_forgotten_does_not_come(made):
    pace, done = made(0.25, 1.0)
    pace.ask()
    pace.ask()
    assert pace.waits
    pace.forget()
    assert not pace.waits
    assert len(done) == 1


@given(st.floats(0, 10), st.floats(0, 10))
def test_a_busy_window_asks_less_often_but_never_stops(busy, more):
    assert 0.1 <= pause_after(busy) <= pause_after(busy + more) <= 0.5
