"""What there is to review: the passes of a capture, and what is shown of each. No widgets, no threads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.capture.spans import SpanReader
from alprviewer.core import triage
from alprviewer.core.batch import Array
from alprviewer.core.errors import SourceError
from alprviewer.core.plates import normal_form
from alprviewer.language import tr, trn
from alprviewer.models.images import crop_of
from alprviewer.models.passshown import PassShown
from alprviewer.models.shown import Shown
from alprviewer.store.passes import NO_PASS, Passes

_UNSURE = 0.98
"""A character less probable than this is named as a reason to look."""


class Item(NamedTuple):
    """A pass, or a read that belongs to none.

    Attributes:
        number: of the pass in ``Passes``; None for a single read.
        rows: of its reads by time; frames that were delivered twice are not among them.
        best: row of the read with the highest confidence.
        why: why it is in the queue.
        is_check: True if its answer is known, and the reviewer shall find it alone.
    """

    number: int | None
    rows: tuple[int, ...]
    best: int
    why: tuple[str, ...] = ()
    is_check: bool = False


class Items:
    """The passes that have a read among those asked for, and reads without a pass, in order of time."""

    def __init__(self, capture: Capture, passes: Passes, rows: Array | None = None) -> None:
        self._passes = passes
        self._times = capture.columns.frames.column("epoch_time")[
            capture.columns.reads.part("frame", 0, len(passes.of_read))
        ]
        of_read = passes.of_read.astype(np.int64)
        self._order = np.flatnonzero(~passes.copy & (of_read != NO_PASS))
        self._order = self._order[np.lexsort((self._order, self._times[self._order], of_read[self._order]))]
        self._starts = np.searchsorted(of_read[self._order], np.arange(len(passes) + 1))
        chosen = np.arange(len(of_read)) if rows is None else rows[rows < len(of_read)].astype(np.int64)
        numbers = np.unique(of_read[chosen])
        numbers = numbers[numbers != NO_PASS]
        single = chosen[(of_read[chosen] == NO_PASS) & ~passes.copy[chosen]]
        keys = np.concatenate((numbers, -1 - single))
        times = np.concatenate((passes.table["start"][numbers], self._times[single]))
        self._keys = keys[np.argsort(times, kind="stable")]
        self._of_read = passes.of_read
        self._place_of_pass = np.full(len(passes), -1, np.int64)
        in_passes = np.flatnonzero(self._keys >= 0)
        self._place_of_pass[self._keys[in_passes]] = in_passes
        self._place_of_single = {-1 - key: place for place, key in enumerate(self._keys.tolist()) if key < 0}

    def __len__(self) -> int:
        return len(self._keys)

    def item(self, place: int) -> Item:
        """The item at a place in the order of time."""
        key = int(self._keys[place])
        if key < 0:
            return Item(None, (-1 - key,), -1 - key)
        rows = self._order[self._starts[key] : self._starts[key + 1]]
        return Item(key, tuple(rows.tolist()), int(self._passes.table["best_read"][key]))

    def place_of(self, read: int) -> int | None:
        """Where a read's item stands; None where it is not among them."""
        number = int(self._of_read[read]) if read < len(self._of_read) else NO_PASS
        if number == NO_PASS:
            return self._place_of_single.get(read)
        place = int(self._place_of_pass[number])
        return None if place < 0 else place

    def places_of(self, reads: Iterable[int]) -> set[int]:
        """Where the items of reads stand."""
        return {place for read in reads if (place := self.place_of(read)) is not None}

    def key(self, place: int) -> str:
        """A name for the item: the same in every session."""
        key = int(self._keys[place])
        return f"read {-1 - key}" if key < 0 else self._passes.ids[key]

    def ranked(self, facts: Sequence[triage.Facts]) -> list[tuple[int, tuple[str, ...]]]:
        """Places in the order in which a verdict tells most, and why each is there.

        Args:
            facts: of all passes by number. Reads without a pass are not among them.
        """
        passes = np.flatnonzero(self._keys >= 0).tolist()
        found = triage.queue([facts[int(self._keys[place])] for place in passes])
        return [(passes[each.place], _told(each)) for each in found]

    def sampled(self, count: int) -> list[int]:
        """Places of a sample of so many items of each camera; the same whenever it is drawn."""
        places = range(len(self))
        return triage.sampled(
            [self.camera(place) for place in places], [self.key(place) for place in places], count
        )

    def camera(self, place: int) -> int:
        """A number for the camera; -1 for reads without a pass."""
        key = int(self._keys[place])
        return -1 if key < 0 else int(self._passes.table["camera"][key])


def _told(item: triage.Item) -> tuple[str, ...]:
    """Why an item of a triage is there. That a plate is listed is told in any case."""
    if not item.is_random:
        return tuple(each.text for each in item.reasons)
    listed = (each.text for each in item.reasons if each.why is triage.Why.LISTED)
    return (tr("drawn at random"), *listed)


def shown_of(capture: Capture, reader: SpanReader, row: int) -> Shown:
    """A read with its frame and crop, read again; a failure is a ``Shown`` with its reason."""
    columns = capture.columns
    frame_row = int(columns.reads.column("frame")[row])
    position = int(columns.reads.column("position")[row])
    try:
        value, (frame, invalid) = reader.frame(frame_row)
    except SourceError as error:
        return Shown(failure=str(error))
    return Shown(
        title=tr("Frame {uuid}", uuid=frame.uuid or frame_row),
        source=capture.sources[int(columns.frames.column("source")[frame_row])].name,
        offset=int(columns.frames.column("offset")[frame_row]),
        length=len(value.data),
        frame=frame,
        invalid=invalid,
        position=position,
        crops=tuple(crop_of(read) for read in frame.reads),
    )


def weakest(facts: PassShown, plate: str) -> int | None:
    """Which character of a plate is least certain, from 0; None where nothing is known of them.

    Only where the plate is the explained one do the characters have probabilities.
    """
    why = facts.explanation
    if why is None or not plate or normal_form(why.text) != normal_form(plate) or len(why.text) != len(plate):
        return None
    chances = [position.chosen.probability for position in why.positions]
    return int(np.argmin(chances)) if len(chances) == len(plate) else None


def reasons(facts: PassShown, shown: Shown, margin: float | None) -> tuple[str, ...]:
    """What makes an item worth a look, in few words each."""
    found: list[str] = []
    if margin is not None:
        found.append(tr("margin {margin}", margin=f"{margin:.1f}".replace("-", "−")))
    if facts.consensus is not None and len(facts.reads) > 1:
        agreeing = sum(facts.agrees(read) for read in facts.reads)
        found.append(
            trn(
                "{agreeing} of {count} read agrees",
                "{agreeing} of {count} reads agree",
                len(facts.reads),
                agreeing=agreeing,
            )
        )
    elif len(facts.reads) > 1 and facts.weighed:
        found.append(trn("no consensus of {count} read", "no consensus of {count} reads", len(facts.reads)))
    why = facts.explanation
    if why is not None:
        unsure = [
            (place, each)
            for place, each in enumerate(why.positions, 1)
            if each.rivals and each.chosen.probability < _UNSURE
        ]
        for place, each in sorted(unsure, key=lambda one: one[1].chosen.probability)[:2]:
            rival = each.rivals[0].character
            said = {"character": each.chosen.character, "place": place}
            if rival:
                found.append(tr("{character} or {rival} at {place}", rival=rival, **said))
            else:
                found.append(tr("{character} or nothing at {place}", **said))
    read = shown.read
    if read is not None and read.matches_template == 0 and read.region:
        found.append(tr("no template matches"))
    return tuple(found)
