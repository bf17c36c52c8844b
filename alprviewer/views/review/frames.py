"""The grounds that the parts of the review page stand on."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from alprviewer.views.theme import SPACE

MARGIN = 4 * SPACE


def named(name: str) -> QFrame:
    """A frame that the style sheet knows by its name."""
    frame = QFrame()
    frame.setObjectName(name)
    return frame


def column_of(*parts: QWidget | tuple[QWidget, int]) -> QWidget:
    """Parts below one another; a number says that a part takes the room that is left."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(MARGIN, 3 * SPACE, MARGIN, 3 * SPACE)
    layout.setSpacing(3 * SPACE)
    for part in parts:
        widget, stretch = part if isinstance(part, tuple) else (part, 0)
        layout.addWidget(widget, stretch)
    return column


def side_of(side: str, *parts: QWidget | tuple[QWidget, int]) -> QFrame:
    """Parts below one another at a side of the page (``left`` or ``right``)."""
    frame = named("reviewSide")
    frame.setProperty("side", side)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    layout.setSpacing(MARGIN)
    for part in parts:
        widget, stretch = part if isinstance(part, tuple) else (part, 0)
        layout.addWidget(widget, stretch)
    layout.addStretch(0 if any(isinstance(part, tuple) for part in parts) else 1)
    return frame
