"""Indexing a whole file, process against process: the same file, a warm page cache, no index cache."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.forms import array, compressed
from tests.bench.options import Options
from tests.bench.places import BUILD, CONTENDERS_PYTHON, PROGRAM, capture, home, lnav, warm
from tests.bench.processes import Peak, run
from tests.bench.report import Row
from tests.bench.timing import Samples, interleaved

_OURS = "alprviewer"
_GOALS = {"json": ("at least 5 times a json loop", 5.0), "duckdb": ("as fast as DuckDB's read_json", 1.0)}
_BOUND = (
    "the start of three interpreters, copying the file out of the page cache, and the one process that keeps "
    "the rows"
)
_TITLES = {
    "json": "json loop",
    "orjson": "orjson loop",
    "pandas": "pandas, in chunks",
    "polars": "Polars scan_ndjson",
    "duckdb": "DuckDB read_json",
    "duckdb-table": "DuckDB, into a table",
    "visidata": "VisiData",
    "lnav": "lnav",
}
_SMALL = 100_000
"""Reads of the file for programs that keep every value in memory, or were made for smaller files."""
_LNAV_FORMAT = {
    "$schema": "https://lnav.org/schemas/format-v1.schema.json",
    "alpr_results": {
        "title": "ALPR results",
        "json": True,
        "hide-extra": True,
        "file-pattern": ".*",
        "timestamp-field": "epoch_time",
        "timestamp-divisor": 1000,
        "body-field": "uuid",
        "line-format": [{"field": "__timestamp__"}, " ", {"field": "uuid"}],
        "value": {
            name: {"kind": "string" if name == "uuid" else "integer"} for name in ("uuid", "camera_id")
        },
    },
}


class _Processes:
    """Runs the contenders on one file, keeps their counts and their peaks of memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: dict[str, dict[str, int]] = {}
        self.peaks: dict[str, Peak] = {}

    def _run(self, name: str, command: list[str], environment: dict[str, str]) -> tuple[float, str]:
        done = run(command, environment, watch=True)
        if done.peak.pss >= self.peaks.get(name, Peak()).pss:
            self.peaks[name] = done.peak
        return done.seconds, done.output

    def ours(self) -> float:
        """``alprviewer index --json`` with a home that is new each time, so that no index cache helps."""
        with home() as places:
            command = [*PROGRAM, "index", "--json", "--no-cache", str(self.path)]
            seconds, output = self._run(_OURS, command, places)
        found = json.loads(output)
        self.counts[_OURS] = {name: found[name] for name in ("frames", "reads")}
        return seconds

    def reader(self, name: str) -> Callable[[], float]:
        """One of ``contenders.reading``."""

        def take() -> float:
            command = [str(CONTENDERS_PYTHON), "-m", "tests.bench.contenders.reading", name, str(self.path)]
            if name == "orjson":
                command[0] = PROGRAM[0]  # ours has it
            with home() as places:
                seconds, output = self._run(name, command, places)
            self.counts[name] = json.loads(output)
            return seconds

        return take

    def lnav(self) -> float:
        """Lnav's own index of times, and one count over it."""
        program = lnav()
        assert program is not None
        with tempfile.TemporaryDirectory(dir=BUILD) as folder, home() as places:
            formats = Path(folder, "formats", "alpr")
            formats.mkdir(parents=True)
            (formats / "alpr.json").write_text(json.dumps(_LNAV_FORMAT))
            query = ["-c", ";SELECT count(*) FROM alpr_results", "-c", ":write-csv-to -"]
            seconds, output = self._run(
                "lnav", [program, "-I", folder, "-n", "-N", *query, str(self.path)], places
            )
        self.counts["lnav"] = {"frames": int(output.split()[-1])}
        return seconds


def _differences(processes: _Processes) -> dict[str, str]:
    """What the contenders counted otherwise than we."""
    ours = processes.counts[_OURS]
    return {
        name: f"counted {', '.join(f'{found[key]:,} {key}' for key in ours if key in found)}"
        for name, found in processes.counts.items()
        if any(found.get(key, value) != value for key, value in ours.items())
    }


