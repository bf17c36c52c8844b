"""Derived pictures, pixel by pixel against the formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage

from alprviewer.models.adjust import NEUTRAL, Adjustment, adjusted, signed, to_pillow, to_qimage

adjustments = st.builds(
    Adjustment,
    st.integers(-100, 100),
    st.integers(-100, 100),
    st.floats(0.2, 5.0),
    st.booleans(),
)


def gradient(width: int = 7, height: int = 5) -> QImage:
    """A width that is no multiple of four: lines are padded."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    for x in range(width):
        for y in range(height):
            image.setPixelColor(x, y, QColor(x * 36 % 256, y * 50, (x * y * 11) % 256))
    return image


def naive(level: int, adjustment: Adjustment) -> int:
    value = (level / 255) ** (1 / adjustment.gamma)
    share = adjustment.contrast / 100
    value = 0.5 + (value - 0.5) * (1 + share * (4 if share > 0 else 1))
    value = sorted((0.0, value + adjustment.brightness / 100, 1.0))[1]
    return round(255 * (1 - value if adjustment.invert else value))


def test_neutral_gives_the_picture_itself():
    image = gradient()
    assert adjusted(image, NEUTRAL) is image
    assert NEUTRAL.is_neutral
    assert NEUTRAL.words == ""


def test_a_null_picture_stays_one():
    assert adjusted(QImage(), Adjustment(invert=True)).isNull()


@given(adjustments)
def test_every_pixel_follows_the_formula(adjustment):
    image = gradient()
    derived = adjusted(image, adjustment)
    assert derived.size() == image.size()
    for x in range(image.width()):
        for y in range(image.height()):
            old, new = image.pixelColor(x, y), derived.pixelColor(x, y)
            wanted = [naive(level, adjustment) for level in (old.red(), old.green(), old.blue())]
            assert [new.red(), new.green(), new.blue()] == wanted


@given(adjustments)
def test_curves_stay_in_range_and_never_turn_back(adjustment):
    curve = adjustment.curve()
    assert len(curve) == 256
    assert all(0 <= value <= 255 for value in curve)
    assert curve == sorted(curve, reverse=adjustment.invert)


def test_inverting_twice_gives_the_picture_back():
    image = gradient().convertToFormat(QImage.Format.Format_RGB888)
    twice = adjusted(adjusted(image, Adjustment(invert=True)), Adjustment(invert=True))
    assert twice == image


def test_gamma_above_one_lifts_the_shadows():
    assert Adjustment(gamma=1.4).curve()[50] > 50
    assert Adjustment(gamma=0.7).curve()[50] < 50


@pytest.mark.parametrize("form", [QImage.Format.Format_Grayscale8, QImage.Format.Format_ARGB32])
def test_other_formats_are_taken_too(form):
    image = gradient().convertToFormat(form)
    assert (
        adjusted(image, Adjustment(invert=True)).pixelColor(3, 2).red() == 255 - image.pixelColor(3, 2).red()
    )


def test_the_way_through_pillow_changes_nothing():
    image = gradient()
    assert to_qimage(to_pillow(image)) == image.convertToFormat(QImage.Format.Format_RGB888)


@pytest.mark.parametrize(
    ("adjustment", "words"),
    [
        (Adjustment(gamma=1.4, invert=True), "gamma 1.4, inverted"),
        (Adjustment(brightness=10), "brightness +10"),
        (Adjustment(brightness=-10, contrast=5), "brightness −10, contrast +5"),
        (Adjustment(gamma=2.0), "gamma 2"),
        (Adjustment(gamma=0.25), "gamma 0.25"),
    ],
)
def test_words(adjustment, words):
    assert adjustment.words == words
    assert not adjustment.is_neutral


@pytest.mark.parametrize(
    "values",
    [{"brightness": 101}, {"contrast": -101}, {"gamma": 0.1}, {"gamma": 6.0}, {"gamma": float("nan")}],
)
def test_values_out_of_range_are_refused(values):
    with pytest.raises(ValueError, match="from"):
        Adjustment(**values)


def test_signed():
    assert [signed(n) for n in (-3, 0, 3)] == ["−3", "0", "+3"]
