"""The benchmarks can at least be begun; what they find is no matter of the tests."""

from importlib import import_module

import pytest

from tests.bench.__main__ import BENCHMARKS, USUAL
from tests.bench.forms import array, compressed
from tests.helpers.reading import capture_of
from tests.helpers.realdata import SAMPLE


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_is_there(name):
    assert callable(import_module(BENCHMARKS[name]).rows)


def test_what_is_usual_is_known():
    assert set(USUAL) <= set(BENCHMARKS)


def test_other_forms_hold_the_same_frames(tmp_path):
    lines = [
        line for line in SAMPLE.read_bytes().splitlines() if line.startswith(b'{"data_type":"alpr_results"')
    ]
    path = tmp_path / "capture.jsonl"
    path.write_bytes(b"\n".join(lines[:30]) + b"\n")
    for made in (array(path, 20_000), compressed(path, 20_000)):
        reads = capture_of(made).columns.reads
        assert 0 < len(reads) < len(capture_of(path).columns.reads)
