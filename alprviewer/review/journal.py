"""The journal: one append-only table of entries, behind one small port.

Every entry belongs to its writer's hash chain (``core.chain``). A journal is SQLite by default and PostgreSQL
for a team; what they share is ``review.table``. Merging two journals is a union, since an entry's place
(writer and sequence) is its own wherever it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from alprviewer.core.chain import GENESIS, Head, Link, is_whole
from alprviewer.core.decision import MAX_NAME
from alprviewer.language import tr


class Position(NamedTuple):
    """How far a journal has been read: entries that are stored, and those that wait to be."""

    stored: int = 0
    waiting: int = 0


START = Position()


class News(NamedTuple):
    """Entries that were added, in the order in which they came, and where to read on."""

    links: list[Link]
    position: Position


class Clash(NamedTuple):
    """An entry that cannot be taken in: which, and why, as a sentence."""

    writer: str
    sequence: int
    reason: str


class Added(NamedTuple):
    """What became of entries that were to be taken in.

    Attributes:
        added: those that were not there yet, as they were stored.
        known: how many were there already.
        clashes: the first entry of each writer that cannot stand behind what is there; what follows it was
            left out too.
    """

    added: list[Link]
    known: int
    clashes: list[Clash]


class Watch(Protocol):
    """Tells when somebody has written to a journal. For one thread."""

    def wait(self, timeout: float) -> bool:
        """Wait until something may have been added, at most so many seconds. False: nothing was."""

    def close(self) -> None:
        """Give back what it holds."""


class Journal(Protocol):
    """Where decisions are kept. May be used from several threads.

    All methods raise ``JournalError``, one sentence for the user, where the journal cannot do what it should;
    then nothing of what was asked for was kept.
    """

    @property
    def name(self) -> str:
        """Where it is, for people; without a password."""

    @property
    def id(self) -> str:
        """A name of its own that it got when it was made; a copy has the same."""

    @property
    def trouble(self) -> str:
        """What is not as it should be, as a sentence; empty where all is well."""

    def append(self, writer: str, bodies: Sequence[str]) -> list[Link]:
        """Go on with a writer's chain. What is returned is durable: it survives a crash and a power cut."""

    def add(self, links: Iterable[Link]) -> Added:
        """Take in entries of other journals (or of an outbox) as they are, all or none of each writer's."""

    def since(self, position: Position = START) -> News:
        """What was added after a position, in the order in which it came."""

    def heads(self) -> list[Head]:
        """The last entry of each writer, by writer."""

    def chain(self, writer: str, after: int = ...) -> Iterator[Link]:
        """A writer's entries by sequence, those behind a sequence number."""

    def hash_of(self, writer: str, sequence: int) -> str | None:
        """The hash of an entry; None where there is none."""

    def damage(self) -> list[str]:
        """What the storage itself reports as broken, as sentences."""

    def watch(self) -> Watch:
        """Something that waits for others to write."""

    def close(self) -> None:
        """Give back what it holds."""


def fitting(
    links: Iterable[Link], heads: Mapping[str, Head], hash_of: Callable[[str, int], str | None]
) -> Added:
    """Which of the entries continue what is there.

    Args:
        links: entries, each writer's by sequence.
        heads: where the chains that are there end, by writer.
        hash_of: the hash of an entry that is there.
    """
    last = dict(heads)
    found = Added([], 0, [])
    refused: set[str] = set()
    for link in links:
        if link.writer in refused:
            continue
        head = last.get(link.writer)
        sequence, previous = (head.sequence, head.hash) if head else (0, GENESIS)
        reason = _misfit(link, sequence, previous, hash_of)
        if reason:
            refused.add(link.writer)
            found.clashes.append(Clash(link.writer, link.sequence, reason))
        elif link.sequence <= sequence:
            found = found._replace(known=found.known + 1)
        else:
            found.added.append(link)
            last[link.writer] = link.head
    return found


def _misfit(link: Link, sequence: int, previous: str, hash_of: Callable[[str, int], str | None]) -> str:
    """Why an entry does not fit behind the entry ``sequence``; empty where it does, or is known."""
    which = {"entry": link.sequence, "writer": link.writer}
    if not 0 < len(link.writer) <= MAX_NAME or not link.writer.isprintable():
        return tr("Entry {entry} names a writer that is no name.", entry=link.sequence)
    if not is_whole(link):
        return tr("Entry {entry} of {writer} was changed: its content does not have its hash.", **which)
    if link.sequence > sequence + 1:
        return tr(
            "Entry {entry} of {writer} does not follow: the journal ends at entry {last} of this writer.",
            last=sequence,
            **which,
        )
    if link.sequence == sequence + 1:
        if link.previous == previous:
            return ""
        return tr("Entry {entry} of {writer} does not follow from entry {last} here.", last=sequence, **which)
    if hash_of(link.writer, link.sequence) != link.hash:
        return tr(
            "Entry {entry} of {writer} is another one here: "
            "the writer's chain goes on in two ways from there.",
            **which,
        )
    return ""
