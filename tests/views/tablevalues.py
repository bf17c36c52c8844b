"""Browsers and tables on captures, as the window makes them but without a window."""

from __future__ import annotations

from alprviewer.capture.capture import Capture
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.tables import TABLES
from alprviewer.models.thumbnails import Thumbnails
from alprviewer.store.columns import Change
from alprviewer.views.browser import Browser


def everything(capture: Capture) -> Change:
    """The change that brings all rows of a capture."""
    tables = (
        capture.columns.frames,
        capture.columns.reads,
        capture.columns.siblings,
        capture.columns.problems,
    )
    return Change(*(range(len(table)) for table in tables))


class Shown:
    """A browser with its models."""

    def __init__(self, capture: Capture | None = None) -> None:
        self.thumbnails = Thumbnails()
        self.models = {name: RowsModel(name, columns, Capture()) for name, (_, columns) in TABLES.items()}
        self.browser = Browser(self.models, self.thumbnails)
        self.browser.show_tab("reads")
        # What the window does: the selected row is followed by the tables.
        self.browser.row_chosen.connect(self.browser.follow)
        if capture is not None:
            self.fill(capture)

    def fill(self, capture: Capture) -> None:
        """Show a capture that was read to its end."""
        self.thumbnails.set_capture(capture)
        self.browser.set_capture(capture)
        self.browser.add_rows(everything(capture))
        self.browser.finish()

    def close(self) -> None:
        """End the threads."""
        self.thumbnails.close()
        for model in self.models.values():
            model.close()
