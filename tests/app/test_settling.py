"""Disputes and items with known answers in the real window, by keys and by mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from alprviewer.core.decision import Act, Gold, Scope
from alprviewer.models.reviewhistory import State
from alprviewer.review.pen import Pen
from alprviewer.review.sqlite import SqliteJournal
from tests.helpers.opening import captured, write
from tests.helpers.opening import frame as frame_of
from tests.helpers.reviewing import entries, known_plates, strike, write_keys

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def journal(tmp_path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def vehicles(tmp_path) -> Path:
    """Three vehicles with one read each."""
    frames = [frame_of(f"AB{number}23", 1782889214972 + 100_000 * number) for number in range(3)]
    return write(tmp_path / "three.jsonl", frames)


@pytest.fixture
def begin(qtbot, make_window, open_in, journal):
    """Opens a file in review mode."""

    def beginner(source, **settings):
        window = make_window(journal=f"sqlite:///{journal}", reviewer="cy", **settings)
        open_in(window, source)
        strike(Qt.Key.Key_R, CTRL)
        wait(qtbot, window)
        return window

    return beginner


def wait(qtbot, window) -> None:
    review = window.reviewing.review
    qtbot.waitUntil(lambda: not review.busy, timeout=10_000)
    qtbot.waitUntil(lambda: all(each.state is not State.SAVING for each in review.history.listed()))


def say(tmp_path, source, reviewer, *said) -> None:
    """What another reviewer says of the vehicles, one after the other."""
    from alprviewer.capture.spans import SpanReader
    from alprviewer.review.subjects import Subjects

    capture = captured(source)
    reader, journal = SpanReader(capture), SqliteJournal(tmp_path / "journal.sqlite")
    try:
        pen, subjects = Pen(journal, reviewer, tmp_path / reviewer), Subjects(capture, reader)
        for row, (act, plate) in enumerate(said):
            pen.write(pen.entry(act, Scope.READ, [subjects.read(row)], plate=plate, blind=reviewer == "bob"))
    finally:
        reader.close()
        journal.close()


@pytest.fixture
def disputed(qtbot, tmp_path, vehicles, begin):
    """A window on the disputes about two of the three vehicles."""
    say(tmp_path, vehicles, "ann", (Act.CORRECT, "AB023"), (Act.CORRECT, "AB123"), (Act.CORRECT, "AB223"))
    say(tmp_path, vehicles, "bob", (Act.CORRECT, "AB023"), (Act.WRONG, "A8123"), (Act.UNREADABLE, None))
    window = begin(vehicles)
    review = window.reviewing.review
    qtbot.waitUntil(lambda: sum(review.decided.read(row).disputed for row in range(3)) == 2)
    strike(Qt.Key.Key_4, ALT)
    qtbot.waitUntil(lambda: not review.busy and review.sight.total == 2)
    return window


def test_answers_are_chosen_by_their_digits(qtbot, disputed, journal):
    page, review = disputed.reviewing.page, disputed.reviewing.review
    parts = page.adjudication
    assert parts.cards.isVisible()
    assert not page.candidates.isVisible()
    said = parts.cards.accessibleDescription()
    assert said.startswith("1: AB123, ann · ")
    assert "2: A8123, bob · blind · " in said
    assert parts.disputes.accessibleDescription() == "AB123 or A8123; AB223 or unreadable"
    assert parts.agreement.accessibleDescription() == "ann and bob: 1/3 · κ 0.00 · 10.0 %"
    assert parts.checked.accessibleDescription() == "Nobody was checked with a known answer."
    strike(Qt.Key.Key_2)
    wait(qtbot, disputed)
    assert review.sight.at == 1
    strike(Qt.Key.Key_E)
    strike(Qt.Key.Key_End)
    write_keys("9")
    strike(Qt.Key.Key_Return)
    wait(qtbot, disputed)
    found = entries(journal)[-2:]
    assert [(each.act, each.plate, each.adjudicates, each.shown) for each in found] == [
        (Act.WRONG, "A8123", True, "AB123"),
        (Act.WRONG, "AB2239", True, "AB223"),
    ]
    qtbot.waitUntil(lambda: review.queue.remaining == 0)
    qtbot.waitUntil(lambda: "settled: AB2239" in parts.disputes.accessibleDescription())
    strike(Qt.Key.Key_K)
    wait(qtbot, disputed)
    assert page.standing.text().startswith("Settled: A8123, by cy; ann: AB123 · bob: A8123")


def test_answers_are_chosen_by_the_mouse(qtbot, disputed, journal):
    parts, review = disputed.reviewing.page.adjudication, disputed.reviewing.review
    place = parts.disputes._box(1).center().toPoint()
    qtbot.mouseClick(parts.disputes, Qt.MouseButton.LeftButton, pos=place)
    wait(qtbot, disputed)
    assert review.sight.at == 1
    place = parts.cards.box(1).center().toPoint()
    qtbot.mouseClick(parts.cards, Qt.MouseButton.LeftButton, pos=place)
    wait(qtbot, disputed)
    assert [(each.act, each.adjudicates) for each in entries(journal)[-1:]] == [(Act.UNREADABLE, True)]
    assert review.sight.at == 0


def test_other_queues_have_no_answers(qtbot, disputed):
    page = disputed.reviewing.page
    strike(Qt.Key.Key_1, ALT)
    wait(qtbot, disputed)
    parts = page.adjudication
    assert not any(each.isVisible() for each in (parts.cards, parts.disputes, parts.agreement))
    assert page.candidates.isVisible()
    strike(Qt.Key.Key_4, ALT)
    wait(qtbot, disputed)
    strike(Qt.Key.Key_B)
    assert not parts.cards.isVisible()
    assert "bob" not in page.standing.text()


def test_a_quiet_word_about_an_item_whose_answer_was_known(qtbot, tmp_path, vehicles, begin, journal):
    known_plates(tmp_path, captured(vehicles), {0: "AB023", 1: "AB777"})
    window = begin(vehicles, check_percent=66)
    page, review = window.reviewing.page, window.reviewing.review
    qtbot.waitUntil(lambda: len(review.queue.known) == 2)
    wait(qtbot, window)
    assert page.standing.text() == ""
    strike(Qt.Key.Key_A)
    qtbot.waitUntil(page.check_note.isVisible)
    assert page.check_note.text() == "The answer was known: AB023, as you said."
    wait(qtbot, window)
    strike(Qt.Key.Key_A)
    qtbot.waitUntil(lambda: page.check_note.text() == "The answer was known: AB777. You said AB123.")
    wait(qtbot, window)
    strike(Qt.Key.Key_A)
    wait(qtbot, window)
    assert not page.check_note.isVisible()
    strike(Qt.Key.Key_4, ALT)
    missed = page.adjudication.checked
    qtbot.waitUntil(lambda: missed.accessibleDescription() == "cy: 1/2 · 50.0 %")
    assert missed.isVisible()
    assert [each.gold for each in entries(journal)] == [Gold.IMPORTED] * 2 + [Gold.CHECK] * 2 + [None]


def test_nobody_is_told_where_the_settings_say_so(qtbot, tmp_path, vehicles, begin):
    known_plates(tmp_path, captured(vehicles), {0: "AB023", 1: "AB777"})
    window = begin(vehicles, check_percent=66, check_told=False)
    review = window.reviewing.review
    qtbot.waitUntil(lambda: len(review.queue.known) == 2)
    wait(qtbot, window)
    for _ in range(2):
        strike(Qt.Key.Key_A)
        wait(qtbot, window)
    qtbot.waitUntil(lambda: review.decided.checked() != [])
    assert not window.reviewing.page.check_note.isVisible()


def test_a_decision_is_marked_as_known_by_its_key(qtbot, vehicles, begin, journal):
    window = begin(vehicles)
    page, review = window.reviewing.page, window.reviewing.review
    strike(Qt.Key.Key_M, SHIFT)
    assert "decide it first" in page.notice.text()
    strike(Qt.Key.Key_A)
    wait(qtbot, window)
    strike(Qt.Key.Key_K)
    wait(qtbot, window)
    qtbot.waitUntil(lambda: review.sight.standing.decision is not None)
    strike(Qt.Key.Key_M, SHIFT)
    qtbot.waitUntil(lambda: "a known answer" in page.standing.text())
    assert entries(journal)[-1].gold is Gold.MARKED


def test_what_is_near_a_listed_plate_says_so(qtbot, tmp_path, vehicles, begin):
    names = tmp_path / "plates.txt"
    names.write_text("# stolen\nAB1Z3\n")
    window = begin(vehicles, listed_plates=("=QQ999",), listed_file=str(names))
    review = window.reviewing.review
    strike(Qt.Key.Key_3, ALT)
    qtbot.waitUntil(lambda: not review.busy and review.sight.total == 3)
    why = {review.queue.item(at).rows: review.queue.item(at).why for at in range(3)}
    assert [rows for rows in why if "near listed AB1Z3, one character: 2 for Z" in why[rows]] == [(1,)]
    names.unlink()
    strike(Qt.Key.Key_Escape)
    strike(Qt.Key.Key_R, CTRL)
    wait(qtbot, window)
    assert window.strip.isVisible()
