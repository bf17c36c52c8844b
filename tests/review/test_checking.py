"""How reviewers compare with known answers and with each other, counted again by hand."""

import json
from contextlib import closing
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer import cli
from alprviewer.capture.spans import SpanReader
from alprviewer.core.chain import next_link
from alprviewer.core.decision import Act, Gold, Scope, Target, body, in_subject_order
from alprviewer.core.metrics import wilson
from alprviewer.review.checking import Agreement, Checked, agreements, checked
from alprviewer.review.decisions import Decisions
from alprviewer.review.pen import Pen
from alprviewer.review.sqlite import SqliteJournal
from alprviewer.review.subjects import Subjects
from tests.helpers.decisions import entry, subject
from tests.helpers.reading import capture_of, frame_value


class Written:
    """Entries of several reviewers, each in a chain of their own."""

    def __init__(self):
        self.decisions = Decisions()
        self._last = {}
        self._clock = 1_000

    def say(self, reviewer, act, plate=None, *numbers, **more):
        self._clock += 1
        reads = in_subject_order(map(subject, numbers or (0,)))
        scope = Scope.PASS if len(reads) > 1 else Scope.READ
        said = entry(
            reviewer=reviewer, act=act, plate=plate, reads=reads, scope=scope, time=self._clock, **more
        )
        link = self._last[reviewer] = next_link(reviewer, self._head(reviewer), body(said))
        self.decisions.add([link])
        return link

    def _head(self, reviewer):
        last = self._last.get(reviewer)
        return last.head if last is not None else None


def test_how_often_a_reviewer_misses_what_is_known():
    written = Written()
    for number, plate in enumerate(("AB1", "CD2", "EF3")):
        written.say("truth", Act.CORRECT, plate, number, gold=Gold.IMPORTED)
        written.say("ann", Act.CORRECT, "AB1", number, gold=Gold.CHECK)
    written.say("bob", Act.CORRECT, "ab-1", 0, gold=Gold.CHECK)
    written.say("bob", Act.SKIP, None, 1, gold=Gold.CHECK)
    written.say("bob", Act.WRONG, "ZZ9", 2)
    assert checked(written.decisions, {subject(0).digest, subject(1).digest}) == [
        Checked("ann", 2, 1),
        Checked("bob", 1, 0),
    ]
    # Since bob contests it, the answer of the third is not known any more.
    assert checked(written.decisions) == [Checked("ann", 2, 1), Checked("bob", 1, 0)]


def test_the_first_answer_counts_also_where_it_was_taken_back():
    written = Written()
    written.say("truth", Act.CORRECT, "AB1", gold=Gold.IMPORTED)
    slip = written.say("ann", Act.WRONG, "AB7", gold=Gold.CHECK)
    written.say("ann", Act.UNDO, None, target=Target(slip.writer, slip.sequence))
    written.say("ann", Act.CORRECT, "AB1", gold=Gold.CHECK)
    assert checked(written.decisions) == [Checked("ann", 1, 1)]


class Asked(frozenset):
    """Can be asked whether it holds something; going through it takes too long."""

    def __iter__(self):
        raise AssertionError("a capture has millions of reads, a journal a hundred thousand entries")


def test_entries_are_looked_up_in_what_is_wanted_and_not_the_other_way_round():
    written = Written()
    written.say("truth", Act.CORRECT, "AB1", gold=Gold.IMPORTED)
    written.say("ann", Act.CORRECT, "AB1", gold=Gold.CHECK)
    written.say("bob", Act.CORRECT, "AB1", 1)
    assert checked(written.decisions, Asked([subject(0).digest])) == [Checked("ann", 1, 0)]
    assert checked(written.decisions, Asked([subject(1).digest])) == []


def test_a_pass_that_two_decided_as_a_whole_is_one_item():
    written = Written()
    written.say("ann", Act.CORRECT, "AB12", 0, 1, 2)
    written.say("bob", Act.WRONG, "AB13", 0, 1, 2)
    written.say("ann", Act.CORRECT, "CD3", 5)
    written.say("bob", Act.CORRECT, "cd 3", 5)
    written.say("ann", Act.NOT_A_PLATE, None, 6)
    (found,) = agreements(written.decisions)
    assert (found.one, found.other, found.items, found.same) == ("ann", "bob", 2, 1)
    assert found.character_error == pytest.approx(1 / 7)
    assert found.kappa == pytest.approx(0.0)


def test_what_was_settled_checked_or_imported_says_nothing_of_agreement():
    written = Written()
    written.say("ann", Act.CORRECT, "AB1")
    written.say("truth", Act.CORRECT, "AB1", gold=Gold.IMPORTED)
    written.say("bob", Act.CORRECT, "AB1", gold=Gold.CHECK)
    written.say("cy", Act.CORRECT, "AB1", adjudicates=True)
    assert agreements(written.decisions) == []


