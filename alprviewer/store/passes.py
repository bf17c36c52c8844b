"""The passes of a capture as columns: found from the reads, replaced as a whole when reads are added."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from alprviewer.core.batch import Array, Envelope
from alprviewer.core.consensus import weigh
from alprviewer.core.explanation import Explanation, explanation
from alprviewer.core.passes import FoundPasses, PassReads, PassRules
from alprviewer.core.passgrowth import extended
from alprviewer.core.states import FIRST_CODE
from alprviewer.core.texts import Texts
from alprviewer.store.columns import Columns
from alprviewer.store.passconsensus import Taught, Weighed, read_spellings, weigh_in_parts

PASS_DTYPE = np.dtype(
    [
        ("camera", "u4"),  # index into ``Passes.cameras``
        ("start", "i8"),  # UTC milliseconds
        ("end", "i8"),
        ("reads", "u4"),  # frames delivered twice count once
        ("plates", "u4"),  # different observed plates
        ("first_read", "u4"),  # row
        ("best_read", "u4"),  # row of the read with the highest confidence, the earlier one of equals
        ("probability", "f4"),  # of the consensus; NaN where there is none
        ("weighed", "?"),  # False where nobody has looked for a consensus yet
    ]
)
NO_PASS = 0xFFFFFFFF


@dataclass(frozen=True)
class Passes:
    """What was found of the first reads of a store.

    Attributes:
        table: ``PASS_DTYPE``, by camera and time.
        cameras: camera id and agent of each camera; either may be None.
        of_read: number of each read's pass, ``NO_PASS`` for none.
        copy: True for each read whose frame was delivered before.
        ids: text ids: the same for the same reads and rules.
        consensus: of each pass, None where there is none.
        found: as ``core.passes`` has it, for reads that are added.
        rules: what they were found by.
        taught: what the capture has taught of the recognizer and of plate formats; None without any spelling.
    """

    table: Array
    cameras: list[tuple[int | None, str | None]]
    of_read: Array
    copy: Array
    ids: list[str]
    consensus: list[str | None]
    found: FoundPasses
    rules: PassRules
    taught: Taught | None

    def __len__(self) -> int:
        return len(self.table)

    def id_of(self, read: int) -> str | None:
        """The text id of a read's pass; None for a read of no pass."""
        number = int(self.of_read[read])
        return None if number == NO_PASS else self.ids[number]

    def reads_of(self, number: int) -> Array:
        """Rows of a pass's reads by time, copies left out."""
        return np.flatnonzero((self.of_read == number) & ~self.copy)


class Known(NamedTuple):
    """What is known of the first reads, by which rules."""

    found: FoundPasses
    rules: PassRules


def _cameras(columns: Columns, frames: int) -> tuple[Array, list[tuple[int | None, str | None]]]:
    """A number for the camera of each frame, in the order of agent and id; and what they are.

    Frames that name no camera have one for each source.
    """
    envelopes = columns.envelopes()
    code = columns.frames.part("envelope", 0, frames)
    source = columns.frames.part("source", 0, frames)
    nameless = np.array([not _known(each) for each in envelopes], bool)
    key = code.astype(np.int64) << 32 | np.where(nameless[code], source, 0)
    distinct, place = np.unique(key, return_inverse=True)
    names = [_named(envelopes[int(each) >> 32], int(each) & 0xFFFFFFFF) for each in distinct.tolist()]
    cameras = sorted(set(names), key=_camera_order)
    rank = {name: number for number, name in enumerate(cameras)}
    numbers = np.array([rank[name] for name in names], np.int64)
    return numbers[place] if len(numbers) else place, [(camera, agent) for camera, agent, _ in cameras]


def _known(envelope: Envelope) -> bool:
    return isinstance(envelope.camera_id, int)


def _named(envelope: Envelope, source: int) -> tuple[int | None, str | None, int]:
    camera: Any = envelope.camera_id if _known(envelope) else None
    agent = envelope.agent_uid if isinstance(envelope.agent_uid, str) else None
    return camera, agent, source


def _camera_order(name: tuple[int | None, str | None, int]) -> tuple[str, int, int]:
    camera, agent, source = name
    return agent or "", -1 if camera is None else camera, source


