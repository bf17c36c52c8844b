"""Which rows a query selects.

A query is about reads. A frame matches when one of its reads does; a group is judged by what it says of its
best plate, a problem by the reads of its frame or, where there are none, by what is known of itself. A
comparison with an absent value is false, and its NOT is true.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Protocol

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.errors import Cancelled
from alprviewer.core.query.times import DAY, Clock, begin_of, end_of
from alprviewer.core.query.tree import (
    And,
    Between,
    Compare,
    Every,
    Flag,
    Match,
    Moment,
    Not,
    Or,
    TextTerm,
    Tree,
    Value,
)
from alprviewer.core.states import absent
from alprviewer.core.zones import readings
from alprviewer.store.textmatch import Mask, in_parts

Test = Callable[[Array], Mask]
"""From values to whether each of them passes."""


class Rows(Protocol):
    """Rows that a query is asked of. A field that they do not have is absent in all of them."""

    def __len__(self) -> int:
        """How many rows."""
        ...

    def text(self, field: str, match: Match) -> Mask:
        """Where a text of the field matches."""
        ...

    def number(self, field: str, test: Test) -> Mask:
        """Where the number of the field passes; NaN and infinite values never do."""
        ...

    def flag(self, field: str, value: bool) -> Mask:
        """Where the field is this."""
        ...

    def time(self, test: Test) -> Mask:
        """Where the time in UTC milliseconds passes; absent and invalid ones never do."""
        ...

    def every(self, mask: Mask) -> Mask:
        """Where the mask is true for all rows that belong together."""
        ...


def _always() -> bool:
    return True


def evaluate(tree: Tree, rows: Rows, clock: Clock, still_wanted: Callable[[], bool] = _always) -> Mask:
    """Where rows satisfy a tree.

    Raises:
        QueryError: a pattern is too complex for the texts it met.
        Cancelled: the answer is not wanted any more.
    """
    match tree:
        case And(terms):
            return reduce(np.logical_and, (evaluate(term, rows, clock, still_wanted) for term in terms))
        case Or(terms):
            return reduce(np.logical_or, (evaluate(term, rows, clock, still_wanted) for term in terms))
        case Not(term):
            return ~evaluate(term, rows, clock, still_wanted)
        case Every(term):
            return rows.every(evaluate(term, rows, clock, still_wanted))
    if not still_wanted():
        raise Cancelled
    return _of_term(tree, rows, clock)


def _of_term(term: TextTerm | Flag | Compare | Between, rows: Rows, clock: Clock) -> Mask:
    match term:
        case TextTerm(field, match):
            return rows.text(field, match)
        case Flag(field, value):
            return rows.flag(field, value)
        case Compare(field, operator, Moment() as moment):
            return rows.time(_parted(_time_test(operator, moment, clock)))
        case Between("time", low, high):
            return rows.time(_parted(_between_times(low, high, clock)))
        case Compare(field, operator, value):
            return rows.number(field, _finite(_number_test(operator, _real(value))))
        case Between(field, low, high):
            return rows.number(field, _finite(_between_numbers(low, high)))


# --- numbers --------------------------------------------------------------------------------------


def _as(values: Array, number: float) -> float | np.float32:
    """The number as precise as the values are: 90.1 in a column of 32 bits is not less than 90.1."""
    return np.float32(number) if values.dtype == np.float32 else number


def _number_test(operator: str, number: float) -> Test:
    compare = {
        ":": np.equal,
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
    }[operator]
    return lambda values: compare(values, _as(values, number))


def _between_numbers(low: Value | None, high: Value | None) -> Test:
    tests = [] if low is None else [_number_test(">=", _real(low))]
    tests += [] if high is None else [_number_test("<=", _real(high))]
    return _all_of(tests)


def _real(value: Value) -> float:
    assert not isinstance(value, Moment)
    return value


def _all_of(tests: list[Test]) -> Test:
    return lambda values: reduce(np.logical_and, (test(values) for test in tests))


def _finite(test: Test) -> Test:
    """NaN is absent, an infinite value invalid."""
    return _parted(lambda values: test(values) & np.isfinite(values))


def _parted(test: Test) -> Test:
    return lambda values: in_parts(test, values)


# --- times ----------------------------------------------------------------------------------------


_EARLIEST, _LATEST = absent("i8") + 2, int(np.iinfo("i8").max)


def _time_test(operator: str, moment: Moment, clock: Clock) -> Test:
    if moment.kind == "clock":
        return _of_day(_within(operator, moment.value, moment.value + moment.unit), clock)
    begin, end = begin_of(moment, clock), end_of(moment, clock)
    if moment.kind == "ago" and operator == ":":
        end = clock.now + 1  # the time from then on
    return _within(operator, begin, end)


def _within(operator: str, begin: int, end: int) -> Test:
    """Compares times with one that lasts from ``begin`` until before ``end``."""
    match operator:
        case "<":
            return _inside(_EARLIEST, begin)
        case "<=":
            return _inside(_EARLIEST, end)
        case ">":
            return _inside(end, _LATEST)
        case ">=":
            return _inside(begin, _LATEST)
    return _inside(begin, end)


def _inside(begin: int, end: int) -> Test:
    """``begin <= time < end`` in one comparison: earlier times wrap around to very late ones.

    So do absent and invalid ones, which are earlier than all.
    """
    if end <= begin:
        return lambda times: np.zeros(len(times), bool)
    return lambda times: (times - begin).view(np.uint64) < np.uint64(end - begin)


def _between_times(low: Value | None, high: Value | None, clock: Clock) -> Test:
    assert low is None or isinstance(low, Moment)
    assert high is None or isinstance(high, Moment)
    if any(end is not None and end.kind == "clock" for end in (low, high)):
        return _of_day(_between_clocks(low, high), clock)
    if low is not None and high is not None:
        return _inside(begin_of(low, clock), end_of(high, clock))
    return _time_test(">=", low, clock) if low is not None else _time_test("<=", _known(high), clock)


def _known(moment: Moment | None) -> Moment:
    assert moment is not None
    return moment


def _between_clocks(low: Moment | None, high: Moment | None) -> Test:
    begin = 0 if low is None else low.value
    end = DAY if high is None else high.value + high.unit
    if low is not None and high is not None and low.value > high.value:
        return lambda times: (times >= begin) | (times < end)  # over midnight
    return _inside(begin, end)


def _of_day(test: Test, clock: Clock) -> Test:
    """A test of times of day, for times."""
    return lambda times: test(readings(times, clock.zone) % DAY) & (times >= _EARLIEST)
