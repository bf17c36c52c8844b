"""What a confidence is worth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.calibration import (
    Recalibration,
    calibration_error,
    curve,
    recalibrated,
    reliability,
    thresholds,
)
from alprviewer.core.metrics import Kind, Sample, wilson


def sample(confidence, right, kind=Kind.PLATE, row=0):
    truth = "A" if kind is Kind.PLATE else ""
    return Sample(row, kind, truth, "A" if right else "B", frozenset(), confidence)


found = st.lists(
    st.builds(
        sample,
        st.none() | st.integers(0, 100).map(float) | st.floats(0, 100),
        st.booleans(),
        st.sampled_from(Kind),
    ),
    max_size=30,
).map(lambda samples: [each._replace(row=7 * place) for place, each in enumerate(samples)])
EDGES = (0, 25, 50, 90, 100)


def counted(samples):
    return [s for s in samples if s.confidence is not None and s.kind is not Kind.UNREADABLE]


@given(found)
def test_bins_against_naive_ones(samples):
    bins = reliability(samples, EDGES)
    assert [(each.low, each.high) for each in bins] == [(0, 25), (25, 50), (50, 90), (90, 100)]
    for number, each in enumerate(bins):
        is_last = number == len(bins) - 1
        limit = 101 if is_last else each.high
        inside = [s for s in counted(samples) if each.low <= s.confidence < limit]
        assert each.reads == len(inside)
        assert each.right == sum(s.is_exact for s in inside)
        assert each.interval == wilson(each.right, each.reads)
        assert each.rows == tuple(s.row for s in inside)
        assert (each.mean is None) == (not inside)
        if inside:
            assert each.mean == pytest.approx(sum(s.confidence for s in inside) / len(inside))
    error = calibration_error(bins)
    full = [each for each in bins if each.reads]
    if not full:
        assert error is None
    else:
        gaps = [each.reads * abs(each.right / each.reads - each.mean / 100) for each in full]
        assert error == pytest.approx(sum(gaps) / len(counted(samples)))


def test_a_recognizer_that_knows_itself():
    samples = [sample(80.0, right) for right in [True] * 8 + [False] * 2]
    assert calibration_error(reliability(samples, EDGES)) == pytest.approx(0)
    assert recalibrated(samples) == Recalibration((80.0,), (10,), (8,))


def squares(samples, heights):
    return sum((s.is_exact - heights(s.confidence)) ** 2 for s in samples)


@given(found, st.lists(st.integers(0, 4), min_size=31, max_size=31))
def test_no_rising_function_is_nearer(samples, rises):
    learned = recalibrated(samples)
    known = counted(samples)
    assert list(learned.share) == sorted(learned.share)
    assert list(learned.confidence) == sorted(set(learned.confidence))
    if not known:
        assert learned.of(50) is learned.interval(50) is None
        return
    levels = sorted({s.confidence for s in known})
    assert (sum(learned.reads), sum(learned.right)) == (len(known), sum(s.is_exact for s in known))
    for begin, reads, right in zip(*learned, strict=True):
        assert learned.interval(begin) == wilson(right, reads)
    total = max(sum(rises[: len(levels) + 1]), 1)
    other = dict(zip(levels, (np.cumsum(rises)[: len(levels)] / total).tolist(), strict=True))
    assert squares(known, learned.of) <= squares(known, other.__getitem__) + 1e-9
    assert sum(learned.of(s.confidence) for s in known) == pytest.approx(sum(s.is_exact for s in known))


@given(found, st.lists(st.floats(0, 100) | st.sampled_from([np.nan, -np.inf]), max_size=9))
def test_many_confidences_at_once(samples, values):
    learned = recalibrated(samples)
    each = [
        (np.nan if (share := learned.of(value)) is None else share)
        if np.isfinite(value) or not learned.reads
        else value
        for value in values
    ]
    np.testing.assert_array_equal(learned.of_all(np.array(values, float)), np.array(each, float))


def test_below_the_first_step_its_height_counts():
    learned = recalibrated([sample(50.0, False), sample(90.0, True)])
    assert [learned.of(value) for value in (0, 50, 70, 90, 100)] == [0, 0, 0, 1, 1]


@given(found, st.lists(st.integers(0, 100), max_size=5))
def test_thresholds_against_naive_ones(samples, limits):
    known = counted(samples)
    for limit, each in zip(limits, thresholds(samples, limits), strict=True):
        taken = [s for s in known if s.confidence >= limit]
        assert (each.confidence, each.accepted, each.reviewed) == (limit, len(taken), len(known) - len(taken))
        assert each.wrong == sum(not s.is_exact for s in taken)
        assert each.interval == wilson(each.wrong, each.accepted)
        assert each.hours(1.6) == pytest.approx(each.reviewed * 1.6 / 3600)


@given(found, st.integers(0, 100))
def test_every_side_of_a_threshold_knows_its_reads(samples, limit):
    known = counted(samples)
    found = curve(samples)
    above = {s.row for s in known if s.confidence >= limit}
    assert set(found.accepted(limit).tolist()) == above
    assert set(found.below(limit).tolist()) == {s.row for s in known} - above
    wrong = {s.row for s in known if not s.is_exact}
    assert set(found.accepted_wrong(limit).tolist()) == above & wrong
