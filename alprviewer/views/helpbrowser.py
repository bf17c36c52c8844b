"""The manual on the screen: contents and search at the left, the page at the right. Nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QKeySequence,
    QShortcut,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from alprviewer.language import tr
from alprviewer.views.fields import make_clearable
from alprviewer.views.icons import icon
from alprviewer.views.looks import MUTED
from alprviewer.views.theme import SPACE, theme_of

_WIDEST = 720
"""Device-independent pixels that a picture may take."""
_HEADINGS = {1: 1.55, 2: 1.2, 3: 1.05}
"""Sizes of headings, measured against the text."""


class HelpPage(Protocol):
    """What is shown."""

    @property
    def name(self) -> str:
        """By which links name it."""

    @property
    def title(self) -> str:
        """Its heading."""

    @property
    def text(self) -> str:
        """Markdown."""


class _Reader(QTextBrowser):
    """A page. Pictures come from one folder, by their bare names; nothing else is ever loaded."""

    def __init__(self, pictures: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self.setOpenLinks(False)
        self.setAccessibleName(tr("Page"))
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(6 * SPACE)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A picture of the manual, at most as wide as its column; nothing for every other address."""
        address = QUrl(name)
        path = self._pictures / Path(address.path()).name
        if kind != QTextDocument.ResourceType.ImageResource.value or address.scheme() or not path.is_file():
            return None
        image = QImage(str(path))
        widest = min(_WIDEST, max(self.viewport().width() - 14 * SPACE, 200), image.width())
        ratio = self.devicePixelRatioF()
        image = image.scaledToWidth(round(widest * ratio), Qt.TransformationMode.SmoothTransformation)
        image.setDevicePixelRatio(ratio)
        return image


