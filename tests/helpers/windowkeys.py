"""The keyboard of the real window."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

_PANES = ("table", "image", "candidates", "crop", "details", "json", "sheet", "pass")
PANES_BY_NUMBER = list(enumerate(_PANES, 1))
NO_BUTTON, NO_KEY = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier


def table(window: Any, name: str = "reads") -> Any:
    """The table of rows by its name."""
    return window.browser.table(name)


def key(qtbot: Any, window: Any, *keys: Any) -> None:
    """Press a key where the keyboard is."""
    for each in keys:
        qtbot.keyClick(QApplication.focusWidget() or window, each)