def pass_reads(columns: Columns, count: int) -> tuple[PassReads, list[tuple[int | None, str | None]]]:
    """The first ``count`` reads as passes are found from them, and the cameras."""
    reads, frames = columns.reads, columns.frames
    frame = reads.part("frame", 0, count).astype(np.int64)
    camera, cameras = _cameras(columns, int(frame.max(initial=-1)) + 1)
    plates = columns.dictionaries["plate"]
    assert isinstance(plates, Texts)
    return (
        PassReads(
            camera[frame],
            frames.column("epoch_time")[frame],
            frame,
            frames.column("uuid_tail")[frame],
            reads.part("position", 0, count),
            reads.part("quad", 0, count),
            plates.stored.words[reads.part("plate", 0, count)],
        ),
        cameras,
    )


def find(
    columns: Columns,
    rules: PassRules,
    before: Passes | Known | None = None,
    stopped: Callable[[], bool] = lambda: False,
    *,
    with_consensus: bool = True,
) -> Passes:
    """The passes of all reads that are there now. May run beside a thread that appends.

    Args:
        columns: the store.
        rules: when two reads may be of one vehicle.
        before: what was found of its first reads by the same rules: only stretches with new reads are looked
            at again. The result is the same.
        stopped: asked now and then.
        with_consensus: False leaves out what takes much longer than the passes themselves.

    Raises:
        Cancelled: ``stopped`` said so.
    """
    count = len(columns.reads)
    reads, cameras = pass_reads(columns, count)
    known = (
        before.found
        if before is not None and before.rules == rules
        else FoundPasses(np.empty(0, np.int64), np.empty(0, bool))
    )
    found = extended(known, reads, rules)
    firsts = np.unique(found.first[found.first >= 0])
    keys = (firsts, *(column[firsts] for column in (reads.position, reads.tail, reads.time, reads.camera)))
    firsts = firsts[np.lexsort(keys)]
    number = np.full(count + 1, NO_PASS, np.uint32)
    number[firsts] = np.arange(len(firsts), dtype=np.uint32)
    of_read = number[found.first]
    table = _table(columns, reads, firsts, of_read, found.copy)
    ids = _ids(table, cameras, reads.position[firsts])
    table["probability"] = np.nan
    passes = Passes(table, cameras, of_read, found.copy, ids, [None] * len(table), found, rules, None)
    return weighed(columns, passes, stopped) if with_consensus else passes


def weighed(
    columns: Columns,
    passes: Passes,
    stopped: Callable[[], bool] = lambda: False,
    tell: Callable[[Passes], None] = lambda _: None,
) -> Passes:
    """The same passes with what their reads say together. May run beside a thread that appends.

    Args:
        columns: the store.
        passes: any, weighed or not.
        stopped: asked now and then.
        tell: given what is known so far, some thousand passes at a time. It goes on being written to:
            whoever keeps it takes a copy (``copied``).

    Raises:
        Cancelled: ``stopped`` said so.
    """
    known = unweighed(passes)
    for part in weigh_parts(columns, passes, stopped):
        if known.taught is not None:
            tell(known)
        known = with_part(known, part)
    return settled(known)


def weigh_parts(
    columns: Columns, passes: Passes, stopped: Callable[[], bool] = lambda: False
) -> Iterator[Weighed]:
    """What the reads of passes say together, some thousand passes at a time.

    Raises:
        Cancelled: ``stopped`` said so.
    """
    return weigh_in_parts(columns, *counted_reads(passes), len(passes), stopped)


def counted_reads(passes: Passes) -> tuple[Array, Array]:
    """The rows of the reads that count, those of frames delivered twice once, and their passes."""
    rows = np.flatnonzero((passes.of_read != NO_PASS) & ~passes.copy)
    return rows, passes.of_read[rows].astype(np.int64)


def unweighed(passes: Passes) -> Passes:
    """The passes before anything is known of what their reads say together."""
    table = passes.table.copy()
    table["probability"], table["weighed"] = np.nan, False
    return replace(passes, table=table, consensus=[None] * len(table), taught=None)


def with_part(passes: Passes, part: Weighed) -> Passes:
    """The passes when what became known of some was written into their table and their consensus."""
    table, consensus = passes.table, passes.consensus
    table["probability"][part.numbers], table["weighed"][part.numbers] = part.probability, True
    for number, text in zip(part.numbers.tolist(), part.texts, strict=True):
        consensus[number] = text or None
    return replace(passes, taught=part.taught)


def copied(passes: Passes) -> Passes:
    """The passes as they are now, while others are written to."""
    return replace(passes, table=passes.table.copy(), consensus=list(passes.consensus))


def settled(passes: Passes) -> Passes:
    """The passes when all were weighed: those that spell nothing have no consensus."""
    table = passes.table.copy()
    table["weighed"] = True
    return replace(passes, table=table)


