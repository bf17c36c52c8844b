"""What one reviewer said last, what became of it, and how fast it went. No threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import count
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QImage

from alprviewer.core.decision import VERDICTS, Act
from alprviewer.core.standing import Placed
from alprviewer.language import tr
from alprviewer.models.decided import WORDS, Decided
from alprviewer.models.images import thumbnail
from alprviewer.models.journaling import Saying
from alprviewer.models.reviewitems import Item

if TYPE_CHECKING:
    from alprviewer.models.review import Sight

LISTED = 10
"""Decisions that are listed."""
_CROP_HEIGHT = 66
"""Of the crops in the list, in pixels: sharp at three times the usual scale."""
_RATE_OF = 30
"""Verdicts that the rate is computed from."""


class State(Enum):
    """What has become of a saying."""

    SAVING = "saving"
    SAVED = "saved"
    REFUSED = "not saved"
    UNDONE = "undone"


_STATES = {
    State.SAVING: tr("saving"),
    State.REFUSED: tr("not saved"),
    State.UNDONE: tr("undone"),
}
"""What has become of what is not simply saved, for people."""


@dataclass(eq=False)
class Done:
    """Something that was said.

    Attributes:
        saying: as it goes to the journal.
        item: row of the best read of its item.
        read: row of the read that was shown.
        rows: of the reads that it is about.
        image: the crop that was shown, small; None where there was none, or it was said in another session.
        state: what has become of it.
        placed: its entry, once it is durable.
    """

    saying: Saying
    item: int
    read: int
    rows: tuple[int, ...]
    image: QImage | None = None
    state: State = State.SAVING
    placed: Placed | None = None

    @property
    def act(self) -> Act:
        """What was said."""
        return self.saying.act

    @property
    def plate(self) -> str:
        """The resolved plate; empty where the act names none."""
        return str(self.saying.more.get("plate", ""))

    @property
    def words(self) -> str:
        """What was said and what has become of it, for people."""
        said = WORDS[self.act] if self.act is not Act.MARK or self.saying.more["marked"] else tr("no mark")
        return said if self.state is State.SAVED else f"{said}, {_STATES[self.state]}"

    @property
    def holds(self) -> bool:
        """True if it was not taken back and not refused."""
        return self.state in (State.SAVING, State.SAVED)

    @property
    def decides(self) -> bool:
        """True for a verdict that holds and is more than putting it off."""
        return self.holds and self.act in VERDICTS and self.act is not Act.SKIP


class History:
    """Everything that was said in this session, and the last of what was said before."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._numbers = count(1)
        self._done: list[Done] = []
        self._undone: list[Done] = []
        self._turns: dict[int, Done] = {}
        """Undoings and redoings that are being saved, by their token."""
        self._times: deque[float] = deque(maxlen=_RATE_OF)
        self.session = 0

    def clear(self) -> None:
        """Another capture. What is being saved goes on being saved."""
        self._done, self._undone = [], []

    def listed(self) -> list[Done]:
        """What was said last, the newest first; what was taken back is not among it."""
        return [each for each in reversed(self._done) if each.state is not State.UNDONE][:LISTED]

    def begin(self, act: Act, sight: Sight, rows: tuple[int, ...], more: dict[str, Any]) -> Done:
        """Something was said of what is on the screen."""
        assert sight.item is not None
        assert sight.read is not None
        saying = Saying(next(self._numbers), act, sight.scope, rows, more=more)
        image = sight.shown.crop.image
        small = None if image is None else thumbnail(image, _CROP_HEIGHT)
        done = Done(saying, sight.item.best, sight.read, rows, small)
        self._done.append(done)
        self._undone.clear()
        if act in VERDICTS:
            self._times.append(self._clock())
            self.session += 1
        return done

    def fill(self, decided: Decided, reviewer: str) -> None:
        """List what was said before this session, as long as nothing was said in it."""
        if any(each.placed is None or each.saying.token > 0 for each in self._done):
            return
        found = decided.history(reviewer, LISTED)
        self._done = [
            Done(
                Saying(
                    -place - 1, placed.entry.act, placed.entry.scope, more={"plate": placed.entry.plate or ""}
                ),
                rows[0],
                rows[0],
                rows,
                state=State.SAVED,
                placed=placed,
            )
            for place, (placed, rows) in enumerate(found)
        ][::-1]

    def last(self) -> Done | None:
        """What can be taken back next."""
        return next((each for each in reversed(self._done) if each.state is not State.UNDONE), None)

    def last_undone(self) -> Done | None:
        """What can be said again."""
        return self._undone[-1] if self._undone else None

    def take_back(self, done: Done) -> Saying | None:
        """Take something back; None where it was not saved, so that nothing needs to be written."""
        if done.state is State.REFUSED:
            self._done.remove(done)
            return None
        self._undone.append(done)
        return self._turn(done, Act.UNDO, State.UNDONE)

    def say_again(self, done: Done) -> Saying:
        """Say again what was taken back."""
        self._undone.remove(done)
        return self._turn(done, Act.REDO, State.SAVED)

    def _turn(self, done: Done, act: Act, state: State) -> Saying:
        done.state = state
        saying = Saying(next(self._numbers), act, done.saying.scope, about=done.placed or done.saying.token)
        self._turns[saying.token] = done
        return saying

    def saved(self, token: int, placed: Placed) -> Iterable[int]:
        """Something is durable; the rows that it is about are returned."""
        turned = self._turns.pop(token, None)
        if turned is not None:
            return turned.rows
        done = self._of(token)
        if done is None:
            return ()
        done.placed = placed
        if done.state is State.SAVING:
            done.state = State.SAVED
        return done.rows

    def refused(self, token: int) -> Iterable[int]:
        """Something was not saved; the rows that it is about are returned."""
        turned = self._turns.pop(token, None)
        if turned is not None:
            is_undone = turned.state is State.UNDONE
            if turned.placed is None:
                turned.state = State.REFUSED
            else:
                turned.state = State.SAVED if is_undone else State.UNDONE
            if turned in self._undone and is_undone:
                self._undone.remove(turned)
            elif not is_undone:
                self._undone.append(turned)
            return turned.rows
        done = self._of(token)
        if done is None:
            return ()
        done.state = State.REFUSED
        return done.rows

    def _of(self, token: int) -> Done | None:
        return next((each for each in reversed(self._done) if each.saying.token == token), None)

    def covers(self, rows: Iterable[int], decided: Decided) -> bool:
        """True if what was said here of reads decides them, and the journal does not tell so yet."""
        said: set[int] = set()
        for done in self._done:
            if done.decides and (done.placed is None or not decided.knows(done.placed)):
                said.update(done.rows)
        return said.issuperset(rows)

    def has_decided(self, item: Item) -> bool:
        """True if a verdict about an item was given in this session and holds."""
        return any(each.item == item.best and each.decides for each in self._done)

    @property
    def rate(self) -> float | None:
        """Verdicts a minute over the last ones; None while there are too few to tell."""
        if len(self._times) < 3:
            return None
        seconds = self._times[-1] - self._times[0]
        return 60 * (len(self._times) - 1) / seconds if seconds > 0 else None
