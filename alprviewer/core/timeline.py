"""Time in equal steps: bins and ticks from years to milliseconds, right where clocks are put forward or back.

Steps begin where clocks in the zone show a multiple of them: an hour that comes twice is two bins. Days,
weeks, months and years begin at midnight: a day has 23, 24 or 25 hours.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from math import log
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.query.times import DAY, HOUR, MINUTE, SECOND
from alprviewer.core.zones import QUARTER, instant_of, offset_at, readings

_MONTH = 30.436875 * DAY
"""Mean length of a month in milliseconds."""
_MONDAY = 3
"""Days from a Monday to 1970-01-01."""


class Step(NamedTuple):
    """A length of time: so many milliseconds, or so many months."""

    milliseconds: int = 0
    months: int = 0

    @property
    def length(self) -> float:
        """Milliseconds, of months the mean."""
        return self.milliseconds or self.months * _MONTH

    @property
    def words(self) -> str:
        """For people: ``10 s``, ``2 months``."""
        if self.months:
            count, unit = (self.months // 12, "year") if self.months % 12 == 0 else (self.months, "month")
            return f"{count} {unit}" + ("s" if count > 1 else "")
        return duration_text(self.milliseconds)


_COUNTS = (
    (1, (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    (SECOND, (1, 2, 5, 10, 15, 30)),
    (MINUTE, (1, 2, 5, 10, 15, 30)),
    (HOUR, (1, 2, 3, 6, 12)),
    (DAY, (1, 7)),
)
STEPS = (
    *(Step(unit * count) for unit, counts in _COUNTS for count in counts),
    *(Step(months=months) for months in (1, 3, 12, 60, 120, 1200)),
)
"""From short to long."""


def step_for(span: float, most: int) -> Step:
    """The shortest step of which at most so many (and what sticks out) make up a span in milliseconds."""
    return next((step for step in STEPS if span <= step.length * most), STEPS[-1])


def edges_of(begin: int, end: int, step: Step, zone: tzinfo | None) -> Array:
    """Where bins begin and end: ascending instants, from ``begin`` or before to ``end`` or behind.

    Args:
        begin: UTC milliseconds, of 1973 or later.
        end: not before ``begin``.
        step: of the bins.
        zone: of the clocks that the bins follow.
    """
    end = max(end, begin + 1)
    width = step.milliseconds
    if step.months or width % DAY == 0:
        found = _midnights(begin, end, step, zone)
    elif width > QUARTER:
        reach = width + 3 * HOUR  # clocks may be put forward over the edge before
        quarters = np.arange((begin - reach) // QUARTER, (end + reach) // QUARTER + 1) * QUARTER
        found = quarters[readings(quarters, zone) % width == 0]
    else:
        ahead = offset_at(begin, zone)  # by 5:45 in Nepal: no multiple of two minutes
        found = np.arange((begin + ahead) // width, -(-(end + ahead) // width) + 1) * width - ahead
    first = int(np.searchsorted(found, begin, side="right")) - 1
    last = int(np.searchsorted(found, end, side="left"))
    return found[first : last + 1]


def _midnights(begin: int, end: int, step: Step, zone: tzinfo | None) -> Array:
    place = _place_of(begin, step, zone) - 1
    found = [_midnight(place, step, zone)]
    while found[-1] < end:
        place += 1
        found.append(_midnight(place, step, zone))
    return np.array(found, np.int64)


def _place_of(instant: int, step: Step, zone: tzinfo | None) -> int:
    """How many steps since the beginning of the count."""
    day = (instant + offset_at(instant, zone)) // DAY
    if step.months:
        date = _date(day)
        return (date.year * 12 + date.month - 1) // step.months
    days = step.milliseconds // DAY
    return (day + _MONDAY) // days if days == 7 else day // days


def _midnight(place: int, step: Step, zone: tzinfo | None) -> int:
    if step.months:
        year, month = divmod(place * step.months, 12)
        day = (datetime(year, month + 1, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
    else:
        days = step.milliseconds // DAY
        day = place * days - (_MONDAY if days == 7 else 0)
    return instant_of(day * DAY, zone)


def _date(day: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)


# --- words ----------------------------------------------------------------------------------------


def ticks(begin: int, end: int, most: int, zone: tzinfo | None) -> list[tuple[int, str]]:
    """Instants for marks on an axis, about so many, and what stands there; midnights say their date."""
    step = step_for(end - begin, max(most, 1))
    return [
        (at, _tick_text(at, step, zone))
        for at in edges_of(begin, end, step, zone).tolist()
        if begin <= at <= end
    ]


def _clock(instant: int, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(instant // 1000, UTC).astimezone(zone)


def _tick_text(at: int, step: Step, zone: tzinfo | None) -> str:
    clock = _clock(at, zone)
    if step.months:
        return f"{clock:%Y}" if step.months % 12 == 0 else f"{clock:%Y-%m}"
    if step.milliseconds % DAY == 0 or (at + offset_at(at, zone)) % DAY == 0:
        return f"{clock:%Y-%m-%d}"
    return _time_of_day(at, clock, step.milliseconds)


def _time_of_day(at: int, clock: datetime, unit: int) -> str:
    if unit % MINUTE == 0:
        return f"{clock:%H:%M}"
    return f"{clock:%H:%M:%S}" if unit % SECOND == 0 else f"{clock:%H:%M:%S}.{at % 1000:03d}"


def unit_of(begin: int, end: int) -> int:
    """The longest of minute, second and millisecond of which both instants are multiples."""
    return next(unit for unit in (MINUTE, SECOND, 1) if begin % unit == 0 == end % unit)


def range_text(begin: int, end: int, zone: tzinfo | None) -> str:
    """A range of time for people: the date once where it lies on one day, and the zone."""
    unit = unit_of(begin, end)
    first, last = _clock(begin, zone), _clock(end, zone)
    shown = [_time_of_day(at, clock, unit) for at, clock in ((begin, first), (end, last))]
    days = [f"{clock:%Y-%m-%d} " for clock in (first, last)]
    zones = [zone_text(at, zone) for at in (begin, end)]
    left = days[0] + shown[0] + (f" {zones[0]}" if zones[0] != zones[1] else "")
    right = (days[1] if days[1] != days[0] else "") + f"{shown[1]} {zones[1]}"
    return f"{left} – {right}"


def zone_text(instant: int, zone: tzinfo | None) -> str:
    """``UTC``, or how far clocks are ahead at an instant: ``+02:00``."""
    if zone is UTC:
        return "UTC"
    hours, minutes = divmod(abs(offset_at(instant, zone)) // MINUTE, 60)
    return f"{'-' if offset_at(instant, zone) < 0 else '+'}{hours:02}:{minutes:02}"


def duration_text(milliseconds: int) -> str:
    """A length of time in its two largest units: ``4 min``, ``1 h 20 min``, ``250 ms``."""
    units = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"), (1, "ms"))
    for (unit, name), smaller in zip(units, (*units[1:], None), strict=True):
        count, rest = divmod(milliseconds, unit)
        if count or smaller is None:
            below = rest // smaller[0] if smaller is not None and smaller[0] > 1 else 0
            return f"{count:,} {name}" + (f" {below} {smaller[1]}" if smaller and below else "")
    raise AssertionError


# --- counting -------------------------------------------------------------------------------------


class Tally(NamedTuple):
    """Values counted in bins. What lies outside of all bins is in none.

    Attributes:
        counts: ``(lanes, bins)`` how many.
        sums: ``(lanes, bins)`` of their values, those that are not finite left out.
        known: ``(lanes, bins)`` how many are finite.
    """

    counts: Array
    sums: Array
    known: Array

    @classmethod
    def empty(cls, lanes: int, bins: int) -> Tally:
        """Nothing in so many bins."""
        shape = lanes, bins
        return cls(np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape, np.int64))

    def add(self, times: Array, lanes: Array, values: Array, edges: Array) -> None:
        """Count more.

        Args:
            times: UTC milliseconds; absent and invalid ones lie before all edges.
            lanes: of each, from 0.
            values: of each.
            edges: ascending, one more than there are bins.
        """
        rows, bins = self.counts.shape
        places = np.searchsorted(edges, times, side="right")
        inside = (places > 0) & (places <= bins)
        cells = (lanes[inside] * bins + places[inside] - 1).astype(np.int64)
        taken = values[inside]
        finite = np.isfinite(taken)
        size, shape = rows * bins, (rows, bins)
        np.add(self.counts, np.bincount(cells, minlength=size).reshape(shape), out=self.counts)
        cells, taken = cells[finite], taken[finite]
        np.add(self.sums, np.bincount(cells, taken, minlength=size).reshape(shape), out=self.sums)
        np.add(self.known, np.bincount(cells, minlength=size).reshape(shape), out=self.known)

    @property
    def means(self) -> Array:
        """``(lanes, bins)``: the mean of the values; NaN where there is none."""
        return np.where(self.known > 0, self.sums / np.maximum(self.known, 1), np.nan)


BURST_MS = 3000
"""Between two frames of one vehicle there is less."""
_SHORTEST_SILENCE = MINUTE
_FEWEST_PAUSES = 8
_CHANCE = 0.05


def silences(times: Array) -> Array:
    """When a camera was silent longer than its traffic explains: ``(n, 2)`` instants.

    Were vehicles to come independently of each other, pauses between them, less the least one, would have an
    exponential distribution, and the longest of ``n`` would pass ``mean · (ln n + ln 20)`` in one of twenty
    captures (the extreme value of exponential variables; Gumbel 1958). The mean is taken from the median,
    which a few long silences do not move. Less than a minute is no silence.

    Args:
        times: of a camera's frames, ascending, all valid.
    """
    pauses = np.diff(times)
    between = pauses[pauses > BURST_MS]
    if len(between) < _FEWEST_PAUSES:
        return np.empty((0, 2), np.int64)
    mean = (float(np.median(between)) - BURST_MS) / log(2)
    least = max(BURST_MS + mean * log(len(between) / _CHANCE), _SHORTEST_SILENCE)
    long = np.flatnonzero(pauses > least)
    return np.stack((times[long], times[long + 1]), axis=1)
