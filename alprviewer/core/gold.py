"""Items whose answer is known, mixed into those that are to be decided: how many, which ones, and where.

What a reviewer says of them tells how often that reviewer is wrong. They are drawn by a hash of item and
reviewer, so that they are the same in every session and nobody can tell them from the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alprviewer.core.triage import lot


def wanted(items: int, share: float) -> int:
    """How many known items make up a share of all that is shown.

    Args:
        items: how many others are shown.
        share: from 0 up to, and without, 1. Anything above 0 wants at least one where there are others.
    """
    if not items or share <= 0:
        return 0
    return max(round(items * share / (1 - share)), 1)


def drawn(known: Mapping[int, str], seed: str) -> list[int]:
    """Places of known items in the order in which they are drawn.

    Args:
        known: by place, names of items that stay the same.
        seed: another one draws them in another order: the reviewer's name.
    """
    return sorted(known, key=lambda place: (lot(known[place], seed), place))


def spread(order: Sequence[int], among: Sequence[int], seed: str) -> list[int]:
    """Places with others among them: one in each of as many equal stretches, anywhere within it.

    Args:
        order: places in their order, which is kept.
        among: places that stand nowhere yet.
        seed: where in its stretch each stands depends on it.
    """
    stretch = len(order) / max(len(among), 1)
    found: list[int] = []
    taken = 0
    for number, place in enumerate(among):
        before = int((number + lot(str(place), seed)) * stretch)
        found += [*order[taken:before], place]
        taken = before
    return [*found, *order[taken:]]
