"""The line that a query is typed into: suggestions, history, and the place of an error marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QInputMethodEvent, QKeyEvent, QPalette, QTextCharFormat, QTextFormat
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit, QWidget

from alprviewer.core.errors import QueryError
from alprviewer.core.query.complete import place_of
from alprviewer.core.query.parse import KEYWORDS
from alprviewer.language import tr
from alprviewer.views.looks import claims_escape
from alprviewer.views.theme import theme_of

_PAUSE_MS = 250
"""After so long without a key a query counts as typed."""

Suggest = Callable[[str, int], list[str]]
"""From the text and the cursor to what may stand there."""


class QueryEdit(QLineEdit):
    """One line for a query.

    Signals:
        typed(): the user has made a pause in typing.
        entered(): Enter, or a suggestion or an entry of the history was taken.
        cleared(): the text is gone.
        left(): Escape in an empty line.
    """

    typed = Signal()
    entered = Signal()
    cleared = Signal()
    left = Signal()

    def __init__(self, suggest: Suggest, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.history: list[str] = []
        self._suggest = suggest
        self._at = -1
        self._draft = ""
        self._error: QueryError | None = None
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self.typed)
        self._words = QStringListModel(self)
        self._completer = QCompleter(self._words, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(self)
        self._completer.setMaxVisibleItems(12)
        self._completer.activated.connect(self._take)
        popup = self._completer.popup()
        assert popup is not None
        self._popup = popup
        self._popup.setAccessibleName(tr("Suggestions"))
        self._popup.setObjectName("suggestions")
        self.textEdited.connect(self._edited)

    @property
    def is_suggesting(self) -> bool:
        """True while suggestions are open."""
        return self._popup.isVisible()

    @property
    def suggested(self) -> list[str]:
        """The suggestions that are open."""
        return self._words.stringList() if self.is_suggesting else []

    def setFont(self, font: QFont | str | Sequence[str]) -> None:
        """Suggestions are written as the query is."""
        super().setFont(font)
        self._popup.setFont(self.font())

    def _edited(self) -> None:
        self._at = -1
        self.mark(None)
        if self.text():
            self._pause.start()
        else:
            self._pause.stop()
            self.cleared.emit()
        self.suggest()

    def suggest(self) -> None:
        """Open suggestions for what is being typed, if there are any but what stands there."""
        place = place_of(self.text(), self.cursorPosition())
        words = self._suggest(self.text(), self.cursorPosition())
        if not words or words == [place.typed]:
            self._popup.hide()
            return
        self._words.setStringList(words)
        self._completer.setCompletionPrefix("")
        area = self.cursorRect()
        area.setBottom(self.height())
        area.setWidth(max(self._popup.sizeHintForColumn(0) + 40, 180))
        self._completer.complete(area)

    def _take(self, word: str) -> None:
        """Put a suggestion in place of what was typed of it."""
        text, cursor = self.text(), self.cursorPosition()
        begin = place_of(text, cursor).begin
        is_whole = not word.endswith((":", ">"))
        self.setText(
            text[:begin]
            + word
            + (" " if is_whole and not text[cursor:].startswith(" ") else "")
            + text[cursor:]
        )
        self.setCursorPosition(begin + len(word) + is_whole)
        self.mark(None)
        if word in KEYWORDS:
            self._pause.stop()
        elif is_whole:
            self._pause.stop()
            self.entered.emit()
        else:
            self._pause.start()
            self.suggest()

    def show_text(self, text: str) -> None:
        """Put another query here, as if it had been entered before."""
        self._pause.stop()
        self._popup.hide()
        self._at = -1
        if text != self.text():
            self.setText(text)
        self.mark(None)

    # --- keys -------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep Escape from the window's shortcuts while the line has the keyboard."""
        if claims_escape(event):
            return True
        return super().event(event)

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab takes a suggestion while there are some."""
        return False if self.is_suggesting else super().focusNextPrevChild(following)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Escape, and the arrows for the history."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.is_suggesting and self._popup.selectionModel().hasSelection():
                event.ignore()  # the list takes it
                return
            self._popup.hide()
            self._pause.stop()
            self.entered.emit()
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.is_suggesting:
            self._remember(1 if key == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)

    def _escape(self) -> None:
        if self.is_suggesting:
            self._popup.hide()
        elif self.text():
            self.show_text("")
            self.cleared.emit()
        else:
            self.left.emit()

    def _remember(self, step: int) -> None:
        """Go back or forward in the history; before its newest entry stands what was being typed."""
        at = self._at + step
        if not -1 <= at < len(self.history):
            return
        if self._at < 0:
            self._draft = self.text()
        self.show_text(self.history[at] if at >= 0 else self._draft)
        self._at = at
        self.entered.emit()

    # --- the mark of an error ---------------------------------------------------------------------

    def mark(self, error: QueryError | None) -> None:
        """Underline the place of an error; None takes the line away."""
        if error is None and self._error is None:
            return
        self._error = error
        attributes: list[QInputMethodEvent.Attribute] = []
        if error is not None and self.text():
            theme = theme_of(self.palette())
            form = QTextCharFormat()
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            form.setUnderlineColor(QColor(theme.bad))
            form.setForeground(QColor(theme.bad))
            # Where something is missing at the end, the last character is marked.
            begin = min(error.position, len(self.text()) - 1)
            kind = QInputMethodEvent.AttributeType.TextFormat
            length = max(error.length, 1)
            start = begin - self.cursorPosition()
            attributes.append(QInputMethodEvent.Attribute(kind, start, length, QTextFormat(form)))
        # The only way to give a part of a line its own look.
        QApplication.sendEvent(self, QInputMethodEvent("", attributes))

    @property
    def marked(self) -> QueryError | None:
        """The error that is marked."""
        return self._error

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_popup"):
            self._popup.setPalette(QPalette(self.palette()))
