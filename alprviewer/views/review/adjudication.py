"""What the review page shows of disputes: their list, the answers side by side, how far people agree."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alprviewer.capture.export import utc_text
from alprviewer.core.plates import display_text, emphasise
from alprviewer.core.standing import Placed
from alprviewer.language import tr, trn
from alprviewer.models.answers import Said, said_text
from alprviewer.models.decided import WORDS
from alprviewer.models.review import Review
from alprviewer.models.reviewsight import Sight
from alprviewer.review.checking import Agreement, Checked
from alprviewer.views.candidatepaint import PlateText
from alprviewer.views.looks import SMALL, scaled_font, tabular
from alprviewer.views.review.keys import either
from alprviewer.views.review.lists import RowList, paint_key
from alprviewer.views.theme import SPACE, Theme, plate_font, theme_of

_KEY = 22
_PLATE_CHARACTERS = 14
_LISTED = 8
"""Disputes that are listed at a time, those about the one that is shown."""
_MOST_CARDS, _MOST_NAMES = 4, 4
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


def by_text(verdicts: Sequence[Placed]) -> str:
    """Who gave an answer, of how many single reads, whether blind, when last, and why."""
    entry, count = verdicts[-1].entry, len(verdicts)
    when = (utc_text(entry.time) or "")[:16].replace("T", " ")
    single = trn("{count:,} read", "{count:,} reads", count) if count > 1 else ""
    blind = tr("blind") if all(each.entry.blind for each in verdicts) else ""
    parts = [entry.reviewer, single, blind, f"{when}Z", entry.reason]
    return display_text(" · ".join(part for part in parts if part), 160)


class AnswerCards(QWidget):
    """The answers that reviewers gave to one item, side by side; a click, or its digit, chooses one.

    Signals:
        chosen(int): an answer, from 0.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Answers"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._answers: tuple[Said, ...] = ()

    def show_answers(self, answers: tuple[Said, ...]) -> None:
        """Other answers; none hides them."""
        self._answers = answers[:_MOST_CARDS]
        spoken = [
            f"{number}: {said_text(each)}, {'; '.join(map(by_text, each.voices))}"
            for number, each in enumerate(self._answers, 1)
        ]
        self.setAccessibleDescription(display_text(". ".join(spoken), 400))
        self.setVisible(bool(self._answers))
        self.updateGeometry()
        self.update()

    def _line(self) -> float:
        return QFontMetricsF(scaled_font(self.font(), SMALL)).height() + 2

    def sizeHint(self) -> QSize:
        """A line for the answer, one for each who gave it."""
        lines = max((min(len(each.voices), _MOST_NAMES) for each in self._answers), default=1)
        plate = QFontMetricsF(plate_font(self.font(), 1.5)).height()
        return QSize(420, round(plate + lines * self._line() + 5 * SPACE))

    minimumSizeHint = sizeHint

    def box(self, number: int) -> QRectF:
        """Where an answer stands."""
        count = max(len(self._answers), 1)
        width = min((self.width() - (count - 1) * 3 * SPACE) / count, 420.0)
        left = (self.width() - count * width - (count - 1) * 3 * SPACE) / 2
        return QRectF(left + number * (width + 3 * SPACE), 0.5, width, self.height() - 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One card beside the other; characters that differ from the first answer are marked."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, said in enumerate(self._answers):
            painter.save()
            self._paint_card(painter, theme, number, said)
            painter.restore()
        painter.end()

    def _paint_card(self, painter: QPainter, theme: Theme, number: int, said: Said) -> None:
        box = self.box(number)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(box, 6, 6)
        painter.setClipRect(box.adjusted(1, 1, -3 * SPACE, -1))
        small = scaled_font(self.font(), SMALL)
        height = QFontMetricsF(plate_font(self.font(), 1.5)).height()
        head = QRectF(box.left() + 3 * SPACE, box.top() + 2 * SPACE, box.width() - 6 * SPACE, height)
        key = QRectF(head.left(), head.center().y() - _KEY / 2, _KEY, _KEY)
        paint_key(painter, theme, tabular(small), str(number + 1), key)
        left = key.right() + 2 * SPACE
        first = self._answers[0].plate
        if said.plate:
            emphasis = emphasise(first or said.plate, said.plate, _PLATE_CHARACTERS)
            text = PlateText(emphasis, plate_font(self.font(), 1.5), theme.text, theme.differs)
            text.paint(painter, left, head.center().y())
            left += QFontMetricsF(plate_font(self.font(), 1.5)).horizontalAdvance(emphasis.text) + 2 * SPACE
            words = display_text(said.region, 20) if said.region else ""
        else:
            words = WORDS[said.act]
            painter.setFont(scaled_font(self.font(), 1.2, QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.text if not said.plate else theme.muted))
        painter.drawText(QRectF(left, head.top(), box.right() - left, head.height()), _LEFT, words)
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        for place, verdicts in enumerate(said.voices[:_MOST_NAMES]):
            line = QRectF(
                head.left(), head.bottom() + SPACE + place * self._line(), head.width(), self._line()
            )
            more = len(said.voices) - _MOST_NAMES
            last = place == _MOST_NAMES - 1 and more > 0
            names = by_text(verdicts)
            if last:
                names = trn("{names} and {count} more", "{names} and {count} more", more, names=names)
            names = QFontMetricsF(small).elidedText(names, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, _LEFT, names)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the answer that was clicked."""
        for number in range(len(self._answers)):
            if self.box(number).contains(event.position()):
                self.chosen.emit(number)
                return

    def changeEvent(self, event: QEvent) -> None:
        """Follow colours and fonts."""
        super().changeEvent(event)
        self.updateGeometry()
        self.update()


class DisputeList(RowList):
    """The disputes of the queue about the one that is shown: their answers, or how they were settled.

    ``chosen`` tells the row; ``at`` which place of the queue that is.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Disputes"), _LISTED, parent)
        self._rows: list[tuple[int, tuple[str, ...], str]] = []
        self._current = 0

    def show_queue(self, review: Review, sight: Sight) -> None:
        """The disputes about the one that is shown."""
        queue = review.queue
        self._rows = []
        self._current = sight.at
        if queue is not None and sight.item is not None and queue.spec.settles and not sight.masked:
            first = max(min(sight.at - _LISTED // 2, len(queue) - _LISTED), 0)
            for at in range(first, min(first + _LISTED, len(queue))):
                self._rows.append((at, *queue.dispute(at)))
            last = self._rows[-1][0] + 1
            self.heading = tr(
                "Disputes {first:,} to {last:,} of {total:,}", first=first + 1, last=last, total=len(queue)
            )
        self.setVisible(bool(self._rows))
        self.refresh("; ".join(_dispute_text(words, settled) for _, words, settled in self._rows))

    def at(self, row: int) -> int:
        """The place in the queue of a row."""
        return self._rows[row][0]

    def count(self) -> int:
        """Disputes that are listed."""
        return len(self._rows)

    def paint_row(self, painter: QPainter, theme: Theme, row: int, box: QRectF) -> None:
        """What was said, or with a tick what was settled."""
        at, words, settled = self._rows[row]
        if at == self._current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.selection))
            painter.drawRoundedRect(box.adjusted(-SPACE, 1, SPACE, -1), 4, 4)
        mono = plate_font(self.font(), 1.0)
        painter.setFont(mono)
        painter.setPen(QColor(theme.on_selection if at == self._current else theme.text))
        text = f"✓ {settled}" if settled else " / ".join(words)
        shown = display_text(text, 60)
        metrics = QFontMetricsF(mono)
        painter.drawText(box, _LEFT, metrics.elidedText(shown, Qt.TextElideMode.ElideRight, box.width()))
        painter.setPen(QPen(QColor(theme.hair), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())


def _dispute_text(words: tuple[str, ...], settled: str) -> str:
    """What was said, and how it was settled; empty where it was not."""
    answers = either(words)
    return tr("{answers}, settled: {answer}", answers=answers, answer=settled) if settled else answers


class AgreementList(RowList):
    """How far each two reviewers agree."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Agreement"), 8, parent)
        self._found: list[Agreement] = []
        self.note = tr("Nobody has decided what somebody else decided, too.")

    def show_agreements(self, found: list[Agreement]) -> None:
        """Other figures; those who share most come first."""
        self._found = sorted(found, key=lambda each: -each.items)
        self.heading = tr("Same answers · kappa · characters")
        said = [
            tr("{one} and {other}: {figures}", one=each.one, other=each.other, figures=figures_text(each))
            for each in self._found
        ]
        self.setToolTip(
            tr(
                "Of what both decided alone: how many answers are the same, Cohen's kappa of the verdicts "
                "(1: as can be, 0: as chance), edits between the two plates a character."
            )
        )
        self.refresh(display_text("; ".join(said), 400) or self.note)

    def count(self) -> int:
        """Pairs of reviewers."""
        return len(self._found)

    def paint_row(self, painter: QPainter, theme: Theme, row: int, box: QRectF) -> None:
        """The two, and their figures."""
        each = self._found[row]
        paint_figures(painter, theme, box, f"{each.one} / {each.other}", figures_text(each))


class CheckedList(RowList):
    """How reviewers did on items whose answer was known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Known answers missed"), 6, parent)
        self._found: list[Checked] = []
        self.note = tr("Nobody was checked with a known answer.")

    def show_checked(self, found: list[Checked]) -> None:
        """Other figures; who was checked most comes first."""
        self._found = sorted(found, key=lambda each: -each.items)
        said = [f"{each.reviewer}: {missed_text(each)}" for each in self._found]
        self.refresh(display_text("; ".join(said), 400) or self.note)

    def count(self) -> int:
        """Reviewers who were checked."""
        return len(self._found)

    def paint_row(self, painter: QPainter, theme: Theme, row: int, box: QRectF) -> None:
        """The reviewer, and how many answers were missed."""
        each = self._found[row]
        paint_figures(painter, theme, box, each.reviewer, missed_text(each))


class Adjudication:
    """All of them, for the page that has places for them."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._of: object = None
        self.cards = AnswerCards()
        self.disputes = DisputeList()
        self.agreement = AgreementList()
        self.checked = CheckedList()
        review.decided_changed.connect(self._take_news)
        self.disputes.chosen.connect(lambda row: review.step(self.disputes.at(row) - review.sight.at))

    @property
    def active(self) -> bool:
        """True while what is shown is there to be settled."""
        queue = self._review.queue
        return queue is not None and queue.spec.settles

    def show_sight(self, sight: Sight) -> None:
        """Another item, or the same one anew."""
        self.cards.show_answers(sight.answers)
        self.disputes.show_queue(self._review, sight)
        for each in (self.agreement, self.checked):
            each.setVisible(self.active)
        if self._of is not self._review.queue:
            self._of = self._review.queue
            self._count()

    def _take_news(self) -> None:
        self.disputes.show_queue(self._review, self._review.sight)
        self._count()

    def _count(self) -> None:
        if self.active:
            self.agreement.show_agreements(self._review.decided.agreements())
            self.checked.show_checked(self._review.decided.checked())


def paint_figures(painter: QPainter, theme: Theme, box: QRectF, names: str, figures: str) -> None:
    """Names at the left, shortened where there is no room for them, and figures at the right."""
    painter.setFont(tabular(painter.font()))
    painter.setPen(QColor(theme.text))
    painter.drawText(box, _RIGHT, figures)
    metrics = QFontMetricsF(painter.font())
    room = max(box.width() - metrics.horizontalAdvance(figures) - 3 * SPACE, 0.0)
    painter.setPen(QColor(theme.muted))
    shown = metrics.elidedText(display_text(names, 80), Qt.TextElideMode.ElideRight, room)
    painter.drawText(box, _LEFT, shown)


def missed_text(each: Checked) -> str:
    """How many answers were missed, of how many, and as a share."""
    return f"{each.wrong:,}/{each.items:,} · {100 * each.wrong / each.items:.1f} %"


def figures_text(each: Agreement) -> str:
    """The figures of two reviewers in few characters; a dash for what is not defined."""
    kappa = "–" if each.kappa is None else f"{each.kappa:.2f}".replace("-", "−")
    error = "–" if each.character_error is None else f"{100 * each.character_error:.1f} %"
    return f"{each.same:,}/{each.items:,} · κ {kappa} · {error}"
