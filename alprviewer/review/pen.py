"""What a reviewer writes with: makes entries of what was said, and keeps them before anyone is told."""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import alprviewer
from alprviewer.core.chain import Link
from alprviewer.core.decision import MAX_NAME, Act, Entry, ReadSubject, Scope, body, in_subject_order
from alprviewer.core.standing import Placed
from alprviewer.review.heads import KeptHeads
from alprviewer.review.journal import Journal

_odd = re.compile(r"[^\w.+-]+")


def _now() -> int:
    return time.time_ns() // 1_000_000


def account() -> str:
    """The name of the person's account; ``unknown`` where the system has none."""
    with suppress(OSError, KeyError):
        return getpass.getuser()[:MAX_NAME] or "unknown"
    return "unknown"


def writer_name(journal_id: str, state_folder: Path) -> str:
    """The name of the chain that this installation writes in a journal: ``USER@HOST-`` and eight digits.

    The digits come from the journal's id and a secret of this installation, so that a journal that was copied
    to another computer goes on under another name there.
    """
    secret = state_folder / "installation"
    with suppress(OSError):
        state_folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123
            file.write(os.urandom(16).hex().encode())
    try:
        known = secret.read_bytes()
    except OSError:
        # It cannot be kept: the chain ends with this run.
        known = os.urandom(16)
    digits = hashlib.sha256(known + journal_id.encode()).hexdigest()[:8]
    user, host = (_odd.sub("_", name)[:60] for name in (account(), socket.gethostname()))
    return f"{user}@{host}-{digits}"


class Pen:
    """Writes one reviewer's entries. May be used from several threads, as its journal may.

    Attributes:
        reviewer: whose decisions these are.
        writer: the chain that they go to.
    """

    def __init__(
        self, journal: Journal, reviewer: str, state_folder: Path, now: Callable[[], int] = _now
    ) -> None:
        """Write.

        Args:
            journal: where entries go.
            reviewer: the name in them.
            state_folder: where the installation's secret and the heads are.
            now: the clock, UTC in milliseconds.
        """
        self.reviewer = reviewer
        self.writer = writer_name(journal.id, state_folder)
        self._journal = journal
        self._heads = KeptHeads(state_folder / "journals", journal.id)
        self._now = now

    def entry(self, act: Act, scope: Scope, reads: Iterable[ReadSubject], **more: Any) -> Entry:
        """An entry of now; ``more`` are further members of ``Entry``."""
        return Entry(
            time=self._now(),
            reviewer=self.reviewer,
            version=alprviewer.__version__,
            act=act,
            scope=scope,
            reads=in_subject_order(reads),
            **more,
        )

    def take_back(self, placed: Placed, act: Act = Act.UNDO) -> Entry:
        """An entry that takes back an earlier one, or makes it count again (``REDO``)."""
        about = placed.entry
        return self.entry(act, about.scope, about.reads, target=placed.target)

    def write(self, *entries: Entry) -> list[Link]:
        """Put entries into the journal, all or none. What is returned is durable.

        Raises:
            JournalError: nothing was saved.
            ValueError: an entry says what cannot be said.
        """
        bodies: Sequence[str] = [body(entry) for entry in entries]
        links = self._journal.append(self.writer, bodies)
        if links:
            self._heads.keep([links[-1].head])
        return links
