"""The characters of a pass, driven by keys and mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from alprviewer.core.explanation import Explanation, Position, Reading, Saying
from alprviewer.models.currentpass import pass_shown
from alprviewer.models.passshown import NO_PASS_SHOWN, PassRead, PassShown
from alprviewer.views.passes import words as module
from alprviewer.views.passes.strip import CharacterStrip
from alprviewer.views.passes.words import Spot
from tests.helpers.opening import SAMPLE, captured, with_passes

A = Reading("A", 0.75, 0.7, 0.8, (Saying(1, 0.9), Saying(0, 0.4)))
B = Reading("B", 0.2, 0.25, 0.15, (Saying(2, 0.5),))
NONE = Reading("", 0.05, 0.05, 0.05, ())
ONE = Reading("1", 0.999, 0.999, 1.0, (Saying(0, 1.0), Saying(1, 1.0), Saying(2, 1.0)))
READS = tuple(PassRead(row, row, plate, 80.0, None) for row, plate in ((30, "A1"), (10, "A1"), (20, "B1")))
WHY = Explanation("A1", 0.7, 0.65, (Position(A, (B, NONE)), Position(ONE, ())), (("B1", 0.2),), 0.05)
SHOWN = PassShown("7-1-0", READS, "A1", True, 0.7, WHY, (30, 10, 20), 30)


@pytest.fixture
def strip(qtbot):
    made = CharacterStrip()
    qtbot.addWidget(made)
    made.resize(420, 220)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_every_place_has_its_characters(strip):
    strip.show_pass(SHOWN)
    assert strip.columns.spots() == [Spot(0, 0), Spot(0, 1), Spot(0, 2), Spot(1, 0)]
    areas = [strip.columns.rect_of(spot) for spot in strip.columns.spots()]
    for place, area in enumerate(areas):
        assert not any(area.intersects(other) for other in areas[place + 1 :])
    sure, likely = strip.columns.rect_of(Spot(1, 0)), strip.columns.rect_of(Spot(0, 0))
    assert sure.height() > likely.height(), "the surer, the higher"
    assert sure.bottom() == likely.bottom()


def test_a_click_says_which_reads_show_it_the_surest_first(strip, qtbot):
    strip.show_pass(SHOWN)
    wanted = {
        Spot(0, 0): ((10, 30), "2 reads of the pass A1 show A in place 1"),
        Spot(0, 1): ((20,), "1 read of the pass A1 shows B in place 1"),
        Spot(0, 2): ((), "0 reads of the pass A1 show no character in place 1"),
    }
    for spot, said in wanted.items():
        with qtbot.waitSignal(strip.reads_chosen) as chosen:
            at = strip.columns.rect_of(spot).center()
            qtbot.mouseClick(strip.columns, Qt.MouseButton.LeftButton, pos=at)
        assert tuple(chosen.args) == said


def test_the_keyboard_reaches_everything(strip, qtbot):
    strip.show_pass(SHOWN)
    said = []
    strip.reads_chosen.connect(lambda rows, _: said.append(rows))
    key = Qt.Key
    qtbot.keyClick(strip.columns, key.Key_Return)
    assert said == []
    visited = []
    right, left, up, down = key.Key_Right, key.Key_Left, key.Key_Up, key.Key_Down
    for each in (right, down, right, right, left, up, up):
        qtbot.keyClick(strip.columns, each)
        visited.append(strip.columns.spot)
    assert visited == [(0, 0), (0, 1), (1, 0), (1, 0), (0, 0), (0, 0), (0, 0)]
    qtbot.keyClick(strip.columns, key.Key_Enter)
    assert said == [(10, 30)]
    assert "A in place 1: 75 %" in strip.columns.accessibleDescription()


def test_the_part_of_the_formats_is_shown_by_itself():
    assert module.difference(A) == "+5"
    assert module.difference(B) == "−5"
    assert module.difference(ONE) == "0"
    assert (module.percent(0.0), module.percent(0.001), module.percent(0.754)) == ("0", "<1", "75")


def test_words_around(strip):
    strip.show_pass(SHOWN)
    assert module.heading(SHOWN) == "3 reads together say A1 · 70 %"
    assert module.others(SHOWN) == "Else: B1 20 %, with more characters than were read 5 %"
    assert "(A1, A1)" in strip.columns.tip(Spot(0, 0))
    assert "Select a read" in module.heading(NO_PASS_SHOWN)
    assert "being worked out" in module.heading(PassShown("x", READS))
    assert "spells anything" in module.heading(PassShown("x", READS, weighed=True))
    little = PassShown("x", READS[:1], None, True, None, WHY)
    assert (
        module.heading(little)
        == "The one read says too little for a consensus; A1 is the likeliest with 70 %."
    )
    strip.show_pass(NO_PASS_SHOWN)
    assert strip.columns.spots() == []


def test_what_cannot_be_chosen_is_not_gone_to(strip):
    strip.show_pass(NO_PASS_SHOWN)
    strip.columns.go(Spot(3, 1))
    assert strip.columns.spot is None


def test_on_real_passes_every_character_leads_to_reads_of_the_pass(strip, qtbot):
    capture = with_passes(captured(SAMPLE))
    for number in range(0, len(capture.passes), 20):
        rows = capture.passes.reads_of(number)
        shown = pass_shown(capture.columns, capture.passes, int(rows[0]))
        strip.show_pass(shown)
        assert not strip.grab().isNull()
        for spot in strip.columns.spots():
            reading = module.readings_of(shown.explanation.positions[spot.position])[spot.reading]
            assert set(module.said_by(shown, reading)) <= set(rows.tolist())
            assert np.isfinite(reading.probability)
