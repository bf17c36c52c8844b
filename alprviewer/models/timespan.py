"""From when to when the rows of a table are, found as they arrive."""

from __future__ import annotations

from datetime import tzinfo

from alprviewer.core.batch import Array
from alprviewer.models.cells import same_day, span_of


class TimeSpan:
    """The first and the last time of a column that grows; each value is looked at once."""

    def __init__(self) -> None:
        self._span: tuple[int, int] | None = None
        self._seen = 0

    def look(self, epochs: Array) -> None:
        """Look at what is new in a column of UTC milliseconds."""
        spans = [span for span in (self._span, span_of(epochs[self._seen :])) if span]
        self._seen = len(epochs)
        self._span = (min(a for a, _ in spans), max(b for _, b in spans)) if spans else None

    def is_on_several_days(self, zone: tzinfo | None) -> bool:
        """True if not all times lie on one day of the zone; None is the local one."""
        return self._span is not None and not same_day(*self._span, zone)
