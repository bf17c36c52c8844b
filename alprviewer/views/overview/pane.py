"""The overview: how reads are spread; each bar filters."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPalette
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from alprviewer.core.distribution import Distribution, is_set
from alprviewer.core.query.tree import Tree
from alprviewer.language import tr, trn
from alprviewer.models.overview import Overview
from alprviewer.models.shown import Shown
from alprviewer.views.looks import MUTED, SMALL, TINY, scaled_font, tabular, take_given_width
from alprviewer.views.overview.bars import BarButton, CellButton
from alprviewer.views.theme import SPACE

_WIDEST_LABEL = 130
_HOURS = (0, 6, 12, 18)


def _label(parent: QWidget, name: str = "") -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setForegroundRole(MUTED)
    label.setAccessibleName(name)
    return label


class DistributionChart(QWidget):
    """The bars of one distribution, below its title.

    Signals:
        bar_clicked(object): this ``Bar`` is wanted, or not any more.
    """

    bar_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._notes = _label(self), _label(self)
        take_given_width(self._notes)
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        self._lines: list[QLabel] = []
        self._group = QButtonGroup(self, exclusive=False)
        self.buttons: list[BarButton] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2 * SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(self._title)
        layout.addLayout(self._grid)
        layout.addWidget(self._notes)

    def show_distribution(self, shown: Distribution, tree: Tree | None, *, filtered: bool) -> None:
        """Show bars, and which of them the query asks for."""
        self._title.setText(shown.title)
        self._notes.setText(" · ".join(shown.notes) if shown.bars else tr("None here has a value."))
        self._notes.setVisible(bool(self._notes.text()))
        self._fit(shown)
        most = max((bar.all for bar in shown.bars), default=1)
        if shown.width:
            most = max((bar.shown for bar in shown.bars), default=1)
        label = self._label_width(shown)
        for button, bar in zip(self.buttons, shown.bars, strict=True):
            button.show_bar(bar, most, label, filtered=filtered, is_set=is_set(tree, bar))

    def _label_width(self, shown: Distribution) -> int:
        metrics = QFontMetricsF(scaled_font(self.font(), TINY))
        widest = max((metrics.horizontalAdvance(f"✓ {bar.words}") for bar in shown.bars), default=0.0)
        return round(min(widest, _WIDEST_LABEL)) + SPACE

    def _fit(self, shown: Distribution) -> None:
        """As many buttons as there are bars, and the names of lines and hours beside cells."""
        lines = len(shown.lines) + 1 if shown.width else 0
        if len(self.buttons) == len(shown.bars) and len(self._lines) >= lines:
            for line, name in zip(self._lines, shown.lines, strict=False):
                line.setText(name)
            return
        had_focus = any(button.hasFocus() for button in self.buttons)
        for widget in (*self.buttons, *self._lines):
            widget.setParent(None)
            widget.deleteLater()
        kind = CellButton if shown.width else BarButton
        self.buttons = [kind(shown.things, self) for _ in shown.bars]
        self._lines = []
        for place, button in enumerate(self.buttons):
            self._group.addButton(button)
            button.left.connect(partial(self._go, place, shown.width or 1))
            button.clicked.connect(lambda _=False, button=button: self.bar_clicked.emit(button.bar))
            row, column = divmod(place, shown.width) if shown.width else (place, 0)
            self._grid.addWidget(button, row, column + 1)
        if self.buttons:
            self.buttons[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            if had_focus:
                self.buttons[0].setFocus()
        if shown.width:
            self._name_lines(shown)

    def _go(self, place: int, width: int, right: int, down: int) -> None:
        """Give the keyboard to a neighbour, where there is one."""
        column = place % width + right
        other = place + right + down * width
        if 0 <= column < width and 0 <= other < len(self.buttons):
            self.buttons[other].setFocus(Qt.FocusReason.TabFocusReason)

    def _name_lines(self, shown: Distribution) -> None:
        for row, name in enumerate(shown.lines):
            label = _label(self)
            label.setText(name)
            label.setFont(scaled_font(self.font(), TINY))
            label.setContentsMargins(0, 0, 2 * SPACE, 0)
            label.setMaximumWidth(_WIDEST_LABEL)
            self._lines.append(label)
            self._grid.addWidget(label, row, 0)
        for hour in _HOURS:
            label = _label(self)
            label.setText(f"{hour:02}")
            label.setFont(tabular(scaled_font(self.font(), TINY)))
            self._lines.append(label)
            self._grid.addWidget(label, len(shown.lines), hour + 1, 1, 6)

    def take_look(self) -> None:
        """Another font."""
        self._title.setFont(scaled_font(self.font(), SMALL))
        self._notes.setFont(scaled_font(self.font(), TINY))


class OverviewPane(QScrollArea):
    """Shows an ``Overview``.

    Signals:
        bar_clicked(object): this ``Bar`` is wanted, or not any more.
    """

    bar_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overview: Overview | None = None
        self.charts: list[DistributionChart] = []
        body = QWidget(self)
        self._heading = _label(body)
        take_given_width(self._heading)
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        self._column.setSpacing(2 * SPACE)
        self._column.addWidget(self._heading)
        self._column.addStretch(1)
        body.setAutoFillBackground(True)
        body.setBackgroundRole(QPalette.ColorRole.Base)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Overview"))
        self._take_look()

    def set_overview(self, overview: Overview) -> None:
        """Show a model from now on."""
        self._overview = overview
        overview.changed.connect(self._show)
        self._show()

    def show_item(self, shown: Shown) -> None:
        """The selected row changes nothing here."""

    def _show(self) -> None:
        overview = self._overview
        assert overview is not None
        reads, matching = overview.reads, overview.matching
        if not reads:
            words = tr("There are no reads to count.")
        elif matching is None:
            words = trn(
                "All {count:,} read. A bar filters; the same bar again shows all.",
                "All {count:,} reads. A bar filters; the same bar again shows all.",
                reads,
            )
        else:
            words = trn(
                "{matching:,} of {count:,} read match the filter (strong); all stand behind them (pale).",
                "{matching:,} of {count:,} reads match the filter (strong); all stand behind them (pale).",
                reads,
                matching=matching,
            )
        self._heading.setText(words)
        shown = overview.distributions if reads else ()
        while len(self.charts) < len(shown):
            chart = DistributionChart(self.widget())
            chart.bar_clicked.connect(self.bar_clicked)
            chart.take_look()
            self.charts.append(chart)
            self._column.insertWidget(len(self.charts), chart)
        for chart, distribution in zip(self.charts, shown, strict=False):
            chart.show_distribution(distribution, overview.tree, filtered=matching is not None)
        for place, chart in enumerate(self.charts):
            chart.setVisible(place < len(shown))

    def _take_look(self) -> None:
        self._heading.setFont(scaled_font(self.font(), SMALL))
        for chart in self.charts:
            chart.take_look()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_heading"):
            self._take_look()
