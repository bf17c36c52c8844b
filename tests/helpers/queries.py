"""Random queries, and a plain evaluator that looks at one read after the other."""

from __future__ import annotations

import fnmatch
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from alprviewer.core.frame import Frame, Point, Read, margin
from alprviewer.core.plates import normal_form
from alprviewer.core.query.confusables import GROUPS
from alprviewer.core.query.fields import FIELDS
from alprviewer.core.query.times import Clock, parse_moment
from alprviewer.core.query.tree import (
    And,
    Between,
    Compare,
    Confusable,
    Every,
    Exact,
    Flag,
    Literal,
    Match,
    Moment,
    Near,
    Not,
    Or,
    Regex,
    TextTerm,
    Tree,
    Wildcard,
)

NOW = 1_700_003_600_000
TEXTS = st.sampled_from(
    [
        "ABC123",
        "abc",
        "A",
        "B1",
        "ABC-1 23",
        "",
        "ß",
        "SS",
        "Ж1",
        "가1",
        "B\n1",
        "0D",
        "OQ",
        "us-mo",
        "12",
        "a b",
    ]
)
PATTERNS = st.sampled_from(
    [
        "^A",
        "B.?1$",
        "[A-C]+\\d{2}",
        "^$",
        "(a|b)c|Ж",
        "[^A-C]",
        "x*",
        "\\s",
        "^(AB)?C?",
        "1{0,2}2",
        "$",
        "^\\w+$",
    ]
)
WILDCARDS = st.sampled_from(["A*", "?B*", "*1*", "*", "AB?1?3", "\\**", "?", "*가*", "us-*", "A-7*", "70?"])
TIMES = st.sampled_from(
    [
        "2023-11-14",
        "2023-11-14T22:13",
        "2023-11-14T22:13:20Z",
        "2023-11-14 23:13:20.001+01:00",
        "2023-11-15",
        "-1h",
        "-61m",
        "-2d",
    ]
)
CLOCK_TIMES = st.sampled_from(["22:13", "22:13:20", "00:00", "23:59", "07:43", "22:13:20.001"])
NUMBERS = st.sampled_from([0.0, 1.0, 2.0, 50.5, 90.1, 90.25, 100.0, -5.0, 30.0, 85.0])
_OPERATORS = st.sampled_from([":", "<", "<=", ">", ">="])

MATCHES: st.SearchStrategy[Match] = st.one_of(
    TEXTS.map(Literal),
    TEXTS.map(Exact),
    WILDCARDS.map(Wildcard),
    PATTERNS.map(Regex),
    st.builds(Near, TEXTS, st.integers(1, 3)),
    TEXTS.map(Confusable),
)


def _moments(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Moment]:
    return texts.map(_moment)


def _moment(text: str) -> Moment:
    moment = parse_moment(text)
    assert moment is not None
    return moment


def _between(values: st.SearchStrategy[Any], fields: st.SearchStrategy[str]) -> st.SearchStrategy[Tree]:
    ends = st.tuples(st.none() | values, st.none() | values).filter(lambda both: both != (None, None))
    return st.builds(lambda field, both: Between(field, *both), fields, ends)


def _fields(kind: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name for name, spec in FIELDS.items() if spec.kind == kind])


_TERMS: st.SearchStrategy[Tree] = st.one_of(
    st.builds(TextTerm, _fields("plate"), MATCHES),
    st.builds(TextTerm, _fields("text"), MATCHES),
    st.builds(Compare, _fields("number"), _OPERATORS, NUMBERS),
    _between(NUMBERS, _fields("number")),
    st.builds(Flag, _fields("flag"), st.booleans()),
    st.builds(Compare, st.just("time"), _OPERATORS, _moments(TIMES | CLOCK_TIMES)),
    _between(_moments(TIMES), st.just("time")),
    _between(_moments(CLOCK_TIMES), st.just("time")),
)


