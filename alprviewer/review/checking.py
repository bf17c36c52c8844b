"""How reviewers compare: with answers that are known, and with each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from alprviewer.core.decision import WITH_PLATE, Gold, Target
from alprviewer.core.metrics import agreement, character_error, wilson
from alprviewer.core.plates import display_text, normal_form
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
        if entry.gold is not Gold.CHECK or not says_something(entry):
            continue
        digests = frozenset(read.digest for read in entry.reads)
        # Asked one by one: a set would look at all that is wanted, each time.
        if wanted is None or any(digest in wanted for digest in digests):
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


def of_reviewers(decisions: Decisions, wanted: Iterable[str]) -> dict[str, Any]:
    """How reviewers compare with known answers and with each other, as ``stats`` names it.

    Args:
        decisions: what a journal says.
        wanted: digests of the reads in question.
    """
    digests = frozenset(wanted)
    return {
        "gold": [
            {
                "reviewer": each.reviewer,
                "items": each.items,
                "wrong": each.wrong,
                "wrong_rate": each.wrong / each.items,
                "wrong_low_rate": wilson(each.wrong, each.items).low,
                "wrong_high_rate": wilson(each.wrong, each.items).high,
            }
            for each in checked(decisions, digests)
        ],
        "agreement": [
            {
                "reviewers": [each.one, each.other],
                "items": each.items,
                "same": each.same,
                "kappa": each.kappa,
                "character_error_rate": each.character_error,
            }
            for each in agreements(decisions, digests)
        ],
    }


def reviewer_lines(found: Mapping[str, Any]) -> list[str]:
    """The same for people."""
    return [
        f"known answers, {display_text(each['reviewer'])}: {each['wrong']:,} of {each['items']:,} wrong, "
        f"{_percent(each['wrong_rate'])} ({_percent(each['wrong_low_rate'])} to "
        f"{_percent(each['wrong_high_rate'])})"
        for each in found["gold"]
    ] + [
        f"{display_text(' and '.join(each['reviewers']))}: {each['same']:,} of {each['items']:,} the same, "
        f"kappa {_number(each['kappa'])}, character errors {_percent(each['character_error_rate'])}"
        for each in found["agreement"]
    ]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")
