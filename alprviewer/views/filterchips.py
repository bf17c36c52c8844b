"""Buttons for the fields that are filtered by most: each offers values and shows what is set."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QWidget

from alprviewer.core.plates import display_text
from alprviewer.core.query.complete import terms_of
from alprviewer.core.query.tree import Between, Compare, Moment, TextTerm, Tree, Value
from alprviewer.core.query.unparse import number_text, unparse, unparse_match
from alprviewer.language import tr
from alprviewer.views.chips import chip_font
from alprviewer.views.theme import SPACE, theme_of

Choices = Callable[[], list[tuple[str, str]]]
"""Entries of a chip's menu, made when it opens: their words, and the term of each."""
_WIDEST = 180
"""Pixels; longer texts are cut."""


class ChipSpec(NamedTuple):
    """A chip: the field of its terms, its words, what it does, and what the menu's first entry says."""

    field: str
    title: str
    purpose: str
    nothing: str


CHIPS = (
    ChipSpec("time", tr("Time"), tr("Filter by time"), tr("Any time")),
    ChipSpec("camera", tr("Camera"), tr("Filter by camera"), tr("Any camera")),
    ChipSpec("conf", tr("Confidence"), tr("Filter by confidence"), tr("Any confidence")),
)


def words_of(terms: tuple[Tree, ...]) -> str:
    """What terms of one field ask for, in few words."""
    return ", ".join(_words(term) for term in terms)


def _words(term: Tree) -> str:
    match term:
        case TextTerm(_, match):
            return unparse_match(match).strip('"')
        case Compare(_, operator, value):
            return _value(value) if operator == ":" else f"{operator} {_value(value)}"
        case Between(_, Moment() as low, Moment() as high) if (
            low.text[:11] == high.text[:11] and "T" in low.text
        ):
            return f"{low.text.replace('T', ' ')} – {high.text[11:]}"  # the date once
        case Between(_, low, high):
            return f"{_value(low)} – {_value(high)}".strip()
    return unparse(term)


def _value(value: Value | None) -> str:
    if value is None:
        return ""
    return value.text if isinstance(value, Moment) else number_text(value)


class FilterChip(QAbstractButton):
    """A pill that opens a menu. One that is set has a ground of its own and says what it is set to.

    Signals:
        wanted(str): the term of an entry was chosen; empty for none.
    """

    wanted = Signal(str)

    def __init__(self, spec: ChipSpec, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._choices = choices
        self._is_set = False
        self.setFont(chip_font(self.font()))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open_menu)
        self.show_terms(())

    def show_terms(self, terms: tuple[Tree, ...]) -> None:
        """Say what the query asks of the field."""
        self._is_set = bool(terms)
        words = display_text(words_of(terms))
        text = (
            self.spec.title
            if not terms
            else words
            if self.spec.field == "time"
            else f"{self.spec.title} {words}"
        )
        metrics = QFontMetricsF(self.font())
        self.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, _WIDEST))
        self.setToolTip("")
        self.setAccessibleName(self.spec.purpose + (f": {words}" if terms else ""))
        self.updateGeometry()
        self.update()

    @property
    def is_set(self) -> bool:
        """True if the query asks for the field."""
        return self._is_set

    def menu(self) -> QMenu:
        """The entries as they are now."""
        menu = QMenu(self)
        nothing = menu.addAction(self.spec.nothing)
        nothing.setEnabled(self._is_set)
        nothing.triggered.connect(lambda: self.wanted.emit(""))
        menu.addSeparator()
        for words, term in self._choices():
            text = display_text(words).replace("&", "&&")
            menu.addAction(text).triggered.connect(lambda _=False, term=term: self.wanted.emit(term))
        return menu

    def open_menu(self) -> None:
        """Show the menu below."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + SPACE)))

    def sizeHint(self) -> QSize:
        """Room for the words in a pill."""
        metrics = QFontMetricsF(self.font())
        width = metrics.horizontalAdvance(self.text()) + 6 * SPACE
        return QSize(round(width + 0.5), round(metrics.height()) + 2 * SPACE + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, border and words."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        strong = self._is_set or focused
        painter.setPen(QPen(QColor(theme.accent if strong else theme.line), 2 if focused else 1))
        painter.setBrush(QColor(theme.selection if self._is_set else theme.surface))
        inset = 1.0 if focused else 0.5
        area = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setPen(QColor(theme.on_selection if self._is_set else theme.muted))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())


class FilterChips(QWidget):
    """The chips in a row.

    Signals:
        wanted(str, str): a field, and the term that it is to be asked for; empty for none.
    """

    wanted = Signal(str, str)

    def __init__(
        self, choices: Callable[[str], list[tuple[str, str]]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        self.chips: dict[str, FilterChip] = {}
        for spec in CHIPS:
            chip = self.chips[spec.field] = FilterChip(spec, partial(choices, spec.field), self)
            chip.wanted.connect(partial(self.wanted.emit, spec.field))
            layout.addWidget(chip)

    def show_tree(self, tree: Tree | None) -> None:
        """Say what a query asks for."""
        for field, chip in self.chips.items():
            chip.show_terms(terms_of(tree, field))
