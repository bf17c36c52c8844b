"""Queues: which items are reviewed, in which order, and which of them are still to be decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from alprviewer.core.standing import Standing
from alprviewer.core.triage import RANDOM_SHARE
from alprviewer.models.decided import Decided, said_differently, spoken
from alprviewer.models.reviewitems import Item, Items

SAMPLED = 20
"""Items of each camera in a sample."""


class QueueSpec(NamedTuple):
    """A queue.

    Attributes:
        title: on the screen.
        tip: which items it holds.
        holds: whether an item belongs to it, by what holds of it and the reviewer; None for a sample.
        why: what is said of an item beside what is said in every queue.
        is_open: whether an item is still to be decided; the reviewer's decisions of this session aside.
    """

    title: str
    tip: str
    holds: Callable[[Standing, str], bool] | None
    why: Callable[[Standing, str], str]
    is_open: Callable[[Standing, str], bool]


def _names(standing: Standing) -> list[str]:
    return [each.entry.reviewer for each in standing.verdicts]


def _nothing(_standing: Standing, _reviewer: str) -> str:
    return ""


def _undecided(standing: Standing, _reviewer: str) -> bool:
    return not standing.verdicts


def _not_by(standing: Standing, reviewer: str) -> bool:
    return reviewer not in _names(standing)


def _by_others(standing: Standing, reviewer: str) -> bool:
    return bool(standing.verdicts) and _not_by(standing, reviewer)


def _own_words(standing: Standing, reviewer: str) -> str:
    said = [spoken(each.entry) for each in standing.verdicts if each.entry.reviewer == reviewer]
    return f"you said {said[0]}" if said else ""


QUEUES = {
    "all": QueueSpec("All", "Everything that the filter shows", lambda *_: True, _nothing, _undecided),
    "unreviewed": QueueSpec(
        "Unreviewed", "What nobody has decided yet", _undecided, lambda *_: "nobody has decided", _undecided
    ),
    "triage": QueueSpec(
        "Uncertain first",
        f"What a decision tells most about, first; {RANDOM_SHARE:.0%} of it drawn at random",
        _undecided,
        _nothing,
        _undecided,
    ),
    "disputed": QueueSpec(
        "Disputed",
        "What reviewers disagree about; your decision settles it",
        lambda standing, _: standing.disputed,
        lambda standing, _: said_differently(standing),
        lambda standing, _: standing.disputed,
    ),
    "second": QueueSpec(
        "Second look",
        "What others have decided and you have not",
        _by_others,
        lambda standing, _: f"decided by {', '.join(_names(standing))}",
        _not_by,
    ),
    "mine": QueueSpec(
        "Mine",
        "What you have decided",
        lambda standing, reviewer: not _not_by(standing, reviewer),
        _own_words,
        lambda *_: False,
    ),
    "sample": QueueSpec(
        "Sample",
        f"{SAMPLED} of each camera, drawn at random; always the same ones",
        None,
        lambda *_: f"one of {SAMPLED} drawn of its camera",
        _undecided,
    ),
}
"""By name, in the order in which they are offered."""


class Queue:
    """The items of one queue, in order; what is decided stays in it, so that one can go back."""

    def __init__(
        self,
        name: str,
        items: Items,
        decided: Decided,
        reviewer: str,
        ranked: Sequence[tuple[int, tuple[str, ...]]] = (),
    ) -> None:
        """Choose the items.

        Args:
            name: of ``QUEUES``.
            items: to choose from.
            decided: what the journal says of them.
            reviewer: who reviews.
            ranked: places in the order of a triage, and why each is there.
        """
        self.name = name
        self._ranked = ranked
        self._why = dict(ranked)
        self.spec = QUEUES[name]
        self._items = items
        self._decided = decided
        self._reviewer = reviewer
        self._places = np.array(self._chosen(), np.int64)
        self._at = {place: at for at, place in enumerate(self._places.tolist())}
        self._open = np.ones(len(self._places), bool)
        if self.spec.is_open(Standing(), reviewer):
            self.refresh(decided.rows)
        else:
            self._open[:] = [self.spec.is_open(self.standing(at), reviewer) for at in range(len(self))]

    def _chosen(self) -> Iterable[int]:
        if self.spec.holds is None:
            return self._items.sampled(SAMPLED)
        touched = self._items.places_of(self._decided.rows)
        untouched = self.spec.holds(Standing(), self._reviewer)
        every = [place for place, _ in self._ranked] if self.name == "triage" else range(len(self._items))
        return [
            place
            for place in (every if untouched else sorted(touched))
            if place not in touched
            or self.spec.holds(self._decided.of_pass(self._items.item(place).rows), self._reviewer)
        ]

    def __len__(self) -> int:
        return len(self._places)

    def item(self, at: int) -> Item:
        """An item, with what its queue says of it."""
        item = self._items.item(int(self._places[at]))
        why = self.spec.why(self._decided.of_pass(item.rows), self._reviewer)
        ranked = self._why.get(int(self._places[at]), ()) if self.name == "triage" else ()
        return item._replace(why=(*ranked, *((why,) if why else ())))

    def standing(self, at: int) -> Standing:
        """What holds of an item."""
        return self._decided.of_pass(self._items.item(int(self._places[at])).rows)

    def at(self, read: int) -> int | None:
        """Where the item of a read stands; None where it is not in the queue."""
        place = self._items.place_of(read)
        return None if place is None else self._at.get(place)

    def refresh(self, rows: Iterable[int], closed: Callable[[int], bool] = lambda _: False) -> None:
        """Something new was said of reads.

        Args:
            rows: of the reads.
            closed: whether the item at a place counts as decided although the journal does not say so yet.
        """
        for place in self._items.places_of(rows):
            at = self._at.get(place)
            if at is not None:
                self._open[at] = not closed(at) and self.spec.is_open(self.standing(at), self._reviewer)

    @property
    def remaining(self) -> int:
        """How many are still to be decided."""
        return int(self._open.sum())

    def is_open(self, at: int) -> bool:
        """True if an item is still to be decided."""
        return bool(self._open[at])

    def next_open(self, at: int, step: int = 1) -> int | None:
        """The next item that is still to be decided, from a place on and then from the other end."""
        found = np.flatnonzero(self._open)
        found = found[found != at]
        if not len(found):
            return None
        ahead = found[found > at] if step > 0 else found[found < at][::-1]
        return int(ahead[0]) if len(ahead) else int(found[0 if step > 0 else -1])
