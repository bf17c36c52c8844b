"""A capture for the window: messages of the child processes arrive in the UI thread, a few at a time."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from alprviewer.capture.cache import Cache, Keeper
from alprviewer.capture.capture import Capture, LookedUp
from alprviewer.capture.following import Following
from alprviewer.capture.intake import Intake, Plan, plan
from alprviewer.capture.receiving import Order
from alprviewer.core.errors import UserError
from alprviewer.language import tr
from alprviewer.models.live import Live
from alprviewer.models.worker import Worker
from alprviewer.sources.live.endpoint import is_live
from alprviewer.sources.messages import Arrived, Finished, Message, Turned
from alprviewer.sources.paths import SourceFile, expand
from alprviewer.store.block import Block, remap
from alprviewer.store.columns import Change

_INTERVAL_MS = 30
"""Milliseconds between two looks at the queue."""
_FOLLOW_INTERVAL_MS = 100
"""The same while files are only followed."""
_SOON_S = 2.0
"""Seconds from the start of a child that follows, after which another one may take its place."""
_PROGRESS_S = 0.1
"""Seconds between two words on progress: more often nobody can read them."""
_BUDGET_S = 0.010
"""Seconds of the UI thread that one look may take."""
_ROWS_S = 0.1
"""The same between two words on rows while files are read: each is a painting of the tables."""
_PATIENCE_S = 1.0
"""Seconds that closing waits for a disk that does not answer."""


class _Request(NamedTuple):
    """What is to be opened: the names, the files and live sources they stand for; or why not."""

    names: list[str]
    files: list[SourceFile]
    plan: Plan
    live: tuple[Order, ...] = ()
    is_more: bool = False
    refusal: str = ""


OrderOf = Callable[[str], Order]
"""What is to be received from a URL. It may take a while, and is asked in a thread of its own."""


def _look_at(names: list[str], cache: Cache | None, order_of: OrderOf | None, is_more: bool) -> _Request:
    urls = [name for name in names if order_of is not None and is_live(name)]
    try:
        live = tuple(map(order_of, urls)) if order_of is not None else ()
        files = expand(name for name in names if name not in urls)
    except UserError as error:
        return _Request(names, [], Plan([], []), refusal=str(error))
    read = plan(enumerate(file.path for file in files), cache=cache)
    return _Request(names, files, read, live, is_more)


class Loader(QObject):
    """Opens sources into a capture, in child processes, and follows them then.

    Signals:
        opening(list): names were given; what they stand for is being looked at.
        refused(str): one sentence why they cannot be opened; the capture stays as it is.
        opened(Capture): a new, empty capture has taken the place of the one before.
        rows_added(Change): rows were appended; only their tables grow.
        progressed(done, total, seconds): bytes of the files read so far and in all, seconds since the start.
        failed(str): one sentence about a source that cannot be read.
        finished(): everything was read, or reading was cancelled.
        turned(object): the ``Source`` whose file is in another condition than before.
        followed(): the state of what is followed may have changed.
        paused(bool): nothing more is shown, whatever comes; or all is again.
    """

    opening = Signal(list)
    refused = Signal(str)
    opened = Signal(object)
    rows_added = Signal(object)
    progressed = Signal(object, object, float)
    failed = Signal(str)
    finished = Signal()
    turned = Signal(object)
    followed = Signal()
    paused = Signal(bool)
    _kept = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.capture = Capture()
        self.names: list[str] = []
        self.cache: Cache | None = None
        """Where what was read is kept, so that it opens at once again."""
        self.follows = False
        """True where files are followed once they have been read."""
        self.order_of: OrderOf | None = None
        """What is to be received from a URL; None where live sources are not opened here."""
        self.live = Live(self)
        self.is_paused = False
        self._keeper = Keeper()
        self._kept.connect(self._remap)
        self._intake: Intake | None = None
        self._following: Following | None = None
        self._begun = 0.0
        self._told = 0.0
        self._untold = Change()
        """Rows that nobody was told of yet."""
        self._rows_told = 0.0
        self._followed_at = 0.0
        self._has_news = False
        self._asked: list[str] = []
        self._more: list[str] = []
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self._drain)
        self._opener = Worker("opener", self)
        self._opener.answered.connect(self._begin)
        self._opener.failed.connect(lambda: self._refuse(tr("This could not be opened; the log says why.")))

    @property
    def loading(self) -> bool:
        """True while a child process reads, or what is to be read is being looked at."""
        return self._intake is not None or self._opener.busy

    @property
    def following(self) -> Following | None:
        """What follows the files; None while they are read or not followed."""
        return self._following

    def open(self, names: Sequence[str]) -> None:
        """Replace the capture by these sources, once they have been found; ``opened`` or ``refused`` follows.

        The newest request counts: one that is not answered yet is forgotten.
        """
        self._more, self._asked = [], list(names)
        self._submit(list(names), is_more=False)

    def add(self, url: str) -> None:
        """Open a live source beside what is open; ``refused`` follows, or ``followed``."""
        if not self._more and (self._opener.busy or not self.names):
            self.open([*(self._asked if self._opener.busy else ()), url])
            return
        # Those that are not answered yet are asked for once more: only the newest request is answered.
        self._more.append(url)
        self._submit(list(self._more), is_more=True)

    def _submit(self, names: list[str], *, is_more: bool) -> None:
        cache, order_of = self.cache, self.order_of if self.follows else None
        self._opener.submit(lambda: _look_at(names, cache, order_of, is_more))
        self.opening.emit(names)

    @property
    def is_open(self) -> bool:
        """True where something is open, even if it has brought nothing yet."""
        return bool(self.capture.sources) or bool(self.live)

    def pause(self, on: bool) -> None:
        """Show nothing more of what comes, or go on; receiving goes on all the same."""
        if on != self.is_paused:
            self.is_paused = on
            self.paused.emit(on)

    def _refuse(self, reason: str) -> None:
        self.refused.emit(reason)
        if self._intake is None:
            self.finished.emit()

    def _begin(self, request: _Request) -> None:
        if request.refusal:
            self._more = []
            self._refuse(request.refusal)
            return
        if request.is_more:
            self._add(request)
            return
        self._stop()
        self.capture = Capture()
        self.names = request.names
        for file in request.files:
            self.capture.add(file)
        self.live.start(self.capture, request.live)
        self.opened.emit(self.capture)
        self._begun = time.monotonic()
        try:
            self._intake = Intake(request.plan)
        except OSError as error:
            reason = tr("The process that reads files could not be started: {error}.", error=error)
            self.capture.fail_unfinished(reason)
            self._refuse(reason)
            return
        self._timer.start(_INTERVAL_MS)

    def _add(self, request: _Request) -> None:
        self._more = []
        for order in request.live:
            if order.url not in self.live.urls:
                self.names = [*self.names, order.url]
                self.live.add(order)
        if self._intake is None and self._following is None:
            self._follow()
        elif self._following is not None:
            self._timer.start(_INTERVAL_MS)
        self.followed.emit()

    def cancel(self) -> None:
        """Stop reading, or looking for what is to be read; the rows that are there stay."""
        if not self.loading:
            return
        self._opener.forget()
        self._more = []
        if self._intake is not None:
            self._tell_rows()
            self._stop()
            self.capture.fail_unfinished(tr("Reading was cancelled."))
        self.finished.emit()

    def forget(self) -> None:
        """Close the capture: an empty one takes its place."""
        self._opener.forget()
        self._more = []
        self._stop()
        self.capture = Capture()
        self.names = []
        self.opened.emit(self.capture)

    def close(self) -> None:
        """Stop reading, and writing the index, without a word."""
        self._opener.close(_PATIENCE_S)
        self._stop()
        self._keeper.close()

    def _stop(self) -> None:
        """End everything that brings rows."""
        self._stop_reading()
        self._untold, self._rows_told = Change(), 0.0
        self.live.stop()
        self.pause(False)

    def _stop_reading(self) -> None:
        self._timer.stop()
        for each in (self._intake, self._following):
            if each is not None:
                each.close()
        self._intake = self._following = None

    def _drain(self) -> None:
        until = time.monotonic() + _BUDGET_S
        self.live.poll()
        holds = self.is_paused and self._intake is None
        if (
            self._intake is None
            and self._following is None
            and time.monotonic() > self._followed_at + _SOON_S
        ):
            self._follow()
        if self._following is not None and not holds:
            self.live.ask(self._following)
        while self._timer.isActive() and not holds and time.monotonic() < until:
            try:
                if not self._take_next():
                    return
            except queue.Empty:
                break
        if self._intake is not None:
            if time.monotonic() >= self._rows_told + _ROWS_S:
                self._tell_rows()
            self._tell_progress()
        if self._has_news:
            self._has_news = False
            self.followed.emit()

    def _take_next(self) -> bool:
        """Take in a message. False where there will not be another one.

        Raises:
            queue.Empty: nothing has come.
        """
        if self._intake is not None:
            message = self._intake.next()
            if message is None:
                self._ended()
                return False
            self._tell(message, self.capture.apply(message))
        elif self._following is not None:
            told = self._following.next()
            if told is None:
                self._lose_following()
                return False
            self._tell(told, self._following.apply(told))
            if isinstance(told, Arrived):
                self.live.showed(told.source, told.batch)
            self._has_news = True
        else:
            return False  # live sources alone go on
        return True

    def _lose_following(self) -> None:
        """The child that follows is gone: where something is live, another one takes its place soon."""
        assert self._following is not None
        self._following.close()
        self._following = None
        if not self.live:
            self._timer.stop()
            self.failed.emit(tr("The process that follows the files ended unexpectedly; reload to go on."))

    def _tell(self, message: Message | LookedUp, change: Change) -> None:
        if isinstance(message, Finished) and message.failure:
            self.failed.emit(message.failure)
        if change.taken_back:
            self._tell_rows()
            self._untold = change
        else:
            self._untold = self._untold.then(change)
        if self._intake is None:
            self._tell_rows()
        if isinstance(message, Turned):
            self.turned.emit(self.capture.sources[message.source])

    def _tell_rows(self) -> None:
        change, self._untold = self._untold, Change()
        if change != Change():
            self._rows_told = time.monotonic()
            self.rows_added.emit(change)

    def _tell_progress(self) -> None:
        now = time.monotonic()
        if now - self._told >= _PROGRESS_S:
            self._told = now
            done, total = self.capture.progress
            self.progressed.emit(done, total, now - self._begun)

    def _ended(self) -> None:
        died = not self.capture.finished
        self._tell_rows()
        self._stop_reading()
        if died:
            reason = tr("The process that reads files ended unexpectedly; what it had read is shown.")
            self.capture.fail_unfinished(reason)
            self.failed.emit(reason)
        else:
            if self.cache is not None:
                self._keeper.keep(self.cache, self.capture, self._kept.emit)
            self._follow()
        self.finished.emit()

    def _remap(self, capture: Capture, block: Block) -> None:
        """Give memory back: what was read is in the index cache now, and is mapped from there."""
        remap(capture.columns, block)

    def _follow(self) -> None:
        """Look after the files from now on."""
        if not self.follows:
            return
        try:
            self._following = self.live.follow_again() if self.live else Following(self.capture)
        except OSError as error:
            self.failed.emit(
                tr(
                    "The files cannot be followed: the process for it could not be started: {error}.",
                    error=error,
                )
            )
            return
        self._followed_at = time.monotonic()
        self._timer.start(_INTERVAL_MS if self.live else _FOLLOW_INTERVAL_MS)
