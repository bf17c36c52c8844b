"""Queues: which items are reviewed, in which order, and which of them are still to be decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from alprviewer.core import gold
from alprviewer.core.decision import Gold
from alprviewer.core.standing import UNTOUCHED, Standing
from alprviewer.core.triage import RANDOM_SHARE
from alprviewer.language import tr, trc
from alprviewer.models.answers import answers_of, said_text
from alprviewer.models.decided import Decided, spoken
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
        checks: True where items with known answers may stand among the others.
        is_second: True where nobody shall see what others have said before having decided.
        settles: True where a decision settles what others have said.
    """

    title: str
    tip: str
    holds: Callable[[Standing, str], bool] | None
    why: Callable[[Standing, str], str]
    is_open: Callable[[Standing, str], bool]
    checks: bool = False
    is_second: bool = False
    settles: bool = False


class Checking(NamedTuple):
    """How reviewers are checked with items whose answer is known.

    Attributes:
        share: of all items to decide that are such ones: from 0 up to, and without, 1.
        tells: True if the known answer is shown once the reviewer's is saved.
    """

    share: float = 0.0
    tells: bool = True


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


def _may_check(standing: Standing, reviewer: str) -> bool:
    """True where the answer is known and this reviewer has not seen it: was not asked, did not decide it."""
    own = [each.entry.gold for each in standing.answers if each.entry.reviewer == reviewer]
    return (
        standing.known is not None
        and all(each is Gold.IMPORTED for each in own)
        and not _was_checked(standing, reviewer)
    )


def _was_checked(standing: Standing, reviewer: str) -> bool:
    return any(each.entry.reviewer == reviewer for each in standing.checks)


def undecided(standing: Standing) -> Standing:
    """The same without what was decided: tags, notes and marks are left."""
    return UNTOUCHED._replace(tags=standing.tags, notes=standing.notes, marked=standing.marked)


def _settled(standing: Standing) -> bool:
    return any(each.entry.adjudicates for each in standing.verdicts)


def _own_words(standing: Standing, reviewer: str) -> str:
    said = [spoken(each.entry) for each in standing.verdicts if each.entry.reviewer == reviewer]
    return tr("you said {answer}", answer=said[0]) if said else ""


