"""The line for typing of review mode."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from alprviewer.core.decision import MAX_NAME, MAX_WORDS
from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.models.reviewsight import Sight
from alprviewer.views.review.parts import plain_label
from alprviewer.views.theme import SPACE


def question(name: str, sight: Sight) -> tuple[str, str, str]:
    """What is asked for: its label, what stands there already, and a hint."""
    read, standing = sight.shown.read, sight.standing
    match name:
        case "wrong_region":
            region = (read.region if read is not None else None) or ""
            return (
                tr("Right region code"),
                "",
                tr("not {region}", region=display_text(region, 40)) if region else "us-mo",
            )
        case "reason":
            return tr("Reason"), "", tr("kept with your next verdict on this item")
        case "tag":
            return tr("Tags"), ", ".join(sorted(standing.tags)), tr("separated by commas")
        case "note":
            note = standing.notes[-1].entry.note if standing.notes else ""
            return tr("Note"), note or "", tr("Enter saves, Esc leaves it as it is")
    return tr("Item"), "", tr("1 to {total:,}", total=sight.total)


class AskLine(QFrame):
    """One line for typing: a region code, tags, a note, a number.

    Signals:
        answered(str, str): what was asked for, and what was typed.
        left(): nothing was typed.
    """

    answered = Signal(str, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("askLine")
        self._what = ""
        self._label = plain_label(muted=False)
        self.edit = _AskEdit(self)
        self.edit.returnPressed.connect(self._answer)
        self.edit.escaped.connect(self._leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        row.addStretch(1)
        row.addWidget(self._label)
        row.addWidget(self.edit)
        row.addStretch(1)
        self.edit.setMinimumWidth(320)
        self.edit.setAccessibleName(tr("What is asked for"))
        self.hide()

    def ask(self, what: str, label: str, text: str, hint: str) -> None:
        """Ask for something; ``text`` stands there already."""
        self._what = what
        self._label.setText(label)
        self.edit.setAccessibleName(label)
        self.edit.setPlaceholderText(hint)
        self.edit.setMaxLength(MAX_NAME if what == "tag" else MAX_WORDS)
        self.edit.setText(text)
        self.edit.selectAll()
        self.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self) -> None:
        self.hide()
        self.answered.emit(self._what, self.edit.text().strip())

    def _leave(self) -> None:
        self.hide()
        self.left.emit()


class _AskEdit(QLineEdit):
    escaped = Signal()

    def event(self, event: QEvent) -> bool:
        """While something is typed no letter, and not Escape, is a key of the page or a shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            if not event.modifiers() & control:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves; everything else is typing, also what does nothing here."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)
        event.accept()
