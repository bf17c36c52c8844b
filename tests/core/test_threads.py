"""Long arrays by several threads."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core import threads
from alprviewer.core.threads import LEAST, in_stretches, processors, together, worth


def test_as_many_threads_as_there_is_work_and_there_are_processors() -> None:
    assert worth(0) == worth(LEAST) == 1
    assert 1 <= worth(100 * LEAST) <= processors()


@given(st.integers(0, 1000), st.integers(1, 40), st.integers(1, 50))
def test_every_place_is_worked_on_once(count: int, least: int, step: int) -> None:
    met = np.zeros(count, int)
    begins: list[int] = []

    def work(begin: int, end: int) -> None:
        met[begin:end] += 1
        begins.append(begin)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "LEAST", least)
        in_stretches(work, count, step)
    assert (met == 1).all()
    assert all(begin % step == 0 for begin in begins)


def test_all_calls_run_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=60)
    together([meeting.wait] * 3)
    assert not meeting.broken


def test_a_failure_is_told_when_all_have_ended() -> None:
    ended = threading.Event()
    failed = threading.Event()

    def fail() -> None:
        failed.set()
        raise ValueError("this one")

    def end() -> None:
        assert failed.wait(60)
        ended.set()

    with pytest.raises(ValueError, match="this one"):
        together([fail, end])
    assert ended.is_set()
    with pytest.raises(ValueError, match="this one"):
        together([failed.wait, fail])
