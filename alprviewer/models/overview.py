"""What the overview shows: how reads are spread, counted by a worker."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from alprviewer.core.distribution import Distribution
from alprviewer.models.counting import Counting
from alprviewer.models.timeline import lane_name
from alprviewer.store.overview import Asked, overview


class Overview(Counting):
    """Counts how the reads of a capture are spread: ``distributions``, those of ``reads`` reads.

    ``matching`` of them match the filter; None without one.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__("overview", parent)
        self.distributions: tuple[Distribution, ...] = ()
        self.reads = 0
        self.matching: int | None = None

    def work(self) -> Callable[[Callable[[], bool]], tuple[Asked, tuple[Distribution, ...]]]:
        """See ``Counting``."""
        columns, names = self.capture.columns, dict(self.capture.camera_names)
        asked = Asked(columns, len(columns.reads), len(columns.frames), self.chosen, self.zone, self.passes)
        return lambda still_wanted: (
            asked,
            overview(asked, lambda lanes, lane: lane_name(lanes, lane, names), still_wanted),
        )

    def take(self, found: tuple[Asked, tuple[Distribution, ...]]) -> None:
        """See ``Counting``."""
        asked, self.distributions = found
        self.reads = asked.reads
        self.matching = None if asked.chosen is None else len(asked.chosen)
