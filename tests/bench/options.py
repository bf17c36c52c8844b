"""What a run was asked for, and how a benchmark speaks to the person who waits."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from tests.bench.data import MILLIONS


@dataclass
class Options:
    """Handed to every benchmark.

    Attributes:
        reads: of the capture that is indexed and opened.
        rows: of the columns that are sorted.
        again: reads of the capture that is opened again.
        seconds: that frames are received over each transport.
        rounds: of every comparison, at most.
        notes: what a reader of all figures has to know.
    """

    reads: int = 1_000_000
    rows: int = 5_000_000
    rounds: int = 3
    again: int = MILLIONS
    seconds: float = 60.0
    notes: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Show how far things are."""
        print(f"  {text}", file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """Keep something for the report."""
        self.say(text)
        if text not in self.notes:
            self.notes.append(text)
