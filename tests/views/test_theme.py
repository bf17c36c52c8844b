"""The two looks: what is said can be read."""

from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtGui import QColor, QPalette

from alprviewer.views.theme import DARK, LIGHT, Theme, palette_of, theme_of

GROUNDS = ("window", "surface", "raised", "canvas")
WORDS = ("text", "muted", "differs", "bad", "accent")
ON = (
    ("on_accent", "accent"),
    ("on_selection", "selection"),
    ("on_accent", "plate"),
    ("on_accent", "differs"),
)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""

    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

    parts = QColor(colour)
    red, green, blue = map(linear, (parts.redF(), parts.greenF(), parts.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_the_known_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(("words", "ground"), [*product(WORDS, GROUNDS), *ON])
def test_words_stand_out_from_their_ground(theme: Theme, words, ground):
    assert contrast(getattr(theme, words), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_palette_tells_its_theme_and_leaves_no_role_to_the_platform(qapp, theme):
    palette = palette_of(theme)
    assert theme_of(palette) is theme
    roles = [role for role in QPalette.ColorRole if role.name not in ("NoRole", "NColorRoles")]
    assert [role.name for role in roles if not palette.isBrushSet(QPalette.ColorGroup.Active, role)] == []
