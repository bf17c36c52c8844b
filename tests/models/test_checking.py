"""Reviewers are checked with items whose answer is known, and cannot tell which ones these are."""

from __future__ import annotations

import pytest

from alprviewer.core.decision import Act, Gold
from alprviewer.models.reviewqueue import Checking
from alprviewer.models.verdicts import Verdicts
from tests.helpers.reviewing import all_saved, entries, few, known_plates

HALF = Checking(0.5)


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.sqlite"


def begun(qtbot, review, count):
    """Wait until a queue holds so many known items."""
    qtbot.waitUntil(lambda: review.queue is not None and len(review.queue.known) == count, timeout=10_000)
    qtbot.waitUntil(lambda: not review.busy)
    return review


def goes_to(qtbot, review, at):
    review.step(at - review.sight.at)
    qtbot.waitUntil(lambda: not review.busy and review.sight.at == at)


def seen(sight):
    """All that could tell an item with a known answer from another one."""
    return (
        sight.item.why,
        sight.standing,
        sight.masked,
        sight.answers,
        bool(sight.plate),
        sight.scope,
    )


@pytest.mark.parametrize("queue", ["all", "unreviewed", "triage"])
def test_known_items_stand_among_the_others_and_look_like_them(qtbot, make_review, tmp_path, queue):
    capture = few(tmp_path, 12)
    known_plates(tmp_path, capture, dict.fromkeys(range(8), "AB023"))  # of the first four vehicles
    review = make_review(capture, checking=HALF)
    begun(qtbot, review, 4)
    review.choose_queue(queue)
    qtbot.waitUntil(lambda: not review.busy and review.sight.total == 12)
    assert review.queue.remaining == 12
    looks = []
    for at in range(12):
        goes_to(qtbot, review, at)
        looks.append((review.sight.item.is_check, seen(review.sight)))
        assert review.sight.standing.decision is None
    assert sum(is_check for is_check, _ in looks) == 4
    if queue == "unreviewed":
        assert {look for is_check, look in looks if is_check} == {
            look for is_check, look in looks if not is_check
        }
        firsts = [review.queue.item(at).rows[0] for at in range(12)]
        assert firsts == sorted(firsts), "in order of time, whatever is known"


def test_an_answer_is_written_as_a_check_and_decides_nothing(qtbot, make_review, tmp_path, journal):
    capture = few(tmp_path, 4)
    known_plates(tmp_path, capture, {0: "AB023", 1: "AB023", 2: "AB999", 3: "AB999"})
    review = begun(qtbot, make_review(capture, checking=HALF), 2)
    say, told = Verdicts(review), []
    review.checked.connect(told.append)
    for _ in range(4):
        say.accept()
        qtbot.waitUntil(lambda: not review.busy)
    qtbot.waitUntil(lambda: all_saved(review) and len(told) == 2)
    said = [each for each in entries(journal) if each.reviewer == "ann"]
    assert [each.gold for each in said] == [Gold.CHECK, Gold.CHECK, None, None]
    assert [each.shown for each in said] == ["AB023", "AB123", "AB223", "AB323"]
    assert [(each.agrees, each.text) for each in told] == [
        (True, "The answer was known: AB023, as you said."),
        (False, "The answer was known: AB999. You said AB123."),
    ]
    qtbot.waitUntil(lambda: review.queue.remaining == 0)
    standing = review.decided.of_pass((2, 3))
    assert (standing.decision.entry.reviewer, standing.decision.entry.plate) == ("truth", "AB999")
    assert not standing.disputed
    (ann,) = review.decided.checked()
    assert (ann.reviewer, ann.items, ann.wrong) == ("ann", 2, 1)
    goes_to(qtbot, review, 1)
    assert review.sight.standing.decision.entry.plate == "AB999", "what was told may be seen"
    say.accept()
    qtbot.waitUntil(lambda: review.decided.of_pass((2, 3)).disputed)


def test_nothing_is_told_where_nobody_wants_it(qtbot, make_review, tmp_path):
    capture = few(tmp_path, 2)
    known_plates(tmp_path, capture, {0: "AB999", 1: "AB999"})
    review = begun(qtbot, make_review(capture, checking=Checking(0.5, tells=False)), 1)
    told = []
    review.checked.connect(told.append)
    Verdicts(review).accept()
    qtbot.waitUntil(lambda: bool(review.decided.checked()))
    goes_to(qtbot, review, 1)
    goes_to(qtbot, review, 0)
    assert (told, review.sight.standing.decision, review.sight.item.is_check) == ([], None, True)
    assert review.queue.remaining == 1


