"""Tries a live source in a child process before it is connected to."""

from __future__ import annotations

import queue

from PySide6.QtCore import QObject, QTimer, Signal

from alprviewer.capture.child import Child
from alprviewer.capture.receiving import Order, Remark
from alprviewer.core.masking import mask_passwords
from alprviewer.language import tr

_INTERVAL_MS = 50


class Prober(QObject):
    """Tries one order at a time; the newest counts.

    Signals:
        answered(bool, str): whether it would work, and one sentence.
    """

    answered = Signal(bool, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._child: Child | None = None
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """True until the answer is there."""
        return self._child is not None

    def start(self, order: Order) -> None:
        """Try what the order names; nothing is received."""
        self.stop()
        try:
            self._child = Child("receiver", order._replace(is_probe=True).words())
        except OSError as error:
            self.answered.emit(False, tr("It could not be tried: {error}.", error=error))
            return
        self._timer.start()

    def stop(self) -> None:
        """Forget about it."""
        self._timer.stop()
        if self._child is not None:
            self._child.stop()
            self._child.join()
            self._child = None

    def _look(self) -> None:
        assert self._child is not None
        try:
            message = self._child.messages.get_nowait()
        except queue.Empty:
            return
        self.stop()
        if isinstance(message, Remark):
            self.answered.emit(not message.is_refusal, mask_passwords(message.text))
        else:
            self.answered.emit(False, tr("It could not be tried; the log says why."))
