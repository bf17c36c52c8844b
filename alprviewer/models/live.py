"""Live sources for the window: their child processes, and how each of them is."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal

from alprviewer.capture.capture import Capture
from alprviewer.capture.following import Following
from alprviewer.capture.receiving import Durable, Order, Receiving
from alprviewer.capture.spooled import Spooled
from alprviewer.capture.standing import Backlog, Rhythm, Standing, shown_url, state_of
from alprviewer.core.batch import Batch
from alprviewer.core.masking import mask_passwords
from alprviewer.core.states import absent
from alprviewer.sources.spool.files import stamp

_CHANGED_MS = 250
"""Milliseconds between two words on how the sources are."""
_ASK_S, _LATEST_S = 0.1, 0.5
"""Seconds between two requests to read: each makes the tables grow, which takes the window a while."""
_SHARE = 4.0
"""Times as long as the window was busy since a request, the next one waits, but no longer than said above."""


def pause_after(busy: float) -> float:
    """Seconds between a request and the next one, from those that the window was busy meanwhile."""
    return min(max(_SHARE * busy, _ASK_S), _LATEST_S)


@dataclass
class _Source:
    receiving: Receiving
    rhythm: Rhythm
    backlog: Backlog = field(default_factory=Backlog)
    lag: float | None = None


class Live(QObject):
    """The live sources of a capture.

    Signals:
        changed(): how a source is may have changed; some times a second while there are any.
        remarked(str, bool): a sentence about a source, and whether it cannot go on.
        begun(str): a source has begun another spool file, in this folder.
    """

    changed = Signal()
    remarked = Signal(str, bool)
    begun = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.silent_after_s = 60.0
        self._sources: dict[str, _Source] = {}
        self._spooled = Spooled(Capture())
        self._asked_at = self._busy_at = 0.0
        self._timer = QTimer(self, interval=_CHANGED_MS)
        self._timer.timeout.connect(self.changed)

    def __bool__(self) -> bool:
        return bool(self._sources)

    @property
    def urls(self) -> list[str]:
        """The sources, as they were named."""
        return list(self._sources)

    def start(self, capture: Capture, orders: Iterable[Order]) -> None:
        """Receive from these, for a new capture."""
        self.stop()
        self._spooled = Spooled(capture)
        for order in orders:
            self.add(order)

    def add(self, order: Order) -> None:
        """Receive from one more source. ``since`` of the order is set here."""
        if order.url in self._sources:
            return
        order = order._replace(since=stamp(datetime.now(UTC)))
        self._sources[order.url] = _Source(Receiving(order), Rhythm(time.monotonic()))
        self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        """End all of them; what waits is made durable."""
        self._timer.stop()
        for source in self._sources.values():
            source.receiving.end_soon()
        for source in self._sources.values():
            source.receiving.close()
        had_any, self._sources = bool(self._sources), {}
        if had_any:
            self.changed.emit()

    def poll(self) -> None:
        """Take what the children have said; never waits."""
        for url, source in self._sources.items():
            durable, remarks = source.receiving.poll()
            for each in durable:
                self._take(url, each)
            source.rhythm.add(time.monotonic(), source.receiving.counters.values)
            for remark in remarks:
                self.remarked.emit(mask_passwords(remark.text), remark.is_refusal)

    def _take(self, url: str, durable: Durable) -> None:
        if self._spooled.tell(url, durable):
            self.begun.emit(self._sources[url].receiving.order.folder)

    def ask(self, following: Following) -> None:
        """Have read what has become durable; what comes in quick succession, together."""
        now, busy = time.monotonic(), time.thread_time()
        if now - self._asked_at >= pause_after(busy - self._busy_at) and self._spooled.ask(following):
            self._asked_at, self._busy_at = now, busy

    def follow_again(self) -> Following:
        """What follows the files in place of a child that is gone; nothing is read twice."""
        following = Following(self._spooled.capture, self._spooled.restart())
        following.get_ready()
        return following

    def showed(self, number: int, batch: Batch) -> None:
        """Rows of a source of the capture are shown: how far are they behind the present?"""
        source = self._sources.get(self._spooled.url_of(number))
        if source is not None and len(batch.frames):
            times = batch.frames["epoch_time"]
            times = times[times > absent("i8") + 1]
            if len(times):
                source.lag = time.time() - int(times.max()) / 1000

    def standings(self) -> list[Standing]:
        """How each source is."""
        return [self._standing(url, source) for url, source in self._sources.items()]

    def _standing(self, url: str, source: _Source) -> Standing:
        now, ticks, receiving = time.time(), time.monotonic(), source.receiving
        counters = receiving.counters
        state, since = state_of(receiving, now, self.silent_after_s)
        return Standing(
            shown_url(receiving),
            state,
            replace(counters),
            since,
            max(receiving.retry_at - now, 0.0) if receiving.retry_at else 0.0,
            source.rhythm.rate(ticks),
            source.lag,
            source.backlog.values(counters, self._spooled.unread(url)),
            mask_passwords(receiving.last_error),
            tuple(self._spooled.cameras(url)),
            source.rhythm.beats(ticks),
        )

    def waiting(self) -> int:
        """Values that are kept and not shown yet, of all sources."""
        return sum(standing.waiting for standing in self.standings())
