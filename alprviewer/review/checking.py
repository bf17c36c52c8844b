"""How reviewers compare: with answers that are known, and with each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import combinations
from typing import NamedTuple

from alprviewer.core.decision import WITH_PLATE, Gold, Target
from alprviewer.core.metrics import agreement, character_error
from alprviewer.core.plates import normal_form
from alprviewer.core.standing import Placed, answer, says_something
from alprviewer.review.decisions import Decisions


class Checked(NamedTuple):
    """How one reviewer did on items whose answer was known.

    Attributes:
        reviewer: who.
        items: how many were answered. Of each the first answer counts, also where it was taken back: behind
            it the right one may have been shown.
        wrong: how many of these answers were not the known one.
    """

    reviewer: str
    items: int
    wrong: int


def checked(decisions: Decisions, wanted: Collection[str] | None = None) -> list[Checked]:
    """How each reviewer did, by name. Items whose answer is not known any more are left out.

    Args:
        decisions: what a journal says.
        wanted: digests of reads; None: all.
    """
    first: dict[tuple[str, frozenset[str]], Placed] = {}
    for placed in decisions.history():
        entry = placed.entry
        digests = frozenset(read.digest for read in entry.reads)
        is_wanted = wanted is None or not digests.isdisjoint(wanted)
        if entry.gold is Gold.CHECK and says_something(entry) and is_wanted:
            first.setdefault((entry.reviewer, digests), placed)
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (reviewer, digests), placed in first.items():
        known = decisions.of_pass(digests).known
        if known is not None:
            counts[reviewer][0] += 1
            counts[reviewer][1] += answer(placed.entry) != answer(known.entry)
    return [Checked(reviewer, *counts[reviewer]) for reviewer in sorted(counts)]


class Agreement(NamedTuple):
    """How far two reviewers agree about what both decided without knowing of each other.

    Attributes:
        one, other: who, by name.
        items: reads or passes that both decided; a pass that both decided as a whole is one.
        same: how many of them got the same answer.
        kappa: Cohen's, of the verdicts (correct, wrong, unreadable, ...); None where it is not defined.
        character_error: edits between the two plates, a character; None where never both named one.
    """

    one: str
    other: str
    items: int
    same: int
    kappa: float | None
    character_error: float | None


def agreements(decisions: Decisions, wanted: Collection[str] | None = None) -> list[Agreement]:
    """How far each two reviewers agree, by their names.

    Args:
        decisions: what a journal says.
        wanted: digests of reads; None: all.
    """
    digests = {read.digest for read in decisions.subjects()} if wanted is None else set(wanted)
    pairs: defaultdict[tuple[str, str], dict[tuple[Target, Target], tuple[Placed, Placed]]] = defaultdict(
        dict
    )
    for digest in sorted(digests):
        verdicts = decisions.independent(digest)
        for one, other in combinations(sorted(verdicts), 2):
            said = verdicts[one], verdicts[other]
            # The verdicts about a pass are found again with each of its reads.
            pairs[one, other][said[0].target, said[1].target] = said
    return [_agreement(names, list(pairs[names].values())) for names in sorted(pairs)]


def _agreement(names: tuple[str, str], pairs: list[tuple[Placed, Placed]]) -> Agreement:
    entries = [(one.entry, other.entry) for one, other in pairs]
    plates = [
        (normal_form(one.plate or ""), normal_form(other.plate or ""))
        for one, other in entries
        if one.act in WITH_PLATE and other.act in WITH_PLATE
    ]
    return Agreement(
        *names,
        len(entries),
        sum(answer(one) == answer(other) for one, other in entries),
        agreement([(one.act, other.act) for one, other in entries]),
        character_error(plates),
    )
