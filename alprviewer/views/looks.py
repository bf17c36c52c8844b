"""Small things that several panes do alike: smaller fonts, quieter words."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy

SMALL = 12 / 13
"""Size of secondary words, measured against the pane's own."""
TINY = 11 / 13

MUTED = QPalette.ColorRole.PlaceholderText
"""Foreground role of quiet words. A colour set by hand would not survive a change of the style sheet."""
ODD = QPalette.ColorRole.BrightText
"""Foreground role of words on something that a person would not expect."""


def scaled_font(base: QFont, scale: float, weight: QFont.Weight | None = None) -> QFont:
    """The font, larger or smaller, whether its size is in pixels or in points."""
    font = QFont(base)
    if font.pixelSize() > 0:
        font.setPixelSize(max(round(font.pixelSize() * scale), 1))
    elif font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * scale)
    if weight is not None:
        font.setWeight(weight)
    return font


def tabular(font: QFont) -> QFont:
    """The font with digits of one width, so that numbers stand below each other."""
    font = QFont(font)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def take_given_width(label: QLabel) -> None:
    """Wrap the words into whatever width there is: a long name of a file must not push panes aside."""
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)


def plain_tip(text: str) -> str:
    """A text of one line for a tooltip, which takes anything that looks like rich text for it.

    Only such a text is escaped: in any other the reader would see ``&amp;`` and ``&#x27;``.
    """
    return html.escape(text) if "<" in text else text


def claims_escape(event: QEvent) -> bool:
    """Accept the question whether Escape, about to be a shortcut, is wanted as a key here."""
    is_question = event.type() == QEvent.Type.ShortcutOverride
    if is_question and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
        event.accept()
        return True
    return False
