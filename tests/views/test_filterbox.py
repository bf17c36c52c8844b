"""The filter box: typing, keys, suggestions, history, chips, saved queries, the place of an error."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from alprviewer.core.errors import QueryError
from alprviewer.core.query.complete import keywords_that_begin, place_of
from alprviewer.core.query.parse import parse
from alprviewer.views.filterbox import FilterBox
from alprviewer.views.filterchips import words_of
from alprviewer.views.queryedit import QueryEdit

WORDS = ["candidate:", "camera:", "conf>", '"North gate"']
Key = Qt.Key


def suggest(text, cursor):
    place = place_of(text, cursor)
    return [word for word in WORDS if place.typed and place.typed in word] + keywords_that_begin(text, place)


@pytest.fixture
def box(qtbot):
    box = FilterBox(suggest, lambda field: [(f"one & {field}", f"{field}>1")])
    box.resize(900, 60)
    box.query_changed.connect(lambda text: box.show_error(error_of(text)))
    qtbot.addWidget(box)
    with qtbot.waitExposed(box):
        box.show()
    box.activateWindow()
    box.edit.setFocus()
    qtbot.waitUntil(box.edit.hasFocus)
    return box


def error_of(text):
    """What is wrong with a query."""
    try:
        parse(text)
    except QueryError as error:
        return error
    return None


def applied(qtbot, box):
    return qtbot.waitSignal(box.query_changed)


def entries(box):
    box.fill_menu()
    return {action.text(): action for action in box._menu.actions() if not action.isSeparator()}


def test_a_pause_applies_and_so_does_enter(box, qtbot):
    with applied(qtbot, box) as caught:
        qtbot.keyClicks(box.edit, "AB")
    assert caught.args == ["AB"]
    assert box.edit.history == []
    with applied(qtbot, box) as caught:
        qtbot.keyClicks(box.edit, "C")
        qtbot.keyClick(box.edit, Key.Key_Return)
    assert caught.args == ["ABC"]
    assert box.edit.history == ["ABC"]


def test_escape_clears_and_then_leaves(box, qtbot):
    box.set_text("ABC")
    with applied(qtbot, box) as caught:
        qtbot.keyClick(box.edit, Key.Key_Escape)
    assert caught.args == [""]
    with qtbot.waitSignal(box.left):
        qtbot.keyClick(box.edit, Key.Key_Escape)


def test_deleting_all_applies_at_once(box, qtbot):
    box.set_text("A")
    with applied(qtbot, box) as caught:
        qtbot.keyClick(box.edit, Key.Key_Backspace)
    assert caught.args == [""]


def test_the_place_of_an_error_is_marked_and_said(box, qtbot):
    def reddish() -> int:
        image = box.edit.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return sum(colour.red() > colour.blue() + 40 for colour in colours)

    qtbot.keyClicks(box.edit, "conf>90 margin<x")
    # Letters may have soft edges of any colour, where the stripes of a screen's pixels are used for them.
    unmarked = reddish()
    qtbot.keyClick(box.edit, Key.Key_Return)
    assert box.error == "Expected a number (character 16 of the query)."
    assert reddish() > unmarked
    assert box.edit.history == []
    qtbot.keyClick(box.edit, Key.Key_Backspace)
    assert box.edit.marked is None
    assert reddish() <= unmarked
    with applied(qtbot, box):
        qtbot.keyClicks(box.edit, "5")
        qtbot.keyClick(box.edit, Key.Key_Return)
    assert box.error == ""


def test_suggestions_are_taken_with_the_keys(box, qtbot):
    qtbot.keyClicks(box.edit, "conf>5 cam")
    assert box.edit.suggested == ["camera:"]
    qtbot.keyClick(box.edit._popup, Key.Key_Down)
    qtbot.keyClick(box.edit._popup, Key.Key_Return)
    assert box.text == "conf>5 camera:"
    qtbot.keyClicks(box.edit, "ga")
    assert box.edit.suggested == ['"North gate"']
    qtbot.keyClick(box.edit._popup, Key.Key_Down)
    with applied(qtbot, box):
        qtbot.keyClick(box.edit._popup, Key.Key_Return)
    assert box.text == 'conf>5 camera:"North gate" '
    assert not box.edit.is_suggesting


def test_a_keyword_is_taken_and_the_query_waits_for_its_term(box, qtbot):
    qtbot.keyClicks(box.edit, "conf>5 O")
    assert box.edit.suggested == ["OR"]
    qtbot.keyClick(box.edit._popup, Key.Key_Down)
    with qtbot.assertNotEmitted(box.query_changed, wait=400):
        qtbot.keyClick(box.edit._popup, Key.Key_Return)
    assert box.text == "conf>5 OR "
    qtbot.keyClicks(box.edit, "AB1")
    with applied(qtbot, box) as caught:
        qtbot.keyClick(box.edit, Key.Key_Return)
    assert caught.args == ["conf>5 OR AB1"]


def test_enter_applies_what_was_typed_while_suggestions_are_open(box, qtbot):
    qtbot.keyClicks(box.edit, "cam")
    assert box.edit.is_suggesting
    with applied(qtbot, box) as caught:
        qtbot.keyClick(box.edit._popup, Key.Key_Return)
    assert caught.args == ["cam"]
    assert not box.edit.is_suggesting


def test_escape_closes_suggestions_first(box, qtbot):
    qtbot.keyClicks(box.edit, "cam")
    qtbot.keyClick(box.edit._popup, Key.Key_Escape)
    assert not box.edit.is_suggesting
    assert box.text == "cam"


def test_the_arrows_go_through_the_history(box, qtbot):
    for text in ("one", "two", "one", "three"):
        box.set_text(text)
    assert box.edit.history == ["three", "one", "two"]
    box.edit.show_text("draft")
    seen = []
    for key in (Key.Key_Up, Key.Key_Up, Key.Key_Up, Key.Key_Up, Key.Key_Down):
        qtbot.keyClick(box.edit, key)
        seen.append(box.text)
    assert seen[:2] == ["three", "one"]
    assert box.text in ("three", "one", "two", "draft")


def test_saved_and_recent_queries(box):
    box.set_text("conf>90")
    entries(box)["&Save this filter"].trigger()
    assert box.saved == ["conf>90"]
    box.set_text("A & B")
    assert list(entries(box)) == [
        "&Save this filter",
        "&Forget this saved filter",
        "Saved",
        "conf>90",
        "Recent",
        "A && B",
        "&Clear the recent ones",
    ] or "conf>90" in entries(box)
    entries(box)["conf>90"].trigger()
    assert box.text == "conf>90"
    assert not entries(box)["&Save this filter"].isEnabled()
    entries(box)["&Forget this saved filter"].trigger()
    assert box.saved == []
    entries(box)["&Clear the recent ones"].trigger()
    assert box.edit.history == []


def test_state(box, qtbot):
    box.set_text("conf>90")
    box.saved.append("x")
    state = box.state()
    assert state == {"text": "conf>90", "history": ["conf>90"], "saved": ["x"]}
    box.restore({"history": ["a", 5], "saved": "?"})
    assert (box.edit.history, box.saved) == (["a"], ["x"])


def test_chips_show_what_is_asked_and_offer_more(box, qtbot):
    chip = box.chips.chips["conf"]
    assert (chip.text(), chip.is_set) == ("Confidence", False)
    box.show_tree(parse("conf>90 plate:A time:07:00..07:20"))
    assert (chip.text(), chip.is_set) == ("Confidence > 90", True)
    assert box.chips.chips["time"].text() == "07:00 – 07:20"
    menu = chip.menu()
    nothing, _, one = menu.actions()
    assert nothing.isEnabled()
    assert one.text() == "one && conf"
    with qtbot.waitSignal(box.term_wanted) as caught:
        one.trigger()
    assert caught.args == ["conf", "conf>1"]
    with qtbot.waitSignal(box.term_wanted) as caught:
        nothing.trigger()
    assert caught.args == ["conf", ""]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("camera:7", "7"),
        ('camera:"North gate"', "North gate"),
        ("conf:..70", "– 70"),
        ("time:2026-07-01", "2026-07-01"),
        ("-camera:7", "-camera:7"),
        ("time:2026-07-01T07:00Z..2026-07-01T07:19Z", "2026-07-01 07:00Z – 07:19Z"),
        ("time:2026-07-01..2026-07-02", "2026-07-01 – 2026-07-02"),
    ],
)
def test_words_of_chips(query, words):
    assert words_of((parse(query),)) == words


def test_a_chip_opens_its_menu(box, qtbot):
    chip = box.chips.chips["camera"]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    menu = chip.findChild(type(chip.menu()))
    assert menu is not None
    menu.close()


def test_the_line_alone(qtbot):
    edit = QueryEdit(lambda *_: [])
    qtbot.addWidget(edit)
    edit.show_text("AB")
    edit.suggest()
    assert edit.suggested == []


def test_what_a_search_for_misreads_accepts_is_said(box):
    assert box.accepted == ""
    box.show_tree(parse("%A8"))
    assert box.accepted == "Accepts A(4) 8(B) – 4 readings"
    box.show_tree(parse("A8"))
    assert box.accepted == ""
