"""The page of review mode: one item, large, and one key for each thing that can be said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from alprviewer.core.decision import Scope
from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.models.answers import Compared
from alprviewer.models.review import Review
from alprviewer.models.reviewqueue import QUEUES
from alprviewer.models.reviewsight import Sight
from alprviewer.models.thumbnails import Thumbnails
from alprviewer.models.verdicts import Verdicts
from alprviewer.views.looks import MUTED, ODD, take_given_width
from alprviewer.views.passes.contactsheet import ContactSheet
from alprviewer.views.review.adjudication import Adjudication
from alprviewer.views.review.ask import AskLine
from alprviewer.views.review.cells import CharacterCells
from alprviewer.views.review.frames import column_of, named, side_of
from alprviewer.views.review.keys import REPEATING, Keymap
from alprviewer.views.review.lists import CandidateList, HistoryList
from alprviewer.views.review.parts import Facts, KeyCard, KeyLine, Pill, Progress, plain_label, side_widths
from alprviewer.views.review.picture import ReviewPicture
from alprviewer.views.review.typing import Typing
from alprviewer.views.review.words import caption_text, place_text, standing_text
from alprviewer.views.theme import SPACE

_BLIND_TIP = tr("Hide the machine's text until one is typed (B)")
_SCOPE_TIP = tr("What a verdict is about: the whole pass, or this read only (V)")


class ReviewPage(QWidget):
    """Shows what ``review`` says, and says what the keys mean. Every key has a place for the mouse, too.

    Signals:
        left(): the reviewer wants back to the tables.
        search_wanted(): back to the tables, and into the filter.
    """

    left = Signal()
    search_wanted = Signal()

    def __init__(self, review: Review, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Review"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setObjectName("reviewPage")
        self._review = review
        self._verdicts = Verdicts(review)
        self._keymap = Keymap()
        self.picture = ReviewPicture()
        self.cells = CharacterCells()
        self.facts = Facts()
        self.caption = plain_label()
        self.standing = plain_label(muted=False)
        self.notice = plain_label(muted=False)
        self.empty = plain_label(small=False)
        self.ask = AskLine()
        self.typing = Typing(review, self._verdicts, self.cells, self.ask, self)
        self.key_line = KeyLine(self._keymap)
        self.candidates = CandidateList()
        self.sheet = ContactSheet()
        self.progress = Progress()
        self.history = HistoryList()
        self.adjudication = Adjudication(review)
        self.check_note = plain_label()
        self._noted = 0
        self._seen: tuple[object, ...] = ()
        self.place = plain_label()
        self.journal = plain_label()
        self.ahead = plain_label()
        self.queues = {name: Pill(spec.title, spec.tip) for name, spec in QUEUES.items()}
        self.blind_pill, self.scope_pill = Pill(tr("Blind"), _BLIND_TIP), Pill(tr("Whole pass"), _SCOPE_TIP)
        self._commands = self._made_commands()
        self._lay_out()
        self.card = KeyCard(self)
        self._connect()
        self._show(review.sight)
        self._show_counts()

    def _lay_out(self) -> None:
        bar = named("reviewBar")
        top = QHBoxLayout(bar)
        top.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, SPACE)
        top.setSpacing(2 * SPACE)
        title = plain_label(tr("Review"), muted=False, small=False)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        self.way_out = plain_label(tr("Esc back to the tables · ? keys"), elided=True)
        for each in (title, *self.queues.values()):
            top.addWidget(each)
        top.addStretch(1)
        for each in (self.blind_pill, self.scope_pill, self.way_out):
            top.addWidget(each)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self.caption, self.standing, self.notice):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            take_given_width(label)
        take_given_width(self.check_note)
        self.check_note.hide()
        self.standing.setForegroundRole(ODD)
        centre = column_of(
            self.facts,
            (self.picture, 1),
            (self.empty, 1),
            self.cells,
            self.adjudication.cards,
            self.caption,
            self.standing,
            self.ask,
            self.key_line,
            self.notice,
        )
        settling = self.adjudication
        left = side_of("left", self.progress, self.place, self.check_note, settling.disputes, self.history)
        figures = (settling.agreement, settling.checked)
        right = side_of("right", *figures, self.candidates, (self.sheet, 1))
        self._sides = (left, right)
        body = QHBoxLayout()
        body.setSpacing(0)
        for each in (left, centre, right):
            body.addWidget(each, 1 if each is centre else 0)
        foot = named("reviewFoot")
        bottom = QHBoxLayout(foot)
        bottom.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, SPACE)
        take_given_width(self.journal)
        self.journal.setWordWrap(False)
        bottom.addWidget(self.journal, 1)
        bottom.addWidget(self.ahead)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(bar)
        page.addLayout(body, 1)
        page.addWidget(foot)

    def _connect(self) -> None:
        review = self._review
        review.changed.connect(self._show)
        review.counted.connect(self._show_counts)
        review.said.connect(lambda kind, text: self._say(text, is_error=kind == "error"))
        review.pictures.came.connect(self._show_ahead)
        review.checked.connect(self._show_check)
        self.picture.placed.connect(self.cells.set_width)
        self.key_line.struck.connect(lambda name: self.run(name) if name != "pick" else None)
        self.candidates.chosen.connect(self._verdicts.pick)
        self.adjudication.cards.chosen.connect(self._verdicts.pick)
        self.sheet.read_chosen.connect(review.show_read)
        for each in (self.sheet, *self.sheet.findChildren(QWidget)):
            # Letters are verdicts here, and no search.
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.blind_pill.clicked.connect(lambda: self.run("blind"))
        self.scope_pill.clicked.connect(lambda: self.run("scope"))
        for name, pill in self.queues.items():
            pill.clicked.connect(lambda _=False, name=name: review.choose_queue(name))

    def attach(self, thumbnails: Thumbnails) -> None:
        """Where the small crops of a pass come from."""
        self.sheet.attach(thumbnails)

    # --- keys -------------------------------------------------------------------------------------

    def words(self, name: str) -> str:
        """The keys of a command, for people."""
        return self._keymap.words(name)

    def set_keymap(self, keymap: Keymap) -> None:
        """Other keys."""
        self._keymap = keymap
        self.key_line.set_keymap(keymap)

    def event(self, event: QEvent) -> bool:
        """Say that a key is wanted here, before a shortcut of the window takes it."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return super().event(event)
        if self.typing.active or self._keymap.find(event) is not None or event.text().isalpha():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key means."""
        if self.typing.active:
            self.typing.take(event)
            event.accept()
            return
        if self.card.isVisible():
            self.card.hide()
            event.accept()
            return
        hit = self._keymap.find(event)
        if hit is None:
            # A letter that means nothing here must not mean something to the window.
            event.setAccepted(event.text().isalpha())
            return
        event.accept()
        if event.isAutoRepeat() and hit.name not in REPEATING:
            return
        self.run(hit.name, hit.place)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """What lasts as long as a key is held ends."""
        hit = self._keymap.find(event)
        if hit is not None and hit.name == "one_to_one" and not event.isAutoRepeat():
            self.picture.set_one_to_one(False)
        super().keyReleaseEvent(event)

    def run(self, name: str, place: int = 0) -> None:
        """Do a command by its name (``keys.KEYS``); ``place`` tells which of several keys was struck."""
        self._say("")
        self._commands[name](place)

    def _made_commands(self) -> dict[str, Callable[[int], None]]:
        """What each command does; it is told which of its keys was struck."""
        review, verdicts, picture = self._review, self._verdicts, self.picture
        return {
            "accept": lambda _: verdicts.accept(),
            "pick": verdicts.pick,
            "edit": lambda _: self.typing.edit(),
            "not_a_plate": lambda _: verdicts.not_a_plate(),
            "unreadable": lambda _: verdicts.unreadable(),
            "wrong_region": lambda _: self.typing.ask("wrong_region"),
            "skip": lambda _: verdicts.skip(),
            "scope": lambda _: review.toggle_scope(),
            "undo": lambda _: verdicts.undo(),
            "redo": lambda _: verdicts.redo(),
            "next_item": lambda _: review.step(1),
            "previous_item": lambda _: review.step(-1),
            "next_open": lambda _: review.step_open(1),
            "previous_open": lambda _: review.step_open(-1),
            "next_read": lambda _: review.step_read(1),
            "previous_read": lambda _: review.step_read(-1),
            "go_to": lambda _: self.typing.ask("go_to"),
            "search": lambda _: self.search_wanted.emit(),
            "leave": lambda _: self.left.emit(),
            "one_to_one": lambda _: picture.set_one_to_one(True),
            "zoom_in": lambda _: picture.zoom_by(1),
            "zoom_out": lambda _: picture.zoom_by(-1),
            "fit": lambda _: picture.fit(),
            "contrast": lambda _: picture.cycle_contrast(),
            "invert": lambda _: picture.invert(),
            "rectify": lambda _: picture.toggle_rectified(),
            "overlays": lambda _: picture.toggle_overlays(),
            "mark": lambda _: verdicts.mark(),
            "mark_known": lambda _: verdicts.mark_known(),
            "reason": lambda _: self.typing.ask("reason"),
            "tag": lambda _: self.typing.ask("tag"),
            "note": lambda _: self.typing.ask("note"),
            "copy_plate": lambda _: self._copy(),
            "blind": lambda _: review.set_blind(not review.blind),
            "queue": lambda place: review.choose_queue(list(QUEUES)[place]),
            "show_keys": lambda _: self.card.show_keys(self._keymap),
        }

    def _copy(self) -> None:
        sight = self._review.sight
        if sight.plate and not sight.masked:
            QGuiApplication.clipboard().setText(sight.plate)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click anywhere gives the keyboard back to the page, or to what is typed in."""
        self.card.hide()
        self.typing.focus()
        super().mousePressEvent(event)

    # --- showing ----------------------------------------------------------------------------------

    def _show(self, sight: Sight) -> None:
        is_there = sight.item is not None
        for each in (self.facts, self.picture, self.cells, self.caption):
            each.setVisible(is_there)
        self.key_line.setVisible(is_there and not sight.masked)
        self.candidates.show_sight(sight)
        self.sheet.show_pass(replace(sight.facts, selected=sight.read))
        self.sheet.setVisible(is_there and not sight.masked and len(sight.facts.reads) > 1)
        self.adjudication.show_sight(sight)
        settles = self.adjudication.active
        self.candidates.setVisible(is_there and not settles)
        self.key_line.set_words({"pick": tr("answer")} if settles else {})
        self.history.most = 4 if settles else 10
        self.scope_pill.setText(tr("Whole pass") if self._review.scope is Scope.PASS else tr("This read"))
        self.scope_pill.setChecked(self._review.scope is Scope.READ)
        self.scope_pill.updateGeometry()
        self.blind_pill.setChecked(self._review.blind)
        for name, pill in self.queues.items():
            pill.setChecked(name == self._review.queue_name)
        self.empty.setText(sight.empty)
        self.empty.setVisible(not is_there)
        self.progress.setVisible(is_there)
        seen = (sight.item.rows if sight.item is not None else (), sight.read)
        is_other, self._seen = self._seen != seen, seen
        if is_other and self.notice.foregroundRole() != ODD:  # what went wrong stays until the next key
            self._say("")
        self.place.setText(place_text(sight) if is_there else "")
        self.standing.setText(standing_text(sight) if is_there else "")
        self.standing.setVisible(bool(self.standing.text()))
        if is_there:
            self.facts.show_facts(() if sight.masked else tuple(display_text(each, 60) for each in sight.why))
            self.picture.show_item(sight.shown)
            self.caption.setText(caption_text(sight, self.picture.words))
        self.typing.show(sight)
        self._show_ahead()

    def _show_check(self, compared: Compared) -> None:
        """A quiet word about an item whose answer was known; it stays until the next one."""
        self.check_note.setForegroundRole(MUTED if compared.agrees else ODD)
        self.check_note.setText(display_text(compared.text))
        self.check_note.show()
        self._noted = self._review.history.session

    def _show_counts(self) -> None:
        review, queue = self._review, self._review.queue
        total, left = (len(queue), queue.remaining) if queue is not None else (0, 0)
        self.progress.show_counts(total - left, total, review.history.rate)
        if self._noted != review.history.session:
            self.check_note.hide()
        self.history.show_done(review.history.listed())

    def show_journal(self, text: str) -> None:
        """Who reviews, and where decisions go."""
        self.journal.setText(text)

    def _show_ahead(self) -> None:
        words = tr("Reading ahead …") if self._review.is_reading_ahead else tr("Next crops are ready")
        self.ahead.setText(words if self._review.sight.item is not None else "")

    def _say(self, text: str, *, is_error: bool = False) -> None:
        self.notice.setForegroundRole(ODD if is_error else MUTED)
        self.notice.setText(text)

    def state(self) -> dict[str, Any]:
        """How crops are looked at, as plain values for the session."""
        return self.picture.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what ``state`` returned."""
        self.picture.restore(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sides follow the page; the key card closes: it was placed for another size."""
        super().resizeEvent(event)
        widths = side_widths(self.width(), self.fontMetrics().averageCharWidth())
        for side, width in zip(self._sides, widths, strict=True):
            side.setFixedWidth(width)
        self.card.hide()
