"""The candidates of one read, or what all reads of its pass support: two charts in one pane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from alprviewer.language import tr
from alprviewer.models.passshown import PassShown
from alprviewer.models.shown import Shown
from alprviewer.views.candidatechart import CandidateChart
from alprviewer.views.chips import Choice, ChoiceChip
from alprviewer.views.looks import MUTED, SMALL, scaled_font, take_given_width
from alprviewer.views.passes.supportchart import SupportChart
from alprviewer.views.passes.words import Spot, heading, readings_chosen
from alprviewer.views.theme import SPACE

MODES = {
    "read": (tr("This read"), tr("Chart: this read")),
    "pass": (tr("Whole pass"), tr("Chart: whole pass")),
}
"""The charts: text, and the text for those who do not see what it stands beside."""


class CandidatePane(QWidget):
    """Shows the chart of the selected read, or of its pass where the user says so.

    Signals:
        reads_chosen(object, str): rows of the reads that show a character, the surest first, and the reason.
    """

    reads_chosen = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = CandidateChart(self)
        self.support = SupportChart()
        self.support.reads_chosen.connect(self._choose)
        self.mode = ""
        choices = [Choice(name, *texts, self) for name, texts in MODES.items()]
        self._modes = ChoiceChip(tr("Chart:"), choices, self)
        for choice in choices:
            choice.clicked.connect(lambda _on, name=choice.name: self.set_mode(name))
        self._heading = QLabel(self)
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        self._heading.setForegroundRole(MUTED)
        self._heading.setFont(scaled_font(self.font(), SMALL))
        take_given_width(self._heading)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.support)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        of_pass = QWidget(self)
        inside = QVBoxLayout(of_pass)
        inside.setContentsMargins(2 * SPACE, 0, SPACE, SPACE)
        inside.setSpacing(SPACE)
        inside.addWidget(self._heading)
        inside.addWidget(area, 1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.chart)
        self._stack.addWidget(of_pass)
        top = QHBoxLayout()
        top.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, 0)
        top.addWidget(self._modes)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(self._stack, 1)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        # Whatever is said here, other panes stay where they are.
        self.setMinimumSize(100, 60)
        self.set_mode("read")
        self.show_pass(PassShown())

    def show_item(self, shown: Shown) -> None:
        """Show the candidates of the selected read."""
        self.chart.show_item(shown)

    def show_pass(self, shown: PassShown) -> None:
        """Show what the reads of its pass support."""
        self.support.show_pass(shown)
        self._heading.setText(heading(shown))

    def set_mode(self, mode: str) -> None:
        """Show the ``read`` or the whole ``pass``."""
        self.mode = mode
        self._stack.setCurrentIndex(list(MODES).index(mode))
        self.setFocusProxy(self.chart if mode == "read" else self.support)
        for choice in self._modes.choices:
            choice.setChecked(choice.name == mode)

    def _choose(self, spot: Spot) -> None:
        self.reads_chosen.emit(*readings_chosen(self.support.shown, spot))

    def state(self) -> dict[str, Any]:
        """The chart that is shown, for the session."""
        return {"mode": self.mode}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what ``state`` returned."""
        if state.get("mode") in MODES:
            self.set_mode(state["mode"])
