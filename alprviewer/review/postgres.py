"""The journal in PostgreSQL, for a team. Everything stands in a schema ``alprviewer`` of the database.

Reviewers need the right to select and insert, and no more: whoever owns the table can also drop its triggers.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import conninfo, sql

from alprviewer.core.errors import JournalError, UsageError
from alprviewer.language import tr
from alprviewer.review.table import Execute, TableJournal

_CHANNEL = "alprviewer_entry"
_LOCK = 0x414C5052
"""Held by whoever writes until it is committed: so entries become visible in the order of their numbers."""
_VERSION = 1
_CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "alprviewer",
    "client_encoding": "utf8",
    "options": (
        "-c search_path=alprviewer -c synchronous_commit=on "
        "-c statement_timeout=60s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
    ),
}

_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS alprviewer;
CREATE TABLE journal (id text NOT NULL, version integer NOT NULL);
CREATE TABLE entry (
    ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    writer text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    previous text NOT NULL,
    body text NOT NULL,
    hash text NOT NULL,
    UNIQUE (writer, sequence)
);
CREATE FUNCTION entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'entries of the journal are never changed or deleted'; END $$;
CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION entry_stays();
"""


class ServerAway(JournalError):
    """The server cannot be reached, or the connection to it broke."""


class PostgresJournal(TableJournal):
    """A journal on a server. A connection that broke is made anew at the next use."""

    def __init__(self, url: str) -> None:
        """Connect.

        Args:
            url: ``postgresql://user@host:port/database``; a password comes from PGPASSWORD or ``.pgpass``.

        Raises:
            ServerAway: nobody answers.
            JournalError: the server refuses, or the journal there is of a newer program.
            UsageError: the URL is none.
        """
        super().__init__()
        self._url = url
        self.name = shown(url)
        self._connection: psycopg.Connection[Any] | None = None
        self._closed = False
        self._warning = ""
        with self._lock, self._explained():
            try:
                self.id = self._prepared(self._connected())
            except BaseException:
                self.close()
                raise

    def _prepared(self, connection: psycopg.Connection[Any]) -> str:
        """Make the tables where there are none. Returns the journal's id."""
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            found = connection.execute("SELECT to_regclass('alprviewer.journal')").fetchone()
            if found is None or found[0] is None:
                connection.execute(_SCHEMA)
                values = (uuid.uuid4().hex, _VERSION)
                connection.execute("INSERT INTO journal (id, version) VALUES (%s, %s)", values)
            row = connection.execute("SELECT id, version FROM journal").fetchone()
            assert row is not None
            if row[1] > _VERSION:
                raise JournalError(
                    tr(
                        "The journal {journal} was made by a newer version of this program; update this one.",
                        journal=self.name,
                    )
                )
            syncs = connection.execute("SHOW fsync").fetchone()
            if syncs is not None and syncs[0] != "on":
                self._warning = tr(
                    "The server of the journal {journal} runs with fsync switched off: "
                    "a power cut may lose decisions there.",
                    journal=self.name,
                )
        return str(row[0])

    @property
    def trouble(self) -> str:
        """Said of a server that does not sync."""
        return self._warning

    def _connected(self) -> psycopg.Connection[Any]:
        if self._closed:
            raise JournalError(tr("The journal {journal} was closed.", journal=self.name))
        if self._connection is None or self._connection.closed:
            self._connection = connected(self._url)
        return self._connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        with explained(self.name):
            yield

    @contextmanager
    def _reading(self) -> Iterator[Execute]:
        with self._lock, self._explained():
            connection = self._connected()
            yield lambda statement, *values: _rows(connection, statement, values)

    @contextmanager
    def _writing(self) -> Iterator[Execute]:
        with self._lock, self._explained():
            connection = self._connected()
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                yield lambda statement, *values: _rows(connection, statement, values)

    def _announce(self, execute: Execute) -> None:
        execute(f"NOTIFY {_CHANNEL}")

    def damage(self) -> list[str]:
        """PostgreSQL looks after its pages itself; what it cannot read it says when it is asked for."""
        return []

    def watch(self) -> PostgresWatch:
        """Something that the server wakes."""
        return PostgresWatch(self._url)

    def close(self) -> None:
        """End the connection."""
        with self._lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()


class PostgresWatch:
    """Waits for the server to say that somebody has written, over a connection of its own."""

    def __init__(self, url: str) -> None:
        self._name = shown(url)
        with explained(self._name):
            self._connection = connected(url)
            self._connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(_CHANNEL)))

    def wait(self, timeout: float) -> bool:
        """Wait until something was committed, at most so many seconds."""
        with explained(self._name):
            return any(True for _ in self._connection.notifies(timeout=timeout, stop_after=1))

    def close(self) -> None:
        """End the connection."""
        with suppress(psycopg.Error):
            self._connection.close()


def shown(url: str) -> str:
    """The address as it is shown: without a password and options.

    Raises:
        UsageError: it is none.
    """
    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.Error as error:
        raise UsageError(
            tr(
                "The address of the journal cannot be understood; expected {form} ({reason}).",
                form="postgresql://USER@HOST:PORT/DATABASE",
                reason=_words(error),
            )
        ) from error
    user = f"{parts['user']}@" if parts.get("user") else ""
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"postgresql://{user}{parts.get('host') or ''}{port}/{parts.get('dbname') or ''}"


def connected(url: str) -> psycopg.Connection[Any]:
    """A connection on which every statement is its own transaction, unless one is begun."""
    return psycopg.connect(url, autocommit=True, **_CONNECTING)  # type: ignore[arg-type]


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Errors of the server as sentences. What we asked wrongly stays what it is: a bug."""
    try:
        yield
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction) as error:
        raise JournalError(
            tr(
                "The journal {journal} may not be used so: {reason}; ask who looks after the server.",
                journal=name,
                reason=_words(error),
            )
        ) from error
    except (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable) as error:
        raise JournalError(
            tr("The journal {journal} is held up by another program; try again.", journal=name)
        ) from error
    except psycopg.OperationalError as error:
        if error.sqlstate is not None and error.sqlstate.startswith("53"):
            raise JournalError(
                tr(
                    "The server of the journal {journal} is full: {reason}.",
                    journal=name,
                    reason=_words(error),
                )
            ) from error
        raise ServerAway(
            tr(
                "The server of the journal {journal} cannot be reached: {reason}.",
                journal=name,
                reason=_words(error),
            )
        ) from error


def _words(error: BaseException) -> str:
    # The lines behind the first one ask whether a server runs there.
    first, *_ = str(error).strip().splitlines() or [""]
    return " ".join(first.split()).rstrip(".")[:300]


def _rows(connection: psycopg.Connection[Any], statement: str, values: tuple[Any, ...]) -> list[Any]:
    cursor = connection.execute(statement.replace("?", "%s"), values or None)
    return cursor.fetchall() if cursor.description is not None else []
