"""The reads of a capture over time, camera by camera, from the columns and without keeping anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.errors import Cancelled
from alprviewer.core.query.times import Clock
from alprviewer.core.query.tree import And, Match, Tree
from alprviewer.core.states import absent
from alprviewer.core.timeline import Tally, silences
from alprviewer.store.columns import Columns
from alprviewer.store.filter import Test, evaluate
from alprviewer.store.passes import Passes
from alprviewer.store.textmatch import Mask

_PART = 1 << 18
"""Reads that are counted together: what is made of them on the way stays small."""
_NOBODY = 0xFFFFFFFF


class Lanes(NamedTuple):
    """The cameras of a capture, side by side.

    Attributes:
        cameras: id of each lane, None for frames that name none; the last one stands for ``others`` more.
        others: how many cameras share the last lane; 0 where each has its own.
        of_envelope: lane of each code of an envelope.
    """

    cameras: tuple[int | None, ...]
    others: int
    of_envelope: Array

    @property
    def number(self) -> int:
        """How many."""
        return len(self.cameras)

    def of_camera(self, camera: int | None) -> int:
        """The lane of a camera; the last one for those that share it."""
        return self.cameras.index(camera) if camera in self.cameras else self.number - 1


class Counted(NamedTuple):
    """The reads of a capture.

    Attributes:
        all, shown: in bins; ``shown`` is None where nothing is filtered.
        reads, absent, invalid: how many reads, how many of them without a time or with an unusable one.
    """

    all: Tally
    shown: Tally | None
    reads: int
    absent: int
    invalid: int


def lanes_of(columns: Columns, frames: int, most: int) -> Lanes:
    """A lane for each camera of the first frames, where there are too many for the busiest ones."""
    envelopes = columns.envelopes()
    used = np.bincount(columns.frames.part("envelope", 0, frames), minlength=len(envelopes))
    weight: dict[int | None, int] = {}
    cameras = [each.camera_id if isinstance(each.camera_id, int) else None for each in envelopes]
    for camera, count in zip(cameras, used.tolist(), strict=False):
        if count:
            weight[camera] = weight.get(camera, 0) + count
    busiest = sorted(weight, key=lambda camera: (-weight[camera], camera is None, camera or 0))
    own = busiest if len(busiest) <= most else busiest[: most - 1]
    order = sorted(own, key=lambda camera: (camera is None, camera or 0))
    others = len(busiest) - len(own)
    place = {camera: lane for lane, camera in enumerate(order)}
    of_envelope = np.array([place.get(camera, len(order)) for camera in cameras], np.int64)
    return Lanes((*order, *((None,) if others else ())), others, of_envelope)


def span_of(columns: Columns, frames: int) -> tuple[int, int] | None:
    """The first and the last valid time of the first frames; None where there is none."""
    times = columns.frames.part("epoch_time", 0, frames)
    valid = times > absent("i8") + 1
    if not valid.any():
        return None
    return int(times.min(where=valid, initial=2**62)), int(times.max(where=valid, initial=0))


def count_reads(
    columns: Columns,
    reads: int,
    lanes: Lanes,
    edges: Array,
    chosen: Array | None,
    still_wanted: Callable[[], bool] = lambda: True,
) -> Counted:
    """Count the first reads and their confidences in bins.

    Args:
        columns: the store.
        reads: how many of the first reads.
        lanes: as ``lanes_of`` gives for their frames.
        edges: of the bins, as ``core.timeline`` gives.
        chosen: rows of the reads that a filter lets through, ascending; None without one.
        still_wanted: asked now and then.

    Raises:
        Cancelled: the answer is not wanted any more.
    """
    bins = max(len(edges) - 1, 0)
    whole = Tally.empty(lanes.number, bins)
    shown = None if chosen is None else Tally.empty(lanes.number, bins)
    states = absent("i8")
    nothing = unusable = 0
    for begin in range(0, reads, _PART):
        if not still_wanted():
            raise Cancelled
        end = min(begin + _PART, reads)
        frames = columns.reads.part("frame", begin, end)
        times = columns.frames.column("epoch_time")[frames]
        lane = lanes.of_envelope[columns.frames.column("envelope")[frames]]
        confidence = columns.reads.part("confidence", begin, end).astype(np.float64)
        nothing += int(np.count_nonzero(times == states))
        unusable += int(np.count_nonzero(times == states + 1))
        whole.add(times, lane, confidence, edges)
        if shown is not None and chosen is not None:
            first, after = np.searchsorted(chosen, (begin, end))
            some = chosen[first:after].astype(np.int64) - begin
            shown.add(times[some], lane[some], confidence[some], edges)
    return Counted(whole, shown, reads, nothing, unusable)


def count_passes(passes: Passes, lanes: Lanes, edges: Array, chosen: Array | None) -> Array:
    """``(lanes, bins)``: the passes that begin in each bin; of a filter those with a read of ``chosen``."""
    table = passes.table
    if chosen is not None:
        known = chosen[chosen < len(passes.of_read)]
        numbers = np.unique(passes.of_read[known])
        table = table[numbers[numbers != _NOBODY].astype(np.int64)]
    lane = np.array([lanes.of_camera(camera) for camera, _ in passes.cameras], np.int64)
    found = Tally.empty(lanes.number, max(len(edges) - 1, 0))
    if len(table):
        found.add(table["start"], lane[table["camera"]], np.zeros(len(table)), edges)
    return found.counts


def silent_times(columns: Columns, frames: int, lanes: Lanes) -> tuple[Array, ...]:
    """For each lane when its camera was silent (``core.timeline.silences``); cameras that share have none."""
    times = columns.frames.part("epoch_time", 0, frames)
    lane = lanes.of_envelope[columns.frames.part("envelope", 0, frames)]
    valid = times > absent("i8") + 1
    found = []
    for number in range(lanes.number):
        is_shared = lanes.others and number == lanes.number - 1
        mine = times[:0] if is_shared else times[valid & (lane == number)]
        found.append(silences(np.sort(mine, kind="stable")))  # quick where they rise already
    return tuple(found)


class _Instants:
    """Instants as rows of which a query can ask the time alone."""

    def __init__(self, times: Array) -> None:
        self._times = times

    def __len__(self) -> int:
        return len(self._times)

    def _none(self) -> Mask:
        return np.zeros(len(self), bool)

    def text(self, field: str, match: Match) -> Mask:
        """See ``Rows``."""
        del field, match
        return self._none()

    def number(self, field: str, test: Test) -> Mask:
        """See ``Rows``."""
        del field, test
        return self._none()

    def flag(self, field: str, value: bool) -> Mask:
        """See ``Rows``."""
        del field, value
        return self._none()

    def time(self, test: Test) -> Mask:
        """See ``Rows``."""
        return test(self._times)

    def every(self, mask: Mask) -> Mask:
        """See ``Rows``."""
        return mask


def instants_let_through(terms: tuple[Tree, ...], times: Array, clock: Clock) -> Mask:
    """At which instants terms that ask for times alone hold."""
    return evaluate(And(terms), _Instants(times), clock)
