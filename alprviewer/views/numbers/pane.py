"""The numbers: how right reads are, what their confidence is worth, which characters are taken for which."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from alprviewer.language import tr, trc, trn
from alprviewer.models.numbers import Numbers
from alprviewer.models.numbersheets import (
    FIELDS,
    NOTHING,
    basis_words,
    bin_words,
    compared_sheet,
    figures_sheet,
    groups_sheet,
    matrix_sheet,
    off_words,
    threshold_words,
    value_text,
    worth_words,
)
from alprviewer.models.shown import NOTHING as NOTHING_SHOWN
from alprviewer.models.shown import Shown
from alprviewer.review.figures import Report
from alprviewer.views.chips import Choice, ChoiceChip
from alprviewer.views.looks import MUTED, take_given_width
from alprviewer.views.message import Message
from alprviewer.views.numbers.plots import ReliabilityPlot, ThresholdPlot
from alprviewer.views.numbers.sheetview import SheetView
from alprviewer.views.theme import SPACE

TABS = ("figures", "groups", "confidence", "threshold", "characters", "compared")
_TITLES = (
    tr("Figures"),
    tr("By"),
    tr("Confidence"),
    tr("Threshold"),
    tr("Characters"),
    tr("Before and after"),
)
_SCOPES = {
    "all": (tr("All"), tr("Count all that was decided")),
    "drawn": (
        tr("Drawn at random"),
        tr("Count only vehicles that the queue draws at random: those stand for all"),
    ),
}
_SIDES = {"accepted": tr("Accepted"), "wrong": tr("Wrong"), "below": trc("remaining", "Left")}
"""Of a threshold."""
_NO_DECISIONS = (
    tr("Nothing is decided yet"),
    (
        tr(
            "Figures compare what was read with what people decided. Review some vehicles (Ctrl+R), or take "
            "in true plates (menu Review), and they appear here."
        )
    ),
)
_NO_READS = (tr("There are no reads"), tr("Figures are made of reads and of what people decided about them."))
_COUNTING = (tr("Counting …"), "")
_MATRIX = tr(
    "Lines are the true characters, columns what was read in their place; "
    "{sign} is nothing: left out, or one too many.",
    sign=NOTHING,
)


def _label(parent: QWidget, *, quiet: bool = True) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    take_given_width(label)
    if quiet:
        label.setForegroundRole(MUTED)
    return label


def _choice(parent: QWidget, name: str) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setMinimumContentsLength(4)
    return box


def _offer(box: QComboBox, entries: Sequence[tuple[str, object]], chosen: object) -> None:
    """What can be chosen, and what is, without a word to anybody."""
    before = box.blockSignals(True)
    if [(box.itemText(place), box.itemData(place)) for place in range(box.count())] != list(entries):
        box.clear()
        for text, value in entries:
            box.addItem(text, value)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    box.blockSignals(before)


def _side_words(name: str, count: int, limit: float) -> str:
    """The reads of a side of the threshold (``_SIDES``), as a phrase."""
    match name:
        case "accepted":
            return trn(
                "{count:,} decided read of confidence {limit:.1f} and more",
                "{count:,} decided reads of confidence {limit:.1f} and more",
                count,
                limit=limit,
            )
        case "wrong":
            return trn(
                "{count:,} decided read of confidence {limit:.1f} and more that are wrong",
                "{count:,} decided reads of confidence {limit:.1f} and more that are wrong",
                count,
                limit=limit,
            )
    return trn(
        "{count:,} decided read of confidence below {limit:.1f}",
        "{count:,} decided reads of confidence below {limit:.1f}",
        count,
        limit=limit,
    )


class NumbersPane(QWidget):
    """Shows a ``Numbers``.

    Signals:
        reads_wanted(object, str): rows of reads, ascending, and what they are.
        review_wanted(): somebody wants to decide something.
        seen(bool): somebody looks, or nobody any more.
    """

    reads_wanted = Signal(object, str)
    review_wanted = Signal()
    seen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: Numbers | None = None
        self._report: Report | None = None
        self._shown = NOTHING_SHOWN
        self._is_behind = False
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._basis = _label(self)
        self.scopes = [Choice(name, *texts, self) for name, texts in _SCOPES.items()]
        self._scope = QButtonGroup(self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(tr("Numbers"))
        self.tabs.tabBar().setAccessibleName(tr("Choice of the numbers"))
        self.figures, self.groups = SheetView(tr("Figures"), self), SheetView(tr("Figures by a field"), self)
        self.matrix = SheetView(tr("True characters and those read"), self)
        self.compared = SheetView(tr("Before and after"), self)
        self.reliability, self.threshold = ReliabilityPlot(self), ThresholdPlot(self)
        self.field, self.position = _choice(self, tr("By")), _choice(self, tr("Place in the plate"))
        self.compared_field = _choice(self, tr("Compared by"))
        self.before, self.after = _choice(self, tr("Before")), _choice(self, tr("After"))
        self._words = {name: _label(self, quiet=False) for name in ("confidence", "threshold")}
        self._hints = {name: _label(self) for name in ("confidence", "characters", "compared")}
        self.opens = {name: QPushButton(text, self) for name, text in _SIDES.items()}
        self._message = Message(self)
        self.review = QPushButton(tr("Review some"), self)
        self._assemble()
        self._connect()

    def _assemble(self) -> None:
        pages: dict[str, Sequence[QWidget | Sequence[QWidget]]] = {
            "figures": (self.figures,),
            "groups": ((self._named(tr("By"), self.field), self.field), self.groups),
            "confidence": (self.reliability, self._words["confidence"], self._hints["confidence"]),
            "threshold": (self.threshold, self._words["threshold"], tuple(self.opens.values())),
            "characters": (
                (self._named(tr("Place"), self.position), self.position, self._hints["characters"]),
                self.matrix,
            ),
            "compared": (
                (
                    self.compared_field,
                    self.before,
                    self._named("→", self.after),
                    self.after,
                ),
                self._hints["compared"],
                self.compared,
            ),
        }
        self._hints["characters"].setText(_MATRIX)
        for name, title in zip(TABS, _TITLES, strict=True):
            self.tabs.addTab(self._page(pages[name]), title)
        counted_page, empty = QWidget(self), QWidget(self)
        column = QVBoxLayout(counted_page)
        column.setContentsMargins(0, 2 * SPACE, 0, 0)
        column.setSpacing(SPACE)
        top = QHBoxLayout()
        top.setContentsMargins(3 * SPACE, 0, 3 * SPACE, 0)
        top.addWidget(self._basis, 1)
        top.addWidget(ChoiceChip(tr("Count:"), self.scopes, self))
        column.addLayout(top)
        column.addWidget(self.tabs, 1)
        middle = QVBoxLayout(empty)
        middle.addWidget(self._message, 1)
        middle.addWidget(self.review, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._scrolled(empty))
        self._stack.addWidget(counted_page)

    def _named(self, text: str, what: QWidget) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setForegroundRole(MUTED)
        label.setBuddy(what)
        return label

    def _page(self, parts: Sequence[QWidget | Sequence[QWidget]]) -> QScrollArea:
        """Parts below each other; those that stand together in one line. Where it is low it is scrolled."""
        page = QWidget(self)
        page.setAutoFillBackground(True)
        page.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(page)
        column.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        for part in parts:
            if isinstance(part, QWidget):
                column.addWidget(
                    part, 1 if isinstance(part, (SheetView, ReliabilityPlot, ThresholdPlot)) else 0
                )
            else:
                line = QHBoxLayout()
                line.setSpacing(2 * SPACE)
                for each in part:
                    line.addWidget(each, 1 if each in self._hints.values() else 0)
                if part[-1] not in self._hints.values():
                    line.addStretch(1)
                column.addLayout(line)
        return self._scrolled(page)

    def _scrolled(self, page: QWidget) -> QScrollArea:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        return area

    def _connect(self) -> None:
        for sheet in (self.figures, self.groups, self.matrix, self.compared):
            sheet.reads_wanted.connect(self.reads_wanted)
        self.reliability.valueChanged.connect(lambda _: self._show_words())
        self.reliability.opened.connect(self._open_bin)
        self.threshold.valueChanged.connect(lambda _: self._show_words())
        self.threshold.opened.connect(lambda: self._open_side("wrong"))
        for name, button in self.opens.items():
            button.clicked.connect(lambda _=False, name=name: self._open_side(name))
        for choice in self.scopes:
            self._scope.addButton(choice)
            choice.clicked.connect(lambda _on, name=choice.name: self._choose(drawn=name == "drawn"))
        self.scopes[0].setChecked(True)
        for box in (self.field, self.compared_field):
            box.activated.connect(lambda _, box=box: self._choose(field=box.currentData()))
        self.position.activated.connect(lambda _: self._choose(position=self.position.currentData()))
        self.before.activated.connect(lambda _: self._choose(before=self.before.currentData()))
        self.after.activated.connect(lambda _: self._choose(after=self.after.currentData()))
        self.review.clicked.connect(self.review_wanted)

    # --- what is shown ----------------------------------------------------------------------------

    def set_numbers(self, numbers: Numbers) -> None:
        """Show this one from now on."""
        self._numbers = numbers
        numbers.changed.connect(self._show)
        numbers.restarted.connect(self._show)
        self._show()

    def show_item(self, shown: Shown) -> None:
        """What the selected read's confidence means is said."""
        self._shown = shown
        self._show_words()

    def _choose(self, **choices: object) -> None:
        if self._numbers is not None:
            self._numbers.choose(**choices)

    def _show(self) -> None:
        """Show what was counted; while nobody looks, once somebody does: the tables take their time."""
        self._is_behind = not self.isVisible()
        if self._numbers is None or self._is_behind:
            return
        report = self._report = self._numbers.report
        decided = report is not None and bool(report.gathered.reads or report.gathered.disputed)
        if report is None or not decided:
            heading = _COUNTING if report is None else _NO_DECISIONS if report.reads else _NO_READS
            heading = heading if self._numbers.capture.sources else _NO_READS
            self._message.say(*heading)
            self.review.setVisible(heading is _NO_DECISIONS)
            self._stack.setCurrentIndex(0)
            return
        self._stack.setCurrentIndex(1)
        self._basis.setText(basis_words(report))
        self.figures.show_sheet(figures_sheet(report))
        self.groups.show_sheet(groups_sheet(report))
        self.matrix.show_sheet(matrix_sheet(report))
        self.compared.show_sheet(compared_sheet(report))
        self.reliability.show_bins(report.bins, report.learned)
        self.threshold.show_report(report)
        self._offer_choices(report)
        self._show_words()

    def _offer_choices(self, report: Report) -> None:
        choices = report.choices
        fields = [(title, name) for name, title in FIELDS.items()]
        for box in (self.field, self.compared_field):
            _offer(box, fields, choices.field)
        places = [(tr("All places"), None), *((f"{place + 1}", place) for place in range(report.positions))]
        _offer(self.position, places, choices.position)
        values = [(value_text(value), value) for value, _ in report.groups if value is not None]
        for box, chosen in ((self.before, choices.before), (self.after, choices.after)):
            _offer(box, values, chosen)
            box.setEnabled(bool(report.compared))

    def _show_words(self) -> None:
        report = self._report
        if report is None:
            return
        current = self.reliability.current
        self._words["confidence"].setText(bin_words(current) if current is not None else "")
        read = self._shown.read
        said = [off_words(report.off)]
        if read is not None and read.confidence is not None:
            said.append(tr("The selected read: {worth}", worth=worth_words(report.learned, read.confidence)))
        elif current is not None and current.mean is not None:
            said.append(worth_words(report.learned, current.mean))
        self._hints["confidence"].setText(" ".join(said))
        self._words["threshold"].setText(threshold_words(report, self.threshold.limit))
        found = report.curve.at(self.threshold.limit)
        counts = (found.accepted, found.wrong, found.reviewed)
        for (name, text), count in zip(_SIDES.items(), counts, strict=True):
            self.opens[name].setText(f"{text}: {count:,}")
            self.opens[name].setEnabled(count > 0)
        field = FIELDS[report.choices.field]
        only_one = tr(
            "There is only one value of “{field}” among what was decided: nothing to compare.", field=field
        )
        self._hints["compared"].setText("" if report.compared else only_one)
        self._hints["compared"].setVisible(not report.compared)
        self.compared.setVisible(bool(report.compared))

    # --- what is opened ---------------------------------------------------------------------------

    def _open_bin(self) -> None:
        current = self.reliability.current
        if current is not None:
            self.reads_wanted.emit(tuple(sorted(current.rows)), bin_words(current))

    def _open_side(self, name: str) -> None:
        report, limit = self._report, self.threshold.limit
        if report is None:
            return
        curve = report.curve
        rows = {"accepted": curve.accepted, "wrong": curve.accepted_wrong, "below": curve.below}[name]
        found = tuple(sorted(rows(limit).tolist()))
        if found:
            self.reads_wanted.emit(found, _side_words(name, len(found), limit))

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        if self._is_behind:
            self._show()
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more."""
        super().hideEvent(event)
        self.seen.emit(False)
