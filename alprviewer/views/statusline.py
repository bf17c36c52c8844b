"""The status bar: state of the sources, progress, counts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from alprviewer.language import tr, trn
from alprviewer.views.looks import plain_tip

_ABOVE = 2
"""Pixels above and below the words."""


def byte_text(count: float) -> str:
    """A number of bytes for people, in powers of 1000."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5 or unit == "GB":
            return f"{count:.0f} {unit}" if unit == "B" or count >= 99.95 else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError


def duration_text(seconds: float) -> str:
    """A remaining time for people."""
    if seconds < 59.5:
        return f"{max(round(seconds), 1)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def progress_text(done: int, total: int, seconds: float) -> str:
    """Rate and time left; the time is left out while it would be a guess."""
    rate = done / seconds if seconds > 0 else 0
    text = tr("{part} of {whole}", part=byte_text(done), whole=byte_text(total)) if total else byte_text(done)
    if seconds > 0.5 and rate:
        text += f" · {byte_text(rate)}/s"
        if total > done:
            text += " · " + tr("{time} left", time=duration_text((total - done) / rate))
    return text


class Elided(QLabel):
    """A label that may become narrow: its text is then shortened in the middle and whole in the tooltip.

    It asks for the widest text since it was empty, so that the bar stands still while numbers run.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widest = 0

    def setText(self, text: str) -> None:
        """Show another text; an empty one gives the room back."""
        self._widest = self._widest if text else 0
        super().setText(text)

    def sizeHint(self) -> QSize:
        """Room for the widest text so far."""
        hint = super().sizeHint()
        self._widest = max(self._widest, hint.width())
        return QSize(self._widest, hint.height())

    def minimumSizeHint(self) -> QSize:
        """Some characters."""
        return QSize(8 * self.fontMetrics().averageCharWidth(), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text as far as it fits."""
        del event
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment()), self._shown())
        painter.end()

    def _shown(self) -> str:
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())

    def event(self, event: QEvent) -> bool:
        """A tooltip where the text is shortened."""
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(plain_tip(self.text()) if self._shown() != self.text() else "")
        return super().event(event)


class StatusLine(QWidget):
    """Signals: cancel_clicked, problems_clicked, follow_clicked(bool)."""

    cancel_clicked = Signal()
    problems_clicked = Signal()
    follow_clicked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = self._label(tr("sources"))
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(160, 6)
        self._bar.setAccessibleName(tr("Reading progress"))
        self._progress = self._label(tr("progress"))
        self._cancel = QPushButton(tr("Stop"), self)
        self._cancel.setAccessibleName(tr("Stop reading"))
        self._cancel.clicked.connect(self.cancel_clicked)
        self._counts = self._label(tr("counts"))
        self._problems = QPushButton(self)
        self._problems.setFlat(True)
        self._problems.setAccessibleName(tr("Show the problems"))
        self._problems.clicked.connect(self.problems_clicked)
        self._follow = QPushButton(self)
        self._follow.setFlat(True)
        self._follow.setCheckable(True)
        self._follow.setToolTip(tr("Keep the newest row in sight as it comes, until you go elsewhere (F)"))
        self._follow.clicked.connect(self.follow_clicked)
        self._right = self._label(tr("selection"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, _ABOVE, 12, _ABOVE)
        layout.setSpacing(16)
        for widget in (self._state, self._bar, self._progress, self._cancel, self._counts, self._problems):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self._follow)
        layout.addWidget(self._right)
        self.show_idle("")
        self.show_follow(False, False)
        self.show_counts("", 0)

    def minimumSizeHint(self) -> QSize:
        """As high as the highest part, hidden ones included: the window must not jump as they come and go."""
        highest = max(each.sizeHint().height() for each in (self._cancel, self._problems, self._counts))
        return QSize(super().minimumSizeHint().width(), highest + 2 * _ABOVE)

    def _label(self, name: str) -> QLabel:
        label = Elided(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAccessibleName(name)
        return label

    def show_progress(self, source: str, done: int, total: int, seconds: float) -> None:
        """Reading goes on."""
        self._state.setText(tr("Reading {source}", source=source))
        self._bar.setValue(round(1000 * done / total) if total else 0)
        self._progress.setText(progress_text(done, total, seconds))
        for widget in (self._bar, self._progress, self._cancel):
            widget.show()

    def show_idle(self, state: str) -> None:
        """Nothing is being read."""
        if self._state.text() != state:
            self._state.setText("")
            self._state.setText(state)
        self._progress.setText("")
        for widget in (self._bar, self._progress, self._cancel):
            widget.hide()

    def show_counts(self, counts: str, problems: int) -> None:
        """What the capture holds."""
        self._counts.setText(counts)
        self._problems.setText(trn("{count:,} problem", "{count:,} problems", problems))
        self._problems.setVisible(problems > 0)

    def show_follow(self, on: bool, possible: bool) -> None:
        """Whether the newest row is kept in sight; without a capture there is nothing to follow."""
        self._follow.setChecked(on)
        self._follow.setText(tr("Following") if on else tr("Follow"))
        self._follow.setAccessibleName(
            tr("Following: the newest row is kept in sight") if on else tr("Follow")
        )
        self._follow.setVisible(possible)

    def show_opening(self, what: str) -> None:
        """What was named is being looked for."""
        self.show_idle(tr("Opening {what} …", what=what))
        self._cancel.show()

    def show_right(self, text: str) -> None:
        """A word at the right end: the day, the place in the table."""
        self._right.setText(text)

    def texts(self) -> tuple[str, str, str]:
        """State, counts and right end, as shown."""
        return self._state.text(), self._counts.text(), self._right.text()
