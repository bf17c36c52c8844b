"""The characters of a pass: one column each, with its rivals, who says so, and what the formats add."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from alprviewer.core.explanation import Explanation
from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.models.passshown import NO_PASS_SHOWN, PassShown
from alprviewer.models.shown import Shown
from alprviewer.views.looks import MUTED, SMALL, TINY, plain_tip, scaled_font, tabular, take_given_width
from alprviewer.views.passes.words import (
    WORTH_SAYING,
    Spot,
    character_text,
    difference,
    heading,
    others,
    percent,
    reading_at,
    readings_chosen,
    readings_of,
    said_by,
    spoken,
)
from alprviewer.views.theme import SPACE, plate_font, theme_of

_TILE = 30
"""Width of a column, in pixels at a 13 px font."""
_TALLEST = 36
"""Height of a character that is certain."""
_LOWEST = 18
_RIVAL = 14
_LABELS = (tr("Together"), tr("Reads alone"), tr("Formats add"))


class _Columns(QWidget):
    """Paints the columns. The keyboard goes from character to character, Enter or a click chooses."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown = NO_PASS_SHOWN
        self.spot: Spot | None = None
        self._measured: tuple[QFont | None, int] = None, 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Characters of the pass"))
        self.setMouseTracking(True)

    @property
    def explanation(self) -> Explanation | None:
        """Why the consensus is what it is."""
        return self.shown.explanation

    def show_pass(self, shown: PassShown) -> None:
        """Show another pass."""
        if shown.explanation != self.shown.explanation or shown.id != self.shown.id:
            self.spot = None
        is_new = not shown.is_like(self.shown)
        self.shown = shown
        self._describe()
        if is_new:
            self.fit()

    def fit(self) -> None:
        """Take the room that what is shown needs, and paint it."""
        self.setMinimumSize(self.sizeHint())
        self.update()

    # --- geometry ---------------------------------------------------------------------------------

    def _scale(self) -> float:
        return self.fontMetrics().height() / 15

    def _small(self) -> QFontMetrics:
        return QFontMetrics(scaled_font(self.font(), TINY))

    def _left(self) -> int:
        if self._measured[0] != self.font():  # asked for with every character that is painted
            widest = max(self._small().horizontalAdvance(label) for label in _LABELS)
            self._measured = self.font(), widest + 2 * SPACE
        return self._measured[1]

    def _rivals(self) -> int:
        if self.explanation is None:
            return 0
        return max((len(readings_of(each)) - 1 for each in self.explanation.positions), default=0)

    def sizeHint(self) -> QSize:
        """Room for all columns."""
        count = len(self.explanation.positions) if self.explanation is not None else 0
        scale = self._scale()
        rows = len(_LABELS) * self._small().height()
        height = _TALLEST * scale + self._rivals() * (_RIVAL * scale + 2) + rows + 3 * SPACE
        return QSize(self._left() + round(count * (_TILE * scale + SPACE)), round(height))

    def rect_of(self, spot: Spot) -> QRect:
        """Where a character is drawn."""
        assert self.explanation is not None
        scale = self._scale()
        width = round(_TILE * scale)
        left = self._left() + spot.position * (width + SPACE)
        if spot.reading == 0:
            share = self.explanation.positions[spot.position].chosen.probability
            height = round(max(_TALLEST * share, _LOWEST) * scale)
            return QRect(left, round(_TALLEST * scale) - height + SPACE, width, height)
        height = round(_RIVAL * scale)
        top = round(_TALLEST * scale) + 2 + SPACE + (spot.reading - 1) * (height + 2)
        return QRect(left, top, width, height)

    def spots(self) -> list[Spot]:
        """Every character that is drawn."""
        positions = self.explanation.positions if self.explanation is not None else ()
        return [Spot(place, n) for place, each in enumerate(positions) for n in range(len(readings_of(each)))]

    def spot_at(self, point: QPoint) -> Spot | None:
        """The character under a point."""
        return next((spot for spot in self.spots() if self.rect_of(spot).contains(point)), None)

    # --- painting ---------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Characters over their rivals over their numbers."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.explanation is not None:
            for spot in self.spots():
                self._paint_spot(painter, spot)
            self._paint_numbers(painter)
        painter.end()

    def _paint_spot(self, painter: QPainter, spot: Spot) -> None:
        assert self.explanation is not None
        theme, area = theme_of(self.palette()), QRectF(self.rect_of(spot))
        reading = reading_at(self.shown, spot)
        is_chosen = spot.reading == 0
        painter.setPen(Qt.PenStyle.NoPen if is_chosen else QPen(QColor(theme.differs), 1))
        painter.setBrush(QColor(theme.accent if is_chosen else theme.surface))
        inset = 0.0 if is_chosen else 0.5
        painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), 3, 3)
        if spot == self.spot:
            painter.setPen(QPen(QColor(theme.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(-1, -1, 1, 1), 4, 4)
        character = character_text(reading)
        if is_chosen:
            painter.setPen(QColor(theme.on_accent))
            painter.setFont(plate_font(self.font()))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), character)
            return
        painter.setPen(QColor(theme.differs))
        painter.setFont(plate_font(self.font(), 12 / 13))
        if reading.probability < WORTH_SAYING:
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), character)
            return
        inside = area.adjusted(SPACE, 0, -SPACE, 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(inside, middle | int(Qt.AlignmentFlag.AlignLeft), character)
        painter.setFont(tabular(scaled_font(self.font(), TINY)))
        right = middle | int(Qt.AlignmentFlag.AlignRight)
        painter.drawText(inside, right, percent(reading.probability))

    def _paint_numbers(self, painter: QPainter) -> None:
        assert self.explanation is not None
        theme, metrics = theme_of(self.palette()), self._small()
        scale = self._scale()
        top = round(_TALLEST * scale + self._rivals() * (_RIVAL * scale + 2)) + 2 * SPACE
        painter.setFont(tabular(scaled_font(self.font(), TINY)))
        width = round(_TILE * scale)
        for line, label in enumerate(_LABELS):
            y = top + line * metrics.height()
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRect(0, y, self._left(), metrics.height()), 0, label)
            painter.setPen(QColor(theme.text if line == 0 else theme.muted))
            for place, position in enumerate(self.explanation.positions):
                chosen = position.chosen
                text = (percent(chosen.probability), percent(chosen.evidence), difference(chosen))[line]
                left = self._left() + place * (width + SPACE)
                painter.drawText(
                    QRect(left, y, width, metrics.height()), int(Qt.AlignmentFlag.AlignHCenter), text
                )

    # --- keys and mouse ---------------------------------------------------------------------------

    def _describe(self) -> None:
        words = "" if self.spot is None else spoken(self.shown, self.spot)
        self.setAccessibleDescription(words)

    def go(self, spot: Spot) -> None:
        """Put the keyboard on a character, as near as there is one."""
        if self.explanation is None or not self.explanation.positions:
            return
        positions = self.explanation.positions
        place = min(max(spot.position, 0), len(positions) - 1)
        reading = min(max(spot.reading, 0), len(readings_of(positions[place])) - 1)
        self.spot = Spot(place, reading)
        self._describe()
        self.update()

    def choose(self, spot: Spot) -> None:
        """Choose a character: the reads that say so are wanted."""
        self.go(spot)
        self.chosen.emit(self.spot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from character to character, Enter chooses."""
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        now = self.spot
        if event.key() in steps:
            across, down = steps[Qt.Key(event.key())]
            self.go(Spot(0, 0) if now is None else Spot(now.position + across, now.reading + down))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and now is not None:
            self.choose(now)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        spot = self.spot_at(event.position().toPoint())
        if spot is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(spot)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be chosen."""
        over = self.spot_at(event.position().toPoint()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        """The tooltip says who says so."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if spot is None else plain_tip(self.tip(spot)), self)
            return True
        return super().event(event)

    def tip(self, spot: Spot) -> str:
        """A character in a sentence, and the surest reads that show it."""
        reading = reading_at(self.shown, spot)
        plates = {read.row: read.plate for read in self.shown.reads}
        rows = said_by(self.shown, reading)[:5]
        named = ", ".join(display_text(plates.get(row, "") or "—", 12) for row in rows)
        return spoken(self.shown, spot) + (
            f" ({named}{' …' if len(reading.said_by) > 5 else ''})" if rows else ""
        )


class CharacterStrip(QWidget):
    """Shows why the consensus of a pass is what it is.

    Signals:
        reads_chosen(object, str): rows of the reads that show a character, the surest first, and the reason.
    """

    reads_chosen = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Pass"))
        self.columns = _Columns(self)
        self.columns.chosen.connect(self._choose)
        self._heading, self._note = self._label(), self._label()
        take_given_width(self._note)
        area = QScrollArea(self)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        inside = QWidget(area)
        below = QVBoxLayout(inside)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(SPACE)
        below.addWidget(self.columns)
        below.addWidget(self._note)
        below.addStretch(1)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        self.columns.setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(self._heading)
        layout.addWidget(area, 1)
        self._area = area
        self.setFocusProxy(self.columns)
        # Whatever is said here, other panes stay where they are.
        self.setMinimumSize(100, 60)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.show_pass(NO_PASS_SHOWN)

    def _label(self) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setForegroundRole(MUTED)
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return label

    def show_item(self, shown: Shown) -> None:
        """The pass is all that is shown here."""
        del shown

    def show_pass(self, shown: PassShown) -> None:
        """Show another pass."""
        self.columns.show_pass(shown)
        self._area.setVisible(shown.explanation is not None)
        self._heading.setText(heading(shown))
        is_all = shown.explanation is None
        self._heading.setAlignment(Qt.AlignmentFlag.AlignCenter if is_all else Qt.AlignmentFlag.AlignLeft)
        note = others(shown)
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _choose(self, spot: Spot) -> None:
        self.reads_chosen.emit(*readings_chosen(self.columns.shown, spot))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_area"):
            for label in (self._heading, self._note):
                label.setFont(scaled_font(self.font(), SMALL))
            self.columns.fit()
