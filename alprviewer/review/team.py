"""A team's journal: every entry is written to an outbox on this computer first, then handed to the server.

The outbox is a journal like any other, so an entry has its place in the writer's chain before the server
knows of it: handing over is a union, may be repeated, and loses and doubles nothing whenever the connection
breaks.
While the server is away decisions go on; they are handed over when it is back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence

from alprviewer.core.chain import Head, Link
from alprviewer.core.errors import JournalError
from alprviewer.language import tr
from alprviewer.review.journal import START, Added, News, Position
from alprviewer.review.postgres import PostgresJournal, PostgresWatch, ServerAway, shown
from alprviewer.review.sqlite import SqliteJournal
from alprviewer.review.table import BEFORE_ALL

RETRY = 3.0
"""Seconds after which a server that was away is asked again."""


class TeamJournal:
    """The server's journal as long as it answers, with an outbox in front of it."""

    def __init__(self, url: str, outbox: SqliteJournal) -> None:
        """Open it; the server may be away.

        Raises:
            JournalError: the server refuses, or what the outbox holds does not fit what it has.
            UsageError: the URL is none.
        """
        self._url = url
        self.name = shown(url)
        self.id = outbox.id
        self._outbox = outbox
        self._lock = threading.RLock()
        self._server: PostgresJournal | None = None
        self._handed: dict[str, int] = {}
        self._is_known = False
        self._away = ""
        self._ask_again = 0.0
        self._closed = False
        try:
            self._try_to_hand_over()
        except BaseException:
            self._end()
            raise

    @property
    def trouble(self) -> str:
        """Said while the server is away, or of a server that loses decisions in a power cut."""
        with self._lock:
            if self._away:
                return tr("{reason} Decisions are kept on this computer until it is back.", reason=self._away)
            return self._server.trouble if self._server is not None else ""

    @property
    def waiting(self) -> int:
        """How many entries the server has not got yet."""
        with self._lock:
            return sum(head.sequence - self._handed.get(head.writer, 0) for head in self._outbox.heads())

    def append(self, writer: str, bodies: Sequence[str]) -> list[Link]:
        """Go on with a writer's chain; durable on this computer, and on the server if it is there."""
        links = self._outbox.append(writer, bodies)
        self._try_to_hand_over()
        return links

    def add(self, links: Iterable[Link]) -> Added:
        """Take in entries of other journals; the server has to be there."""
        return self._there().add(links)

    def since(self, position: Position = START) -> News:
        """What was added to the server and to the outbox; an entry may come from both."""
        own = self._outbox.since(Position(position.waiting))
        try:
            with self._lock:
                news = self._connected().since(position)
        except ServerAway as error:
            self._note_away(error)
            news = News([], position)
        return News([*news.links, *own.links], Position(news.position.stored, own.position.stored))

    def heads(self) -> list[Head]:
        """The last entry of each writer on the server."""
        return self._there().heads()

    def chain(self, writer: str, after: int = BEFORE_ALL) -> Iterator[Link]:
        """A writer's entries on the server."""
        return self._there().chain(writer, after)

    def hash_of(self, writer: str, sequence: int) -> str | None:
        """The hash of an entry on the server."""
        return self._there().hash_of(writer, sequence)

    def damage(self) -> list[str]:
        """What is broken in the outbox."""
        return self._outbox.damage()

    def watch(self) -> TeamWatch:
        """Something that the server wakes, and that finds it again when it was away."""
        return TeamWatch(self)

    def close(self) -> None:
        """End the connection and close the outbox."""
        with self._lock:
            self._end()
            self._outbox.close()

    def _end(self) -> None:
        self._closed = True
        if self._server is not None:
            self._server.close()

    def _there(self) -> PostgresJournal:
        """The server, with all that waited for it.

        Raises:
            ServerAway: it is away.
        """
        with self._lock:
            self._ask_again = 0.0
            self._is_known = False
            try:
                self._hand_over()
            except ServerAway as error:
                self._note_away(error)
                raise
            return self._connected()

    def _try_to_hand_over(self) -> bool:
        """Hand over what waits. False while the server is away."""
        with self._lock:
            try:
                self._hand_over()
            except ServerAway as error:
                self._note_away(error)
                return False
            return True

    def _connected(self) -> PostgresJournal:
        """The server; one that was away is asked at most every few seconds."""
        if self._closed:
            raise JournalError(tr("The journal {journal} was closed.", journal=self.name))
        if self._away and time.monotonic() < self._ask_again:
            raise ServerAway(self._away)
        if self._server is None:
            self._server = PostgresJournal(self._url)
        if self._away or not self._is_known:
            heads = self._server.heads()
            self._refuse_misfit(heads)
            self._handed = {head.writer: head.sequence for head in heads}
            self._away, self._is_known = "", True
        return self._server

    def _note_away(self, error: ServerAway) -> None:
        with self._lock:
            if str(error) != self._away or time.monotonic() >= self._ask_again:
                self._ask_again = time.monotonic() + RETRY
            self._away = str(error)

    def _refuse_misfit(self, heads: list[Head]) -> None:
        """All that the server has of the outbox's writers must be in the outbox too."""
        own = {head.writer for head in self._outbox.heads()}
        for head in heads:
            if head.writer in own and self._outbox.hash_of(head.writer, head.sequence) != head.hash:
                raise self._misfit(
                    tr(
                        "The server has another entry {sequence} of {writer}.",
                        sequence=head.sequence,
                        writer=head.writer,
                    )
                )

    def _misfit(self, reason: str) -> JournalError:
        return JournalError(
            tr(
                "The outbox {outbox} does not fit {journal}: {reason} "
                "Was one restored from an older copy? Rename the outbox, and import it afterwards.",
                outbox=self._outbox.name,
                journal=self.name,
                reason=reason,
            )
        )

    def _hand_over(self) -> None:
        """Hand over what waits. A connection that broke in the meantime is made anew once."""
        was_there = self._server is not None and not self._away
        try:
            self._hand_over_once()
        except ServerAway:
            if not was_there:
                raise
            self._is_known = False
            self._hand_over_once()

    def _hand_over_once(self) -> None:
        server = self._connected()
        for head in self._outbox.heads():
            handed = self._handed.get(head.writer, 0)
            if handed >= head.sequence:
                continue
            clashes = server.add(self._outbox.chain(head.writer, handed)).clashes
            if clashes:
                raise self._misfit(clashes[0].reason)
            self._handed[head.writer] = head.sequence


class TeamWatch:
    """Waits for the server's word. For one thread."""

    def __init__(self, journal: TeamJournal) -> None:
        self._journal = journal
        self._inner: PostgresWatch | None = None

    def wait(self, timeout: float) -> bool:
        """Wait until something may have been added, at most so many seconds; also when the server is back."""
        until = time.monotonic() + timeout
        try:
            if self._inner is None:
                self._inner = PostgresWatch(self._journal._url)  # noqa: SLF001 - it is the journal's own
                self._journal._try_to_hand_over()  # noqa: SLF001
                return True
            return self._inner.wait(timeout)
        except ServerAway as error:
            self._journal._note_away(error)  # noqa: SLF001
            self.close()
            time.sleep(max(0.0, min(until - time.monotonic(), RETRY)))
            return False

    def close(self) -> None:
        """End the connection."""
        if self._inner is not None:
            self._inner.close()
            self._inner = None
