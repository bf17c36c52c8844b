"""What the actions do that have to do with live sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alprviewer.app.window import Window


class LiveCommands:
    """Carries out the actions of live sources on a window."""

    _window: Window

    def connect_source(self) -> None:
        """Ask for a live source and connect to it."""
        self._window.live.ask()

    def try_live(self) -> None:
        """Receive the sample as if it came from an agent."""
        self._window.live.try_it()

    def pause(self, on: bool) -> None:
        """Let the tables stand still, or go on; receiving goes on."""
        self._window.loader.pause(on)

    def sort_in(self) -> None:
        """Bring rows that came since the table in front was sorted into its order."""
        self._window.models[self._window.browser.tab].resort()
