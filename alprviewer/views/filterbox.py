"""The filter above the tables: a query, chips, saved and recent queries, and what is wrong with the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from alprviewer.core.errors import QueryError
from alprviewer.core.plates import display_text
from alprviewer.core.query.preview import preview
from alprviewer.core.query.tree import Tree
from alprviewer.core.query.unparse import unparse
from alprviewer.language import tr
from alprviewer.views.fields import make_clearable
from alprviewer.views.filterchips import FilterChips
from alprviewer.views.icons import icon
from alprviewer.views.looks import MUTED, ODD, SMALL, scaled_font
from alprviewer.views.queryedit import QueryEdit, Suggest
from alprviewer.views.theme import SPACE, plate_font, theme_of

_MOST_RECENT = 30
_LISTED = 10
"""Recent queries in the menu; the arrows reach the others."""
_TERMS = "plate:  candidate:  conf<  margin<  camera:  region:  time:  ~ABC123  %ABC123  /^AB/"
_HINT = tr("Plate, or {terms} …", terms=_TERMS)


class FilterBox(QFrame):
    """Asks for a query; its owner applies it and says what is wrong with it.

    Signals:
        query_changed(str): this query is to be applied.
        term_wanted(str, str): a field is to be asked for this term, or (empty) for none.
        left(): the keyboard is wanted elsewhere.
    """

    query_changed = Signal(str)
    term_wanted = Signal(str, str)
    left = Signal()

    def __init__(
        self,
        suggest: Suggest,
        choices: Callable[[str], list[tuple[str, str]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("filterBox")
        self.saved: list[str] = []
        self.edit = QueryEdit(suggest, self)
        self.edit.setPlaceholderText(_HINT)
        self.edit.setAccessibleName(tr("Filter"))
        make_clearable(self.edit)
        self._mark = QAction(tr("Filter"), self)
        self.edit.addAction(self._mark, QLineEdit.ActionPosition.LeadingPosition)
        self.chips = FilterChips(choices, self)
        self._kept = QToolButton(self)
        self._kept.setAutoRaise(True)
        self._kept.setIconSize(QSize(16, 16))
        self._kept.setToolTip(tr("Saved and recent filters"))
        self._kept.setAccessibleName(tr("Saved and recent filters"))
        self._kept.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._kept)
        self._menu.aboutToShow.connect(self.fill_menu)
        self._kept.setMenu(self._menu)
        self._note = QLabel(self)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setForegroundRole(ODD)
        self._note.setWordWrap(True)
        self._note.setAccessibleName(tr("What is wrong with the filter"))
        self._note.hide()
        self._preview = QLabel(self)
        self._preview.setTextFormat(Qt.TextFormat.PlainText)
        self._preview.setForegroundRole(MUTED)
        self._preview.setWordWrap(True)
        self._preview.setAccessibleName(tr("What the filter accepts"))
        self._preview.hide()
        self._lay_out()
        self.setFocusProxy(self.edit)
        self.edit.typed.connect(self._apply)
        self.edit.cleared.connect(self._apply)
        self.edit.entered.connect(self._enter)
        self.edit.left.connect(self.left)
        self.chips.wanted.connect(self.term_wanted)
        self._take_look()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        row.addWidget(self.edit, 1)
        row.addWidget(self._kept)
        row.addWidget(self.chips)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        layout.addLayout(row)
        layout.addWidget(self._note)
        layout.addWidget(self._preview)

    # --- the query --------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What stands in the line."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Apply another query, as if it had been entered."""
        self.edit.show_text(text)
        self._enter()

    def _apply(self) -> None:
        self.query_changed.emit(self.text)

    def _enter(self) -> None:
        self._apply()
        self.remember()

    def remember(self) -> None:
        """Keep the query among the recent ones, if there is nothing wrong with it."""
        text = self.text.strip()
        if text and self.edit.marked is None:
            history = self.edit.history
            history[:] = [text, *(each for each in history if each != text)][:_MOST_RECENT]

    def show_error(self, error: QueryError | None) -> None:
        """Say what is wrong and mark its place; None where nothing is."""
        self.edit.mark(error)
        self._note.setVisible(error is not None)
        if error is not None:
            self._note.setText(display_text(f"{error}.", 600))
            QAccessible.updateAccessibility(QAccessibleEvent(self._note, QAccessible.Event.Alert))

    @property
    def error(self) -> str:
        """What is said to be wrong; empty where nothing is."""
        return "" if self._note.isHidden() else self._note.text()

    def show_tree(self, tree: Tree | None) -> None:
        """Say what the query in force asks for, in the chips, and which readings it accepts."""
        self.chips.show_tree(tree)
        words = preview(tree)
        self._preview.setText(tr("Accepts {readings}", readings=words) if words else "")
        self._preview.setVisible(bool(words))

    @property
    def accepted(self) -> str:
        """Which readings the query accepts where it looks for misreads; empty where it does not."""
        return self._preview.text()

    def show_query(self, tree: Tree | None) -> None:
        """Write a query that was changed elsewhere, and apply it."""
        self.set_text(unparse(tree))

    # --- saved and recent queries -----------------------------------------------------------------

    def fill_menu(self) -> None:
        """Saved queries, recent ones, and what can be done with them."""
        menu = self._menu
        menu.clear()
        text = self.text.strip()
        is_good = bool(text) and self.edit.marked is None
        save = menu.addAction(tr("&Save this filter"))
        save.setEnabled(is_good and text not in self.saved)
        save.triggered.connect(lambda: self.saved.append(text))
        forget = menu.addAction(tr("&Forget this saved filter"))
        forget.setEnabled(text in self.saved)
        forget.triggered.connect(lambda: self.saved.remove(text))
        for title, queries in ((tr("Saved"), self.saved), (tr("Recent"), self.edit.history[:_LISTED])):
            if queries:
                menu.addSection(title)
            for query in queries:
                words = display_text(query, 80).replace("&", "&&")
                menu.addAction(words).triggered.connect(lambda _=False, query=query: self.set_text(query))
        menu.addSeparator()
        clear = menu.addAction(tr("&Clear the recent ones"))
        clear.setEnabled(bool(self.edit.history))
        clear.triggered.connect(self.edit.history.clear)

    def state(self) -> dict[str, Any]:
        """The query, recent ones and saved ones."""
        return {"text": self.text, "history": list(self.edit.history), "saved": list(self.saved)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Bring back recent and saved queries; whatever is not understood is passed over."""
        for kept, name in ((self.edit.history, "history"), (self.saved, "saved")):
            values = state.get(name)
            if isinstance(values, list):
                kept[:] = [value for value in values if isinstance(value, str)]

    # --- look -------------------------------------------------------------------------------------

    def _take_look(self) -> None:
        theme = theme_of(self.palette())
        self.edit.setFont(plate_font(self.font(), 1, self.font().weight()))
        self._note.setFont(scaled_font(self.font(), SMALL))
        self._preview.setFont(scaled_font(self.font(), SMALL))
        self._mark.setIcon(icon("search", theme.muted))
        self._kept.setIcon(icon("star", theme.muted))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours and the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_preview"):
            self._take_look()
