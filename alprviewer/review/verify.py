"""Checking a journal: every writer's chain, and the heads that were written down elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from alprviewer.core.chain import Checked, Fault, Head, check_chain, check_heads
from alprviewer.review.journal import Journal


class Verified(NamedTuple):
    """What checking a journal found.

    Attributes:
        chains: each writer's, by writer.
        faults: of the chains and of the heads that were expected.
        damage: what the storage reports of itself, as sentences.
    """

    chains: tuple[Checked, ...]
    faults: tuple[Fault, ...]
    damage: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """True if nothing is wrong."""
        return not self.faults and not self.damage


def verify(journal: Journal, expected: Iterable[Head] = ()) -> Verified:
    """Read all of a journal and check it.

    Args:
        journal: the journal.
        expected: heads that it must still have.
    """
    damage = tuple(journal.damage())
    chains = tuple(check_chain(journal.chain(head.writer)) for head in journal.heads())
    faults = [fault for chain in chains for fault in chain.faults]
    faults += check_heads(journal.hash_of, expected)
    return Verified(chains, tuple(faults), damage)