def _grown(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(trees, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(And, several), st.builds(Or, several), st.builds(Not, trees), st.builds(Every, trees)
    )


TREES: st.SearchStrategy[Tree] = st.recursive(_TERMS, _grown, max_leaves=5)


class NaiveRead(NamedTuple):
    """A read, its frame, and what stands around them."""

    frame: Frame
    read: Read
    source: str
    problems: tuple[str, ...] = ()


def matches(match: Match, text: str | None, *, is_plate: bool) -> bool:
    """Whether a text matches, by other means than an automaton."""
    if text is None:
        return False
    form: Callable[[str], str] = normal_form if is_plate else str.upper
    match match:
        case Literal(wanted):
            return form(wanted) in form(text) if is_plate else form(wanted) == form(text)
        case Exact(wanted):
            return form(wanted) == form(text)
        case Wildcard(pattern):
            plain = form(pattern.replace("\\*", "[*]"))
            return fnmatch.fnmatchcase(form(text), plain)
        case Regex(pattern):
            anchored = pattern.replace("$", "\\Z")
            return re.search(anchored, text, re.IGNORECASE | re.DOTALL) is not None
        case Near(wanted, distance):
            return Levenshtein.distance(form(wanted), form(text)) <= distance
        case Confusable(wanted):
            one, other = form(wanted), form(text)
            return len(one) == len(other) and all(
                a == b or any(a in group and b in group for group in GROUPS)
                for a, b in zip(one, other, strict=True)
            )


def satisfies(tree: Tree, at: int, reads: list[NaiveRead], clock: Clock) -> bool:
    """Whether the read of a number satisfies a tree."""
    one = reads[at]
    match tree:
        case And(terms):
            return all(satisfies(term, at, reads, clock) for term in terms)
        case Or(terms):
            return any(satisfies(term, at, reads, clock) for term in terms)
        case Not(term):
            return not satisfies(term, at, reads, clock)
        case Every(term):
            together = [number for number, each in enumerate(reads) if each.frame is one.frame]
            return all(satisfies(term, number, reads, clock) for number in together)
        case TextTerm(field, match):
            is_plate = FIELDS[field].kind == "plate"
            return any(matches(match, text, is_plate=is_plate) for text in _texts(one, field))
        case Flag(field, value):
            return _flag(one, field) is value
        case Compare("time", operator, moment):
            assert isinstance(moment, Moment)
            return one.frame.epoch_time is not None and _time(operator, one.frame.epoch_time, moment, clock)
        case Between("time", low, high):
            return _time_between(one.frame.epoch_time, low, high, clock)
        case Compare(field, operator, value):
            return _number(operator, _single(_number_of(one, field)), _single(value))
        case Between(field, low, high):
            value = _single(_number_of(one, field))
            above = low is None or _number(">=", value, _single(low))
            return above and (high is None or _number("<=", value, _single(high)))


def _texts(one: NaiveRead, field: str) -> list[str | None]:
    read, frame = one.read, one.frame
    candidates = [candidate.plate for candidate in read.candidates or ()]
    found: dict[str, list[Any]] = {
        "plate": [read.plate],
        "candidate": candidates,
        "any": [read.plate, *candidates],
        "region": [read.region],
        "camera": [None if frame.camera_id is None else str(frame.camera_id)],
        "agent": [frame.agent_uid],
        "uuid": [frame.uuid],
        "source": [one.source, one.source.rsplit("/", 1)[-1]],
        "problem": list(one.problems),
    }
    return found.get(field, [])


def _flag(one: NaiveRead, field: str) -> bool | None:
    if field == "template":
        return None if one.read.matches_template is None else bool(one.read.matches_template)
    corners, regions = one.read.coordinates, one.frame.regions_of_interest
    if not corners or not regions:
        return None
    x, y = sum(corner.x for corner in corners) / 4, sum(corner.y for corner in corners) / 4
    return any(box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height for box in regions)


def _length(corners: list[Point], begin: int, end: int) -> float:
    one, other = corners[begin], corners[end]
    return math.dist((one.x, one.y), (other.x, other.y))


def _number_of(one: NaiveRead, field: str) -> float | None:
    corners = one.read.coordinates
    found: dict[str, float | None] = {
        "conf": one.read.confidence,
        "margin": margin(one.read),
        "rconf": one.read.region_confidence,
        "reads": len(one.frame.reads),
        "width": None if not corners else (_length(corners, 0, 1) + _length(corners, 3, 2)) / 2,
    }
    return found.get(field)


def _single(value: Any) -> Any:
    """As the store keeps it: 32 bits."""
    import numpy as np

    return None if value is None else float(np.float32(value))


def _number(operator: str, value: float | None, other: float) -> bool:
    if value is None:
        return False
    return {
        ":": value == other,
        "<": value < other,
        "<=": value <= other,
        ">": value > other,
        ">=": value >= other,
    }[operator]


def _utc(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _span(moment: Moment, time: int, clock: Clock) -> tuple[datetime, datetime, datetime]:
    """The time to compare, and from when until before when the moment lasts, as clocks show it."""
    shown = _utc(time).astimezone(clock.zone)
    unit = timedelta(milliseconds=moment.unit)
    if moment.kind == "ago":
        begin = _utc(clock.now - moment.value)
        return _utc(time), begin, begin + unit
    if moment.kind == "instant":
        begin = datetime.fromisoformat(moment.text.replace(" ", "T"))
        return _utc(time), begin, begin + unit
    shown = shown.replace(tzinfo=None)
    if moment.kind == "civil":
        begin = datetime.fromisoformat(moment.text)
        return shown, begin, begin + unit
    hours, minutes, *seconds = moment.text.split(":")
    begin = shown.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
    begin += timedelta(seconds=float(seconds[0]) if seconds else 0)
    return shown, begin, begin + unit


def _time(operator: str, time: int, moment: Moment, clock: Clock) -> bool:
    value, begin, end = _span(moment, time, clock)
    if operator == ":" and moment.kind == "ago":
        return begin <= value <= _utc(clock.now)
    return {
        ":": begin <= value < end,
        "<": value < begin,
        "<=": value < end,
        ">": value >= end,
        ">=": value >= begin,
    }[operator]


def _time_between(time: int | None, low: Any, high: Any, clock: Clock) -> bool:
    if time is None:
        return False
    after = low is None or _time(">=", time, low, clock)
    before = high is None or _time("<=", time, high, clock)
    if low is not None and high is not None and low.kind == "clock" and low.value > high.value:
        return after or before
    return after and before
