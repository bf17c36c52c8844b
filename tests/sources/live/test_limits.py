"""Rates and pauses."""

from hypothesis import given
from hypothesis import strategies as st

from alprviewer.sources.live.limits import Backoff, Pace


@given(st.lists(st.floats(0.1, 50), max_size=60), st.floats(1, 100))
def test_no_more_than_the_rate_and_a_second_of_it(amounts, rate):
    now = 0.0
    pace = Pace(rate, lambda: now)
    taken = 0.0
    for amount in amounts:
        assert taken <= rate * (now + 1) * (1 + 1e-9) + 1e-6
        taken += amount
        now += pace.take(amount)


def test_who_stays_below_the_rate_never_waits():
    now = 0.0
    pace = Pace(10, lambda: now)
    for _ in range(100):
        assert pace.take(1) == 0
        now += 0.1


@given(st.lists(st.floats(0, 1), min_size=20, max_size=20))
def test_pauses_grow_to_a_limit_and_chance_sets_them(chances):
    drawn = iter(chances)
    backoff = Backoff(lambda: next(drawn), 0.5, 60)
    longest = 0.5
    for chance in chances:
        pause = backoff.pause()
        assert abs(pause - longest * (1 + chance) / 2) < 1e-9
        longest = min(2 * longest, 60)


def test_what_worked_makes_pauses_short_again():
    backoff = Backoff(lambda: 1.0, 0.5, 60)
    first = [backoff.pause() for _ in range(10)]
    assert first == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    backoff.worked()
    assert backoff.pause() == 0.5
