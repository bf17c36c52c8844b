"""Quiet sentences between the fields of a dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from alprviewer.views.looks import MUTED, take_given_width


def note(name: str) -> QLabel:
    """An empty sentence that wraps into the width there is; ``name`` is what it is about."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    take_given_width(label)
    policy = label.sizePolicy()
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    label.setForegroundRole(MUTED)
    label.setAccessibleName(name)
    return label
