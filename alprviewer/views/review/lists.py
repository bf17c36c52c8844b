"""The lists beside the crop: candidates with their keys, and what was said last."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alprviewer.core.decision import Act
from alprviewer.core.plates import display_text, emphasise
from alprviewer.language import tr
from alprviewer.models.reviewhistory import Done, State
from alprviewer.models.reviewsight import Sight
from alprviewer.views.candidatepaint import PlateText
from alprviewer.views.candidaterows import AXIS_END, Chart, chart_of, key_of, percent_text
from alprviewer.views.looks import SMALL, scaled_font, tabular
from alprviewer.views.theme import SPACE, Theme, plate_font, theme_of

_ROW = 28
_KEY = 20
_CHARACTERS = 14
_CENTRE_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_CENTRE_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


class RowList(QWidget):
    """Rows of one height under a heading; a click chooses one. It never takes the keyboard.

    Signals:
        chosen(int): a row was clicked.
    """

    chosen = Signal(int)

    def __init__(self, name: str, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.most = most
        self.heading = name
        self.note = ""

    def count(self) -> int:
        """Rows that there are."""
        raise NotImplementedError

    def paint_row(self, painter: QPainter, theme: Theme, row: int, box: QRectF) -> None:
        """Draw one of them."""
        raise NotImplementedError

    def _heading_height(self) -> float:
        return QFontMetricsF(scaled_font(self.font(), SMALL)).height() + 2 * SPACE

    def sizeHint(self) -> QSize:
        """Room for the heading and the rows."""
        rows = min(self.count(), self.most)
        height = self._heading_height() + (rows * _ROW if rows else 2 * _ROW if self.note else 0)
        return QSize(240, round(height))

    minimumSizeHint = sizeHint

    def refresh(self, description: str) -> None:
        """Other rows."""
        self.setAccessibleDescription(description)
        self.updateGeometry()
        self.update()

    def _box(self, row: int) -> QRectF:
        return QRectF(0, self._heading_height() + row * _ROW, self.width(), _ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Heading, rows, or the note where there are none."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(scaled_font(self.font(), SMALL))
        painter.setPen(QColor(theme.muted))
        heading = QFontMetricsF(painter.font()).elidedText(
            self.heading, Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(QRectF(0, 0, self.width(), self._heading_height() - SPACE), _CENTRE_LEFT, heading)
        if not self.count() and self.note:
            box = QRectF(0, self._heading_height(), self.width(), 2 * _ROW)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), self.note)
        for row in range(min(self.count(), self.most)):
            painter.save()
            self.paint_row(painter, theme, row, self._box(row))
            painter.restore()
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row that was clicked."""
        row = int((event.position().y() - self._heading_height()) // _ROW)
        if event.position().y() >= self._heading_height() and 0 <= row < min(self.count(), self.most):
            self.chosen.emit(row)

    def changeEvent(self, event: QEvent) -> None:
        """Follow colours and fonts."""
        super().changeEvent(event)
        self.updateGeometry()
        self.update()


def paint_key(painter: QPainter, theme: Theme, font: QFont, key: str, box: QRectF) -> None:
    """A key with its letter."""
    painter.setFont(font)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QColor(theme.text))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), key)


