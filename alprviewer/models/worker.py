"""One thread that answers the newest request and forgets the ones before it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

_log = logging.getLogger(__name__)


class Worker(QObject):
    """Runs functions one at a time off the UI thread.

    A request replaces one that waits; an answer that is no longer the newest is dropped.

    Signals:
        answered(object): what the newest request's function returned; emitted in the UI thread.
        told(object): what it had to say before, by ``tell``.
        failed(): the newest request's function raised, which is a bug; it is in the log.
    """

    answered = Signal(object)
    told = Signal(object)
    failed = Signal()
    _done = Signal(int, object, bool)
    _early = Signal(int, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._condition = threading.Condition()
        self._request: tuple[int, Callable[[], Any]] | None = None
        self._newest = 0
        self._answered = 0
        self._working_on = 0
        self._closing = False
        self._thread: threading.Thread | None = None
        self._done.connect(self._deliver)
        self._early.connect(self._deliver_early)

    def submit(self, function: Callable[[], Any]) -> int:
        """Ask for an answer; the request's number is returned."""
        with self._condition:
            self._newest += 1
            self._request = (self._newest, function)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._condition.notify()
            return self._newest

    def forget(self) -> None:
        """Drop what waits and whatever is being worked on."""
        with self._condition:
            self._newest += 1
            self._answered = self._newest
            self._request = None

    @property
    def busy(self) -> bool:
        """True while the newest request has no answer yet."""
        return self._answered != self._newest

    def is_wanted(self) -> bool:
        """True while the request that is worked on is the newest. For the worker's own function alone."""
        return self._working_on == self._newest and not self._closing

    def tell(self, answer: Any) -> None:
        """Say something before the answer is complete. For the worker's own function alone."""
        self._early.emit(self._working_on, answer)

    def _run(self) -> None:
        while True:
            with self._condition:
                while self._request is None and not self._closing:
                    self._condition.wait()
                if self._closing:
                    return
                assert self._request is not None
                number, function = self._request
                self._request = None
                self._working_on = number
            try:
                answer = function()
            except Exception:  # noqa: BLE001
                # A bug in one request must not end the thread: the next row would stay empty for ever.
                _log.exception("A request of the %s thread failed.", self._name)
                self._done.emit(number, None, False)
                continue
            if not self._closing:
                self._done.emit(number, answer, True)

    def _deliver(self, number: int, answer: Any, succeeded: bool) -> None:
        if number != self._newest or self._closing:
            return
        self._answered = number
        if succeeded:
            self.answered.emit(answer)
        else:
            self.failed.emit()

    def _deliver_early(self, number: int, answer: Any) -> None:
        if number == self._newest and self.busy and not self._closing:
            self.told.emit(answer)

    def close(self, timeout: float | None = None) -> None:
        """End the thread and wait for it, but no longer than ``timeout`` seconds."""
        with self._condition:
            self._closing = True
            self._condition.notify()
        if self._thread is not None:
            self._thread.join(timeout)
