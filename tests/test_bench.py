"""The benchmarks can at least be begun; what they find is no matter of the tests."""

from importlib import import_module

import pytest

from tests.bench.__main__ import BENCHMARKS, USUAL


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_is_there(name):
    assert callable(import_module(BENCHMARKS[name]).rows)


def test_what_is_usual_is_known():
    assert set(USUAL) <= set(BENCHMARKS)
