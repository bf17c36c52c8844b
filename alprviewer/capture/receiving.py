"""The child process that receives from one live source, seen from the parent.

When it ends it is started again, with growing pauses. What it had acknowledged is in the spool: a new child
tells of the files that the one before wrote.
"""

from __future__ import annotations

import logging
import queue
import random
import time
from collections.abc import Callable

from alprviewer.capture.child import Child
from alprviewer.core.masking import mask_passwords
from alprviewer.language import tr
from alprviewer.sources.live.counters import Counters
from alprviewer.sources.live.limits import Backoff
from alprviewer.sources.live.order import Order
from alprviewer.sources.messages import Crashed, Durable, LiveMessage, Remark, Told

_log = logging.getLogger(__name__)

DIED = tr("The process that receives ended unexpectedly; what it had acknowledged is kept.")
_END_S = 5.0
"""Seconds that a child may take to make durable what waits."""
_FIRST_PAUSE_S = 0.25


class Receiving:
    """Receives from one source, whatever happens to the child.

    Args:
        order: what to receive; its ``since`` should be the time at which this began.
        now: seconds since 1970.
        chance: gives a number from 0 to 1.
    """

    def __init__(
        self,
        order: Order,
        now: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.order = order
        self.begun = now()
        self.deaths = 0
        """How often a child has ended without being asked."""
        self._now = now
        self._backoff = Backoff(chance, first=_FIRST_PAUSE_S)
        self._counters, self._before = Counters(), Counters()
        self._failure = self._refusal = ""
        self._retry_at = 0.0
        self._child: Child | None = None
        self._start()

    @property
    def counters(self) -> Counters:
        """What was counted by all children together, and how the source is."""
        return self._counters.behind(self._before)

    @property
    def is_running(self) -> bool:
        """True while there is a child."""
        return self._child is not None

    @property
    def retry_at(self) -> float:
        """When it is tried again, seconds since 1970; 0 while nothing waits for that."""
        return self._retry_at or self._counters.retry_at

    @property
    def last_error(self) -> str:
        """One sentence; empty where nothing has gone wrong."""
        return self._failure or self._counters.last_error

    def _start(self) -> None:
        self._retry_at = 0.0
        try:
            self._child = Child("receiver", self.order.words(), open_input=True)
        except OSError as error:
            self._lose(tr("The process that receives could not be started: {reason}.", reason=error))

    def _lose(self, reason: str) -> None:
        self._before, self._counters = self.counters, Counters()
        self._failure = reason
        self._retry_at = self._now() + self._backoff.pause()

    def poll(self) -> tuple[list[Durable], list[Remark]]:
        """Take what the child has said, and start another one where it is time. Never waits.

        Returns:
            What has become durable, and sentences for a person.
        """
        durable: list[Durable] = []
        remarks: list[Remark] = []
        if self._child is None and self._now() >= self._retry_at:
            self._start()
        while self._child is not None:
            try:
                message: LiveMessage | None = self._child.messages.get_nowait()
            except queue.Empty:
                break
            if message is None:
                self._end(remarks)
            elif isinstance(message, Durable):
                durable.append(message)
            elif isinstance(message, Told):
                self._take(message.counters)
            elif isinstance(message, Remark):
                if message.is_refusal:
                    self._refusal = message.text
                remarks.append(message)
            elif isinstance(message, Crashed):
                _log.error(
                    "The process that receives from %s failed.\n%s",
                    mask_passwords(self.order.url),
                    message.trace,
                )
        return durable, remarks

    def _take(self, counters: Counters) -> None:
        self._counters = counters
        if counters.state != "starting":
            self._failure = ""
        if counters.values:
            self._backoff.worked()

    def _end(self, remarks: list[Remark]) -> None:
        """The child has ended: it said why, or it did not."""
        assert self._child is not None
        self._child.join()
        self._child = None
        self.deaths += 1
        if not self._refusal:
            remarks.append(Remark(DIED, is_refusal=True))
        self._lose(self._refusal or DIED)
        self._refusal = ""

    def close(self) -> None:
        """End the child as ``record`` ends: what waits is made durable."""
        if self._child is not None:
            self._child.finish(_END_S)
            self._child = None

    def end_soon(self) -> None:
        """Have the child begin to end; for whoever closes several."""
        if self._child is not None:
            self._child.end_input()


__all__ = ["DIED", "Durable", "Order", "Receiving", "Remark"]