says = st.tuples(
    st.sampled_from(["ann", "bob", "cy"]),
    st.integers(0, 6),
    st.sampled_from(
        [(Act.CORRECT, "AB1"), (Act.WRONG, "AB7"), (Act.UNREADABLE, None), (Act.NOT_A_PLATE, None)]
    ),
)


@given(st.lists(says, max_size=30))
def test_agreement_against_tables_made_by_hand(listed):
    written, last = Written(), {}
    for reviewer, number, (act, plate) in listed:
        written.say(reviewer, act, plate, number)
        last[reviewer, number] = act, plate
    expected = []
    for one, other in combinations(["ann", "bob", "cy"], 2):
        both = [n for n in range(7) if (one, n) in last and (other, n) in last]
        if both:
            pairs = [(last[one, n], last[other, n]) for n in both]
            same = sum(a == b for a, b in pairs)
            acts = [(a[0], b[0]) for a, b in pairs]
            observed = sum(a is b for a, b in acts) / len(acts)
            chance = (
                sum(sum(a is act for a, _ in acts) * sum(b is act for _, b in acts) for act in Act)
                / len(acts) ** 2
            )
            plates = [(a[1], b[1]) for a, b in pairs if a[1] and b[1]]
            wrong = sum(a != b for a, b in plates)
            expected.append(
                Agreement(
                    one,
                    other,
                    len(both),
                    same,
                    None if chance == 1 else pytest.approx((observed - chance) / (1 - chance)),
                    pytest.approx(wrong / (3 * len(plates))) if plates else None,
                )
            )
    assert agreements(written.decisions) == expected


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """Four reads with known plates; ann was checked with three of them, one of them twice."""
    monkeypatch.chdir(tmp_path)
    values = [frame_value(number, (f"AB{number}",)) for number in range(4)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(value) + "\n" for value in values))
    lines = "".join(f"{value['uuid']},0,AB{number}\n" for number, value in enumerate(values))
    (tmp_path / "truth.csv").write_text("uuid,plate_index,plate_truth\n" + lines)
    words = ["--journal", "sqlite:///journal.sqlite"]
    assert cli.run(["journal", "import", "truth.csv", "a.jsonl", "--reviewer", "truth", *words]) == 0
    capture = capture_of("a.jsonl")
    with (
        closing(SpanReader(capture)) as reader,
        closing(SqliteJournal(tmp_path / "journal.sqlite")) as journal,
    ):
        ann, bob = (Pen(journal, name, tmp_path / name) for name in ("ann", "bob"))
        subjects = Subjects(capture, reader)
        for row, plate in ((0, "AB0"), (1, "AB7"), (2, "AB2")):
            ann.write(ann.entry(Act.CORRECT, Scope.READ, [subjects.read(row)], plate=plate, gold=Gold.CHECK))
        for pen, plate in ((ann, "AB3"), (bob, "AB8")):
            pen.write(pen.entry(Act.CORRECT, Scope.READ, [subjects.read(3)], plate=plate))
    return words


def test_stats_tell_of_reviewers(judged, capfd):
    assert cli.run(["stats", "a.jsonl", "--json", *judged]) == 0
    found = json.loads(capfd.readouterr().out)
    low, high = wilson(1, 3)
    assert found["gold"] == [
        {
            "reviewer": "ann",
            "items": 3,
            "wrong": 1,
            "wrong_rate": pytest.approx(1 / 3),
            "wrong_low_rate": pytest.approx(low),
            "wrong_high_rate": pytest.approx(high),
        }
    ]
    assert found["agreement"] == [
        {
            "reviewers": ["ann", "bob"],
            "items": 1,
            "same": 0,
            "kappa": None,
            "character_error_rate": pytest.approx(1 / 3),
        }
    ]
    assert (found["reads"]["judged"], found["reads"]["exact"], found["reads"]["disputed"]) == (3, 3, 1)
    assert cli.run(["stats", "a.jsonl", *judged]) == 0
    text = capfd.readouterr().out
    assert "known answers, ann: 1 of 3 wrong, 33.3 % (" in text
    assert "ann and bob: 0 of 1 the same, kappa –, character errors 33.3 %" in text


def test_exports_tell_which_entries_are_gold(judged, capfd):
    assert cli.run(["journal", "export", "-", "--format", "jsonl", *judged]) == 0
    golds = [json.loads(line)["gold"] for line in capfd.readouterr().out.splitlines()]
    assert sorted(map(str, golds)) == ["None"] * 2 + ["check"] * 3 + ["imported"] * 4
