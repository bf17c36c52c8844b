"""What reviewers said of one item, laid side by side."""

from __future__ import annotations

from typing import NamedTuple

from alprviewer.core.decision import VERDICTS, WITH_PLATE, Act
from alprviewer.core.standing import Answer, Placed, Standing, answer
from alprviewer.language import tr, trc

WORDS = {
    Act.CORRECT: tr("correct"),
    Act.WRONG: tr("wrong"),
    Act.WRONG_REGION: tr("wrong region"),
    Act.UNREADABLE: tr("unreadable"),
    Act.NOT_A_PLATE: tr("not a plate"),
    Act.SKIP: tr("skipped"),
    Act.UNDO: tr("undone"),
    Act.REDO: tr("redone"),
    Act.TAGS: tr("tags"),
    Act.NOTE: tr("note"),
    Act.MARK: tr("mark"),
}
"""What was said, as it is written on the screen."""
DISPUTED = "disputed"
"""The word of queries and exports where reviewers differ; else it is that of the act."""
OUTCOMES = {
    **{act.value: WORDS[act] for act in VERDICTS},
    Act.SKIP.value: trc("verdict", "skip"),
    DISPUTED: tr("disputed"),
}
"""What holds of a read, by the word of queries and exports, as tables write it."""


class Said(NamedTuple):
    """One answer, and who gave it.

    Attributes:
        act: what was said; of several acts that mean the same the first.
        plate: as it was first written; empty where the answer names none.
        region: the region code that was affirmed or corrected to; None where it was not judged.
        by: the verdicts, in their order.
    """

    act: Act
    plate: str
    region: str | None
    by: tuple[Placed, ...]

    @property
    def voices(self) -> tuple[tuple[Placed, ...], ...]:
        """The verdicts of each reviewer; there are several where single reads of a pass were judged."""
        found: dict[str, list[Placed]] = {}
        for placed in self.by:
            found.setdefault(placed.entry.reviewer, []).append(placed)
        return tuple(map(tuple, found.values()))


def answers_of(standing: Standing) -> tuple[Said, ...]:
    """The different answers of those who did not settle anything, in the order in which they were given."""
    found: dict[tuple[Answer, str | None], list[Placed]] = {}
    for placed in standing.answers:
        entry = placed.entry
        if not entry.adjudicates:
            region = None if entry.region is None else entry.region.casefold()
            found.setdefault((answer(entry), region), []).append(placed)
    return tuple(_said(some) for some in found.values())


def _said(some: list[Placed]) -> Said:
    first = some[0].entry
    plate = first.plate if first.act in WITH_PLATE else None
    return Said(first.act, plate or "", first.region, tuple(some))


def said_text(said: Said) -> str:
    """An answer in few words: its plate, or why it names none; with the region where that was judged."""
    words = said.plate or WORDS[said.act]
    return f"{words} ({said.region})" if said.region else words


class Compared(NamedTuple):
    """An answer that was given to an item whose answer was known: whether it is that one, and a sentence."""

    agrees: bool
    text: str
