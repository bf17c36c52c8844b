"""The numbers with real keys and a real mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QApplication

from alprviewer.models.decided import Decided
from alprviewer.models.numbers import Numbers
from alprviewer.models.shown import NOTHING
from alprviewer.views.numbers.pane import TABS, NumbersPane
from alprviewer.views.numbers.sheetview import shade
from alprviewer.views.theme import DARK, LIGHT, palette_of
from tests.helpers.opening import captured, frame, write
from tests.models.test_numbers import AT, Told

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def capture(tmp_path):
    values = [frame(f"AB{n}", AT + 100_000 * n, camera_id=1 + n % 2, confidence=70.5 + n) for n in range(20)]
    return captured(write(tmp_path / "a.jsonl", values))


@pytest.fixture
def shown(qtbot, capture):
    told = Told(capture)
    for row in range(12):
        told.say(row, f"AX{row}" if row % 3 == 0 else f"AB{row}", seconds=3.0)
    numbers, pane = Numbers(told.decided), NumbersPane()
    pane.resize(760, 420)
    qtbot.addWidget(pane)
    with qtbot.waitExposed(pane):
        pane.show()
    pane.set_numbers(numbers)
    numbers.set_capture(capture)
    qtbot.waitUntil(lambda: not numbers.busy)
    pane.activateWindow()
    yield pane, numbers
    numbers.close()


def bring(pane, name):
    pane.tabs.setCurrentIndex(TABS.index(name))


def middle_of(view, row, column):
    return view.visualRect(view.figures.index(row, column)).center()


def test_a_click_and_enter_open_the_reads_behind_a_figure(shown, qtbot):
    pane, _ = shown
    view = pane.figures
    with qtbot.waitSignal(pane.reads_wanted) as caught:
        qtbot.mouseClick(view.viewport(), LEFT, pos=middle_of(view, 0, 4))
    assert caught.args == [(0, 3, 6, 9), "4 reads not read right"]
    view.setFocus()
    qtbot.keyClick(view, Key.Key_Left)
    with qtbot.waitSignal(pane.reads_wanted) as caught:
        qtbot.keyClick(view, Key.Key_Return)
    assert caught.args[0] == (1, 2, 4, 5, 7, 8, 10, 11)
    qtbot.keyClick(view, Key.Key_Down)
    qtbot.keyClick(view, Key.Key_End)
    with qtbot.waitSignal(pane.reads_wanted) as caught:
        qtbot.keyClick(view, Key.Key_Space)
    assert len(caught.args[0]) == 12


def test_a_figure_without_reads_opens_nothing(shown, qtbot):
    pane, _ = shown
    line = pane.figures.figures.sheet.lines.index("Region right")
    assert pane.figures.figures.sheet.cells[line][0].text == "—"
    with qtbot.assertNotEmitted(pane.reads_wanted):
        qtbot.mouseClick(pane.figures.viewport(), LEFT, pos=middle_of(pane.figures, line, 0))


def test_figures_by_another_field(shown, qtbot):
    pane, numbers = shown
    bring(pane, "groups")
    assert pane.groups.figures.sheet.lines == ("1", "2")
    pane.field.setFocus()
    with qtbot.waitSignal(numbers.changed):
        qtbot.keyClick(pane.field, Key.Key_End)
    assert pane.groups.figures.sheet.lines == ("70-75", "75-80", "80-85")
    with qtbot.waitSignal(pane.reads_wanted) as caught:
        qtbot.mouseClick(pane.groups.viewport(), LEFT, pos=middle_of(pane.groups, 1, 4))
    assert caught.args == [(6, 9), "2 reads not read right · Confidence 75-80"]
    assert pane.compared_field.currentData() == "conf"


def test_the_reads_of_a_confidence(shown, qtbot):
    pane, _ = shown
    bring(pane, "confidence")
    plot = pane.reliability
    assert plot.current.low == 80
    plot.setFocus()
    qtbot.keyClick(plot, Key.Key_Left)
    assert "75 to 80: 3 of 5 reads right, 60.0 %" in pane._words["confidence"].text()
    assert "means here: right in" in pane._hints["confidence"].text()
    interface = QAccessible.queryAccessibleInterface(plot)
    assert interface.role() == QAccessible.Role.Slider
    assert "3 of 5 reads right" in interface.text(QAccessible.Text.Description)
    with qtbot.waitSignal(pane.reads_wanted) as caught:
        qtbot.keyClick(plot, Key.Key_Return)
    assert caught.args[0] == (5, 6, 7, 8, 9)
    with qtbot.waitSignal(pane.reads_wanted) as caught:
        qtbot.mouseClick(plot, LEFT, pos=plot.spot(72, 0.5).toPoint())
    assert caught.args[0] == (0, 1, 2, 3, 4)
    with qtbot.assertNotEmitted(pane.reads_wanted):
        qtbot.mouseClick(plot, LEFT, pos=plot.spot(95, 0.5).toPoint())


def test_a_threshold_that_is_moved_says_its_numbers(shown, qtbot):
    pane, _ = shown
    bring(pane, "threshold")
    plot = pane.threshold
    plot.setFocus()
    qtbot.mouseClick(plot, LEFT, pos=plot.spot(79.5, 0.5).toPoint())
    assert plot.limit == pytest.approx(79.5, abs=0.2)
    plot.setValue(795)
    words = pane._words["threshold"].text()
    assert words.startswith(
        "From 79.5 on: 3 of 12 decided reads would be accepted unseen (25.0 %). 1 of them is wrong"
    )
    assert "9 of 20 reads would be left to review: 27 s, at 3.0 s a decision" in words
    assert plot.accessibleDescription() == words
    qtbot.keyClick(plot, Key.Key_Right)
    assert plot.limit == 80.0
    qtbot.keyClick(plot, Key.Key_PageDown)
    assert plot.limit == 75.0
    qtbot.mousePress(plot, LEFT, pos=plot.spot(80, 0.5).toPoint())
    qtbot.mouseMove(plot, plot.spot(90, 0.5).toPoint())
    qtbot.mouseRelease(plot, LEFT, pos=plot.spot(90, 0.5).toPoint())
    plot.setValue(750)
    with qtbot.waitSignal(pane.reads_wanted) as caught:
        qtbot.keyClick(plot, Key.Key_Return)
    assert caught.args[0] == (6, 9)
    for name, rows in (("accepted", (5, 6, 7, 8, 9, 10, 11)), ("below", (0, 1, 2, 3, 4)), ("wrong", (6, 9))):
        with qtbot.waitSignal(pane.reads_wanted) as caught:
            qtbot.mouseClick(pane.opens[name], LEFT)
        assert caught.args[0] == rows
    plot.setValue(1000)
    assert not pane.opens["accepted"].isEnabled()


def test_characters_by_place(shown, qtbot):
    pane, numbers = shown
    bring(pane, "characters")
    view = pane.matrix
    assert view.figures.sheet.lines == ("X",)
    with qtbot.waitSignal(pane.reads_wanted) as caught:
        qtbot.mouseClick(view.viewport(), LEFT, pos=middle_of(view, 0, 0))
    assert caught.args == [(0, 3, 6, 9), "4 reads, X read as B"]
    pane.position.setFocus()
    with qtbot.waitSignal(numbers.changed):
        qtbot.keyClick(pane.position, Key.Key_Down)
    assert pane.position.currentText() == "1"
    assert view.figures.sheet.lines == ()
    with qtbot.waitSignal(numbers.changed):
        qtbot.keyClick(pane.position, Key.Key_Down)
    assert view.figures.sheet.cells[0][0].words == "4 reads, X read as B at place 2"


def test_before_and_after(shown, qtbot):
    pane, numbers = shown
    bring(pane, "compared")
    assert (pane.before.currentText(), pane.after.currentText()) == ("1", "2")
    assert [cell.text for cell in pane.compared.figures.sheet.cells[0]][:3] == ["66.7 %", "66.7 %", "+0.0"]
    pane.before.setFocus()
    with qtbot.waitSignal(numbers.changed):
        qtbot.keyClick(pane.before, Key.Key_Down)
    assert pane.compared.figures.sheet.columns[0][0] == "2"
    pane.compared_field.setFocus()
    with qtbot.waitSignal(numbers.changed):
        qtbot.keyClick(pane.compared_field, Key.Key_Down)
    assert "only one value of “Hour”" in pane._hints["compared"].text()
    assert not pane.before.isEnabled()


def test_only_what_was_drawn(shown, qtbot):
    pane, numbers = shown
    every, drawn = pane.scopes
    assert every.isChecked()
    every.setFocus()
    with qtbot.waitSignal(numbers.changed):
        qtbot.keyClick(every, Key.Key_Right)
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Space)
    assert drawn.isChecked()
    assert numbers.choices.drawn
    assert numbers.report.figures[0].trials == 0
    assert pane.tabs.isVisible()
    assert pane.figures.figures.sheet.cells[0][0].text == "—"


def test_the_cell_with_the_keyboard_stays(shown, qtbot):
    pane, numbers = shown
    pane.figures.setCurrentIndex(pane.figures.figures.index(2, 1))
    with qtbot.waitSignal(numbers.changed):
        numbers.count()
    assert (pane.figures.currentIndex().row(), pane.figures.currentIndex().column()) == (2, 1)


def test_without_decisions_it_says_what_to_do(qtbot, capture):
    numbers, pane = Numbers(Decided()), NumbersPane()
    qtbot.addWidget(pane)
    pane.seen.connect(numbers.set_wanted)
    pane.show()
    pane.set_numbers(numbers)
    qtbot.waitUntil(lambda: not numbers.busy)
    assert pane._message.words()[0] == "There are no reads"
    assert pane.review.isHidden()
    numbers.set_capture(capture)
    assert pane._message.words()[0] == "Counting …"
    qtbot.waitUntil(lambda: not numbers.busy)
    assert pane._message.words()[0] == "Nothing is decided yet"
    assert "Ctrl+R" in pane._message.words()[1]
    with qtbot.waitSignal(pane.review_wanted):
        qtbot.mouseClick(pane.review, LEFT)
    pane.hide()
    numbers.count()
    assert not numbers.busy
    numbers.close()


def test_it_follows_the_palette_and_the_font(shown):
    pane, _ = shown
    pane.show_item(NOTHING)
    for name in TABS:
        bring(pane, name)
        QApplication.processEvents()
        pane.setPalette(palette_of(LIGHT))
        before = pane.grab().toImage()
        pane.setPalette(palette_of(DARK))
        assert pane.grab().toImage() != before
    font = pane.font()
    height = pane.figures.rowHeight(0)
    font.setPointSizeF(font.pointSizeF() * 2)
    pane.setFont(font)
    QApplication.processEvents()
    assert pane.figures.rowHeight(0) > 1.5 * height


def luminance(colour):
    """Of WCAG 2.1."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    low, high = sorted((luminance(QColor(one)), luminance(QColor(other))))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_numbers_can_be_read_on_every_shade(theme):
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    grounds = [shade(theme, step / 100) for step in range(1, 101)]
    assert min(contrast(ground, theme.text) for ground in grounds) >= 4.5
    strengths = [contrast(ground, theme.surface) for ground in grounds]
    assert strengths == sorted(strengths)
    assert strengths[-1] > strengths[0] + 1


def test_the_mouse_may_leave_the_cells(shown, qtbot):
    pane, _ = shown
    with qtbot.assertNotEmitted(pane.reads_wanted):
        qtbot.mouseClick(pane.figures.viewport(), LEFT, pos=QPoint(pane.figures.viewport().width() - 2, 395))


def test_tables_are_made_for_who_looks(shown, qtbot, capture):
    pane, numbers = shown
    before = pane.figures.figures.sheet
    pane.hide()
    numbers.choose(drawn=True)
    qtbot.waitUntil(lambda: not numbers.busy)
    assert pane.figures.figures.sheet == before
    pane.show()
    assert pane.figures.figures.sheet != before
    numbers.choose(drawn=False)
    qtbot.waitUntil(lambda: not numbers.busy)
    assert pane.figures.figures.sheet == before
