"""Colours and fonts: two themes as data, applied to Fusion by palette and a short style sheet.

A view asks ``theme_of(self.palette())`` whenever it paints or its palette changes; nothing global is kept.
Overlay colours are from Okabe and Ito's set, which people with colour-blindness can tell apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

SPACE = 4
"""Step of all distances in device-independent pixels."""

PLATE_FAMILIES = ("JetBrains Mono", "Cascadia Mono", "Fira Mono", "Consolas", "Menlo", "DejaVu Sans Mono")
"""Fonts whose zero cannot be taken for an O, best first."""


@dataclass(frozen=True)
class Theme:
    """Every colour of one look, as ``#rrggbb``. Text on its ground has a contrast of at least 4.5 : 1."""

    name: str
    window: str
    surface: str
    raised: str
    text: str
    muted: str
    line: str
    hair: str
    accent: str
    on_accent: str
    selection: str
    on_selection: str
    bar: str
    track: str
    plate: str
    vehicle: str
    roi: str
    pass_track: str
    differs: str
    good: str
    bad: str
    canvas: str

    @property
    def is_dark(self) -> bool:
        """True for the dark look."""
        return self.name == "dark"


LIGHT = Theme(
    name="light",
    window="#f3f4f6",
    surface="#ffffff",
    raised="#f9fafb",
    text="#16181d",
    muted="#5c6470",
    line="#dcdfe4",
    hair="#eef0f3",
    accent="#0b62c4",
    on_accent="#ffffff",
    selection="#d9e8fb",
    on_selection="#0b2f5c",
    bar="#7fb0e6",
    track="#e3e6ea",
    plate="#0072b2",
    vehicle="#d55e00",
    roi="#00845f",
    pass_track="#2a9fd6",
    differs="#b5400a",
    good="#1a7f45",
    bad="#b3261e",
    canvas="#e6e8ec",
)
DARK = Theme(
    name="dark",
    window="#15181c",
    surface="#1d2126",
    raised="#23282e",
    text="#e8eaed",
    muted="#9aa4b0",
    line="#343a42",
    hair="#262b31",
    accent="#58a6ff",
    on_accent="#06172b",
    selection="#1f3d60",
    on_selection="#eaf3ff",
    bar="#3b76b8",
    track="#2c3138",
    plate="#4db3ff",
    vehicle="#ff9a4d",
    roi="#2fcfa4",
    pass_track="#7cc7f0",
    differs="#ff9a4d",
    good="#4cc38a",
    bad="#ff7b72",
    canvas="#0e1013",
)


def theme_of(palette: QPalette) -> Theme:
    """The theme that a palette was made from."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def palette_of(theme: Theme) -> QPalette:
    """Every role of a palette, so that nothing is left to the platform."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.differs,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.on_selection,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.raised,
        role.Midlight: theme.line,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.line,
        role.Accent: theme.accent,
    }
    palette = QPalette()
    for each, colour in colours.items():
        palette.setColor(each, QColor(colour))
    for each in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.muted))
    return palette


def apply(application: QApplication, theme: Theme, style_sheet: str = "") -> None:
    """Give the whole program one look."""
    application.setStyle("Fusion")
    application.setPalette(palette_of(theme))
    application.setStyleSheet(style_sheet)


@cache
def _plate_family() -> str | None:
    available = set(QFontDatabase.families())
    return next((name for name in PLATE_FAMILIES if name in available), None)


def plate_font(base: QFont, scale: float = 14 / 13, weight: QFont.Weight = QFont.Weight.DemiBold) -> QFont:
    """A fixed-width font for plates, sized from ``base`` (13 px in the drawings)."""
    family = _plate_family()
    font = QFont(base)
    if family is not None:
        font.setFamily(family)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    if base.pixelSize() > 0:
        font.setPixelSize(round(base.pixelSize() * scale))
    else:
        font.setPointSizeF(base.pointSizeF() * scale)
    font.setWeight(weight)
    return font