class HelpBrowser(QWidget):
    """Shows pages, and finds them.

    Args:
        pages: all, in the order of the contents.
        search: the pages that hold a text, best first.
        pictures: the folder of their pictures.

    Signals:
        shown(str): this page is shown now.
    """

    shown = Signal(str)

    def __init__(
        self,
        pages: Sequence[HelpPage],
        search: Callable[[str], Sequence[HelpPage]],
        pictures: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._pages = {page.name: page for page in pages}
        self._search = search
        self._history: list[str] = []
        self.edit = QLineEdit(self)
        self.edit.setPlaceholderText(tr("Search the help"))
        self.edit.setAccessibleName(tr("Search the help"))
        make_clearable(self.edit)
        self.contents = QListWidget(self)
        self.contents.setAccessibleName(tr("Pages"))
        self.contents.setFrameShape(QListWidget.Shape.NoFrame)
        self.contents.setWordWrap(True)
        self.contents.setSpacing(SPACE // 2)
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._note = QLabel(tr("No page holds all of these words."), self)
        self._note.setForegroundRole(MUTED)
        self._note.setWordWrap(True)
        self.reader = _Reader(pictures, self)
        self.back = QToolButton(self)
        self.back.setAutoRaise(True)
        self.back.setAccessibleName(tr("Back to the page before"))
        self.back.setToolTip(tr("Back to the page before (Alt+Left)"))
        self._lay_out()
        self.edit.textChanged.connect(lambda _: self._list())
        self.edit.returnPressed.connect(self._take_first)
        self.contents.currentItemChanged.connect(self._take)
        self.reader.anchorClicked.connect(self._follow)
        self.back.clicked.connect(self.go_back)
        keys = ((QKeySequence("Alt+Left"), self.go_back), (QKeySequence.StandardKey.Find, self.edit.setFocus))
        for key, slot in keys:
            QShortcut(key, self, slot)
        self._list()
        self._take_look()

    def _lay_out(self) -> None:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 0, 2 * SPACE)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addWidget(self.edit, 1)
        column.addLayout(row)
        column.addWidget(self._note)
        column.addWidget(self.contents, 1)
        split = QSplitter(self)
        split.setChildrenCollapsible(False)
        split.addWidget(side)
        split.addWidget(self.reader)
        split.setStretchFactor(1, 1)
        split.setSizes([230, 730])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)

    # --- which page -------------------------------------------------------------------------------

    @property
    def page(self) -> str:
        """The name of the page that is shown; empty before the first."""
        return self._history[-1] if self._history else ""

    @property
    def title(self) -> str:
        """The title of the page that is shown."""
        return self._pages[self.page].title if self.page else ""

    def show_page(self, name: str) -> None:
        """Show a page; one that there is not is left alone."""
        if name not in self._pages:
            return
        if name != self.page:
            self._history.append(name)
        self._show()

    def go_back(self) -> None:
        """The page before."""
        if len(self._history) > 1:
            self._history.pop()
            self._show()

    def _show(self) -> None:
        page = self._pages[self.page]
        document = self.reader.document()
        document.setMarkdown(page.text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self._dress(document)
        self.reader.moveCursor(QTextCursor.MoveOperation.Start)
        self._mark_words()
        self.back.setEnabled(len(self._history) > 1)
        self._mark_current()
        self.shown.emit(page.name)

    def _mark_current(self) -> None:
        with QSignalBlocker(self.contents):
            for place in range(self.contents.count()):
                if self.contents.item(place).data(Qt.ItemDataRole.UserRole) == self.page:
                    self.contents.setCurrentRow(place)

    def _follow(self, address: QUrl) -> None:
        """A link to another page; any other address is text to read, not to open."""
        if not address.scheme() and not address.host():
            self.show_page(Path(address.path()).stem)

    # --- search -----------------------------------------------------------------------------------

    def _list(self) -> None:
        wanted = self.edit.text().strip()
        found = self._search(wanted) if wanted else list(self._pages.values())
        with QSignalBlocker(self.contents):
            self.contents.clear()
            for page in found:
                item = QListWidgetItem(page.title, self.contents)
                item.setData(Qt.ItemDataRole.UserRole, page.name)
            self.contents.setCurrentRow(-1)
        self._note.setVisible(not found)
        self._mark_current()
        self._mark_words()

    def _take_first(self) -> None:
        if self.contents.count():
            self.contents.setCurrentRow(0)
            self.show_page(self.contents.item(0).data(Qt.ItemDataRole.UserRole))

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.show_page(item.data(Qt.ItemDataRole.UserRole))

    def _mark_words(self) -> None:
        """Mark what was searched for, and bring the first of it into sight."""
        look = theme_of(self.palette())
        marks = []
        for word in self.edit.text().split():
            cursor = QTextCursor(self.reader.document())
            while not (cursor := self.reader.document().find(word, cursor)).isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = cursor
                mark.format.setBackground(QColor(look.selection))
                mark.format.setForeground(QColor(look.on_selection))
                marks.append(mark)
        self.reader.setExtraSelections(marks)
        if marks:
            first = min((mark.cursor for mark in marks), key=lambda cursor: cursor.position())
            place = QTextCursor(first)
            place.clearSelection()
            self.reader.setTextCursor(place)

    # --- look -------------------------------------------------------------------------------------

    def _dress(self, document: QTextDocument) -> None:
        """Sizes of headings, air between paragraphs, quiet tables: what Markdown does not say."""
        look = theme_of(self.palette())
        size = self.reader.font().pointSizeF()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        block = document.begin()
        while block.isValid():
            cursor.setPosition(block.position())
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            level = block.blockFormat().headingLevel()
            spacing = QTextBlockFormat()
            if "\ufffc" not in block.text():  # the character that stands for a picture
                spacing.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            if level:
                letters = QTextCharFormat()
                letters.setFontPointSize(size * _HEADINGS.get(level, 1.0))
                letters.setFontWeight(QFont.Weight.DemiBold)
                cursor.mergeCharFormat(letters)
                spacing.setTopMargin(4 * SPACE if level > 1 else 0)
                spacing.setBottomMargin(2 * SPACE)
            elif QTextCursor(block).currentTable() is not None:
                spacing.setTopMargin(0)
                spacing.setBottomMargin(0)
            cursor.mergeBlockFormat(spacing)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                form = frame.format()
                form.setBorderBrush(QColor(look.line))
                form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                form.setBorder(1)
                form.setBorderCollapse(True)
                form.setCellPadding(SPACE)
                form.setTopMargin(SPACE)
                form.setBottomMargin(2 * SPACE)
                form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
                frame.setFormat(form)
        cursor.endEditBlock()

    def _take_look(self) -> None:
        self.back.setIcon(icon("previous", theme_of(self.palette()).muted))

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "reader"):
            self._take_look()
            if self.page:
                self._show()
