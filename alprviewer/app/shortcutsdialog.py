"""Giving actions other keys, with what would clash said before it is saved."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from alprviewer.app.actions import ACTIONS, MENUS
from alprviewer.app.shortcuts import Chosen, Conflict, conflicts, keys_with, usual_keys
from alprviewer.language import tr, trc
from alprviewer.views.fields import make_clearable
from alprviewer.views.looks import ODD

_NAME = Qt.ItemDataRole.UserRole
_PORTABLE = QKeySequence.SequenceFormat.PortableText
_NATIVE = QKeySequence.SequenceFormat.NativeText


class ShortcutsDialog(QDialog):
    """A list of actions; the selected one's keys are typed below it."""

    def __init__(self, chosen: Chosen, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Shortcuts"))
        self._keys = keys_with(chosen)
        self._usual = usual_keys()
        self._titles = {spec.name: spec.text.replace("&", "").partition("\t")[0] for spec in ACTIONS}
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Find an action"))
        self.search.setAccessibleName(tr("Find an action"))
        make_clearable(self.search)
        self.list = QTreeWidget(self)
        self.list.setAccessibleName(tr("Actions and their keys"))
        self.list.setHeaderLabels([tr("Action"), tr("Keys"), trc("the menu that holds an action", "In")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        for spec in ACTIONS:
            item = QTreeWidgetItem(
                [self._titles[spec.name], "", MENUS[spec.menu.lstrip("-")].replace("&", "")]
            )
            item.setData(0, _NAME, spec.name)
            self.list.addTopLevelItem(item)
        self.edit = QKeySequenceEdit(self)
        self.edit.setMaximumSequenceLength(1)
        for field in self.edit.findChildren(QLineEdit):
            make_clearable(field)
        self.edit.setAccessibleName(tr("Keys of the selected action"))
        self.usual = QPushButton(tr("As usual"), self)
        self.all_usual = QPushButton(tr("All as usual"), self)
        for button in (self.usual, self.all_usual):
            button.setAutoDefault(False)
        self.note = QLabel(self)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.note.setForegroundRole(ODD)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._lay_out()
        self._connect()
        self._show()
        self.select(ACTIONS[0].name)
        for column in (0, 1):
            self.list.resizeColumnToContents(column)
        self.resize(620, 560)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        label = QLabel(tr("New keys"), self)
        label.setBuddy(self.edit)
        row.addWidget(label)
        row.addWidget(self.edit, 1)
        row.addWidget(self.usual)
        row.addWidget(self.all_usual)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)
        layout.addWidget(self.note)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._narrow)
        self.list.currentItemChanged.connect(lambda *_: self._take_current())
        self.edit.keySequenceChanged.connect(self._give)
        self.usual.clicked.connect(lambda: self._set(self._name, self._usual[self._name]))
        self.all_usual.clicked.connect(self._reset)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @property
    def _name(self) -> str:
        item = self.list.currentItem()
        return str(item.data(0, _NAME)) if item is not None else ACTIONS[0].name

    def select(self, name: str) -> None:
        """Make an action the selected one."""
        for place in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(place)
            if item is not None and item.data(0, _NAME) == name:
                self.list.setCurrentItem(item)

    def chosen(self) -> dict[str, list[str]]:
        """What differs from the usual keys."""
        return {
            name: [key.toString(_PORTABLE) for key in keys]
            for name, keys in self._keys.items()
            if keys != self._usual[name]
        }

    def conflicts(self) -> list[Conflict]:
        """Where actions would share a key."""
        return conflicts(self._keys)

    def _narrow(self, text: str) -> None:
        for place in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(place)
            assert item is not None
            item.setHidden(text.casefold() not in (item.text(0) + " " + item.text(1)).casefold())

    def _take_current(self) -> None:
        with QSignalBlocker(self.edit):
            keys = self._keys[self._name]
            self.edit.setKeySequence(keys[0] if keys else QKeySequence())

    def _give(self, sequence: QKeySequence) -> None:
        self._keys[self._name] = [] if sequence.isEmpty() else [sequence]
        self._show()

    def _set(self, name: str, keys: list[QKeySequence]) -> None:
        self._keys[name] = list(keys)
        self._take_current()
        self._show()

    def _reset(self) -> None:
        self._keys = usual_keys()
        self._take_current()
        self._show()

    def _show(self) -> None:
        found = self.conflicts()
        clashing = {name for each in found for name in each[:2]}
        for place in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(place)
            assert item is not None
            name = item.data(0, _NAME)
            words = "  ".join(key.toString(_NATIVE) for key in self._keys[name])
            item.setText(1, tr("{keys}  (also another's)", keys=words) if name in clashing else words)
            font = item.font(0)
            font.setBold(self._keys[name] != self._usual[name])
            item.setFont(0, font)
            item.setFont(1, font)
        self.note.setText("\n".join(map(self._sentence, found)))
        self.note.setVisible(bool(found))
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setEnabled(not found)

    def _sentence(self, conflict: Conflict) -> str:
        one, other = (self._titles[name].rstrip("…") for name in conflict[:2])
        return tr(
            "{key} would mean both “{action}” and “{other}”. Give one of them another key.",
            key=conflict.key,
            action=one,
            other=other,
        )
