"""The crop pane: the right picture or the reason for none, what is said of it, and the controls."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSlider

from alprviewer.core.frame import Point
from alprviewer.models.adjust import NEUTRAL, Adjustment
from alprviewer.models.shown import NOTHING, Picture, Shown
from alprviewer.views.adjustbar import gamma_of, place_of
from alprviewer.views.cropfacts import Elided, size_words
from alprviewer.views.croppane import CropPane
from alprviewer.views.cropview import STRAIGHTENED, best_scale, quad_on_crop
from tests.views.shownvalues import BLUE, HOSTILE, RED, jpeg, picture, read, shown, two_plates


@pytest.fixture
def pane(qtbot):
    made = CropPane()
    qtbot.addWidget(made)
    made.resize(480, 260)
    made.show()
    qtbot.waitExposed(made)
    return made


def slider(pane: CropPane, name: str) -> QSlider:
    return next(s for s in pane.findChildren(QSlider) if s.accessibleName() == name)


def centre_colour(pane: CropPane) -> QColor:
    view = pane.view
    return view.grab().toImage().pixelColor(view.picture_rect().center().toPoint())


# --- the picture


def test_the_selected_reads_crop_is_shown_and_no_other(pane):
    crops = (picture(150, 75, RED), picture(150, 75, BLUE))
    pane.show_item(two_plates(crops=crops))
    assert centre_colour(pane) == QColor(RED)
    pane.show_item(two_plates(crops=crops, position=1))
    assert centre_colour(pane) == QColor(BLUE)


@pytest.mark.parametrize(
    "missing",
    [
        Picture(reason="The agent sent no crop."),
        Picture(reason="The crop is not base64: a placeholder, or damaged."),
        Picture(QImage(), "The crop is damaged.", b"\xff\xd8\xff"),
    ],
)
def test_a_missing_crop_leaves_its_reason_and_no_picture(pane, missing):
    pane.show_item(two_plates(crops=(picture(150, 75, RED), missing)))
    pane.show_item(two_plates(crops=(picture(150, 75, RED), missing), position=1))
    assert pane.view.image is None
    assert pane.view.reason == missing.reason
    assert centre_colour(pane) != QColor(RED)
    assert ("observed", "WTC249 89.1 %") in pane.facts.rows()


def test_states_without_a_read_say_why(pane):
    pane.show_item(NOTHING)
    assert pane.view.reason == "No read is selected."
    pane.show_item(two_plates(position=None))
    assert pane.view.reason == "No read is selected."
    pane.show_item(Shown("Heartbeat"))
    assert pane.view.reason == "This value has no crop."
    pane.show_item(Shown("Row 3", failure="The file is gone."))
    assert pane.view.reason == "The file is gone."
    pane.show_item(shown(read(), crops=()))
    assert pane.view.reason == "The read has no crop."
    assert pane.facts.rows()[-1] == ("crop", "—")
    pane.grab()


def test_a_group_shows_its_own_crop(pane):
    pane.show_item(Shown("Group AYX8803", crops=(picture(150, 75, BLUE, b"x" * 10),)))
    assert centre_colour(pane) == QColor(BLUE)
    assert pane.facts.rows() == [("value", "Group AYX8803"), ("crop", "150 × 75 px, 10 B")]


def test_the_crop_is_scaled_in_whole_device_pixels_where_that_costs_little():
    assert best_scale(QSize(150, 75), QSize(310, 400), 1.0) == 2
    assert best_scale(QSize(150, 75), QSize(390, 400), 1.0) == pytest.approx(2.6)
    assert best_scale(QSize(150, 75), QSize(390, 400), 2.0) == 2.5
    assert best_scale(QSize(10, 5), QSize(4000, 4000), 1.0) == 8
    assert best_scale(QSize(), QSize(300, 300), 1.0) == 1


@pytest.mark.parametrize("is_unfolded", [False, True])
@pytest.mark.parametrize("size", [(240, 320), (300, 360), (400, 300), (480, 220), (760, 300), (240, 150)])
def test_nothing_overlaps_at_any_size(pane, size, is_unfolded):
    pane.resize(*size)
    pane.bar.unfold(is_unfolded)
    pane.show_item(shown(read()))
    drawn = pane.view.picture_rect().toAlignedRect().translated(pane.view.pos())
    parts = [drawn, pane.mark.geometry(), pane.bar.geometry()]
    if size[1] > 200:
        parts += [pane.facts.geometry()] if pane.facts.isVisible() else []
        assert all(pane.rect().contains(part) for part in parts)
        for index, part in enumerate(parts):
            assert not any(part.intersects(other) for other in parts[index + 1 :])
    pane.grab()


# --- the quad on the crop


def quad_read(*corners):
    return read(coordinates=[Point(x, y) for x, y in corners])


SLANTED = ((210, 150), (300, 156), (294, 206), (200, 200))


def test_a_straightened_crop_has_no_quad(pane):
    pane.show_item(shown(read()))
    assert pane.view.quad is None
    assert quad_on_crop(quad_read((0, 0), (150, 10), (150, 75), (0, 70)), *STRAIGHTENED) is None


def test_a_cut_out_has_its_quad(pane):
    wanted = ((10, 0), (100, 6), (94, 56), (0, 50))
    assert quad_on_crop(quad_read(*SLANTED), 100, 56) == wanted
    assert quad_on_crop(quad_read(*SLANTED), 101, 57) == wanted
    assert quad_on_crop(quad_read(*SLANTED), 100, 57) is None
    assert quad_on_crop(quad_read((5, 5), (5, 5), (5, 5), (5, 5)), 0, 0) is None
    assert quad_on_crop(read(coordinates=None), 100, 56) is None
    pane.show_item(shown(quad_read(*SLANTED), crops=(picture(100, 56, RED),)))
    assert pane.view.quad == wanted
    pane.grab()


# --- the facts


def test_facts_say_what_is_known(pane):
    pane.show_item(two_plates(position=1))
    assert pane.facts.rows() == [
        ("read", "2 of 2"),
        ("observed", "WTC249 89.1 %"),
        ("plate", "100 px wide, template no"),
        ("uuid", "a41e-1999225415-1782889229574"),
        ("crop", "150 × 75 px, 2.9 kB"),
    ]
    assert pane.mark.text == "as received"


def test_absent_facts_are_dashes_never_zero(pane):
    nothing = {"confidence": None, "coordinates": None, "matches_template": None}
    pane.show_item(shown(read(None, **nothing), crops=(Picture(reason="None."),), uuid=None))
    rows = dict(pane.facts.rows())
    assert rows["observed"] == "— —"
    assert rows["plate"] == "— wide, template —"
    assert rows["uuid"] == "—"


def test_what_is_odd_about_a_picture_is_said(pane):
    odd = Picture(picture(150, 75, RED).image, "Cut short: the lower part is missing.", jpeg())
    pane.show_item(shown(read(), crops=(odd,)))
    assert "Cut short" in dict(pane.facts.rows())["crop"]
    assert pane.view.image is not None


def test_hostile_text_is_plain(pane):
    pane.show_item(shown(read(HOSTILE), crops=(Picture(reason=HOSTILE),), uuid=HOSTILE))
    pane.grab()
    for label in pane.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
    for line in pane.findChildren(Elided):
        assert "\u202e" not in line.value
        assert "<img" not in line.toolTip()
    assert "\n" not in pane.view.reason


def test_byte_counts():
    assert [size_words(n) for n in (0, 999, 2900, 1_200_000)] == ["0 B", "999 B", "2.9 kB", "1.2 MB"]


# --- deriving


def test_sliders_derive_and_say_so(pane, qtbot):
    pane.show_item(shown(read()))
    before = centre_colour(pane)
    with qtbot.waitSignal(pane.adjustment_changed) as said:
        slider(pane, "Brightness").setValue(30)
    assert said.args == [Adjustment(brightness=30)]
    assert centre_colour(pane).lightness() > before.lightness()
    assert pane.mark.text == "derived: brightness +30"
    slider(pane, "Gamma").setFocus()
    qtbot.keyClick(slider(pane, "Gamma"), Qt.Key.Key_PageUp)
    assert pane.adjustment.gamma == gamma_of(10)
    assert "gamma 1.17" in pane.mark.text


def test_a_double_click_resets_one_slider(pane, qtbot):
    pane.show_item(shown(read()))
    slider(pane, "Contrast").setValue(40)
    slider(pane, "Brightness").setValue(30)
    qtbot.mouseDClick(slider(pane, "Contrast"), Qt.MouseButton.LeftButton)
    assert pane.adjustment == Adjustment(brightness=30)


def test_invert_and_reset_are_buttons(pane, qtbot):
    pane.show_item(shown(read()))
    buttons = {b.accessibleName(): b for b in pane.findChildren(QAbstractButton)}
    qtbot.mouseClick(buttons["Invert"], Qt.MouseButton.LeftButton)
    assert pane.adjustment == Adjustment(invert=True)
    assert pane.mark.text == "derived: inverted"
    inverted = centre_colour(pane)
    assert inverted.red() == 255 - QColor(RED).red()
    qtbot.keyClick(buttons["Invert"], Qt.Key.Key_Space)
    assert pane.adjustment == NEUTRAL
    slider(pane, "Gamma").setValue(-50)
    qtbot.mouseClick(buttons["Reset"], Qt.MouseButton.LeftButton)
    assert pane.adjustment == NEUTRAL
    assert slider(pane, "Gamma").value() == 0
    assert pane.mark.text == "as received"


def test_the_adjustment_stays_for_the_next_item(pane):
    pane.show_item(two_plates(crops=(picture(150, 75, RED), picture(150, 75, BLUE))))
    pane.set_adjustment(Adjustment(invert=True))
    pane.show_item(two_plates(crops=(picture(150, 75, RED), picture(150, 75, BLUE)), position=1))
    assert centre_colour(pane).blue() == 255 - QColor(BLUE).blue()
    assert pane.mark.text == "derived: inverted"


def test_what_is_missing_is_not_called_derived(pane):
    pane.set_adjustment(Adjustment(invert=True))
    pane.show_item(shown(read(), crops=(Picture(reason="None."),)))
    assert not pane.mark.isVisible()


def test_gamma_on_the_slider_and_back():
    assert gamma_of(0) == 1
    assert (gamma_of(-100), gamma_of(100)) == (0.2, 5.0)
    assert [place_of(gamma_of(place)) for place in range(-100, 101)] == list(range(-100, 101))


# --- persistence and reach


def test_state_survives_a_restart(pane, qtbot):
    pane.set_adjustment(Adjustment(5, -6, 1.4, True))
    other = CropPane()
    qtbot.addWidget(other)
    other.restore(pane.state())
    assert other.adjustment == Adjustment(5, -6, 1.4, True)
    assert other.state() == pane.state()


@pytest.mark.parametrize(
    "state", [{}, {"gamma": "x"}, {"gamma": 99}, {"brightness": None}, {"contrast": float("inf")}]
)
def test_a_damaged_state_is_neutral(pane, state):
    pane.restore(state)
    assert pane.adjustment == NEUTRAL


def test_in_a_narrow_pane_the_sliders_make_room_for_the_picture(pane, qtbot):
    pane.resize(303, 276)  # what a window of 1280 x 800 leaves
    pane.show_item(shown(read()))
    large = pane.view.picture_rect().size()
    assert large.width() >= STRAIGHTENED[0]
    assert not slider(pane, "Gamma").isVisible()
    assert pane.facts.isVisible()
    with qtbot.waitSignal(pane.state_changed):
        qtbot.keyClick(pane.bar.fold, Qt.Key.Key_Space)
    assert slider(pane, "Gamma").isVisible()
    assert not pane.facts.isVisible()
    assert pane.view.picture_rect().width() >= STRAIGHTENED[0]
    other = CropPane()
    qtbot.addWidget(other)
    other.restore(pane.state())
    assert other.bar.is_unfolded
    qtbot.mouseClick(pane.bar.fold, Qt.MouseButton.LeftButton)
    assert pane.view.picture_rect().size() == large


def test_a_wide_pane_shows_sliders_and_facts_always(pane):
    pane.show_item(shown(read()))
    assert slider(pane, "Gamma").isVisible()
    assert pane.facts.isVisible()
    assert not pane.bar.fold.isVisible()


@pytest.mark.parametrize("width", [303, 480])
def test_every_control_is_named_and_reached_by_tab(pane, qtbot, width):
    pane.resize(width, 276)
    pane.bar.unfold(True)
    buttons = pane.findChildren(QAbstractButton)
    controls = {each for each in [*pane.findChildren(QSlider), *buttons] if each.isVisible()}
    assert len(controls) == (6 if width == 303 else 5)
    assert all(control.accessibleName() for control in controls)
    at = slider(pane, "Brightness")
    at.setFocus()
    reached = {at}
    for _ in range(8):
        qtbot.keyClick(at, Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
        reached.add(at)
    assert controls <= reached


def test_the_reason_has_room_in_a_low_pane(pane):
    """In a low window the frame of the reason is wide, so that the sentence is not cut."""
    pane.resize(303, 276)
    reason = "The crop is not base64: a placeholder, or damaged."
    pane.show_item(shown(read(), crops=(Picture(None, reason),)))
    room = pane.view.picture_rect().toRect().adjusted(8, 4, -8, -4)
    words = pane.view.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), reason)
    assert words.height() <= room.height()


@pytest.mark.parametrize("height", [150, 190, 214, 230, 260, 400])
def test_facts_that_have_no_room_are_left_out_and_never_squeezed(pane, height):
    pane.resize(303, height)  # what a window of 900 x 600 leaves, and lower
    pane.show_item(shown(read()))
    lines = [line for line in pane.facts.findChildren(QLabel) if line.isVisible()]
    assert all(line.height() >= line.fontMetrics().height() for line in lines)
    assert [line.text() for line in lines] == [name for name, _ in pane.facts.rows()][: len(lines)]
    assert pane.facts.geometry().bottom() < pane.bar.geometry().top()
    assert lines
    if height >= 260:
        assert len(lines) == len(pane.facts.rows())


@pytest.mark.parametrize("height", range(250, 300, 3))
def test_a_picture_leaves_room_for_all_facts(pane, height):
    pane.resize(303, height)
    pane.show_item(shown(read()))
    assert len([line for line in pane.facts.findChildren(QLabel) if line.isVisible()]) == 5
