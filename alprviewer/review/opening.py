"""A journal by its URL."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import unquote

from alprviewer.core.errors import JournalError, UsageError
from alprviewer.language import tr
from alprviewer.review.journal import Journal
from alprviewer.review.sqlite import SqliteJournal

_FILE = "sqlite:///"
_OWN = "journal.sqlite"
_SERVER = ("postgresql://", "postgres://")


def open_journal(url: str, data_folder: Path) -> Journal:
    """Open the journal at a URL; one that is not there is made.

    Args:
        url: ``sqlite:///FILE`` (from the current folder; ``sqlite:////FILE`` from the root), ``postgresql://…``,
            or empty for the file in the data folder.
        data_folder: where the user's own journal is, and the outboxes of those on servers.

    Raises:
        UsageError: the URL is none of these.
        JournalError: it cannot be opened.
    """
    if url.startswith(_SERVER):
        try:
            from alprviewer.review.postgres import shown
            from alprviewer.review.team import TeamJournal
        except ImportError as error:
            raise JournalError(
                tr(
                    "A journal on a server needs the PostgreSQL driver, "
                    "which cannot be loaded here ({reason}).",
                    reason=error,
                )
            ) from error
        which = hashlib.sha256(shown(url).encode()).hexdigest()[:12]
        outbox = SqliteJournal(data_folder / f"outbox-{which}.sqlite")
        try:
            return TeamJournal(url, outbox)
        except BaseException:
            outbox.close()
            raise
    return SqliteJournal(journal_file(url) if url else data_folder / _OWN)


def is_there(url: str, data_folder: Path) -> bool:
    """True where a journal was named, or the user's own has been made."""
    return bool(url) or (data_folder / _OWN).exists()


def journal_file(url: str) -> Path:
    """The file of a URL ``sqlite:///FILE``.

    Raises:
        UsageError: the URL is something else.
    """
    name = unquote(url.removeprefix(_FILE))
    if not url.startswith(_FILE) or not name or "\0" in name:
        raise UsageError(
            tr(
                "{address} is no address of a journal; expected {file} or {server}.",
                address=repr(url),
                file="sqlite:///FILE",
                server="postgresql://USER@HOST/DATABASE",
            )
        )
    return Path(name)
