"""A list of what can be done, found by typing some letters of its name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from alprviewer.core.fuzzy import fuzzy_score
from alprviewer.language import tr
from alprviewer.views.looks import MUTED
from alprviewer.views.theme import SPACE

_ACTION = Qt.ItemDataRole.UserRole
_PASSED_ON = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def title_of(action: QAction) -> str:
    """An action's text without mnemonic and keys."""
    return (
        action.text().partition("\t")[0].replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")
    )


class Palette(QDialog):
    """Offers actions.

    Args:
        actions: each with the menu that it stands in. What cannot be done now is left out.
    """

    def __init__(self, actions: Sequence[tuple[str, QAction]], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Find an action"))
        self._actions = [
            (f"{menu}: {title_of(action)}", action) for menu, action in actions if action.isEnabled()
        ]
        self.edit = QLineEdit(self)
        self.edit.setPlaceholderText(tr("What do you want to do?"))
        self.edit.setAccessibleName(tr("Find an action"))
        self.edit.installEventFilter(self)
        self.list = QTreeWidget(self)
        self.list.setAccessibleName(tr("Actions"))
        self.list.setHeaderHidden(True)
        self.list.setColumnCount(2)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, self.list.header().ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, self.list.header().ResizeMode.ResizeToContents)
        self._note = QLabel(tr("Nothing that can be done now is called so."), self)
        self._note.setForegroundRole(MUTED)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * SPACE,) * 4)
        layout.addWidget(self.edit)
        layout.addWidget(self._note)
        layout.addWidget(self.list, 1)
        self.edit.textChanged.connect(self._fill)
        self.edit.returnPressed.connect(self._do)
        self.list.itemClicked.connect(lambda *_: self._do())
        self._fill("")

    def titles(self) -> list[str]:
        """What is offered now, best first."""
        items = [self.list.topLevelItem(place) for place in range(self.list.topLevelItemCount())]
        return [item.text(0) for item in items if item is not None]

    def _fill(self, wanted: str) -> None:
        scored = [(fuzzy_score(wanted, text), text, action) for text, action in self._actions]
        found = [(score, text, action) for score, text, action in scored if score is not None]
        if wanted.strip():
            found.sort(key=lambda each: -each[0])
        self.list.clear()
        for place, (_, text, action) in enumerate(found):
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            item = QTreeWidgetItem(self.list, [f"✓ {text}" if action.isChecked() else text, keys])
            item.setForeground(1, self.palette().color(MUTED))
            item.setData(0, _ACTION, action)
            if not place:
                self.list.setCurrentItem(item)
        self._note.setVisible(not found)

    def _do(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        action = item.data(0, _ACTION)
        self.close()
        # The keyboard is back where it was: actions that ask what has it get the right answer.
        action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move in the list while the keyboard stays in the field."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in _PASSED_ON
        ):
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)
