"""Quiet sentences between the fields of a dialog."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel

from alprviewer.views.looks import MUTED, take_given_width


class Note(QLabel):
    """A sentence that wraps into the width there is, and takes the height that it needs there.

    A label asks for room as if it stood in half or a quarter of the width, which leaves a gap around it.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        take_given_width(self)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setForegroundRole(MUTED)
        self.setText(text)

    def sizeHint(self) -> QSize:
        """One line; more come with the width."""
        return QSize(0, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()


def note(name: str) -> Note:
    """An empty sentence; ``name`` is what it is about."""
    label = Note()
    label.setAccessibleName(name)
    return label
