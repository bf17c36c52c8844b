"""What is shown of one pass: plain values, complete, made off the UI thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from alprviewer.core.explanation import Explanation
from alprviewer.core.plates import normal_form

Quad = tuple[tuple[float, float], ...]


class PassRead(NamedTuple):
    """A read of a pass.

    Attributes:
        row: of the store's reads.
        time: UTC milliseconds.
        plate: the observed plate; empty where it is absent or invalid.
        confidence: percent; None where it is absent or invalid.
        quad: its four corners in frame pixels; None without them.
    """

    row: int
    time: int
    plate: str
    confidence: float | None
    quad: Quad | None


@dataclass(frozen=True)
class PassShown:
    """The pass of the selected read.

    Attributes:
        id: its text id; empty where no pass is shown.
        reads: by time; frames that were delivered twice are not among them.
        consensus: None where there is none, or nobody has looked for it yet.
        weighed: False where nobody has looked for a consensus yet.
        probability: of the consensus, 0 to 1; None without one.
        explanation: why; None where no read spells anything, or nobody has looked for a consensus yet.
        speakers: rows of the reads that the explanation counts by their place.
        selected: row of the selected read.
    """

    id: str = ""
    reads: tuple[PassRead, ...] = ()
    consensus: str | None = None
    weighed: bool = False
    probability: float | None = None
    explanation: Explanation | None = None
    speakers: tuple[int, ...] = ()
    selected: int | None = None

    @property
    def plate(self) -> str:
        """What reads are compared with: the consensus, else the plate that would be it; may be empty."""
        return self.consensus or (self.explanation.text if self.explanation is not None else "")

    def is_like(self, other: PassShown) -> bool:
        """True if nothing but another read of the same pass is selected."""
        return replace(self, selected=other.selected) == other

    def agrees(self, read: PassRead) -> bool:
        """True if a read observes the plate of the pass."""
        return normal_form(read.plate) == normal_form(self.plate)


NO_PASS_SHOWN = PassShown()
