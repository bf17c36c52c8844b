"""What is typed in review mode: into the cells, or into the line below them. No letter of it is a command."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from alprviewer.models.review import Review
from alprviewer.models.reviewsight import Sight
from alprviewer.models.verdicts import Verdicts
from alprviewer.views.review.ask import AskLine, question
from alprviewer.views.review.cells import CharacterCells


class Typing(QObject):
    """Begins and ends typing, and says what was typed.

    What is asked for before the item is on the screen begins once it is there; the keys that were struck
    meanwhile are typed then. The same item shown anew (the journal says something of it) ends nothing.
    """

    def __init__(
        self, review: Review, verdicts: Verdicts, cells: CharacterCells, line: AskLine, page: QWidget
    ) -> None:
        super().__init__(page)
        self._review = review
        self._verdicts = verdicts
        self._cells = cells
        self._line = line
        self._page = page
        self._about: tuple[object, ...] = ()
        self._later: Callable[[], None] | None = None
        self._struck: list[QKeyEvent] = []
        cells.committed.connect(self._commit)
        cells.cancelled.connect(self._cancel)
        cells.edit_wanted.connect(self.edit)
        line.answered.connect(self._answer)
        line.left.connect(page.setFocus)

    @property
    def active(self) -> bool:
        """True while what is struck is typed."""
        return self._cells.caret is not None or self._line.isVisible() or self._later is not None

    def edit(self, cell: int | None = None) -> None:
        """Correct characters from a cell on; from the weakest where none is named."""
        if self._is_time_for(lambda: self.edit(cell)):
            self._cells.begin(cell)

    def ask(self, name: str) -> None:
        """Ask for what a command needs."""
        if self._is_time_for(lambda: self.ask(name)):
            self._line.ask(name, *question(name, self._review.sight))

    def _is_time_for(self, begin: Callable[[], None]) -> bool:
        if self._review.busy:
            self._later = begin
            return False
        return self._review.sight.item is not None

    def take(self, event: QKeyEvent) -> None:
        """A key that reached the page while something is typed, or is about to be."""
        if self._later is None:
            self.focus()
        elif event.key() == Qt.Key.Key_Escape:
            self._forget()
        else:
            self._struck.append(event.clone())

    def focus(self) -> None:
        """Give the keyboard to what is typed in, or else to the page."""
        typed_in = self._cells if self._cells.caret is not None else self._page
        (self._line.edit if self._line.isVisible() else typed_in).setFocus()

    def show(self, sight: Sight) -> None:
        """Show the characters of an item, or of none."""
        item = sight.item
        about = () if item is None else (item.rows, sight.read, sight.scope, sight.masked)
        goes_on = about and about == self._about and (self._cells.caret is not None or self._line.isVisible())
        self._about = about
        if not goes_on:
            self._line.hide()
            if item is not None:
                self._cells.show_text(sight.plate, sight.weakest, hidden=sight.masked)
        if self._page.isVisible() and not goes_on:
            if item is not None and sight.masked:
                self._cells.begin(0)
            elif item is not None and not self.active:
                self._page.setFocus()
        if not self._review.busy:
            self._catch_up()

    def _catch_up(self) -> None:
        """Begin what was asked for too early, and type what was struck since."""
        begin, struck = self._later, self._struck.copy()
        self._forget()
        if begin is not None:
            begin()
        for event in struck:
            focused = QApplication.focusWidget()
            if focused is None or not self.active:
                # What comes after the end of typing would be said of an item that nobody had seen.
                return
            QApplication.sendEvent(focused, event)

    def _forget(self) -> None:
        self._later = None
        self._struck.clear()

    def _commit(self, text: str) -> None:
        self._cells.stop()
        self._page.setFocus()
        if text:
            self._verdicts.type(text)
        else:
            self._cancel()

    def _cancel(self) -> None:
        sight = self._review.sight
        self._cells.show_text(sight.plate, sight.weakest, hidden=sight.masked)
        self._page.setFocus()

    def _answer(self, name: str, text: str) -> None:
        self._page.setFocus()
        match name:
            case "wrong_region":
                self._verdicts.wrong_region(text)
            case "reason":
                self._verdicts.because(text)
            case "tag":
                self._verdicts.tag(text)
            case "note":
                self._verdicts.note(text)
            case "go_to" if text.isdecimal():
                self._review.step(int(text) - 1 - self._review.sight.at)
