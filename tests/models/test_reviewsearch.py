"""What there is to review, with what is known of it: a large capture's consensus is not waited for."""

from __future__ import annotations

import pytest

from alprviewer.capture import weighing
from alprviewer.capture.capture import Capture
from alprviewer.core.passes import PassRules
from alprviewer.models import reviewsearch as module
from alprviewer.models.reviewsearch import ReviewSearch
from alprviewer.sources.paths import SourceFile
from alprviewer.store.passes import find, weighed
from tests.helpers.opening import SAMPLE, captured
from tests.helpers.reviewing import few
from tests.models.test_passfinder import add

RULES = PassRules()


@pytest.fixture
def search(qtbot):
    made = ReviewSearch()
    yield made
    made.close()


@pytest.fixture
def large(monkeypatch):
    """Even the sample is large, for all that is done with passes."""
    monkeypatch.setattr(module, "WORTH", 1)
    monkeypatch.setattr(weighing, "WORTH", 1)


def found_by(search, qtbot, capture, rules=RULES):
    with qtbot.waitSignal(search.found, timeout=60_000) as signal:
        search.begin(capture, None, rules)
    qtbot.waitUntil(lambda: not search.is_ranking, timeout=60_000)
    return signal.args[0].passes


def test_passes_that_are_being_weighed_are_taken_as_they_are(search, qtbot, large):
    capture = captured(SAMPLE)
    capture.passes = find(capture.columns, RULES, with_consensus=False)
    assert found_by(search, qtbot, capture) is capture.passes
    assert not capture.passes.table["weighed"].any()


def test_passes_that_are_not_known_are_found_and_keep_the_consensus_that_is(
    search, qtbot, large, tmp_path, monkeypatch
):
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    capture = Capture()
    capture.add(SourceFile("sample.jsonl", SAMPLE))
    add(capture, b"".join(lines[:300]), tmp_path)
    before = capture.passes = find(capture.columns, RULES)
    add(capture, b"".join(lines[300:600]), tmp_path)
    passes = found_by(search, qtbot, capture)
    wanted = find(capture.columns, RULES, with_consensus=False)
    assert passes.ids == wanted.ids
    known = {text for text in passes.consensus if text is not None}
    assert known
    assert known <= set(before.consensus)
    assert 0 < passes.table["weighed"].sum() < len(passes)


def test_small_captures_are_weighed(search, qtbot):
    capture = captured(SAMPLE)
    capture.passes = find(capture.columns, RULES, with_consensus=False)
    assert found_by(search, qtbot, capture).consensus == find(capture.columns, RULES).consensus


@pytest.mark.uncounted
def test_other_rules_find_other_passes(search, qtbot):
    capture = captured(SAMPLE)
    capture.passes = find(capture.columns, RULES)
    other = PassRules(gap_ms=1)
    assert found_by(search, qtbot, capture, other).ids == find(capture.columns, other).ids


def test_what_becomes_known_is_shown_of_the_items_that_follow(qtbot, make_review, tmp_path, large):
    capture = few(tmp_path)
    review = make_review(capture)
    qtbot.waitUntil(lambda: not review.is_reading_ahead)
    assert not review.sight.facts.weighed
    assert not any("no consensus" in reason for reason in review.sight.why), "nobody has looked for one"
    review.step(1)
    qtbot.waitUntil(lambda: not review.busy and not review.is_reading_ahead)
    assert not review.sight.facts.weighed
    passes = find(capture.columns, RULES, with_consensus=False)
    capture.passes = passes
    shown = review.sight
    review.step(1)
    qtbot.waitUntil(lambda: not review.busy and not review.is_reading_ahead)
    capture.passes = weighed(capture.columns, passes)
    assert not shown.facts.weighed
    review.step(-1)
    qtbot.waitUntil(lambda: not review.busy and not review.is_reading_ahead)
    review.step(-1)
    qtbot.waitUntil(lambda: not review.busy)
    assert review.sight.facts.weighed
    assert review.sight.facts.consensus == capture.passes.consensus[0]
