"""What other rules would do to the passes of a capture, computed while they are chosen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from alprviewer.capture.capture import Capture
from alprviewer.core.errors import Cancelled
from alprviewer.core.passchange import PassChange, change_of
from alprviewer.core.passes import PassRules
from alprviewer.models.worker import Worker
from alprviewer.store.passes import pass_reads


class PassPreview(QObject):
    """Compares the passes by the rules that hold with those by other ones; the newest rules win.

    Args:
        capture: its reads as they are now.
        rules: what holds.
        parent: of the object.

    Signals:
        changed(object): a ``PassChange``; None where there is none, or while it is computed (``busy``).
    """

    changed = Signal(object)

    def __init__(self, capture: Capture, rules: PassRules, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = capture.snapshot().columns
        self._rules = rules
        self._worker = Worker("preview passes", self)
        self._worker.answered.connect(self._take)

    @property
    def has_reads(self) -> bool:
        """True where there is anything that rules could change."""
        return len(self._columns.reads) > 0

    @property
    def busy(self) -> bool:
        """True while something is computed."""
        return self._worker.busy

    def ask(self, others: PassRules) -> None:
        """Compute what these rules would change."""
        columns, rules, worker = self._columns, self._rules, self._worker

        def work() -> PassChange | None:
            reads, _ = pass_reads(columns, len(columns.reads))
            try:
                return change_of(reads, rules, others, lambda: not worker.is_wanted())
            except Cancelled:
                return None

        if others == rules or not self.has_reads:
            worker.forget()
        else:
            worker.submit(work)
        self.changed.emit(None)

    def _take(self, change: PassChange | None) -> None:
        if change is not None:
            self.changed.emit(change)

    def close(self) -> None:
        """End the thread."""
        self._worker.close()
