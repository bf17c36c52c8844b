"""Review mode, the tables and the journal, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from alprviewer.app.listedplates import ListedPlates
from alprviewer.app.workspace import focus
from alprviewer.capture.capture import Capture
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trn
from alprviewer.models.journaling import Journaling
from alprviewer.models.review import Review
from alprviewer.models.reviewqueue import Checking
from alprviewer.review.pen import account
from alprviewer.settings import Settings, data_folder, state_folder
from alprviewer.views.review.keys import GROUPS, KEYS, RANGES, Keymap, changes_of
from alprviewer.views.review.page import ReviewPage
from alprviewer.views.statestrip import StripKind

if TYPE_CHECKING:
    from alprviewer.app.window import Window


class Reviewing(QObject):
    """The review of a window's capture, and what the tables show of it."""

    def __init__(self, window: Window, journal: str) -> None:
        super().__init__(window)
        self._window = window
        self._url = journal
        self.journaling = Journaling(data_folder(), state_folder(), self)
        self.review = Review(self.journaling, self)
        self.page = ReviewPage(self.review)
        self._commands: list[QAction] = []
        self._name = self._trouble = ""
        self.page.left.connect(self.leave)
        self.page.search_wanted.connect(self._search)
        self.journaling.opened.connect(self._show_name)
        self.journaling.troubled.connect(self._show_trouble)
        self.review.counted.connect(self._show_journal)
        self.review.decided_changed.connect(self._show_decisions)
        self.review.said.connect(self._say)

    def join(self) -> None:
        """Take a place in the window, and follow what its loader opens, behind the window's own parts."""
        self.listed = ListedPlates(self._window)
        loader = self._window.loader
        self._window.pages.addWidget(self.page)
        self._window.menus.menus["&Review"].aboutToShow.connect(self._fill_menu)
        self.page.attach(self._window.passing.crops)
        loader.opened.connect(self._set_capture)
        loader.rows_added.connect(lambda _: self.review.add_rows())

    def apply_settings(self, settings: Settings) -> None:
        """What is listed, who reviews, where decisions go (until the journal is open), what keys say."""
        self.listed.listing.set_list(settings.listed_plates, settings.listed_file)
        self.journaling.reviewer = settings.reviewer or account()
        self.journaling.url = self._url or settings.journal
        share = min(settings.check_percent, 99) / 100
        self.review.checking = Checking(share, settings.check_told)
        self.page.set_keymap(Keymap(changes_of(settings.review_keys)))
        self._show_journal()

    @property
    def active(self) -> bool:
        """True while review mode is in front."""
        return self.review.active

    @property
    def busy(self) -> bool:
        """True while what is to be shown is looked for."""
        working = self.review.busy or self.review.is_reading_ahead
        return (self.review.active and working) or self.review.is_telling or self.listed.listing.busy

    def enter(self) -> None:
        """Review what the tables show, beginning with the selected row."""
        window = self._window
        if not window.loader.capture.sources:
            return
        if self.journaling.exists:
            self.journaling.open()
        self._bring(self.page)
        self.page.setFocus()
        self.listed.listing.look_again()
        window.browser.links.now()
        self.review.enter(
            window.models["reads"].shown_ids(), _selected_read(window), window.settings.pass_rules
        )

    def leave(self) -> None:
        """Back to the tables, to the read that was shown last."""
        read = self.review.sight.read
        self.review.leave()
        self._bring(self._window.workspace)
        if read is not None:
            self._window.current.select("reads", read)
        focus(self._window.browser.focus_target)

    def _fill_menu(self) -> None:
        """The commands with their keys, which are the page's: what stands behind a tab is only shown."""
        menu = self._window.menus.menus["&Review"]
        for each in self._commands:
            menu.removeAction(each)
            each.deleteLater()
        self._commands = []
        for group in GROUPS:
            self._commands.append(menu.addSeparator())
            for spec in KEYS:
                if spec.group == group and spec.name not in RANGES:
                    action = menu.addAction(f"{spec.text}\t{self.page.words(spec.name)}")
                    action.setEnabled(self.active)
                    action.triggered.connect(lambda _=False, name=spec.name: self.page.run(name))
                    self._commands.append(action)

    def _bring(self, page: QWidget) -> None:
        """Bring a page to the front; there is a filter for the tables only."""
        self._window.pages.setCurrentWidget(page)
        self._window.filtering.box.setVisible(page is not self.page)

    def _search(self) -> None:
        self.leave()
        self._window.commands.focus_filter()

    def _set_capture(self, capture: Capture) -> None:
        self.review.set_capture(capture)

    def _show_decisions(self) -> None:
        """The tables and the filter have to know."""
        for name in ("reads", "passes"):
            self._window.models[name].refresh()
        self._window.filtering.rows.hand_in(self.review.decided.columns())

    def _say(self, kind: str, text: str) -> None:
        if kind == "error":
            self._window.say(StripKind.ERROR, text)

    def _show_name(self, name: str) -> None:
        self._name = name
        self._show_journal()

    def _show_trouble(self, trouble: str) -> None:
        before, self._trouble = self._trouble, trouble
        self._show_journal()
        if before:
            self._window.strip.take_back(before)
        if trouble:
            self._window.say(StripKind.WARNING, trouble)

    def _show_journal(self) -> None:
        count = len(self.review.decided)
        if self._name:
            name = display_text(self._name, 80)
            entries = trn("{count:,} entry", "{count:,} entries", count)
            journal = tr("journal: {name}, {entries}", name=name, entries=entries)
        else:
            journal = tr("journal: opened with the first decision")
        reviewer = tr("Reviewer: {name}", name=self.journaling.reviewer)
        self.page.show_journal(" · ".join(filter(None, (reviewer, journal, self._trouble))))

    def close(self) -> None:
        """Write what was said, and end the threads."""
        self.listed.close()
        self.review.close()


def _selected_read(window: Window) -> int | None:
    """The row of the selected read, or of the shown read of the selected frame."""
    selection, position = window.current.selection, window.current.shown.position
    if selection is not None and selection.table == "reads":
        return selection.row
    frame = window.current.frame_row()
    if frame is None or position is None:
        return None
    return int(window.loader.capture.columns.frames.column("first_read")[frame]) + position
