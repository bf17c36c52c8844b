"""The candidate chart: one bar for each spelling that the recognizer considered, in the order received.

It imports pyqtgraph, which costs half a second: import it when it is first shown.
"""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollBar, QStackedLayout, QToolTip, QVBoxLayout, QWidget

from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.models.shown import NOTHING, Shown
from alprviewer.views.candidatepaint import (
    FEWEST_CHARACTERS,
    MATCHES,
    Legend,
    Numbers,
    Plates,
    Rows,
    RowStyle,
)
from alprviewer.views.candidaterows import AXIS_END, chart_of
from alprviewer.views.looks import MUTED, ODD, SMALL, TINY, plain_tip, scaled_font, tabular, take_given_width
from alprviewer.views.pixelitem import PixelItem
from alprviewer.views.theme import SPACE, theme_of

_BAR_HEIGHT = 14
_MOST_CHARACTERS = 16
_KEYS = {Qt.Key.Key_0 + digit: (digit - 1) % 10 for digit in range(10)}


class _Bars(PixelItem):
    """The bars, in the view box's units: percent to the right, rows downwards."""

    def __init__(self, rows: Rows, box: pg.ViewBox) -> None:
        super().__init__(box)
        self._rows = rows

    def _x(self, confidence: float, wide: float) -> float:
        start = self._rows.chart.start
        return (confidence - start) / (AXIS_END - start) * wide

    def paint_pixels(self, painter: QPainter, wide: float, high: float) -> None:
        """Break marks and rounded ends need pixels."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows, theme = self._rows, self._rows.style.theme
        for row in rows.visible(high):
            top = rows.place(row)
            is_current = row == rows.current
            if is_current:
                painter.fillRect(QRectF(0, top, wide, rows.height), QColor(theme.selection))
            bar = QRectF(0, top + (rows.height - _BAR_HEIGHT) / 2, wide, _BAR_HEIGHT)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.track))
            painter.drawRoundedRect(bar, 2, 2)
            confidence = rows.chart.candidates[row].confidence
            if confidence is not None:
                bar.setWidth(max(self._x(confidence, wide), 1.0))
                painter.setBrush(QColor(theme.accent if row == rows.chart.chosen else theme.bar))
                painter.drawRoundedRect(bar, 2, 2)
            if rows.chart.start > 0:
                self._paint_break(painter, bar, theme.selection if is_current else theme.surface)
        self._paint_margin(painter, wide)

    @staticmethod
    def _paint_break(painter: QPainter, bar: QRectF, ground: str) -> None:
        """Two slanted cuts: the bar does not begin at zero."""
        painter.setPen(QPen(QColor(ground), 1.75))
        for left in (7.0, 11.0):
            painter.drawLine(QPointF(left, bar.bottom() + 1), QPointF(left + 4, bar.top() - 1))

    def _paint_margin(self, painter: QPainter, wide: float) -> None:
        """A bracket from the end of the chosen bar to the end of the best other one."""
        rows, between = self._rows, self._rows.chart.margin
        if between is None:
            return
        mine, other = (rows.chart.candidates[row].confidence for row in (between.chosen, between.other))
        if mine is None or other is None:
            return
        theme = rows.style.theme
        colour = QColor(theme.text if between.value >= 0 else theme.differs)
        is_below = between.other > between.chosen
        edge = rows.place(between.chosen) + (rows.height - 2.5 if is_below else 2.5)
        tick = -3 if is_below else 3
        far = rows.place(between.other) + rows.height / 2 + (-1 if is_below else 1) * _BAR_HEIGHT / 2
        near_x, far_x = self._x(mine, wide), self._x(other, wide)
        painter.setPen(QPen(colour, 1.25))
        painter.drawPolyline([QPointF(near_x, edge + tick), QPointF(near_x, edge), QPointF(far_x, edge)])
        if between.value >= 0:
            painter.drawLine(QPointF(far_x, edge + tick), QPointF(far_x, edge))
        painter.setPen(QPen(colour, 1.25, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(far_x, edge), QPointF(far_x, far))


class CandidateChart(QWidget):
    """Shows the candidates of one read; ``show_item`` changes it.

    Signals:
        candidate_activated: a candidate was picked, by its key, Enter or a double click; its place from 0.
    """

    candidate_activated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = Rows(RowStyle(theme_of(self.palette()), self.font()))
        self._heading, self._note, self._empty = (self._make_label() for _ in range(3))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setForegroundRole(ODD)
        self._legend = Legend(self._rows, self)
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.valueChanged.connect(self._scrolled)
        self._make_plot()
        self._lay_out()
        copy = QAction(tr("&Copy Candidate"), self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.triggered.connect(self.copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._take_look()
        self.show_item(NOTHING)

    def _make_label(self) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        take_given_width(label)
        label.setIndent(SPACE)
        label.setForegroundRole(MUTED)
        return label

    def _make_plot(self) -> None:
        """The chart proper: columns and a view box side by side, the percent axis below the box."""
        self._view = pg.GraphicsView(self, background=None)
        self._view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setAcceptDrops(False)
        self._view.setCacheMode(
            pg.GraphicsView.CacheModeFlag.CacheNone
        )  # it would keep the old look's ground
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, invertY=True, defaultPadding=0)
        self._plates, self._numbers = Plates(self._rows), Numbers(self._rows)
        self._axis = pg.AxisItem("bottom", linkView=self._box)
        self._axis.setStyle(tickLength=4, tickTextOffset=2, hideOverlappingLabels=40)
        self._bars = _Bars(self._rows, self._box)
        self._box.addItem(self._bars, ignoreBounds=True)
        plot = pg.GraphicsLayout()
        plot.layout.setSpacing(0)
        plot.setContentsMargins(0, 0, 0, 0)
        plot.addItem(self._plates, 0, 0)
        plot.addItem(self._box, 0, 1)
        plot.addItem(self._numbers, 0, 2)
        plot.addItem(self._axis, 1, 1)
        self._view.setCentralItem(plot)
        self._box.sigResized.connect(self._fit)

    def _lay_out(self) -> None:
        plot = QWidget(self)
        beside = QHBoxLayout(plot)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(SPACE)
        beside.addWidget(self._view, 1)
        beside.addWidget(self._bar)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(plot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(self._heading)
        layout.addWidget(self._note)
        layout.addLayout(self._stack, 1)
        layout.addWidget(self._legend)

    def show_item(self, shown: Shown) -> None:
        """Show the candidates of the selected read."""
        rows, chart = self._rows, chart_of(shown)
        rows.chart, rows.current = chart, None
        rows.texts.clear()
        self._heading.setText(chart.heading)
        self._heading.setVisible(not chart.empty)
        self._note.setText(chart.note)
        self._note.setVisible(bool(chart.note))
        self._empty.setText(chart.empty)
        self._legend.setVisible(chart.has_template or chart.has_differences)
        self._stack.setCurrentIndex(0 if chart.empty else 1)
        self._describe()
        if not chart.empty:
            longest = max(len(each.plate or "") for each in chart.candidates)
            rows.characters = min(max(longest, FEWEST_CHARACTERS), _MOST_CHARACTERS)
            self._bar.setValue(0)
            self._fit()

    def _set_ticks(self) -> None:
        """A number every ten percent, or as far apart as they need to be told from each other."""
        start = self._rows.chart.start
        widest = QFontMetrics(self._axis.style["tickFont"]).horizontalAdvance(f"{AXIS_END} %") + SPACE
        most = max(1, int(self._box.width() / widest))
        step = next((each for each in (10, 20, 50) if (AXIS_END - start) / each <= most), AXIS_END)
        places = range(AXIS_END, start - 1, -step)
        self._axis.setTicks([[(each, f"{each} %" if each == AXIS_END else str(each)) for each in places]])

    def _fit(self) -> None:
        """Give the columns their widths and the view box the range that its height has room for."""
        chart, high = self._rows.chart, self._box.height()
        if chart.empty or high <= 0:
            return
        self._plates.set_width(self._plates.wanted_width())
        self._set_ticks()
        whole = len(chart.candidates) * self._rows.height
        self._bar.setPageStep(int(high))
        self._bar.setSingleStep(self._rows.height)
        self._bar.setRange(0, max(0, whole - int(high)))
        self._bar.setVisible(whole > high)
        if self._rows.current is not None:
            self._reveal(self._rows.current)
        self._scrolled()

    def _scrolled(self) -> None:
        rows = self._rows
        rows.top = float(self._bar.value())
        first = rows.top / self._rows.height
        self._box.setRange(
            xRange=(rows.chart.start, AXIS_END),
            yRange=(first, first + self._box.height() / self._rows.height),
            padding=0,
        )
        # Else pyqtgraph does it while the first painting is under way, and asks for a second one.
        self._box.updateMatrix()
        self._redraw()

    def _redraw(self) -> None:
        self._rows.texts.clear()
        for part in (self._plates, self._bars, self._numbers):
            part.update()

    def _describe(self) -> None:
        """Say to assistive technology what is shown and which row is current."""
        rows = self._rows
        self.setAccessibleName(rows.chart.heading)
        if rows.current is not None:
            self.setAccessibleDescription(rows.chart.spoken(rows.current))
        else:
            self.setAccessibleDescription(rows.chart.empty or rows.chart.note)

    @property
    def current(self) -> int | None:
        """The row that the keyboard is on; None before one was chosen."""
        return self._rows.current

    def set_current(self, row: int) -> None:
        """Go to a row, as near as there is one, and scroll it into view."""
        rows = self._rows
        if not rows.chart.candidates:
            return
        rows.current = min(max(row, 0), len(rows.chart.candidates) - 1)
        self._reveal(rows.current)
        self._redraw()
        self._describe()

    def _reveal(self, row: int) -> None:
        top, high = row * self._rows.height, int(self._box.height())
        if top < self._bar.value():
            self._bar.setValue(top)
        elif top + self._rows.height > self._bar.value() + high:
            self._bar.setValue(top + self._rows.height - high)

    def copy(self) -> None:
        """Put the current candidate's text on the clipboard as it was received; else the observed plate."""
        chart, row = self._rows.chart, self._rows.current
        text = chart.plate if row is None else chart.candidates[row].plate
        if text:
            QGuiApplication.clipboard().setText(text)

    def _activate(self, row: int) -> None:
        if 0 <= row < len(self._rows.chart.candidates):
            self.set_current(row)
            self.candidate_activated.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and their kin move, Enter and the digits pick."""
        row, key = self._rows.current, event.key()
        page = max(int(self._box.height()) // self._rows.height - 1, 1)
        beside = self._rows.chart.chosen or 0
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if key in steps:
            self.set_current(beside if row is None else row + steps[Qt.Key(key)])
        elif key == Qt.Key.Key_Home:
            self.set_current(0)
        elif key == Qt.Key.Key_End:
            self.set_current(len(self._rows.chart.candidates) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self._activate(row)
        elif key in _KEYS and plain:
            self._activate(_KEYS[Qt.Key(key)])
        else:
            super().keyPressEvent(event)

    def _row_at(self, place: QPointF) -> int | None:
        """The row under a point of this widget."""
        if self._rows.chart.empty:
            return None
        y = self._view.mapFrom(self, place).y()
        row = int((y + self._rows.top) // self._rows.height)
        is_inside = 0 <= y < self._box.height() and row < len(self._rows.chart.candidates)
        return row if is_inside else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click makes a row current, also a right click, whose menu copies it."""
        row = self._row_at(event.position())
        if row is not None:
            self.set_current(row)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click picks."""
        row = self._row_at(event.position())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self._activate(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll."""
        QGuiApplication.sendEvent(self._bar, event)

    def event(self, event: QEvent) -> bool:
        """The tooltip of a row has the text in more length and the number in full precision."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._row_at(QPointF(event.pos()))
            text = "" if row is None else self._tip(row)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _tip(self, row: int) -> str:
        candidate = self._rows.chart.candidates[row]
        number = tr("no confidence") if candidate.confidence is None else f"{candidate.confidence!r} %"
        words = f"{display_text(candidate.plate or '—', 120)} · {number}"
        return plain_tip(words + (" · " + MATCHES if candidate.matches_template else ""))

    def _take_look(self) -> None:
        theme = theme_of(self.palette())
        self._rows.style = RowStyle(theme, self.font())
        small, tiny = scaled_font(self.font(), SMALL), scaled_font(self.font(), TINY)
        self._heading.setFont(small)
        self._note.setFont(small)
        self._legend.setFont(tiny)
        self._legend.look_changed()
        self._axis.setPen(QPen(QColor(theme.line), 1))
        self._axis.setTextPen(QColor(theme.muted))
        self._axis.setTickFont(tabular(tiny))
        digits = self.fontMetrics().horizontalAdvance("100.0")
        self._numbers.set_width(digits + 2 * SPACE)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours and the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_stack"):
            self._take_look()
