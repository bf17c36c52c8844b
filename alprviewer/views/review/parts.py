"""Small parts of the review page: pills, progress, the line of keys, the line for typing, the key card."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from alprviewer.views.chips import chip_font
from alprviewer.views.looks import MUTED, SMALL, scaled_font, tabular
from alprviewer.views.review.keys import GROUPS, KEYS, Keymap
from alprviewer.views.review.lists import paint_key
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


def plain_label(text: str = "", *, muted: bool = True, small: bool = True) -> QLabel:
    """A label that takes its text for nothing but text."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if muted:
        label.setForegroundRole(MUTED)
    if small:
        label.setFont(scaled_font(label.font(), SMALL))
    return label


class Facts(QWidget):
    """Why the item is here: short facts in a row, in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Why this item")
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
        for place, pill in enumerate(self._pills):
            pill.setVisible(place < len(facts))
            if place < len(facts):
                pill.setText(facts[place])
                pill.updateGeometry()
        self.setAccessibleDescription(", ".join(facts))


class Progress(QWidget):
    """How many are decided, of how many, how fast, and how long it will take."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Progress")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._done = self._total = 0
        self._words = ""

    def show_counts(self, done: int, total: int, rate: float | None) -> None:
        """Decided items, all items, verdicts a minute (None where that is not known yet)."""
        self._done, self._total = done, total
        left = total - done
        parts = [f"{left:,} left"]
        if rate is not None:
            parts = (
                [f"{rate:.1f} decisions a minute", _left(left, rate)] if left else [f"{rate:.1f} a minute"]
            )
        self._words = " · ".join(parts) if total else ""
        self.setAccessibleDescription(f"{done} of {total} decided. {self._words}")
        self.update()

    def sizeHint(self) -> QSize:
        """Three lines."""
        return QSize(220, round(QFontMetricsF(self.font()).height() * 4.4))

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
        painter.drawText(
            round(metrics.horizontalAdvance(number) + 2 * SPACE), round(base), f"of {self._total:,} decided"
        )
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
        return "less than a minute left"
    return f"about {minutes:.0f} min left" if minutes < 90 else f"about {minutes / 60:.0f} h left"


class KeyLine(QWidget):
    """The keys of the verdicts under the plate, each with a word; a click does the same."""

    struck = Signal(str)

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Keys of the verdicts")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._keymap = keymap
        self._boxes: list[tuple[QRectF, str]] = []

    def set_keymap(self, keymap: Keymap) -> None:
        """Other keys."""
        self._keymap = keymap
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines where the page is narrow."""
        return QSize(400, 2 * 30)

    minimumSizeHint = sizeHint

    def _parts(self) -> list[tuple[str, str, str]]:
        return [
            (spec.name, _short(self._keymap.words(spec.name)), spec.short)
            for spec in KEYS
            if spec.short and self._keymap.keys[spec.name]
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Keys and words, in the middle, in as many lines as it takes."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = scaled_font(self.font(), SMALL)
        metrics = QFontMetricsF(small)
        parts = [
            (name, key, word, max(metrics.horizontalAdvance(key) + 12, 22), metrics.horizontalAdvance(word))
            for name, key, word in self._parts()
        ]
        lines: list[list[tuple[str, str, str, float, float]]] = [[]]
        used = 0.0
        for part in parts:
            width = part[3] + part[4] + 6 + 4 * SPACE
            if lines[-1] and used + width > self.width():
                lines.append([])
                used = 0.0
            lines[-1].append(part)
            used += width
        self._boxes = []
        for number, line in enumerate(lines):
            width = sum(part[3] + part[4] + 6 + 4 * SPACE for part in line) - 4 * SPACE
            left, top = (self.width() - width) / 2, number * 30.0
            for name, key, word, key_width, word_width in line:
                paint_key(painter, theme, small, key, QRectF(left, top + 3, key_width, 22))
                painter.setPen(QColor(theme.muted))
                text = QRectF(left + key_width + 6, top, word_width + 2, 28)
                painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter), word)
                self._boxes.append((QRectF(left, top, key_width + 6 + word_width, 28), name))
                left += key_width + word_width + 6 + 4 * SPACE
        painter.end()

    def mousePressEvent(self, event: object) -> None:
        """The key that was clicked."""
        position = event.position()  # type: ignore[attr-defined]
        for box, name in self._boxes:
            if box.contains(position):
                self.struck.emit(name)
                return


def _short(words: str) -> str:
    first = words.partition(" or ")[0]
    return "⌫" if first == "Backspace" else first.replace(" to ", "–")


class AskLine(QFrame):
    """One line for typing: a region code, tags, a note, a number.

    Signals:
        answered(str, str): what was asked for, and what was typed.
        left(): nothing was typed.
    """

    answered = Signal(str, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("askLine")
        self._what = ""
        self._label = plain_label(muted=False)
        self.edit = _AskEdit(self)
        self.edit.returnPressed.connect(self._answer)
        self.edit.escaped.connect(self._leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        row.addStretch(1)
        row.addWidget(self._label)
        row.addWidget(self.edit)
        row.addStretch(1)
        self.edit.setMinimumWidth(320)
        self.hide()

    def ask(self, what: str, label: str, text: str, hint: str) -> None:
        """Ask for something; ``text`` stands there already."""
        self._what = what
        self._label.setText(label)
        self.edit.setAccessibleName(label)
        self.edit.setPlaceholderText(hint)
        self.edit.setText(text)
        self.edit.selectAll()
        self.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self) -> None:
        self.hide()
        self.answered.emit(self._what, self.edit.text().strip())

    def _leave(self) -> None:
        self.hide()
        self.left.emit()


class _AskEdit(QLineEdit):
    escaped = Signal()

    def event(self, event: QEvent) -> bool:
        """While something is typed no letter, and not Escape, is a key of the page or a shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            if not event.modifiers() & control:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves; everything else is typing, also what does nothing here."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)
        event.accept()


class KeyCard(QFrame):
    """All keys of review mode over the page; any key takes it away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = parent
        self.setObjectName("keyCard")
        self.setAccessibleName("Keys of review mode")
        self._grid = QGridLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(3 * SPACE)
        layout.addWidget(plain_label("Keys of review mode", muted=False, small=False))
        layout.addLayout(self._grid)
        layout.addWidget(plain_label("Any key closes this. Other keys can be given in the preferences."))
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
