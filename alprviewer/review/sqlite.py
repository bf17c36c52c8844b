"""The journal in a SQLite file: the default, for one person or a few windows on one computer.

Every commit is synced (WAL with ``synchronous=FULL``), so an entry is on the disk when ``append`` returns.
"""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from alprviewer.core.errors import JournalError
from alprviewer.language import tr
from alprviewer.review.table import Execute, TableJournal

APPLICATION_ID = 0x414C5052
"""In the file's header: a journal of this program (``ALPR``)."""
PATIENCE = 5.0
"""Seconds to wait for another program that is writing."""
_POLL = 0.1
"""Seconds between two looks at whether somebody wrote."""
_AGAIN = 0.01
"""Seconds between two tries where SQLite does not wait by itself."""
_CHECKED_BYTES = 64 << 20
"""Size up to which a journal is checked each time it is opened; `journal verify` checks any."""

_FIRST = """
CREATE TABLE journal (id TEXT NOT NULL) STRICT;
CREATE TABLE entry (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    writer TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    previous TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (writer, sequence)
) STRICT;
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries of the journal are never changed'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries of the journal are never deleted'); END;
CREATE TRIGGER entry_is_not_replaced BEFORE INSERT ON entry
    WHEN EXISTS (SELECT 1 FROM entry WHERE writer = NEW.writer AND sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'entries of the journal are never replaced'); END;
"""
STEPS = (_FIRST,)
"""What makes each version of the schema out of the one before; the version is the number of steps."""

_SAID = {
    sqlite3.SQLITE_BUSY: tr("The journal {journal} is locked by another program; try again in a moment."),
    sqlite3.SQLITE_LOCKED: tr("The journal {journal} is locked by another program; try again in a moment."),
    sqlite3.SQLITE_FULL: tr("The journal {journal} has no room left on its disk; free some and try again."),
    sqlite3.SQLITE_READONLY: tr(
        "The journal {journal} may not be written here; get the right to, or choose another journal."
    ),
    sqlite3.SQLITE_CANTOPEN: tr(
        "The journal {journal} cannot be opened or made; look whether its folder may be written."
    ),
    sqlite3.SQLITE_PERM: tr(
        "The journal {journal} may not be opened; get the right to, or choose another journal."
    ),
    sqlite3.SQLITE_IOERR: tr(
        "The journal {journal} could not be read or written; look at its disk, then try again."
    ),
    sqlite3.SQLITE_CORRUPT: tr(
        "The journal {journal} is damaged; keep it, and go on with a backup or a new journal."
    ),
    sqlite3.SQLITE_NOTADB: tr("The journal {journal} is no journal but some other file; choose another one."),
    sqlite3.SQLITE_TOOBIG: tr("The journal {journal} cannot take anything as large as this."),
}


