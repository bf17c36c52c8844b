"""Review mode: one item after the other, what is said of it, and what was said last. Pages observe it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.core.decision import VERDICTS, Act, Gold, Scope
from alprviewer.core.passes import PassRules
from alprviewer.core.standing import Placed
from alprviewer.language import tr
from alprviewer.models.decided import Decided
from alprviewer.models.journaling import Journaling, Located, Saying
from alprviewer.models.passshown import PassShown
from alprviewer.models.reviewhistory import Done, History
from alprviewer.models.reviewitems import Item, Items
from alprviewer.models.reviewpictures import AHEAD, Pictures
from alprviewer.models.reviewqueue import Checking, Queue, undecided
from alprviewer.models.reviewsearch import Found, ReviewSearch
from alprviewer.models.reviewsight import Sight, camera_of, completed
from alprviewer.models.shown import Shown

_NEWS_MS = 100
"""Between what the journal says and telling the tables: many entries come together."""
_GROWN_MS = 1000
"""Between rows that come and looking for what the journal says of them."""
_BUG = tr("There is nothing to review, by a fault of alprviewer; the log has it.")
_BREATH_MS = 30
"""Between showing an item and reading ahead: about as long as painting takes."""


class Review(QObject):
    """Everything that review mode knows and does.

    Attributes:
        queue_name: the queue that was chosen.
        scope: what verdicts are about where an item has several reads.
        blind: True if the machine's text is hidden until one's own was typed.
        checking: how reviewers are checked with items whose answer is known.

    Signals:
        changed(Sight): another item, or the same one anew.
        counted(): counts, the rate, or the last decisions are others now.
        decided(): the journal says something new of reads of this capture.
        said(str, str): a sentence for the user; the first text is ``info`` or ``error``.
        checked(object): how an answer that was saved compares with the known one, a ``Compared``.
    """

    changed = Signal(object)
    counted = Signal()
    decided_changed = Signal()
    said = Signal(str, str)
    checked = Signal(object)

    def __init__(
        self,
        journaling: Journaling,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.sight = Sight(empty=tr("Nothing is open."))
        self.journaling = journaling
        self.decided = Decided()
        self.history = History(clock)
        self.queue: Queue | None = None
        self.active = False
        self._clock = clock
        self._capture = Capture()
        self._items: Items | None = None
        self.queue_name = "all"
        self._start: int | None = None
        self.scope, self.blind = Scope.PASS, False
        self.checking = Checking()
        self._answered = 0
        """Reads with known answers when the queue was made anew for them."""
        self._wanted: tuple[int, int] | None = None
        """Place and read that will be shown once they were read; None where nothing is awaited."""
        self._shown_at = clock()
        self.search = ReviewSearch(self)
        self.search.found.connect(self._begin)
        self.search.ranked.connect(self._take_ranked)
        self.search.failed.connect(lambda: self._show(Sight(empty=_BUG)))
        self._ranked: list[tuple[int, tuple[str, ...]]] = []
        self.pictures = Pictures(self)
        self._ahead = QTimer(self, singleShot=True, interval=_BREATH_MS)
        self._ahead.timeout.connect(self._go_on_reading)
        self.pictures.came.connect(self._show_wanted)
        self._told = QTimer(self, singleShot=True, interval=_NEWS_MS)
        self._told.timeout.connect(self._tell)
        self._grown = QTimer(self, singleShot=True, interval=_GROWN_MS)
        self._grown.timeout.connect(journaling.locate)
        journaling.came.connect(self._take_entries)
        journaling.located.connect(self._take_places)
        journaling.saved.connect(self._take_saved)
        journaling.refused.connect(self._take_refused)

    # --- what there is to review ------------------------------------------------------------------

    def set_capture(self, capture: Capture) -> None:
        """Another capture."""
        self.leave()
        self._capture = capture
        self.pictures.set_ground(capture, None)
        self.queue = self._items = None
        self._answered = 0
        self.history.clear()
        self.decided.set_capture(capture)
        self.journaling.set_capture(capture)
        if capture.sources and self.journaling.exists:
            self.journaling.open()
        self._show(Sight(empty=tr("Nothing is open.")))

    def enter(self, rows: Array | None, read: int | None, rules: PassRules) -> None:
        """Begin, or go on with other rows.

        Args:
            rows: of the reads whose passes are reviewed; None for all.
            read: the one that is shown first, if it is among them.
            rules: when two reads are of one vehicle.
        """
        self.active = True
        self._start = read
        self._show(Sight(empty=tr("Looking for passes …")))
        self.search.begin(self._capture, rows, rules)

    def leave(self) -> None:
        """Back to browsing; the place in the queue is kept in the selection of the tables."""
        self.active = False
        self.search.forget()
        self._ahead.stop()
        self.pictures.forget()
        self._wanted = None

    def _begin(self, found: Found) -> None:
        if found.capture is self._capture:
            self._items, self._ranked = found.items, []
            self.pictures.set_ground(self._capture, found.passes)
            self.choose_queue(self.queue_name)

    def _take_ranked(self, ranked: list[tuple[int, tuple[str, ...]]]) -> None:
        self._ranked = ranked
        if self.queue_name == "triage":
            self.choose_queue("triage")

    def choose_queue(self, name: str) -> None:
        """Review another queue, from the item that is shown if it is in it."""
        self.queue_name = name
        if self._items is None:
            return
        read = self._start if self._start is not None else self.sight.read
        self._start = None
        reviewer = self.journaling.reviewer
        queue = self.queue = Queue(name, self._items, self.decided, reviewer, self._ranked, self.checking)
        if not len(queue):
            is_coming = name == "triage" and self.search.is_ranking
            what = tr("This queue is empty.") if len(self._items) else tr("There are no reads to review.")
            what = tr("Looking for what is worth a decision …") if is_coming else what
            self._show(Sight(scope=self.scope, empty=what))
        else:
            at = queue.at(read) if read is not None else None
            if at is None:
                at = 0 if queue.is_open(0) else (queue.next_open(0) or 0)
            self._go(at, read if read in queue.item(at).rows else None)
        self.counted.emit()

    def _mix_again(self) -> None:
        """Answers may become known after the queue was made; once reviewing has begun it stays as it is."""
        mixes = self.queue is not None and self.queue.spec.checks and self.checking.share > 0
        if mixes and self.active and not self.history.session:
            before, self._answered = self._answered, len(self.decided.answered)
            if self._answered != before:
                self.choose_queue(self.queue_name)

    # --- moving -----------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """The next item, or the one before."""
        if self.queue is not None and 0 <= self._at + by < len(self.queue):
            self._go(self._at + by)

    def step_open(self, by: int) -> None:
        """The next item that is still to be decided, or the one before."""
        found = self.queue.next_open(self._at, by) if self.queue is not None else None
        if found is not None:
            self._go(found)
        else:
            self.said.emit("info", tr("Everything in this queue is decided."))

    def step_read(self, by: int) -> None:
        """The next read inside the item, or the one before."""
        item, read = self.sight.item, self.sight.read
        if item is not None and read in item.rows:
            place = item.rows.index(read) + by
            if 0 <= place < len(item.rows):
                self.show_read(item.rows[place])

    def show_read(self, row: int) -> None:
        """Show the crop of another read of the item."""
        if self.sight.item is not None and row in self.sight.item.rows:
            self._go(self._at, row)

    @property
    def _at(self) -> int:
        return self._wanted[0] if self._wanted is not None else self.sight.at

    def _go(self, at: int, read: int | None = None) -> None:
        queue = self.queue
        assert queue is not None
        item = queue.item(at)
        row = item.best if read is None else read
        self._wanted = (at, row)
        if self._show_wanted():
            # It was there: what is read ahead must not take the interpreter's turns from its painting.
            self._ahead.start()
        else:
            self._read_ahead(at, row)

    def _go_on_reading(self) -> None:
        sight = self.sight
        if self._wanted is None and sight.item is not None and sight.read is not None:
            self._read_ahead(sight.at, sight.read)

    def _read_ahead(self, at: int, row: int) -> None:
        """Read what is awaited, then what may be next."""
        assert self.queue is not None
        self.pictures.want(self.queue.around(at, row, AHEAD))

    def _show_wanted(self) -> bool:
        """Show what is awaited, if it is there by now."""
        if self._wanted is None or self.queue is None:
            return False
        at, row = self._wanted
        item = self.queue.item(at)
        kept = self.pictures.get(item, row)
        if kept is None:
            return False
        shown, facts = kept
        self._wanted = None
        before = self.sight.item
        if before is None or before.best != item.best:
            self._shown_at = self._clock()
        self._show(self._sight(at, item, row, shown, facts))
        return True

    def _sight(self, at: int, item: Item, row: int, shown: Shown, facts: PassShown) -> Sight:
        assert self.queue is not None
        scope = self.scope if len(item.rows) > 1 else Scope.READ
        masked = self.blind and not self.history.has_decided(item)
        standing = self.decided.of_pass(item.rows) if scope is Scope.PASS else self.decided.read(row)
        if masked or item.is_check or self.queue.keeps_to_itself(standing):
            standing = undecided(standing)
        camera = camera_of(shown, self._capture.camera_names)
        place = Sight(item, at, len(self.queue), row, shown, facts, camera, scope=scope, masked=masked)
        return completed(place, standing, answers=self.queue.spec.settles)

    def _show(self, sight: Sight) -> None:
        self.sight = sight
        self.changed.emit(sight)

    def look_again(self) -> None:
        """Something other than the item has changed: the scope, what the journal says."""
        sight, queue = self.sight, self.queue
        if queue is not None and self._wanted is None and sight.item is not None and sight.read is not None:
            self._show(self._sight(sight.at, queue.item(sight.at), sight.read, sight.shown, sight.facts))

    @property
    def busy(self) -> bool:
        """True while what is to be shown is looked for. Items ahead are not waited for."""
        return self.search.is_finding or self._wanted is not None

    @property
    def is_reading_ahead(self) -> bool:
        """True while something is read that may be next."""
        return self._ahead.isActive() or self.pictures.busy

    def set_blind(self, on: bool) -> None:
        """Hide the machine's text, or show it."""
        self.blind = on
        self.look_again()

    def toggle_scope(self) -> None:
        """Verdicts about the whole pass, or about the read that is shown."""
        self.scope = Scope.READ if self.scope is Scope.PASS else Scope.PASS
        self.look_again()

    def say(self, act: Act, sight: Sight, rows: tuple[int, ...], more: dict[str, Any]) -> None:
        """Something is said of what is on the screen; a verdict leads on to what is still to be decided."""
        done = self.history.begin(act, sight, rows, more)
        self.journaling.say(done.saying)
        self._refresh(rows)
        if act in VERDICTS and more.get("gold") is not Gold.MARKED:
            self._advance(sight)
        else:
            self.look_again()

    def _advance(self, sight: Sight) -> None:
        """To what is still to be decided: with single reads the next one of the item first."""
        queue, item = self.queue, sight.item
        assert queue is not None
        assert item is not None
        if sight.scope is Scope.READ and sight.read in item.rows[:-1]:
            later = item.rows[item.rows.index(sight.read) + 1 :]
            left = [
                row
                for row in later
                if not self.decided.read(row).verdicts and not self.history.covers((row,), self.decided)
            ]
            if left:
                self._go(sight.at, left[0])
                return
        if queue.next_open(sight.at) is None:
            self.look_again()
        self.step_open(1)

    def turn(self, done: Done | None, saying: Saying | None) -> None:
        """Something was taken back or said again: write that, and return to what it was about."""
        if saying is not None:
            self.journaling.say(saying)
        if done is not None:
            self._refresh(done.rows)
            at = self.queue.at(done.read) if self.queue is not None else None
            if at is None:
                self.look_again()
            else:
                self._go(at, done.read)

    @property
    def seconds(self) -> float:
        """How long the item has been on the screen."""
        return max(self._clock() - self._shown_at, 0.0)

    # --- what the journal tells -------------------------------------------------------------------

    def _take_entries(self, links: Sequence[Any]) -> None:
        self._news(self.decided.add(links))

    def _take_places(self, located: Located) -> None:
        if located.capture is self._capture:
            self._news(self.decided.locate(located.rows))

    def _news(self, rows: set[int]) -> None:
        if rows:
            self._told.start()
            self._refresh(rows)
            sight = self.sight
            if sight.item is not None and rows & set(sight.item.rows):
                self.look_again()

    def _tell(self) -> None:
        """Many entries may have come: what goes through all of them is done once."""
        self._mix_again()
        self.history.fill(self.decided, self.journaling.reviewer)
        self.counted.emit()
        self.decided_changed.emit()

    @property
    def is_telling(self) -> bool:
        """True while others are still to hear of what the journal said."""
        return self._told.isActive()

    def _take_saved(self, token: int, placed: Placed) -> None:
        rows = tuple(self.history.saved(token, placed))
        self._refresh(rows)
        compared = self.decided.compared(placed.entry, rows)
        if compared is not None and self.checking.tells:
            self.checked.emit(compared)

    def _take_refused(self, token: int, reason: str) -> None:
        self._refresh(self.history.refused(token))
        self.look_again()
        self.said.emit("error", tr("Not saved: {reason}", reason=reason))

    def _refresh(self, rows: Iterable[int]) -> None:
        queue = self.queue
        if queue is not None:
            queue.refresh(rows, lambda at: self.history.covers(queue.item(at).rows, self.decided))
        self.counted.emit()

    def add_rows(self) -> None:
        """Rows have come: the journal may speak of them."""
        if not self._grown.isActive():
            self._grown.start()

    def close(self) -> None:
        """End the threads; what was said is written first."""
        self.search.close()
        for timer in (self._ahead, self._told, self._grown):
            timer.stop()
        self.pictures.close()
        self.journaling.close()
