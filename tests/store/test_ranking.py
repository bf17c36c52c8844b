"""Reads that a search found: weighed against a plain sum over their spellings, each with its reason."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from alprviewer.core.misreads import Search
from alprviewer.core.passes import PassRules
from alprviewer.core.query.parse import parse
from alprviewer.store import ranking
from alprviewer.store.filtering import Filter
from alprviewer.store.matchers import Handed
from alprviewer.store.passes import find
from alprviewer.store.ranking import Ranking
from alprviewer.store.tables import Dictionary
from tests.core.test_misreads import fit
from tests.helpers.opening import SAMPLE, captured, frame, write

AYX = Search("AYX8803", is_part=False)


def said(*candidates):
    return [{"plate": text, "confidence": level, "matches_template": 0} for text, level in candidates]


@pytest.fixture
def columns(tmp_path):
    values = [
        frame(
            "AYX8803",
            1_782_889_200_000,
            confidence=91.0,
            candidates=said(("AYX8803", 91.0), ("AYX880", 85.0)),
        ),
        frame("AYX8B03", 1_782_889_200_100, confidence=91.0, candidates=[]),
        frame(
            "QQ",
            1_782_889_200_200,
            confidence=84.0,
            candidates=said(("QQ", 84.0), ("QZ", 83.0), ("ayx-8803", 82.0)),
        ),
        frame("ZZ", 1_782_889_200_300, confidence=84.0, candidates=[]),
        frame("가나다", 1_782_889_200_400, confidence=84.0, candidates=[]),
        frame(..., 1_782_889_200_500, confidence=..., candidates=...),
    ]
    return captured(write(tmp_path / "a.jsonl", values)).columns


def rows(columns):
    return np.arange(len(columns.reads), dtype=np.uint32)


@pytest.mark.parametrize("at_once", [2, 1 << 16])
def test_scores_are_sums_over_spellings(columns, monkeypatch, at_once):
    monkeypatch.setattr(ranking, "_AT_ONCE", at_once)
    scores = Ranking(columns, AYX).scores(rows(columns))
    same, short, alike = (fit("AYX8803", text)[0] for text in ("AYX8803", "AYX880", "AYX8B03"))
    weights = np.exp(np.array([0, -1 / 1.5, -2 / 1.5]))
    expected = [
        (same + short * exp(-4)) / (1 + exp(-4)),
        alike,
        weights[2] / weights.sum(),
        0,
        0,
        0,
    ]
    assert scores.tolist() == pytest.approx(expected, abs=1e-3)


def test_reasons_name_what_speaks_most_for_the_plate(columns):
    assert Ranking(columns, AYX).reasons(rows(columns))[:3] == [
        "= observed plate, 91.0",
        "≈ one character: B for 8 · observed plate, 91.0",
        "= candidate 3, 82.0",
    ]
    assert Ranking(columns, AYX).reasons(rows(columns))[5] == ""
    assert Ranking(columns, Search("가나", is_part=True)).reasons(np.array([4])) == [
        "= part of the observed plate, 84.0"
    ]


def test_a_consensus_counts_where_it_is_handed_in(columns):
    texts = Dictionary()
    codes = np.array([0, 0, 0, texts.code("AYX8803")])
    handed = {"consensus": Handed(codes, texts), "prob": Handed(np.array([np.nan, np.nan, np.nan, 93.0]))}
    ranked = Ranking(columns, AYX, handed)
    assert ranked.scores(rows(columns))[3] == pytest.approx(0.93)
    assert ranked.reasons(np.array([3, 4]))[0] == "= consensus, 93.0 %"


def test_what_a_capture_teaches_is_used_and_left_as_it_is():
    columns = captured(SAMPLE).columns
    passes = find(columns, PassRules())
    assert passes.taught is not None
    before = passes.taught.alphabet.characters
    plate = columns.text("plate", int(columns.reads.column("plate")[0]))
    found = Filter(parse(f"~2:{plate}"), columns).select("reads")
    search = Search(plate, is_part=False)
    known = Ranking(columns, search, None, passes.taught).scores(found)
    first = Ranking(columns, search).scores(found)
    assert len(found) > 1
    assert known[0] == pytest.approx(first[0], abs=0.5)
    assert (known != first).any()
    assert passes.taught.alphabet.characters == before
    Ranking(columns, Search("Ж1", is_part=False), None, passes.taught).scores(found)
    assert passes.taught.alphabet.characters == before