class SqliteJournal(TableJournal):
    """A journal in a file, which is made where there is none."""

    def __init__(self, path: Path, *, reading_only: bool = False) -> None:
        """Open the file.

        Args:
            path: of the file.
            reading_only: True for a file that must stay as it is; it has to be there.

        Raises:
            JournalError: it cannot be opened, is no journal, is damaged or of a newer program.
        """
        super().__init__()
        self.path = path
        self.name = str(path)
        self._closed = False
        self._identity: tuple[int, int] | None = None
        with self._explained():
            self._connection = _connected(path, reading_only)
            try:
                self.id = self._prepared(reading_only)
                self._identity = _identity(path)
            except BaseException:
                self._connection.close()
                raise

    def _prepared(self, reading_only: bool) -> str:
        """Bring the file into the form that this program writes. Returns the journal's id."""
        connection = self._connection
        # In one transaction: another window may be making the journal at this moment.
        connection.execute("BEGIN")
        application = _number(connection, "application_id")
        version = _number(connection, "user_version")
        is_empty = not version and not _has_tables(connection)
        connection.execute("COMMIT")
        if application != APPLICATION_ID and (reading_only or not is_empty):
            raise JournalError(
                tr("{file} is no journal of this program; choose another file.", file=self.path)
            )
        if version > len(STEPS):
            raise JournalError(
                tr(
                    "The journal {journal} was written by a newer version of this program; update this one.",
                    journal=self.path,
                )
            )
        if not reading_only:
            _log_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")
        if self.path.stat().st_size <= _CHECKED_BYTES:
            self._refuse_damage()
        if version < len(STEPS):
            if reading_only:
                raise JournalError(
                    tr(
                        "The journal {journal} is of an older form; open it once with this program.",
                        journal=self.path,
                    )
                )
            self._upgrade()
        return str(connection.execute("SELECT id FROM journal").fetchone()[0])

    def _refuse_damage(self) -> None:
        found = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise JournalError(
                tr(
                    "The journal {journal} is damaged; keep it, and go on with a backup or a new journal "
                    "({finding}).",
                    journal=self.path,
                    finding=found,
                )
            )

    def _upgrade(self) -> None:
        """Take the steps that are missing, all or none; a copy of what was there before is kept."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another window may have been quicker.
            version = _number(connection, "user_version")
            if version:
                self._back_up(version)
            for step in STEPS[version:]:
                for statement in _statements(step):
                    connection.execute(statement)
            if not version:
                connection.execute("INSERT INTO journal (id) VALUES (?)", (uuid.uuid4().hex,))
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {len(STEPS)}")
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise

    def _back_up(self, version: int) -> None:
        backup = self.path.with_name(f"{self.path.name}.version-{version}")
        with closing(_connected(self.path, True)) as source, closing(sqlite3.connect(backup)) as copy:
            source.backup(copy)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._said(error) from error
        except OSError as error:
            raise JournalError(
                tr(
                    "The journal {journal} cannot be opened: {reason}.",
                    journal=self.path,
                    reason=error.strerror,
                )
            ) from error

    def _said(self, error: sqlite3.Error) -> Exception:
        """A sentence about what went wrong; the error itself where it is a bug of ours."""
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            return error
        said = _SAID.get(code & 0xFF)
        return JournalError(said.format(journal=self.path)) if said else error

    @contextmanager
    def _reading(self) -> Iterator[Execute]:
        with self._lock, self._explained():
            yield self._execute

    @contextmanager
    def _writing(self) -> Iterator[Execute]:
        with self._lock, self._explained():
            self._open_still()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._execute
                self._connection.execute("COMMIT")
            except BaseException:
                _roll_back(self._connection)
                raise
            if not self._is_in_place():
                raise JournalError(
                    tr(
                        "The journal {journal} was removed or replaced while it was open; nothing was saved: "
                        "put it back, or open the program again to begin a new one.",
                        journal=self.path,
                    )
                )

    def _is_in_place(self) -> bool:
        with suppress(OSError):
            return _identity(self.path) == self._identity
        return False

    def _open_still(self) -> None:
        if self._closed:
            raise JournalError(tr("The journal {journal} was closed.", journal=self.path))

    def _execute(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        self._open_still()
        return self._connection.execute(statement, values).fetchall()

    def _announce(self, execute: Execute) -> None:
        """Whoever watches sees that the file has changed."""

    def damage(self) -> list[str]:
        """What SQLite's own check finds."""
        try:
            with self._reading() as execute:
                return [row[0] for row in execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        except JournalError as error:
            return [str(error)]

    def watch(self) -> SqliteWatch:
        """Something that looks at the file now and then."""
        with self._explained():
            return SqliteWatch(_connected(self.path, True), self._explained)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._closed = True
            self._connection.close()


class SqliteWatch:
    """Looks whether another connection has committed something."""

    def __init__(self, connection: sqlite3.Connection, explained: Any) -> None:
        self._connection = connection
        self._explained = explained
        self._seen = _number(connection, "data_version")

    def wait(self, timeout: float) -> bool:
        """Wait until something was committed, at most so many seconds."""
        until = time.monotonic() + timeout
        while True:
            with self._explained():
                version = _number(self._connection, "data_version")
            if version != self._seen:
                self._seen = version
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(_POLL, left))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _connected(path: Path, reading_only: bool) -> sqlite3.Connection:
    """A connection; what it opens is a file of its own name only, whatever characters the name has."""
    place = f"file:{quote(str(path.absolute()))}"
    if not reading_only:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _opened(f"{place}?mode=rwc")
    connection = _opened(f"{place}?mode=ro")
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        unwritable = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
        if not unwritable or not path.is_file() or (log.exists() and log.stat().st_size):
            raise
        # In a folder that may not be written a file in WAL mode opens only as one that nobody changes.
        return _opened(f"{place}?mode=ro&immutable=1")
    return connection


def _opened(place: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        place, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    # What somebody put there that is no UTF-8 is found by its hash.
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    return connection


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL. SQLite does not wait for others who switch at the same moment, so this does."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(_AGAIN)


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: ``executescript`` would commit before the first."""
    begun = ""
    for line in script.splitlines(keepends=True):
        begun += line
        if begun.strip() and sqlite3.complete_statement(begun):
            yield begun
            begun = ""


def _roll_back(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
