"""The timeline's model: the newest range wins, rows come, the filter is told."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import numpy as np
import pytest

from alprviewer.capture.capture import Capture
from alprviewer.core.passes import PassRules
from alprviewer.core.query.parse import parse
from alprviewer.core.timeline import Step
from alprviewer.models import timeline as module
from alprviewer.models.timeline import Timeline
from alprviewer.store.timeline import count_reads
from tests.helpers.opening import SAMPLE, captured, frame, write

AT = 1_782_889_200_000
HOUR = 3_600_000


@pytest.fixture
def make(qtbot):
    made = []

    def factory(capture):
        timeline = Timeline()
        made.append(timeline)
        with qtbot.waitSignal(timeline.changed):
            timeline.set_capture(capture)
        return timeline

    yield factory
    for timeline in made:
        timeline.close()


@pytest.fixture(scope="module")
def sample():
    return captured(SAMPLE)


@pytest.fixture
def hours(tmp_path):
    values = [frame(f"P{n}", AT + n * HOUR // 10, camera_id=4 + n % 2) for n in range(30)]
    return captured(write(tmp_path / "a.jsonl", values))


def settle(qtbot, timeline):
    qtbot.waitUntil(lambda: not timeline.busy)


def test_all_of_a_capture_is_shown_first(make, sample):
    timeline = make(sample)
    bins = timeline.bins
    assert bins.all.counts.sum() == len(sample.columns.reads) == bins.reads
    assert bins.edges[0] <= bins.span[0] <= bins.span[1] < bins.edges[-1]
    assert len(bins.lanes) == bins.all.counts.shape[0] == len(bins.silent)
    assert bins.counted is bins.all
    assert bins.passes is bins.filtered is None


def test_the_newest_range_wins_and_is_counted_beside_the_window(make, hours, qtbot, monkeypatch):
    timeline = make(hours)
    threads = set()
    monkeypatch.setattr(
        module,
        "count_reads",
        lambda *args: (threads.add(threading.current_thread()), count_reads(*args))[1],
    )
    for hour in range(3):
        timeline.show((AT + hour * HOUR, AT + (hour + 1) * HOUR), 60)
    settle(qtbot, timeline)
    assert timeline.bins.begin == AT + 2 * HOUR
    assert timeline.bins.step == Step(60_000)
    assert timeline.bins.all.counts.sum() == 10
    assert threading.main_thread() not in threads


def test_the_filter_is_told(make, hours, qtbot):
    timeline = make(hours)
    tree = parse("conf>1 time:2026-07-01T08:00Z..2026-07-01T08:59Z")
    with qtbot.waitSignal(timeline.changed):
        timeline.set_filter(tree, np.arange(10, 20, dtype=np.uint32))
    assert timeline.bins.shown.counts.sum() == 10
    assert timeline.bins.all.counts.sum() == 30
    assert timeline.bins.filtered.tolist() == [[AT + HOUR, AT + 2 * HOUR]]
    assert timeline.selected() == (AT + HOUR, AT + 2 * HOUR)
    with qtbot.waitSignal(timeline.changed):
        timeline.set_filter(None, None)
    assert timeline.bins.shown is timeline.bins.filtered is timeline.selected() is None


def test_open_ranges_end_with_the_capture(make, hours, qtbot):
    timeline = make(hours)
    timeline.set_filter(parse("time>=2026-07-01T09:00Z"), np.arange(20, 30, dtype=np.uint32))
    settle(qtbot, timeline)
    assert timeline.selected() == (AT + 2 * HOUR, timeline.bins.span[1] + 1)


def test_times_of_day_are_several_parts(make, tmp_path, qtbot):
    days = [frame("A", AT + day * 24 * HOUR) for day in range(3)]
    timeline = make(captured(write(tmp_path / "a.jsonl", days)))
    timeline.set_filter(parse("time:06:00..08:59"), np.arange(3, dtype=np.uint32))
    settle(qtbot, timeline)
    assert timeline.selected() is None
    parts = timeline.bins.filtered
    assert len(parts) == 3
    assert np.abs(parts[1] - [AT + 23 * HOUR, AT + 26 * HOUR]).max() < HOUR / 10


def test_rows_that_come_are_counted_together(make, hours, qtbot):
    timeline = make(Capture())
    assert timeline.bins.span is None
    timeline.capture = hours
    counts = []
    timeline.changed.connect(lambda: counts.append(timeline.bins.all.counts.sum()))
    for _ in range(5):
        timeline.add_rows()
    assert timeline.busy
    settle(qtbot, timeline)
    assert counts[-1] == 30
    assert len(counts) <= 2, "those that come while it is counted, and all before them"


def test_passes_are_counted_once_they_are_known(make, sample, qtbot):
    timeline = make(sample)
    passes = sample.snapshot().find_passes(PassRules(), with_consensus=False)
    timeline.set_passes(passes)
    settle(qtbot, timeline)
    assert timeline.bins.passes.sum() == len(passes)


def test_a_capture_without_times(make, tmp_path):
    bins = make(captured(write(tmp_path / "a.jsonl", [frame("A", ...)]))).bins
    assert bins.span is None
    assert (bins.reads, bins.absent, bins.all.counts.size) == (1, 1, 0)


def test_many_cameras_share_the_last_lane(make, tmp_path):
    values = [frame("A", AT + n, camera_id=n) for n in range(1, 12)]
    capture = captured(write(tmp_path / "a.jsonl", values))
    capture.camera_names[1] = "North\ngate"
    lanes = make(capture).bins.lanes
    assert lanes == ("North↵gate", "2", "3", "4", "5", "6 other cameras")


@pytest.fixture
def berlin(monkeypatch):
    """The local zone is one with both changes."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("first", "hours"), [("2026-03-27T12:00", 23), ("2026-10-23T12:00", 25)])
def test_days_are_those_of_the_local_zone(make, tmp_path, qtbot, berlin, first, hours):
    begin = round(datetime.fromisoformat(first).replace(tzinfo=UTC).timestamp() * 1000)
    values = [frame("A", begin + hour * HOUR) for hour in range(96)]
    timeline = make(captured(write(tmp_path / "a.jsonl", values)))
    timeline.set_zone("local")
    timeline.show(None, 6)
    settle(qtbot, timeline)
    bins = timeline.bins
    assert bins.step == Step(24 * HOUR)
    assert hours in (np.diff(bins.edges) // HOUR).tolist()
    whole = (bins.edges[:-1] >= begin) & (bins.edges[1:] <= begin + 96 * HOUR)
    assert bins.all.counts[0, whole].tolist() == (np.diff(bins.edges) // HOUR)[whole].tolist()
