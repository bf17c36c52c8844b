"""What a reviewer can say of the item on the screen, and take back."""

from __future__ import annotations

from typing import Any

from alprviewer.core.decision import VERDICTS, WITH_PLATE, Act, Gold, Scope
from alprviewer.core.plates import normal_form
from alprviewer.language import tr
from alprviewer.models.review import Review

_BLIND = tr("Blind review: type what you read (E), then the machine's text is shown.")
_DECIDE_FIRST = tr("Only what was decided can be marked as known: decide it first.")
_NO_PLATE = tr("The machine read no plate here: press E and type it.")


class Verdicts:
    """Says things of what ``review`` shows. Nothing is said of what is not on the screen yet."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._reason: tuple[tuple[int, ...], str] = ((), "")
        """Why, and of which item: kept until a verdict on it was said."""

    def accept(self) -> None:
        """The plate is what the machine says."""
        self._say_plate(self._review.sight.plate)

    def pick(self, number: int) -> None:
        """The plate is a candidate of the read that is shown, from 0; in a dispute, one of the answers."""
        if self._review.queue is not None and self._review.queue.spec.settles:
            self._settle(number)
            return
        read = self._review.sight.shown.read
        candidates = (read.candidates or []) if read is not None else []
        if number < len(candidates):
            self._say_plate(candidates[number].plate or "")

    def type(self, text: str) -> None:
        """The plate is what the reviewer typed."""
        if text:
            self._decide(self._act(text), plate=text)

    def _settle(self, number: int) -> None:
        """The truth is one of the answers that others gave."""
        answers = self._review.sight.answers
        if self._may_see() and number < len(answers):
            said = answers[number]
            more = {} if said.region is None else {"region": said.region}
            if said.act not in WITH_PLATE:
                self._decide(said.act)
            elif said.act is Act.WRONG_REGION:
                self._decide(said.act, plate=said.plate, **more)
            else:
                self._decide(self._act(said.plate), plate=said.plate, **more)

    def _say_plate(self, text: str) -> None:
        if not self._may_see():
            return
        if text:
            self._decide(self._act(text), plate=text)
        else:
            self._review.said.emit("info", _NO_PLATE)

    def _act(self, text: str) -> Act:
        is_answer = normal_form(text) == normal_form(self._review.sight.plate)
        return Act.CORRECT if is_answer else Act.WRONG

    def _may_see(self) -> bool:
        if self._review.sight.masked:
            self._review.said.emit("info", _BLIND)
        return not self._review.sight.masked

    def unreadable(self) -> None:
        """There is a plate, and nobody can tell what is on it."""
        self._decide(Act.UNREADABLE)

    def not_a_plate(self) -> None:
        """What was read is no plate."""
        self._decide(Act.NOT_A_PLATE)

    def skip(self) -> None:
        """Decide later."""
        self._decide(Act.SKIP)

    def wrong_region(self, region: str) -> None:
        """The machine's plate is right, its region code is not."""
        plate = self._review.sight.plate
        if region and self._may_see():
            if plate:
                self._decide(Act.WRONG_REGION, plate=plate, region=region)
            else:
                self._review.said.emit("info", _NO_PLATE)

    def mark(self) -> None:
        """Mark the item, or take the mark away."""
        self._decide(Act.MARK, marked=not self._review.sight.standing.marked)

    def mark_known(self) -> None:
        """What was decided of the item is known for sure: other reviewers may be checked with it."""
        sight = self._review.sight
        decision = sight.standing.decision
        if decision is None:
            self._review.said.emit("info", _DECIDE_FIRST)
        elif sight.standing.known is not None:
            self._review.said.emit("info", tr("This answer counts as known already."))
        else:
            entry = decision.entry
            said = {"plate": entry.plate, "region": entry.region, "adjudicates": entry.adjudicates or None}
            said |= {"reason": entry.reason or None}
            more = {name: value for name, value in said.items() if value is not None}
            self._decide(entry.act, gold=Gold.MARKED, **more)

    def because(self, text: str) -> None:
        """Why the next verdict on the item will be what it is; an empty text takes that back."""
        item = self._review.sight.item
        if item is not None:
            self._reason = (item.rows, text)
            if text:
                self._review.said.emit("info", tr("Kept with your next verdict: {reason}", reason=text))

    def tag(self, text: str) -> None:
        """Give the item these tags, separated by commas; none takes all away."""
        printable = "".join(each if each.isprintable() else " " for each in text)
        tags = tuple(dict.fromkeys(each for part in printable.split(",") if (each := " ".join(part.split()))))
        self._decide(Act.TAGS, tags=tags)

    def note(self, text: str) -> None:
        """Write a note about the item; an empty one takes it away."""
        self._decide(Act.NOTE, note=text)

    def _decide(self, act: Act, **more: Any) -> None:
        review, sight = self._review, self._review.sight
        if sight.item is None or sight.read is None or review.busy or sight.shown.failure:
            return
        if act in VERDICTS:
            more["seconds"] = round(review.seconds, 2)
            (about, reason), self._reason = self._reason, ((), "")
            if reason and about == sight.item.rows:
                more["reason"] = reason
            if sight.item.is_check:
                more["gold"] = Gold.CHECK
            elif review.queue is not None and review.queue.spec.settles and act is not Act.SKIP:
                more["adjudicates"] = True
        if sight.masked:
            more["blind"] = True
        elif sight.plate:
            more["shown"] = sight.plate
        rows = sight.item.rows if sight.scope is Scope.PASS else (sight.read,)
        review.say(act, sight, rows, more)

    def undo(self) -> None:
        """Take back what was said last, and return to it."""
        done = self._review.history.last()
        if done is None:
            self._review.said.emit("info", tr("There is nothing to undo."))
        else:
            self._review.turn(done, self._review.history.take_back(done))

    def redo(self) -> None:
        """Say again what was taken back last."""
        done = self._review.history.last_undone()
        if done is None:
            self._review.said.emit("info", tr("There is nothing to redo."))
        else:
            self._review.turn(done, self._review.history.say_again(done))
