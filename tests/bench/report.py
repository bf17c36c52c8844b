"""The figures of a run: as a table, as JSON, and as a section of Markdown.

``python -m tests.bench.report FILE.json`` prints the Markdown of a run that was written before.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_HEADS = ("what", "ours", "theirs", "ratio", "goal", "met")


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        name: what was measured.
        ours: our figure; None where it could not be measured: then ``note`` says why.
        unit: of both figures: ``s``, ``ms``, ``MB``, ``B`` or a word.
        theirs: the other's figure, where there is another.
        tool: who the other is.
        goal: in words.
        met: None where there is no goal, or none at this size.
        note: what a reader has to know about this figure.
        bound: what bounds the figure, said where the goal is missed.
        details: everything measured, for the JSON.
    """

    name: str
    ours: float | None
    unit: str
    theirs: float | None = None
    tool: str = ""
    goal: str = ""
    met: bool | None = None
    note: str = ""
    bound: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How many times theirs is ours: above 1 we are ahead, where less is better."""
        if not self.ours or self.theirs is None:
            return None
        return self.theirs / self.ours

    @property
    def remark(self) -> str:
        """The note with what it belongs to, and where the goal is missed, what bounds the figure."""
        missed = f"missed, bounded by {self.bound}" if self.met is False and self.bound else ""
        text = "; ".join(filter(None, (self.note, missed)))
        return f"{', '.join(filter(None, (self.name, self.tool)))}: {text}" if text else ""

    def cells(self) -> tuple[str, ...]:
        """The cells of its line."""
        theirs = "" if self.theirs is None else f"{quantity(self.theirs, self.unit)} {self.tool}".strip()
        return (
            self.name,
            "–" if self.ours is None else quantity(self.ours, self.unit),
            theirs,
            "" if self.ratio is None else f"{self.ratio:.2f}×",
            self.goal,
            {None: "", True: "yes", False: "NO"}[self.met],
        )


@dataclass
class Report:
    """A whole run."""

    command: str
    begun: str
    machine: dict[str, Any]
    versions: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "rows": [{**asdict(row), "ratio": row.ratio} for row in self.rows]}

    @classmethod
    def from_plain(cls, values: dict[str, Any]) -> Report:
        """From what ``plain`` gave."""
        rows = [Row(**{name: row[name] for name in row if name != "ratio"}) for row in values["rows"]]
        return cls(**{**values, "rows": rows})


def quantity(value: float, unit: str) -> str:
    """A figure with three digits and its unit."""
    if not math.isfinite(value):
        return "–"
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{min(digits, 3)}f} {unit}"


def table(rows: Sequence[Row]) -> str:
    """The rows as a table for a terminal, with notes below it."""
    lines = [_HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_HEADS))]
    right = {1, 3}
    texts = [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    texts.insert(1, "  ".join("-" * width for width in widths))
    texts += [f"  {row.remark}" for row in rows if row.remark]
    return "\n".join(texts)


def markdown(report: Report) -> str:
    """A section for ``RESULTS.md``: when, on what, with what, how, and every figure."""
    machine = report.machine
    memory = machine["memory_bytes"] / 2**30
    lines = [
        f"## {report.begun}",
        "",
        (
            f"- Machine: {machine['processor']}, {machine['cores']} cores, {memory:.0f} GiB, "
            f"{machine['system']}, load before the run {machine['load_before']}"
        ),
        f"- Versions: {', '.join(f'{name} {text}' for name, text in report.versions.items())}",
        f"- Command: `{report.command}` ({report.seconds / 60:.0f} min)",
        *(f"- {note}" for note in report.notes),
        "",
        f"| {' | '.join(_HEADS)} |",
        f"|{'---|' * len(_HEADS)}",
        *(f"| {' | '.join(row.cells())} |" for row in report.rows),
        "",
        *(f"- {row.remark}" for row in report.rows if row.remark),
    ]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(markdown(Report.from_plain(json.loads(Path(sys.argv[1]).read_text("utf-8")))), end="")
