"""What people type to go somewhere in a table: a row number or a time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from alprviewer.core.errors import UserError
from alprviewer.language import tr

_number = re.compile(r"#?\s*([0-9][0-9,\u2009\u202f\u00a0 ]*)")
_time_of_day = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEITHER = tr(
    "This is neither a row number nor a time. Try 1200, 14:05:30, 2026-09-14 14:05 or 2026-09-14T14:05:30Z."
)


class Target(NamedTuple):
    """Where to go: exactly one is given.

    Attributes:
        row: number of a row for people, from 1 if it is one.
        epoch: UTC milliseconds.
    """

    row: int | None = None
    epoch: int | None = None


def parse_target(text: str, zone: tzinfo | None, day: date | None) -> Target:
    """A row number, a time of day, or a date with or without a time in ISO 8601.

    Args:
        text: as typed.
        zone: what has no zone of its own is meant in this one; None is the local one.
        day: a time of day is meant on this day of the zone; None where no day is known.

    Raises:
        UserError: it is none of these; the sentence says what can be typed.
    """
    text = text.strip()
    if not text:
        raise UserError(tr("Type a row number or a time."))
    number = _number.fullmatch(text)
    if number:
        return Target(row=int(re.sub(r"[^0-9]", "", number[1])[:19]))
    of_day = _time_of_day.fullmatch(text)
    try:
        moment = _on_day(of_day, text, day) if of_day else datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.astimezone() if zone is None else moment.replace(tzinfo=zone)
        return Target(epoch=(moment - _EPOCH) // timedelta(milliseconds=1))
    except (ValueError, OverflowError, OSError) as error:
        raise UserError(_NEITHER) from error


def _on_day(parts: re.Match[str], text: str, day: date | None) -> datetime:
    hour, minute, second = (int(part or 0) for part in parts.groups()[:3])
    if hour > 23 or minute > 59 or second > 59:
        raise UserError(tr("{text} is no time of day; those go from 00:00 to 23:59:59.", text=text))
    if day is None:
        raise UserError(tr("No row says which day is meant; type the date too, as in 2026-09-14 14:05."))
    microsecond = int((parts[4] or "0").ljust(6, "0")[:6])
    return datetime.combine(day, time(hour, minute, second, microsecond))
