"""The bars of the overview: buttons that are as long, or as strong, as what they stand for is many."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from alprviewer.core.distribution import Bar
from alprviewer.language import tr, trn
from alprviewer.views.looks import TINY, plain_tip, scaled_font, tabular
from alprviewer.views.theme import SPACE, Theme, theme_of

_HEIGHT = 20
_CELL = 16
_BAR = 10
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_FAINTEST = 0.18
"""Strength of the colour of a cell with a single read."""
_WIDEST_PART = tr("{shown:,} of {total:,}", shown=999_999, total=999_999)


def counts_text(bar: Bar, *, filtered: bool) -> str:
    """``12``, or ``3 of 12`` where a filter is on."""
    if not filtered:
        return f"{bar.all:,}"
    return tr("{shown:,} of {total:,}", shown=bar.shown, total=bar.all)


def counted_words(bar: Bar, things: str, *, filtered: bool) -> str:
    """The same with what is counted: ``read`` or ``pass``, as ``Distribution.things``."""
    shown, count = bar.shown, bar.all
    match things, filtered:
        case "pass", True:
            return trn("{shown:,} of {count:,} pass", "{shown:,} of {count:,} passes", count, shown=shown)
        case "pass", False:
            return trn("{count:,} pass", "{count:,} passes", count)
        case _, True:
            return trn("{shown:,} of {count:,} read", "{shown:,} of {count:,} reads", count, shown=shown)
    return trn("{count:,} read", "{count:,} reads", count)


class BarButton(QAbstractButton):
    """One bar. Where it is on, a frame and a mark say so.

    Attributes:
        bar: what it stands for.

    Signals:
        left(int, int): the keyboard is to go so many bars to the right, and down.
    """

    left = Signal(int, int)

    def __init__(self, things: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = Bar("", (), 0, 0)
        self._things = things
        self._filtered = False
        self._most = 1
        self._label = 0
        self.setCheckable(True)
        self.setFont(tabular(scaled_font(self.font(), TINY)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_bar(self, bar: Bar, most: int, label: int, *, filtered: bool, is_set: bool) -> None:
        """Stand for a bar.

        Args:
            bar: the bar.
            most: how many the longest bar has.
            label: pixels for the words at the left.
            filtered: whether a filter is on.
            is_set: whether it asks for this bar.
        """
        self.bar, self._most, self._label, self._filtered = bar, max(most, 1), label, filtered
        self.setEnabled(bool(bar.terms))
        self.setChecked(is_set)
        words = f"{bar.words}: {counted_words(bar, self._things, filtered=filtered)}"
        self.setAccessibleName(words)
        act = tr("Enter shows all again") if is_set else tr("Enter filters by this")
        self.setAccessibleDescription(act if bar.terms else tr("No query can ask for this"))
        self.setToolTip(plain_tip(words))
        self.update()

    def nextCheckState(self) -> None:
        """What is on, the query says, and not the click."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is as good as Space; arrows go to the neighbours."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in _ARROWS:
            self.left.emit(*_ARROWS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The bar that had the keyboard last is where Tab comes back to."""
        super().focusInEvent(event)
        for other in self.group().buttons() if self.group() is not None else ():
            other.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other is self else Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(160, max(_HEIGHT, round(self.fontMetrics().height()) + 4))

    def _paint_state(self, painter: QPainter, theme: Theme) -> None:
        if self.isChecked() or self.hasFocus():
            painter.setBrush(QColor(theme.selection) if self.isChecked() else Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 2 if self.hasFocus() else 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)
        painter.setPen(Qt.PenStyle.NoPen)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Words, a pale bar of all, a strong one of those shown, the number."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_state(painter, theme)
        metrics = QFontMetricsF(self.font())
        text = QColor(theme.on_selection if self.isChecked() else theme.text)
        number = counts_text(self.bar, filtered=self._filtered)
        room = metrics.horizontalAdvance(_WIDEST_PART if self._filtered else "0,000,000")
        area = QRectF(self.rect()).adjusted(SPACE, 0, -SPACE, 0)
        painter.setFont(self.font())
        painter.setPen(text)
        words = ("✓ " if self.isChecked() else "") + self.bar.words
        label = QRectF(area.left(), 0, self._label, self.height())
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, label.width())
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setPen(text if self.bar.shown else QColor(theme.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
        left = label.right() + 2 * SPACE
        wide = max(area.right() - room - 2 * SPACE - left, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        for count, colour in ((self.bar.all, theme.track), (self.bar.shown, theme.bar)):
            if count:
                length = max(wide * count / self._most, 2)
                painter.setBrush(QColor(colour))
                painter.drawRoundedRect(QRectF(left, (self.height() - _BAR) / 2, length, _BAR), 2, 2)


class CellButton(BarButton):
    """A bar as a cell: the more, the stronger its colour. Tooltip and accessible text have the number."""

    def sizeHint(self) -> QSize:
        """A small square."""
        return QSize(8, _CELL)

    def minimumSizeHint(self) -> QSize:
        """Hours stand beside each other however narrow the pane is."""
        return QSize(5, _CELL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Pale for none, a frame where it is on."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(QColor(theme.track))
        painter.drawRect(area)
        if self.bar.shown:
            colour = QColor(theme.accent)
            colour.setAlphaF(_FAINTEST + (1 - _FAINTEST) * min(self.bar.shown / self._most, 1.0))
            painter.setBrush(colour)
            painter.drawRect(area)
        if self.isChecked() or self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.text if self.isChecked() else theme.accent), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
