"""Tabs whose titles run."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QTabWidget, QWidget


class Tabs(QTabWidget):
    """Tabs whose titles may be others several times a second.

    With each one Qt would lay all of it out and paint it anew, the tables too. But the bar is as wide as the
    window here, so only its height counts.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self._wanted = self._asked()

    def _asked(self) -> tuple[int, QSize]:
        return self.tabBar().sizeHint().height(), self.minimumSizeHint()

    def setTabText(self, place: int, text: str) -> None:
        """Show another title."""
        bar = self.tabBar()
        if bar.tabText(place) != text:
            bar.setTabText(place, text)  # the tab widget's own would lay all out at once

    def event(self, event: QEvent) -> bool:
        """A title is another one, or a page needs more room."""
        if event.type() == QEvent.Type.LayoutRequest:
            before, self._wanted = self._wanted, self._asked()
            if self._wanted == before and self.isVisible():
                return True
        return super().event(event)
