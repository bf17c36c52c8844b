"""What other rules for passes would change."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core import passchange
from alprviewer.core.errors import Cancelled
from alprviewer.core.passchange import PassChange, change_of, compared
from alprviewer.core.passes import FoundPasses, PassRules, find_passes
from tests.core.test_passes import RULES, drive, filmed, reads, shuffled

DIVISIONS = st.integers(0, 30).flatmap(
    lambda count: st.tuples(*(st.lists(st.integers(0, 5), min_size=count, max_size=count) for _ in range(2)))
)


def found(passes):
    """Reads with the name of the pass of each; None for a copy of the read before."""
    first, copy = {}, [name is None for name in passes]
    rows = [first.setdefault(name, row) if name is not None else 0 for row, name in enumerate(passes)]
    return FoundPasses(np.array(rows, np.int64), np.array(copy, bool))


def plainly(before, after):
    """The same, read by read."""
    pairs = Counter(zip(before, after, strict=True))
    parts, sources = Counter(old for old, _ in pairs), Counter(new for _, new in pairs)
    kept, used = 0, (set(), set())
    for old, new in sorted(
        pairs, key=lambda pair: (-pairs[pair], before.index(pair[0]), after.index(pair[1]))
    ):
        if old not in used[0] and new not in used[1]:
            kept += pairs[old, new]
            used[0].add(old)
            used[1].add(new)
    return PassChange(
        len(parts),
        len(sources),
        sum(count > 1 for count in parts.values()),
        len({old for old, new in pairs if sources[new] > 1}),
        len(before) - kept,
        len(before),
    )


@given(DIVISIONS)
def test_two_divisions_are_compared(both):
    before, after = both
    assert compared(found(before), found(after)) == plainly(before, after)


def test_in_words():
    assert compared(found("aaaabb"), found("aaaabb")) == PassChange(2, 2, 0, 0, 0, 6)
    assert compared(found("aaaa"), found("xxxy")) == PassChange(1, 2, split=1, joined=0, moved=1, reads=4)
    assert compared(found("aaab"), found("xxxx")) == PassChange(2, 1, split=0, joined=2, moved=1, reads=4)
    assert compared(found(["a", None, "a"]), found(["a", None, "b"])).reads == 2, "copies count once"
    assert compared(found(""), found("")) == PassChange()


TRAFFIC, _ = filmed(
    *(drive(1 + n % 2, 10_000 + 4100 * n, 100, 200, f"ABC{n:03}", count=6, step=600) for n in range(40))
)


@given(st.integers(0, 6000), st.integers(0, 90), st.integers(0, 20), st.randoms())
def test_parts_give_what_all_at_once_gives(gap, parked, speed, random):
    others = PassRules(gap_ms=gap, parked_gap_ms=parked * 1000, speed=float(speed))
    order = list(range(len(TRAFFIC.time)))
    random.shuffle(order)
    mixed = shuffled(TRAFFIC, np.array(order))
    wanted = compared(find_passes(mixed, RULES), find_passes(mixed, others))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passchange, "_AT_ONCE", 20)
        assert change_of(mixed, RULES, others) == wanted
    assert change_of(mixed, RULES, others) == wanted


def test_rules_that_are_the_same_change_nothing():
    change = change_of(TRAFFIC, RULES, RULES)
    assert (change.before, change.after) == (40, 40)
    assert change[2:] == (0, 0, 0, 240)
    assert change_of(reads([]), RULES, RULES) == PassChange()


def test_a_shorter_gap_splits():
    change = change_of(TRAFFIC, RULES, PassRules(gap_ms=500, parked_gap_ms=500))
    assert change == PassChange(40, 240, split=40, joined=0, moved=200, reads=240)


def test_it_ends_when_nobody_waits():
    with pytest.raises(Cancelled):
        change_of(TRAFFIC, RULES, RULES, lambda: True)
