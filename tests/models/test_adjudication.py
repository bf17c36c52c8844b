"""What reviewers disagree about: their answers side by side, settled by one of them or by a third."""

from __future__ import annotations

from alprviewer.core.decision import Act
from alprviewer.models.verdicts import Verdicts
from tests.helpers.reviewing import all_saved, entries, few, known_plates


def say_all(qtbot, review, *verdicts):
    for verdict in verdicts:
        verdict()
        qtbot.waitUntil(lambda: not review.busy)
    qtbot.waitUntil(lambda: all_saved(review))


def disputing(qtbot, make_review, tmp_path):
    """Ann and bob agree about one vehicle of four; cy is to settle the rest."""
    capture = few(tmp_path, 4)
    ann = make_review(capture)
    say = Verdicts(ann)
    say_all(qtbot, ann, say.accept, say.accept, lambda: say.type("XY1"), lambda: say.wrong_region("us-ca"))
    bob = make_review(capture, "bob")
    qtbot.waitUntil(lambda: all(bob.decided.read(row).verdicts for row in range(8)))
    bob.set_blind(True)
    bob.choose_queue("second")
    qtbot.waitUntil(lambda: not bob.busy and bob.sight.total == 4)
    say = Verdicts(bob)
    say_all(
        qtbot,
        bob,
        lambda: say.type("AB023"),
        say.not_a_plate,
        lambda: say.type("XY7"),
        lambda: say.type("AB323"),
    )
    cy = make_review(capture, "cy")
    qtbot.waitUntil(lambda: sum(cy.decided.read(row).disputed for row in range(8)) == 4)
    cy.choose_queue("disputed")
    qtbot.waitUntil(lambda: not cy.busy and cy.sight.total == 2)
    return ann, bob, cy


def test_the_second_one_does_not_see_what_the_first_one_said(qtbot, make_review, tmp_path):
    capture = few(tmp_path, 2)
    ann = make_review(capture)
    say_all(qtbot, ann, lambda: Verdicts(ann).type("XY1"))
    bob = make_review(capture, "bob")
    qtbot.waitUntil(lambda: bob.decided.read(0).decision is not None)
    bob.choose_queue("second")
    qtbot.waitUntil(lambda: not bob.busy and bob.sight.total == 1)
    assert bob.sight.standing.decision is None
    assert any("decided by ann" in each for each in bob.sight.why)
    assert not any("XY1" in each for each in bob.sight.why)
    say_all(qtbot, bob, Verdicts(bob).accept)
    qtbot.waitUntil(lambda: bob.sight.standing.disputed)
    bob.choose_queue("all")
    bob.set_blind(True)
    bob.step(1)
    bob.choose_queue("all")
    qtbot.waitUntil(lambda: not bob.busy)
    assert bob.sight.standing.decision is None


def test_answers_stand_side_by_side_and_one_of_them_settles_it(qtbot, make_review, tmp_path):
    _, bob, cy = disputing(qtbot, make_review, tmp_path)
    first = cy.sight.answers
    assert [(each.act, each.plate) for each in first] == [(Act.CORRECT, "AB123"), (Act.NOT_A_PLATE, "")]
    assert [[placed.entry.reviewer for placed in each.by] for each in first] == [["ann"], ["bob"]]
    assert [each.by[0].entry.blind for each in first] == [False, True]
    say = Verdicts(cy)
    say.pick(7)
    assert cy.history.last() is None
    say_all(qtbot, cy, lambda: say.pick(1))
    second = cy.sight.answers
    assert [each.plate for each in second] == ["XY1", "XY7"]
    say_all(qtbot, cy, lambda: say.type("XY17"))
    found = entries(tmp_path / "journal.sqlite")[-2:]
    assert [(each.act, each.plate, each.adjudicates) for each in found] == [
        (Act.NOT_A_PLATE, None, True),
        (Act.WRONG, "XY17", True),
    ]
    qtbot.waitUntil(lambda: cy.queue.remaining == 0)
    assert [cy.queue.dispute(at) for at in range(2)] == [
        (("AB123", "not a plate"), "not a plate"),
        (("XY1", "XY7"), "XY17"),
    ]
    qtbot.waitUntil(lambda: bob.decided.read(4).decision is not None)
    assert bob.decided.read(4).decision.entry.plate == "XY17"
    cy.choose_queue("unreviewed")
    cy.choose_queue("disputed")
    qtbot.waitUntil(lambda: not cy.busy)
    assert cy.sight.total == 2, "what was settled can be looked at again"
    say.undo()
    qtbot.waitUntil(lambda: cy.queue.remaining == 1)


def test_a_region_that_was_corrected_is_part_of_an_answer(qtbot, make_review, tmp_path):
    capture = few(tmp_path, 1)
    for name, region in (("ann", "us-ca"), ("bob", "us-nv")):
        review = make_review(capture, name)
        say_all(qtbot, review, lambda review=review, region=region: Verdicts(review).wrong_region(region))
    cy = make_review(capture, "cy")
    qtbot.waitUntil(lambda: cy.decided.read(0).disputed)
    cy.choose_queue("disputed")
    qtbot.waitUntil(lambda: not cy.busy)
    assert [each.region for each in cy.sight.answers] == ["us-ca", "us-nv"]
    say_all(qtbot, cy, lambda: Verdicts(cy).pick(1))
    last = entries(tmp_path / "journal.sqlite")[-1]
    assert (last.act, last.plate, last.region) == (Act.WRONG_REGION, "AB023", "us-nv")


def test_who_judged_the_reads_of_a_pass_one_by_one_is_named_once(qtbot, make_review, tmp_path):
    capture = few(tmp_path, 1)
    known_plates(tmp_path, capture, {0: "AB7", 1: "AB7"})
    ann = make_review(capture)
    qtbot.waitUntil(lambda: ann.decided.read(0).decision is not None)
    say_all(qtbot, ann, Verdicts(ann).accept)
    qtbot.waitUntil(lambda: ann.decided.read(0).disputed)
    ann.choose_queue("disputed")
    qtbot.waitUntil(lambda: not ann.busy and bool(ann.sight.answers))
    said = {each.plate: each.voices for each in ann.sight.answers}
    assert {plate: [len(voice) for voice in voices] for plate, voices in said.items()} == {
        "AB7": [2],
        "AB023": [1],
    }


def test_who_settles_blind_sees_no_answer(qtbot, make_review, tmp_path):
    *_, cy = disputing(qtbot, make_review, tmp_path)
    cy.set_blind(True)
    assert (cy.sight.answers, cy.sight.standing.verdicts) == ((), ())
    with qtbot.waitSignal(cy.said) as said:
        Verdicts(cy).pick(0)
    assert "Blind" in said.args[1]


def test_how_far_they_agree(qtbot, make_review, tmp_path):
    _, _, cy = disputing(qtbot, make_review, tmp_path)
    (found,) = cy.decided.agreements()
    assert (found.one, found.other, found.items, found.same) == ("ann", "bob", 4, 2)
