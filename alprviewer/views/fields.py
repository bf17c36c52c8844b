"""What text fields have in common."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QToolButton

from alprviewer.language import tr


def make_clearable(edit: QLineEdit) -> None:
    """Give a field Qt's button that empties it, with the name that Qt does not give it."""
    before = set(edit.findChildren(QToolButton))
    edit.setClearButtonEnabled(True)
    for button in set(edit.findChildren(QToolButton)) - before:
        button.setAccessibleName(tr("Clear"))
