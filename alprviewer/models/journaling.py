"""The journal behind the window: one thread writes decisions, another watches for those of others."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from alprviewer.capture.capture import Capture
from alprviewer.capture.spans import SpanReader
from alprviewer.core.decision import Act, Entry, ReadSubject, Scope, read_body
from alprviewer.core.errors import JournalError, UserError
from alprviewer.core.standing import Placed, place
from alprviewer.language import tr
from alprviewer.review.journal import START, Journal, Watch
from alprviewer.review.opening import is_there, open_journal
from alprviewer.review.pen import Pen
from alprviewer.review.places import Places
from alprviewer.review.retaining import kept_for_review
from alprviewer.review.subjects import Subjects
from alprviewer.sources.spool.retention import Keep

_log = logging.getLogger(__name__)

_LOOK_S = 0.5
"""Seconds that the watch waits before it looks whether the window was closed."""
_ASK_AGAIN_S = 3.0
"""Seconds between two questions to a server that was away."""
_AT_ONCE = 500
"""Entries that the window takes in between two of its own turns."""
_SOUGHT = 200
"""Reads that are looked for in the capture between two looks at what waits."""
_BUG = tr("The decision could not be saved, by a fault of alprviewer; the log has it.")


@dataclass(frozen=True)
class Saying:
    """Something that was said and is to be kept.

    Attributes:
        token: how the window knows it.
        act: what was said.
        scope: a read or a pass.
        rows: of the reads; none for an undo or redo.
        about: of an undo or redo: an entry of the journal, or the token of a saying of this window.
        more: further members of ``Entry``.
    """

    token: int
    act: Act
    scope: Scope
    rows: tuple[int, ...] = ()
    about: Placed | int | None = None
    more: dict[str, Any] = field(default_factory=dict)


class Located(NamedTuple):
    """Rows of a capture's reads by the digest of the subject."""

    capture: Capture
    rows: dict[str, tuple[int, ...]]


class _Ground:
    """A capture and what is needed to find in it what a journal speaks of."""

    def __init__(self, capture: Capture) -> None:
        self.capture = capture
        self.reader = SpanReader(capture)
        self.subjects = Subjects(capture, self.reader)
        self.places = Places(capture, self.reader)
        self.sought: dict[str, int | None] = {}
        """Of each digest how many frames it was not found among; None once it was found."""

    def subjects_of(self, rows: Iterable[int]) -> dict[int, ReadSubject]:
        """The subjects of reads by their rows."""
        return {row: self.subjects.read(row) for row in rows}


