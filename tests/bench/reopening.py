"""Opening ten million reads again: what the index cache is for. Their crops, not read then, are left out."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import data
from tests.bench.options import Options
from tests.bench.places import BUILD, PROGRAM, home
from tests.bench.processes import Talker, memory_of_group, run
from tests.bench.report import Row
from tests.bench.timing import interleaved
from tests.helpers.display import display

_SESSION = (PROGRAM[0], "-m", "tests.bench.inside.session")
_CANDIDATES = 2
"""Candidates that a read keeps, so that the file has a size that disks and patience bear."""
_PATIENCE_S = 900
_BOUND = "the first painting of the tables; checking and mapping the index takes a tenth of a second"


def rows(options: Options) -> list[Row]:
    """A large capture is made, indexed once, opened again some times, and deleted."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder, display() as screen, home() as places:
        path = Path(folder, "capture.jsonl")
        size = data.write_capture(path, options.again, crops=False, candidates=_CANDIDATES)
        options.say(f"made {size / 1e9:.1f} GB")
        environment = {**places, **screen.environment}
        first = run([*PROGRAM, "index", "--json", str(path)], environment, timeout=_PATIENCE_S)
        reads = json.loads(first.output)["reads"]
        options.say(f"indexed {reads:,} reads in {first.seconds:.0f} s")
        found: list[dict[str, Any]] = []

        def again() -> float:
            with Talker(_SESSION, environment) as window:
                window.ask({"do": "settle"})
                found.append(window.ask({"do": "open", "path": str(path)}))
                found[-1]["memory"] = sum(process.pss for process in memory_of_group(window.group))
            return float(found[-1]["seconds"])

        samples = interleaved({"again": again}, rounds=options.rounds, say=options.say).of("again")
    memory = max(each["memory"] for each in found)
    return [
        Row(
            f"open {reads:,} reads again",
            samples.median,
            "s",
            goal="under 1 s",
            met=samples.median < 1 if reads >= data.MILLIONS else None,
            note=f"{size / 1e9:.1f} GB without crops, {_CANDIDATES} candidates a read; first rows after "
            f"{min(each['first_painted'] for each in found):.2f} s; the first indexing took "
            f"{first.seconds:.0f} s; whole program then {memory / 1e6:,.0f} MB",
            bound=_BOUND,
            details={"again": samples.plain(), "first": first.seconds},
        )
    ]
