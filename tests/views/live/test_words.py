"""How live sources are, in words."""

from __future__ import annotations

import pytest

from alprviewer.capture.standing import SLOTS, Standing, State
from alprviewer.sources.live.counters import Counters
from alprviewer.views.live import words


def standing(state=State.RECEIVING, counters=None, **more):
    return Standing("tcp://h:1", state, counters or Counters(last_at=1.0), **more)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (standing(), "receiving"),
        (standing(State.SILENT, since=1_700_000_000), "silent since 22:13:20"),
        (standing(State.RETRYING, retry_in=3.21), "reconnecting in 3.2 s"),
        (standing(State.STOPPED), "stopped, starting again now"),
        (standing(State.QUIET), "ready, nothing has come yet"),
    ],
)
def test_states(found, said):
    assert words.state_words(found) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.123, "0.12 s"), (-0.5, "-0.50 s"), (9.94, "9.9 s"), (59, "59 s"), (601, "10 min"), (36_001, "10 h")],
)
def test_short_times(seconds, said):
    assert words.seconds_words(seconds) == said


def test_what_is_absent_is_no_zero():
    assert words.lag_words(standing()) == "lag —"
    assert words.lag_words(standing(lag=1.0, counters=Counters())) == "lag —", "rows of before say nothing"
    assert words.lag_words(standing(lag=0.0)) == "lag 0.00 s"
    assert words.lag_words(standing(lag=-2.0)) == "clock 2.0 s ahead"


def test_counts_say_what_is_lost_and_else_only_what_is_there():
    assert words.count_words(standing()) == "lost 0"
    counters = Counters(missed=1200, duplicates=3, rejected=2, refused=4, unknown=5)
    assert words.count_words(standing(counters=counters, waiting=7)) == (
        "lost 1,200 · 7 waiting · 3 duplicates · 2 rejected · 4 refused · 5 not understood"
    )


def test_one_line_for_all():
    one = standing(rate=24.83, lag=0.18, cameras=("North gate",))
    assert words.status_words([one]) == "North gate receiving · 24.8/s · lag 0.18 s · lost 0"
    two = standing(State.RETRYING, counters=Counters(missed=2), rate=0.2)
    assert words.status_words([one, two]) == (
        "2 live sources · 1 receiving · 1 silent or not connected · 25.0/s · lost 2"
    )


def test_names_are_shown_as_text_of_one_line():
    assert "\n" not in words.name_of(standing(cameras=("a\nb\u202e",)))
    assert words.spoken(standing(cameras=("Gate",), last_error="x")).startswith("Gate, tcp://h:1, receiving")


def test_silence():
    assert words.silence_words(standing(beats=(1, 0, 0))) == "silent 4.0 s"
    assert words.silence_words(standing(beats=(0,) * SLOTS)) == "silent 3 min"