class Journaling(QObject):
    """Keeps the journal open, writes to it in the order in which things were said, and tells what is in it.

    Signals:
        opened(str): the journal is open; its name for people.
        saved(int, object): a saying is durable: its token and the entry in its place.
        refused(int, str): a saying was not saved, and why.
        came(object): entries (a list of ``Link``), each writer's in the order of its chain.
        located(object): a ``Located``.
        troubled(str): what is not as it should be; empty where all is well again.
    """

    opened = Signal(str)
    saved = Signal(int, object)
    refused = Signal(int, str)
    came = Signal(object)
    located = Signal(object)
    troubled = Signal(str)

    def __init__(self, data_folder: Path, state_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reviewer = "unknown"
        self.url = ""
        self._data_folder, self._state_folder = data_folder, state_folder
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._watcher: threading.Thread | None = None
        self._closing = threading.Event()
        self._reading = threading.Lock()
        self._journal: Journal | None = None
        self._position = START
        self._placed: dict[int, Placed] = {}
        self._known: dict[str, ReadSubject] = {}
        """Every read that the journal speaks of, by its digest; the writing thread's."""
        self._trouble = ""
        self._ground = _Ground(Capture())

    @property
    def exists(self) -> bool:
        """True where a journal is there already, or was named by the user."""
        return is_there(self.url, self._data_folder)

    def keeper(self) -> Keep:
        """Tells which received files hold judged reads (``kept_for_review``). May be asked in any thread."""
        return kept_for_review(self.url, self._data_folder)

    def open(self) -> None:
        """Open the journal where it is not open yet; one that is not there is made."""
        if self._writer is None:
            self._writer = threading.Thread(target=self._write, name="journal", daemon=True)
            self._writer.start()

    def set_capture(self, capture: Capture) -> None:
        """Another capture: what the journal says is looked for in it."""
        before, self._ground = self._ground, _Ground(capture)
        # What was said of the capture before may still wait to be written, and needs its files.
        self._work.put(before.reader.close)
        self.locate()

    def locate(self) -> None:
        """Look again for what was not found: rows have come."""
        ground = self._ground
        self._work.put(lambda: self._locate(ground))

    def say(self, saying: Saying) -> None:
        """Keep something. ``saved`` or ``refused`` follows."""
        ground = self._ground
        self._work.put(lambda: self._keep(saying, ground))
        self.open()

    # --- the thread that writes -------------------------------------------------------------------

    def _write(self) -> None:
        """Open the journal, then do one thing after the other until the window is closed."""
        try:
            self._opened_journal()
        except UserError as error:
            self._tell_trouble(str(error))
        while (work := self._work.get()) is not None:
            work()

    def _opened_journal(self) -> Journal:
        if self._journal is None:
            journal = self._journal = open_journal(self.url, self._data_folder)
            self.opened.emit(journal.name)
            self._tell_trouble(journal.trouble)
            self._take_news(journal)
            self._watcher = threading.Thread(
                target=lambda: self._watch(journal), name="journal watch", daemon=True
            )
            self._watcher.start()
        return self._journal

    def _keep(self, saying: Saying, ground: _Ground) -> None:
        try:
            journal = self._opened_journal()
            pen = Pen(journal, self.reviewer, self._state_folder)
            subjects = ground.subjects_of(saying.rows)
            entry = self._entry(pen, saying, subjects.values())
            (link,) = pen.write(entry)
        except UserError as error:
            self.refused.emit(saying.token, str(error))
            return
        except Exception:  # noqa: BLE001
            # A bug must not end the thread: all that is decided after it would be lost without a word.
            _log.exception("A decision could not be saved.")
            self.refused.emit(saying.token, _BUG)
            return
        self._placed[saying.token] = placed = place(link.writer, link.sequence, entry)
        rows: dict[str, tuple[int, ...]] = {}
        for row, subject in subjects.items():
            rows[subject.digest] = (*rows.get(subject.digest, ()), row)
        self.located.emit(Located(ground.capture, rows))
        self.saved.emit(saying.token, placed)
        self._tell_trouble(journal.trouble)
        self._take_news(journal)

    def _entry(self, pen: Pen, saying: Saying, subjects: Iterable[ReadSubject]) -> Entry:
        if saying.about is None:
            return pen.entry(saying.act, saying.scope, subjects, **saying.more)
        about = self._placed.get(saying.about) if isinstance(saying.about, int) else saying.about
        if about is None:
            raise JournalError(tr("What was to be taken back was not saved: there is nothing to take back."))
        return pen.take_back(about, saying.act)

    def _tell_trouble(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self.troubled.emit(trouble)

    # --- what is in the journal -------------------------------------------------------------------

    def _take_news(self, journal: Journal) -> None:
        """Tell what was added. Both threads do, one at a time: chains are told in their order."""
        try:
            with self._reading:
                news = journal.since(self._position)
                self._position = news.position
                for first in range(0, len(news.links), _AT_ONCE):
                    self.came.emit(news.links[first : first + _AT_ONCE])
        except JournalError as error:
            self._tell_trouble(str(error))
            return
        if news.links:
            entries = [entry for link in news.links if (entry := read_body(link.body)) is not None]
            subjects = {read.digest: read for entry in entries for read in entry.reads}
            self._work.put(lambda: self._known.update(subjects))
            self.locate()

    def _locate(self, ground: _Ground) -> None:
        """Tell where the reads stand that the journal speaks of; what waits to be written goes first."""
        if ground is not self._ground:
            return
        frames = len(ground.capture.columns.frames)
        wanted = [
            each for each in self._known.values() if ground.sought.get(each.digest, 0) not in (None, frames)
        ]
        for first in range(0, len(wanted), _SOUGHT):
            if not self._work.empty() or self._closing.is_set():
                self.locate()
                return
            part = wanted[first : first + _SOUGHT]
            found = ground.places.rows(part)
            ground.sought.update((each.digest, None if each.digest in found else frames) for each in part)
            if found:
                self.located.emit(Located(ground.capture, found))

    def _watch(self, journal: Journal) -> None:
        watch: Watch | None = None
        asked = time.monotonic()
        while not self._closing.is_set():
            try:
                watch = watch or journal.watch()
                if watch.wait(_LOOK_S):
                    self._take_news(journal)
                if journal.trouble and time.monotonic() - asked > _ASK_AGAIN_S:
                    # A server that was away is asked; if it is back it gets what waits for it.
                    asked = time.monotonic()
                    journal.heads()
                    self._take_news(journal)
                self._tell_trouble(journal.trouble)
            except JournalError as error:
                self._tell_trouble(journal.trouble or str(error))
                self._closing.wait(_LOOK_S)
        if watch is not None:
            watch.close()

    def close(self) -> None:
        """Write what was said, then end the threads and close the journal."""
        self._closing.set()
        self._work.put(None)
        for thread in (self._writer, self._watcher):
            if thread is not None:
                thread.join()
        self._ground.reader.close()
        if self._journal is not None:
            self._journal.close()
