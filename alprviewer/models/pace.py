"""How often something is done again while reasons for it keep coming."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

_RESTS = 2.0
"""Pauses after which whoever is asked again counts as rested."""


class Pace(QObject):
    """Has something done at once where that has not been for a while, else after a pause.

    While it is asked for again and again, each pause is twice as long as the one before: who looks at one
    change sees it at once, and while rows pour in the window has time for its user. A pause is never shorter
    than a multiple of what the thing itself takes.

    Args:
        shortest, longest: seconds of the first pause, and of the last.
        times: of the seconds it took, at least so many are paused.
        now: seconds, of a clock that goes forward.

    Signals:
        due(): it is to be done now.
    """

    due = Signal()

    def __init__(
        self,
        shortest: float,
        longest: float,
        times: float = 0.0,
        parent: QObject | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._shortest, self._longest, self._times = shortest, longest, times
        self._now = now
        self._pause = shortest
        self._done_at = self._ends = -math.inf
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.due)

    @property
    def waits(self) -> bool:
        """True while it has been asked for and is not due."""
        return self._timer.isActive()

    def ask(self) -> None:
        """Have it done: ``due`` comes at once, or when the pause is over."""
        if self.waits:
            return
        left = self._ends - self._now()
        if left <= 0:
            self.due.emit()
        else:
            self._timer.start(math.ceil(1000 * left))

    def done(self, seconds: float = 0.0) -> None:
        """It was done, and took so long: the pause begins."""
        self._timer.stop()
        now = self._now()
        is_rested = now - self._done_at > _RESTS * self._pause
        self._pause = self._shortest if is_rested else min(2 * self._pause, self._longest)
        self._done_at, self._ends = now, now + max(self._pause, self._times * seconds)

    def forget(self) -> None:
        """Nobody asks any more, and whoever does next need not wait."""
        self._timer.stop()
        self._pause, self._done_at, self._ends = self._shortest, -math.inf, -math.inf
