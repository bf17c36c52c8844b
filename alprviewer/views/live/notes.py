"""Quiet sentences between the fields of a dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from alprviewer.views.looks import MUTED


def note(name: str) -> QLabel:
    """An empty sentence that wraps into the width there is; ``name`` is what it is about."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
    label.setForegroundRole(MUTED)
    label.setAccessibleName(name)
    label.setMinimumHeight(label.fontMetrics().height())
    return label
