"""The keyboard of the real window."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

PANES = ("table", "image", "candidates", "crop", "details", "json", "timeline", "overview", "sheet", "pass")
PANES_BY_NUMBER = [(number % 10, name) for number, name in enumerate(PANES, 1)]
NO_BUTTON, NO_KEY = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier


def table(window: Any, name: str = "reads") -> Any:
    """The table of rows by its name."""
    return window.browser.table(name)


def key(qtbot: Any, window: Any, *keys: Any) -> None:
    """Press a key where the keyboard is."""
    for each in keys:
        qtbot.keyClick(QApplication.focusWidget() or window, each)
