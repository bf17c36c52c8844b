"""Functions of real numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.numeric import log_gamma, log_sum


@given(st.floats(1e-6, 1e6))
def test_log_gamma(x):
    assert float(log_gamma(np.array([x]))[0]) == pytest.approx(math.lgamma(x), rel=1e-9, abs=1e-9)


@given(st.lists(st.floats(-800, 800), min_size=1, max_size=6))
def test_log_sum(values):
    top = max(values)
    expected = top + math.log(sum(math.exp(value - top) for value in values))
    assert float(log_sum(np.array(values))) == pytest.approx(expected)
