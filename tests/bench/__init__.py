"""Benchmarks: ``make bench``. They measure; they are no part of the test suite."""
