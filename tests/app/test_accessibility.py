"""Whoever cannot see the window, or has no mouse."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QListView, QMenu, QScrollBar, QWidget

from alprviewer.app.dialogs import Preferences, about, key_card
from alprviewer.app.help.window import HelpWindow
from alprviewer.app.palette import open_palette
from alprviewer.app.shortcutsdialog import ShortcutsDialog
from alprviewer.settings import Settings


def nameless(root: QWidget) -> list[str]:
    """Controls that take the keyboard or the mouse but say nothing of themselves."""
    found = []
    for widget in root.findChildren(QWidget):
        # Qt's own parts: scroll bars, lists behind combo boxes, viewports (their views have the names).
        inside = isinstance(widget, (QScrollBar, QMenu)) or widget.objectName().startswith("qt_")
        inside = inside or isinstance(widget.parent(), QAbstractScrollArea) or type(widget) is QListView
        if inside or widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        text = interface.text(QAccessible.Text.Name) if interface is not None else ""
        if not (text or widget.accessibleName()):
            found.append(
                f"{type(widget).__name__} {widget.objectName()!r} in {type(widget.parent()).__name__}"
            )
    return found


def test_every_control_of_an_empty_window_has_a_name(window):
    assert nameless(window) == []


def test_every_control_of_a_loaded_window_has_a_name(loaded):
    loaded.workspace.pane("json").open_find()
    assert nameless(loaded) == []


DIALOGS = {
    "keys": lambda window: key_card(window, window.menus.keys()),
    "about": about,
    "preferences": lambda window: Preferences(Settings(), window),
    "shortcuts": lambda window: ShortcutsDialog({}, window),
    "palette": open_palette,
    "help": HelpWindow,
}


@pytest.mark.parametrize("name", DIALOGS)
def test_every_control_of_the_dialogs_has_a_name(window, name):
    dialog = DIALOGS[name](window)
    assert nameless(dialog) == []
    dialog.close()


def test_cells_can_be_read_aloud(loaded):
    table = loaded.browser.table("reads")
    interface = QAccessible.queryAccessibleInterface(table)
    assert interface.text(QAccessible.Text.Name) == "Reads table"
    model = table.model()
    for column, spec in enumerate(table.rows.specs):
        assert model.index(0, column).data(), spec.name


def test_panes_say_what_they_show(loaded, settle):
    loaded.browser.table("reads").show_row(3)
    settle(loaded)
    plate = loaded.current.shown.read.plate
    described = " ".join(
        widget.accessibleDescription() + widget.accessibleName()
        for widget in (loaded.workspace.pane("image"), *loaded.workspace.pane("image").findChildren(QWidget))
    )
    assert plate in described


def test_nobody_is_caught_in_a_pane(loaded, qtbot):
    """Tab leaves every control again, forwards and backwards."""
    loaded.browser.table("reads").setFocus()
    for back in (False, True):
        seen = []
        for _ in range(60):
            now = QApplication.focusWidget()
            seen.append(now)
            qtbot.keyClick(now, Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab)
        assert len(set(seen)) > 8
        assert all(one is not other for one, other in pairwise(seen))
