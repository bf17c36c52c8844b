"""Figures and the reads behind them, against naive counts."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.chain import Link
from alprviewer.core.decision import body
from alprviewer.core.errors import Cancelled
from alprviewer.core.metrics import Kind, Sample, accuracy, wilson
from alprviewer.core.passes import PassRules
from alprviewer.review.decisions import Decisions
from alprviewer.review.figures import Choices, Figure, compared, figures, pass_figures, report
from alprviewer.review.gathering import Gathered, PassSample, gather
from alprviewer.review.matching import Judged
from alprviewer.store.passtable import pass_table
from tests.helpers.decisions import entry, subject
from tests.helpers.opening import captured, frame, with_passes, write

texts = st.text("AB1", max_size=3)


@st.composite
def samples(draw, most=12):
    found = []
    for row in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(Kind))
        found.append(
            Sample(
                row,
                kind,
                draw(texts.filter(bool)) if kind is Kind.PLATE else "",
                observed := draw(texts),
                frozenset({observed, *draw(st.sets(texts, max_size=2))}),
                draw(st.none() | st.floats(0, 100)),
                draw(st.none() | st.sampled_from(["us-mo", "us-ks"])),
                draw(st.none() | st.sampled_from(["us-mo", "US-KS"])),
                draw(st.booleans()),
            )
        )
    return found


@given(samples())
def test_figures_are_the_counts_and_know_their_reads(found):
    counts = accuracy(found)
    by_name = {figure.name: figure for figure in figures(found)}
    assert {name: (each.hits, each.trials) for name, each in by_name.items()} == {
        "exact": (counts.exact, counts.judged),
        "top_n": (counts.top_n, counts.judged),
        "character_error": (counts.errors, counts.characters),
        "region": (counts.regions_right, counts.regions),
        "false": (counts.false_detections, len(found)),
        "unreadable": (counts.unreadable, len(found)),
    }
    known = [each for each in found if each.kind is Kind.PLATE]
    right = tuple(each.row for each in known if each.observed == each.truth)
    wrong = tuple(each.row for each in known if each.observed != each.truth)
    assert (by_name["exact"].yes, by_name["exact"].no) == (right, wrong)
    assert (by_name["character_error"].yes, by_name["character_error"].no) == (wrong, right)
    assert by_name["false"].yes == tuple(each.row for each in found if each.kind is Kind.FALSE_DETECTION)
    for each in by_name.values():
        assert not set(each.yes) & set(each.no)
        if each.name != "character_error":
            assert (len(each.yes), len(each.yes) + len(each.no)) == (each.hits, each.trials)
        if each.trials:
            assert each.share == each.hits / each.trials
            assert each.interval == wilson(min(each.hits, each.trials), each.trials)
        else:
            assert each.share is each.interval is each.more is None


def test_more_characters_are_asked_for_as_reads():
    reads = Figure("exact", 300, 500, tuple(range(300)), tuple(range(300, 500)))
    characters = Figure("character_error", 300, 3500, tuple(range(200)), tuple(range(200, 500)))
    assert Figure("x", 300, 3500, (), ()).more == 0
    assert characters.more == 0
    few = Figure("character_error", 30, 350, tuple(range(20)), tuple(range(20, 50)))
    assert few.more == math.ceil(Figure("x", 30, 350, (), ()).more / 7)
    assert reads.more > 1000


@given(samples(), st.data())
def test_passes_are_counted_beside_their_own_reads(found, data):
    known = [each.row for each in found if each.kind is Kind.PLATE]
    parts = [known[place : place + 3] for place in range(0, len(known), 3)]
    said = data.draw(st.lists(st.tuples(texts, texts, texts), min_size=len(parts), max_size=len(parts)))
    passes = [
        PassSample(number, *texts, rows[0], tuple(rows), False)
        for number, (texts, rows) in enumerate(zip(said, parts, strict=True))
    ]
    single, best, consensus = pass_figures(passes, found)
    by_row = {each.row: each for each in found}
    assert (single.hits, single.trials) == (sum(by_row[row].is_exact for row in known), len(known))
    assert best.trials == consensus.trials == len(passes)
    assert best.yes == tuple(
        rows[0] for (truth, one, _), rows in zip(said, parts, strict=True) if one == truth
    )
    assert set(consensus.yes) == {
        row for (truth, _, other), rows in zip(said, parts, strict=True) if other == truth for row in rows
    }
    assert consensus.hits == sum(truth == other for truth, _, other in said)


@given(samples(), samples())
def test_two_groups_are_compared_figure_by_figure(before, after):
    for each in compared(before, after):
        one, other = each.before, each.after
        if one.trials and other.trials:
            assert each.difference == other.share - one.share
            low, high = each.interval
            assert each.differs == (low > 0 or high < 0)
        else:
            assert each.difference is each.interval is None
            assert not each.differs


# --- of a capture


@pytest.fixture
def capture(tmp_path):
    values = [
        frame(
            f"AB{number}",
            1782889214972 + 60_000 * number,
            camera_id=1 + number % 3,
            agent_version=f"2.{number % 2}",
        )
        for number in range(12)
    ]
    return with_passes(captured(write(tmp_path / "a.jsonl", values)))


def judged(capture, wrong=(), drawn=()):
    rows = range(len(capture.columns.reads))
    reads = [
        Sample(
            row,
            Kind.PLATE,
            f"AX{row}" if row in wrong else f"AB{row}",
            f"AB{row}",
            frozenset(),
            90.5,
            drawn=row in drawn,
        )
        for row in rows
    ]
    return Gathered(reads, 0, [], 0, total=len(reads))


def test_groups_hold_every_read_once(capture):
    for field in ("camera", "hour", "region", "version", "conf"):
        found = report(capture, judged(capture, {0, 3}), Choices(field=field))
        rows = [row for _, some in found.groups for row in (*some[0].yes, *some[0].no)]
        assert sorted(rows) == list(range(12))
    found = report(capture, judged(capture, {0, 3}), Choices(field="camera"))
    assert [(value, some[0].hits, some[0].trials) for value, some in found.groups] == [
        ("1", 2, 4),
        ("2", 4, 4),
        ("3", 4, 4),
    ]


def test_values_are_compared_as_chosen_or_the_first_and_the_last(capture):
    gathered = judged(capture, {0, 3})
    found = report(capture, gathered, Choices(field="camera"))
    assert (found.choices.before, found.choices.after) == ("1", "3")
    assert found.compared[0].difference == 0.5
    found = report(capture, gathered, Choices(field="camera", before="3", after="2"))
    assert (found.choices.before, found.choices.after) == ("3", "2")
    assert found.compared[0].difference == 0
    found = report(capture, gathered, Choices(field="region"))
    assert found.compared == ()
    assert found.choices.before is None


def test_only_what_was_drawn_is_counted_where_that_is_asked(capture):
    gathered = judged(capture, {0, 3}, {0, 1, 2})
    found = report(capture, gathered, Choices(drawn=True))
    assert (found.figures[0].hits, found.figures[0].trials) == (2, 3)
    assert len(found.curve.rows) == 3
    assert found.gathered.reads == gathered.reads


def test_a_place_of_the_plate_has_its_own_cells(capture):
    gathered = judged(capture, {0, 3})
    found = report(capture, gathered, Choices())
    assert found.cells["X", "B"] == [0, 3]
    assert found.positions == 4
    assert report(capture, gathered, Choices(position=1)).cells["X", "B"] == [0, 3]
    assert ("X", "B") not in report(capture, gathered, Choices(position=0)).cells


def test_what_would_be_left_is_of_the_whole_capture(capture):
    found = report(capture, judged(capture), Choices())
    assert [found.left(limit) for limit in (0, 90.5, 90.6)] == [0, 0, 12]
    assert found.reads == len(found.confidences) == 12
    assert np.all(np.diff(found.confidences) >= 0)


def test_a_frame_that_was_delivered_twice_is_left_once(tmp_path):
    values = [frame(f"AB{number}", 1782889214972 + 60_000 * number) for number in range(6)]
    twice = captured(write(tmp_path / "a.jsonl", [*values, *values[:4]]))
    gathered = judged(twice)
    assert report(twice, gathered, Choices()).reads == 10, "which are copies is not known yet"
    before = captured(write(tmp_path / "b.jsonl", [*values, *values[:2]])).find_passes(PassRules())
    twice.columns.passes = pass_table(twice.columns, before)
    twice.passes = before
    assert report(twice, gathered, Choices()).reads == 8, "what came since counts"
    twice = with_passes(twice)
    found = report(twice, gathered, Choices())
    assert (found.reads, len(found.confidences), found.left(100)) == (6, 6, 6)
    assert gather(twice, Judged(twice, Decisions(), {})).total == 6


def test_the_later_version_is_compared_with_the_earlier_one(tmp_path):
    values = [
        frame(f"AB{number}", 1782889214972 + 60_000 * number, agent_version=version)
        for number, version in enumerate(("2.10.0", "2.9.1"))
    ]
    capture = captured(write(tmp_path / "a.jsonl", values))
    found = report(capture, judged(capture, {0}), Choices(field="version"))
    assert (found.choices.before, found.choices.after) == ("2.9.1", "2.10.0")
    assert found.compared[0].difference == -1


def test_a_place_that_no_plate_has_any_more_chooses_nothing(capture):
    gathered = judged(capture, {0, 3})
    found = report(capture, gathered, Choices(position=found_places(capture, gathered)))
    assert found.choices.position is None
    assert found.cells == report(capture, gathered, Choices()).cells


def found_places(capture, gathered):
    return report(capture, gathered, Choices()).positions


def test_gathering_can_be_given_up(capture):
    said = [entry(reads=(subject(row),)) for row in range(12)]
    decisions = Decisions()
    decisions.add(
        Link("ann", number, "", body(each), f"{number:064x}") for number, each in enumerate(said, 1)
    )
    judged = Judged(capture, decisions, {row: subject(row).digest for row in range(12)})
    assert len(gather(capture, judged).reads) == 12
    asked = []
    with pytest.raises(Cancelled):
        gather(capture, judged, lambda: bool(asked.append(None)) or len(asked) < 3)
    assert len(asked) == 3


def test_counting_can_be_given_up(capture):
    with pytest.raises(Cancelled):
        report(capture, judged(capture), Choices(), lambda: False)


def test_nothing_was_judged(capture):
    found = report(capture, Gathered([], 0, [], 0, total=12), Choices())
    assert (found.off, found.groups, found.cells, found.positions, found.compared) == (None, (), {}, 0, ())
    assert all(figure.share is None for figure in (*found.figures, *found.passes))
