"""The menus, made from the table of actions, and those of their entries that change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu

from alprviewer.app.actions import ACTIONS, MENUS
from alprviewer.app.shortcuts import Chosen, keys_with
from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.sources.live.endpoint import is_live
from alprviewer.views.icons import icon
from alprviewer.views.theme import theme_of

if TYPE_CHECKING:
    from alprviewer.app.window import Window


class Menus(QObject):
    """Holds the actions by their names and keeps them up to date."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.actions: dict[str, QAction] = {}
        self.menus = {name: window.menuBar().addMenu(title) for name, title in MENUS.items()}
        for spec in ACTIONS:
            menu = self.menus[spec.menu.lstrip("-")]
            if spec.menu.startswith("-"):
                menu.addSeparator()
            self.actions[spec.name] = action = QAction(spec.text, window)
            action.setObjectName(spec.name)
            # Letters act in tables and panes, never while a text field has the focus; Qt sees to that.
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setCheckable(spec.checkable)
            action.setStatusTip(spec.tip)
            action.triggered.connect(lambda checked, name=spec.name: window.commands.run(name, checked))
            menu.addAction(action)
        self.set_shortcuts({})
        self._add_submenus()

    def set_shortcuts(self, chosen: Chosen) -> None:
        """Give the actions their keys, those that the user has chosen before the usual ones."""
        self.chosen_shortcuts = chosen
        for name, keys in keys_with(chosen).items():
            self.actions[name].setShortcuts(keys)

    def keys(self) -> dict[str, list[QKeySequence]]:
        """The keys of every action as they are now."""
        return {name: action.shortcuts() for name, action in self.actions.items()}

    def _add_submenus(self) -> None:
        self._recent = self._submenu("&File", "open_sample", tr("Open &recent"), self._fill_recent)
        self._submenu("&View", "show_all_rows", tr("&Sort by"), self._fill_sort)
        self._submenu("&View", "show_all_rows", tr("&Columns"), self._fill_columns)
        panes = self._submenu("&View", "reset_layout", tr("Pa&nes"), None)
        for dock in self._window.workspace.docks.values():
            panes.addAction(dock.toggleViewAction())

    def _submenu(self, menu: str, before: str, title: str, fill: Callable[[QMenu], None] | None) -> QMenu:
        made = QMenu(title, self._window)
        self.menus[menu].insertMenu(self.actions[before], made)
        if fill is not None:
            made.aboutToShow.connect(made.clear)
            made.aboutToShow.connect(lambda: fill(made))
        return made

    def _fill_recent(self, menu: QMenu) -> None:
        for name in self._window.recent:
            path = Path(name)
            # What stands behind a tab would be taken for a shortcut, what follows an & for a mnemonic.
            words = name if is_live(name) else f"{path.name or name}  —  {path.parent}"
            words = display_text(words).replace("&", "&&")
            menu.addAction(words).triggered.connect(lambda _=False, name=name: self._window.open([name]))

    def _fill_sort(self, menu: QMenu) -> None:
        self._window.browser.table(self._window.browser.tab).columns.fill_sort_menu(menu)

    def _fill_columns(self, menu: QMenu) -> None:
        self._window.browser.table(self._window.browser.tab).columns.fill_column_menu(menu)

    def refresh(self) -> None:
        """What can be done now, and what is on."""
        loader = self._window.loader
        met = {"": True, "capture": loader.is_open, "loading": loader.loading}
        for spec in ACTIONS:
            self.actions[spec.name].setEnabled(met[spec.needs])
        self._recent.setEnabled(bool(self._window.recent))

    def show_icons(self) -> None:
        """Icons in the colours of the theme."""
        theme = theme_of(QApplication.palette())
        for spec in ACTIONS:
            if spec.icon:
                self.actions[spec.name].setIcon(icon(spec.icon, theme.muted))
        self.actions["toggle_theme"].setChecked(theme.is_dark)

    def set_checked(self, name: str, on: bool) -> None:
        """Show an action as on or off without doing it."""
        self.actions[name].setChecked(on)
