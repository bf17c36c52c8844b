"""What review mode shows of one item: plain values, complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from alprviewer.core.decision import Scope
from alprviewer.core.frame import margin
from alprviewer.core.standing import UNTOUCHED, Standing
from alprviewer.models.answers import Said, answers_of
from alprviewer.models.passshown import NO_PASS_SHOWN, PassShown
from alprviewer.models.reviewitems import Item, reasons, weakest
from alprviewer.models.shown import NOTHING, Shown


@dataclass(frozen=True)
class Sight:
    """What is on the screen: plain values, complete.

    Attributes:
        item: None where there is nothing to review; ``empty`` says why.
        at, total: the place in the queue, from 0, and its length.
        read: row of the read whose crop is shown.
        shown: that read, its frame and its crop.
        facts: what is known of the pass; nothing of a read without one.
        camera: its name, where a heartbeat told it, else its id; empty where that is absent.
        plate: the machine's text that a verdict is about; empty without one.
        weakest: which of its characters is least certain, from 0; None where nothing is known of them.
        scope: what a verdict is about.
        masked: True while the machine's text must not be seen.
        standing: what the journal says of the item, or the read, as far as the reviewer may know it.
        why: reasons to look at it.
        answers: what reviewers said, each different answer once, where the item is there to be settled.
        empty: one sentence instead of an item.
    """

    item: Item | None = None
    at: int = 0
    total: int = 0
    read: int | None = None
    shown: Shown = NOTHING
    facts: PassShown = NO_PASS_SHOWN
    camera: str = ""
    plate: str = ""
    weakest: int | None = None
    scope: Scope = Scope.PASS
    masked: bool = False
    standing: Standing = UNTOUCHED
    why: tuple[str, ...] = ()
    answers: tuple[Said, ...] = ()
    empty: str = ""


def camera_of(shown: Shown, names: Mapping[int, str]) -> str:
    """What people call the camera of a frame, as the tables do."""
    camera = shown.frame.camera_id if shown.frame is not None else None
    return "" if camera is None else names.get(camera, str(camera))


def completed(sight: Sight, standing: Standing, *, answers: bool) -> Sight:
    """What follows from the item, its read, its scope and what may be known of its standing.

    Args:
        sight: with the item, its read and its facts.
        standing: as far as the reviewer may know it.
        answers: True if the item is there to be settled.
    """
    assert sight.item is not None
    shown, facts = sight.shown, sight.facts
    plate, weak = machine_text(sight.item, shown, facts, sight.scope)
    between = margin(shown.read) if shown.read is not None else None
    return replace(
        sight,
        plate=plate,
        weakest=weak,
        standing=standing,
        why=tuple(dict.fromkeys((*sight.item.why, *reasons(facts, shown, between)))),
        answers=answers_of(standing) if answers else (),
    )


def machine_text(item: Item, shown: Shown, facts: PassShown, scope: Scope) -> tuple[str, int | None]:
    """What a verdict is about, and which of its characters is least certain, from 0.

    Of a pass that is the consensus, else what its best read observed; of a read what that read observed.
    """
    if scope is Scope.READ:
        return (shown.read.plate if shown.read is not None else None) or "", None
    best = next((each.plate for each in facts.reads if each.row == item.best), "")
    plate = facts.consensus or best
    return plate, weakest(facts, plate)
