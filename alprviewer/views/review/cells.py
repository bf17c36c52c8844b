"""The characters of a plate as cells under its picture; one by one they can be corrected."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.views.theme import SPACE, plate_font, theme_of

_GAP = 2 * SPACE
_WIDEST, _NARROWEST = 104, 22
_SHAPE = 0.86
"""Height of a cell by its width."""
_MOST = 40
"""Cells that are drawn; the rest of a text that cannot be a plate is named by an ellipsis."""
_EDITING = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class CharacterCells(QWidget):
    """Shows a text in cells; while it is edited what is typed overwrites the cell at the caret and moves on.

    Signals:
        committed(str): Enter was struck; the text as it stands, without empty cells.
        cancelled(): Escape was struck.
        edit_wanted(int): a cell was clicked.
    """

    committed = Signal(str)
    cancelled = Signal()
    edit_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Plate"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cells: list[str] = []
        self._weakest: int | None = None
        self._caret: int | None = None
        self._hidden = False
        self._width = 0.0

    @property
    def text(self) -> str:
        """What stands in the cells; empty cells left out."""
        return "".join(self._cells)

    @property
    def caret(self) -> int | None:
        """The cell that is overwritten next; None while nothing is edited."""
        return self._caret

    @property
    def weakest(self) -> int | None:
        """The cell that is marked."""
        return self._weakest

    @property
    def is_hidden(self) -> bool:
        """True where the machine's text is not shown."""
        return self._hidden

    def show_text(self, text: str, weakest: int | None, *, hidden: bool = False) -> None:
        """Show a text; whatever was being edited is given up."""
        self._cells = [] if hidden else list(text)
        self._weakest = None if hidden else weakest
        self._hidden = hidden
        self.stop()
        said = tr("hidden until you have typed it") if hidden else display_text(text) or tr("no plate")
        self.setAccessibleDescription(said)
        self.update()

    def set_width(self, width: float) -> None:
        """The width of the picture above, in device-independent pixels: the cells stand under it."""
        self._width = width
        self.update()

    def begin(self, caret: int | None = None) -> None:
        """Edit from a cell on; from the weakest where none is named."""
        place = self._weakest if caret is None else caret
        self._caret = min(place or 0, len(self._cells))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, True)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    def stop(self) -> None:
        """Edit no more."""
        self._caret = None
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.update()

    # --- editing ----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """While something is typed no key is a shortcut, but those with Ctrl or Alt."""
        if event.type() == QEvent.Type.ShortcutOverride and self._caret is not None:
            assert isinstance(event, QKeyEvent)
            if not event.modifiers() & _EDITING:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A character overwrites; a space makes room for one; Enter and Escape end it."""
        if self._caret is None:
            super().keyPressEvent(event)
            return
        event.accept()
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.committed.emit(self.text)
            case Qt.Key.Key_Escape:
                self.cancelled.emit()
            case Qt.Key.Key_Left:
                self._move(self._caret - 1)
            case Qt.Key.Key_Right:
                self._move(self._caret + 1)
            case Qt.Key.Key_Home:
                self._move(0)
            case Qt.Key.Key_End:
                self._move(len(self._cells))
            case Qt.Key.Key_Backspace:
                if self._caret > 0:
                    del self._cells[self._caret - 1]
                    self._move(self._caret - 1)
            case Qt.Key.Key_Delete:
                del self._cells[self._caret : self._caret + 1]
            case Qt.Key.Key_Space | Qt.Key.Key_Insert:
                self._cells.insert(self._caret, "")
            case _:
                if not event.modifiers() & _EDITING:
                    self._type(event.text())
        self.update()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Characters that take several keys."""
        self._type(event.commitString())
        event.accept()

    def _type(self, text: str) -> None:
        for character in text.upper():
            if self._caret is not None and character.isprintable() and not character.isspace():
                self._cells[self._caret : self._caret + 1] = [character]
                self._move(self._caret + 1)

    def _move(self, place: int) -> None:
        self._caret = min(max(place, 0), len(self._cells))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Edit from the cell that was clicked."""
        boxes = self._boxes()
        hit = next((place for place, box in enumerate(boxes) if box.contains(event.position())), None)
        if hit is not None:
            if self._caret is None:
                self.edit_wanted.emit(hit)
            else:
                self._move(hit)

    # --- painting ---------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """As high as the largest cell."""
        return QSize(8 * _WIDEST, round(_WIDEST * _SHAPE) + 2)

    minimumSizeHint = sizeHint

    def _count(self) -> int:
        """Cells that are drawn: one more while a character can be added at the end."""
        count = min(len(self._cells), _MOST)
        at_end = self._caret is not None and self._caret == len(self._cells)
        return max(count + (1 if at_end else 0), 1)

    def _boxes(self) -> list[QRectF]:
        count = self._count()
        room = min(self._width or self.width(), self.width())
        side = min(max((room + _GAP) / max(count, 6) - _GAP, _NARROWEST), _WIDEST)
        gap = min(_GAP, max((self.width() - count * side) / max(count - 1, 1), 1.0))
        left = (self.width() - count * side - (count - 1) * gap) / 2
        return [QRectF(left + place * (side + gap), 1, side, side * _SHAPE) for place in range(count)]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The cells; the weakest one, or the one that is overwritten next, has a strong edge."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        boxes = self._boxes()
        font = plate_font(self.font(), weight=QFont.Weight.Bold)
        font.setPixelSize(max(round(boxes[0].height() * 0.62), 8))
        for place, box in enumerate(boxes):
            is_caret, is_weak = place == self._caret, place == self._weakest and self._caret is None
            edge = theme.accent if is_caret else theme.differs if is_weak else theme.line
            painter.setPen(QPen(QColor(edge), 2 if is_caret or is_weak else 1))
            painter.setBrush(QColor(theme.surface))
            painter.drawRoundedRect(box, 6, 6)
            text = self._cells[place] if place < len(self._cells) else ""
            if place == _MOST - 1 and len(self._cells) > _MOST:
                text = "…"
            shown = display_text(text) if text else ("—" if not self._cells and self._caret is None else "")
            if self._hidden and not self._cells:
                shown = "?" if self._caret is None else ""
            small = QFont(font)
            small.setPixelSize(max(round(font.pixelSize() / max(len(shown) / 1.5, 1)), 8))
            painter.setFont(small if len(shown) > 1 else font)
            painter.setPen(QColor(theme.differs if is_weak else theme.text if self._cells else theme.muted))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), shown)
            if is_caret:
                painter.fillRect(
                    QRectF(box.left() + 8, box.bottom() - 6, box.width() - 16, 2), QColor(theme.accent)
                )
            elif is_weak:
                # Not by colour alone.
                painter.fillRect(
                    QRectF(box.left() + 8, box.bottom() - 6, box.width() - 16, 2), QColor(theme.differs)
                )
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow colours and fonts."""
        super().changeEvent(event)
        self.update()
