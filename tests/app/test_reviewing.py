"""Review mode in the real window, by keys alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from alprviewer.core.chain import check_chain
from alprviewer.core.decision import Act, Scope
from alprviewer.core.plates import normal_form
from alprviewer.models.reviewhistory import State
from alprviewer.review import sqlite
from alprviewer.review.pen import Pen
from alprviewer.review.sqlite import SqliteJournal
from alprviewer.views.review.keys import KEYS
from tests.helpers.opening import REAL, SAMPLE, frame, needs_real, write
from tests.helpers.reviewing import decide_by_keys, entries, strike, true_plate, truths, write_keys
from tests.helpers.smalldisk import on_a_small_disk

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def journal(tmp_path) -> Path:
    """Where decisions go."""
    return tmp_path / "journal.sqlite"


@pytest.fixture
def begin(qtbot, make_window, open_in, journal):
    """Opens sources and enters review mode by its key."""

    def beginner(*sources, **settings):
        window = make_window(journal=f"sqlite:///{journal}", reviewer="ann", **settings)
        open_in(window, *sources)
        strike(Qt.Key.Key_R, CTRL)
        assert window.reviewing.active
        qtbot.waitUntil(lambda: not window.reviewing.review.busy, timeout=20_000)
        return window

    return beginner


@pytest.fixture
def few(tmp_path) -> Path:
    """Three vehicles with two reads each."""
    frames = [
        frame(f"AB{vehicle}23", 1782889214972 + 100_000 * vehicle + 200 * read)
        for vehicle in range(3)
        for read in range(2)
    ]
    return write(tmp_path / "few.jsonl", frames)


def wait(qtbot, window) -> None:
    qtbot.waitUntil(lambda: not window.reviewing.review.busy, timeout=10_000)


def wait_saved(qtbot, window) -> None:
    listed = window.reviewing.review.history.listed
    qtbot.waitUntil(lambda: all(each.state is not State.SAVING for each in listed()), timeout=10_000)


@pytest.mark.uncounted
@needs_real
@pytest.mark.parametrize("name", ["us-passes", "eu-passes"])
def test_all_passes_are_decided_right_by_keys_alone(qtbot, begin, journal, name):
    known = truths(REAL / f"{name}.truth.csv")
    window = begin(REAL / f"{name}.jsonl")
    review = window.reviewing.review
    assert review.queue is not None
    expected = [true_plate(window, review.queue.item(at).rows, known) for at in range(len(review.queue))]
    assert len(expected) > 50
    strike(Qt.Key.Key_G)
    write_keys("1")
    strike(Qt.Key.Key_Return)
    for _ in expected:
        wait(qtbot, window)
        assert review.sight.item is not None
        decide_by_keys(window, expected[review.sight.at])
    wait_saved(qtbot, window)
    qtbot.waitUntil(lambda: review.queue.remaining == 0)
    standing = review.queue.standing
    # What was saved comes back from the journal a moment later.
    qtbot.waitUntil(lambda: all(standing(at).decision is not None for at in range(len(expected))))
    for at, plate in enumerate(expected):
        decision = standing(at).decision
        assert normal_form(decision.entry.plate or "") == normal_form(plate)
    found = entries(journal)
    assert len(found) == len(expected)
    assert sum(len(each.reads) for each in found) <= len(known)
    opened = SqliteJournal(journal, reading_only=True)
    try:
        (head,) = opened.heads()
        assert check_chain(opened.chain(head.writer)).faults == ()
    finally:
        opened.close()


@pytest.mark.uncounted
def test_the_sample_is_accepted_from_its_first_to_its_last_pass(qtbot, begin, journal):
    window = begin(SAMPLE)
    review = window.reviewing.review
    total = review.sight.total
    said = []
    for _ in range(total):
        wait(qtbot, window)
        said.append(review.sight.plate)
        strike(Qt.Key.Key_Space)
    wait_saved(qtbot, window)
    assert [each.plate for each in entries(journal)] == said
    assert {each.act for each in entries(journal)} == {Act.CORRECT}
    assert review.queue.remaining == 0


def test_a_camera_is_named_as_in_the_tables(qtbot, begin):
    window = begin(SAMPLE)
    wait(qtbot, window)
    told = window.reviewing.page.place.text()
    assert "camera North gate" in told or "camera Exit ramp" in told


def test_every_key_does_what_the_card_says(  # noqa: PLR0915 - there are that many keys
    qtbot, begin, few, journal
):
    window = begin(few)
    review, page = window.reviewing.review, window.reviewing.page
    picture = page.picture
    strike(Qt.Key.Key_J)
    wait(qtbot, window)
    assert review.sight.at == 1
    strike(Qt.Key.Key_K)
    wait(qtbot, window)
    strike(Qt.Key.Key_Down)
    wait(qtbot, window)
    strike(Qt.Key.Key_Up)
    wait(qtbot, window)
    assert review.sight.at == 0
    first = review.sight.read
    strike(Qt.Key.Key_BracketRight if review.sight.item.rows[0] == first else Qt.Key.Key_BracketLeft)
    wait(qtbot, window)
    assert review.sight.read != first
    strike(Qt.Key.Key_V)
    assert review.sight.scope is Scope.READ
    strike(Qt.Key.Key_V)
    for key, name, changed in (
        (Qt.Key.Key_Plus, "zoom", True),
        (Qt.Key.Key_C, "contrast", True),
        (Qt.Key.Key_I, "invert", True),
        (Qt.Key.Key_Q, "rectified", True),
        (Qt.Key.Key_O, "overlays", True),
    ):
        before = picture.state()[name]
        strike(key)
        assert (picture.state()[name] != before) is changed
    looks = picture.state()
    strike(Qt.Key.Key_N)
    wait(qtbot, window)
    assert picture.state() == looks
    strike(Qt.Key.Key_N, SHIFT)
    wait(qtbot, window)
    assert review.sight.at == 0
    strike(Qt.Key.Key_W)
    assert picture.zoom == 1.0
    QTest.keyPress(page, Qt.Key.Key_Z)
    assert picture.one_to_one
    QTest.keyRelease(page, Qt.Key.Key_Z)
    assert not picture.one_to_one
    strike(Qt.Key.Key_M)
    qtbot.waitUntil(lambda: review.sight.standing.marked)
    strike(Qt.Key.Key_T)
    write_keys("dirty, ajx")
    strike(Qt.Key.Key_Return)
    strike(Qt.Key.Key_Return, CTRL)
    write_keys("Ask x a j.")
    strike(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(review.sight.standing.notes))
    assert review.sight.standing.tags == {"dirty", "ajx"}
    assert review.sight.at == 0
    strike(Qt.Key.Key_R)
    write_keys("us-ca")
    strike(Qt.Key.Key_Return)
    wait(qtbot, window)
    strike(Qt.Key.Key_X)
    wait(qtbot, window)
    strike(Qt.Key.Key_U)
    wait_saved(qtbot, window)
    acts = [each.act for each in entries(journal)]
    assert acts[-3:] == [Act.WRONG_REGION, Act.NOT_A_PLATE, Act.UNREADABLE]
    strike(Qt.Key.Key_Z, CTRL)
    wait(qtbot, window)
    strike(Qt.Key.Key_Z, CTRL | SHIFT)
    wait(qtbot, window)
    strike(Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: len(entries(journal)) == len(acts) + 3)
    assert [each.act for each in entries(journal)][-3:] == [Act.UNDO, Act.REDO, Act.UNDO]
    strike(Qt.Key.Key_4, ALT)
    assert review.queue_name == "disputed"
    strike(Qt.Key.Key_1, ALT)
    wait(qtbot, window)
    strike(Qt.Key.Key_Question, SHIFT)
    assert page.card.isVisible()
    strike(Qt.Key.Key_A)  # any key closes the card, and does nothing else
    assert not page.card.isVisible()
    strike(Qt.Key.Key_C, CTRL | SHIFT)
    assert QApplication.clipboard().text() == review.sight.plate
    strike(Qt.Key.Key_Slash)
    assert not window.reviewing.active
    assert window.filtering.box.isVisible()


def test_letters_do_not_act_while_something_is_typed(qtbot, begin, few, journal):
    window = begin(few)
    review, cells = window.reviewing.review, window.reviewing.page.cells
    strike(Qt.Key.Key_E)
    assert cells.caret is not None
    write_keys("AXU1SJ")
    assert review.sight.at == 0
    assert "AXU1SJ" in cells.text
    strike(Qt.Key.Key_Escape)
    assert cells.text == review.sight.plate
    assert window.reviewing.active
    assert review.history.last() is None
    strike(Qt.Key.Key_A)
    wait_saved(qtbot, window)
    assert len(entries(journal)) == 1


def say_as_another(journal, window, act, **more) -> None:
    """Another reviewer says something of what is on the screen, and the window has heard of it."""
    reads = next(each for each in reversed(entries(journal)) if each.act is Act.MARK).reads
    with closing(SqliteJournal(journal)) as opened:
        pen = Pen(opened, "ben", journal.parent / "state-ben")
        pen.write(pen.entry(act, Scope.PASS, reads, **more))


@pytest.mark.parametrize(("key", "modifier"), [(Qt.Key.Key_T, None), (Qt.Key.Key_Return, CTRL)])
def test_what_others_say_of_the_item_ends_no_typing(qtbot, begin, few, journal, key, modifier):
    window = begin(few)
    review = window.reviewing.review
    strike(Qt.Key.Key_M)
    qtbot.waitUntil(lambda: review.sight.standing.marked)
    strike(key, modifier or Qt.KeyboardModifier.NoModifier)
    write_keys("ax")
    say_as_another(journal, window, Act.TAGS, tags=("night",))
    qtbot.waitUntil(lambda: "night" in review.sight.standing.tags, timeout=10_000)
    write_keys("us")
    strike(Qt.Key.Key_Return)
    wait_saved(qtbot, window)
    found = entries(journal)[-1]
    assert "axus" in (found.note or found.tags)
    assert review.queue.remaining == 3


@pytest.mark.parametrize("blind", [False, True])
def test_what_others_say_of_the_item_leaves_the_cells_as_they_were_typed(qtbot, begin, few, journal, blind):
    window = begin(few)
    review = window.reviewing.review
    strike(Qt.Key.Key_M)
    qtbot.waitUntil(lambda: review.sight.standing.marked)
    strike(Qt.Key.Key_B if blind else Qt.Key.Key_E)
    strike(Qt.Key.Key_Home)
    write_keys("XX")
    say_as_another(journal, window, Act.TAGS, tags=("night",))
    qtbot.waitUntil(lambda: "night" in review.sight.standing.tags, timeout=10_000)
    write_keys("AXU")
    strike(Qt.Key.Key_Return)
    wait_saved(qtbot, window)
    assert entries(journal)[-1].plate == "XXAXU"


def test_what_is_struck_before_the_picture_is_there_is_typed(qtbot, begin, journal):
    window = begin(SAMPLE)
    review = window.reviewing.review
    strike(Qt.Key.Key_G)
    write_keys("50")
    strike(Qt.Key.Key_Return)
    assert review.busy
    strike(Qt.Key.Key_E)
    strike(Qt.Key.Key_Home)
    write_keys("AXUS1FP")
    assert review.busy
    strike(Qt.Key.Key_Return)
    wait(qtbot, window)
    wait_saved(qtbot, window)
    (found,) = entries(journal)
    assert found.act is Act.WRONG
    assert (found.plate or "").startswith("AXUS1FP")
    # Escape takes back what was asked for too early.
    strike(Qt.Key.Key_G)
    write_keys("20")
    strike(Qt.Key.Key_Return)
    assert review.busy
    strike(Qt.Key.Key_T)
    strike(Qt.Key.Key_Escape)
    wait(qtbot, window)
    assert not window.reviewing.page.typing.active
    assert (review.sight.at, len(entries(journal))) == (19, 1)


def test_a_click_beside_what_is_typed_goes_on_with_it(qtbot, begin, few):
    window = begin(few)
    page = window.reviewing.page
    for key, field in ((Qt.Key.Key_T, page.ask.edit), (Qt.Key.Key_E, page.cells)):
        strike(key)
        qtbot.mouseClick(page, Qt.MouseButton.LeftButton)
        assert QApplication.focusWidget() is field
        strike(Qt.Key.Key_Escape)
        assert QApplication.focusWidget() is page


def test_a_typed_character_overwrites_and_moves_on(qtbot, begin, few, journal):
    window = begin(few)
    cells = window.reviewing.page.cells
    assert cells.text == "AB023"
    strike(Qt.Key.Key_F2)
    strike(Qt.Key.Key_Home)
    strike(Qt.Key.Key_Right)
    write_keys("d")
    assert (cells.text, cells.caret) == ("AD023", 2)
    strike(Qt.Key.Key_Space)  # makes room for one
    write_keys("7")
    assert cells.text == "AD7023"
    strike(Qt.Key.Key_Backspace)
    strike(Qt.Key.Key_Delete)
    strike(Qt.Key.Key_End)
    write_keys("9")
    assert cells.text == "AD239"
    strike(Qt.Key.Key_Enter)
    wait_saved(qtbot, window)
    (found,) = entries(journal)
    assert (found.act, found.plate, found.shown) == (Act.WRONG, "AD239", "AB023")


def test_blind_review_goes_on_without_a_key_between_two_plates(qtbot, begin, few, journal):
    window = begin(few)
    page = window.reviewing.page
    strike(Qt.Key.Key_B)
    assert page.cells.is_hidden
    assert page.candidates.count() == 0
    assert not page.sheet.isVisible()
    assert "AB023" not in page.caption.text()
    write_keys("AB023")
    strike(Qt.Key.Key_Return)
    wait(qtbot, window)
    write_keys("XX1")
    strike(Qt.Key.Key_Return)
    wait_saved(qtbot, window)
    found = entries(journal)
    assert [(each.act, each.plate, each.blind) for each in found] == [
        (Act.CORRECT, "AB023", True),
        (Act.WRONG, "XX1", True),
    ]


def test_what_was_decided_is_told_with_its_region(qtbot, begin, few):
    window = begin(few)
    page = window.reviewing.page
    strike(Qt.Key.Key_R)
    write_keys("us-ca")
    strike(Qt.Key.Key_Return)
    wait(qtbot, window)
    strike(Qt.Key.Key_K)
    wait(qtbot, window)
    qtbot.waitUntil(lambda: page.standing.text() == "Resolved: AB023, region us-ca, by ann")


def test_a_reason_is_kept_with_the_next_verdict_on_its_item(qtbot, begin, few, journal):
    window = begin(few)
    page = window.reviewing.page

    def because(text):
        strike(Qt.Key.Key_Y)
        write_keys(text)
        strike(Qt.Key.Key_Return)

    because("mud, axu")
    assert "mud, axu" in page.notice.text()
    strike(Qt.Key.Key_M)
    strike(Qt.Key.Key_X)
    wait(qtbot, window)
    because("never said")
    strike(Qt.Key.Key_J)
    wait(qtbot, window)
    strike(Qt.Key.Key_U)
    wait(qtbot, window)
    wait_saved(qtbot, window)
    assert [(each.act, each.reason) for each in entries(journal)] == [
        (Act.MARK, ""),
        (Act.NOT_A_PLATE, "mud, axu"),
        (Act.UNREADABLE, ""),
    ]
    strike(Qt.Key.Key_K)
    wait(qtbot, window)
    qtbot.waitUntil(lambda: "by ann · mud, axu" in page.standing.text())


def test_odd_characters_of_tags_are_left_out(qtbot, begin, few, journal):
    window = begin(few)
    strike(Qt.Key.Key_T)
    window.reviewing.page.ask.edit.setText("a\tb\x7f, " + "x" * 300)
    strike(Qt.Key.Key_Return)
    wait_saved(qtbot, window)
    (found,) = entries(journal)
    assert found.tags == ("a b", "x" * (200 - len("a\tb\x7f, ")))


def test_that_all_is_decided_stays_said_when_the_journal_has_it(qtbot, begin, few, journal):
    window = begin(few)
    review, page = window.reviewing.review, window.reviewing.page
    for _ in range(3):
        strike(Qt.Key.Key_A)
        wait(qtbot, window)
    said = page.notice.text()
    assert "decided" in said
    wait_saved(qtbot, window)
    qtbot.waitUntil(lambda: review.sight.standing.decision is not None)
    assert page.notice.text() == said
    strike(Qt.Key.Key_K)
    wait(qtbot, window)
    assert page.notice.text() == ""


def test_leaving_shows_the_read_in_the_tables_with_its_decision(qtbot, begin, few, settle):
    window = begin(few)
    strike(Qt.Key.Key_U)
    wait_saved(qtbot, window)
    wait(qtbot, window)
    read = window.reviewing.review.sight.read
    strike(Qt.Key.Key_Escape)
    settle(window)
    assert not window.reviewing.active
    assert window.current.selection == ("reads", read)
    model = window.models["reads"]
    assert [model.text_of(row, "decision") for row in (0, 1, 2)] == ["unreadable", "unreadable", "—"]
    window.filtering.box.set_text("decision:unreadable")
    settle(window)
    assert model.rowCount() == 2


def test_only_what_the_filter_shows_is_reviewed(qtbot, begin, few, settle):
    window = begin(few)
    strike(Qt.Key.Key_Escape)
    window.filtering.box.set_text("plate:AB1*")
    settle(window)
    window.browser.table(window.browser.tab).setFocus()
    strike(Qt.Key.Key_R, CTRL)
    wait(qtbot, window)
    assert window.reviewing.review.sight.total == 1
    assert window.reviewing.review.sight.plate == "AB123"


def test_other_keys_from_the_settings(qtbot, begin, few, journal):
    window = begin(few, review_keys=("accept=Y", "nonsense=1", "skip="))
    strike(Qt.Key.Key_A)
    strike(Qt.Key.Key_Space)
    assert window.reviewing.review.history.last() is None
    strike(Qt.Key.Key_Y)
    wait_saved(qtbot, window)
    assert len(entries(journal)) == 1


def test_everything_can_be_done_with_the_mouse(qtbot, begin, few, journal):
    window = begin(few)
    page, review = window.reviewing.page, window.reviewing.review
    row = page.candidates._box(1).center().toPoint()
    qtbot.mouseClick(page.candidates, Qt.MouseButton.LeftButton, pos=row)
    wait(qtbot, window)
    assert review.sight.at == 1
    page.key_line.grab()
    box = next(box for box, name in page.key_line._boxes if name == "unreadable")
    qtbot.mouseClick(page.key_line, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    wait_saved(qtbot, window)
    assert [each.act for each in entries(journal)] == [Act.WRONG, Act.UNREADABLE]
    # What was saved comes back from the journal a moment later; a queue is made of what has come.
    qtbot.waitUntil(lambda: len(review.decided) == 2)
    qtbot.mouseClick(page.queues["mine"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: review.sight.total == 2)
    qtbot.mouseClick(page.blind_pill, Qt.MouseButton.LeftButton)
    assert review.blind


def test_the_menu_names_every_command_with_its_key(qtbot, begin, few, journal):
    window = begin(few)
    menu = window.menus.menus["&Review"]
    menu.aboutToShow.emit()
    menu.aboutToShow.emit()  # again, with what stands there already
    texts = {action.text() for action in menu.actions()}
    assert "Unreadable\tU" in texts
    assert len([text for text in texts if "\t" in text]) == len(KEYS) - 2
    next(action for action in menu.actions() if action.text() == "Unreadable\tU").trigger()
    wait_saved(qtbot, window)
    assert [each.act for each in entries(journal)] == [Act.UNREADABLE]


def test_how_crops_are_looked_at_is_remembered(begin, few, make_window):
    window = begin(few)
    strike(Qt.Key.Key_C)
    strike(Qt.Key.Key_O)
    session = window.session()
    again = make_window(session)
    assert again.reviewing.page.state() == window.reviewing.page.state()
    assert not again.reviewing.page.picture.overlays


def test_a_journal_that_cannot_be_written_is_said(qtbot, begin, few, journal):
    journal.mkdir()
    window = begin(few)
    strike(Qt.Key.Key_A)
    qtbot.waitUntil(lambda: "Not saved" in window.reviewing.page.notice.text())
    assert window.strip.isVisible()
    assert window.reviewing.review.history.listed()[0].state is State.REFUSED


def until_refused(qtbot, window) -> int:
    """Decide by keys until a decision cannot be saved; how many were saved before."""
    review, saved = window.reviewing.review, 0
    while not review.history.listed() or review.history.listed()[0].state is not State.REFUSED:
        wait(qtbot, window)
        strike(Qt.Key.Key_A)
        wait_saved(qtbot, window)
        saved += review.history.listed()[0].state is State.SAVED
    return saved


def assert_said(window, words, journal, saved) -> None:
    """The screen says why, and shows as decided only what is in the journal."""
    review = window.reviewing.review
    assert words in window.reviewing.page.notice.text()
    assert window.strip.isVisible()
    assert review.history.listed()[0].words == "correct, not saved"
    assert review.queue.remaining == review.sight.total - saved
    assert len(entries(journal)) == saved


def goes_on(qtbot, window, journal, saved) -> None:
    """Backspace returns to what was refused, and now it is kept."""
    review = window.reviewing.review
    strike(Qt.Key.Key_Backspace)
    wait(qtbot, window)
    strike(Qt.Key.Key_A)
    wait_saved(qtbot, window)
    assert review.history.listed()[0].state is State.SAVED
    assert len(entries(journal)) == saved + 1
    qtbot.waitUntil(lambda: review.queue.remaining == review.sight.total - saved - 1)
    journal = SqliteJournal(journal, reading_only=True)
    try:
        (head,) = journal.heads()
        assert check_chain(journal.chain(head.writer)).faults == ()
    finally:
        journal.close()


def on(disk, make_window, open_in, qtbot, source):
    """A window in review mode whose journal is on that disk."""
    journal = disk.folder / "journal.sqlite"
    window = open_in(make_window(journal=f"sqlite:///{journal}", reviewer="ann"), source)
    strike(Qt.Key.Key_R, CTRL)
    wait(qtbot, window)
    return window, journal


@on_a_small_disk
def test_a_disk_that_becomes_full_while_deciding(disk, qtbot, make_window, open_in):
    window, journal = on(disk, make_window, open_in, qtbot, SAMPLE)
    strike(Qt.Key.Key_A)
    wait_saved(qtbot, window)
    disk.fill()
    saved = 1 + until_refused(qtbot, window)
    assert_said(window, "has no room left on its disk; free some", journal, saved)
    disk.empty()
    goes_on(qtbot, window, journal, saved)


@on_a_small_disk
def test_a_journal_where_nobody_may_write(disk, qtbot, make_window, open_in, few):
    (disk.folder / "journal.sqlite").touch()
    disk.mount("ro")
    window, journal = on(disk, make_window, open_in, qtbot, few)
    strike(Qt.Key.Key_A)
    wait_saved(qtbot, window)
    assert "may not be written here" in window.reviewing.page.notice.text()
    assert window.reviewing.review.history.listed()[0].state is State.REFUSED
    assert window.reviewing.review.queue.remaining == 3
    disk.mount("rw")
    goes_on(qtbot, window, journal, 0)


def test_a_journal_that_another_program_holds(qtbot, begin, few, journal, monkeypatch):
    monkeypatch.setattr(sqlite, "PATIENCE", 0.1)
    window = begin(few)
    strike(Qt.Key.Key_A)
    wait_saved(qtbot, window)
    with closing(sqlite3.connect(journal)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert until_refused(qtbot, window) == 0
        assert_said(window, "is locked by another program", journal, 1)
        other.rollback()
    goes_on(qtbot, window, journal, 1)


def test_an_empty_capture_is_said(qtbot, begin, tmp_path):
    window = begin(write(tmp_path / "none.jsonl", [frame(results=[])]))
    assert window.reviewing.page.empty.text() == "There are no reads to review."
    strike(Qt.Key.Key_A)
    strike(Qt.Key.Key_E)
    strike(Qt.Key.Key_Escape)
    assert not window.reviewing.active


def test_every_command_has_a_method_and_keys_of_its_own(qtbot, begin, few):
    window = begin(few)
    page = window.reviewing.page
    assert set(page._commands) == {spec.name for spec in KEYS}
    keys = [key for spec in KEYS for key in spec.keys]
    assert len(keys) == len(set(keys))
