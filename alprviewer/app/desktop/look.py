"""Size of letters and motion as the desktop has them, asked of its settings portal.

Qt asks the same portal for light and dark, and takes letters from KDE; of GNOME's letters it knows nothing,
and of reduced motion on no desktop.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from alprviewer.app.desktop.bus import Bus, Place

if TYPE_CHECKING:
    from alprviewer.app.window import Window

PORTAL = Place(
    "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings"
)
APPEARANCE, GNOME = "org.freedesktop.appearance", "org.gnome.desktop.interface"
_REDUCED = 1
"""``reduced-motion`` of the portal, as its documentation numbers it; 0 says nothing."""
_FONT = re.compile(r".*[ ,](\d{1,3}(?:\.\d+)?)")
_LEAST, _MOST = 5.0, 60.0
_DPI = 96.0

Found = Mapping[tuple[str, str], Any]
"""Settings of the desktop by namespace and name."""


@dataclass(frozen=True)
class Wishes:
    """What the desktop wishes.

    Attributes:
        moves: things may move on the screen.
        points: size of letters; None where nothing was said.
        scale: by which all letters are larger, at least 1.
    """

    moves: bool = True
    points: float | None = None
    scale: float = 1.0


def wishes_of(found: Found) -> Wishes:
    """What settings of the desktop mean; what is of no use is as if it were not there."""
    calm = found.get((APPEARANCE, "reduced-motion")) == _REDUCED
    calm = calm or found.get((GNOME, "enable-animations")) is False
    name = found.get((GNOME, "font-name"))
    match = _FONT.fullmatch(name) if isinstance(name, str) else None
    points = float(match[1]) if match else 0.0
    told = found.get((GNOME, "text-scaling-factor"))
    scale = told if isinstance(told, float) and 1.0 <= told <= 4.0 else 1.0
    return Wishes(not calm, points if _LEAST <= points <= _MOST else None, scale)


def size_of(wishes: Wishes, before: float, dpi: float) -> float:
    """Points of letters.

    Args:
        wishes: of the desktop.
        before: points as Qt has them.
        dpi: of the screen as Qt has it. On X11 the desktop has put its scale in there already.
    """
    missing = max(wishes.scale * _DPI / dpi, 1.0) if wishes.scale > 1.0 else 1.0
    return min((wishes.points or before) * missing, _MOST)


def says_letters() -> bool:
    """True where GNOME's settings are those of the desktop, and not defaults that nobody uses."""
    return "GNOME" in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":")


class DesktopLook(QObject):
    """Follows letters and motion of the desktop in a window."""

    def __init__(self, window: Window, bus: Bus) -> None:
        super().__init__(window)
        self._window = window
        self._found: dict[tuple[str, str], Any] = {}
        self._before = QApplication.font()
        self._wishes = Wishes()
        bus.listen(PORTAL, "SettingChanged", self._change)
        bus.call(PORTAL, "ReadAll", "as", ([APPEARANCE, GNOME],), self._begin)

    def _begin(self, arguments: tuple[Any, ...]) -> None:
        for namespace, settings in arguments[0].items():
            for name, (_, value) in settings.items():
                self._found[namespace, name] = value
        self._follow()

    def _change(self, arguments: tuple[Any, ...]) -> None:
        namespace, name, (_, value) = arguments
        self._found[namespace, name] = value
        self._follow()

    def _follow(self) -> None:
        wishes = wishes_of(self._found)
        if wishes == self._wishes:
            return
        self._wishes = wishes
        if says_letters() and self._before.pointSizeF() > 0:
            font = QApplication.font()
            dpi = self._window.screen().logicalDotsPerInch()
            font.setPointSizeF(size_of(wishes, self._before.pointSizeF(), dpi))
            if font != QApplication.font():
                QApplication.setFont(font)
        self._window.commands.set_moves(wishes.moves)
