"""Passes and consensus of the real recordings: figures that must not get worse."""

import pytest

from tests.bench.passing import judge, reliability
from tests.helpers.realdata import needs_real_data

pytestmark = pytest.mark.uncounted


@needs_real_data
@pytest.mark.parametrize(
    ("name", "precision", "recall", "right"),
    [("us", 0.995, 0.94, 74.0), ("eu", 0.995, 0.99, 80.0), ("hard", 0.995, 0.98, 70.0)],
)
def test_recordings(name, precision, recall, right):
    judged = judge(name)
    assert judged.precision >= precision
    assert judged.recall >= recall
    assert judged.right["consensus"] >= right
    assert judged.right["consensus"] >= max(judged.right.values())
    # Probabilities mean what they say, as far as so few passes can tell.
    told = reliability(judged.told)
    count = sum(passes for _, passes, _, _ in told)
    off = sum(passes * abs(mean - share) for _, passes, mean, share in told) / count
    assert off < 0.2
