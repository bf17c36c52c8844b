"""All that a journal says, in memory: what holds of each read. Follows from the entries alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from alprviewer.core.chain import Link
from alprviewer.core.decision import Entry, Gold, ReadSubject, Target, read_body
from alprviewer.core.standing import (
    UNTOUCHED,
    Placed,
    Standing,
    counts,
    in_order,
    independent,
    pass_standing,
    place,
    standing,
)


class Decisions:
    """Entries by the reads that they speak of. For one thread.

    Attributes:
        not_understood: entries of newer programs, which say nothing here.
        answered: digests of the reads that somebody named a known answer of, be it taken back.
    """

    def __init__(self) -> None:
        self._said: defaultdict[str, dict[int, Entry | None]] = defaultdict(dict)
        self._forget()

    def _forget(self) -> None:
        """Begin anew with what follows from the entries."""
        self.not_understood = 0
        self.answered: set[str] = set()
        self._last: dict[str, tuple[int, int]] = {}
        self._entries: dict[Target, Placed] = {}
        self._about: defaultdict[str, list[Placed]] = defaultdict(list)
        self._undoings: defaultdict[Target, list[Placed]] = defaultdict(list)
        self._standings: dict[str, Standing] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, links: Iterable[Link]) -> set[str]:
        """Take in entries; those that are known change nothing.

        Each writer's come in the order of its chain, but for those of another window of the same person:
        these may come behind an entry that this window wrote later.

        Returns:
            The digests of the reads that something new was said of.
        """
        touched: set[str] = set()
        late: set[str] = set()
        for link in links:
            said = self._said[link.writer]
            if link.sequence in said:
                continue
            said[link.sequence] = entry = read_body(link.body)
            if link.sequence < self._last.get(link.writer, (0, 0))[0]:
                late.add(link.writer)
            else:
                touched.update(self._place(link.writer, link.sequence, entry))
        if late:
            self._forget()
            for writer, said in self._said.items():
                for sequence in sorted(said):
                    reads = self._place(writer, sequence, said[sequence])
                    touched.update(reads if writer in late else ())
        for digest in touched:
            self._standings.pop(digest, None)
        return touched

    def _place(self, writer: str, sequence: int, entry: Entry | None) -> Iterable[str]:
        """Put an entry behind the writer's others. Returns the digests of the reads that it touches."""
        moment = self._last.get(writer, (0, 0))[1]
        if entry is None:
            self.not_understood += 1
            self._last[writer] = sequence, moment
            return ()
        placed = place(writer, sequence, entry, moment)
        self._last[writer] = sequence, placed.moment
        return self._keep(placed)

    def _keep(self, placed: Placed) -> Iterable[str]:
        entry = placed.entry
        self._entries[placed.target] = placed
        for read in entry.reads:
            self._about[read.digest].append(placed)
        if entry.gold is not None and entry.gold is not Gold.CHECK:
            self.answered.update(read.digest for read in entry.reads)
        if entry.target is not None:
            self._undoings[entry.target].append(placed)
        about = self._entries.get(entry.target) if entry.target is not None else None
        reads: tuple[ReadSubject, ...] = (*entry.reads, *(about.entry.reads if about is not None else ()))
        return (read.digest for read in reads)

    def read(self, digest: str) -> Standing:
        """What holds of a read, by the digest of its subject."""
        if digest not in self._about:
            return UNTOUCHED
        found = self._standings.get(digest)
        if found is None:
            found = self._standings[digest] = standing(self._about[digest], self._undoings)
        return found

    def of_pass(self, digests: Iterable[str]) -> Standing:
        """What holds of a pass, by the digests of its reads."""
        said = (self._about[digest] for digest in digests if digest in self._about)
        about = {placed.target: placed for some in said for placed in some}
        return pass_standing(about.values(), self._undoings) if about else UNTOUCHED

    def independent(self, digest: str) -> dict[str, Placed]:
        """The verdict of each reviewer on a read that was found without knowing those of others."""
        about = self._about.get(digest, ())
        return independent(about, self._undoings) if len(about) > 1 else {}

    def counts(self, placed: Placed) -> bool:
        """False for an entry that was taken back."""
        return counts(placed, self._undoings)

    def subjects(self) -> list[ReadSubject]:
        """All reads that anything was said of, by digest."""
        found = {read.digest: read for placed in self._entries.values() for read in placed.entry.reads}
        return [found[digest] for digest in sorted(found)]

    def history(self) -> list[Placed]:
        """All entries that are understood, in their order."""
        return in_order(self._entries.values())
