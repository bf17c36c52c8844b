"""Exporting reads: every value in full precision, from the source again."""

from __future__ import annotations

import os

from tests.bench.options import Options
from tests.bench.places import PROGRAM, capture, home, warm
from tests.bench.processes import run
from tests.bench.report import Row
from tests.bench.timing import interleaved

_READS = 50_000


def rows(options: Options) -> list[Row]:
    """``alprviewer export reads`` in both formats; there is no goal, and nobody else writes these columns."""
    reads = min(_READS, options.reads)
    path = capture(reads)
    warm(path)
    size = path.stat().st_size

    def export(form: str) -> float:
        with home() as places:
            command = [*PROGRAM, "export", "reads", str(path), "--format", form, "-o", os.devnull]
            return run(command, places, timeout=600).seconds

    found = interleaved(
        {form: lambda form=form: export(form) for form in ("csv", "jsonl")},
        rounds=options.rounds,
        say=options.say,
    )
    return [
        Row(
            f"export {reads:,} reads as {form}",
            found.of(form).median,
            "s",
            note=f"{reads / found.of(form).median:,.0f} reads a second, "
            f"{size / found.of(form).median / 1e6:,.0f} MB of the source a second",
            details={form: found.of(form).plain()},
        )
        for form in ("csv", "jsonl")
    ]
