"""The comparison says what was measured."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)? (?:ms|s|GB|%|/s)(?![A-Za-z])")
GOALS = {"75 %", "86 %"}


def test_every_figure_stands_in_the_results():
    page = (ROOT / "ALTERNATIVES.md").read_text("utf-8")
    results = (ROOT / "tests" / "bench" / "RESULTS.md").read_text("utf-8")
    figures = set(FIGURE.findall(page))
    assert len(figures) > 25
    known = set(FIGURE.findall(results))
    assert figures - known - GOALS == set()
    assert known >= GOALS
