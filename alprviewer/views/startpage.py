"""The page of an empty window: what to do next, in order of likelihood."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from alprviewer.core.plates import display_text
from alprviewer.language import tr, trc
from alprviewer.sources.live.endpoint import is_live
from alprviewer.views.icons import Mark, sharp_pixmap
from alprviewer.views.looks import MUTED, SMALL, scaled_font
from alprviewer.views.theme import SPACE, theme_of

MOST_RECENT = 8
UNDERSTOOD = tr(
    "Opens the plate results of Rekor Scout and OpenALPR, from agents and from alpr -j: JSON Lines, "
    "single values, arrays, pretty-printed or one after another, with noise between them; groups, alerts and "
    "heartbeats; UTF-8 and UTF-16; packed with gzip, bzip2, xz or zstd."
)


class Choice(QAbstractButton):
    """A line to choose: an icon, a title, a quieter second line, the keys at the right."""

    def __init__(
        self, name: str, title: str, detail: str = "", keys: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._keys = name, keys
        self.setText(title)
        self.set_detail(detail)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_detail(self, detail: str) -> None:
        """Another second line."""
        self._detail = detail
        self.setAccessibleName(", ".join(part for part in (self.text(), detail, self._keys) if part))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for two lines."""
        return QSize(280, 2 * self.fontMetrics().height() + 4 * SPACE)

    def minimumSizeHint(self) -> QSize:
        """May become narrow; the texts are then elided."""
        return QSize(160, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses too, not only the space bar."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Quiet until the mouse or the keyboard is on it."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_lit = self.underMouse() or self.isDown()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if is_lit or self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.selection) if is_lit else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 6, 6)
        mark = sharp_pixmap(self._name, theme.accent, 20, self)
        painter.drawPixmap(3 * SPACE, (self.height() - 20) // 2, mark)
        self._paint_texts(painter, theme.on_selection if is_lit else theme.text, theme.muted)

    def _paint_texts(self, painter: QPainter, colour: str, muted: str) -> None:
        line = self.fontMetrics().height()
        inside = self.rect().adjusted(11 * SPACE, 2 * SPACE, -3 * SPACE, -2 * SPACE)
        small = scaled_font(self.font(), SMALL)
        if self._keys:
            painter.setFont(small)
            painter.setPen(QColor(muted))
            painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._keys)
            inside.setRight(inside.right() - painter.fontMetrics().horizontalAdvance(self._keys) - 2 * SPACE)
        bold = scaled_font(self.font(), 1, QFont.Weight.DemiBold)
        first = QRect(inside.left(), inside.top(), inside.width(), line)
        if not self._detail:
            first.moveTop((self.height() - line) // 2)
        self._paint_line(painter, first, bold, colour, self.text())
        second = QRect(inside.left(), inside.top() + line, inside.width(), line)
        self._paint_line(painter, second, small, muted, self._detail)

    @staticmethod
    def _paint_line(painter: QPainter, place: QRect, font: QFont, colour: str, text: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class DropArea(QWidget):
    """Says that files may be dropped. The window receives them; this only shows where."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_active = False
        self.setMinimumHeight(18 * SPACE)
        self.setAccessibleName(tr("Drop files or folders anywhere in the window"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A dashed frame with words in it."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(QColor(theme.accent if self.is_active else theme.muted), 1.25, Qt.PenStyle.DashLine)
        )
        painter.setBrush(QColor(theme.selection if self.is_active else theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.setPen(QColor(theme.on_selection if self.is_active else theme.muted))
        words = (
            tr("Drop to open") if self.is_active else tr("or drop files and folders anywhere in this window")
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)


class StartPage(QWidget):
    """Signals: one for each choice, named after its action; open_recent with the name given."""

    open_files = Signal()
    open_folder = Signal()
    connect_source = Signal()
    open_sample = Signal()
    try_live = Signal()
    show_news = Signal()
    open_recent = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(trc("start page", "Start"))
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self._mark = Mark(56, self)
        self._title = self._label("alprviewer")
        self._drop = DropArea(self)
        self._recent_box = QWidget(self)
        inside = QWidget(self)
        inside.setMaximumWidth(960)
        self._lay_out(inside)
        around = QHBoxLayout()
        around.setContentsMargins(6 * SPACE, 6 * SPACE, 6 * SPACE, 6 * SPACE)
        around.addStretch(1)
        around.addWidget(inside, 100)
        around.addStretch(1)
        page = QWidget(self)
        page.setBackgroundRole(QPalette.ColorRole.Base)
        centred = QVBoxLayout(page)
        centred.setContentsMargins(0, 0, 0, 0)
        centred.addStretch(2)
        centred.addLayout(around)
        centred.addStretch(3)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        area.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self.setFocusProxy(self._files)
        self.set_recent([])
        self.set_news("")
        self._take_font()

    def _label(self, text: str, is_quiet: bool = False) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(is_quiet)
        label.setText(text)
        if is_quiet:
            label.setForegroundRole(MUTED)
        return label

    def _lay_out(self, inside: QWidget) -> None:
        head = QHBoxLayout()
        head.setSpacing(4 * SPACE)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(
            self._label(tr("See, check and search the plate reads of your cameras."), is_quiet=True)
        )
        head.addWidget(self._mark)
        head.addLayout(words, 1)
        self._files = self._choice("open", tr("Open files…"), tr("Result files, also packed ones"), "Ctrl+O")
        self._files.clicked.connect(self.open_files)
        folder = self._choice(
            "folder", tr("Open folder…"), tr("Every result file in it, with its pictures"), "Ctrl+Shift+O"
        )
        folder.clicked.connect(self.open_folder)
        connect = self._choice(
            "live", tr("Connect to a live source…"), tr("Agents, queues and sockets"), "Ctrl+Shift+L"
        )
        connect.clicked.connect(self.connect_source)
        sample = self._choice(
            "sample", tr("Open the sample capture"), tr("Sixty vehicles at two cameras, to learn with")
        )
        sample.clicked.connect(self.open_sample)
        live = self._choice(
            "live", tr("Try live"), tr("The sample again, received on this machine as if an agent sent it")
        )
        live.clicked.connect(self.try_live)
        begin = QVBoxLayout()
        begin.setSpacing(0)
        begin.addWidget(self._section(trc("start page", "Start")))
        self._news = self._choice("star", tr("What's new"), "")
        self._news.clicked.connect(self.show_news)
        for choice in (self._files, folder, connect, sample, live, self._news):
            begin.addWidget(choice)
        begin.addStretch(1)
        recent = QVBoxLayout(self._recent_box)
        recent.setContentsMargins(0, 0, 0, 0)
        recent.setSpacing(0)
        recent.addWidget(self._section(tr("Recent")))
        recent.addLayout(self._recent)
        recent.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(8 * SPACE)
        columns.addLayout(begin, 1)
        columns.addWidget(self._recent_box, 1)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6 * SPACE)
        layout.addLayout(head)
        layout.addLayout(columns)
        layout.addWidget(self._drop)
        layout.addWidget(self._label(UNDERSTOOD, is_quiet=True))

    def _section(self, text: str) -> QLabel:
        label = self._label(text, is_quiet=True)
        label.setContentsMargins(3 * SPACE, 0, 0, SPACE)
        return label

    def _choice(self, name: str, title: str, detail: str, keys: str = "") -> Choice:
        return Choice(name, title, detail, keys, self)

    def set_recent(self, paths: list[str]) -> None:
        """Show what was opened lately, newest first; the column is hidden while there is nothing."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # its own click may be what led here: it lives on until that is over
                widget.deleteLater()
        for path in paths[:MOST_RECENT]:
            place = PurePath(path)
            title = display_text(place.name or path)
            detail = display_text(str(place.parent)) if place.name else ""
            if is_live(path):
                title, detail = display_text(path), tr("live")
            choice = self._choice("recent", title, detail)
            choice.clicked.connect(lambda _checked=False, path=path: self.open_recent.emit(path))
            self._recent.addWidget(choice)
        self._recent_box.setVisible(bool(paths))

    def set_news(self, version: str) -> None:
        """Offer to tell what is new in a version; not where it is empty."""
        detail = tr("This is version {version}, another one than the last time", version=version)
        self._news.set_detail(detail)
        self._news.setVisible(bool(version))

    def set_drop_active(self, is_active: bool) -> None:
        """Show that something which can be opened is held over the window."""
        self._drop.is_active = is_active
        self._drop.update()

    def _take_font(self) -> None:
        self._title.setFont(scaled_font(self.font(), 24 / 13, QFont.Weight.DemiBold))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._take_font()
