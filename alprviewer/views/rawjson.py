"""The raw JSON of what is selected: indented, coloured, to search in and to copy as it was received."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from alprviewer.core.jsontext import as_received, bytes_text, indented
from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.models.shown import NOTHING, Shown
from alprviewer.views.findbar import FindBar
from alprviewer.views.icons import icon
from alprviewer.views.looks import MUTED, SMALL, scaled_font, take_given_width
from alprviewer.views.theme import SPACE, Theme, plate_font, theme_of

COLOURED_CHARACTERS = 100_000
"""Texts up to here are coloured; colouring a longer one would be felt."""
_MOST_MARKED = 500

_token = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*"(?=:))|(?P<text>"(?:[^"\\]|\\.)*")|(?P<jpeg><jpeg [^>]*>)'
    r"|(?P<word>\b(?:true|false|null)\b)|(?P<number>-?\b\d[\d.eE+-]*)|(?P<mark>[\[\]{},:])"
)


class JsonColours(QSyntaxHighlighter):
    """Quiet colours: names in the accent, texts plain, numbers and words apart, brackets muted."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self.enabled = True

    def set_theme(self, theme: Theme) -> None:
        """Take over the colours and colour anew."""
        colours = {
            "key": theme.plate,
            "number": theme.roi,
            "word": theme.roi,
            "jpeg": theme.differs,
            "mark": theme.muted,
        }
        for name, colour in colours.items():
            self._formats[name] = QTextCharFormat()
            self._formats[name].setForeground(QColor(colour))
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line. Qt counts UTF-16 units: lines with characters beyond those are left plain."""
        if not self.enabled or not text or max(text) > "\uffff":
            return
        for match in _token.finditer(text):
            form = self._formats.get(match.lastgroup or "")
            if form is not None:
                self.setFormat(match.start(), match.end() - match.start(), form)


def _shown_text(shown: Shown) -> tuple[str, bool, tuple[int, int] | None]:
    """The text to show, whether it is all of it, and the characters that a problem is about."""
    if shown.marked is None:
        text, is_whole = (as_received if shown.value is None else indented)(shown.raw)
        return text, is_whole, None
    start, end = shown.marked
    # Each part for itself: passwords are hidden and long texts cut, which would move the mark.
    parts = [as_received(part)[0] for part in (shown.raw[:start], shown.raw[start:end], shown.raw[end:])]
    marked = (len(parts[0]), len(parts[0]) + len(parts[1]))
    return "".join(parts), True, marked


class RawJsonPane(QWidget):
    """Shows the JSON of one item. Works only while it can be seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Raw JSON"))
        self._shown = NOTHING
        self._marked: tuple[int, int] | None = None
        self._is_stale = False
        self._note = QLabel(self)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setForegroundRole(MUTED)
        take_given_width(self._note)
        self._text = QPlainTextEdit(self)
        self._text.setReadOnly(True)
        self._text.setAccessibleName(tr("Raw JSON text"))
        self._text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._colours = JsonColours(self._text.document())
        self._copy = self._make_button(
            "copy", tr("Copy JSON"), tr("Copy the JSON as received, whole"), self.copy_json
        )
        self._find = self._make_button("search", "", tr("Find (Ctrl+F)"), self.open_find)
        self._bar = FindBar(self)
        self._bar.hide()
        self._bar.changed.connect(self._mark_matches)
        self._bar.next_wanted.connect(lambda: self.find_text(backward=False))
        self._bar.previous_wanted.connect(lambda: self.find_text(backward=True))
        self._bar.closed.connect(self._close_find)
        self._lay_out()
        self._add_keys()
        self.setFocusProxy(self._text)
        self._take_look()
        self.show_item(NOTHING)

    def _make_button(self, name: str, text: str, tip: str, slot: Any) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        if text:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(3 * SPACE, SPACE, SPACE, SPACE)
        head.setSpacing(SPACE)
        head.addWidget(self._note, 1)
        head.addWidget(self._find)
        head.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._bar)
        layout.addWidget(self._text, 1)

    def _add_keys(self) -> None:
        for keys, slot in (
            (QKeySequence(Qt.Key.Key_F3), lambda: self.find_text(backward=False)),
            (QKeySequence("Shift+F3"), lambda: self.find_text(backward=True)),
        ):
            action = QAction(self)
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(slot)
            self.addAction(action)

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+F from the window's shortcuts while the pane has the keyboard."""
        is_question = event.type() == QEvent.Type.ShortcutOverride
        if is_question and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Find):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+F finds in the text."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.open_find()
        else:
            super().keyPressEvent(event)

    def show_item(self, shown: Shown) -> None:
        """Show the JSON of an item, now or as soon as the pane is seen."""
        self._shown = shown
        self._is_stale = True
        if self.isVisible():
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        self._refresh()
        super().showEvent(event)

    def _refresh(self) -> None:
        # Bytes around a problem stand in long lines, and the marked place must be in sight.
        wrap, bar = QPlainTextEdit.LineWrapMode, Qt.ScrollBarPolicy
        is_wrapped = self._shown.value is None
        self._text.setLineWrapMode(wrap.WidgetWidth if is_wrapped else wrap.NoWrap)
        # Qt leaves a bar of the width of the other one where a long text has just been wrapped.
        off, needed = bar.ScrollBarAlwaysOff, bar.ScrollBarAsNeeded
        self._text.setHorizontalScrollBarPolicy(off if is_wrapped else needed)
        if not self._is_stale:
            return
        self._is_stale = False
        shown = self._shown
        # A value that cannot be parsed keeps the line breaks that it came with.
        text, is_whole, self._marked = _shown_text(shown)
        self._colours.enabled = len(text) <= COLOURED_CHARACTERS
        self._text.setPlainText(text)
        self._note.setText(self._words(shown, is_whole))
        self._copy.setEnabled(bool(shown.raw))
        self._find.setEnabled(bool(shown.raw))
        self._mark_matches()
        if self._marked is not None:
            self._text.setTextCursor(self._cursor(self._marked[0], self._marked[0]))
            self._text.centerCursor()

    def _cursor(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self._text.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    @staticmethod
    def _words(shown: Shown, is_whole: bool) -> str:
        if shown.failure:
            return display_text(shown.failure, 400)
        if not shown.raw:
            return tr("Select a row to see its JSON.")
        if shown.marked is not None:
            return tr("What stands around byte {offset:,}", offset=shown.offset)
        words = bytes_text(shown.length or len(shown.raw))
        if not is_whole:
            return tr("{size} · only the first part is shown; Copy JSON takes all of it", size=words)
        if shown.value is None:
            return tr("{size} · cannot be parsed, shown as received", size=words)
        return words

    @property
    def text(self) -> str:
        """The text as it is shown."""
        return self._text.toPlainText()

    def copy_json(self) -> None:
        """Put the text of the value on the clipboard as it was received: nothing cut, nothing hidden."""
        if self._shown.raw:
            QGuiApplication.clipboard().setText(self._shown.raw)

    def open_find(self) -> None:
        """Open the search bar with what is selected in the text."""
        selected = self._text.textCursor().selectedText()
        self._bar.open("" if "\u2029" in selected else selected)

    def _close_find(self) -> None:
        self._text.setExtraSelections([])
        self._text.setFocus()

    def find_text(self, backward: bool) -> None:
        """Go to the next or previous match; at the end begin again."""
        wanted = self._bar.text
        if not wanted:
            return
        flag = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        if not self._text.find(wanted, flag):
            cursor = self._text.textCursor()
            cursor.movePosition(
                QTextCursor.MoveOperation.End if backward else QTextCursor.MoveOperation.Start
            )
            self._text.setTextCursor(cursor)
            self._text.find(wanted, flag)

    def _mark_matches(self) -> None:
        wanted = self._bar.text if self._bar.isVisible() else ""
        if not wanted:
            self._text.setExtraSelections(self._place_of_problem())
            self._bar.set_count(None)
            return
        self._bar.set_count(self.text.lower().count(wanted.lower()))
        self._text.setExtraSelections(self._selections(wanted))

    def _place_of_problem(self) -> list[QTextEdit.ExtraSelection]:
        if self._marked is None:
            return []
        theme = theme_of(self.palette())
        selection = QTextEdit.ExtraSelection()
        selection.cursor = self._cursor(*self._marked)
        form = QTextCharFormat()
        form.setBackground(QColor(theme.selection))
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(QColor(theme.bad))
        selection.format = form
        return [selection]

    def _selections(self, wanted: str) -> list[QTextEdit.ExtraSelection]:
        made: list[QTextEdit.ExtraSelection] = []
        theme = theme_of(self.palette())
        form = QTextCharFormat()
        form.setBackground(QColor(theme.selection))
        form.setForeground(QColor(theme.on_selection))
        cursor = QTextCursor(self._text.document())
        while len(made) < _MOST_MARKED:
            cursor = self._text.document().find(wanted, cursor)
            if cursor.isNull():
                break
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = cursor, form
            made.append(selection)
        return made

    def _take_look(self) -> None:
        theme = theme_of(self.palette())
        self._text.setFont(plate_font(self.font(), SMALL, QFont.Weight.Normal))
        self._note.setFont(scaled_font(self.font(), SMALL))
        self._text.setTabStopDistance(4 * self._text.fontMetrics().horizontalAdvance(" "))
        self._text.document().setDocumentMargin(3 * SPACE)
        self._colours.set_theme(theme)
        self._copy.setIcon(icon("copy", theme.text))
        self._find.setIcon(icon("search", theme.text))
        self._mark_matches()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours and the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._take_look()
