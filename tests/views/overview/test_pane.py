"""The overview with real keys and a real mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from alprviewer.core.query.parse import parse
from alprviewer.models.overview import Overview
from alprviewer.models.shown import NOTHING
from alprviewer.views.overview.pane import OverviewPane
from alprviewer.views.theme import DARK, palette_of
from tests.helpers.opening import captured, frame, write

AT = 1_782_889_200_000  # 2026-07-01 07:00 UTC
Key = Qt.Key


@pytest.fixture
def capture(tmp_path):
    values = [frame(f"P{n}", AT + n, confidence=71.0 + n, region="us-mo") for n in range(20)]
    return captured(write(tmp_path / "a.jsonl", values))


@pytest.fixture
def shown(qtbot, capture):
    overview, pane = Overview(), OverviewPane()
    pane.resize(380, 900)
    qtbot.addWidget(pane)
    with qtbot.waitExposed(pane):
        pane.show()
    pane.set_overview(overview)
    overview.set_capture(capture)
    qtbot.waitUntil(lambda: not overview.busy)
    pane.activateWindow()
    yield pane, overview
    overview.close()


def buttons(pane, chart=0):
    return pane.charts[chart].buttons


def test_bars_say_what_they_count(shown, qtbot):
    pane, _ = shown
    assert pane._heading.text().startswith("All 20 reads.")
    first = buttons(pane)[0]
    assert first.accessibleName() == "70 to 75: 4 reads"
    assert first.accessibleDescription() == "Enter filters by this"
    interface = QAccessible.queryAccessibleInterface(first)
    assert interface.text(QAccessible.Text.Name) == "70 to 75: 4 reads"
    assert [chart._title.text() for chart in pane.charts] == [
        "Confidence",
        "Margin",
        "Plate width, pixels",
        "Region code",
        "Cameras by hour",
    ]
    assert buttons(pane, 4)[7].accessibleName() == "7, 07:00 to 08:00: 20 reads"


def test_a_click_and_enter_want_a_bar(shown, qtbot):
    pane, _ = shown
    with qtbot.waitSignal(pane.bar_clicked) as caught:
        qtbot.mouseClick(buttons(pane)[1], Qt.MouseButton.LeftButton)
    assert caught.args[0].words == "75 to 80"
    assert not buttons(pane)[1].isChecked()
    for key in (Key.Key_Return, Key.Key_Space):
        buttons(pane)[2].setFocus()
        with qtbot.waitSignal(pane.bar_clicked) as caught:
            qtbot.keyClick(buttons(pane)[2], key)
        assert caught.args[0].words == "80 to 85"


def test_the_filter_is_shown(shown, qtbot):
    pane, overview = shown
    before = buttons(pane)[0].grab().toImage()
    overview.set_filter(parse("conf>=75 conf<80"), np.arange(4, 9, dtype=np.uint32))
    qtbot.waitUntil(lambda: not overview.busy)
    assert pane._heading.text().startswith("5 of 20 reads match the filter")
    assert [button.isChecked() for button in buttons(pane)] == [False, True, False, False, False]
    assert buttons(pane)[1].accessibleName() == "75 to 80: 5 of 5 reads"
    assert buttons(pane)[1].accessibleDescription() == "Enter shows all again"
    assert buttons(pane)[0].accessibleName() == "70 to 75: 0 of 4 reads"
    assert buttons(pane)[0].grab().toImage() != before


def test_arrows_go_from_bar_to_bar_and_tab_to_the_next_chart(shown, qtbot):
    pane, _ = shown
    buttons(pane)[0].setFocus()
    qtbot.keyClick(buttons(pane)[0], Key.Key_Down)
    assert QApplication.focusWidget() is buttons(pane)[1]
    qtbot.keyClick(buttons(pane)[1], Key.Key_Tab)
    assert QApplication.focusWidget() in buttons(pane, 1)
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Backtab)
    assert QApplication.focusWidget() is buttons(pane)[1]
    cells = buttons(pane, 4)
    cells[3].setFocus()
    qtbot.keyClick(cells[3], Key.Key_Right)
    assert QApplication.focusWidget() is cells[4]
    qtbot.keyClick(cells[4], Key.Key_Down)
    assert QApplication.focusWidget() is cells[4]


def test_other_bars_take_their_place(shown, qtbot, tmp_path):
    pane, overview = shown
    overview.set_capture(captured(write(tmp_path / "b.jsonl", [frame("A", confidence=50.0)])))
    qtbot.waitUntil(lambda: not overview.busy)
    assert [button.bar.all for button in buttons(pane)] == [1]
    overview.set_capture(captured(write(tmp_path / "c.jsonl", [])))
    qtbot.waitUntil(lambda: not overview.busy)
    assert pane._heading.text() == "There are no reads to count."
    assert not any(chart.isVisible() for chart in pane.charts)


def test_bars_follow_the_palette(shown):
    pane, _ = shown
    pane.show_item(NOTHING)
    before = buttons(pane)[0].grab().toImage()
    pane.setPalette(palette_of(DARK))
    assert buttons(pane)[0].grab().toImage() != before
