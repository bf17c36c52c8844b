"""Known items among those that are to be decided: as many as were asked for, and nobody can tell where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.gold import drawn, spread, wanted

shares = st.floats(0.001, 0.9)


@given(st.integers(1, 5000), shares)
def test_so_many_that_they_make_up_the_share(items, share):
    count = wanted(items, share)
    assert count >= 1
    assert count == 1 or abs(count - share * (items + count)) <= 1


@pytest.mark.parametrize(("items", "share"), [(0, 0.5), (10, 0.0)])
def test_none_where_none_are_wanted(items, share):
    assert wanted(items, share) == 0


@given(st.sets(st.integers(0, 500), max_size=40), st.sets(st.integers(501, 600), max_size=5))
def test_what_is_drawn_depends_on_the_items_alone(places, more):
    known = {place: f"pass {place}" for place in places}
    found = drawn(known, "ann")
    assert sorted(found) == sorted(known)
    elsewhere = {place + 7: name for place, name in reversed(known.items())}
    assert drawn(elsewhere, "ann") == [place + 7 for place in found]
    with_more = drawn(known | {place: f"pass {place}" for place in more}, "ann")
    assert [place for place in with_more if place in known] == found, "others change nothing among these"


def test_every_reviewer_has_others():
    known = {place: f"pass {place}" for place in range(200)}
    assert set(drawn(known, "ann")[:20]) != set(drawn(known, "bob")[:20])


@given(st.integers(0, 300), st.integers(0, 60), st.sampled_from(["", "ann"]))
def test_one_in_every_stretch(items, count, seed):
    order, among = list(range(items))[::-1], [1000 + number for number in range(count)]
    found = spread(order, among, seed)
    assert [place for place in found if place < 1000] == order
    assert [place for place in found if place >= 1000] == among
    behind = [sum(place < 1000 for place in found[: found.index(each)]) for each in among]
    stretch = items / max(count, 1)
    assert all(int(n * stretch) <= place <= (n + 1) * stretch for n, place in enumerate(behind))


def test_where_they_stand_cannot_be_foretold():
    found = spread(list(range(400)), [1000 + number for number in range(40)], "ann")
    places = [found.index(1000 + number) % 11 for number in range(40)]
    assert len(set(places)) > 5
