"""What other rules would do to passes, computed off the UI thread."""

from __future__ import annotations

import threading

import pytest

from alprviewer.capture.capture import Capture
from alprviewer.core.passchange import PassChange
from alprviewer.core.passes import PassRules
from alprviewer.models import passpreview as module
from alprviewer.models.passpreview import PassPreview
from alprviewer.store.passes import find
from tests.helpers.opening import SAMPLE, captured

RULES = PassRules()


@pytest.fixture(scope="module")
def capture():
    return captured(SAMPLE)


@pytest.fixture
def preview(qtbot, capture):
    made = PassPreview(capture, RULES)
    yield made
    made.close()


@pytest.fixture
def changes(preview):
    found = []
    preview.changed.connect(found.append)
    return found


def test_it_tells_what_other_rules_would_find(preview, changes, capture, qtbot):
    others = PassRules(gap_ms=200, parked_gap_ms=200)
    preview.ask(others)
    assert (changes, preview.busy) == ([None], True)
    qtbot.waitUntil(lambda: not preview.busy)
    told = changes[-1]
    now, then = (find(capture.columns, rules, with_consensus=False) for rules in (RULES, others))
    assert (told.before, told.after, told.joined) == (len(now), len(then), 0)
    assert 0 < told.split < told.before < told.after
    assert told.reads == now.table["reads"].sum()


def test_the_newest_rules_win(preview, changes, qtbot, monkeypatch):
    started, gate = threading.Event(), threading.Event()
    real, asked = module.change_of, []

    def slow(reads, rules, others, stopped):
        asked.append(others.gap_ms)
        started.set()
        assert gate.wait(10)
        return real(reads, rules, others, stopped)

    monkeypatch.setattr(module, "change_of", slow)
    preview.ask(PassRules(gap_ms=1))
    assert started.wait(10)
    for gap in range(2, 9):
        preview.ask(PassRules(gap_ms=gap))
    gate.set()
    qtbot.waitUntil(lambda: not preview.busy)
    assert asked == [1, 8]
    assert [each for each in changes if each is not None] == changes[-1:]


def test_the_rules_that_hold_need_no_telling(preview, changes):
    preview.ask(PassRules(gap_ms=1))
    preview.ask(RULES)
    assert (changes, preview.busy) == ([None, None], False)


def test_closing_ends_what_is_computed(capture, monkeypatch, qtbot):
    started = threading.Event()

    def endless(reads, rules, others, stopped):
        started.set()
        while not stopped():
            pass
        return PassChange()

    monkeypatch.setattr(module, "change_of", endless)
    preview = PassPreview(capture, RULES)
    preview.ask(PassRules(gap_ms=1))
    assert started.wait(10)
    preview.close()
    assert "preview passes" not in {thread.name for thread in threading.enumerate()}


def test_nothing_is_told_of_nothing(qtbot):
    empty = PassPreview(Capture(), RULES)
    empty.ask(PassRules(gap_ms=1))
    assert not empty.has_reads
    assert not empty.busy
    empty.close()
