"""The live sources above the tables."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from alprviewer.capture.standing import SLOTS, Standing, State
from alprviewer.sources.live.counters import Counters
from alprviewer.views.live.beats import Beats, Dot
from alprviewer.views.live.panel import LivePanel
from alprviewer.views.statusline import Elided
from alprviewer.views.theme import DARK, LIGHT, palette_of


def standing(number=0, state=State.RECEIVING, beats=(1,) * SLOTS, **more):
    return Standing(f"tcp://h:{number}", state, Counters(), beats=beats, **more)


@pytest.fixture
def panel(qtbot):
    made = LivePanel()
    qtbot.addWidget(made)
    made.setPalette(palette_of(LIGHT))
    made.resize(1200, 40)
    return made


def test_hidden_while_nothing_is_live(panel):
    assert panel.isHidden()
    panel.show_standings([standing()], is_paused=False)
    assert not panel.isHidden()
    panel.show_standings([], is_paused=False)
    assert panel.isHidden()


def test_a_line_for_each_source_up_to_four_in_sight(panel, qtbot):
    heights = []
    for count in (1, 3, 4, 9, 2):
        panel.show_standings([standing(number) for number in range(count)], is_paused=False)
        assert [line[0] for line in panel.texts()] == [f"tcp://h:{number}" for number in range(count)]
        heights.append(panel._area.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]
    assert heights[0] < heights[4] < heights[1]


def test_an_error_is_shown_while_something_is_wrong(panel):
    found = [standing(last_error="It broke."), standing(1, State.STOPPED, last_error="It broke.")]
    panel.show_standings(found, is_paused=False)
    assert [line[-1] for line in panel.texts()] == ["", "It broke."]


@pytest.mark.parametrize("is_paused", [False, True])
@pytest.mark.parametrize("width", [900, 1100, 1250, 1400, 1700])
def test_no_word_is_shortened_for_the_bars_or_for_an_error(panel, qtbot, width, is_paused):
    found = [
        standing(state=State.RETRYING, retry_in=12.0, last_error="It broke for a long reason. " * 9),
        standing(1, lag=0.12, waiting=12_345, cameras=("North gate", "Exit ramp", "Car park, level two")),
    ]
    panel.show()
    panel.show_standings(found, is_paused=is_paused)
    panel.resize(width, panel.sizeHint().height())
    qtbot.waitUntil(lambda: panel._area.width() > 0)
    panel._grid.activate()
    for line in panel._lines:
        *words, error = [each for each in line.widgets if isinstance(each, Elided)]
        if line.beats.isVisible() or error.isVisible():
            assert all(word.width() >= word.sizeHint().width() for word in words)
    if width == 1700:
        assert panel._lines[0].beats.isVisible()


def test_the_button_pauses_and_the_note_counts(panel, qtbot):
    panel.show_standings([standing(waiting=3), standing(1, waiting=4)], is_paused=True)
    assert panel.note == "Paused · 7 waiting"
    button = panel.findChild(QPushButton)
    assert button.accessibleName() == "Resume the display, 7 waiting"
    panel.show()
    with qtbot.waitSignal(panel.pause_clicked) as clicked:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert clicked.args == [False]
    panel.show_standings([], is_paused=True)
    assert panel.note == "Paused · standing still"


def test_everything_about_a_source_is_said(panel):
    panel.show_standings([standing(state=State.SILENT, since=1.0, cameras=("Gate",))], is_paused=False)
    said = panel.findChild(Beats).accessibleName()
    assert said.startswith("Gate, tcp://h:0, silent since 00:00:01")


def colours(widget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_gap_is_tinted_and_named(qtbot, theme):
    beats = Beats()
    qtbot.addWidget(beats)
    beats.setPalette(palette_of(theme))
    beats.resize(beats.sizeHint())
    beats.show_standing(standing(beats=(5,) * SLOTS))
    busy = colours(beats)
    assert theme.bar in busy
    beats.show_standing(standing(beats=(5,) * (SLOTS - 40) + (0,) * 40))
    gap = beats.grab().toImage()
    ratio = gap.devicePixelRatio()
    left, right = gap.pixelColor(round(4 * ratio), 1), gap.pixelColor(gap.width() - 2, 1)
    assert left.name() != right.name()
    beats.show_standing(standing(beats=(None,) * SLOTS))
    assert theme.bar not in colours(beats)


def test_states_have_shapes_of_their_own(qtbot):
    dot = Dot()
    qtbot.addWidget(dot)
    shapes = []
    for state in (State.RECEIVING, State.QUIET, State.SILENT, State.STOPPED):
        dot.set_state(state)
        image = dot.grab().toImage()
        ground = image.pixelColor(0, 0)
        marks = frozenset(
            (x, y)
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y) != ground
        )
        shapes.append(marks)
    assert len(set(shapes)) == 4
