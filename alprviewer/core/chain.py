"""Hash chains: one for each writer, each entry tied to the one before it.

The hash of an entry is the SHA-256 of four lines of UTF-8, joined by line feeds: writer, sequence (from 1, in
decimal digits), the hash before (64 zeros for the first entry), body.

Whoever changes, inserts, removes or reorders an entry breaks the chain there, unless all hashes behind it are
made anew. That, and removal at the end, is found only by a head that was written down elsewhere (``Head``): a
chain without a key tells nothing about who made it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from alprviewer.core.errors import UsageError

GENESIS = "0" * 64
"""Stands for the hash before the first entry."""

_hash = re.compile("[0-9a-f]{64}")


class Head(NamedTuple):
    """How far a writer's chain goes: its last entry and that entry's hash. Written ``WRITER:SEQ:HASH``."""

    writer: str
    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.writer}:{self.sequence}:{self.hash}"


def parse_head(text: str) -> Head:
    """A head from ``WRITER:SEQ:HASH``; the writer's name may hold colons.

    Raises:
        UsageError: the text is something else.
    """
    writer, _, rest = text.strip().rpartition(":")
    writer, _, number = writer.rpartition(":")
    if not writer or not number.isdecimal() or not number.isascii() or not _hash.fullmatch(rest.lower()):
        raise UsageError(
            f"{text!r} is no head of a chain; expected WRITER:SEQ:HASH with 64 hexadecimal digits, "
            "as `alprviewer journal verify` prints it."
        )
    return Head(writer, int(number), rest.lower())


class Link(NamedTuple):
    """An entry as the journal keeps it. ``body`` is one line of canonical JSON (``core.decision``)."""

    writer: str
    sequence: int
    previous: str
    body: str
    hash: str

    @property
    def head(self) -> Head:
        """The head of a chain that ends here."""
        return Head(self.writer, self.sequence, self.hash)


def link_hash(writer: str, sequence: int, previous: str, body: str) -> str:
    """The hash of an entry, 64 hexadecimal digits."""
    text = f"{writer}\n{sequence}\n{previous}\n{body}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def next_link(writer: str, last: Head | None, body: str) -> Link:
    """The entry that goes on a writer's chain behind its head; the first one where there is no head."""
    sequence, previous = (last.sequence + 1, last.hash) if last is not None else (1, GENESIS)
    return Link(writer, sequence, previous, body, link_hash(writer, sequence, previous, body))


class Fault(NamedTuple):
    """Something that a chain does not hold together at: which entry, and what, as a sentence."""

    writer: str
    sequence: int
    reason: str


class Checked(NamedTuple):
    """What checking one writer's chain found. ``head`` is its last entry as it stands there."""

    head: Head
    entries: int
    faults: tuple[Fault, ...]


def check_chain(links: Iterable[Link]) -> Checked:
    """Check one writer's chain.

    Args:
        links: all of its entries (at least one), in the order of their sequence numbers.

    Returns:
        Its head, and a fault for every place where it does not hold.
    """
    faults: list[Fault] = []
    before: Link | None = None
    count = 0
    for link in links:
        count += 1
        expected, previous = (before.sequence + 1, before.hash) if before is not None else (1, GENESIS)
        if link.sequence != expected:
            faults.append(Fault(link.writer, link.sequence, _gap(expected, link.sequence)))
        elif link.previous != previous:
            reason = (
                f"Entry {link.sequence} does not follow from the entry before it: one of them was replaced."
            )
            faults.append(Fault(link.writer, link.sequence, reason))
        if not is_whole(link):
            reason = f"Entry {link.sequence} was changed: its content does not have its hash."
            faults.append(Fault(link.writer, link.sequence, reason))
        before = link
    if before is None:
        raise ValueError("a chain without entries")
    return Checked(before.head, count, tuple(faults))


def is_whole(link: Link) -> bool:
    """True if an entry's content has its hash."""
    return link.hash == link_hash(*link[:4])


def _gap(expected: int, found: int) -> str:
    if found < expected:
        return f"Entry {found} stands where entry {expected} is expected: it was inserted or reordered."
    if found == expected + 1:
        return f"Entry {expected} is missing: it was removed."
    return f"Entries {expected} to {found - 1} are missing: they were removed."


def check_heads(hash_of: Callable[[str, int], str | None], expected: Iterable[Head]) -> tuple[Fault, ...]:
    """Compare with heads that were written down earlier: whatever was there then must be there still.

    Args:
        hash_of: the hash of the entry at a writer's sequence number, None where there is none.
        expected: the heads.

    Returns:
        A fault for every expected entry that is missing, or is another one now.
    """
    faults: list[Fault] = []
    for head in expected:
        found = hash_of(head.writer, head.sequence)
        if found is None:
            reason = (
                f"Entry {head.sequence} is missing, although it was there: entries were removed at the end."
            )
            faults.append(Fault(head.writer, head.sequence, reason))
        elif found != head.hash:
            reason = f"Entry {head.sequence} is not the one that was there: the chain was written anew."
            faults.append(Fault(head.writer, head.sequence, reason))
    return tuple(faults)
