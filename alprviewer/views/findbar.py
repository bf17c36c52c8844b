"""A small bar to search in a text: it asks, its owner finds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from alprviewer.language import tr, trn
from alprviewer.views.icons import icon
from alprviewer.views.looks import MUTED, claims_escape
from alprviewer.views.theme import SPACE, theme_of


class FindBar(QWidget):
    """Hidden until opened; Enter goes on, Shift+Enter back, Escape closes.

    Signals:
        changed: the text to look for is another one.
        next_wanted, previous_wanted: go to the next or previous match.
        closed: the bar was closed.
    """

    changed = Signal()
    next_wanted = Signal()
    previous_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = QLineEdit(self)
        self._edit.setPlaceholderText(tr("Find in this text"))
        self._edit.setAccessibleName(tr("Find in this text"))
        self._edit.setClearButtonEnabled(True)
        self._edit.textChanged.connect(self.changed)
        self._count = QLabel(self)
        self._count.setTextFormat(Qt.TextFormat.PlainText)
        self._count.setForegroundRole(MUTED)
        self._buttons = {
            "up": self._make_button(tr("Previous match (Shift+Enter)")),
            "down": self._make_button(tr("Next match (Enter)")),
            "close": self._make_button(tr("Close (Esc)")),
        }
        self._buttons["up"].clicked.connect(self.previous_wanted)
        self._buttons["down"].clicked.connect(self.next_wanted)
        self._buttons["close"].clicked.connect(self.close_bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 0, SPACE, SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(self._edit, 1)
        layout.addWidget(self._count)
        for button in self._buttons.values():
            layout.addWidget(button)
        self._take_look()

    def _make_button(self, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setIconSize(QSize(16, 16))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    @property
    def text(self) -> str:
        """What to look for."""
        return self._edit.text()

    def open(self, text: str = "") -> None:
        """Show the bar, ready to type; a text given replaces the one before."""
        self.show()
        if text:
            self._edit.setText(text)
        self._edit.selectAll()
        self._edit.setFocus()
        self.changed.emit()

    def close_bar(self) -> None:
        """Hide the bar."""
        self.hide()
        self.closed.emit()

    def set_count(self, count: int | None) -> None:
        """Say how many matches there are; None while nothing is looked for."""
        self._count.setText("" if count is None else _found(count))
        for name in ("up", "down"):
            self._buttons[name].setEnabled(bool(count))

    def event(self, event: QEvent) -> bool:
        """Keep Escape from the window's shortcuts while the bar has the keyboard."""
        if claims_escape(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Shift+Enter and Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.previous_wanted if is_back else self.next_wanted).emit()
        else:
            super().keyPressEvent(event)

    def _take_look(self) -> None:
        theme = theme_of(self.palette())
        for name, button in self._buttons.items():
            button.setIcon(icon(name, theme.text))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_look()


def _found(count: int) -> str:
    return trn("{count:,} match", "{count:,} matches", count) if count else tr("no match")
