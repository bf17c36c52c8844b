"""Reads over time from the columns, against counting frame by frame."""

from __future__ import annotations

from collections import Counter
from datetime import UTC

import numpy as np
import pytest

from alprviewer.core.errors import Cancelled
from alprviewer.core.passes import PassRules
from alprviewer.core.query.parse import parse
from alprviewer.core.query.times import Clock
from alprviewer.core.timeline import edges_of, step_for
from alprviewer.store import timeline
from alprviewer.store.passes import find
from alprviewer.store.timeline import (
    count_passes,
    count_reads,
    instants_let_through,
    lanes_of,
    silent_times,
    span_of,
)
from tests.helpers.opening import SAMPLE, captured, frame, write

AT = 1_782_889_200_000  # 2026-07-01 07:00 UTC
MINUTE = 60_000


@pytest.fixture(scope="module")
def sample():
    return captured(SAMPLE).columns


def bins_of(columns, most=50):
    first, last = span_of(columns, len(columns.frames))
    return edges_of(first, last + 1, step_for(last - first, most), UTC)


def rows_of(columns):
    """Camera, time and confidence of each read."""
    envelopes = columns.envelopes()
    for read in range(len(columns.reads)):
        row = columns.reads.column("frame")[read]
        camera = envelopes[columns.frames.column("envelope")[row]].camera_id
        yield camera, int(columns.frames.column("epoch_time")[row]), columns.reads.column("confidence")[read]


@pytest.mark.parametrize("part", [100, 1 << 18])
def test_every_read_of_the_sample_is_in_its_bin(sample, monkeypatch, part):
    monkeypatch.setattr(timeline, "_PART", part)
    edges = bins_of(sample)
    lanes = lanes_of(sample, len(sample.frames), 6)
    counted = count_reads(sample, len(sample.reads), lanes, edges, None)
    expected = Counter(
        (lanes.of_camera(camera), int(np.searchsorted(edges, time, side="right")) - 1)
        for camera, time, _ in rows_of(sample)
    )
    cells = {
        (lane, place): int(count) for (lane, place), count in np.ndenumerate(counted.all.counts) if count
    }
    assert cells == dict(expected)
    assert counted.shown is None
    assert counted.reads == counted.all.counts.sum() == len(sample.reads)
    assert counted.all.sums.sum() == pytest.approx(sum(confidence for *_, confidence in rows_of(sample)))


def test_chosen_reads_are_counted_apart(sample):
    edges, lanes = bins_of(sample), lanes_of(sample, len(sample.frames), 6)
    chosen = np.flatnonzero(sample.reads.column("confidence") > 85).astype(np.uint32)
    counted = count_reads(sample, len(sample.reads), lanes, edges, chosen)
    assert counted.shown.counts.sum() == len(chosen)
    assert (counted.shown.counts <= counted.all.counts).all()
    assert (counted.shown.means[counted.shown.known > 0] > 85).all()


def test_absent_and_invalid_times_are_told_and_stand_nowhere(tmp_path):
    values = [frame("A", AT), frame("B", ...), frame("C", 8890634747532400640), frame("D", AT + 1)]
    columns = captured(write(tmp_path / "a.jsonl", values)).columns
    counted = count_reads(
        columns, 4, lanes_of(columns, 4, 6), edges_of(AT, AT + 2, step_for(2, 5), UTC), None
    )
    assert (counted.absent, counted.invalid) == (1, 1)
    assert counted.all.counts.tolist() == [[1, 1]]
    assert span_of(columns, 4) == (AT, AT + 1)
    assert span_of(columns, 0) is None


def test_what_nobody_wants_is_not_counted(sample):
    lanes = lanes_of(sample, len(sample.frames), 6)
    with pytest.raises(Cancelled):
        count_reads(sample, len(sample.reads), lanes, bins_of(sample), None, lambda: False)


def test_the_busiest_cameras_have_their_own_lanes(tmp_path):
    values = [
        frame("A", AT + n, camera_id=camera)
        for camera, many in ((9, 5), (3, 4), (7, 1), (8, 1), (..., 1))
        for n in range(many)
    ]
    columns = captured(write(tmp_path / "a.jsonl", values)).columns
    assert lanes_of(columns, 12, 6).cameras == (3, 7, 8, 9, None)
    few = lanes_of(columns, 12, 3)
    assert (few.cameras, few.others) == ((3, 9, None), 3)
    counted = count_reads(columns, 12, few, np.array([AT, AT + 10]), None)
    assert counted.all.counts.ravel().tolist() == [4, 5, 3]
    assert [few.of_camera(camera) for camera in (3, 9, 7, None)] == [0, 1, 2, 2]


def test_a_camera_that_falls_silent_is_told(tmp_path):
    steady = [frame("A", AT + 20_000 * n, camera_id=1) for n in range(60)]
    stops = [frame("A", AT + 20_000 * n + (30 * MINUTE if n > 30 else 0), camera_id=2) for n in range(60)]
    columns = captured(write(tmp_path / "a.jsonl", [*stops, *reversed(steady)])).columns
    lanes = lanes_of(columns, 120, 6)
    none, one = silent_times(columns, 120, lanes)
    assert none.tolist() == []
    assert one.tolist() == [[AT + 600_000, AT + 620_000 + 30 * MINUTE]]
    shared = silent_times(columns, 120, lanes_of(columns, 120, 1))
    assert [len(each) for each in shared] == [0]


def test_passes_are_counted_where_they_begin(sample):
    passes = find(sample, PassRules(), with_consensus=False)
    edges, lanes = bins_of(sample), lanes_of(sample, len(sample.frames), 6)
    assert count_passes(passes, lanes, edges, None).sum() == len(passes)
    rows = passes.reads_of(3)
    one = count_passes(passes, lanes, edges, np.sort(rows))
    assert one.sum() == 1
    place = np.searchsorted(edges, passes.table["start"][3], side="right") - 1
    assert one[:, place].sum() == 1
    assert count_passes(passes, lanes, edges, np.empty(0, np.uint32)).sum() == 0


def test_instants_ask_for_times_alone():
    times = np.array([AT, AT + MINUTE])
    terms = (parse("time:07:00"), parse("time>2020-01-01"))
    assert instants_let_through(terms, times, Clock()).tolist() == [True, False]
