"""A small field to go to a row by its number or its time, like an editor's."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from alprviewer.language import tr
from alprviewer.views.icons import icon
from alprviewer.views.looks import ODD, claims_escape
from alprviewer.views.theme import SPACE, theme_of

_HINT = tr("Row number or time: {examples}", examples="1200, 14:05:30, 2026-09-14T14:05Z")


class GotoBar(QWidget):
    """Hidden until opened; Enter asks to go, Escape closes. It says what is wrong with what was typed.

    Signals:
        wanted(str): go where this text says.
        closed: the bar was closed.
    """

    wanted = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = QLineEdit(self)
        self._edit.setPlaceholderText(_HINT)
        self._edit.setAccessibleName(tr("Go to row or time"))
        self._edit.setMaxLength(100)
        self._edit.textEdited.connect(lambda: self.say(""))
        self._label = QLabel(tr("&Go to"), self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setBuddy(self._edit)
        self._words = QLabel(self)
        self._words.setObjectName("wrong")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setForegroundRole(ODD)
        self._words.setWordWrap(True)
        self._words.setAccessibleName(tr("What is wrong with it"))
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._close = QToolButton(self)
        self._close.setAutoRaise(True)
        self._close.setIconSize(QSize(16, 16))
        self._close.setToolTip(tr("Close (Esc)"))
        self._close.setAccessibleName(tr("Close (Esc)"))
        self._close.clicked.connect(self.close_bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, SPACE, SPACE, SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._label)
        layout.addWidget(self._edit, 1)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._close)
        self.say("")
        self._take_look()
        self.hide()

    def open(self) -> None:
        """Show the bar, ready to type over what was typed last."""
        self.show()
        self.say("")
        self._edit.selectAll()
        self._edit.setFocus()

    def close_bar(self) -> None:
        """Hide the bar."""
        self.hide()
        self.closed.emit()

    def say(self, words: str) -> None:
        """What is wrong with what was typed; nothing takes it back."""
        self._words.setText(words)
        self._words.setVisible(bool(words))
        if words:
            QAccessible.updateAccessibility(QAccessibleEvent(self._words, QAccessible.Event.Alert))

    def event(self, event: QEvent) -> bool:
        """Keep Escape from the window's shortcuts while the bar has the keyboard."""
        if claims_escape(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit(self._edit.text())
        else:
            super().keyPressEvent(event)

    def _take_look(self) -> None:
        theme = theme_of(self.palette())
        self._close.setIcon(icon("close", theme.text))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_look()
