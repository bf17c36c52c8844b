"""The timeline: what was read when, by camera; a range that is chosen in it filters.

Imports pyqtgraph (by its chart), which costs half a second: import this one when it is first shown.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from alprviewer.language import tr
from alprviewer.models.shown import Shown
from alprviewer.models.timeline import Timeline
from alprviewer.views.chips import Choice, ChoiceChip
from alprviewer.views.looks import MUTED, SMALL, TINY, claims_escape, scaled_font, tabular
from alprviewer.views.theme import SPACE, theme_of
from alprviewer.views.timeline.chart import Chart
from alprviewer.views.timeline.words import MEASURES, TIPS, bin_words, empty, heading, reads_text

_DRAG = 4
"""Pixels from which on a press is no click."""
_SHORTEST = 20
"""Milliseconds that are shown at least."""
_ZOOM = 1.5
_SETTLE_MS = 300
"""After the last key a range that was chosen by keys filters."""
_CLAIMED = (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal, Qt.Key.Key_Escape, Qt.Key.Key_0)


class TimelinePane(QWidget):
    """Shows a ``Timeline`` and lets a range be chosen.

    The mouse: a drag chooses a range, a click a bin; the wheel zooms, with Shift it moves, as the middle
    button does. Keys: Left and Right go from bin to bin, with Shift they choose; Up and Down zoom; Page Up,
    Page Down, Home and End move; Enter filters by the bin; Escape shows all times again; 0 the whole capture.

    Signals:
        range_chosen(object, object): from this instant until before that one is wanted.
        range_cleared(): all times are wanted.
    """

    range_chosen = Signal(object, object)
    range_cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timeline = Timeline(self)
        self._chart = Chart(theme_of(self.palette()), self)
        self._drawn = self._chart.drawn
        self._chart.resized.connect(self._resized)
        self._view: tuple[float, float] | None = None
        self._pressed: QPointF | None = None
        self._moved_from: tuple[float, float] | None = None
        self._anchor: int | None = None
        self._lane = 0
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._choose)
        self._heading, self._empty = QLabel(self), QLabel(self)
        for label in (self._heading, self._empty):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setForegroundRole(MUTED)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._heading.setWordWrap(True)
        self._heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMouseTracking(True)
        self._lay_out()
        self.addAction(tr("&Zoom to the chosen range"), self.zoom_to_range)
        self.addAction(tr("Show the &whole capture"), self.show_all)
        self.addAction(tr("&Any time"), self.clear)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Timeline"))
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._take_look()
        self._show_bins()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._heading, 1)
        self._choices = {name: Choice(name, title, TIPS[name]) for name, title in MEASURES.items()}
        for choice in self._choices.values():
            choice.clicked.connect(lambda _=False, name=choice.name: self.set_measure(name))
        self._measures = ChoiceChip(tr("Bars"), list(self._choices.values()), self)
        row.addWidget(self._measures)
        body = QWidget(self)
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self._chart)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(SPACE)
        layout.addLayout(row)
        layout.addWidget(body, 1)

    # --- what is shown ----------------------------------------------------------------------------

    def set_timeline(self, timeline: Timeline) -> None:
        """Show another model from now on."""
        own, self._timeline = self._timeline, timeline
        own.close()
        own.deleteLater()
        timeline.changed.connect(self._show_bins)
        timeline.restarted.connect(self._restart)
        self._ask()
        self._show_bins()

    def show_item(self, shown: Shown) -> None:
        """Mark the time of the selected row."""
        frame = shown.frame
        self._drawn.moment = None if frame is None else frame.epoch_time
        self._chart.redraw()

    def set_measure(self, name: str) -> None:
        """Let the bars stand for reads, passes or the mean confidence."""
        self._drawn.measure = name
        self._tell()
        self._chart.redraw()

    def _restart(self) -> None:
        self._view = self._drawn.caret = self._anchor = None
        self._ask()

    def _show_bins(self) -> None:
        bins = self._timeline.bins
        self._chart.show_bins(bins)
        words = empty(bins)
        self._empty.setText(words)
        self._stack.setCurrentIndex(1 if words else 0)
        self._choices["passes"].setVisible(bins.passes is not None)
        self._measures.setVisible(not words)
        self._place()
        self._tell()

    @property
    def view(self) -> tuple[float, float]:
        """The range in sight, in UTC milliseconds."""
        if self._view is not None:
            return self._view
        first, last = self._timeline.bins.span or (0, 0)
        return float(first), float(max(last + 1, first + _SHORTEST))

    def _place(self) -> None:
        self._chart.show_range(*self.view, self._timeline.zone)

    def _resized(self) -> None:
        self._place()
        self._ask()

    def _ask(self) -> None:
        view = None if self._view is None else (int(self._view[0]), int(self._view[1]))
        self._timeline.show(view, self._chart.most_bins)

    # --- zoom -------------------------------------------------------------------------------------

    def set_view(self, begin: float, end: float) -> None:
        """Show a range, within the capture and a tenth more on each side."""
        span = self._timeline.bins.span
        if span is None:
            return
        reach = max((span[1] - span[0]) * 0.1, _SHORTEST)
        length = min(max(end - begin, _SHORTEST), span[1] - span[0] + 2 * reach)
        middle = (begin + end) / 2
        begin = min(max(middle - length / 2, span[0] - reach), span[1] + reach - length)
        self._view = (begin, begin + length)
        self._place()
        self._ask()

    def zoom(self, factor: float, about: float | None = None) -> None:
        """Show a shorter range for factors above 1, keeping an instant where it is."""
        begin, end = self.view
        about = (begin + end) / 2 if about is None else about
        self.set_view(about - (about - begin) / factor, about + (end - about) / factor)

    def pan(self, share: float) -> None:
        """Move by a share of what is in sight."""
        begin, end = self.view
        by = (end - begin) * share
        self.set_view(begin + by, end + by)

    def show_all(self) -> None:
        """Show the capture from its first time to its last."""
        self._view = None
        self._place()
        self._ask()

    def zoom_to_range(self) -> None:
        """Show the range that is filtered by."""
        found = self._timeline.selected()
        if found is not None:
            margin = (found[1] - found[0]) * 0.05
            self.set_view(found[0] - margin, found[1] + margin)

    def reveal(self) -> None:
        """Bring the range that is filtered by into sight, where nothing of it is."""
        found, (begin, end) = self._timeline.selected(), self.view
        if found is not None and (found[1] <= begin or found[0] >= end):
            self.zoom_to_range()

    # --- choosing ---------------------------------------------------------------------------------

    def _instant_at(self, place: QPointF) -> float:
        return self._chart.instant_at(self._chart.mapFrom(self, place))

    def _is_in_plot(self, place: QPointF) -> bool:
        return self._stack.currentIndex() == 0 and self._chart.has(self._chart.mapFrom(self, place))

    def _choose(self) -> None:
        self._settle.stop()
        chosen, self._drawn.selection = self._drawn.selection, None
        self._chart.redraw()
        if chosen is not None:
            self.range_chosen.emit(*chosen)

    def clear(self) -> None:
        """All times are wanted again."""
        self._settle.stop()
        self._drawn.selection = self._anchor = None
        self._chart.redraw()
        self.range_cleared.emit()

    def _tell(self, words: str = "") -> None:
        """Say what a bin holds, or what is shown at all."""
        bins, measure = self._drawn.bins, self._drawn.measure
        if measure == "passes" and bins.passes is None:
            measure = self._drawn.measure = "reads"
        for name, choice in self._choices.items():
            choice.setChecked(name == measure)
        text = words or heading(bins, measure, self._timeline.zone)
        self._heading.setText(text)
        self.setAccessibleDescription(text or self._empty.text())

    # --- mouse ------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The left button chooses, the middle one moves."""
        if not self._is_in_plot(event.position()):
            super().mousePressEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._pressed, self._moved_from = event.position(), self.view

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell about the bin below the pointer; choose or move while a button is down."""
        place = event.position()
        if self._pressed is not None and self._moved_from is not None:
            begin, end = self._moved_from
            by = (self._pressed.x() - place.x()) / self._chart.plot_width * (end - begin)
            self.set_view(begin + by, end + by)
            return
        if self._pressed is not None and abs(place.x() - self._pressed.x()) >= _DRAG:
            self._drawn.selection = self._chart.range_between(
                self._instant_at(self._pressed), self._instant_at(place)
            )
            self._chart.redraw()
        self._lane = self._chart.lane_at(self._chart.mapFrom(self, place))
        inside = self._is_in_plot(place)
        self._tell(self._words_at(self._instant_at(place)) if inside else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A range was chosen, or a bin."""
        pressed, moved, self._pressed, self._moved_from = self._pressed, self._moved_from, None, None
        if pressed is None or moved is not None or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        if self._drawn.selection is None:
            self._drawn.selection = self._chart.range_between(
                self._instant_at(pressed), self._instant_at(pressed)
            )
        self._choose()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the chosen range large."""
        if self._is_in_plot(event.position()):
            self.zoom_to_range()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell about all again."""
        super().leaveEvent(event)
        self._tell()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; with Shift, or sideways, move."""
        turned, sideways = event.angleDelta().y(), event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            turned, sideways = 0, turned or sideways
        if sideways:
            self.pan(-sideways / 1200)
        if turned:
            self.zoom(_ZOOM ** (turned / 120), self._instant_at(event.position()))
        event.accept()

    # --- keys -------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keys of the timeline are no shortcuts of the window while it has the keyboard."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in _CLAIMED and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.accept()
                return True
            claims_escape(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        about = None if self._drawn.caret is None else float(self._drawn.caret)
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                self._step(-1 if key == Qt.Key.Key_Left else 1, choosing=shift)
            case Qt.Key.Key_Up | Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(_ZOOM, about)
            case Qt.Key.Key_Down | Qt.Key.Key_Minus:
                self.zoom(1 / _ZOOM, about)
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                self.pan(-0.8 if key == Qt.Key.Key_PageUp else 0.8)
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                self._go_to_end(last=key == Qt.Key.Key_End)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._drawn.caret is not None:
                self._drawn.selection = self._drawn.selection or self._caret_bin()
                self._choose()
            case Qt.Key.Key_0:
                self.show_all()
            case Qt.Key.Key_Escape if self._drawn.selection or self._drawn.bins.filtered is not None:
                self.clear()
            case _:
                super().keyPressEvent(event)

    def _caret_bin(self) -> tuple[int, int]:
        caret = float(self._drawn.caret or 0)
        return self._chart.range_between(caret, caret)

    def _step(self, by: int, *, choosing: bool) -> None:
        """Go to the next bin, the first time to that in the middle; choose from where choosing began."""
        bins, (begin, end) = self._drawn.bins, self.view
        if bins.span is None:
            return
        caret = self._drawn.caret
        before = self._chart.bin_at((begin + end) / 2 if caret is None else caret)
        place = before if caret is None else min(max(before + by, 0), len(bins.edges) - 2)
        self._drawn.caret = int(bins.edges[place])
        if not choosing:
            self._anchor = self._drawn.selection = None
        else:
            if self._anchor is None:
                self._anchor = int(bins.edges[before])
            self._drawn.selection = self._chart.range_between(self._anchor, self._drawn.caret)
            self._settle.start()
        if not begin <= self._drawn.caret < end or place in (0, len(bins.edges) - 2):
            self.pan(0.25 * by)
        self._show_caret()

    def _go_to_end(self, *, last: bool) -> None:
        span = self._drawn.bins.span
        if span is None:
            return
        begin, end = self.view
        to = span[1] + 1 - (end - begin) if last else span[0]
        self.set_view(to, to + end - begin)
        self._drawn.caret = span[1] if last else span[0]
        self._show_caret()

    def _words_at(self, instant: float) -> str:
        return bin_words(self._drawn.bins, self._lane, self._chart.bin_at(instant), self._timeline.zone)

    def _show_caret(self) -> None:
        """Say what the bin at the caret holds, of all cameras together where there are several."""
        bins, caret = self._drawn.bins, self._drawn.caret
        self._chart.redraw()
        if caret is None:
            return
        place = self._chart.bin_at(caret)
        words = [self._words_at(caret)]
        if len(bins.lanes) > 1:
            others = [
                f"{name}: {reads_text(int(bins.counted.counts[lane, place]))}"
                for lane, name in enumerate(bins.lanes)
                if lane != self._lane
            ]
            words += others
        self._tell(" · ".join(words))

    # --- look -------------------------------------------------------------------------------------

    def _take_look(self) -> None:
        theme = theme_of(self.palette())
        small, tiny = scaled_font(self.font(), SMALL), scaled_font(self.font(), TINY)
        self._heading.setFont(tabular(small))
        self._chart.take_look(theme, tiny)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours and the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_stack"):
            self._take_look()
