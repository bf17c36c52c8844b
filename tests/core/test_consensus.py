"""What the reads of a pass say together."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alprviewer.core import formats as formats_module
from alprviewer.core.alignment import WIDEST, aligned, tally
from alprviewer.core.batch import CANDIDATE_STEPS
from alprviewer.core.consensus import SPREAD, decide, learn, weigh
from alprviewer.core.explanation import explanation
from alprviewer.core.formats import Plates, counted, prior
from alprviewer.core.hypotheses import find_hypotheses
from alprviewer.core.recognizer import Recognizer, learned, taught_by
from alprviewer.core.spellings import Alphabet, Candidates, spellings_of
from alprviewer.core.texts import Texts


def spelled(*passes):
    """Spellings of passes; a pass is a list of reads, a read a list of (text, percent)."""
    texts, alphabet = Texts(), Alphabet()
    said = [read for each in passes for read in each]
    candidates = [candidate for read in said for candidate in read]
    codes = np.array([texts.code(text) for text, _ in candidates], np.int64)
    letters, lengths = alphabet.letters(texts.stored.words, texts.value)
    found = Candidates(
        len(passes),
        np.repeat(np.arange(len(passes)), np.array([len(each) for each in passes], np.int64)),
        np.array([texts.code(read[0][0]) for read in said], np.int64),
        np.array([read[0][1] for read in said], float),
        np.array([len(read) for read in said], np.int64),
        codes,
        np.array([round(percent * CANDIDATE_STEPS) for _, percent in candidates]),
        np.zeros(len(candidates), np.int8),
    )
    return spellings_of(found, letters, lengths, SPREAD)[0], alphabet


def consensus(*passes):
    spellings, alphabet = spelled(*passes)
    group = np.zeros(len(passes), np.int64)
    found = decide(spellings, group, learn(spellings, group, len(alphabet)))
    texts = [alphabet.text(row[:length]) for row, length in zip(found.letters, found.lengths, strict=True)]
    return texts, found.probability


def sure(plate, count=6):
    return [[(plate, 91.0), (plate[:-1], 82.0)]] * count


PLATES = ("ABC1234", "DKE4021", "KLM9980", "RTW5512", "VNX7734", "CYZ5139")


def test_what_all_reads_say():
    texts, probability = consensus(*map(sure, PLATES))
    assert texts == list(PLATES)
    assert (probability > 0.9).all()


def test_characters_that_different_reads_leave_out_come_together():
    reads = [
        [("BC1234", 84.0)],
        [("AC1234", 85.0)],
        [("ABC123", 84.0)],
        [("ABC134", 85.0)],
        [("AB1234", 84.0)],
    ]
    texts, _ = consensus(reads, *map(sure, PLATES[1:]))
    assert texts[0] == "ABC1234"


def test_formats_decide_between_characters_that_look_alike():
    doubtful = [[("8BC1234", 84.0), ("BBC1234", 83.9)]] * 3
    texts, _ = consensus(doubtful, *map(sure, PLATES * 2))
    assert texts[0] == "BBC1234"


def test_a_single_doubtful_read_is_no_proof():
    _, probability = consensus([[("4021", 76.0)]], *map(sure, PLATES))
    assert probability[0] < 0.5


def test_a_small_capture_is_not_hurt():
    assert consensus(sure("X1"))[0] == ["X1"]
    assert consensus(sure("AB12CDE"), sure("77"))[0] == ["AB12CDE", "77"]


def test_other_alphabets():
    texts, _ = consensus(sure("京A12345"), sure("Ж123КХ77"))
    assert texts == ["京A12345", "Ж123КХ77"]


def test_nothing_to_learn_from():
    spellings, alphabet = spelled()
    model = learn(spellings, np.empty(0, np.int64), len(alphabet))
    assert len(decide(spellings, np.empty(0, np.int64), model).lengths) == 0


READS = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from(["ABC123", "8BC123", "AC123", "ABC12", "XABC1Z3", "0BC1"]), st.integers(70, 95)
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda each: each[0],
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=12)
@given(READS, st.randoms(use_true_random=False))
def test_the_order_of_reads_does_not_matter(reads, random):
    mixed = list(reads)
    random.shuffle(mixed)
    first, probability = consensus(reads, *map(sure, PLATES))
    second, again = consensus(mixed, *map(sure, PLATES))
    # Sums in another order differ in their last digits, and learning in rounds makes that more.
    assert probability == pytest.approx(again, abs=3e-4)
    assert first[1:] == second[1:]


@settings(max_examples=50)
@given(st.lists(READS, min_size=1, max_size=3))
def test_alignment_keeps_every_spelling_in_order(passes):
    spellings, alphabet = spelled(*passes)
    columns = aligned(spellings, Recognizer.first(len(alphabet)).shows)
    for places, length, number in zip(
        columns.places, spellings.lengths, spellings.spelling_pass, strict=True
    ):
        inside = [int(place) for place in places[:length] if place >= 0]
        assert inside == sorted(set(inside))
        assert all(place < columns.widths[number] for place in inside)
    shown = tally(spellings, columns, np.ones(len(spellings.read_pass)), len(alphabet))
    assert (shown.sum(axis=2) <= spellings.counts()[:, None] + 1e-9).all()


def test_hypotheses_are_all_there_are():
    random = np.random.default_rng(7)
    likelihoods = np.full((1, WIDEST, 37), -50.0)
    tried = [[1, 12, 36], [3, 15, 36], [20, 36]]
    for column, symbols in enumerate(tried):
        likelihoods[0, column, symbols] = random.normal(0, 1, len(symbols))
    expected: dict[tuple[int, ...], float] = {}
    for way in itertools.product(*tried):
        text = tuple(symbol for symbol in way if symbol != 36)
        value = sum(likelihoods[0, column, symbol] for column, symbol in enumerate(way))
        expected[text] = np.logaddexp(expected.get(text, -np.inf), value)
    del expected[()]
    found = find_hypotheses(likelihoods, np.array([3]))
    listed = {
        tuple(int(each) for each in letters[:length]): float(log)
        for letters, length, log in zip(found.letters[0], found.lengths[0], found.log[0], strict=True)
        if np.isfinite(log)
    }
    assert listed == pytest.approx(expected)


def plates_of(*texts):
    alphabet = Alphabet()
    letters = np.zeros((len(texts), 1, WIDEST), np.uint8)
    lengths = np.array([[len(text)] for text in texts])
    for row, text in enumerate(texts):
        letters[row, 0, : len(text)] = alphabet.numbers(text)
    return Plates.of(letters, lengths, np.zeros(len(texts), np.int64))


def test_a_pass_is_judged_by_what_the_others_say():
    plates, weight = plates_of("AB12", "AB13", "777"), np.ones((3, 1))
    with_own = prior(counted(plates, weight, 36), plates, weight).log
    for row in range(3):
        others = [each for each in range(3) if each != row]
        rest = Plates(*(column[others] for column in plates))
        alone = Plates(*(column[[row]] for column in plates))
        expected = prior(counted(rest, np.ones((2, 1)), 36), alone, None).log
        assert with_own[row, 0] == pytest.approx(expected[0, 0])


def test_look_alikes_that_a_pass_has_taught_are_taken_out():
    spellings, alphabet = spelled(sure("ABC1234"), sure("8BC1Z34", 2), sure("DKE4021", 3))
    first = Recognizer.first(len(alphabet))
    columns = aligned(spellings, first.shows)
    meant = np.random.default_rng(5).dirichlet(np.ones(len(alphabet)), (3, WIDEST))
    everything = learned(first, spellings, columns, meant)
    without = everything.shows_without(taught_by(spellings, columns, meant))
    for row in range(3):
        others = np.array([each for each in range(3) if each != row])
        rest = spellings.taken(others)
        alone = learned(first, rest, aligned(rest, first.shows), meant[others])
        assert without[row] == pytest.approx(alone.shows)


def test_longer_patterns_by_trying_all():
    share = np.zeros(formats_module.PATTERNS)
    for pattern, value in ((0b1101, 0.5), (0b111, 0.2), (0b11010, 0.3)):
        share[pattern] = value
    found = formats_module._with_one_more(share)
    for short in ("", "0", "1", "01", "11", "101", "1010"):
        expected = sum(
            share[int("1" + short[:place] + kind + short[place:], 2)]
            for place in range(len(short) + 1)
            for kind in "01"
        )
        assert found[int("1" + short, 2)] == pytest.approx(expected)


def test_the_explanation_adds_up():
    reads = [[("ABC1234", 90.0), ("8BC1234", 88.0)], [("BC1234", 84.0)], [("A8C1234", 86.0)]]
    spellings, alphabet = spelled(reads, *map(sure, PLATES[1:]))
    group = np.zeros(spellings.passes, np.int64)
    model = learn(spellings, group, len(alphabet))
    one = spellings.taken(np.array([0]))
    told = explanation(one, weigh(one, group[:1], model, np.array([True])), alphabet)
    assert told is not None
    assert told.text == "ABC1234"
    assert told.text == "".join(position.chosen.character for position in told.positions)
    everything = told.probability + sum(probability for _, probability in told.alternatives) + told.unseen
    assert everything == pytest.approx(1, abs=0.05)
    first, second = told.positions[0], told.positions[1]
    assert first.chosen.said_by[0].read in {0, 2}
    assert {rival.character for rival in second.rivals} >= {"8"}
    assert sum(r.support for r in (second.chosen, *second.rivals)) == pytest.approx(1, abs=0.02)
    assert all(0 <= r.evidence <= 1 for p in told.positions for r in (p.chosen, *p.rivals))
