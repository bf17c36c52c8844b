"""``make bench``: measures alprviewer side by side with what a user would otherwise reach for."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from tests.bench import machine, report
from tests.bench.options import Options
from tests.bench.places import BUILD, CONTENDERS_PYTHON
from tests.bench.timing import MeasureError

BENCHMARKS = {
    "start": "tests.bench.starting",
    "index": "tests.bench.indexing",
    "window": "tests.bench.windowing",
    "sort": "tests.bench.sorting",
    "export": "tests.bench.exporting",
    "again": "tests.bench.reopening",
    "filter": "tests.bench.filtering",
    "passes": "tests.bench.passing",
    "review": "tests.bench.reviewing",
    "live": "tests.bench.receiving",
}
"""Names, and the modules whose ``rows`` measures."""
USUAL = [name for name in BENCHMARKS if name not in ("live", "passes")]
"""What is run by default; receiving takes a minute for each transport, learning from 200,000 reads four."""


def _count(text: str) -> int:
    number = int(text.replace("_", "").replace(",", ""))
    if number < 1:
        raise argparse.ArgumentTypeError("expected a number from 1 up")
    return number


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    usual = Options()
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--reads", type=_count, default=usual.reads, help="of the capture (default %(default)s)"
    )
    parser.add_argument(
        "--rows", type=_count, default=usual.rows, help="to sort and filter (default %(default)s)"
    )
    parser.add_argument(
        "--again", type=_count, default=usual.again, help="reads opened again (default %(default)s)"
    )
    parser.add_argument("--rounds", type=_count, default=usual.rounds, help="of each comparison, at most")
    parser.add_argument(
        "--seconds", type=_count, default=int(usual.seconds), help="to receive over each transport"
    )
    parser.add_argument(
        "--json", type=Path, default=BUILD / "results.json", help="where to (default %(default)s)"
    )
    parser.add_argument("--only", default=",".join(USUAL), help="some of: %(default)s, passes, live")
    options = parser.parse_args(arguments)
    options.only = [name.strip() for name in options.only.split(",")]
    unknown = [name for name in options.only if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the benchmarks that were asked for. Returns the exit code."""
    options = _options(arguments)
    asked = Options(options.reads, options.rows, options.rounds, options.again, options.seconds)
    done = report.Report(
        shlex.join(["python", "-m", "tests.bench", *arguments]),
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        machine.facts(),
        machine.versions(),
        notes=asked.notes,
    )
    if done.machine["load_before"] > 0.5:
        asked.note("The machine was busy with other things when this began.")
    if not CONTENDERS_PYTHON.exists():
        asked.note("Without .venv-bench (make bench makes it) most contenders are left out.")
    begun = time.perf_counter()
    measures: dict[str, Callable[[Options], list[report.Row]]] = {
        name: import_module(BENCHMARKS[name]).rows for name in options.only
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    for name, rows in measures.items():
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            done.rows += rows(asked)
        except MeasureError as error:
            done.rows.append(report.Row(name, None, "", note=f"left out: {error}"))
        done.seconds = round(time.perf_counter() - begun, 1)
        # After each part: what was measured is there even if a later one is stopped.
        options.json.write_text(json.dumps(done.plain(), indent=1) + "\n", "utf-8")
    print(report.table(done.rows))
    for note in done.notes:
        print(note)
    print(f"{done.seconds:.0f} s; everything measured: {options.json}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
