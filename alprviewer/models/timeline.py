"""What the timeline shows: reads, passes, confidence and silences over time, counted by a worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QObject

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.core.plates import display_text
from alprviewer.core.query.complete import terms_of
from alprviewer.core.query.timerange import FOREVER, range_of
from alprviewer.core.query.times import Clock
from alprviewer.core.query.tree import Tree
from alprviewer.core.timeline import Step, Tally, edges_of, step_for
from alprviewer.language import tr, trn
from alprviewer.models.counting import Counting
from alprviewer.store.timeline import (
    Lanes,
    count_passes,
    count_reads,
    instants_let_through,
    lanes_of,
    silent_times,
    span_of,
)

MOST_LANES = 6
_SAMPLES = 1000


@dataclass(frozen=True)
class Bins:
    """What is to be seen of a range of time.

    Attributes:
        span: the first and the last time of the capture; None where there is none, and nothing below.
        begin, end: the range.
        step: of the bins.
        edges: of the bins, ascending; one more than there are bins.
        lanes: names of the cameras.
        all: reads in bins, ``(lanes, bins)``.
        shown: those that the filter lets through; None without a filter.
        passes: passes that begin in each bin, of a filter those with a read that it lets through; None while
            they are not known.
        silent: for each lane ``(n, 2)`` when the camera was silent.
        filtered: ``(n, 2)`` what the query's times let through; None where it asks for none.
        reads, absent, invalid: of the whole capture: how many, without a time, with an unusable one.
    """

    span: tuple[int, int] | None = None
    begin: int = 0
    end: int = 1
    step: Step = field(default_factory=lambda: Step(1))
    edges: Array = field(default_factory=lambda: np.zeros(1, np.int64))
    lanes: tuple[str, ...] = ()
    all: Tally = field(default_factory=lambda: Tally.empty(0, 0))
    shown: Tally | None = None
    passes: Array | None = None
    silent: tuple[Array, ...] = ()
    filtered: Array | None = None
    reads: int = 0
    absent: int = 0
    invalid: int = 0

    @property
    def counted(self) -> Tally:
        """What the filter lets through, or everything."""
        return self.all if self.shown is None else self.shown


class Timeline(Counting):
    """Counts a range of a capture over time: ``bins``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__("timeline", parent)
        self.bins = Bins()
        self._range: tuple[int, int] | None = None
        self._most = 200
        self._silent: tuple[int, tuple[Array, ...]] = (-1, ())

    def set_capture(self, capture: Capture) -> None:
        """Count another capture, all of it."""
        self._range, self._silent = None, (-1, ())
        super().set_capture(capture)

    def show(self, span: tuple[int, int] | None, most: int) -> None:
        """Count a range in at most so many bins; None is from the first time to the last."""
        if (span, most) != (self._range, self._most):
            self._range, self._most = span, most
            self.count()

    def selected(self) -> tuple[int, int] | None:
        """The range that the query asks for; None where it asks for none or for several."""
        found = range_of(self.tree, self.clock)
        if found is None or self.bins.span is None:
            return None
        first, last = self.bins.span
        return (
            first if found[0] == FOREVER[0] else found[0],
            last + 1 if found[1] == FOREVER[1] else found[1],
        )

    def work(self) -> Callable[[Callable[[], bool]], tuple[Bins, int]]:
        """See ``Counting``."""
        columns, names = self.capture.columns, dict(self.capture.camera_names)
        reads, frames = len(columns.reads), len(columns.frames)
        chosen, passes, tree, clock = self.chosen, self.passes, self.tree, self.clock
        wanted, most, zone, known = self._range, self._most, self.zone, self._silent

        def count(still_wanted: Callable[[], bool]) -> tuple[Bins, int]:
            span = span_of(columns, frames)
            begin, end = wanted or ((0, 1) if span is None else (span[0], span[1] + 1))
            step = step_for(end - begin, most)
            edges = np.zeros(1, np.int64) if span is None else edges_of(begin, end, step, zone)
            lanes = lanes_of(columns, frames, MOST_LANES)
            silent = known[1] if known[0] == frames else silent_times(columns, frames, lanes)
            counted = count_reads(columns, reads, lanes, edges, chosen, still_wanted)
            bins = Bins(
                span,
                begin,
                end,
                step,
                edges,
                tuple(lane_name(lanes, lane, names) for lane in range(lanes.number)),
                counted.all,
                counted.shown,
                None if passes is None else count_passes(passes, lanes, edges, chosen),
                silent,
                _filtered(tree, begin, end, clock),
                counted.reads,
                counted.absent,
                counted.invalid,
            )
            return bins, frames

        return count

    def take(self, found: tuple[Bins, int]) -> None:
        """See ``Counting``."""
        self.bins, frames = found
        self._silent = (frames, self.bins.silent)


def lane_name(lanes: Lanes, lane: int, names: Mapping[int, str]) -> str:
    """What a lane is called: by name where it is known, else by id."""
    if lanes.others and lane == lanes.number - 1:
        return trn("{count} other camera", "{count} other cameras", lanes.others)
    camera = lanes.cameras[lane]
    return tr("no camera") if camera is None else display_text(names.get(camera, str(camera)), 40)


def _filtered(tree: Tree | None, begin: int, end: int, clock: Clock) -> Array | None:
    """The parts of a range that a query's outermost times let through."""
    terms = terms_of(tree, "time")
    if not terms:
        return None
    whole = range_of(tree, clock)
    if whole is not None:
        return np.array([whole], np.int64)
    places = np.linspace(begin, end, _SAMPLES + 1).astype(np.int64)
    through = np.diff(
        np.concatenate(([0], instants_let_through(terms, places[:-1], clock), [0])).astype(np.int8)
    )
    return np.stack((places[np.flatnonzero(through == 1)], places[np.flatnonzero(through == -1)]), axis=1)