class CandidateList(RowList):
    """The candidates of the read that is shown, with the digits that pick them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Candidates"), 10, parent)
        self._chart = Chart()
        self._plate = ""

    def show_sight(self, sight: Sight) -> None:
        """Another item, or none."""
        self._chart = Chart() if sight.masked or sight.item is None else chart_of(sight.shown)
        self._plate = sight.plate
        self.note = tr("Hidden until you have typed what you read.") if sight.masked else self._chart.empty
        self.heading = tr("Candidates of this read")
        if self._chart.start and self.count():
            self.heading = tr("Candidates of this read · axis from {start} %", start=self._chart.start)
        self.refresh(", ".join(self._chart.spoken(row) for row in range(min(self.count(), 10))) or self.note)

    def count(self) -> int:
        """Candidates."""
        return len(self._chart.candidates)

    def paint_row(self, painter: QPainter, theme: Theme, row: int, box: QRectF) -> None:
        """Key, spelling, bar, percent."""
        candidate = self._chart.candidates[row]
        small = tabular(scaled_font(self.font(), SMALL))
        mono = plate_font(self.font())
        key = QRectF(0, box.top() + (box.height() - _KEY) / 2, _KEY, _KEY)
        paint_key(painter, theme, small, key_of(row), key)
        text = candidate.plate or "—"
        emphasis = emphasise(self._plate or text, text, _CHARACTERS)
        if candidate.plate is None:
            emphasis = emphasise(text, text)
        left = key.right() + 2 * SPACE
        PlateText(emphasis, mono, theme.text, theme.differs).paint(painter, left, box.center().y())
        number = 44.0
        name = QFontMetricsF(mono).horizontalAdvance("M") * min(max(self._longest(), 7), _CHARACTERS)
        bar = QRectF(left + name + 3 * SPACE, box.center().y() - 5, 0, 10)
        bar.setRight(box.right() - number)
        if bar.width() > 16:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.track))
            painter.drawRoundedRect(bar, 2, 2)
            if candidate.confidence is not None:
                start = self._chart.start
                share = min(max((candidate.confidence - start) / max(AXIS_END - start, 1), 0.0), 1.0)
                painter.setBrush(QColor(theme.accent if row == self._chart.chosen else theme.bar))
                painter.drawRoundedRect(
                    QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), 2, 2
                )
        painter.setFont(tabular(self.font()))
        painter.setPen(QColor(theme.text))
        painter.drawText(box, _CENTRE_RIGHT, percent_text(candidate.confidence))

    def _longest(self) -> int:
        return max((len(each.plate or "") for each in self._chart.candidates[:10]), default=0)


class HistoryList(RowList):
    """What was said last; the newest first. It can be undone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Last decisions (⌫ undoes)"), 10, parent)
        self._done: list[Done] = []
        self._told: tuple[int, list[Done], list[str]] | None = None

    def show_done(self, done: list[Done]) -> None:
        """What was said last."""
        words = [f"{each.plate} {each.words}".strip() for each in done]
        now = (self.most, done, words)
        if self._told != now:
            self._told, self._done = now, done
            self.note = tr("Nothing was decided yet.")
            self.refresh(", ".join(words) or self.note)

    def done(self, row: int) -> Done:
        """What stands in a row."""
        return self._done[row]

    def count(self) -> int:
        """Things said."""
        return len(self._done)

    def paint_row(self, painter: QPainter, theme: Theme, row: int, box: QRectF) -> None:
        """Crop, plate, what was said of it and what has become of that."""
        done = self._done[row]
        frame = QRectF(0, box.top() + 3, 44, 22)
        if done.image is not None:
            size = QSizeF(done.image.size()).scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(frame.topLeft(), size)
            place.moveCenter(frame.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, done.image)
        else:
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        mono = plate_font(self.font(), 1.0)
        left = frame.right()
        if done.plate:
            plate = display_text(done.plate, 12)
            left += 2 * SPACE
            painter.setFont(mono)
            painter.setPen(QColor(theme.text))
            painter.drawText(QRectF(left, box.top(), box.right() - left, box.height()), _CENTRE_LEFT, plate)
            wide = QFontMetricsF(mono).horizontalAdvance
            left += max(wide(plate), wide("M") * 7)
        painter.setFont(scaled_font(self.font(), SMALL))
        painter.setPen(QColor(_colour(theme, done)))
        words = QFontMetricsF(painter.font()).elidedText(
            done.words, Qt.TextElideMode.ElideRight, max(box.right() - left - 2 * SPACE, 0)
        )
        painter.drawText(box.adjusted(left + 2 * SPACE, 0, 0, 0), _CENTRE_LEFT, words)
        painter.setPen(QPen(QColor(theme.hair), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())


def _colour(theme: Theme, done: Done) -> str:
    if done.state is State.REFUSED:
        return theme.bad
    if done.state is State.SAVING:
        return theme.muted
    return theme.good if done.act is Act.CORRECT else theme.differs
