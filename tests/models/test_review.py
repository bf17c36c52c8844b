"""Reviewing the bundled sample: items, verdicts, the journal they go to, and what other writers say."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from alprviewer.capture.capture import Capture
from alprviewer.core.decision import Act, Scope
from alprviewer.core.passes import PassRules
from alprviewer.core.plates import normal_form
from alprviewer.models import reviewpictures
from alprviewer.models.reviewhistory import State
from alprviewer.models.reviewitems import shown_of
from alprviewer.models.verdicts import Verdicts
from alprviewer.review.pen import Pen
from alprviewer.review.sqlite import SqliteJournal
from alprviewer.store.passes import NO_PASS, find
from tests.helpers.opening import SAMPLE, captured, frame, write
from tests.helpers.reviewing import all_saved, entries, few


@pytest.fixture(scope="module")
def sample() -> Capture:
    """The bundled sample."""
    return captured(SAMPLE)


def test_items_are_passes_in_order_of_time(make_review, sample):
    review = make_review(sample)
    passes = find(sample.columns, PassRules())
    assert review.sight.total == len(passes) + int(((passes.of_read == NO_PASS) & ~passes.copy).sum())
    assert review.queue is not None
    rows = [row for at in range(len(review.queue)) for row in review.queue.item(at).rows]
    assert sorted(rows) == np.flatnonzero(~passes.copy).tolist()
    starts = [
        sample.columns.frames.column("epoch_time")[
            sample.columns.reads.column("frame")[review.queue.item(at).rows[0]]
        ]
        for at in range(len(review.queue))
    ]
    assert starts == sorted(starts)


def test_every_verdict_saves_and_advances(qtbot, make_review, tmp_path):
    review = make_review(few(tmp_path, 6))
    say = Verdicts(review)
    said = []
    for verdict in (
        say.accept,
        lambda: say.pick(1),
        lambda: say.type("ZZ999"),
        say.unreadable,
        say.not_a_plate,
        lambda: say.wrong_region("us-ca"),
    ):
        said.append(review.sight.plate)
        verdict()
        qtbot.waitUntil(lambda: not review.busy)
    qtbot.waitUntil(lambda: all_saved(review))
    found = entries(tmp_path / "journal.sqlite")
    assert [each.act for each in found] == [
        Act.CORRECT, Act.WRONG, Act.WRONG, Act.UNREADABLE, Act.NOT_A_PLATE, Act.WRONG_REGION
    ]  # fmt: skip
    assert [each.plate for each in found] == [said[0], "AB128", "ZZ999", None, None, said[5]]
    assert found[5].region == "us-ca"
    assert [each.shown for each in found] == said
    assert all(each.scope is Scope.PASS and len(each.reads) == 2 for each in found)
    assert all(each.seconds is not None and not each.blind for each in found)
    assert review.queue is not None
    assert review.queue.remaining == 0


def test_undo_returns_and_redo_says_again(qtbot, make_review, tmp_path):
    review = make_review(few(tmp_path))
    say = Verdicts(review)
    say.accept()
    say.undo()  # before the first one can have been saved
    qtbot.waitUntil(lambda: not review.busy)
    assert review.sight.at == 0
    assert review.queue is not None
    assert review.queue.remaining == 3
    say.redo()
    qtbot.waitUntil(lambda: len(entries(tmp_path / "journal.sqlite")) == 3)
    qtbot.waitUntil(lambda: review.sight.standing.decision is not None)
    assert [each.act for each in entries(tmp_path / "journal.sqlite")] == [Act.CORRECT, Act.UNDO, Act.REDO]
    assert review.queue.remaining == 2
    for _ in range(3):
        say.undo()
        qtbot.waitUntil(lambda: not review.busy)
    qtbot.waitUntil(lambda: review.queue.remaining == 3)
    assert review.history.last() is None


def test_what_cannot_be_saved_is_not_shown_as_saved(qtbot, make_review, tmp_path):
    (tmp_path / "folder").mkdir()
    review = make_review(few(tmp_path), name="folder")
    with qtbot.waitSignal(review.said) as said:
        Verdicts(review).accept()
    assert said.args[0] == "error"
    assert "Not saved" in said.args[1]
    assert review.history.listed()[0].state is State.REFUSED
    assert review.queue is not None
    assert review.queue.remaining == 3
    Verdicts(review).undo()
    qtbot.waitUntil(lambda: not review.busy)
    assert review.sight.at == 0
    assert review.history.listed() == []


def test_others_are_seen_within_two_seconds_and_a_conflict_is_shown(qtbot, make_review, tmp_path):
    capture = few(tmp_path)
    ann, bob = make_review(capture), make_review(capture, "bob")
    Verdicts(ann).accept()
    qtbot.waitUntil(lambda: bob.queue.remaining == 2, timeout=2_000)
    assert bob.sight.at == 0
    assert bob.sight.standing.decision is not None
    assert bob.sight.standing.decision.entry.reviewer == "ann"
    Verdicts(bob).type("XX111")
    ann.step(-1)
    qtbot.waitUntil(lambda: ann.sight.at == 0 and ann.sight.standing.disputed, timeout=2_000)
    assert ann.sight.standing.decision is None
    ann.choose_queue("disputed")
    qtbot.waitUntil(lambda: not ann.busy)
    assert ann.sight.total == 1
    assert [each.plate for each in ann.sight.answers] == ["AB023", "XX111"]
    Verdicts(ann).type("XX111")
    qtbot.waitUntil(lambda: bob.decided.of_pass((0, 1)).decision is not None, timeout=2_000)
    assert entries(tmp_path / "journal.sqlite")[-1].adjudicates


def test_blind_hides_the_machines_text_until_one_was_typed(qtbot, make_review, tmp_path):
    review = make_review(few(tmp_path))
    review.set_blind(True)
    say = Verdicts(review)
    assert review.sight.masked
    for refused in (say.accept, lambda: say.pick(0), lambda: say.wrong_region("us-ca")):
        with qtbot.waitSignal(review.said):
            refused()
    say.skip()
    qtbot.waitUntil(lambda: not review.busy and review.sight.at == 1)
    say.type("AB123")
    qtbot.waitUntil(lambda: len(entries(tmp_path / "journal.sqlite")) == 2)
    found = entries(tmp_path / "journal.sqlite")
    assert [(each.act, each.blind, each.shown) for each in found] == [
        (Act.SKIP, True, None),
        (Act.CORRECT, True, None),
    ]
    review.step(-1)
    review.step(-1)
    qtbot.waitUntil(lambda: not review.busy)
    assert review.sight.masked  # skipping shows nothing
    review.step(1)
    qtbot.waitUntil(lambda: not review.busy)
    assert not review.sight.masked


def test_single_reads_are_judged_one_by_one(qtbot, make_review, tmp_path):
    review = make_review(few(tmp_path, 2))
    review.toggle_scope()
    say = Verdicts(review)
    seen = []
    review.step_read(-1)
    qtbot.waitUntil(lambda: not review.busy)
    for _ in range(4):
        seen.append(review.sight.read)
        say.accept()
        qtbot.waitUntil(lambda: not review.busy)
    assert sorted(seen) == [0, 1, 2, 3]
    qtbot.waitUntil(lambda: all_saved(review))
    assert all(each.scope is Scope.READ for each in entries(tmp_path / "journal.sqlite"))
    assert review.queue is not None
    assert review.queue.remaining == 0


def test_queues_hold_what_they_say(qtbot, make_review, sample):
    review = make_review(sample)
    say = Verdicts(review)
    total = review.sight.total
    for _ in range(3):
        say.accept()
        qtbot.waitUntil(lambda: not review.busy)
    qtbot.waitUntil(lambda: all_saved(review))
    sizes = {}
    for name in ("unreviewed", "triage", "mine", "second", "disputed", "sample", "all"):
        review.choose_queue(name)
        qtbot.waitUntil(lambda: not review.busy)
        if name == "triage":
            qtbot.waitUntil(lambda: review.sight.total > 0)
            assert review.sight.why
        sizes[name] = review.sight.total
    assert sizes["unreviewed"] == total - 3
    assert total - 6 <= sizes["triage"] <= total - 3  # reads without a pass are not ranked
    assert sizes["mine"] == 3
    assert sizes["second"] == sizes["disputed"] == 0
    assert 0 < sizes["sample"] <= total
    assert sizes["all"] == total


def test_marks_tags_and_notes_stay_on_the_item(qtbot, make_review, tmp_path):
    review = make_review(few(tmp_path))
    say = Verdicts(review)
    say.mark()
    say.tag("dirty,  bent , dirty")
    say.note("Ask again.")
    qtbot.waitUntil(lambda: bool(review.sight.standing.notes))
    assert review.sight.at == 0
    assert review.sight.standing.marked
    assert review.sight.standing.tags == {"dirty", "bent"}
    say.mark()
    qtbot.waitUntil(lambda: not review.sight.standing.marked)


def test_what_was_said_before_is_listed_and_can_be_taken_back(qtbot, make_review, tmp_path):
    capture = few(tmp_path)
    first = make_review(capture)
    Verdicts(first).accept()
    qtbot.waitUntil(lambda: all_saved(first))
    second = make_review(capture)
    qtbot.waitUntil(lambda: len(second.history.listed()) == 1)
    assert second.queue is not None
    qtbot.waitUntil(lambda: second.queue.remaining == 2)
    Verdicts(second).undo()
    qtbot.waitUntil(lambda: first.queue.remaining == 3 and second.queue.remaining == 3, timeout=4_000)


def test_decisions_follow_their_reads_into_another_file(qtbot, make_review, tmp_path):
    review = make_review(few(tmp_path))
    plate = review.sight.plate
    Verdicts(review).accept()
    qtbot.waitUntil(lambda: all_saved(review))
    lines = (tmp_path / "few.jsonl").read_text().splitlines()
    spaced = tmp_path / "elsewhere.jsonl"
    spaced.write_text("\n".join(line.replace(":", " : ") for line in reversed(lines)))
    other = make_review(captured(spaced))
    qtbot.waitUntil(lambda: other.queue.remaining == 2)
    rows = other.queue.item(0).rows
    decision = other.decided.of_pass(rows).decision
    assert decision is not None
    assert normal_form(decision.entry.plate or "") == normal_form(plate)


def test_words_of_decisions_can_be_asked_for(qtbot, make_review, tmp_path):
    review = make_review(few(tmp_path))
    Verdicts(review).unreadable()
    qtbot.waitUntil(lambda: review.decided.read(0).decision is not None)
    handed = review.decided.columns()["decision"]
    assert handed.texts is not None
    assert [handed.texts.value(code) for code in handed.values.tolist()] == ["unreadable"] * 2 + [None] * 4


def test_an_empty_capture_says_so(make_review, tmp_path):
    review = make_review(captured(write(tmp_path / "none.jsonl", [frame(results=[])])))
    assert review.sight.item is None
    assert review.sight.empty == "There are no reads to review."
    Verdicts(review).accept()
    assert review.history.last() is None


def test_a_file_that_is_gone_is_said_and_nothing_is_decided(qtbot, make_review, tmp_path):
    capture = few(tmp_path)
    (tmp_path / "few.jsonl").unlink()
    review = make_review(capture)
    assert review.sight.shown.failure
    Verdicts(review).accept()
    assert review.history.last() is None


def test_pen_of_another_program_is_heard(qtbot, make_review, tmp_path):
    """An entry that comes from elsewhere (an import) about a read of this capture."""
    review = make_review(few(tmp_path))
    Verdicts(review).accept()
    qtbot.waitUntil(lambda: all_saved(review))
    first = entries(tmp_path / "journal.sqlite")[0]
    journal = SqliteJournal(tmp_path / "journal.sqlite")
    try:
        pen = Pen(journal, "eve", tmp_path / "state-eve")
        pen.write(pen.entry(Act.NOT_A_PLATE, Scope.PASS, first.reads))
    finally:
        journal.close()
    qtbot.waitUntil(lambda: review.decided.read(0).disputed, timeout=2_000)


def test_a_bug_in_one_item_does_not_keep_from_the_others(
    qtbot, make_review, tmp_path, monkeypatch, expected_logs
):
    def broken(capture, reader, row):
        if row < 2:
            raise ZeroDivisionError
        return shown_of(capture, reader, row)

    expected_logs("Read [01] could not be shown for review")
    monkeypatch.setattr(reviewpictures, "shown_of", broken)
    review = make_review(few(tmp_path))
    assert "fault of alprviewer" in review.sight.shown.failure
    Verdicts(review).accept()
    assert review.history.last() is None
    review.step(1)
    qtbot.waitUntil(lambda: not review.busy)
    assert not review.sight.shown.failure
    qtbot.waitUntil(lambda: not review.is_reading_ahead)


def test_what_is_looked_for_waits_for_what_is_written_and_is_looked_for_once(
    qtbot, make_review, tmp_path, monkeypatch
):
    review = make_review(few(tmp_path))
    Verdicts(review).unreadable()
    qtbot.waitUntil(lambda: review.decided.read(0).decision is not None)
    journaling, looks = review.journaling, []
    locate = journaling._locate
    monkeypatch.setattr(journaling, "_locate", lambda: (looks.append(1), locate()))
    held, done = threading.Event(), threading.Event()
    journaling._work.put(held.wait)
    for _ in range(3):
        journaling.locate()
    held.set()
    qtbot.waitUntil(lambda: bool(looks) and journaling._work.empty() and not journaling._unsought)
    journaling._work.put(done.set)
    assert done.wait(5)
    assert looks == [1]
