"""Review mode: from the key of a verdict to the picture of the next item, and to the durable entry."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.options import Options
from tests.bench.places import home
from tests.bench.report import Row
from tests.bench.timing import MeasureError, Spread
from tests.helpers.display import display
from tests.helpers.opening import REAL, SAMPLE

_GOAL_MS = 50.0
_PAUSES = {"at once": 0, "every fifth of a second": 200}
_BOUND = "painting a page, and a commit that waits for the disk, beside each other"


def rows(options: Options) -> list[Row]:
    """All passes of the real recordings, where they are there, and of the sample, accepted by keys."""
    recordings = [REAL / f"{name}.jsonl" for name in ("us-passes", "eu-passes")]
    files = [str(SAMPLE), *(str(path) for path in recordings if path.exists())]
    found: list[Row] = []
    with display() as screen, home() as places:
        options.note(f"The window was shown on: {screen.name}.")
        environment = {**os.environ, **places, **screen.environment}
        for words, pause in _PAUSES.items():
            with tempfile.TemporaryDirectory() as folder:
                journal = f"sqlite:///{Path(folder, 'journal.sqlite')}"
                command = [sys.executable, "-m", "tests.bench.inside.reviewing", journal, str(pause), *files]
                done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                raise MeasureError(f"Reviewing by keys failed: {done.stderr.strip()[-500:]}")
            told = json.loads(done.stdout)
            for name, key in (
                ("the next picture is painted", "picture_ms"),
                ("the next picture is painted, work of the window's thread", "worked_ms"),
                ("the decision is durable", "saved_ms"),
            ):
                values = told[key]
                spread = Spread(
                    int(values["count"]), *(values[each] for each in ("p50", "p95", "p99", "max"))
                )
                is_picture = key == "picture_ms"
                found.append(
                    Row(
                        f"review, a key {words}: until {name}, 95 %",
                        spread.p95,
                        "ms",
                        goal=f"under {_GOAL_MS:.0f} ms" if is_picture else "",
                        met=spread.p95 < _GOAL_MS if is_picture else None,
                        note=f"{spread.text()}; {told['items']} items",
                        bound=_BOUND,
                        details=told,
                    )
                )
            options.say(f"review {words} done")
    return found