QUEUES = {
    "all": QueueSpec(
        tr("All"), tr("Everything that the filter shows"), lambda *_: True, _nothing, _undecided, checks=True
    ),
    "unreviewed": QueueSpec(
        tr("Unreviewed"),
        tr("What nobody has decided yet"),
        _undecided,
        lambda *_: tr("nobody has decided"),
        _undecided,
        checks=True,
    ),
    "triage": QueueSpec(
        tr("Uncertain first"),
        tr("What a decision tells most about, first; {share:.0%} of it drawn at random", share=RANDOM_SHARE),
        _undecided,
        _nothing,
        _undecided,
        checks=True,
    ),
    "disputed": QueueSpec(
        tr("Disputed"),
        tr("What reviewers disagree about, and what was settled; your decision settles it"),
        lambda standing, _: standing.disputed or _settled(standing),
        lambda standing, _: tr("reviewers disagree") if standing.disputed else tr("settled"),
        lambda standing, _: standing.disputed,
        settles=True,
    ),
    "second": QueueSpec(
        tr("Second look"),
        tr("What others have decided and you have not"),
        _by_others,
        lambda standing, _: tr("decided by {reviewers}", reviewers=", ".join(_names(standing))),
        _not_by,
        is_second=True,
    ),
    "mine": QueueSpec(
        tr("Mine"),
        tr("What you have decided"),
        lambda standing, reviewer: not _not_by(standing, reviewer),
        _own_words,
        lambda *_: False,
    ),
    "sample": QueueSpec(
        trc("queue", "Sample"),
        tr("{count} of each camera, drawn at random; always the same ones", count=SAMPLED),
        None,
        lambda *_: tr("one of {count} drawn of its camera", count=SAMPLED),
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
        checking: Checking = Checking(),  # noqa: B008 - it is a value
    ) -> None:
        """Choose the items.

        Args:
            name: of ``QUEUES``.
            items: to choose from.
            decided: what the journal says of them.
            reviewer: who reviews.
            ranked: places in the order of a triage, and why each is there.
            checking: how reviewers are checked.
        """
        self.name = name
        self._ranked = ranked
        self._why = dict(ranked)
        self.spec = QUEUES[name]
        self._items = items
        self._decided = decided
        self._reviewer = reviewer
        self._checking = checking
        self.known: frozenset[int] = frozenset()
        """Places among all items of those whose answer is known, to check the reviewer with."""
        self._places = np.array(list(self._chosen()), np.int64)
        self._at = {place: at for at, place in enumerate(self._places.tolist())}
        self._open = np.ones(len(self._places), bool)
        if self.spec.is_open(Standing(), reviewer):
            self.refresh(decided.rows)
        else:
            self._open[:] = [self._is_undecided(at) for at in range(len(self))]
        if self.spec.checks:
            self._mix_known()

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

    def _mix_known(self) -> None:
        """Put items whose answer is known among the others; in order of time they stand at their own time."""
        count = gold.wanted(self.remaining, self._checking.share)
        if not count:
            return
        places = self._items.places_of(self._decided.answered)
        drawn = gold.drawn({place: self._items.key(place) for place in places}, self._reviewer)
        may = (place for place in drawn if self._may_check(place))
        found = list(islice(may, count))
        self.known = frozenset(found)
        is_open = dict(zip(self._places.tolist(), self._open.tolist(), strict=True))
        others = [place for place in is_open if place not in self.known]
        triage = self.name == "triage"
        order = gold.spread(others, found, self._reviewer) if triage else sorted((*others, *found))
        self._places = np.array(order, np.int64)
        self._at = {place: at for at, place in enumerate(order)}
        self._open = np.array([place in self.known or is_open[place] for place in order], bool)

    def _may_check(self, place: int) -> bool:
        standing = self._decided.of_pass(self._items.item(place).rows)
        return _may_check(standing, self._reviewer)

    def __len__(self) -> int:
        return len(self._places)

    def item(self, at: int) -> Item:
        """An item, with what its queue says of it."""
        place = int(self._places[at])
        item = self._items.item(place)
        standing = self._decided.of_pass(item.rows)
        is_told = self._checking.tells and _was_checked(standing, self._reviewer)
        is_check = place in self.known and not is_told
        why = self.spec.why(undecided(standing) if is_check else standing, self._reviewer)
        ranked = self._why.get(place, ()) if self.name == "triage" else ()
        return item._replace(why=(*ranked, *((why,) if why else ())), is_check=is_check)

    def around(self, at: int, row: int, ahead: int) -> list[tuple[Item, int]]:
        """An item with this read, then what may be next: so many items ahead, some before, other reads."""
        item = self.item(at)
        places = (*range(at + 1, min(at + 1 + ahead, len(self))), *range(max(at - 2, 0), at))
        place = item.rows.index(row)
        near = item.rows[max(place - 2, 0) : place + 3]
        others = [(each, each.best) for each in map(self.item, places)]
        return [(item, row), *others, *((item, each) for each in near)]

    def keeps_to_itself(self, standing: Standing) -> bool:
        """True if the reviewer shall not see yet what was decided."""
        return self.spec.is_second and _not_by(standing, self._reviewer)

    def dispute(self, at: int) -> tuple[tuple[str, ...], str]:
        """The different answers about an item in few words, and how they were settled; empty if not yet."""
        standing = self.standing(at)
        is_settled = standing.decision is not None and standing.decision.entry.adjudicates
        end = spoken(standing.decision.entry) if standing.decision is not None and is_settled else ""
        return tuple(said_text(said) for said in answers_of(standing)), end

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
                self._open[at] = not closed(at) and self._is_undecided(at)

    def _is_undecided(self, at: int) -> bool:
        standing = self.standing(at)
        if int(self._places[at]) in self.known:
            return not _was_checked(standing, self._reviewer)
        return self.spec.is_open(standing, self._reviewer)

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