def test_an_undone_answer_is_asked_for_again_and_the_first_one_counts(qtbot, make_review, tmp_path):
    capture = few(tmp_path, 2)
    known_plates(tmp_path, capture, {0: "AB999", 1: "AB999"})
    review = begun(qtbot, make_review(capture, checking=HALF), 1)
    say = Verdicts(review)
    say.accept()
    qtbot.waitUntil(lambda: bool(review.decided.of_pass((0, 1)).checks))
    say.undo()
    qtbot.waitUntil(lambda: not review.busy and not review.decided.of_pass((0, 1)).checks)
    assert (review.sight.at, review.sight.item.is_check, review.queue.remaining) == (0, True, 2)
    say.type("AB999")
    qtbot.waitUntil(lambda: bool(review.decided.of_pass((0, 1)).checks))
    assert review.decided.checked()[0].wrong == 1


def test_a_reviewer_marks_an_answer_as_known_and_others_are_checked_with_it(
    qtbot, make_review, tmp_path, journal
):
    capture = few(tmp_path, 3)
    ann = make_review(capture)
    say, said = Verdicts(ann), []
    ann.said.connect(lambda _, text: said.append(text))
    say.mark_known()
    assert "decide it first" in said[-1]
    say.type("AB777")
    qtbot.waitUntil(lambda: all_saved(ann) and not ann.busy)
    goes_to(qtbot, ann, 0)
    qtbot.waitUntil(lambda: ann.sight.standing.decision is not None)
    say.mark_known()
    qtbot.waitUntil(lambda: ann.sight.standing.known is not None)
    assert ann.sight.at == 0
    say.mark_known()
    assert "known already" in said[-1]
    marked = entries(journal)[-1]
    assert (marked.act, marked.plate, marked.gold, len(entries(journal))) == (
        Act.WRONG,
        "AB777",
        Gold.MARKED,
        2,
    )
    bob = begun(qtbot, make_review(capture, "bob", checking=HALF), 1)
    assert bob.sight.item.is_check
    again = make_review(capture, "ann", checking=HALF)
    qtbot.waitUntil(lambda: again.decided.of_pass((0, 1)).known is not None)
    assert not again.queue.known, "who knows the answer is not asked for it"


@pytest.mark.parametrize("change", ["taken back", "contested"])
def test_who_answers_what_is_not_known_any_more_decides_it(qtbot, make_review, tmp_path, journal, change):
    capture = few(tmp_path, 2)
    bob = make_review(capture, "bob")
    his = Verdicts(bob)
    his.type("AB777")
    qtbot.waitUntil(lambda: all_saved(bob) and not bob.busy)
    goes_to(qtbot, bob, 0)
    qtbot.waitUntil(lambda: bob.sight.standing.decision is not None)
    his.mark_known()
    qtbot.waitUntil(lambda: bob.sight.standing.known is not None)
    ann = begun(qtbot, make_review(capture, "ann", checking=HALF), 1)
    assert ann.sight.item.is_check
    if change == "taken back":
        his.undo()
        his.undo()
        qtbot.waitUntil(lambda: not bob.decided.of_pass((0, 1)).verdicts)
    else:
        known_plates(tmp_path, capture, {0: "AB888", 1: "AB888"}, "cy")
    qtbot.waitUntil(lambda: ann.decided.of_pass((0, 1)).known is None)
    assert not ann.sight.item.is_check
    is_open = change == "taken back"  # as for what was never known
    qtbot.waitUntil(lambda: ann.queue.is_open(0) is is_open)
    Verdicts(ann).accept()
    qtbot.waitUntil(lambda: all_saved(ann) and entries(journal)[-1].reviewer == "ann")
    assert entries(journal)[-1].gold is None
    qtbot.waitUntil(lambda: "ann" in [each.entry.reviewer for each in ann.decided.of_pass((0, 1)).verdicts])
    qtbot.waitUntil(lambda: not ann.queue.is_open(0))


def test_without_a_share_nobody_is_checked(qtbot, make_review, tmp_path):
    capture = few(tmp_path, 3)
    known_plates(tmp_path, capture, {0: "AB023", 1: "AB023"})
    review = make_review(capture, checking=Checking(0.0))
    qtbot.waitUntil(lambda: review.queue.remaining == 2)
    review.choose_queue("unreviewed")
    qtbot.waitUntil(lambda: not review.busy)
    assert (review.sight.total, review.queue.known) == (2, frozenset())
