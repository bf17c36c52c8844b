"""How well a window's thread keeps time, and when what was asked for is on the screen."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

INTERVAL_MS = 10


class Heartbeat(QObject):
    """A precise timer of 10 ms; the gaps between its beats tell how long the thread was busy otherwise.

    Where processors are shared, a gap is also the time of others: the thread's own is told, too.
    """

    def __init__(self, on_beat: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_beat = on_beat
        self._last, self._last_own = time.perf_counter(), time.thread_time()
        self._gaps: list[float] = []
        self._own: list[float] = []
        self._timer = QTimer(self, interval=INTERVAL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now, own = time.perf_counter(), time.thread_time()
        self._gaps.append((now - self._last) * 1000)
        self._own.append((own - self._last_own) * 1000)
        self._last, self._last_own = now, own
        self._on_beat()

    def begin(self) -> None:
        """Forget the gaps so far."""
        self._gaps, self._own = [], []

    def gaps(self) -> list[float]:
        """Milliseconds between the beats since ``begin``, the one that is running included."""
        return [*self._gaps, (time.perf_counter() - self._last) * 1000]

    def own(self) -> list[float]:
        """Milliseconds of the processor that the thread had between these beats."""
        return [*self._own, (time.thread_time() - self._last_own) * 1000]


class Paints(QObject):
    """Counts the paintings of some widgets; of a window it also tells when one is over.

    Signals:
        painted(): the window has drawn what was due.
    """

    painted = Signal()
    _OVER = QEvent.Type(QEvent.registerEventType())

    def __init__(self, window: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._counts: dict[QObject, int] = {}
        window.installEventFilter(self)

    def watch(self, widget: QWidget) -> None:
        """Count the paintings of a widget from now on."""
        self._counts[widget] = 0
        widget.installEventFilter(self)

    def count(self, widget: QWidget) -> int:
        """How often a widget was painted."""
        return self._counts[widget]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice; never keep an event from anybody."""
        if event.type() == QEvent.Type.UpdateRequest and watched is self._window:
            # This event is about to be handled; one that is posted now comes after it.
            QCoreApplication.postEvent(self, QEvent(self._OVER))
        elif event.type() == QEvent.Type.Paint and watched in self._counts:
            self._counts[watched] += 1
        return False

    def event(self, event: QEvent) -> bool:
        """What was due has been drawn."""
        if event.type() == self._OVER:
            self.painted.emit()
            return True
        return super().event(event)
