"""Small parts of the review page: pills, progress, the line of keys, the key card."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from alprviewer.language import tr, trn
from alprviewer.views.chips import chip_font
from alprviewer.views.looks import MUTED, SMALL, scaled_font, tabular
from alprviewer.views.review.keys import GROUPS, KEYS, Keymap
from alprviewer.views.review.lists import paint_key
from alprviewer.views.statusline import Elided
from alprviewer.views.theme import SPACE, theme_of


class Pill(QAbstractButton):
    """A choice or a fact in a rounded ground. It never takes the keyboard: keys are verdicts here."""

    def __init__(self, text: str, tip: str, parent: QWidget | None = None, *, fact: bool = False) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.setAccessibleDescription(tip)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCheckable(not fact)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._fact = fact
        if fact:
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Room for the text."""
        metrics = QFontMetricsF(chip_font(self.font()))
        return QSize(
            round(metrics.horizontalAdvance(self.text()) + 6 * SPACE), round(metrics.height() + 2 * SPACE + 2)
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, edge, text."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        on = self.isChecked()
        painter.setPen(QPen(QColor(theme.accent if on else theme.line), 1))
        painter.setBrush(QColor(theme.selection if on else theme.surface))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setFont(chip_font(self.font()))
        painter.setPen(QColor(theme.differs if self._fact else theme.on_selection if on else theme.muted))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()


_SIDES = ((0.155, 32, 42), (0.23, 50, 62))
"""Of the left and the right side: share of the page, letters in a line at least, at most."""
_SIDE, _ROOM = 0.3, 300
"""What a side takes at most: a share of the page, or so many pixels where that is less."""


def plain_label(text: str = "", *, muted: bool = True, small: bool = True, elided: bool = False) -> QLabel:
    """A label that takes its text for nothing but text; shortened where there is no room, or not."""
    label = Elided() if elided else QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    if muted:
        label.setForegroundRole(MUTED)
    if small:
        label.setFont(scaled_font(label.font(), SMALL))
    return label


def side_widths(width: int, character: int) -> list[int]:
    """Widths of the sides of a page, in pixels.

    Args:
        width: of the page.
        character: the width of a letter; where letters are large, the sides take more of the page.
    """
    return [
        min(max(round(share * width), least * character), most * character, max(round(_SIDE * width), _ROOM))
        for share, least, most in _SIDES
    ]


class Facts(QWidget):
    """Why the item is here: short facts in a row, in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Why this item"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2 * SPACE)
        self._row.addStretch(1)
        self._row.addStretch(1)
        self._shown: tuple[str, ...] = ()
        self._pills: list[Pill] = []
        self.setFixedHeight(Pill("Ag", "", fact=True).sizeHint().height())

    def show_facts(self, facts: tuple[str, ...]) -> None:
        """Other facts. Pills are made once and used again."""
        while len(self._pills) < len(facts):
            pill = Pill("", "", self, fact=True)
            self._pills.append(pill)
            self._row.insertWidget(self._row.count() - 1, pill)
        self._shown = facts
        for pill, fact in zip(self._pills, facts, strict=False):
            pill.setText(fact)
            pill.updateGeometry()
        self._fit()
        self.setAccessibleDescription(", ".join(facts))

    def _fit(self) -> None:
        """As many as there is room for."""
        room = self.width()
        for place, pill in enumerate(self._pills):
            room -= pill.sizeHint().width() + 2 * SPACE
            pill.setVisible(place < len(self._shown) and room >= -2 * SPACE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer fit."""
        super().resizeEvent(event)
        self._fit()


class Progress(QWidget):
    """How many are decided, of how many, how fast, and how long it will take."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Progress"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._done = self._total = 0
        self._words = ""

    def show_counts(self, done: int, total: int, rate: float | None) -> None:
        """Decided items, all items, verdicts a minute (None where that is not known yet)."""
        self._done, self._total = done, total
        left = total - done
        parts = [trn("{count:,} left", "{count:,} left", left)]
        if rate is not None:
            parts = (
                [tr("{rate:.1f} decisions a minute", rate=rate), _left(left, rate)]
                if left
                else [tr("{rate:.1f} a minute", rate=rate)]
            )
        self._words = " · ".join(parts) if total else ""
        self.setAccessibleDescription(
            tr("{done} of {total} decided. {rest}", done=done, total=total, rest=self._words)
        )
        self.update()

    def sizeHint(self) -> QSize:
        """The number, the bar, two lines of words."""
        large = QFontMetricsF(scaled_font(self.font(), 2.0)).height()
        return QSize(220, round(large + 2 * SPACE + 6 + 2.2 * QFontMetricsF(self.font()).height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The number, the bar, the words."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        large = tabular(scaled_font(self.font(), 2.0, self.font().Weight.Bold))
        metrics = QFontMetricsF(large)
        painter.setFont(large)
        painter.setPen(QColor(theme.text))
        number = f"{self._done:,}"
        base = metrics.ascent()
        painter.drawText(0, round(base), number)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.muted))
        after = round(metrics.horizontalAdvance(number) + 2 * SPACE)
        words = tr("of {total:,} decided", total=self._total)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, self.width() - after)
        painter.drawText(after, round(base), shown)
        bar = QRectF(0, metrics.height() + SPACE, self.width(), 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(bar, 3, 3)
        if self._total:
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(QRectF(0, bar.top(), bar.width() * self._done / self._total, 6), 3, 3)
        painter.setFont(scaled_font(self.font(), SMALL))
        painter.setPen(QColor(theme.muted))
        box = QRectF(0, bar.bottom() + SPACE, self.width(), self.height() - bar.bottom() - SPACE)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), self._words)
        painter.end()


def _left(count: int, rate: float) -> str:
    minutes = count / rate
    if minutes < 1:
        return tr("less than a minute left")
    if minutes < 90:
        return tr("about {minutes:.0f} min left", minutes=minutes)
    return tr("about {hours:.0f} h left", hours=minutes / 60)


_KEY_ROW = 30


class _PlacedKey(NamedTuple):
    """A key of the line: which command, what is written, and where."""

    name: str
    key: str
    word: str
    line: int
    left: float
    key_width: float
    width: float


class KeyLine(QWidget):
    """The keys of the verdicts under the plate, each with a word; a click does the same."""

    struck = Signal(str)

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Keys of the verdicts"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._keymap = keymap
        self._words: dict[str, str] = {}
        self._boxes: list[tuple[QRectF, str]] = []

    def set_keymap(self, keymap: Keymap) -> None:
        """Other keys."""
        self._keymap = keymap
        self.update()

    def set_words(self, words: dict[str, str]) -> None:
        """Other words for what commands do here, by their names."""
        if words != self._words:
            self._words = words
            self.update()

    def sizeHint(self) -> QSize:
        """One line, at some width."""
        return QSize(400, _KEY_ROW)

    def minimumSizeHint(self) -> QSize:
        """One line."""
        return QSize(200, _KEY_ROW)

    def heightForWidth(self, width: int) -> int:
        """As many lines as it takes."""
        return _KEY_ROW * (1 + max((place.line for place in self._placed(width)), default=0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as its lines."""
        super().resizeEvent(event)
        self.setFixedHeight(self.heightForWidth(self.width()))

    def _placed(self, width: int) -> list[_PlacedKey]:
        """Where each key stands: in its line, from the line's left end."""
        metrics = QFontMetricsF(scaled_font(self.font(), SMALL))
        found: list[_PlacedKey] = []
        left, line = 0.0, 0
        for spec in KEYS:
            if spec.short and self._keymap.keys[spec.name]:
                key = self._keymap.short(spec.name)
                word = self._words.get(spec.name, spec.short)
                key_width = max(metrics.horizontalAdvance(key) + 12, 22)
                whole = key_width + 6 + metrics.horizontalAdvance(word)
                if left and left + whole > width:
                    left, line = 0.0, line + 1
                found.append(_PlacedKey(spec.name, key, word, line, left, key_width, whole))
                left += whole + 4 * SPACE
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Keys and words, each line in the middle."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = scaled_font(self.font(), SMALL)
        placed = self._placed(self.width())
        ends: dict[int, float] = {}
        for each in placed:
            ends[each.line] = each.left + each.width
        self._boxes = []
        for each in placed:
            box = QRectF(
                (self.width() - ends[each.line]) / 2 + each.left,
                each.line * _KEY_ROW,
                each.width,
                _KEY_ROW - 2,
            )
            paint_key(painter, theme, small, each.key, QRectF(box.left(), box.top() + 3, each.key_width, 22))
            painter.setPen(QColor(theme.muted))
            painter.drawText(
                box.adjusted(each.key_width + 6, 0, 4, 0), int(Qt.AlignmentFlag.AlignVCenter), each.word
            )
            self._boxes.append((box, each.name))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The key that was clicked."""
        position = event.position()
        for box, name in self._boxes:
            if box.contains(position):
                self.struck.emit(name)
                return


class KeyCard(QFrame):
    """All keys of review mode over the page; any key takes it away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = parent
        self.setObjectName("keyCard")
        self.setAccessibleName(tr("Keys of review mode"))
        self._grid = QGridLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(3 * SPACE)
        layout.addWidget(plain_label(tr("Keys of review mode"), muted=False, small=False))
        layout.addLayout(self._grid)
        layout.addWidget(plain_label(tr("Any key closes this. Other keys can be given in the preferences.")))
        self._grid.setHorizontalSpacing(4 * SPACE)
        self._grid.setVerticalSpacing(SPACE)
        self.hide()

    def show_keys(self, keymap: Keymap) -> None:
        """Show the keys as they are now."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        rows = [0, 0]
        for group in GROUPS:
            side = 0 if group in GROUPS[:1] or rows[0] <= rows[1] else 1
            head = plain_label(group, muted=False)
            self._grid.addWidget(head, rows[side], side * 3, 1, 2)
            rows[side] += 1
            for spec in KEYS:
                if spec.group == group:
                    words = keymap.words(spec.name)
                    self._grid.addWidget(plain_label(words, muted=False), rows[side], side * 3)
                    self._grid.addWidget(plain_label(spec.text), rows[side], side * 3 + 1)
                    rows[side] += 1
            self._grid.setRowMinimumHeight(rows[side], 8)
            rows[side] += 1
        self._grid.setColumnMinimumWidth(2, 32)
        self.adjustSize()
        self.show()
        self.raise_()
        room = self._page.rect()
        self.move((room.width() - self.width()) // 2, max((room.height() - self.height()) // 2, 0))
