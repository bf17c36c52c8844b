"""Opening the palette with everything that the menus hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from alprviewer.views.palette import Palette, title_of

if TYPE_CHECKING:
    from alprviewer.app.window import Window

_WIDTH, _HEIGHT = 560, 420


def _entries(title: str, menu: QMenu) -> Iterator[tuple[str, QAction]]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            inner.aboutToShow.emit()  # menus that are filled when they are opened
            yield from _entries(f"{title}, {title_of(action)}", inner)
        elif not action.isSeparator():
            yield title, action


def open_palette(window: Window) -> Palette:
    """Show it at the top of the window."""
    found = [
        entry
        for menu in window.menus.menus.values()
        for entry in _entries(menu.title().replace("&", ""), menu)
        if entry[1] is not window.menus.actions["find_action"]
    ]
    palette = Palette(found, window)
    width = min(_WIDTH, window.width() - 40)
    palette.resize(width, min(_HEIGHT, window.height() - 120))
    palette.move(window.mapToGlobal(QPoint((window.width() - width) // 2, 64)))
    palette.show()
    palette.edit.setFocus()
    return palette
