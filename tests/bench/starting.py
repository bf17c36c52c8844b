"""How long until the window is there, against Qt alone; and how quick a command is that needs no Qt."""

from __future__ import annotations

import sys
import time

from tests.bench.data import SAMPLE
from tests.bench.options import Options
from tests.bench.places import PROGRAM, home
from tests.bench.processes import run
from tests.bench.report import Row
from tests.bench.timing import interleaved
from tests.helpers.display import display

_ROUNDS = 7
_BARE = (sys.executable, "-c", "import PySide6.QtWidgets")
_STARTED = (sys.executable, "-m", "tests.bench.inside.started")


def rows(options: Options) -> list[Row]:
    """Start each several times, in turn."""
    with display() as screen:

        def window(*sources: str) -> float:
            with home() as places:
                begun = time.monotonic()
                done = run([*_STARTED, *sources], {**places, **screen.environment}, timeout=60)
            return float(done.output.split()[0]) - begun

        def process(*command: str) -> float:
            return run(command, screen.environment, timeout=60).seconds

        taken = interleaved(
            {
                "window": window,
                "window, sample": lambda: window(str(SAMPLE)),
                "bare": lambda: process(*_BARE),
                "version": lambda: process(*PROGRAM, "--version"),
                "python": lambda: process(sys.executable, "-c", "pass"),
            },
            rounds=_ROUNDS,
            say=options.say,
        )
    samples = {name: taken.of(name) for name in ("window", "window, sample", "bare", "version", "python")}
    bare, version = samples["bare"].median, samples["version"].median
    found = [
        Row(
            title,
            samples[name].median,
            "s",
            bare,
            "import PySide6.QtWidgets",
            goal="within 1.0 s of it",
            met=samples[name].median - bare <= 1.0,
            note=f"{samples[name].median - bare:.2f} s more; {screen.name}",
            bound="importing our modules and building the window",
            details={"window": samples[name].plain(), "bare": samples["bare"].plain()},
        )
        for name, title in (
            ("window", "window drawn"),
            ("window, sample", "window drawn, opening the sample"),
        )
    ]
    return [
        *found,
        Row(
            "--version",
            version * 1000,
            "ms",
            samples["python"].median * 1000,
            "python -c pass",
            goal="under 100 ms",
            met=version < 0.1,
            bound="the start of Python",
            details={"version": samples["version"].plain(), "python": samples["python"].plain()},
        ),
    ]
