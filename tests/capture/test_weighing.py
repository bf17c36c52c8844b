"""Passes of large captures come from a process of their own, and are the same."""

from __future__ import annotations

import os
import pickle
import signal
import sys

import numpy as np
import pytest

from alprviewer.capture import weighing
from alprviewer.capture.cache import index_folder
from alprviewer.core.errors import Cancelled
from alprviewer.core.passes import PassRules
from alprviewer.store import passes as here
from alprviewer.store import passinput
from tests.helpers.leaks import children
from tests.helpers.opening import SAMPLE, captured, frame, write

RULES = PassRules()


def never():
    return False


@pytest.fixture
def large(monkeypatch):
    """Even the sample is large."""
    monkeypatch.setattr(weighing, "WORTH", 1)


@pytest.fixture(scope="module")
def columns():
    return captured(SAMPLE).columns


@pytest.fixture(scope="module")
def wanted(columns):
    return here.find(columns, RULES)


@pytest.fixture
def started(monkeypatch):
    """The children that were started."""
    made = []

    class Watched(weighing.Child):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            made.append(self)

    monkeypatch.setattr(weighing, "Child", Watched)
    return made


def assert_same(found, wanted):
    assert found.table.tobytes() == wanted.table.tobytes()
    assert (found.ids, found.consensus, found.cameras) == (wanted.ids, wanted.consensus, wanted.cameras)
    assert np.array_equal(found.of_read, wanted.of_read)


def test_the_same_is_found_and_weighed(large, columns, wanted, started):
    told = []
    found = weighing.find(columns, RULES, None, never)
    assert not found.table["weighed"].any()
    assert_same(weighing.weighed(columns, found, never, told.append), wanted)
    assert len(started) == 2
    assert not children()
    assert not list(index_folder().glob("passes-*"))


def test_what_is_weighed_is_told_part_by_part(large, columns, wanted):
    told = []

    def parts(*arguments):
        for part in answers(*arguments):
            for half in np.array_split(np.arange(len(part.numbers)), 2):
                texts = [part.texts[place] for place in half]
                yield part._replace(
                    numbers=part.numbers[half], probability=part.probability[half], texts=texts
                )

    answers = weighing._answers
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weighing, "_answers", parts)
        found = weighing.weighed(columns, wanted, never, lambda known: told.append(here.copied(known)))
    assert_same(found, wanted)
    assert [0 < each.table["weighed"].sum() < len(each) for each in told] == [True]


def test_an_explanation_is_at_hand(large, columns, wanted):
    found = weighing.weighed(columns, wanted, never, lambda _: None)
    for number in range(0, len(wanted), 9):
        mine, theirs = here.explain(columns, found, number), here.explain(columns, wanted, number)
        assert (mine is None) == (theirs is None)
        assert mine is None or mine[0] == theirs[0]


def test_only_what_came_since_is_looked_at(large, columns, wanted, started):
    found = weighing.find(columns, RULES, wanted, never)
    assert (found.ids, started) == (wanted.ids, [])
    other = PassRules(gap_ms=1)
    assert weighing.find(columns, other, wanted, never).ids == here.find(columns, other).ids
    assert len(started) == 1


def test_few_reads_are_not_worth_a_process(columns, wanted, started):
    found = weighing.find(columns, RULES, None, never)
    assert_same(weighing.weighed(columns, found, never, lambda _: None), wanted)
    assert not started


def test_nothing_that_spells(large, tmp_path):
    few = captured(write(tmp_path / "a.jsonl", [frame(plate=..., candidates=[])])).columns
    found = weighing.weighed(few, weighing.find(few, RULES, None, never), never, lambda _: None)
    assert (found.consensus, found.taught, found.table["weighed"].tolist()) == ([None], None, [True])


def test_it_can_be_stopped(large, columns, wanted):
    for work in (
        lambda: weighing.find(columns, RULES, None, lambda: True),
        lambda: weighing.weighed(columns, wanted, lambda: True, lambda _: None),
    ):
        with pytest.raises(Cancelled):
            work()
        assert not children()
        assert not list(index_folder().glob("passes-*"))


@pytest.fixture
def killed(monkeypatch):
    """Kills the children that are started, the first ones: so many."""

    def begin(count):
        class Killed(weighing.Child):
            def __init__(self, *arguments):
                nonlocal count
                super().__init__(*arguments)
                count -= 1
                if count >= 0:
                    os.kill(self._process.pid, signal.SIGKILL)

        monkeypatch.setattr(weighing, "Child", Killed)

    return begin


def test_a_process_that_is_killed_has_a_successor(large, columns, wanted, killed, expected_logs):
    expected_logs("has ended: it was killed")
    killed(1)
    found = weighing.find(columns, RULES, None, never)
    killed(1)
    assert_same(weighing.weighed(columns, found, never, lambda _: None), wanted)
    assert not children()
    assert not list(index_folder().glob("passes-*"))


def test_a_second_death_is_told(large, columns, wanted, killed, expected_logs):
    """It is not done here: the window would be the next to be killed."""
    expected_logs("has ended: it was killed")
    for work in (
        lambda: weighing.find(columns, RULES, None, never),
        lambda: weighing.weighed(columns, wanted, never, lambda _: None),
    ):
        killed(2)
        with pytest.raises(weighing.Ended, match="has ended"):
            work()
        assert not children()
        assert not list(index_folder().glob("passes-*"))


def test_what_killed_windows_have_left_is_deleted(large, columns):
    index_folder().mkdir(parents=True, exist_ok=True)
    left, used = index_folder() / "passes-left.new", index_folder() / "passes-used.new"
    for each in (left, used):
        each.touch()
    os.utime(left, (1, 1))
    weighing.find(columns, RULES, None, never)
    assert not left.exists()
    assert used.exists(), "another window's"
    used.unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="what is mapped there cannot be deleted")
def test_the_child_leaves_nothing_should_the_window_be_killed(columns, tmp_path):
    more = {weighing.FIRST: np.empty(0, np.int64), weighing.COPY: np.empty(0, bool)}
    values = passinput.save(tmp_path / "input", columns, more)
    child = weighing.Child("weigher", pickle.dumps(weighing.Order(tmp_path / "input", values, RULES, None)))
    found = child.messages.get(timeout=60)
    assert len(found.first) == len(columns.reads)
    assert not (tmp_path / "input").exists()
    child.stop()
    child.join()


def test_without_a_place_for_files_it_is_done_here(large, columns, wanted, started, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(weighing, "index_folder", lambda: tmp_path / "file" / "folder")
    found = weighing.find(columns, RULES, None, never)
    assert_same(weighing.weighed(columns, found, never, lambda _: None), wanted)
    assert not started
