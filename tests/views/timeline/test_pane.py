"""The timeline with real keys and a real mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import QApplication

from alprviewer.core.frame import Frame
from alprviewer.core.passes import PassRules
from alprviewer.core.query.parse import parse
from alprviewer.models.shown import Shown
from alprviewer.models.timeline import Timeline
from alprviewer.views.theme import DARK, palette_of
from alprviewer.views.timeline.pane import TimelinePane
from alprviewer.views.timeline.words import bin_words
from tests.helpers.opening import captured, frame, write

AT = 1_782_889_200_000  # 2026-07-01 07:00 UTC
MINUTE = 60_000
Key = Qt.Key
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def capture(tmp_path):
    """Twenty minutes at two cameras, two reads a minute; one of them stops for a while."""
    values = [
        frame(f"P{n}", AT + 30_000 * n, camera_id=camera, confidence=80.0 + camera)
        for n in range(40)
        for camera in (1, 2)
        if camera == 1 or not 10 <= n < 30
    ]
    values += [frame("A", at, camera_id=1) for at in (..., 8890634747532400640)]
    made = captured(write(tmp_path / "a.jsonl", values))
    made.camera_names[1] = "North gate"
    return made


@pytest.fixture
def shown(qtbot):
    """A pane on a capture."""
    models = []

    def factory(capture):
        timeline, pane = Timeline(), TimelinePane()
        models.append(timeline)
        pane.resize(700, 150)
        qtbot.addWidget(pane)
        with qtbot.waitExposed(pane):
            pane.show()
        pane.set_timeline(timeline)
        timeline.set_capture(capture)
        qtbot.waitUntil(lambda: not timeline.busy)
        pane.activateWindow()
        pane.setFocus()
        return pane, timeline

    yield factory
    for timeline in models:
        timeline.close()


def place(pane, instant) -> QPoint:
    inside = pane._chart.place_of(instant)
    return pane._chart.mapTo(pane, inside).toPoint()


def drag(qtbot, pane, begin, end, button=Qt.MouseButton.LeftButton):
    first, last = place(pane, begin), place(pane, end)
    qtbot.mousePress(pane, button, pos=first)
    qtbot.mouseMove(pane, last - QPoint(5, 0))
    qtbot.mouseMove(pane, last)
    qtbot.mouseRelease(pane, button, pos=last)


def wheel(pane, at, steps, modifiers=NONE):
    spot = QPointF(place(pane, at))
    buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        spot, pane.mapToGlobal(spot), QPoint(), QPoint(0, 120 * steps), buttons, modifiers, phase, False
    )
    QApplication.sendEvent(pane, event)


def test_the_heading_says_what_is_counted_and_what_has_no_place(shown, capture):
    pane, _ = shown(capture)
    text = pane._heading.text()
    assert text.startswith("Reads per 10 s · 2026-07-01 07:00:00 – 07:19:40 UTC")
    assert text.endswith("1 read without a time · 1 read with an invalid time")


def test_a_drag_chooses_whole_bins(shown, capture, qtbot):
    pane, timeline = shown(capture)
    with qtbot.waitSignal(pane.range_chosen) as caught:
        drag(qtbot, pane, AT + 3 * MINUTE, AT + 5 * MINUTE + 4_000)
    begin, end = caught.args
    assert abs(begin - AT - 3 * MINUTE) <= 10_000
    assert abs(end - AT - 5 * MINUTE) <= 20_000
    assert {begin, end} <= set(timeline.bins.edges.tolist())


def test_a_click_chooses_a_bin_and_a_double_click_zooms(shown, capture, qtbot):
    pane, timeline = shown(capture)
    spot = place(pane, AT + 7 * MINUTE + 5_000)
    with qtbot.waitSignal(pane.range_chosen) as caught:
        qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=spot)
    assert caught.args == [AT + 7 * MINUTE, AT + 7 * MINUTE + 10_000]
    with qtbot.waitSignal(timeline.changed):
        timeline.set_filter(parse("time:2026-07-01T07:07Z"), None)
    qtbot.mouseDClick(pane, Qt.MouseButton.LeftButton, pos=spot)
    begin, end = pane.view
    assert begin < AT + 7 * MINUTE < AT + 8 * MINUTE < end < AT + 9 * MINUTE


def test_the_pointer_is_told_what_is_below_it(shown, capture, qtbot):
    pane, _ = shown(capture)
    qtbot.mouseMove(pane, place(pane, AT + 2 * MINUTE + 2_000))
    expected = "North gate · 2026-07-01 07:02:00 – 07:02:10 UTC · 1 read · mean confidence 81.0"
    assert pane._heading.text() == expected
    interface = QAccessible.queryAccessibleInterface(pane)
    assert interface.text(QAccessible.Text.Description) == expected
    QApplication.sendEvent(pane, QEvent(QEvent.Type.Leave))
    assert pane._heading.text().startswith("Reads per")


def test_silences_are_told(shown, capture):
    _, timeline = shown(capture)
    bins = timeline.bins
    inside = bins.edges.searchsorted(AT + 10 * MINUTE) - 1
    assert "0 reads · silent for 10 min 30 s" in bin_words(bins, 1, inside, timeline.zone)
    assert "silent" not in bin_words(bins, 0, inside, timeline.zone)
    assert bin_words(bins, 7, 0, timeline.zone) == bin_words(bins, 0, -1, timeline.zone) == ""


def test_the_wheel_zooms_about_the_pointer_and_moves_with_shift(shown, capture, qtbot):
    pane, timeline = shown(capture)
    about = AT + 5 * MINUTE
    before = place(pane, about)
    wheel(pane, about, 3)
    begin, end = pane.view
    assert end - begin < 7 * MINUTE
    assert abs((place(pane, about) - before).x()) <= 1
    wheel(pane, about, -2, SHIFT)
    assert pane.view[0] > begin
    qtbot.waitUntil(lambda: not timeline.busy)
    assert timeline.bins.step.milliseconds < 10_000
    wheel(pane, about, -30)
    assert pane.view[0] == pytest.approx(AT - 0.1 * (timeline.bins.span[1] - AT), abs=1)


def test_one_zooms_down_to_milliseconds_and_no_further(shown, capture, qtbot):
    pane, timeline = shown(capture)
    for _ in range(60):
        wheel(pane, AT + 5 * MINUTE, 1)
    assert pane.view[1] - pane.view[0] == 20
    qtbot.waitUntil(lambda: not timeline.busy)
    assert timeline.bins.step.milliseconds == 1
    assert timeline.bins.all.counts.sum() == 1


def test_the_middle_button_moves(shown, capture, qtbot):
    pane, _ = shown(capture)
    pane.set_view(AT + 5 * MINUTE, AT + 10 * MINUTE)
    with qtbot.assertNotEmitted(pane.range_chosen):
        drag(qtbot, pane, AT + 7 * MINUTE, AT + 8 * MINUTE, Qt.MouseButton.MiddleButton)
    assert pane.view[0] == pytest.approx(AT + 4 * MINUTE, abs=3_000)


def test_keys_go_from_bin_to_bin_and_choose(shown, capture, qtbot):
    pane, _ = shown(capture)
    qtbot.keyClick(pane, Key.Key_Home)
    qtbot.keyClick(pane, Key.Key_Right)
    assert pane._heading.text().startswith("North gate · 2026-07-01 07:00:10 – 07:00:20 UTC · 0 reads")
    assert pane._heading.text().endswith(" · 2: 0 reads")
    with qtbot.waitSignal(pane.range_chosen) as caught:
        qtbot.keyClick(pane, Key.Key_Return)
    assert caught.args == [AT + 10_000, AT + 20_000]
    with qtbot.waitSignal(pane.range_chosen) as caught:
        for _ in range(3):
            qtbot.keyClick(pane, Key.Key_Right, SHIFT)
        qtbot.keyClick(pane, Key.Key_Left, SHIFT)
    assert caught.args == [AT + 10_000, AT + 40_000]


def test_keys_zoom_and_move(shown, capture, qtbot):
    pane, timeline = shown(capture)
    whole = pane.view
    for key in (Key.Key_Up, Key.Key_Plus):
        qtbot.keyClick(pane, key)
    begin, end = pane.view
    assert end - begin == pytest.approx((whole[1] - whole[0]) / 1.5**2)
    qtbot.keyClick(pane, Key.Key_PageDown)
    assert pane.view[0] > begin
    qtbot.keyClick(pane, Key.Key_PageUp)
    assert pane.view[0] == pytest.approx(begin)
    qtbot.keyClick(pane, Key.Key_End)
    assert pane.view[1] == pytest.approx(timeline.bins.span[1] + 1)
    qtbot.keyClick(pane, Key.Key_Down)
    assert pane.view[1] - pane.view[0] > end - begin
    qtbot.keyClick(pane, Key.Key_0)
    assert pane.view == whole


def test_escape_shows_all_times_again(shown, capture, qtbot):
    pane, timeline = shown(capture)
    with qtbot.assertNotEmitted(pane.range_cleared):
        qtbot.keyClick(pane, Key.Key_Escape)
    timeline.set_filter(parse("time:2026-07-01T07:07Z"), None)
    qtbot.waitUntil(lambda: not timeline.busy)
    with qtbot.waitSignal(pane.range_cleared):
        qtbot.keyClick(pane, Key.Key_Escape)


def test_a_range_out_of_sight_is_brought_into_it(shown, capture, qtbot):
    pane, timeline = shown(capture)
    pane.set_view(AT, AT + MINUTE)
    timeline.set_filter(parse("time:2026-07-01T07:15Z"), None)
    pane.reveal()
    assert pane.view[0] < AT + 15 * MINUTE < pane.view[1]
    before = pane.view
    pane.reveal()
    assert pane.view == before


def test_bars_stand_for_what_is_wanted(shown, capture, qtbot):
    pane, timeline = shown(capture)
    assert not pane._choices["passes"].isVisible()
    timeline.set_passes(capture.snapshot().find_passes(PassRules(), with_consensus=False))
    qtbot.waitUntil(lambda: not timeline.busy)
    pictures = [pane._chart.grab().toImage()]
    for name, words in (
        ("passes", "Passes per"),
        ("confidence", "Mean confidence per"),
        ("reads", "Reads per"),
    ):
        qtbot.mouseClick(pane._choices[name], Qt.MouseButton.LeftButton)
        assert pane._heading.text().startswith(words)
        assert [each for each, choice in pane._choices.items() if choice.isChecked()] == [name]
        pictures.append(pane._chart.grab().toImage())
    assert pictures[2] != pictures[0] == pictures[3]


def test_what_matches_is_drawn_stronger(shown, capture, qtbot):
    pane, timeline = shown(capture)
    before = pane._chart.grab().toImage()
    timeline.set_filter(parse("conf>0"), np.arange(5, dtype=np.uint32))
    qtbot.waitUntil(lambda: not timeline.busy)
    assert pane._chart.grab().toImage() != before
    assert "strong: matches the filter" in pane._heading.text()


def test_without_times_a_sentence_stands_there(shown, tmp_path, qtbot):
    pane, timeline = shown(captured(write(tmp_path / "a.jsonl", [frame("A", ...)])))
    assert pane._empty.text() == "No read here has a usable time."
    assert pane._empty.isVisible()
    for key in (Key.Key_Right, Key.Key_Home, Key.Key_Up, Key.Key_PageDown):
        qtbot.keyClick(pane, key)
    timeline.set_capture(captured(write(tmp_path / "b.jsonl", [])))
    qtbot.waitUntil(lambda: not timeline.busy)
    assert pane._empty.text() == "There are no reads to show over time."


def test_the_selected_row_is_marked(shown, capture):
    pane, _ = shown(capture)
    before = pane._chart.grab().toImage()
    pane.show_item(Shown(frame=Frame(results=[], epoch_time=AT + 9 * MINUTE)))
    assert pane._chart.grab().toImage() != before
    pane.show_item(Shown())
    assert pane._chart.grab().toImage() == before


def test_colours_follow_the_palette(shown, capture, qapp):
    pane, _ = shown(capture)
    before = pane._chart.drawn.theme
    pane.setPalette(palette_of(DARK))
    assert pane._chart.drawn.theme is DARK is not before
