"""Letters and motion as the desktop has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication, QStyle

from alprviewer.app.desktop.look import APPEARANCE, GNOME, Wishes, size_of, wishes_of
from tests.helpers.desktop import needs_bus

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.just("Cantarell 11"), st.just(1)
)
NAMES = st.sampled_from(
    [(APPEARANCE, "reduced-motion")]
    + [(GNOME, name) for name in ("enable-animations", "font-name", "text-scaling-factor")]
)


@pytest.mark.parametrize(
    ("found", "wishes"),
    [
        ({}, Wishes()),
        ({(APPEARANCE, "reduced-motion"): 1}, Wishes(moves=False)),
        ({(APPEARANCE, "reduced-motion"): 0}, Wishes()),
        ({(GNOME, "enable-animations"): False}, Wishes(moves=False)),
        ({(GNOME, "enable-animations"): True}, Wishes()),
        ({(GNOME, "font-name"): "Cantarell 11"}, Wishes(points=11.0)),
        ({(GNOME, "font-name"): "Adwaita Sans Bold 12.5"}, Wishes(points=12.5)),
        ({(GNOME, "font-name"): "Font2000"}, Wishes()),
        ({(GNOME, "font-name"): "Sans 999"}, Wishes()),
        ({(GNOME, "text-scaling-factor"): 1.25}, Wishes(scale=1.25)),
        ({(GNOME, "text-scaling-factor"): 0.5}, Wishes()),
        ({(GNOME, "text-scaling-factor"): float("inf")}, Wishes()),
    ],
)
def test_what_settings_mean(found, wishes):
    assert wishes_of(found) == wishes


@given(st.dictionaries(NAMES, VALUES), st.floats(6, 30), st.floats(48, 400))
def test_whatever_is_told_letters_can_be_read(found, before, dpi):
    assert 5 <= size_of(wishes_of(found), before, dpi) <= 60


@given(st.floats(6, 20), st.floats(1, 3))
def test_a_scale_counts_once(points, scale):
    """On Wayland Qt knows nothing of it; on X11 it is in the resolution of the screen already."""
    wishes = Wishes(points=points, scale=scale)
    assert size_of(wishes, 9.0, 96.0) == pytest.approx(min(points * scale, 60))
    assert size_of(wishes, 9.0, 96.0 * scale) == pytest.approx(points)


@pytest.fixture
def letters(qapp):
    before = QApplication.font()
    yield before
    QApplication.setFont(before)


def fades(window) -> int:
    """Milliseconds that Qt's widgets take to glide and fade."""
    return window.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, window)


@needs_bus
def test_motion_is_reduced_and_comes_back(joined, desktop, meanwhile, letters):
    assert joined.workspace.isAnimated()
    assert fades(joined) > 0
    desktop.change(GNOME, "enable-animations", ("b", False))
    meanwhile(lambda: not joined.workspace.isAnimated())
    assert fades(joined) == 0
    joined.commands.toggle_theme(True)
    assert fades(joined) == 0
    desktop.change(GNOME, "enable-animations", ("b", True))
    meanwhile(joined.workspace.isAnimated)
    assert fades(joined) > 0


@needs_bus
def test_letters_grow_with_those_of_the_desktop(joined, desktop, meanwhile, letters):
    height = joined.start_page._files.height()
    desktop.change(GNOME, "font-name", ("s", "Cantarell 15"))
    meanwhile(lambda: QApplication.font().pointSizeF() == 15)
    meanwhile(lambda: joined.start_page._files.height() > height)
    desktop.change(GNOME, "text-scaling-factor", ("d", 2.0))
    scaled = size_of(Wishes(True, 15.0, 2.0), 9.0, joined.screen().logicalDotsPerInch())
    meanwhile(lambda: QApplication.font().pointSizeF() == pytest.approx(scaled))


@needs_bus
def test_what_the_desktop_says_at_the_start_counts(window, desktop, meanwhile, letters):
    from alprviewer.app.desktop.joining import join_desktop

    desktop.settings = {APPEARANCE: {"reduced-motion": ("u", 1)}, GNOME: {"font-name": ("s", "Sans 14")}}
    bus, _, _ = join_desktop(window)
    meanwhile(lambda: QApplication.font().pointSizeF() == 14)
    assert not window.workspace.isAnimated()
    bus.close()


@needs_bus
def test_letters_of_another_desktop_are_not_asked_of_gnome(joined, desktop, meanwhile, letters, monkeypatch):
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    desktop.change(GNOME, "font-name", ("s", "Cantarell 15"))
    desktop.change(APPEARANCE, "reduced-motion", ("u", 1))
    meanwhile(lambda: not joined.workspace.isAnimated())
    assert QApplication.font() == letters
