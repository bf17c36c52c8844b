"""Ranges of time in queries: the term of a range, and the range of a query's terms."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from alprviewer.core.query.complete import terms_of
from alprviewer.core.query.times import MINUTE, SECOND, Clock, begin_of, end_of, parse_moment
from alprviewer.core.query.tree import Between, Compare, Moment, Tree
from alprviewer.core.timeline import unit_of, zone_text

FOREVER = (-(2**62), 2**62)


def range_term(begin: int, end: int, zone: tzinfo | None) -> Between:
    """The term that holds from ``begin`` until before ``end``, written in a zone with its distance from UTC.

    The distance makes it say the same to everybody, also in an hour that comes twice.
    """
    unit = unit_of(begin, end)
    return Between("time", _moment(begin, unit, zone), _moment(end - unit, unit, zone))


def _moment(instant: int, unit: int, zone: tzinfo | None) -> Moment:
    clock = datetime.fromtimestamp(instant // 1000, UTC).astimezone(zone)
    text = f"{clock:%Y-%m-%dT%H:%M}" if unit >= MINUTE else f"{clock:%Y-%m-%dT%H:%M:%S}"
    if unit < SECOND:
        text += f".{instant % 1000:03d}"
    moment = parse_moment(text + ("Z" if zone is UTC else zone_text(instant, zone)))
    assert moment is not None
    return moment


def range_of(tree: Tree | None, clock: Clock) -> tuple[int, int] | None:
    """The one range, from its first instant until before its last, that the query's outermost times are in.

    An open end is that of ``FOREVER``. None where the query says nothing of times, or something else than one
    range: times of day, alternatives.
    """
    terms = terms_of(tree, "time")
    begin, end = FOREVER
    for term in terms:
        found = _range(term, clock)
        if found is None:
            return None
        begin, end = max(begin, found[0]), min(end, found[1])
    return (begin, max(begin, end)) if terms else None


def _range(term: Tree, clock: Clock) -> tuple[int, int] | None:
    match term:
        case Compare(_, operator, Moment() as moment) if moment.kind != "clock":
            begin, end = begin_of(moment, clock), end_of(moment, clock)
            if operator == ":" and moment.kind == "ago":
                return begin, clock.now + 1
            return {
                ":": (begin, end),
                "<": (FOREVER[0], begin),
                "<=": (FOREVER[0], end),
                ">": (end, FOREVER[1]),
                ">=": (begin, FOREVER[1]),
            }[operator]
        case Between(_, low, high) if not any(
            isinstance(m, Moment) and m.kind == "clock" for m in (low, high)
        ):
            assert low is None or isinstance(low, Moment)
            assert high is None or isinstance(high, Moment)
            return (
                FOREVER[0] if low is None else begin_of(low, clock),
                FOREVER[1] if high is None else end_of(high, clock),
            )
    return None