def _details(processes: _Processes, name: str, samples: dict[str, Samples]) -> dict[str, Any]:
    return {
        "bytes": processes.path.stat().st_size,
        "reads": processes.counts[_OURS]["reads"],
        "ours": samples[_OURS].plain(),
        name: samples[name].plain(),
        "peak_pss": {tool: processes.peaks[tool].pss for tool in (_OURS, name)},
    }


def _compare(options: Options, path: Path, names: list[str]) -> list[Row]:
    processes = _Processes(path)
    contenders: dict[str, Callable[[], float]] = {_OURS: processes.ours}
    contenders |= {name: processes.lnav if name == "lnav" else processes.reader(name) for name in names}
    found = interleaved(contenders, rounds=options.rounds, say=options.say)
    samples = found.samples
    ours = found.of(_OURS).median
    rows = [
        Row(f"index, {_TITLES[name]}", None, "s", note=f"left out: {reason}")
        for name, reason in found.failures.items()
    ]
    differences = _differences(processes)
    size = path.stat().st_size
    for name in list(samples)[1:]:
        goal, factor = _GOALS.get(name, ("", 0.0))
        theirs = samples[name].median
        runs = {len(samples[_OURS].values), len(samples[name].values)}
        notes = [f"{len(samples[name].values)} of {max(runs)} rounds"] if len(runs) > 1 else []
        if name in differences:
            notes.append(f"they {differences[name]}")
        rows.append(
            Row(
                f"index {size / 1e9:.2f} GB",
                ours,
                "s",
                theirs,
                _TITLES[name],
                goal,
                met=theirs >= factor * ours if goal else None,
                note="; ".join(notes),
                bound=_BOUND,
                details=_details(processes, name, samples),
            )
        )
    if "duckdb" in names:
        rows.append(_memory_row(processes, size, ours))
    return rows


def _memory_row(processes: _Processes, size: int, seconds: float) -> Row:
    """Memory while indexing, and the rate."""
    rate = size / seconds / 1e6
    theirs = processes.peaks.get("duckdb")
    return Row(
        f"index {size / 1e9:.2f} GB, peak memory",
        processes.peaks[_OURS].pss / 1e6,
        "MB",
        theirs.pss / 1e6 if theirs else None,
        "DuckDB" if theirs else "",
        note=f"all processes together; {rate:,.0f} MB/s; {_by_process(processes)}",
        details={name: [vars(memory) for memory in peak.processes] for name, peak in processes.peaks.items()},
    )


def _by_process(processes: _Processes) -> str:
    memories = processes.peaks[_OURS].processes
    return ", ".join(f"{memory.name} {memory.pss / 1e6:.0f} MB" for memory in memories)


def _other_forms(options: Options, path: Path) -> list[Row]:
    """Forms that one process reads: their time and memory, at two sizes each, since memory must not grow."""
    found: list[Row] = []
    for title, make, largest in (("one array", array, 10**9), ("zstd", compressed, 2 * 10**9)):
        for size in (largest // 10, largest):
            if size > path.stat().st_size:
                options.note(f"The capture is too small for {size / 1e9:.1f} GB as {title}.")
                continue
            made = make(path, size)
            warm(made)
            processes = _Processes(made)
            samples = interleaved({_OURS: processes.ours}, rounds=options.rounds, say=options.say).of(_OURS)
            note = f"{size / samples.median / 1e6:,.0f} MB/s; at the peak {_by_process(processes)}"
            found.append(Row(f"index {size / 1e9:.1f} GB, {title}", samples.median, "s", note=note))
    return found


def rows(options: Options) -> list[Row]:
    """Index a large file against readers of JSON, its other forms, a small one against others."""
    path = capture(options.reads)
    if not warm(path):
        options.note(
            f"{path.stat().st_size / 1e9:.1f} GB do not fit into the page cache: the disk is measured too."
        )
    found = _compare(options, path, ["duckdb", "duckdb-table", "json", "orjson", "polars", "pandas"])
    small = capture(min(_SMALL, options.reads))
    warm(small)
    people = ["visidata"]
    if lnav():
        people.append("lnav")
    else:
        found.append(Row("index, lnav", None, "s", note="left out: lnav is not installed"))
    return found + _other_forms(options, path) + _compare(options, small, people)
