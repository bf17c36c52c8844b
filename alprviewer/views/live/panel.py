"""The live sources above the tables: one line each, and the button that pauses the display."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from alprviewer.capture.standing import Standing, State
from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.views.live.beats import Beats, Dot
from alprviewer.views.live.words import (
    count_words,
    lag_words,
    name_of,
    rate_words,
    spoken,
    state_words,
    waiting_words,
)
from alprviewer.views.looks import MUTED, ODD, plain_tip, scaled_font, tabular
from alprviewer.views.statusline import Elided
from alprviewer.views.theme import SPACE

_BETWEEN = 4 * SPACE
_MOST_LINES = 4
"""Sources that are in sight at once; more are scrolled to."""
_ERROR_CHARACTERS = 20
"""Width that the last error has at least, where it is shown; it takes what the other words leave."""
_WORDS = ("name", "state", "rate", "lag", "counts", "error")


class _Line:
    """The widgets of one source, in a row of the grid."""

    def __init__(self, grid: QGridLayout, row: int, parent: QWidget) -> None:
        self._dot, self.beats = Dot(parent), Beats(parent)
        self._state: State | None = None
        self._labels = {name: Elided(parent) for name in _WORDS}
        for name, label in self._labels.items():
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(
                scaled_font(parent.font(), 1, QFont.Weight.DemiBold)
                if name == "name"
                else tabular(parent.font())
            )
        error = self._labels["error"]
        error.setForegroundRole(ODD)
        error.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        error.setMinimumWidth(_ERROR_CHARACTERS * error.fontMetrics().averageCharWidth())
        self._labels["counts"].setForegroundRole(MUTED)
        order: list[QWidget] = [self._dot, self._labels["name"], self._labels["state"], self.beats]
        order += [self._labels[name] for name in ("rate", "lag", "counts", "error")]
        for column, widget in enumerate(order):
            grid.addWidget(widget, row, column)
        self.widgets = order

    def widths(self) -> list[int]:
        """What each column asks for, so that nothing is shortened but the last error."""
        hints = [each.sizeHint().width() for each in self.widgets[:-1]]
        return [*hints, self.widgets[-1].minimumWidth()]

    def show_more(self, *, bars: bool, error: bool) -> None:
        """The bars, and the last error."""
        self.beats.setVisible(bars)
        self._labels["error"].setVisible(error)

    def show_standing(self, standing: Standing, zone_name: str) -> None:
        self._dot.set_state(standing.state)
        if standing.state is not self._state:
            self._state = standing.state
            self._labels["state"].setText("")  # gives back the room of longer words
        self.beats.show_standing(standing)
        said = spoken(standing, zone_name)
        self.beats.setAccessibleName(said)
        for name, text in zip(
            _WORDS,
            (
                name_of(standing),
                state_words(standing, zone_name),
                rate_words(standing),
                lag_words(standing),
                count_words(standing),
                display_text(standing.last_error) if standing.state.is_bad else "",
            ),
            strict=True,
        ):
            label = self._labels[name]
            if label.text() != text:
                label.setText(text)
                label.setAccessibleName(text)
        self._labels["name"].setStatusTip(display_text(standing.url))
        self._dot.setToolTip(plain_tip(display_text(standing.url)))


class LivePanel(QFrame):
    """Hidden while nothing is live and nothing is paused.

    Signals:
        pause_clicked(bool): the display is to stand still, or to go on.
    """

    pause_clicked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("livePanel")
        self.setAccessibleName(tr("Live sources"))
        self.zone_name = "UTC"
        self._lines: list[_Line] = []
        self._inside = QWidget(self)
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_BETWEEN)
        self._grid.setVerticalSpacing(SPACE)
        self._grid.setColumnStretch(7, 1)
        self._area = QScrollArea(self)
        self._area.setAccessibleName(tr("Live sources"))
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._inside)
        self._note = QLabel(self)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._pause = QPushButton(self)
        self._pause.setCheckable(True)
        self._pause.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._pause.setToolTip(tr("Let the tables stand still; receiving goes on (P)"))
        self._pause.clicked.connect(self.pause_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, SPACE)
        layout.setSpacing(_BETWEEN)
        layout.addWidget(self._area, 1)
        layout.addWidget(self._note)
        layout.addWidget(self._pause)
        self.show_standings([], is_paused=False)

    def show_standings(self, standings: Sequence[Standing], *, is_paused: bool) -> None:
        """Show how the sources are now."""
        if len(standings) != len(self._lines):
            self._make_lines(len(standings))
        for line, standing in zip(self._lines, standings, strict=True):
            line.show_standing(standing, self.zone_name)
        waiting = sum(standing.waiting for standing in standings)
        self._pause.setChecked(is_paused)
        self._pause.setText(tr("Resume") if is_paused else tr("Pause"))
        state = waiting_words(waiting) if standings else tr("standing still")
        self._note.setText(tr("Paused · {state}", state=state) if is_paused else "")
        resume = tr("Resume the display, {state}", state=state)
        self._pause.setAccessibleName(resume if is_paused else tr("Pause the display"))
        self._area.setVisible(bool(standings))
        self.setVisible(bool(standings) or is_paused)
        self._fit_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words go before pictures where there is little room."""
        super().resizeEvent(event)
        self._fit_width()

    def _fit_width(self) -> None:
        columns = [max(widths) for widths in zip(*(line.widths() for line in self._lines), strict=True)]
        needed = sum(columns) + _BETWEEN * len(columns)
        beside = self._pause.sizeHint().width() + self._note.sizeHint().width() + 2 * _BETWEEN + 6 * SPACE
        room = self.width() - needed - beside
        bars = self._lines[0].beats.sizeHint().width() + _BETWEEN if self._lines else 0
        for line in self._lines:
            line.show_more(bars=room >= 0, error=room + bars >= 0)

    def _make_lines(self, count: int) -> None:
        for line in self._lines[count:]:
            for widget in line.widgets:
                self._grid.removeWidget(widget)
                widget.deleteLater()
        self._lines = self._lines[:count]
        while len(self._lines) < count:
            self._lines.append(_Line(self._grid, len(self._lines), self._inside))
        self._fit()
        self._fit_width()

    def _fit(self) -> None:
        """Room for some lines; all have one height, whatever they say."""
        height = max(self.fontMetrics().height() + SPACE, 6 * SPACE)
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, height if row < len(self._lines) else 0)
        seen = min(len(self._lines), _MOST_LINES)
        self._area.setFixedHeight(seen * height + max(seen - 1, 0) * SPACE)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_area"):
            self._fit()

    def texts(self) -> list[list[str]]:
        """The words of each line, as shown."""
        return [[each.text() for each in line.widgets if isinstance(each, QLabel)] for line in self._lines]

    @property
    def note(self) -> str:
        """What is said of the pause."""
        return self._note.text()
