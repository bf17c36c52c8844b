"""A strip on top of the window that says what could not be done, without standing in the way."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from alprviewer.core.plates import visible_lines
from alprviewer.language import tr, trc
from alprviewer.views.icons import Mark, icon
from alprviewer.views.looks import claims_escape, take_given_width
from alprviewer.views.theme import SPACE, Theme, theme_of

MOST_CHARACTERS = 600


class StripKind(Enum):
    """How serious it is."""

    INFO = "Note"
    WARNING = "Warning"
    ERROR = "Error"


_SPOKEN = {
    StripKind.INFO: trc("message", "Note"),
    StripKind.WARNING: trc("message", "Warning"),
    StripKind.ERROR: trc("message", "Error"),
}
"""The words that a screen reader says first."""


class StateStrip(QFrame):
    """One message at a time; the newest replaces the one before. Hidden while there is none.

    Signals:
        action_triggered: the button of the message was pressed.
        dismissed: the message was closed by the user.
    """

    action_triggered = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("StateStrip")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._kind, self._message = StripKind.INFO, ""
        self._mark = Mark(18, self)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        take_given_width(self._text)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setAccessibleName(tr("Message"))
        self._button = QPushButton(self)
        self._button.setAccessibleName(tr("Act on the message"))
        self._button.clicked.connect(self.action_triggered)
        self._close = QToolButton(self)
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(tr("Close message"))
        self._close.setToolTip(tr("Close (Esc)"))
        self._close.clicked.connect(self.dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4 * SPACE, SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._button)
        layout.addWidget(self._close)
        self._take_look()
        self.hide()

    @property
    def text(self) -> str:
        """The message as it is shown; empty while there is none."""
        return "" if self.isHidden() else self._text.text()

    @property
    def kind(self) -> StripKind:
        """How serious the message is."""
        return self._kind

    def show_message(self, kind: StripKind, text: str, action: str = "") -> None:
        """Show a message.

        Args:
            kind: how serious it is.
            text: one sentence, plain text.
            action: the words of a button that helps; without them there is no button.
        """
        self._kind, self._message = kind, text.strip()
        shown = visible_lines(self._message)
        self._text.setText(shown if len(shown) <= MOST_CHARACTERS else shown[: MOST_CHARACTERS - 1] + "…")
        self._button.setText(action)
        self._button.setAccessibleName(action or tr("Act on the message"))
        self._button.setVisible(bool(action))
        self.setAccessibleName(f"{_SPOKEN[kind]}: {self._text.text()}")
        self._take_look()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def dismiss(self) -> None:
        """Close the message; does nothing while there is none."""
        if not self.isHidden():
            self.clear()
            self.dismissed.emit()

    def take_back(self, text: str) -> None:
        """Take a message away that is true no more; another one stays."""
        if text.strip() == self._message:
            self.clear()

    def clear(self) -> None:
        """Take the message away without saying that the user closed it."""
        self._message = ""
        self.hide()
        self._text.clear()

    def event(self, event: QEvent) -> bool:
        """Keep Escape from the window's shortcuts while the strip has the keyboard."""
        if claims_escape(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _colour(self, theme: Theme) -> str:
        return {
            StripKind.INFO: theme.accent,
            StripKind.WARNING: theme.differs,
            StripKind.ERROR: theme.bad,
        }[self._kind]

    def _take_look(self) -> None:
        theme = theme_of(self.palette())
        name = "info" if self._kind is StripKind.INFO else "problem"
        self._mark.set_icon(name, self._colour(theme))
        self._close.setIcon(icon("close", theme.muted))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_look()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A quiet ground tinted by the kind, a bar of its colour at the left, a line below."""
        theme = theme_of(self.palette())
        colour = QColor(self._colour(theme))
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.surface))
        tint = QColor(colour)
        tint.setAlphaF(0.16 if theme.is_dark else 0.08)
        painter.fillRect(event.rect(), tint)
        painter.fillRect(0, 0, 3, self.height(), colour)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.line))
