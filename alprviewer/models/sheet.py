"""The reads of a pass as a list, in an order that the user chooses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from rapidfuzz.distance import Levenshtein

from alprviewer.core.plates import display_text, normal_form
from alprviewer.language import tr
from alprviewer.models.passshown import NO_PASS_SHOWN, PassRead, PassShown

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
ORDERS = {"time": tr("Time"), "confidence": tr("Confidence"), "disagreement": tr("Disagreement")}
"""Orders of the reads, and their names for people."""


def disagreement(shown: PassShown, read: PassRead) -> int:
    """How many characters a read has otherwise than its pass: insertions, deletions, substitutions."""
    return Levenshtein.distance(normal_form(read.plate), normal_form(shown.plate))


_KEYS: dict[str, Callable[[PassShown, PassRead], tuple[float, ...]]] = {
    "time": lambda _, read: (read.time, read.row),
    "confidence": lambda _, read: (-(read.confidence if read.confidence is not None else -1), read.row),
    "disagreement": lambda shown, read: (-disagreement(shown, read), read.time, read.row),
}


def _confidence_words(read: PassRead) -> str:
    if read.confidence is None:
        return tr("no confidence")
    return tr("{confidence:.1f} percent", confidence=read.confidence)


class SheetModel(QAbstractListModel):
    """Shows a pass; the surest, or the most different, first where that order is chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown = NO_PASS_SHOWN
        self.order = "time"
        self.reads: tuple[PassRead, ...] = ()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Reads."""
        return 0 if parent.isValid() else len(self.reads)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """The plate and its confidence, in words for assistive technology."""
        if not index.isValid():
            return None
        read = self.reads[index.row()]
        plate = display_text(read.plate, 24) if read.plate else "—"
        if role == _DISPLAY:
            return plate if read.confidence is None else f"{plate} {read.confidence:.1f}"
        if role == _ACCESSIBLE:
            place = tr("Read {number} of {count}", number=index.row() + 1, count=len(self.reads))
            certain = _confidence_words(read)
            agrees = tr("as the pass") if self.shown.agrees(read) else tr("differs from the pass")
            return f"{place}, {plate}, {certain}, {agrees}"
        return None

    def show(self, shown: PassShown) -> bool:
        """Show a pass. False where only another of its reads is selected."""
        before, self.shown = self.shown, shown
        if before.reads == shown.reads and before.plate == shown.plate:
            return False
        self._arrange()
        return True

    def set_order(self, order: str) -> None:
        """Another order: a key of ``ORDERS``."""
        self.order = order
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        key, shown = _KEYS[self.order], self.shown
        self.reads = tuple(sorted(shown.reads, key=lambda read: key(shown, read)))
        self.endResetModel()

    def place_of(self, row: int | None) -> int | None:
        """Where a read of the store stands; None where it is not among these."""
        return next((place for place, read in enumerate(self.reads) if read.row == row), None)
