"""Accuracy: counts against naive ones, intervals against their definition and published examples."""

import math

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from alprviewer.core.metrics import (
    Z95,
    Accuracy,
    Kind,
    Sample,
    accuracy,
    agreement,
    character_error,
    difference,
    grouped,
    half_width,
    needed,
    same_region,
    wilson,
)

texts = st.text("AB1", max_size=4)


@st.composite
def samples(draw):
    observed = draw(texts)
    kind = draw(st.sampled_from(Kind))
    return Sample(
        draw(st.integers(0, 99)),
        kind,
        draw(texts.filter(bool)) if kind is Kind.PLATE else "",
        observed,
        frozenset({observed, *draw(st.sets(texts, max_size=2))}),
        draw(st.none() | st.floats(0, 100)),
        draw(st.none() | st.sampled_from(["us-mo", "mo", "us-ks"])),
        draw(st.none() | st.sampled_from(["us-mo", "US-KS"])),
    )


def distance(one, other):
    """Edits, by the textbook's table."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


@given(st.lists(samples(), max_size=12))
def test_counts_against_naive_ones(found):
    known = [sample for sample in found if sample.kind is Kind.PLATE]
    regions = [sample for sample in known if sample.true_region]
    names = {"us-mo": "us-mo", "mo": "us-mo", "us-ks": "us-ks", None: None}
    counts = accuracy(found)
    assert counts == Accuracy(
        len(known),
        sum(sample.observed == sample.truth for sample in known),
        sum(sample.truth in sample.candidates for sample in known),
        sum(len(sample.truth) for sample in known),
        sum(distance(sample.observed, sample.truth) for sample in known),
        len(regions),
        sum(names[sample.region] == sample.true_region.lower() for sample in regions),
        sum(sample.kind is Kind.UNREADABLE for sample in found),
        sum(sample.kind is Kind.FALSE_DETECTION for sample in found),
    )
    assert counts.exact <= counts.top_n <= counts.judged
    if known:
        assert counts.exact_rate == counts.exact / len(known)
        assert counts.top_n_rate == counts.top_n / len(known)


def test_nothing_counted_is_not_zero():
    empty = Accuracy()
    rates = (empty.exact_rate, empty.top_n_rate, empty.character_error_rate, empty.region_rate)
    assert (*rates, empty.false_rate) == (None,) * 5
    assert Accuracy(judged=1, false_detections=1).false_rate == 0.5
    assert Accuracy(judged=1, characters=4, errors=6).character_error_rate == 1.5
    assert Accuracy(regions=4, regions_right=1).region_rate == 0.25


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    # R. G. Newcombe 1998, table I, method 3 (score): 81/263, 15/148, 0/20, 1/29.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_published_intervals(right, count, low, high):
    found = wilson(right, count)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.integers(0, 300), st.integers(1, 300))
def test_the_ends_of_an_interval_solve_its_equation(right, count):
    assume(right <= count)
    share = right / count
    for end in wilson(right, count):
        if 0 < end < 1:
            assert math.isclose(abs(share - end), Z95 * math.sqrt(end * (1 - end) / count), rel_tol=1e-6)
    low, high = wilson(right, count)
    assert low <= share <= high
    assert math.isclose((high - low) / 2, half_width(share, count), rel_tol=1e-9) or right in (0, count)
    mirrored = wilson(count - right, count)
    assert math.isclose(mirrored.low, 1 - high, abs_tol=1e-12)


def test_an_interval_of_nothing():
    assert wilson(0, 0) == (0, 1)
    assert half_width(0.5, 0) == 0.5


@pytest.mark.parametrize(
    ("more", "less", "low", "high"),
    # R. G. Newcombe 1998, "Interval estimation for the difference", table II, method 10.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_published_intervals_of_a_difference(more, less, low, high):
    found = difference(less, more)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


shares = st.integers(0, 60).flatmap(lambda count: st.tuples(st.integers(0, count), st.just(count)))


@given(shares, shares)
def test_a_difference_has_two_sides(one, other):
    found, turned = difference(one, other), difference(other, one)
    if not one[1] or not other[1]:
        assert found is turned is None
        return
    assert found == pytest.approx((-turned.high, -turned.low))
    assert -1 - 1e-12 <= found.low <= other[0] / other[1] - one[0] / one[1] <= found.high <= 1 + 1e-12


@given(st.integers(0, 200), st.integers(0, 200), st.sampled_from([0.01, 0.05, 0.2]))
@example(0, 0, 0.01)
def test_how_many_more_are_needed(right, count, within):
    assume(right <= count)
    more = needed(right, count, within)
    share = right / count if count else 0.5
    assert half_width(share, count + more) <= within
    assert more == 0 or half_width(share, count + more - 1) > within


def test_the_usual_example_of_how_many():
    assert needed(0, 0) == 9600


@given(st.lists(samples(), max_size=12))
def test_groups_are_a_partition(found):
    groups = grouped(found, lambda sample: sample.region)
    assert sum(len(some) for some in groups.values()) == len(found)
    assert all(sample.region == value for value, some in groups.items() for sample in some)
    values = list(groups)
    assert values == sorted(value for value in values if value is not None) + [None] * (None in values)


def in_groups(values):
    """The values in the order in which they stand."""
    found = [Sample(row, Kind.PLATE, "A", "A", frozenset()) for row in range(len(values))]
    return list(grouped(found, lambda sample: values[sample.row]))


@pytest.mark.parametrize(
    "ordered",
    [
        ["2.9.1", "2.9.10", "2.10.0", "2.10.0-rc1", None],
        ["", "01", "1", "9", "10", "10a", "9" * 5000, "gate", "gate 2", "gate 10", None],
        ["07:00Z", "13:00Z"],
        ["00-05", "05-10", "95-100"],
    ],
)
def test_numbers_in_values_are_ordered_as_numbers(ordered):
    assert in_groups(ordered[::-1]) == sorted(ordered, key=ordered.index)


@given(st.lists(st.tuples(*[st.integers(0, 10**20)] * 3), unique=True, max_size=9))
def test_versions_are_ordered_as_their_numbers(versions):
    written = {version: ".".join(map(str, version)) for version in versions}
    assert in_groups([written[version] for version in versions]) == [
        written[each] for each in sorted(versions)
    ]


@given(st.lists(st.none() | st.text(), unique=True, max_size=6))
def test_any_values_have_one_order(values):
    assert in_groups(values) == in_groups(values[::-1])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("us-mo", "mo", True),
        ("MO", "us-mo", True),
        ("us-mo", "us-mo", True),
        ("us-mo", "us-ks", False),
        ("", "us-mo", False),
        ("o", "us-mo", False),
    ],
)
def test_region_codes(one, other, same):
    assert same_region(one, other) == same_region(other, one) == same


def test_a_published_kappa():
    """Cohen's example as in the textbooks: 20 both yes, 15 both no, 5 and 10 apart."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert agreement(pairs) == pytest.approx(0.4)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=12))
def test_kappa_is_between_its_limits_and_has_no_sides(pairs):
    found = agreement(pairs)
    assert found == agreement([(other, one) for one, other in pairs])
    if found is not None:
        assert -1 <= found <= 1
        assert (found == 1) == all(one == other for one, other in pairs)


@given(st.lists(st.tuples(texts, texts), max_size=6))
def test_character_error_between_reviewers(pairs):
    longest = sum(max(map(len, pair)) for pair in pairs)
    expected = sum(distance(*pair) for pair in pairs) / longest if longest else None
    assert character_error(pairs) == expected
