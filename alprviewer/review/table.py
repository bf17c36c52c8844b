"""The journal as a table of a database: what SQLite and PostgreSQL have in common."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from alprviewer.core.chain import Head, Link, next_link
from alprviewer.review.journal import START, Added, News, Position, Watch, fitting

Row = tuple[Any, ...]
Execute = Callable[..., list[Row]]
"""Runs a statement (places for values are ``?``) and returns its rows."""

_LINK = "writer, sequence, previous, body, hash"
BEFORE_ALL = -(2**63)
"""Less than any sequence number, also one that somebody made up."""
_PAGE = 1000
"""Entries of a chain that are fetched at a time."""


class TableJournal(ABC):
    """A journal in a table ``entry``, whose ``ordinal`` grows in the order of the commits."""

    id: str
    name: str

    def __init__(self) -> None:
        self._lock = threading.RLock()

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Execute]:
        """What reads. Errors of the database come out as ``JournalError``."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[Execute]:
        """What writes, alone, and makes it durable at the end, or takes all of it back."""

    @abstractmethod
    def _announce(self, execute: Execute) -> None:
        """Tell others, within the writing, that there will be news."""

    @abstractmethod
    def damage(self) -> list[str]:
        """What the storage itself reports as broken."""

    @abstractmethod
    def watch(self) -> Watch:
        """Something that waits for others to write."""

    @abstractmethod
    def close(self) -> None:
        """Give back what it holds."""

    @property
    def trouble(self) -> str:
        """Nothing: a table is there, or its methods say that it is not."""
        return ""

    def append(self, writer: str, bodies: Sequence[str]) -> list[Link]:
        """Go on with a writer's chain; durable when it returns."""
        with self._writing() as execute:
            found = execute(
                "SELECT sequence, hash FROM entry WHERE writer = ? ORDER BY sequence DESC LIMIT 1", writer
            )
            last = Head(writer, *found[0]) if found else None
            links: list[Link] = []
            for body in bodies:
                links.append(next_link(writer, last, body))
                last = links[-1].head
            self._insert(execute, links)
        return links

    def add(self, links: Iterable[Link]) -> Added:
        """Take in entries as they are."""
        ordered = sorted(links)
        with self._writing() as execute:
            heads = {head.writer: head for head in _heads(execute)}
            found = fitting(ordered, heads, lambda *place: _hash(execute, *place))
            self._insert(execute, found.added)
        return found

    def _insert(self, execute: Execute, links: Sequence[Link]) -> None:
        for link in links:
            execute(f"INSERT INTO entry ({_LINK}) VALUES (?, ?, ?, ?, ?)", *link)  # noqa: S608
        if links:
            self._announce(execute)

    def since(self, position: Position = START) -> News:
        """What was added after a position."""
        with self._reading() as execute:
            rows = execute(
                f"SELECT {_LINK}, ordinal FROM entry WHERE ordinal > ? ORDER BY ordinal",  # noqa: S608
                position.stored,
            )
        stored = rows[-1][-1] if rows else position.stored
        return News([Link(*row[:-1]) for row in rows], position._replace(stored=stored))

    def heads(self) -> list[Head]:
        """The last entry of each writer."""
        with self._reading() as execute:
            return _heads(execute)

    def chain(self, writer: str, after: int = BEFORE_ALL) -> Iterator[Link]:
        """A writer's entries behind a sequence number, fetched as they are asked for."""
        sequence = after
        while True:
            with self._reading() as execute:
                rows = execute(
                    f"SELECT {_LINK} FROM entry WHERE writer = ? AND sequence > ? "  # noqa: S608
                    "ORDER BY sequence LIMIT ?",
                    writer, sequence, _PAGE,
                )  # fmt: skip
            yield from (Link(*row) for row in rows)
            if len(rows) < _PAGE:
                return
            sequence = rows[-1][1]

    def hash_of(self, writer: str, sequence: int) -> str | None:
        """The hash of an entry."""
        with self._reading() as execute:
            return _hash(execute, writer, sequence)


def _heads(execute: Execute) -> list[Head]:
    rows = execute(
        "SELECT e.writer, e.sequence, e.hash FROM entry e JOIN "
        "(SELECT writer, max(sequence) AS last FROM entry GROUP BY writer) h "
        "ON e.writer = h.writer AND e.sequence = h.last"
    )
    return sorted(Head(*row) for row in rows)


def _hash(execute: Execute, writer: str, sequence: int) -> str | None:
    rows = execute("SELECT hash FROM entry WHERE writer = ? AND sequence = ?", writer, sequence)
    return rows[0][0] if rows else None
