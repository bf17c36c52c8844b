"""The image pane as people use it: wheel, drag, keys, chips; and what it says when there is little."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from alprviewer.core.frame import Box, Point
from alprviewer.models.shown import NOTHING, Picture, Shown
from alprviewer.views.chips import Choice, LegendChip
from alprviewer.views.framecanvas import Shrunk, crop_transform
from alprviewer.views.imagepane import LAYERS, ImagePane
from tests.views.shownvalues import BLUE, GREEN, HOSTILE, RED, picture, read, shown, two_plates


@pytest.fixture
def pane(qtbot):
    made = ImagePane()
    qtbot.addWidget(made)
    made.resize(760, 440)
    made.show()
    qtbot.waitExposed(made)
    return made


def chip(pane: ImagePane, layer: str) -> LegendChip:
    return next(c for c in pane.findChildren(LegendChip) if c.layer == layer)


def choice(pane: ImagePane, name: str) -> Choice:
    return next(c for c in pane.findChildren(Choice) if c.name == name)


def on_view(pane: ImagePane, x: float, y: float) -> QPoint:
    return pane.view.to_view().map(QPointF(x, y)).toPoint()


def in_frame(pane: ImagePane, point: QPoint) -> QPointF:
    return pane.view.to_view().inverted()[0].map(QPointF(point))


def colour_at(pane: ImagePane, x: float, y: float) -> QColor:
    return pane.grab().toImage().pixelColor(on_view(pane, x, y))


def turn_wheel(pane: ImagePane, at: QPoint, notches: int) -> None:
    viewport = pane.view.viewport()
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    turned = QPoint(0, 120 * notches)
    where = QPointF(viewport.mapToGlobal(at))
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(QPointF(at), where, QPoint(), turned, no_button, no_key, phase, False)
    QApplication.sendEvent(viewport, event)


def notes(pane: ImagePane) -> str:
    return next(
        label.text() for label in pane.findChildren(QLabel) if label.accessibleName() == "About the picture"
    )


def reading(pane: ImagePane) -> str:
    names = "Size, position and zoom"
    return next(label.text() for label in pane.findChildren(QLabel) if label.accessibleName() == names)


def messages(pane: ImagePane) -> str:
    return " ".join(label.text() for label in pane.findChildren(QLabel) if label.isVisible())


# --- what is drawn


def test_the_backdrop_fills_the_frame_even_if_its_own_size_differs(pane):
    pane.show_item(shown(read(), backdrop=picture(1280, 720, GREEN)))
    pane.set_layer("vehicle", False)
    assert colour_at(pane, 20, 340) == QColor(GREEN)
    assert colour_at(pane, 600, 40) == QColor(GREEN)
    assert notes(pane) == ""


def test_crops_are_drawn_into_their_quads_where_there_is_no_picture(pane):
    pane.show_item(two_plates(crops=(picture(150, 75, RED), picture(150, 75, BLUE))))
    assert colour_at(pane, 150, 180) == QColor(RED)
    assert colour_at(pane, 500, 180) == QColor(BLUE)
    assert "The full frame was not found. Drawn back: straightened crops." in notes(pane)
    pane.set_layer("crops", False)
    assert colour_at(pane, 150, 180) != QColor(RED)
    assert "Drawn back" not in notes(pane)


def test_crops_are_not_drawn_over_a_picture_unless_asked_for(pane):
    values = two_plates(backdrop=picture(640, 360, GREEN))
    pane.show_item(values)
    assert not pane.layer("crops")
    assert colour_at(pane, 150, 180) == QColor(GREEN)
    pane.set_layer("crops", True)
    assert colour_at(pane, 150, 180) == QColor(RED)
    assert "Drawn back" in notes(pane)


def test_the_two_cases_of_crops_are_remembered_apart(pane):
    alone, pictured = two_plates(), two_plates(backdrop=picture(640, 360, GREEN))
    pane.show_item(pictured)
    pane.set_layer("crops", True)
    pane.show_item(alone)
    pane.set_layer("crops", False)
    pane.show_item(pictured)
    assert pane.layer("crops")
    assert chip(pane, "crops").isChecked()
    pane.show_item(alone)
    assert not pane.layer("crops")


def test_a_crop_turns_with_its_quad(pane):
    half = QImage(100, 50, QImage.Format.Format_RGB32)
    half.fill(QColor(RED))
    for x in range(50):
        for y in range(50):
            half.setPixelColor(x, y, QColor(BLUE))
    corners = [Point(300, 200), Point(200, 200), Point(200, 150), Point(300, 150)]
    pane.show_item(shown(read(coordinates=corners), crops=(Picture(half),)))
    assert colour_at(pane, 280, 175) == QColor(BLUE)
    assert colour_at(pane, 220, 175) == QColor(RED)


@pytest.mark.parametrize(
    "corners",
    [
        [Point(200, 150), Point(300, 200), Point(300, 150), Point(200, 200)],
        [Point(250, 175)] * 4,
        None,
    ],
)
def test_a_crop_is_not_drawn_into_an_impossible_quad(pane, corners):
    pane.show_item(shown(read(coordinates=corners, vehicle_region=None)))
    image = pane.grab().toImage()
    red = QColor(RED)
    assert not any(
        image.pixelColor(x, y) == red for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
    )
    if corners is None:
        assert "The selected read has no corners." in notes(pane)


def test_crop_transform_maps_pixels_to_corners():
    corners = [(200, 150), (300, 156), (294, 206), (194, 200)]
    transform = crop_transform(150, 75, corners)
    for pixel, corner in zip([(0, 0), (150, 0), (150, 75), (0, 75)], corners, strict=True):
        got = transform.map(QPointF(*pixel))
        assert (got.x(), got.y()) == pytest.approx(corner, abs=1e-6)


def test_a_large_picture_is_shrunk_in_steps_of_two(qapp):
    image = picture(4096, 2160, RED).image
    shrunk = Shrunk(image)
    assert shrunk.at(1.0) is image
    assert shrunk.at(0.18).width() == 1024
    assert shrunk.at(3.0) is image
    assert shrunk.at(0.0) is image


def test_quads_outside_are_shown_outside(pane):
    pane.show_item(shown(read(x=600, y=-30, vehicle_region=None)))
    corner = on_view(pane, 700, -24)
    assert pane.view.viewport().rect().contains(corner)
    assert pane.view.sceneRect().contains(QPointF(700, -24))
    assert "of the plate's quad lies outside the frame" in notes(pane)


def test_an_unknown_size_is_said(pane):
    pane.show_item(shown(read(), img_width=None, img_height=None))
    assert "The frame's size is not given: the edge is drawn around what was found." in notes(pane)
    assert "size unknown" in reading(pane)
    pane.show_item(shown(read(), img_width=None, invalid=frozenset({"img_width"})))
    assert "The frame's size is unusable" in notes(pane)


def test_a_picture_of_another_shape_is_doubted(pane):
    pane.show_item(shown(read(), backdrop=picture(800, 800, GREEN)))
    assert "The picture is 800 × 800" in notes(pane)


def test_invalid_corners_and_no_plates_are_said(pane):
    bad = frozenset({"results[0].coordinates"})
    pane.show_item(shown(read(coordinates=None), invalid=bad))
    assert "The selected read has no usable corners." in notes(pane)
    pane.show_item(shown(position=None))
    assert "No plate was read in this frame." in notes(pane)


# --- states without a frame


def test_states_without_a_frame_say_so_in_plain_words(pane):
    pane.show_item(NOTHING)
    assert "Nothing selected" in messages(pane)
    pane.show_item(Shown("Heartbeat of camera 5"))
    assert "Heartbeat of camera 5" in messages(pane)
    assert "no frame" in messages(pane)
    pane.show_item(Shown("Row 3", failure="The file has changed since it was read."))
    assert "The file has changed since it was read." in messages(pane)
    assert not chip(pane, "plate").isVisible()
    pane.show_item(shown(read()))
    assert chip(pane, "plate").isVisible()
    assert "Nothing selected" not in messages(pane)


def test_hostile_text_is_never_rich_text(pane):
    pane.show_item(shown(read(HOSTILE), backdrop=Picture(reason=HOSTILE)))
    pane.grab()
    pane.show_item(Shown(HOSTILE, failure=HOSTILE))
    pane.grab()
    for label in pane.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert "\u202e" not in label.text()


# --- zoom and pan


def test_the_wheel_zooms_at_the_cursor(pane):
    pane.show_item(shown(read(), backdrop=picture(640, 360, GREEN)))
    at = on_view(pane, 400, 200)
    before, scale = in_frame(pane, at), pane.view.viewpoint.scale
    turn_wheel(pane, at, 3)
    after = in_frame(pane, at)
    assert pane.view.viewpoint.scale > 1.9 * scale
    assert abs(after.x() - before.x()) < 1
    assert abs(after.y() - before.y()) < 1
    assert pane.fit_mode == ""
    turn_wheel(pane, at, -3)
    assert pane.view.viewpoint.scale == pytest.approx(scale)


def test_zoom_has_limits(pane):
    pane.show_item(shown(read()))
    for _ in range(60):
        pane.zoom_in()
    assert pane.view.viewpoint.scale == 64
    pane.grab()
    for _ in range(80):
        pane.zoom_out()
    assert pane.view.viewpoint.scale == 1 / 64
    pane.grab()


def test_keys_zoom_and_pan_the_focused_view(pane, qtbot):
    pane.show_item(shown(read()))
    pane.view.setFocus()
    start = pane.view.viewpoint
    qtbot.keyClick(pane.view, Qt.Key.Key_Plus)
    assert pane.view.viewpoint.scale > start.scale
    qtbot.keyClick(pane.view, Qt.Key.Key_Minus)
    assert pane.view.viewpoint.scale == pytest.approx(start.scale)
    qtbot.keyClick(pane.view, Qt.Key.Key_Right)
    assert pane.view.viewpoint.x > start.x
    qtbot.keyClick(pane.view, Qt.Key.Key_Up)
    assert pane.view.viewpoint.y < start.y


def test_dragging_pans_and_does_not_click(pane, qtbot):
    pane.show_item(two_plates())
    clicked = []
    pane.read_clicked.connect(clicked.append)
    viewport = pane.view.viewport()
    start = on_view(pane, 500, 180)
    before = in_frame(pane, start)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(viewport, start + QPoint(-30, 20))
    qtbot.mouseMove(viewport, start + QPoint(-60, 40))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(-60, 40))
    moved = in_frame(pane, start + QPoint(-60, 40))
    assert abs(moved.x() - before.x()) < 1.5
    assert abs(moved.y() - before.y()) < 1.5
    assert clicked == []
    assert pane.fit_mode == ""


def test_the_picture_cannot_be_lost_by_panning(pane):
    pane.show_item(shown(read()))
    pane.view.pan(100_000, 100_000)
    assert pane.view.viewpoint.x >= 0
    assert pane.view.viewpoint.y >= 0


# --- fit


def test_fit_buttons_fit_and_stay_for_the_next_item(pane, qtbot):
    pane.show_item(shown(read(x=100)))
    with qtbot.waitSignal(pane.fit_changed) as said:
        qtbot.mouseClick(choice(pane, "plate"), Qt.MouseButton.LeftButton)
    assert said.args == ["plate"]
    assert choice(pane, "plate").isChecked()
    assert not choice(pane, "frame").isChecked()
    first = pane.view.viewpoint
    pane.show_item(shown(read(x=400)))
    second = pane.view.viewpoint
    assert second.x - first.x == pytest.approx(300)
    assert second.scale == pytest.approx(first.scale)
    corners = [on_view(pane, p.x, p.y) for p in pane.shown.read.coordinates]
    assert all(pane.view.viewport().rect().contains(c) for c in corners)


def test_fit_frame_shows_the_whole_frame_below_the_chips(pane):
    pane.show_item(shown(read(), backdrop=picture(640, 360, GREEN)))
    top_left, bottom_right = on_view(pane, 0, 0), on_view(pane, 640, 360)
    assert pane.view.viewport().rect().contains(top_left)
    assert pane.view.viewport().rect().contains(bottom_right)
    assert top_left.y() >= chip(pane, "plate").geometry().bottom()


def test_an_item_without_a_plate_falls_back_and_the_mode_stays(pane):
    pane.fit("plate")
    pane.show_item(shown(position=None))
    assert pane.fit_mode == "plate"
    assert pane.view.viewport().rect().contains(on_view(pane, 0, 0))
    pane.show_item(shown(read()))
    assert pane.view.viewpoint.scale > 2


def test_a_fit_follows_the_size_of_the_pane(pane):
    pane.show_item(shown(read()))
    before = pane.view.viewpoint.scale
    pane.resize(400, 300)
    assert pane.view.viewpoint.scale < before
    assert pane.view.viewport().rect().contains(on_view(pane, 640, 360))


def test_a_zoom_by_hand_stays_in_frame_coordinates(pane):
    pane.show_item(shown(read(), backdrop=picture(640, 360, GREEN)))
    turn_wheel(pane, on_view(pane, 250, 170), 5)
    kept = pane.view.viewpoint
    pane.show_item(shown(read(x=400), backdrop=picture(640, 360, RED)))
    assert pane.view.viewpoint == kept
    pane.resize(500, 400)
    assert pane.view.viewpoint == kept


def test_unknown_names_are_refused(pane):
    with pytest.raises(ValueError, match="fit"):
        pane.fit("moon")
    with pytest.raises(ValueError, match="layer"):
        pane.set_layer("moon", True)


# --- layers


@pytest.mark.parametrize("name", LAYERS)
def test_each_chip_is_a_switch(pane, qtbot, name):
    pane.show_item(two_plates())
    was = pane.layer(name)
    with qtbot.waitSignal(pane.layer_changed) as said:
        qtbot.mouseClick(chip(pane, name), Qt.MouseButton.LeftButton)
    assert said.args == [name, not was]
    assert pane.layer(name) is not was
    assert chip(pane, name).isChecked() is not was
    pane.show_item(two_plates(position=1))
    assert pane.layer(name) is not was


def test_chips_answer_to_the_space_bar_and_tab_reaches_everything(pane, qtbot):
    pane.show_item(two_plates())
    pane.activateWindow()
    first = chip(pane, "plate")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Space)
    assert not pane.layer("plate")
    reached = {first}
    at = first
    for _ in range(20):
        qtbot.keyClick(at, Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
        reached.add(at)
    controls = {b for b in pane.findChildren(QAbstractButton) if b.isVisible()} | {pane.view}
    assert controls <= reached


def test_every_control_has_an_accessible_name_and_state(pane):
    pane.show_item(two_plates())
    for control in [*pane.findChildren(QAbstractButton), pane.view]:
        assert control.accessibleName()
    interface = QAccessible.queryAccessibleInterface(chip(pane, "plate"))
    assert interface.state().checked
    assert "2 plates. Selected: AYX8803 89.1." in pane.view.accessibleDescription()


def test_a_changed_switch_is_said_once(pane):
    pane.show_item(two_plates())
    said = []
    pane.layer_changed.connect(lambda *args: said.append(args))
    pane.set_layer("roi", True)
    pane.set_layer("roi", False)
    assert said == [("roi", False)]


# --- mouse


def test_clicking_another_plate_asks_for_it(pane, qtbot):
    pane.show_item(two_plates())
    viewport = pane.view.viewport()
    with qtbot.waitSignal(pane.read_clicked) as said:
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=on_view(pane, 500, 180))
    assert said.args == [1]
    with qtbot.assertNotEmitted(pane.read_clicked):
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=on_view(pane, 150, 180))
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=on_view(pane, 300, 330))
        qtbot.mouseClick(viewport, Qt.MouseButton.RightButton, pos=on_view(pane, 500, 180))
        pane.set_layer("plate", False)
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=on_view(pane, 500, 180))


def test_clicking_another_plates_label_asks_for_it(pane, qtbot):
    pane.show_item(two_plates())
    pane.grab()
    rect = next(label.rect for label in pane.view.labels.labels if label.position == 1)
    with qtbot.waitSignal(pane.read_clicked) as said:
        at = QPointF(*rect.center).toPoint()
        qtbot.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert said.args == [1]


def test_the_reading_says_size_place_and_zoom(pane, qtbot):
    pane.show_item(shown(read(), backdrop=picture(640, 360, GREEN)))
    assert reading(pane).startswith("640 × 360 · ")
    assert " x " not in reading(pane)
    at = on_view(pane, 301.5, 188.5)
    qtbot.mouseMove(pane.view.viewport(), at)
    point = in_frame(pane, at)
    percent = f"{100 * pane.view.viewpoint.scale:.0f} %"
    assert reading(pane) == f"640 × 360 · x {int(point.x())} y {int(point.y())} · {percent}"
    pane.view.hovered.emit(None)
    assert " x " not in reading(pane)


def test_the_mouse_shows_that_another_plate_can_be_chosen(pane, qtbot):
    pane.show_item(two_plates())
    viewport = pane.view.viewport()
    qtbot.mouseMove(viewport, on_view(pane, 500, 180))
    assert viewport.cursor().shape() == Qt.CursorShape.PointingHandCursor
    qtbot.mouseMove(viewport, on_view(pane, 150, 180))
    assert viewport.cursor().shape() == Qt.CursorShape.ArrowCursor


# --- layout


@pytest.mark.parametrize("size", [(760, 440), (400, 300), (220, 400), (1400, 200)])
def test_chips_and_captions_stay_inside_and_apart(pane, size):
    pane.resize(*size)
    pane.show_item(shown(read(), backdrop=Picture(reason="No folder of pictures was named. " * 3)))
    floating = [*pane.findChildren(LegendChip), choice(pane, "frame").parentWidget()]
    for widget in floating:
        assert pane.rect().contains(widget.geometry())
        assert not any(
            widget.geometry().intersects(other.geometry()) for other in floating if other is not widget
        )


# --- persistence


def test_state_survives_a_restart(pane, qtbot):
    pane.show_item(two_plates())
    pane.set_layer("roi", False)
    pane.set_layer("corners", True)
    pane.set_layer("crops", False)
    turn_wheel(pane, on_view(pane, 200, 100), 2)
    state = pane.state()
    other = ImagePane()
    qtbot.addWidget(other)
    other.resize(760, 440)
    other.restore(state)
    other.show_item(two_plates())
    assert other.state() == state
    assert other.view.viewpoint == pane.view.viewpoint


def test_a_fit_mode_survives_a_restart(pane):
    pane.restore({"fit": "vehicle"})
    assert pane.fit_mode == "vehicle"
    assert choice(pane, "vehicle").isChecked()


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"fit": "moon", "layers": None, "crops": [1]},
        {"fit": "", "scale": "x"},
        {"fit": "", "scale": float("nan"), "center": [0, 0]},
        {"scale": -1, "center": [0, 0]},
        {"scale": 1, "center": [1e300, None]},
        {"layers": {"plate": "yes", "moon": True}},
    ],
)
def test_a_damaged_state_changes_nothing(pane, state):
    pane.show_item(two_plates())
    before = pane.state()
    pane.restore(state)
    assert pane.state() == before


def test_state_is_plain(pane):
    pane.show_item(two_plates())
    assert set(pane.state()) == {"fit", "scale", "center", "layers", "crops"}


def test_vehicle_boxes_far_away_do_not_make_the_frame_tiny(pane):
    pane.show_item(shown(read(vehicle_region=Box(30000, 30000, 100, 100))))
    assert pane.view.viewpoint.scale > 0.5
