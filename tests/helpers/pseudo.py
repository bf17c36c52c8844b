"""The window in a language of its own, in which every translated message stands in brackets.

``python -m tests.helpers.pseudo FILE`` opens a file and prints, as JSON, what the window shows that is not in
brackets: texts that nobody could translate.
"""

from __future__ import annotations

import gettext
import json
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

OPEN, CLOSE = "⟦", "⟧"


class Pseudo(gettext.NullTranslations):
    """Puts every message into brackets; one that grew would be a third longer."""

    def gettext(self, message: str) -> str:
        """The message in brackets."""
        return f"{OPEN}{message}{CLOSE}"

    def pgettext(self, context: str, message: str) -> str:
        """The same, whatever the context."""
        del context
        return self.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form for a count, in brackets."""
        return self.gettext(one if count == 1 else many)


def speak_pseudo() -> None:
    """Before anything is imported that speaks."""
    from alprviewer import language

    language._catalogue = cache(Pseudo)


def texts_of(root: QObject) -> Iterator[tuple[str, str]]:
    """Where, and what is said there, of everything below an object that is not data."""
    from PySide6.QtCore import QObject, Qt
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import (
        QAbstractButton,
        QDockWidget,
        QGroupBox,
        QLabel,
        QLineEdit,
        QMenu,
        QTabBar,
        QTableView,
        QWidget,
    )

    for each in (root, *root.findChildren(QObject)):
        where = f"{type(each).__name__} {each.objectName()}".strip()
        said: list[Any] = []
        if isinstance(each, QAction):
            said += [each.text(), each.toolTip(), each.statusTip()]
        if isinstance(each, QWidget):
            said += [each.toolTip(), each.accessibleName(), each.accessibleDescription(), each.windowTitle()]
        if isinstance(each, QAbstractButton | QLabel):
            said.append(each.text())
        if isinstance(each, QGroupBox | QMenu):
            said.append(each.title())
        if isinstance(each, QLineEdit):
            said.append(each.placeholderText())
        if isinstance(each, QTabBar):
            said += [each.tabText(tab) for tab in range(each.count())]
            said += [each.tabToolTip(tab) for tab in range(each.count())]
        if isinstance(each, QDockWidget):
            said.append(each.windowTitle())
        if isinstance(each, QTableView) and each.model() is not None:
            model, across = each.model(), Qt.Orientation.Horizontal
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                said += [
                    model.headerData(column, across, role)
                    for column in range(each.horizontalHeader().count())
                ]
        for text in said:
            if isinstance(text, str) and text:
                yield where, text


def untranslated(root: QObject) -> list[str]:
    """What has letters and is not in brackets."""
    found = set()
    for where, text in texts_of(root):
        if any(character.isalpha() for character in text) and OPEN not in text:
            found.add(f"{where}: {text}")
    return sorted(found)


def main(names: list[str]) -> int:
    """Open the files, and look at the window and its dialogs."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    speak_pseudo()
    from alprviewer.app.dialogs import Preferences, about, key_card
    from alprviewer.app.main import application
    from alprviewer.app.palette import open_palette
    from alprviewer.app.screenshot import settle
    from alprviewer.app.shortcutsdialog import ShortcutsDialog
    from alprviewer.app.window import Window
    from alprviewer.settings import Settings

    app = application()
    window = Window(Settings())
    window.resize(1600, 1000)
    window.show()
    found = set(untranslated(window))
    window.open(names)
    settle(window)
    window.browser.show_tab("reads")
    window.browser.table("reads").show_row(0)
    settle(window)
    found |= set(untranslated(window))
    dialogs = [
        key_card(window, window.menus.keys()),
        about(window),
        Preferences(Settings(), window),
        ShortcutsDialog({}, window),
        open_palette(window),
    ]
    for dialog in dialogs:
        found |= set(untranslated(dialog))
        dialog.close()
    json.dump({"shown": sum(1 for _ in texts_of(window)), "untranslated": sorted(found)}, sys.stdout)
    window.close()
    app.processEvents()
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    raise SystemExit(main(sys.argv[1:]))
