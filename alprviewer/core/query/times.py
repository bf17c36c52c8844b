"""Times as queries write them, and what they mean once a clock and a zone are known."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from alprviewer.core.frame import MAX_EPOCH_MS
from alprviewer.core.query.tree import Moment
from alprviewer.core.zones import instant_of
from alprviewer.language import tr

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a clock somewhere, not an instant
EXPECTED = tr(
    "Expected a time: a date (2026-11-22), a date with time (2026-11-22T07:00, also with Z or +01:00), "
    "a time of day (07:00), or how long ago (-2h)"
)

_ago = re.compile(r"-(\d{1,6}(?:\.\d{1,3})?)([smhdw])")
_clock = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?")
_date = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_zone = re.compile(r"([+-])(\d{2}):?(\d{2})")


class Clock(NamedTuple):
    """What a query's times refer to: now in UTC milliseconds, and the zone shown (None is the local one)."""

    now: int = 0
    zone: tzinfo | None = UTC


def parse_moment(text: str) -> Moment | None:
    """The moment that a text stands for; None where it is none.

    A moment lasts as long as its last part: ``2026-11-22`` a day, ``07:00`` a minute.
    """
    found = _ago.fullmatch(text)
    if found:
        milliseconds = round(float(found[1]) * _UNITS[found[2]])
        return Moment("ago", milliseconds, 1, text) if milliseconds < MAX_EPOCH_MS else None
    clock = _clock_of(text)
    if clock is not None:
        return Moment("clock", clock[0], clock[1], text)
    return _dated(text)


def _clock_of(text: str) -> tuple[int, int] | None:
    """Milliseconds since midnight, and how long such a time lasts."""
    found = _clock.fullmatch(text)
    if not found or not text.isascii():
        return None
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    value = hours * HOUR + minutes * MINUTE + seconds * SECOND + int((found[4] or "0").ljust(3, "0"))
    if found[4]:
        return value, 10 ** (3 - len(found[4]))
    return value, SECOND if found[3] else MINUTE


def _dated(text: str) -> Moment | None:
    date = _date.match(text)
    if not date or not text.isascii():
        return None
    try:
        day = datetime(int(date[1]), int(date[2]), int(date[3]))  # noqa: DTZ001
    except ValueError:
        return None
    value, unit = (day - _EPOCH) // timedelta(milliseconds=1), DAY
    rest = text[date.end() :]
    offset: int | None = None
    if rest:
        clock, offset = _offset(rest[1:])
        timed = _clock_of(clock) if rest[0] in "Tt " else None
        if timed is None:
            return None
        value, unit = value + timed[0], timed[1]
    if not 2 * DAY <= value < MAX_EPOCH_MS - 2 * DAY:
        return None  # no frame has such a time, and zones cannot be applied near the ends of the calendar
    return (
        Moment("civil", value, unit, text)
        if offset is None
        else Moment("instant", value - offset, unit, text)
    )


def _offset(text: str) -> tuple[str, int | None]:
    """The text before a zone, and the zone's milliseconds east of UTC; None without one."""
    if text[-1:] in ("Z", "z"):
        return text[:-1], 0
    found = _zone.search(text)
    if not found or found.end() != len(text) or int(found[2]) > 23 or int(found[3]) > 59:
        return text, None
    offset = int(found[2]) * HOUR + int(found[3]) * MINUTE
    return text[: found.start()], -offset if found[1] == "-" else offset


def begin_of(moment: Moment, clock: Clock) -> int:
    """The first millisecond of a moment that is no time of day, in UTC."""
    if moment.kind == "ago":
        return clock.now - moment.value
    if moment.kind == "instant":
        return moment.value
    return instant_of(moment.value, clock.zone)


def end_of(moment: Moment, clock: Clock) -> int:
    """The first millisecond behind a moment that is no time of day, in UTC."""
    if moment.kind == "civil":
        return instant_of(moment.value + moment.unit, clock.zone)
    return begin_of(moment, clock) + moment.unit
