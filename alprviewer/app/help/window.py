"""The manual's window, and which of its pages belongs to what has the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from alprviewer.app.help.pages import FIRST, FOLDER, ORDER, pages, search
from alprviewer.language import tr
from alprviewer.resourcefiles import resource
from alprviewer.views.helpbrowser import HelpBrowser

if TYPE_CHECKING:
    from alprviewer.app.window import Window

TABLES, QUERY = "tables", "query"


class HelpWindow(QWidget):
    """A window beside the main one, so that both can be looked at."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("help")
        self.browser = HelpBrowser(pages(), search, resource(f"{FOLDER}/pictures"), self)
        self.browser.shown.connect(self._name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.browser)
        for key in (QKeySequence("Escape"), QKeySequence(QKeySequence.StandardKey.Close)):
            QShortcut(key, self, self.close)
        self.resize(1020, 760)

    def _name(self, _page: str) -> None:
        self.setWindowTitle(tr("{page} — alprviewer help", page=self.browser.title))


def page_of(window: Window, focused: QWidget | None) -> str:
    """The page of a widget: of the pane it stands in, of the tables, of the filter; else the first."""
    for name, dock in window.workspace.docks.items():
        if focused is not None and dock.isAncestorOf(focused) and name in ORDER:
            return name
    if focused is not None and window.filtering.box.isAncestorOf(focused):
        return QUERY
    if focused is not None and window.browser.isAncestorOf(focused):
        return TABLES
    return FIRST


def show_help(window: Window, name: str = "") -> HelpWindow:
    """Open a page, or that of what has the keyboard, in the manual's window that there is, or a new one."""
    name = name or page_of(window, QApplication.focusWidget())
    there = window.findChildren(HelpWindow)
    help_window = there[0] if there else HelpWindow(window)
    help_window.browser.show_page(name)
    help_window.show()
    help_window.raise_()
    help_window.activateWindow()
    help_window.browser.reader.setFocus()
    return help_window
