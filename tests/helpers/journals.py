"""The two engines of journals, in one form for the tests that hold both to the same."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg

from alprviewer.core.decision import body, frame_digests, read_subject
from alprviewer.core.encoding import Encoding
from alprviewer.review.journal import Journal
from alprviewer.review.sqlite import SqliteJournal
from alprviewer.review.team import TeamJournal
from tests.helpers.decisions import entry, subject


class Engine(Protocol):
    """One place where a journal is kept, and a way around the program."""

    def open(self, computer: str = "desk") -> Journal:
        """The journal, as a window on some computer opens it."""

    def execute(self, statement: str) -> list[Any]:
        """Do something to the table that the program would not do."""

    def disarm(self) -> None:
        """Take the triggers away, as who owns the place can."""


class Sqlite:
    """A file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.sqlite"

    def open(self, computer: str = "desk") -> Journal:
        """All computers share the file."""
        return SqliteJournal(self.path)

    def execute(self, statement: str) -> list[Any]:
        """With SQLite itself."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()

    def disarm(self) -> None:
        """Drop them."""
        for (name,) in self.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            self.execute(f"DROP TRIGGER {name}")


class Server:
    """A database of a PostgreSQL server; each computer has its outbox."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self.url = url

    def open(self, computer: str = "desk") -> Journal:
        """Through the computer's outbox."""
        return TeamJournal(self.url, SqliteJournal(self._folder / f"{computer}.sqlite"))

    def execute(self, statement: str) -> list[Any]:
        """With PostgreSQL's driver."""
        options = "-c search_path=alprviewer"
        with psycopg.connect(self.url, autocommit=True, options=options) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description is not None else []

    def disarm(self) -> None:
        """Switch them off."""
        self.execute("ALTER TABLE entry DISABLE TRIGGER ALL")


@contextmanager
def opened(engine: Engine, *computers: str) -> Iterator[Any]:
    """Journals as windows on these computers open them; one alone is not in a list."""
    found = [engine.open(computer) for computer in computers or ("desk",)]
    try:
        yield found if len(found) > 1 else found[0]
    finally:
        for journal in found:
            journal.close()


def bodies(count: int, first: int = 0, reviewer: str = "ann") -> list[str]:
    """Bodies of entries, each about another read."""
    numbers = range(first, first + count)
    return [body(entry(reads=(subject(number),), reviewer=reviewer)) for number in numbers]


def judged(folder: Path, frame: dict[str, Any], position: int = 0) -> None:
    """A user's own journal that speaks of one read of a frame."""
    (whole,) = frame_digests(json.dumps(frame).encode(), Encoding.UTF8)
    said = entry(reads=(read_subject(whole, position, frame.get("uuid")),))
    with closing(SqliteJournal(folder / "journal.sqlite")) as journal:
        journal.append("w", [body(said)])
