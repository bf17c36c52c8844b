"""What is taken from a frame to be drawn, and that drawing it keeps its promises."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QTransform

from alprviewer.core.frame import Box, Point
from alprviewer.core.geometry import Rect, Shape
from alprviewer.models.shown import NOTHING, Picture
from alprviewer.views.overlays import (
    MAX_MARKS,
    Look,
    Overlay,
    OverlayPainter,
    label_text,
    overlay_of,
)
from alprviewer.views.theme import DARK, LIGHT
from tests.views.shownvalues import HOSTILE, RED, picture, quad, read, shown, two_plates

pytestmark = pytest.mark.usefixtures("qapp")
ALL_ON = {"plate": True, "vehicle": True, "roi": True, "corners": True}
VIEW = Rect(0, 0, 640, 360)


def drawn(overlay: Overlay, layers=ALL_ON, theme=LIGHT, scale=1.0, on_picture=False):
    """The painter after it painted, and the picture it painted on."""
    image = QImage(640, 360, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = OverlayPainter(overlay)
    target = QPainter(image)
    transform = QTransform.fromScale(scale, scale)
    painter.paint(target, transform, layers, Look(theme, QFont(), on_picture), VIEW)
    target.end()
    return painter, image


def is_near(image: QImage, x: int, y: int, colour: str, reach: int = 2) -> bool:
    """True if a pixel of about that colour is within reach."""
    wanted = QColor(colour)
    return any(
        abs(c.red() - wanted.red()) + abs(c.green() - wanted.green()) + abs(c.blue() - wanted.blue()) < 60
        for dx, dy in itertools.product(range(-reach, reach + 1), repeat=2)
        if (c := image.pixelColor(x + dx, y + dy)).isValid()
    )


# --- what there is to draw


def test_nothing_gives_an_empty_overlay():
    overlay = overlay_of(NOTHING)
    assert overlay.marks == ()
    assert overlay.plate_box() is None
    assert overlay.position_at(5, 5) is None


def test_the_selected_read_comes_first_and_gives_the_boxes():
    overlay = overlay_of(two_plates(position=1))
    assert [m.position for m in overlay.marks] == [1, 0]
    assert overlay.plate_box() == overlay.marks[0].box
    assert overlay.vehicle_box() == Rect(350, 0, 300, 340)
    assert overlay.frame == Rect(0, 0, 640, 360)
    assert overlay.size_from == "frame"
    assert overlay.rois == (Rect(0, 20, 640, 340),)


def test_without_a_selection_the_boxes_hold_all():
    overlay = overlay_of(two_plates(position=None))
    assert overlay.selected is None
    assert overlay.plate_box() == Rect(94, 150, 456, 56)


def test_a_position_beyond_the_reads_selects_nothing():
    assert overlay_of(two_plates(position=7)).selected is None


@pytest.mark.parametrize(
    ("corners", "shape", "word"),
    [
        ([Point(0, 0), Point(50, 50), Point(50, 0), Point(0, 50)], Shape.CROSSING, "edges cross"),
        ([Point(9, 9)] * 4, Shape.DEGENERATE, "flat quad"),
        ([Point(0, 0), Point(50, 25), Point(0, 50), Point(20, 25)], Shape.CONCAVE, "dented quad"),
    ],
)
def test_odd_quads_are_drawn_and_named(corners, shape, word):
    overlay = overlay_of(shown(read(coordinates=corners)))
    assert overlay.marks[0].shape is shape
    assert word in overlay.marks[0].text
    painter, _ = drawn(overlay)
    assert len(painter.labels) == 1


def test_absent_fields_leave_nothing_behind():
    overlay = overlay_of(shown(read(coordinates=None, vehicle_region=None), regions_of_interest=None))
    assert (overlay.marks, overlay.vehicles, overlay.rois) == ((), (), ())
    drawn(overlay)


def test_boxes_of_no_size_are_left_out():
    overlay = overlay_of(shown(read(vehicle_region=Box(5, 5, 0, 9)), regions_of_interest=[Box(0, 0, 0, 0)]))
    assert (overlay.vehicles, overlay.rois) == ((), ())


def test_without_a_size_the_picture_gives_it_then_the_quads_then_a_guess():
    unknown = {"img_width": None, "img_height": None}
    pictured = overlay_of(shown(read(), backdrop=picture(800, 450, RED), **unknown))
    assert (pictured.frame, pictured.size_from) == (Rect(0, 0, 800, 450), "picture")
    marked = overlay_of(shown(read(), **unknown))
    assert marked.size_from == "marks"
    assert marked.frame.united(marked.marks[0].box) == marked.frame
    guessed = overlay_of(shown(regions_of_interest=[], **unknown))
    assert guessed.size_from == "nothing"


def test_quads_outside_widen_the_extent():
    overlay = overlay_of(shown(read(x=600, y=-30, vehicle_region=None)))
    assert overlay.extent.right == 700
    assert overlay.extent.y == -30


def test_too_many_plates_are_counted_and_the_selected_one_is_kept():
    reads = [read(f"P{i}", i % 600, 100) for i in range(MAX_MARKS + 20)]
    overlay = overlay_of(shown(*reads, position=MAX_MARKS + 10, crops=()))
    assert len(overlay.marks) == MAX_MARKS
    assert overlay.marks[0].position == MAX_MARKS + 10
    assert overlay.left_out == 20


def test_the_smallest_quad_under_the_mouse_is_meant():
    small = read("SMALL", coordinates=quad(230, 160, 20, 10, 1))
    overlay = overlay_of(shown(read(), small))
    assert overlay.position_at(240, 166) == 1
    assert overlay.position_at(210, 190) == 0
    assert overlay.position_at(5, 5) is None


# --- labels


def test_a_label_says_plate_and_confidence():
    assert label_text(read("AYX8803")) == "AYX8803 89.1"
    assert label_text(read("AB\n12")) == "AB↵12 89.1"
    assert label_text(read(None, confidence=None)) == "—"


def test_a_hostile_plate_is_one_plain_short_line():
    text = label_text(read(HOSTILE * 1000))
    assert "\n" not in text
    assert "\u202e" not in text
    assert len(text) < 200
    painter, _ = drawn(overlay_of(shown(read(HOSTILE * 1000))))
    assert painter.labels[0].rect.width <= 0.6 * VIEW.width + 20


def test_labels_of_neighbours_do_not_collide_and_the_selected_is_there():
    reads = [read(f"PLATE{i}", 30 + 70 * (i % 8), 40 + 40 * (i // 8)) for i in range(24)]
    painter, _ = drawn(overlay_of(shown(*reads, position=13, crops=())))
    assert painter.labels[0].position == 13
    rects = [label.rect for label in painter.labels]
    assert len(rects) > 5
    assert not any(a.grown(-1).overlaps(b.grown(-1)) for a, b in itertools.combinations(rects, 2))


def test_a_label_is_found_under_the_mouse():
    painter, _ = drawn(overlay_of(two_plates()))
    rect = next(label.rect for label in painter.labels if label.position == 1)
    assert painter.label_at(*rect.center) == 1
    assert painter.label_at(1, 1) is None


def test_labels_of_plates_out_of_sight_are_left_out():
    painter, _ = drawn(overlay_of(two_plates()), scale=1.5)
    assert [label.position for label in painter.labels] == [0]


# --- lines


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_layer_is_drawn_only_where_it_is_on(theme):
    overlay = overlay_of(shown(read()))
    spots = {
        "plate": (250, 153, theme.plate),
        "vehicle": (100, 100, theme.vehicle),
        "roi": (30, 20, theme.roi),
    }
    for name, (x, y, colour) in spots.items():
        _, only = drawn(overlay, {name: True}, theme)
        assert is_near(only, x, y, colour, 6)
        _, others = drawn(overlay, {**ALL_ON, name: False}, theme)
        assert not is_near(others, x, y, colour)


def test_kinds_differ_by_form():
    """A dashed line has gaps, a plain one has none; the selected plate is thicker than the others."""
    _, image = drawn(overlay_of(shown(read())), {"roi": True})
    along = [is_near(image, x, 20, LIGHT.roi, 0) for x in range(50, 600)]
    assert any(along)
    assert not all(along)
    _, image = drawn(overlay_of(shown(read())), {"vehicle": True})
    assert all(is_near(image, 100, y, LIGHT.vehicle, 1) for y in range(5, 330))
    flat = {"coordinates": quad(100, 200, slant=0)}
    other = read(coordinates=quad(400, 200, slant=0))
    _, image = drawn(overlay_of(shown(read(**flat), other)), {"plate": True})

    def thickness(x):
        return sum(image.pixelColor(x, y) != QColor("#ffffff") for y in range(240, 260))

    assert thickness(150) > thickness(450)


def test_corner_numbers_are_drawn_where_they_are_on():
    overlay = overlay_of(shown(read()))
    _, without = drawn(overlay, {"plate": True})
    _, with_numbers = drawn(overlay, {"plate": True, "corners": True})
    assert without != with_numbers


def test_a_casing_keeps_lines_visible_on_a_picture():
    overlay = overlay_of(shown(read()))
    assert drawn(overlay, on_picture=True)[1] != drawn(overlay, on_picture=False)[1]


coordinate = st.integers(-32766, 32766)
points = st.lists(st.builds(Point, coordinate, coordinate), min_size=4, max_size=4)


@settings(max_examples=60)
@given(points, points, st.sampled_from([1 / 64, 0.3, 1.0, 64.0]), st.booleans())
def test_any_quads_can_be_drawn(first, second, scale, on_picture):
    overlay = overlay_of(shown(read(coordinates=first), read(coordinates=second)))
    painter, _ = drawn(overlay, scale=scale, on_picture=on_picture)
    a = [label.rect.grown(-1) for label in painter.labels]
    assert not any(x.overlaps(y) for x, y in itertools.combinations(a, 2))


def test_a_backdrop_that_is_a_null_image_is_none():
    assert overlay_of(shown(read(), backdrop=Picture(QImage()), img_width=None)).size_from == "marks"
