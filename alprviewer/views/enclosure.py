"""A place for a pane that keeps what its contents ask for from the rest of the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget


class Enclosure(QWidget):
    """Gives all its room to a pane.

    A label that gets another text asks for another place, and so does every layout around it: with each
    selected row the whole window was laid out and painted anew, which took longer than what had changed. Here
    that ends. How much room a pane needs at least is asked when the window is laid out.
    """

    def __init__(self, pane: QWidget) -> None:
        super().__init__()
        self._pane = pane
        pane.setParent(self)
        self.setSizePolicy(pane.sizePolicy())
        self._least = self.minimumSizeHint()
        pane.show()

    def event(self, event: QEvent) -> bool:
        """The pane asks to be laid out anew."""
        if event.type() == QEvent.Type.LayoutRequest:
            least = self.minimumSizeHint()
            if least != self._least:
                self._least = least
                self.updateGeometry()
            return True
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """The pane's; what was set for it counts more than what it would like."""
        wanted, told = self._pane.minimumSizeHint(), self._pane.minimumSize()
        return QSize(told.width() or wanted.width(), told.height() or wanted.height())

    def sizeHint(self) -> QSize:
        """The pane's."""
        return self._pane.sizeHint().expandedTo(self.minimumSizeHint())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pane has all the room."""
        super().resizeEvent(event)
        self._pane.setGeometry(self.rect())