def carried(passes: Passes, before: Passes) -> Passes:
    """Passes with the consensus that they had before, where their reads are still the same ones.

    What the capture has taught is that of before, too: good until all of them are weighed anew.
    """
    old = np.argsort(before.table["first_read"], kind="stable")
    place = np.searchsorted(before.table["first_read"][old], passes.table["first_read"])
    place = np.minimum(place, max(len(old) - 1, 0))
    if not len(old) or not len(passes):
        return passes
    number = old[place]
    same = np.ones(len(passes), bool)
    for name in ("first_read", "end", "reads", "plates", "best_read"):
        same &= passes.table[name] == before.table[name][number]
    kept = np.flatnonzero(same)
    table = passes.table.copy()
    for name in ("probability", "weighed"):
        table[name][kept] = before.table[name][number[kept]]
    consensus = list(passes.consensus)
    for now, then in zip(kept.tolist(), number[kept].tolist(), strict=True):
        consensus[now] = before.consensus[then]
    taught = before.taught
    if taught is not None:
        renumbered = np.full(len(before), -1, np.int64)
        renumbered[number[kept]] = kept
        sample = renumbered[taught.sample]
        group = np.zeros(len(passes), np.int64)
        group[kept] = taught.group[number[kept]]
        taught = taught._replace(sample=sample[sample >= 0], group=group)
    return replace(passes, table=table, consensus=consensus, taught=taught)


def agreeing(columns: Columns, passes: Passes) -> Array:
    """How many reads of each pass observe its consensus; copies aside; 0 where there is none."""
    plates = columns.dictionaries["plate"]
    says = np.array([-1 if text is None else plates.find(text) or -1 for text in passes.consensus], np.int64)
    rows = np.flatnonzero((passes.of_read != NO_PASS) & ~passes.copy)
    numbers = passes.of_read[rows].astype(np.int64)
    agrees = columns.reads.column("plate")[rows] == says[numbers]
    return np.bincount(numbers[agrees], minlength=len(passes))


def explain(columns: Columns, passes: Passes, number: int) -> tuple[Explanation, Array] | None:
    """Why the consensus of a pass is what it is, and the rows of the reads that it counts by their place.

    None where no read of the pass spells anything, and where the pass was not weighed yet.
    """
    taught = passes.taught
    if taught is None or not passes.table["weighed"][number]:
        return None
    rows = passes.reads_of(number)
    spellings = read_spellings(columns, rows, np.zeros(len(rows), np.int64), 1, taught.alphabet)
    if not len(spellings.spellings.lengths):
        return None
    is_sample = np.isin([number], taught.sample)
    weighed = weigh(spellings.spellings, taught.group[[number]], taught.model, is_sample)
    found = explanation(spellings.spellings, weighed, taught.alphabet)
    return None if found is None else (found, rows[spellings.heard])


def _table(columns: Columns, reads: PassReads, firsts: Array, of_read: Array, copy: Array) -> Array:
    table = np.zeros(len(firsts), PASS_DTYPE)
    rows = np.flatnonzero((of_read != NO_PASS) & ~copy)
    number = of_read[rows].astype(np.int64)
    table["camera"], table["start"], table["first_read"] = reads.camera[firsts], reads.time[firsts], firsts
    table["end"] = table["start"]
    np.maximum.at(table["end"], number, reads.time[rows])
    table["reads"] = np.bincount(number, minlength=len(firsts))
    plate = columns.reads.part("plate", 0, len(of_read))[rows]
    pairs = np.unique(number << 32 | plate)
    table["plates"] = np.bincount((pairs >> 32)[(pairs & 0xFFFFFFFF) >= FIRST_CODE], minlength=len(firsts))
    confidence = columns.reads.part("confidence", 0, len(of_read))[rows]
    level = np.where(np.isfinite(confidence), confidence, -1)
    best = np.lexsort((reads.position[rows], reads.tail[rows], reads.time[rows], -level, number))
    first = np.searchsorted(number[best], np.arange(len(firsts)))
    table["best_read"] = rows[best[first]] if len(firsts) else 0
    return table


def _ids(table: Array, cameras: list[tuple[int | None, str | None]], position: Array) -> list[str]:
    """Camera, time and place of the first read; a further number where that is not one pass only."""
    seen: dict[str, int] = {}
    ids: list[str] = []
    for camera, start, place in zip(
        table["camera"].tolist(), table["start"].tolist(), position.tolist(), strict=True
    ):
        name = cameras[camera][0]
        text = f"{'x' if name is None else name}-{start}-{place}"
        again = seen[text] = seen.get(text, 0) + 1
        ids.append(text if again == 1 else f"{text}-{again}")
    return ids
