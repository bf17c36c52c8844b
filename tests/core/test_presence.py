"""Characters left out by all reads of a pass alike, and characters put in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alprviewer.core import presence as presence_module
from alprviewer.core.alignment import WIDEST, Columns
from alprviewer.core.presence import (
    Presence,
    learned,
    never_shown,
    of_characters,
    of_nothing,
    shown_at_levels,
    unseen,
)
from alprviewer.core.spellings import LONGEST, Spellings

SYMBOLS = 4


def passes_of(*shown):
    """One pass for each list of reads; a read is the set of columns that it shows ``0`` in."""
    reads = [(number, read) for number, each in enumerate(shown) for read in each]
    places = np.full((len(reads), LONGEST), -128, np.int8)
    for row, (_, read) in enumerate(reads):
        places[row, : len(read)] = sorted(read)
    of_pass = np.array([number for number, _ in reads], np.int64)
    each = np.arange(len(reads))
    lengths = np.array([len(read) for _, read in reads], np.int64)
    spellings = Spellings(
        len(shown),
        of_pass,
        np.full(len(reads), 85.0),
        np.zeros((len(reads), LONGEST), np.uint8),
        lengths,
        of_pass,
        each,
        each,
        np.ones(len(reads)),
    )
    return spellings, Columns(places, np.full(len(shown), 3))


def first(rate=0.15):
    return Presence.first(np.array([rate]), SYMBOLS)


@given(st.lists(st.floats(0.01, 0.9), min_size=1, max_size=5), st.floats(0.3, 4.0))
def test_levels_leave_the_mean_as_it_is(left_out, spread):
    rates = presence_module._rates(np.array(left_out), presence_module._STEPS * spread)
    assert presence_module._NORMAL @ rates == pytest.approx(left_out, abs=1e-3)
    assert (np.diff(rates, axis=0) >= 0).all()


READS = st.lists(st.tuples(st.sets(st.integers(0, 2), min_size=1), st.integers(0, 1)), min_size=1, max_size=6)


@settings(max_examples=50)
@given(st.lists(READS, min_size=1, max_size=3))
def test_likelihoods_equal_those_counted_read_by_read(drawn):
    spellings, columns = passes_of(*([read for read, _ in each] for each in drawn))
    of_bin = np.array([number for each in drawn for _, number in each])
    known = Presence.first(np.array([0.3, 0.05]), SYMBOLS)
    at_levels = shown_at_levels(known, spellings, columns, of_bin)
    found = of_characters(known, at_levels)
    hidden = unseen(known, spellings, of_bin)
    for number, reads in enumerate(drawn):
        for column in range(3):
            by_level = [
                np.prod([1 - row[b] if column in read else row[b] for read, b in reads])
                for row in known.rates
            ]
            expected = np.log(np.array(by_level) @ known.drawn)
            assert found[number, column] == pytest.approx(expected)
        for more in range(presence_module.UNSEEN):
            alone = [np.prod([row[b] for _, b in reads]) ** (more + 1) for row in known.rates]
            assert hidden[number, more] == pytest.approx(presence_module._NORMAL @ alone)
        alone = np.array([np.prod([row[b] for _, b in reads]) for row in known.rates])
        expected = np.minimum(alone @ known.drawn, 0.5)
        assert never_shown(known, spellings, of_bin)[number] == pytest.approx(expected)


def test_what_is_left_out_again_and_again_is_no_surprise():
    reads = [{0, 1}] * 5 + [{0, 1, 2}]
    spellings, columns = passes_of(reads)
    known, of_bin = first(), np.zeros(len(reads), np.int64)
    found = of_characters(known, shown_at_levels(known, spellings, columns, of_bin))[0, 2, 0]
    assert found > 5 * np.log(0.15) + np.log(0.85)


def test_places_at_the_ends_show_something_more_often():
    count = np.zeros((1, WIDEST))
    count[0, :4] = 2, 10, 2, 10
    found = of_nothing(first(), count, np.array([10.0]))
    assert found[0, 0] > found[0, 2]


def drawn_passes(spread, count=1500, reads=4, rate=0.5):
    """Passes of plates of three characters, whose levels are drawn; what nobody shows has no column."""
    random = np.random.default_rng(11)
    levels = presence_module._STEPS * spread
    rates = presence_module._rates(np.array([rate]), levels)[:, 0]
    level = random.choice(len(levels), (count, 3), p=presence_module._NORMAL)
    is_shown = random.random((count, reads, 3)) >= rates[level][:, None, :]
    return passes_of(*([set(np.flatnonzero(read)) for read in each] for each in is_shown)), is_shown.any(
        axis=1
    )


@pytest.mark.parametrize("spread", [1.0, 2.0, 3.0])
def test_what_nobody_shows_is_counted_too(spread):
    (spellings, columns), is_seen = drawn_passes(spread)
    meant = np.zeros((spellings.passes, WIDEST, SYMBOLS))
    meant[:, :3, 0] = is_seen
    shown = meant * spellings.counts()[:, None, None]
    known, of_bin = first(0.5), np.zeros(len(spellings.read_pass), np.int64)
    for _ in range(20):
        known = learned(known, np.array([0.5]), spellings, columns, of_bin, shown, meant)
    found = known.levels[-1] / presence_module._STEPS[-1]
    assert found == pytest.approx(spread, rel=0.15)
    # Were only those counted that somebody shows, they would seem to be left out seldom.
    assert known.levels @ known.drawn[:, 0] == pytest.approx(0, abs=0.15)


def test_the_two_ends_of_plates_have_rates_of_their_own():
    reads = [{0, 1}, {0, 1}, {1}, {1}]
    spellings, columns = passes_of(*[reads] * 30)
    meant, shown = np.zeros((2, spellings.passes, WIDEST, SYMBOLS))
    meant[:, 1, 0] = 1
    shown[:, 0, 0], shown[:, 1, 0] = 2, 4
    known, of_bin = first(), np.zeros(len(spellings.read_pass), np.int64)
    found = learned(known, np.array([0.15]), spellings, columns, of_bin, shown, meant)
    inside, before, behind = found.extra[:, 0]
    assert before < behind / 2 < inside
    count = np.zeros((2, WIDEST))
    count[0, :3], count[1, :3] = (2, 4, 0), (0, 4, 2)
    likely = of_nothing(found, count, np.array([4.0, 4.0]))
    assert likely[0, 0] > likely[1, 2]


def test_a_capture_teaches_which_characters_are_left_out():
    often, seldom = [{0, 1, 2}, {0, 1}] * 4, [{0, 1, 2}] * 8
    spellings, columns = passes_of(*[often, seldom] * 20)
    of_bin = np.zeros(len(spellings.read_pass), np.int64)
    shown = np.zeros((spellings.passes, WIDEST, SYMBOLS))
    meant = np.zeros_like(shown)
    meant[:, :2, 0] = 1
    meant[0::2, 2, 1] = meant[1::2, 2, 2] = 1
    for row, letter in zip(*np.nonzero(columns.places >= 0), strict=True):
        shown[spellings.spelling_pass[row], columns.places[row, letter], 0] += 1
    found = learned(first(), np.array([0.15]), spellings, columns, of_bin, shown, meant)
    mean = found.levels @ found.drawn
    assert mean[1] > mean[3] > mean[2]
    assert mean[3] == pytest.approx(0)
    assert found.drawn.sum(axis=0) == pytest.approx(np.ones(SYMBOLS))
    assert found.extra.sum(axis=1) == pytest.approx(np.ones(3))
    assert found.invented.sum() == pytest.approx(1)


def test_further_characters_are_as_before_anything_was_learned():
    grown = first().grown(SYMBOLS + 2)
    assert grown.drawn.shape[1] == len(grown.invented) == SYMBOLS + 2
    assert grown.drawn[:, -1] == pytest.approx(first().drawn[:, 0])
    assert grown.invented.sum() == pytest.approx(1)
