"""All that a journal says, in memory: what holds of each read. Follows from the entries alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable

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
        self._moments: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        """Of each writer the sequences of the entries, ascending, each with its moment."""
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
        moved: set[str] = set()
        for link in links:
            said = self._said[link.writer]
            if link.sequence in said:
                continue
            said[link.sequence] = entry = read_body(link.body)
            reads = self._place(link.writer, link.sequence, entry)
            if reads is None:
                moved.add(link.writer)
            else:
                touched.update(reads)
        if moved:
            self._forget()
            for writer, said in self._said.items():
                for sequence in sorted(said):
                    reads = self._place(writer, sequence, said[sequence])
                    touched.update((reads or ()) if writer in moved else ())
        for digest in touched:
            self._standings.pop(digest, None)
        return touched

    def _place(self, writer: str, sequence: int, entry: Entry | None) -> Iterable[str] | None:
        """Put an entry among the writer's others.

        Returns:
            The digests of the reads that it touches; None where it was not put there: it would move the
            moments of those behind it.
        """
        moments = self._moments[writer]
        at = bisect_left(moments, (sequence, 0))
        before = moments[at - 1][1] if at else 0
        placed = None if entry is None else place(writer, sequence, entry, before)
        moment = before if placed is None else placed.moment
        if at < len(moments) and moments[at][1] < moment:
            return None
        moments.insert(at, (sequence, moment))
        if placed is None:
            self.not_understood += 1
            return ()
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

    def snapshot(self) -> Decisions:
        """The same as it is now, for another thread to ask. Of what is added later it knows no new reads."""
        taken = Decisions()
        # These lists only grow at their ends, and are left alone where everything begins anew.
        taken._about.update(self._about)
        taken._undoings.update(self._undoings)
        taken._standings.update(self._standings)
        return taken

    def read(self, digest: str) -> Standing:
        """What holds of a read, by the digest of its subject."""
        if digest not in self._about:
            return UNTOUCHED
        found = self._standings.get(digest)
        if found is None:
            found = self._standings[digest] = standing(self._about[digest], self._undoings)
        return found

    def of_pass(self, digests: Collection[str]) -> Standing:
        """What holds of a pass, by the digests of its reads."""
        said = (self._about[digest] for digest in digests if digest in self._about)
        about = {placed.target: placed for some in said for placed in some}
        return pass_standing(about.values(), self._undoings, digests) if about else UNTOUCHED

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
