"""Sorting millions of reads: ``store.select.order`` against DuckDB, Polars and Qt's proxy model."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.bench import synthetic
from tests.bench.options import Options
from tests.bench.places import BUILD, CONTENDERS_PYTHON, home
from tests.bench.processes import Talker
from tests.bench.report import Row
from tests.bench.timing import Rounds, interleaved

Keys = list[tuple[str, bool]]

ORDERS: dict[str, Keys] = {
    "confidence, down": [("confidence", True)],
    "plate": [("plate", False)],
    "time": [("epoch_time", False)],
    "plate, then time down": [("plate", False), ("epoch_time", True)],
}
_PROXY_ROWS = 20_000
"""What Qt's proxy model can bear: it takes minutes for a million."""
_GOAL = "a quarter of DuckDB's time"
_BOUND = "sorting the words by two threads; texts are ranked on one"


class _Sorters:
    """The processes that hold the same reads and sort them when asked."""

    def __init__(
        self, folder: Path, names: dict[str, list[str]], stack: ExitStack, places: dict[str, str]
    ) -> None:
        environment = {**places, "POLARS_MAX_THREADS": "2", "QT_QPA_PLATFORM": "offscreen"}
        self._talkers = {
            name: stack.enter_context(Talker([*command, str(folder)], environment))
            for name, command in names.items()
        }
        self.digests: dict[tuple[str, str], str] = {}
        self.again: dict[str, list[float]] = {}

    def sort(self, name: str, title: str, keys: Keys) -> Callable[[], float]:
        """A contender for the rounds of one order."""

        def take() -> float:
            answer: dict[str, Any] = self._talkers[name].ask({"keys": keys})
            self.digests[name, title] = answer["digest"]
            if "again" in answer:
                self.again.setdefault(title, []).append(answer["again"])
            return float(answer["seconds"])

        return take


def _run(options: Options, names: dict[str, list[str]], orders: dict[str, Keys], rows: int) -> list[Row]:
    with tempfile.TemporaryDirectory(dir=BUILD) as folder, home() as places, ExitStack() as stack:
        synthetic.write(Path(folder), rows)
        sorters = _Sorters(Path(folder), names, stack, places)
        found: list[Row] = []
        for title, keys in orders.items():
            options.say(f"{title}, {rows:,} rows")
            contenders = {name: sorters.sort(name, title, keys) for name in names}
            rounds = interleaved(contenders, rounds=options.rounds, say=options.say)
            found += _rows(title, rows, rounds, sorters)
    return found


def _rows(title: str, rows: int, rounds: Rounds, sorters: _Sorters) -> list[Row]:
    samples = rounds.samples
    found = [
        Row(f"sort {rows:,} by {title}, {tool}", None, "ms", note=f"left out: {reason}")
        for tool, reason in rounds.failures.items()
    ]
    ours = rounds.of("ours").median
    again = min(sorters.again[title])
    for tool in list(samples)[1:]:
        same = sorters.digests[tool, title] == sorters.digests["ours", title]
        theirs = samples[tool].median
        is_duckdb = tool == "DuckDB"
        notes = [] if same else ["not the same order: ties or absent values stand elsewhere"]
        if is_duckdb:
            notes.append(f"the same once more {again * 1000:.1f} ms")
        found.append(
            Row(
                f"sort {rows:,} by {title}",
                ours * 1000,
                "ms",
                theirs * 1000,
                tool,
                _GOAL if is_duckdb else "",
                ours <= theirs / 4 if is_duckdb else None,
                note="; ".join(notes),
                bound=_BOUND,
                details={"ours": samples["ours"].plain(), tool: samples[tool].plain(), "again": again},
            )
        )
    return found


def rows(options: Options) -> list[Row]:
    """Large orders against databases, small ones against Qt."""
    BUILD.mkdir(parents=True, exist_ok=True)
    ours = {"ours": [sys.executable, "-m", "tests.bench.inside.ordering"]}
    theirs = [str(CONTENDERS_PYTHON), "-m", "tests.bench.contenders.ordering"]
    found: list[Row] = []
    if CONTENDERS_PYTHON.exists():
        names = {**ours, "DuckDB": [*theirs, "duckdb"], "Polars": [*theirs, "polars"]}
        found += _run(options, names, ORDERS, options.rows)
    proxy = [sys.executable, "-m", "tests.bench.contenders.ordering", "proxy"]
    few = {title: keys for title, keys in ORDERS.items() if len(keys) == 1}
    return found + _run(
        options, {**ours, "QSortFilterProxyModel": proxy}, few, min(_PROXY_ROWS, options.rows)
    )
