"""Geometry against naive oracles: linear systems, grids of points, edges crossed pair by pair."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alprviewer.core import geometry
from alprviewer.core.geometry import Label, Rect, Shape

WIRE = st.integers(-32766, 32766)
SMALL = st.integers(-20, 20)
quads = st.lists(st.tuples(WIRE, WIRE), min_size=4, max_size=4)
small_quads = st.lists(st.tuples(SMALL, SMALL), min_size=4, max_size=4)
lengths = st.floats(1, 200).map(lambda x: round(x, 1))
rects = st.builds(Rect, st.floats(-100, 500), st.floats(-100, 500), lengths, lengths)

PLATE = [(1006, 190), (1160, 181), (1171, 254), (1017, 267)]


@st.composite
def convex_quads(draw):
    """Four corners on an ellipse, in order: always convex."""
    angles = sorted(draw(st.lists(st.integers(0, 359), min_size=4, max_size=4, unique=True)))
    a, b = draw(st.integers(200, 5000)), draw(st.integers(200, 5000))
    x, y = draw(SMALL), draw(SMALL)
    quad = [
        (round(x + a * math.cos(math.radians(t))), round(y + b * math.sin(math.radians(t)))) for t in angles
    ]
    return list(reversed(quad)) if draw(st.booleans()) else quad


# --- boxes, sizes, areas


@given(quads)
def test_bounds_touch_every_side(quad):
    box = geometry.bounds(quad)
    assert all(box.contains(x, y) for x, y in quad)
    assert {box.x, box.right} <= {x for x, _ in quad}
    assert {box.y, box.bottom} <= {y for _, y in quad}


def test_size_of_a_plate_is_the_mean_of_opposite_edges():
    size = geometry.quad_size([(0, 0), (150, 0), (150, 40), (50, 40)])
    assert size.width == (150 + 100) / 2
    assert size.height == (40 + math.hypot(50, 40)) / 2


@given(quads)
def test_size_does_not_depend_on_which_corner_is_first_but_for_a_quarter_turn(quad):
    turned = geometry.quad_size([*quad[1:], quad[0]])
    size = geometry.quad_size(quad)
    assert math.isclose(size.width, turned.height, abs_tol=1e-6)
    assert math.isclose(size.height, turned.width, abs_tol=1e-6)


def test_area_is_positive_for_corners_as_the_wire_has_them():
    assert geometry.signed_area(PLATE) > 0
    assert geometry.signed_area(PLATE[::-1]) == -geometry.signed_area(PLATE)
    assert geometry.signed_area([]) == 0


@given(rects, rects)
def test_union_and_intersection_agree_with_overlaps(a, b):
    both, common = a.united(b), a.intersected(b)
    for rect in (a, b):
        assert both.x <= rect.x
        assert both.right >= rect.right - 1e-9
        assert common.width <= rect.width + 1e-9
    assert a.overlaps(b) == b.overlaps(a)
    if common.width > 1e-6 and common.height > 1e-6:
        assert a.overlaps(b)


def test_union_of_nothing_is_nothing():
    assert geometry.united([]) is None


# --- shape


def _segments_cross(a, b, c, d):
    """True if the open segments a-b and c-d meet in one point: solved as two equations."""
    matrix = np.array([[b[0] - a[0], c[0] - d[0]], [b[1] - a[1], c[1] - d[1]]], dtype=float)
    if round(float(np.linalg.det(matrix))) == 0:
        return False
    t, s = np.linalg.solve(matrix, [c[0] - a[0], c[1] - a[1]])
    return 1e-9 < t < 1 - 1e-9 and 1e-9 < s < 1 - 1e-9


@given(small_quads)
def test_shape_agrees_with_edges_and_angles(quad):
    shape = geometry.shape_of(quad)
    collinear = [abs(geometry.signed_area(list(three))) < 1e-9 for three in itertools.combinations(quad, 3)]
    if shape is Shape.DEGENERATE:
        assert any(collinear)
        return
    assume(not any(collinear))
    crosses = _segments_cross(*quad) or _segments_cross(quad[1], quad[2], quad[3], quad[0])
    assert (shape is Shape.CROSSING) == crosses
    if not crosses:
        in_triangle = any(
            geometry.contains([*others, others[0]], *corner)
            for corner in quad
            if (others := [c for c in quad if c != corner])
        )
        assert (shape is Shape.CONCAVE) == in_triangle


@pytest.mark.parametrize(
    ("quad", "shape"),
    [
        (PLATE, Shape.CONVEX),
        ([PLATE[0], PLATE[2], PLATE[1], PLATE[3]], Shape.CROSSING),
        ([(0, 0)] * 4, Shape.DEGENERATE),
        ([(0, 0), (10, 0), (20, 0), (30, 0)], Shape.DEGENERATE),
        ([(0, 0), (10, 0), (10, 0), (0, 10)], Shape.DEGENERATE),
        ([(0, 0), (10, 5), (0, 10), (4, 5)], Shape.CONCAVE),
    ],
)
def test_shapes_of_known_figures(quad, shape):
    assert geometry.shape_of(quad) is shape
    assert geometry.can_warp(quad) == (shape is Shape.CONVEX)


def test_a_crumb_cannot_be_warped_into():
    assert not geometry.can_warp([(0, 0), (0.5, 0), (0.5, 0.5), (0, 0.5)])


@given(convex_quads(), st.floats(-6000, 6000), st.floats(-6000, 6000))
def test_contains_agrees_with_half_planes(quad, x, y):
    assume(geometry.shape_of(quad) is Shape.CONVEX)
    sides = [
        (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
        for a, b in zip(quad, [*quad[1:], quad[0]], strict=True)
    ]
    assume(min(abs(side) for side in sides) > 1e-3)
    assert geometry.contains(quad, x, y) == (all(s > 0 for s in sides) or all(s < 0 for s in sides))


@given(convex_quads(), st.integers(1, 4000), st.integers(1, 4000))
def test_fraction_outside_agrees_with_a_grid_of_points(quad, width, height):
    share = geometry.fraction_outside(quad, width, height)
    assume(share is not None)
    box = geometry.bounds(quad)
    n = 40
    spots = [
        (box.x + (i + 0.5) / n * box.width, box.y + (j + 0.5) / n * box.height)
        for i in range(n)
        for j in range(n)
    ]
    inside = [(x, y) for x, y in spots if geometry.contains(quad, x, y)]
    assume(len(inside) > 200)
    out = sum(not (0 <= x <= width and 0 <= y <= height) for x, y in inside)
    assert abs(share - out / len(inside)) < 0.15


def test_fraction_outside_of_known_quads():
    square = [(-10, 0), (10, 0), (10, 20), (-10, 20)]
    assert geometry.fraction_outside(square, 100, 100) == 0.5
    assert geometry.fraction_outside(PLATE, 1280, 720) == 0
    assert geometry.fraction_outside([(x + 5000, y) for x, y in PLATE], 1280, 720) == 1
    dented = [(0, 0), (10, 5), (0, 10), (4, 5)]
    assert geometry.fraction_outside(dented, 100, 5) == pytest.approx(0.5)
    assert geometry.fraction_outside([(0, 0)] * 4, 100, 100) is None
    assert geometry.fraction_outside([(0, 0), (9, 9), (9, 0), (0, 9)], 100, 100) is None
    assert geometry.fraction_outside(square, 0, 100) is None


@given(quads, WIRE, WIRE)
def test_fraction_outside_is_a_share_or_nothing(quad, width, height):
    share = geometry.fraction_outside(quad, width, height)
    assert share is None or 0 <= share <= 1


# --- perspective


@given(convex_quads())
def test_homography_agrees_with_eight_equations(quad):
    assume(geometry.can_warp(quad) and min(geometry.quad_size(quad)) > 20)
    unit = [(0, 0), (1, 0), (1, 1), (0, 1)]
    rows, right = [], []
    for (u, v), (x, y) in zip(unit, quad, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -u * x, -v * x], [0, 0, 0, u, v, 1, -u * y, -v * y]]
        right += [x, y]
    assume(np.linalg.cond(np.array(rows, dtype=float)) < 1e10)
    solved = np.append(np.linalg.solve(np.array(rows, dtype=float), right), 1).reshape(3, 3)
    points = [(0.5, 0.5), (0.25, 0.75), (1, 0.3), *unit]
    for got, wanted in zip(
        geometry.mapped(geometry.homography(quad), points), geometry.mapped(solved, points), strict=True
    ):
        assert got == pytest.approx(wanted, rel=1e-4, abs=1e-3)


@given(convex_quads(), st.floats(0, 1), st.floats(0, 1))
def test_homography_keeps_the_inside_inside(quad, u, v):
    assume(geometry.can_warp(quad))
    ((x, y),) = geometry.mapped(geometry.homography(quad), [(u, v)])
    assert geometry.bounds(quad).grown(1e-3).contains(x, y)


@given(quads)
def test_homography_maps_corners_to_corners_or_refuses(quad):
    if not geometry.can_warp(quad):
        with pytest.raises(ValueError):
            geometry.homography(quad)
        return
    corners = geometry.mapped(geometry.homography(quad), [(0, 0), (1, 0), (1, 1), (0, 1)])
    assert np.array(corners) == pytest.approx(np.array(quad), abs=0.5)


# --- fitting

FRAME = Rect(0, 0, 640, 360)


def test_fit_targets_have_room_around_them():
    plate, vehicle = Rect(200, 100, 100, 50), Rect(100, 0, 360, 360)
    assert geometry.fit_target("plate", FRAME, vehicle, plate) == Rect(170, 70, 160, 110)
    fitted = geometry.fit_target("vehicle", FRAME, vehicle, plate)
    assert fitted.united(vehicle) == fitted
    assert geometry.fit_target("frame", FRAME, vehicle, plate) == FRAME


def test_fit_falls_back_from_plate_to_vehicle_to_frame():
    vehicle = Rect(100, 0, 360, 360)
    wanted = geometry.fit_target("vehicle", FRAME, vehicle, None)
    assert geometry.fit_target("plate", FRAME, vehicle, None) == wanted
    assert geometry.fit_target("plate", FRAME, vehicle, Rect(5, 5, 0, 0)) == wanted
    assert geometry.fit_target("plate", FRAME, None, None) == FRAME
    assert geometry.fit_target("vehicle", FRAME, Rect(1, 1, 0, 5), None) == FRAME


def test_extent_follows_what_lies_outside_but_not_garbage():
    assert geometry.frame_extent(FRAME, [Rect(600, -20, 100, 40)]) == Rect(0, -20, 700, 380)
    far = geometry.frame_extent(FRAME, [Rect(-30000, 0, 60000, 10)])
    assert far == Rect(-320, 0, 1280, 360)
    assert geometry.frame_extent(FRAME, [Rect(30000, 30000, 10, 10)]) == FRAME


@given(st.floats(1 / 64, 64), st.floats(10, 200))
def test_ticks_are_wide_enough_and_not_much_wider(scale, gap):
    step = geometry.tick_step(scale, gap)
    assert step * scale >= min(gap, scale) - 1e-6
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert step == 1 or step / 2.5 * scale < gap


# --- labels

labels = st.lists(st.builds(Label, rects, lengths, st.floats(5, 30).map(round)), max_size=12)


@given(labels, st.lists(rects, max_size=4), st.lists(rects, max_size=3))
def test_labels_never_collide_and_stay_in_the_area(wanted, avoid, occupied):
    area = Rect(0, 20, 400, 300)
    places = geometry.place_labels(wanted, area, avoid, occupied)
    assert len(places) == len(wanted)
    for label, place in zip(wanted, places, strict=True):
        if place is not None:
            assert (place.width, place.height) == (label.width, label.height)
            assert area.grown(1e-6).united(place) == area.grown(1e-6)
            assert not any(place.overlaps(o.grown(-1e-6)) for o in occupied)
    found = [place.grown(-1e-6) for place in places if place is not None]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(found, 2))


@given(labels.filter(bool), st.lists(rects, max_size=4))
def test_the_first_label_is_always_placed(wanted, avoid):
    assert geometry.place_labels(wanted, Rect(0, 0, 400, 300), avoid)[0] is not None


def test_a_label_stands_above_flush_left_if_nothing_hinders():
    anchor = Rect(100, 100, 60, 30)
    label = Label(anchor, 90, 20)
    area = Rect(0, 0, 400, 300)
    assert geometry.place_labels([label], area, [anchor], gap=4) == [Rect(100, 76, 90, 20)]


def test_a_label_keeps_off_other_plates_and_goes_below_at_the_top():
    anchor = Rect(100, 100, 60, 30)
    area = Rect(0, 0, 400, 300)
    (moved,) = geometry.place_labels([Label(anchor, 90, 20)], area, [anchor, Rect(90, 60, 120, 36)], gap=4)
    assert moved == Rect(100, 134, 90, 20)
    at_top = Rect(100, 2, 60, 30)
    (below,) = geometry.place_labels([Label(at_top, 90, 20)], area, [at_top], gap=4)
    assert below == Rect(100, 36, 90, 20)


def test_a_label_that_is_larger_than_the_area_is_left_out():
    assert geometry.place_labels([Label(FRAME, 900, 20)], Rect(0, 0, 400, 300)) == [None]
