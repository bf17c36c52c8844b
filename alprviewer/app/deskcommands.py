"""What the actions do that any desktop program has: preferences, shortcuts, copying, printing, help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from alprviewer.app import dialogs
from alprviewer.app.logs import log_file
from alprviewer.app.news import PAGE, News
from alprviewer.app.shortcuts import load_shortcuts, save_shortcuts
from alprviewer.app.shortcutsdialog import ShortcutsDialog
from alprviewer.core.errors import UserError
from alprviewer.language import tr
from alprviewer.models.passpreview import PassPreview
from alprviewer.settings import save
from alprviewer.views.statestrip import StripKind

if TYPE_CHECKING:
    from alprviewer.app.window import Window


class DeskCommands:
    """Carries out these actions on a window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.news = News(window)
        self.remembers = False
        """True where the session and the settings of the user are written (not for a screenshot)."""

    def show_preferences(self) -> None:
        """Edit the settings."""
        window = self._window
        preview = PassPreview(window.loader.capture, window.settings.pass_rules)
        dialog = dialogs.Preferences(window.settings, window, preview)
        accepted = dialog.exec()
        preview.close()
        if accepted:
            window.apply_settings(dialog.chosen())
            self.save_settings()
        dialog.deleteLater()

    def save_settings(self) -> None:
        """Write the settings, where they are to be remembered."""
        if not self.remembers:
            return
        try:
            save(self._window.settings)
        except UserError as error:
            self._window.say(StripKind.WARNING, str(error))

    def take_shortcuts(self) -> None:
        """Give the actions the keys that the user has chosen in an earlier run."""
        try:
            self._window.menus.set_shortcuts(load_shortcuts())
        except UserError as error:
            text = tr("{what_is_wrong} The usual shortcuts are used.", what_is_wrong=error)
            self._window.say(StripKind.WARNING, text)

    def change_shortcuts(self) -> None:
        """Give actions other keys."""
        dialog = ShortcutsDialog(self._window.menus.chosen_shortcuts, self._window)
        if dialog.exec():
            self._window.menus.set_shortcuts(dialog.chosen())
            if self.remembers:
                try:
                    save_shortcuts(dialog.chosen())
                except UserError as error:
                    self._window.say(StripKind.WARNING, str(error))
        dialog.deleteLater()

    def find_action(self) -> None:
        """Find an action by its name, and do it."""
        from alprviewer.app.palette import open_palette

        open_palette(self._window)

    # --- copy and print ---------------------------------------------------------------------------

    def copy_plate(self) -> None:
        """Copy the observed plate of the selected read."""
        read = self._window.current.shown.read
        if read is not None and read.plate:
            QApplication.clipboard().setText(read.plate)

    def copy_json(self) -> None:
        """Copy the selected value as it stands in its source."""
        if self._window.current.shown.raw:
            QApplication.clipboard().setText(self._window.current.shown.raw)

    def copy_picture(self) -> None:
        """Copy the pane or table that has the keyboard as a picture."""
        from alprviewer.app.printing import picture_of, subject_of

        QApplication.clipboard().setImage(picture_of(subject_of(self._window)))

    def print_view(self) -> None:
        """Print the pane or table that has the keyboard."""
        from alprviewer.app.printing import ask_and_print

        ask_and_print(self._window)

    # --- help -------------------------------------------------------------------------------------

    def show_help(self) -> None:
        """The manual, at the page of what has the keyboard."""
        from alprviewer.app.help.window import show_help

        show_help(self._window)

    def show_news(self) -> None:
        """What has changed from version to version."""
        from alprviewer.app.help.window import show_help

        show_help(self._window, PAGE)
        self.news.see()

    def show_keys(self) -> None:
        """The key card."""
        dialogs.key_card(self._window, self._window.menus.keys()).open()

    def show_log(self) -> None:
        """Open the log file with the system's program for it."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file())))

    def about(self) -> None:
        """What this is."""
        dialogs.about(self._window).open()
