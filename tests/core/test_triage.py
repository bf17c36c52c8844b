"""Which items are worth a reviewer's time, and why."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.triage import (
    DOUBLED,
    Facts,
    Why,
    entropy,
    error_chance,
    is_drawn,
    learned,
    queue,
    reasons,
    sampled,
    skew_of,
    width_of,
)

facts = st.builds(
    Facts,
    st.text(max_size=5),
    st.none() | st.floats(0, 1),
    st.none() | st.floats(-20, 40),
    st.lists(st.integers(1, 9), max_size=4).map(lambda votes: tuple(sorted(votes, reverse=True))),
    st.none() | st.booleans(),
    st.none() | st.just("us-mo"),
    st.none() | st.floats(0, 100),
    st.none() | st.floats(1, 400),
    st.none() | st.floats(0, 90),
    st.none() | st.just("AB123 is listed"),
)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"margin": 1.84}, "margin 1.8"),
        ({"margin": -3.0}, "margin -3.0"),
        ({"votes": (7, 6)}, "reads split 7:6"),
        ({"votes": (4, 2, 1, 1)}, "reads split 4:2:1"),
        ({"matches_template": False, "region": "us-mo"}, "no template of us-mo"),
        ({"region": "us-mo", "region_confidence": 40}, "region us-mo 40 %"),
        ({"width": 48.4}, "48 px wide"),
        ({"skew": 23.4}, "skewed 23°"),
        ({"votes": (1,)}, "1 read only"),
        (
            {"listed": "AB123 is listed"},
            "AB123 is listed",
        ),
    ],
)
def test_every_item_says_why(change, text):
    assert [reason.text for reason in reasons(Facts("k", **change))] == [text]


def test_nothing_speaks_against_what_is_not_known_or_good():
    assert reasons(Facts("k")) == ()
    good = Facts("k", 0.01, 12.0, (9, 1), True, "us-mo", 90.0, 150.0, 3.0)
    assert reasons(good) == ()
    assert reasons(Facts("k", matches_template=False)) == ()
    assert reasons(Facts("k", region_confidence=0.0)) == (), "agents without state detection write 0"


def test_a_question_that_is_open_tells_most():
    assert entropy(0.5) == 1
    assert entropy(0) == entropy(1) == 0
    assert entropy(0.11) == pytest.approx(0.4999, abs=1e-3)


@given(facts)
def test_reasons_raise_the_chance_of_an_error(found):
    against = reasons(found)
    chances = [error_chance(found, against[:count]) for count in range(len(against) + 1)]
    assert chances == sorted(chances)
    assert all(0 < chance < 1 for chance in chances)
    odds = [chance / (1 - chance) for chance in chances]
    assert odds[-1] == pytest.approx(odds[0] * 2 ** len(against), rel=1e-6)


@given(st.lists(facts, max_size=25), st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.sampled_from(["", "a"]))
def test_every_item_once_the_most_telling_first(items, share, seed):
    found = queue(items, share, seed)
    assert sorted(item.place for item in found) == list(range(len(items)))
    ranks = [(items[item.place].listed is None, -item.bits) for item in found if not item.is_random]
    assert ranks == sorted(ranks), "near a listed plate, then by what a verdict tells"
    for item in found:
        assert item.reasons == reasons(items[item.place])
        assert item.bits == entropy(error_chance(items[item.place], item.reasons))
    assert queue(items, share, seed) == found


@given(st.integers(0, 400))
def test_the_random_share_is_spread(count):
    items = [Facts(f"item {number}") for number in range(count)]
    found = queue(items, 0.2)
    drawn = [number for number, item in enumerate(found) if item.is_random]
    assert abs(len(drawn) - 0.2 * count) <= 5 * math.sqrt(0.16 * count) + 1
    for end in range(1, count + 1):
        before = sum(place < end for place in drawn)
        assert before <= 0.2 * end + 1 or end > count - len(drawn)
        assert before >= min(0.2 * end - 1, len(drawn))


def test_what_is_drawn_does_not_depend_on_what_is_known_nor_on_others():
    plain = [Facts(f"{number}") for number in range(100)]
    told = [Facts(f"{number}", 0.5, -3.0, (1,), False, "x", 5.0, 10.0, 80.0) for number in range(50)]
    drawn = {item.place for item in queue(plain) if item.is_random and item.place < 50}
    assert {item.place for item in queue(told) if item.is_random} == drawn
    assert {item.place for item in queue(told, seed="other") if item.is_random} != drawn


@given(st.lists(facts, max_size=25), st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.sampled_from(["", "a"]))
def test_who_asks_later_finds_the_same_items_drawn(items, share, seed):
    for item in queue(items, share, seed):
        assert is_drawn(items[item.place].key, share, seed) == item.is_random


def test_factors_are_learned_from_what_was_judged():
    small = reasons(Facts("k", width=20.0))
    judged = [(small, False)] * 60 + [(small, True)] * 20 + [((), True)] * 90 + [((), False)] * 10
    factors = learned(judged)
    assert factors[Why.SMALL] == pytest.approx((60 / 20) / (10 / 90), rel=0.2)
    assert factors[Why.MARGIN] == DOUBLED[Why.MARGIN]
    assert learned([]) == pytest.approx(DOUBLED)


def turned(corners, angle):
    cosine, sine = math.cos(angle), math.sin(angle)
    return [(x * cosine - y * sine, x * sine + y * cosine) for x, y in corners]


@given(st.floats(0, 6.28), st.floats(10, 400), st.floats(10, 200), st.floats(-60, 60))
def test_skew_is_that_of_the_corners_whatever_the_turn(angle, width, height, shear):
    shift = height * math.tan(math.radians(shear))
    quad = turned([(0, 0), (width, 0), (width + shift, height), (shift, height)], angle)
    assert skew_of(quad) == pytest.approx(abs(shear), abs=1e-3)
    assert width_of(quad) == pytest.approx(width)


def test_a_collapsed_quad_is_as_skewed_as_can_be():
    assert skew_of([(0, 0), (0, 0), (1, 1), (0, 1)]) == 90


@given(st.lists(st.sampled_from("abc"), max_size=30), st.integers(0, 5))
def test_so_many_of_each_camera(groups, count):
    keys = [str(number) for number in range(len(groups))]
    found = sampled(groups, keys, count)
    sizes = Counter(groups)
    assert found == sorted(set(found))
    assert Counter(groups[place] for place in found) == Counter(
        {group: min(size, count) for group, size in sizes.items() if count}
    )
