"""Each bar of the overview counts what its own query selects."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from alprviewer.capture.passfilter import matching_rows
from alprviewer.core.errors import Cancelled
from alprviewer.core.passes import PassRules
from alprviewer.core.query.times import Clock
from alprviewer.core.query.tree import And
from alprviewer.store.filtering import Filter
from alprviewer.store.overview import Asked, overview
from tests.helpers.opening import SAMPLE, captured, frame, write

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def sample():
    return captured(SAMPLE)


def name(lanes, lane):
    return str(lanes.cameras[lane])


def counted(capture, chosen=None, zone=UTC, passes=None):
    columns = capture.columns
    asked = Asked(columns, len(columns.reads), len(columns.frames), chosen, zone, passes)
    return {each.title: each for each in overview(asked, name, lambda: True)}


def terms_of(bar):
    return And(tuple(term for _, terms in bar.terms for term in terms))


@pytest.mark.parametrize("zone", [UTC, BERLIN])
def test_a_bar_is_as_long_as_its_query_selects(sample, zone):
    chosen = np.flatnonzero(sample.columns.reads.column("margin") > 3).astype(np.uint32)
    every = counted(sample, chosen, zone)
    bars = [bar for each in every.values() for bar in each.bars]
    assert len(bars) > 40
    for bar in bars:
        rows = Filter(terms_of(bar), sample.columns, Clock(0, zone)).select("reads")
        assert (bar.all, bar.shown) == (len(rows), len(np.intersect1d(rows, chosen))), bar.words
    for title in ("Confidence", "Plate width, pixels", "Cameras by hour"):
        assert sum(bar.all for bar in every[title].bars) == len(sample.columns.reads), title


def test_passes_are_counted_once_they_are_known(sample):
    assert "Reads per pass" not in counted(sample)
    passes = sample.find_passes(PassRules(), with_consensus=False)
    found = counted(sample, None, UTC, passes)["Reads per pass"]
    assert sum(bar.all for bar in found.bars) == len(passes)
    for bar in found.bars:
        assert len(matching_rows(sample, "passes", terms_of(bar), Clock())) == bar.all
    one = counted(sample, np.sort(passes.reads_of(0)), UTC, passes)["Reads per pass"]
    assert sum(bar.shown for bar in one.bars) == 1
    sample.passes = None


def test_hours_are_those_of_the_zone_on_both_sides_of_a_change(tmp_path):
    change = 1_792_893_600_000  # 2026-10-25 02:00 UTC: an hour behind the change
    values = [frame("A", change + hour * 3_600_000) for hour in range(-3, 3)]
    capture = captured(write(tmp_path / "a.jsonl", values))
    bars = counted(capture, None, BERLIN)["Cameras by hour"].bars
    hours = Counter({place: bar.all for place, bar in enumerate(bars) if bar.all})
    assert hours == {1: 1, 2: 2, 3: 1, 4: 1, 5: 1}


def test_what_has_no_value_is_told(tmp_path):
    values = [
        frame("A", region=..., confidence=..., candidates=..., coordinates=...),
        frame("B", ..., region="", confidence="high", candidates=[]),
        frame("C", region="US-MO", candidates=[]),
        frame("D", 8890634747532400640, camera_id=...),
    ]
    every = counted(captured(write(tmp_path / "a.jsonl", values)))
    assert every["Confidence"].notes == ("1 absent", "1 invalid")
    assert every["Region code"].notes == ("2 absent",)
    assert [(bar.words, bar.all) for bar in every["Region code"].bars] == [("us-mo", 2)]
    assert every["Plate width, pixels"].notes == ("1 absent",)
    assert every["Cameras by hour"].notes == ("2 without a usable time",)
    assert {bar.terms == () for bar in every["Cameras by hour"].bars[24:]} == {True}


def test_many_codes_are_the_most_frequent_ones(tmp_path):
    values = [frame("A", region=f"r{n:02}") for n in range(14) for _ in range(14 - n)]
    region = counted(captured(write(tmp_path / "a.jsonl", values)))["Region code"]
    assert [bar.words for bar in region.bars] == [f"r{n:02}" for n in range(10)]
    assert region.notes == ("10 of 4 other codes",)


def test_an_empty_capture_and_an_unwanted_answer(tmp_path):
    empty = captured(write(tmp_path / "a.jsonl", []))
    assert all(each.bars == () for each in counted(empty).values())
    asked = Asked(empty.columns, 0, 0, None, UTC, None)
    with pytest.raises(Cancelled):
        overview(asked, name, lambda: False)
