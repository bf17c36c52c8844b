"""The chart of a whole pass, and the pane that shows it in place of one read's candidates."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from alprviewer.models.passshown import NO_PASS_SHOWN
from alprviewer.views.candidatepane import CandidatePane
from alprviewer.views.chips import Choice
from alprviewer.views.passes.supportchart import SupportChart, shares
from alprviewer.views.passes.words import Spot
from tests.helpers.showing import frame_with
from tests.views.passes.test_strip import SHOWN


@pytest.fixture
def chart(qtbot):
    made = SupportChart()
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show_pass(SHOWN)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def pane(qtbot):
    made = CandidatePane()
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_bars_are_as_long_as_the_support(chart):
    left, right = chart._columns()
    for place, position in enumerate(chart.positions):
        parts = shares(position)
        assert parts[0][2] == 0
        for (number, reading, begin, end), after in zip(parts, [*parts[1:], None], strict=True):
            assert end - begin == pytest.approx(reading.support)
            assert after is None or after[2] == end
            width = chart.rect_of(Spot(place, number)).width()
            assert width == pytest.approx(reading.support * (right - left), abs=1)


def test_a_click_and_a_key_choose_a_character(chart, qtbot):
    chosen = []
    chart.reads_chosen.connect(chosen.append)
    for spot in (Spot(0, 1), Spot(1, 0)):
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.rect_of(spot).center())
    key = Qt.Key
    for each in (key.Key_Up, key.Key_Up, key.Key_Return, key.Key_Down, key.Key_Down, key.Key_Enter):
        qtbot.keyClick(chart, each)
    assert chosen == [(0, 1), (1, 0), (0, 0), (1, 0)]
    assert chart.spot_at(QPoint(1, 5000)) is None
    assert chart.tip(Spot(0, 1)) == "B in place 1: 15 % of the reads by weight; 1 of 3 show it"
    assert "1 in place 2" in chart.accessibleDescription()


def test_without_a_pass_there_is_nothing_to_choose(chart, qtbot):
    chart.show_pass(NO_PASS_SHOWN)
    chosen = []
    chart.reads_chosen.connect(chosen.append)
    for each in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(chart, each)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(100, 10))
    assert chosen == []
    assert chart.current is None


def test_the_pane_changes_between_read_and_pass(pane, qtbot):
    pane.show_item(frame_with(("AB123", 90.0, 0), ("AB128", 80.0, 0)))
    pane.show_pass(SHOWN)
    assert pane.chart.isVisible()
    assert not pane.support.isVisible()
    of_pass = next(each for each in pane.findChildren(Choice) if each.name == "pass")
    qtbot.mouseClick(of_pass, Qt.MouseButton.LeftButton)
    assert pane.support.isVisible()
    assert pane.focusProxy() is pane.support
    with qtbot.waitSignal(pane.reads_chosen) as said:
        at = pane.support.rect_of(Spot(0, 0)).center()
        qtbot.mouseClick(pane.support, Qt.MouseButton.LeftButton, pos=at)
    assert said.args == [(10, 30), "2 reads of the pass A1 show A in place 1"]
    pane.restore({"mode": "nonsense"})
    assert pane.state() == {"mode": "pass"}
    pane.restore({"mode": "read"})
    assert pane.chart.isVisible()
