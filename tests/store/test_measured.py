"""What decided reads tell of a recognizer, and a search that uses it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from alprviewer.core.misreads import Search
from alprviewer.core.recognizer import Recognizer
from alprviewer.core.spellings import Alphabet
from alprviewer.store import measured as module
from alprviewer.store.measured import FEWEST_PLATES, measured_of
from alprviewer.store.ranking import Ranking
from tests.helpers.opening import captured, frame, with_passes, write

START = 1_782_889_200_000
AYX = Search("AYX8803", is_part=False)


@pytest.fixture
def columns(tmp_path):
    """Vehicles two minutes apart, two reads each of which the second has C for 8; then two misreads."""
    values = []
    for number in range(FEWEST_PLATES):
        time = START + 120_000 * number
        values.append(frame("AYX8803", time, candidates=[]))
        values.append(frame("AYXC8O3", time + 100, candidates=[]))
    values += [frame(plate, START - 60_000, candidates=[]) for plate in ("AYXB803", "AYXC803")]
    return with_passes(captured(write(tmp_path / "a.jsonl", values))).columns


def decide(columns, vehicles, plate="AYX8803"):
    for row in range(2 * vehicles):
        columns.decided.set(row, "wrong" if row % 2 else "correct", plate)


def test_pairs_are_counted_once_enough_vehicles_are_decided(columns):
    assert measured_of(columns) is None
    decide(columns, FEWEST_PLATES - 1)
    assert measured_of(columns) is None, "too few"
    decide(columns, FEWEST_PLATES)
    found = measured_of(columns)
    assert found.plates == FEWEST_PLATES
    assert found.pairs[("8", "C")] == FEWEST_PLATES
    assert found.pairs[("8", "8")] == 3 * FEWEST_PLATES
    assert found.pairs[("0", "O")] == FEWEST_PLATES
    assert ("8", "B") not in found.pairs


def test_many_reads_of_one_vehicle_count_as_two(columns, monkeypatch):
    monkeypatch.setattr(module, "FEWEST_PLATES", 1)
    columns.passes = replace(columns.passes, row_of_read=np.zeros(len(columns.reads), np.uint32))
    decide(columns, 10)
    found = measured_of(columns)
    assert found.plates == 1
    assert found.pairs[("8", "C")] == pytest.approx(1.0)
    assert found.pairs[("A", "A")] == pytest.approx(2.0)


def test_reads_without_a_pass_stand_for_themselves(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FEWEST_PLATES", 2)
    values = [frame("A1", START), frame(..., START + 1), frame("B1", START + 2)]
    columns = captured(write(tmp_path / "a.jsonl", values)).columns
    for row in range(3):
        columns.decided.set(row, "wrong", "a-1")
    found = measured_of(columns)
    assert found.plates == 3
    assert found.pairs == {("A", "A"): 1, ("1", "1"): 2, ("A", "B"): 1}


def test_the_rates_are_a_prior_with_counts():
    """Row by row: a Dirichlet distribution whose first weights are the rates before, worth 60 characters."""
    first, alphabet = Recognizer.first(36), Alphabet()
    counts = np.zeros((36, 36))
    eight, b, c = (alphabet.numbers(each)[0] for each in "8BC")
    counts[eight, eight], counts[eight, c] = 60, 20
    looks = first.judged(counts).looks
    assert looks[eight, c] == pytest.approx((60 * first.looks[eight, c] + 20) / 140)
    assert looks[eight, b] == pytest.approx(60 * first.looks[eight, b] / 140)
    assert np.diag(looks).tolist() == [0] * 36
    others = [number for number in range(36) if number != eight]
    assert looks[others] == pytest.approx(first.looks[others]), "nothing was learned of them"
    assert first.judged(counts).shows.sum(axis=1) == pytest.approx(np.ones(36))


def test_a_search_is_weighed_by_what_was_decided_and_says_so(columns):
    last = np.array([len(columns.reads) - 2, len(columns.reads) - 1], np.uint32)
    before = Ranking(columns, AYX)
    b, c = before.scores(last)
    assert b > c, "by the look of characters, B is likelier"
    assert before.reasons(last[1:]) == ["≈ one character: C for 8 · observed plate, 90.5"]
    decide(columns, FEWEST_PLATES)
    after = Ranking(columns, AYX)
    b, c = after.scores(last)
    assert c > b
    assert after.reasons(last[1:]) == [
        "≈ one character: C for 8 · observed plate, 90.5 · weighed by 50 decided plates"
    ]
    assert after.reasons(np.array([0], np.uint32)) == ["= observed plate, 90.5"], "what is exact is"
