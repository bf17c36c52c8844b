"""What is known of how right the reads of a capture are, counted by a worker from what was decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.core.query.tree import Tree
from alprviewer.models.counting import Counting
from alprviewer.models.decided import Decided
from alprviewer.review.figures import Choices, Report, report
from alprviewer.review.gathering import Gathered, gather
from alprviewer.review.matching import Judged


class Numbers(Counting):
    """Counts what was decided of the reads of a capture: ``report``, None where nothing was counted yet.

    The figures are those of the whole capture, whatever the filter shows.
    """

    def __init__(self, decided: Decided, parent: QObject | None = None) -> None:
        super().__init__("numbers", parent)
        self.report: Report | None = None
        self.choices = Choices()
        self._decided = decided
        self._gathered: Gathered | None = None
        """What was gathered last; None where something has changed since."""

    def set_capture(self, capture: Capture) -> None:
        """Count another capture from its beginning."""
        self.report = None
        self.choices = self.choices._replace(position=None, before=None, after=None)
        super().set_capture(capture)

    def set_filter(self, tree: Tree | None, chosen: Array | None) -> None:
        """Nothing changes: see above."""

    def set_zone(self, zone_name: str) -> None:
        """Nothing changes: hours are those of UTC, as ``alprviewer stats`` has them."""

    def choose(self, **choices: Any) -> None:
        """Ask for something else, by the names of ``Choices``."""
        wanted = self.choices._replace(**choices)
        if wanted.field != self.choices.field:
            wanted = wanted._replace(before=None, after=None)
        if wanted != self.choices:
            self.choices = wanted
            if self.busy:
                self.count()
            else:
                super().count()  # from what was gathered

    def count(self) -> None:
        """Count anew: rows, passes or decisions have come."""
        self._gathered = None
        super().count()

    def work(self) -> Callable[[Callable[[], bool]], Report]:
        """See ``Counting``."""
        snapshot, choices, known = self.capture.snapshot(), self.choices, self._gathered
        snapshot.passes = self.passes
        decisions, digests = self._decided.judged(self.capture)

        def found(still_wanted: Callable[[], bool]) -> Report:
            judged = Judged(snapshot, decisions, digests)
            gathered = known if known is not None else gather(snapshot, judged, still_wanted)
            return report(snapshot, gathered, choices, still_wanted)

        return found

    def take(self, found: Report) -> None:
        """See ``Counting``."""
        self.report, self._gathered = found, found.gathered
