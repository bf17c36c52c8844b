"""How the application is made: the languages of Qt's own words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from alprviewer.language import LANGUAGES, VARIABLE

ROOT = Path(__file__).parents[2]
SAID = """
import json
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit
from alprviewer.app.main import application

app = application()
box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
field = QLineEdit()
menu = field.createStandardContextMenu()
keys = [QKeySequence(text).toString(QKeySequence.SequenceFormat.PortableText) for text in json.loads(input())]
print(json.dumps([box.buttons()[0].text(), menu.actions()[0].text().partition("\\t")[0], keys]))
"""
WORDS = {
    "en": ("Cancel", "&Undo"),
    "de": ("Abbrechen", "&Rückgängig"),
    "es": ("Cancelar", "&Deshacer"),
}
MODIFIERS = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier,
)


def key_texts() -> list[str]:
    """Every key that is ASCII or has a name, alone and with modifiers, as settings name it."""
    portable = QKeySequence.SequenceFormat.PortableText
    keys = [key for key in Qt.Key.__members__.values() if key.value < 0x80 or key.value >= Qt.Key.Key_Escape]
    texts = {QKeySequence(key | modifiers).toString(portable) for key in keys for modifiers in MODIFIERS}
    return sorted(
        text
        for text in texts
        if text and text.isascii() and text.isprintable() and QKeySequence(text).toString(portable) == text
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_qt_speaks_the_language_of_the_window_and_keys_keep_their_names_in_settings(language):
    texts = key_texts()
    assert {"Ctrl+End", "Alt+Shift+Del", "Ctrl+1"} <= set(texts)
    environment = {**os.environ, VARIABLE: language, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", SAID],
        env=environment,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    button, undo, keys = json.loads(done.stdout)
    assert (button, undo) == WORDS[language]
    assert keys == texts
    assert done.stderr == ""
