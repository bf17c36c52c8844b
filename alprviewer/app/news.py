"""What is new: said on the start page once after an update, and in the help at any time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alprviewer import __version__

if TYPE_CHECKING:
    from alprviewer.app.window import Window

PAGE = "whats-new"
"""The page of the help."""


class News:
    """Whether the news of this version were seen. At the first start of all there are none."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._seen = __version__
        page = window.start_page
        chosen = (page.open_files, page.open_folder, page.connect_source, page.open_sample, page.try_live)
        for signal in (*chosen, page.open_recent):
            signal.connect(lambda *_: self.see())  # whoever chooses something there has read the page

    def restore(self, session: Mapping[str, Any]) -> None:
        """Take over from which version the user comes; sessions of early ones do not tell."""
        if session:
            self._seen = session.get("seen", "")
        self._show()

    @property
    def seen(self) -> str:
        """The version whose news were seen, for the next run."""
        in_front = self._window.start_page.isVisible()
        return __version__ if in_front else self._seen

    def see(self) -> None:
        """They were seen."""
        self._seen = __version__
        self._show()

    def _show(self) -> None:
        self._window.start_page.set_news("" if self._seen == __version__ else __version__)
