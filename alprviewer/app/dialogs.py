"""Small dialogs: the key card, about, preferences made from the table of settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from alprviewer import versions
from alprviewer.app import wording
from alprviewer.app.actions import ACTIONS, MENUS
from alprviewer.app.logs import log_file
from alprviewer.app.settingwords import TITLES, choice_text
from alprviewer.core.errors import UserError
from alprviewer.core.listed import read_list
from alprviewer.core.passchange import PassChange
from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.models.passpreview import PassPreview
from alprviewer.settings import PASS_SETTINGS, Settings
from alprviewer.views.icons import pixmap
from alprviewer.views.looks import ODD, take_given_width
from alprviewer.views.notes import Note


def _label(text: str, *, muted: bool = False, bold: bool = False) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(False)
    if muted:
        label.setObjectName("muted")
    if bold:
        font = label.font()
        font.setWeight(QFont.Weight.DemiBold)
        label.setFont(font)
    return label


def _dialog(parent: QWidget, title: str) -> tuple[QDialog, QVBoxLayout]:
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 20, 20, 16)
    layout.setSpacing(12)
    return dialog, layout


def _buttons(dialog: QDialog, buttons: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    box = QDialogButtonBox(buttons, dialog)
    box.accepted.connect(dialog.accept)
    box.rejected.connect(dialog.reject)
    return box


def key_card(parent: QWidget, keys_of: Mapping[str, Sequence[QKeySequence]]) -> QDialog:
    """All actions with their keys (by the names of actions), in two columns of menus."""
    dialog, layout = _dialog(parent, tr("Keys"))
    content = QWidget()
    grid = QGridLayout(content)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    names = tuple(MENUS)
    halves = (names[:2], names[2:])
    for half, menus in enumerate(halves):
        row = 0
        for menu in menus:
            grid.addWidget(_label(MENUS[menu].replace("&", ""), bold=True), row, half * 3, 1, 2)
            row += 1
            for action in ACTIONS:
                if action.menu.lstrip("-") != menu:
                    continue
                text, _, fixed = action.text.replace("&", "").partition("\t")
                texts = [key.toString(key.SequenceFormat.NativeText) for key in keys_of[action.name]]
                keys = "  ".join(texts) or fixed
                grid.addWidget(_label(text.rstrip("…"), muted=not keys), row, half * 3)
                grid.addWidget(_label(keys or "—", muted=True), row, half * 3 + 1)
                row += 1
            grid.setRowMinimumHeight(row, 12)
            row += 1
    grid.setColumnMinimumWidth(2, 24)
    scroll = QScrollArea()
    scroll.setAccessibleName(tr("Actions and their keys"))
    scroll.setWidget(content)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    layout.addWidget(scroll)
    layout.addWidget(_buttons(dialog, QDialogButtonBox.StandardButton.Close))
    hint = content.sizeHint()
    dialog.resize(hint.width() + 70, min(hint.height() + 100, 760))
    return dialog


def about(parent: QWidget) -> QDialog:
    """What this is, in which versions, and where the log is."""
    dialog, layout = _dialog(parent, tr("About alprviewer"))
    picture = QLabel()
    picture.setPixmap(pixmap("alprviewer", "#000000", 72))
    layout.addWidget(picture)
    layout.addWidget(_label("alprviewer", bold=True))
    layout.addWidget(_label(tr("Look at, verify and correct licence-plate reads.")))
    log = tr("Log: {file}", file=log_file())
    facts = _label("\n\n".join(["\n".join(versions().split(", ")), log, tr("MIT licence")]), muted=True)
    facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    layout.addWidget(facts)
    layout.addWidget(_buttons(dialog, QDialogButtonBox.StandardButton.Close))
    return dialog


class Preferences(QDialog):
    """One line for each setting, made from the table of settings.

    Args:
        settings: as they are.
        parent: of the dialog.
        preview: says what a change of the rules for passes would do to the open capture; None for nothing.
    """

    def __init__(
        self, settings: Settings, parent: QWidget | None = None, preview: PassPreview | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Preferences"))
        self._settings = settings
        self._editors: dict[str, QWidget] = {}
        self._asked = ""
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(0, 0, 12, 0)
        form.setVerticalSpacing(4)
        form.setHorizontalSpacing(16)
        for item in fields(Settings):
            choices = {each: choice_text(item.name, each) for each in item.metadata["choices"]}
            editor, english = _editor(getattr(settings, item.name), choices), item.metadata["help"]
            meaning = tr(english)
            editor.setAccessibleName(TITLES[item.name])
            editor.setToolTip(meaning)
            self._editors[item.name] = editor
            form.addRow(TITLES[item.name], editor)
            note = Note(meaning)
            note.setContentsMargins(0, 0, 0, 8)
            form.addRow("", note)
            if preview is not None and preview.has_reads and item.name in PASS_SETTINGS:
                self._add_told(form, preview, item.name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        scroll = QScrollArea()
        scroll.setAccessibleName(tr("Settings"))
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll = scroll
        layout.addWidget(scroll)
        self._trouble = QLabel(self)
        self._trouble.setTextFormat(Qt.TextFormat.PlainText)
        self._trouble.setForegroundRole(ODD)
        take_given_width(self._trouble)
        self._trouble.hide()
        layout.addWidget(self._trouble)
        buttons = QDialogButtonBox.StandardButton
        layout.addWidget(_buttons(self, buttons.Ok | buttons.Cancel))
        self.resize(720, min(inside.sizeHint().height() + 110, 680))

    def _add_told(self, form: QFormLayout, preview: PassPreview, name: str) -> None:
        """A line on what a change of this setting does, below the one that was changed last."""
        told, editor = Note(), self._editors[name]
        told.setForegroundRole(QPalette.ColorRole.WindowText)
        told.hide()
        form.addRow("", told)
        assert isinstance(editor, QSpinBox)

        def ask() -> None:
            self._asked = name
            preview.ask(self.chosen().pass_rules)

        def tell(change: PassChange | None) -> None:
            told.setText(wording.change_text(change))
            told.setVisible(self._asked == name and (change is not None or preview.busy))

        editor.valueChanged.connect(ask)
        preview.changed.connect(tell)

    def chosen(self) -> Settings:
        """The settings as they stand in the dialog."""
        values = {
            name: _value(editor, getattr(self._settings, name)) for name, editor in self._editors.items()
        }
        return replace(self._settings, **values)

    def accept(self) -> None:
        """Close, unless something stands there that could not be used."""
        try:
            read_list(self.chosen().listed_plates, tr("the listed plates"))
        except UserError as error:
            self._trouble.setText(display_text(str(error)))
            self._trouble.show()
            self._editors["listed_plates"].setFocus()
            self._scroll.ensureWidgetVisible(self._editors["listed_plates"])
        else:
            super().accept()


def _editor(value: Any, choices: Mapping[Any, str]) -> QWidget:
    if choices:
        combo = QComboBox()
        for choice, text in choices.items():
            combo.addItem(text, choice)
        combo.setCurrentIndex(combo.findData(value))
        return combo
    if isinstance(value, bool):
        box = QCheckBox()
        box.setChecked(value)
        return box
    if isinstance(value, int):
        spin = QSpinBox()
        spin.setRange(0, 1_000_000_000)
        spin.setValue(value)
        return spin
    if isinstance(value, str):
        return QLineEdit(value)
    line = QLineEdit("; ".join(value))
    line.setPlaceholderText(tr("separated by semicolons"))
    return line


def _value(editor: QWidget, before: Any) -> Any:
    if isinstance(editor, QComboBox):
        return editor.currentData()
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, QSpinBox):
        return editor.value()
    assert isinstance(editor, QLineEdit)
    if isinstance(before, str):
        return editor.text().strip()
    return tuple(part.strip() for part in editor.text().split(";") if part.strip())
