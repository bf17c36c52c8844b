"""Light and dark as the desktop has them: the real program on a real X server and message bus."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest

from tests.helpers.desktop import session_bus
from tests.helpers.display import Display, display
from tests.helpers.opening import SAMPLE

NEEDED = ("Xvfb", "dbus-daemon", "dbus-send")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {MISSING}, which make test installs on Debian")

PREFERS = {"dark": 1, "light": 2}
"""org.freedesktop.appearance color-scheme, as the desktop portal's documentation numbers it."""


def brightness(screen: Display) -> float:
    """Mean of the middle half of what the window (at the top left) shows, 0 to 255; 0 where there is none."""
    pixels = screen.pixels()[:600, :1000]
    return float(np.median(pixels))


def prefer(scheme: str, environment: dict[str, str]) -> None:
    """Say what the desktop portal says when the user switches between light and dark."""
    subprocess.run(
        [
            *("dbus-send", "--session", "--type=signal", "/org/freedesktop/portal/desktop"),
            *("org.freedesktop.portal.Settings.SettingChanged", "string:org.freedesktop.appearance"),
            *("string:color-scheme", f"variant:uint32:{PREFERS[scheme]}"),
        ],
        env=environment,
        check=True,
    )


def test_the_window_follows_the_desktop_from_light_to_dark_and_back(qtbot):
    with display() as screen, session_bus() as address:
        desktop = {"XDG_CURRENT_DESKTOP": "GNOME", "DBUS_SESSION_BUS_ADDRESS": address}
        environment = os.environ | screen.environment | desktop
        program = subprocess.Popen(
            [sys.executable, "-m", "alprviewer", str(SAMPLE)], env=environment, stderr=subprocess.DEVNULL
        )
        try:
            qtbot.waitUntil(lambda: brightness(screen) > 200, timeout=30_000)
            prefer("dark", environment)
            qtbot.waitUntil(lambda: 0 < brightness(screen) < 80, timeout=30_000)
            prefer("light", environment)
            qtbot.waitUntil(lambda: brightness(screen) > 200, timeout=30_000)
        finally:
            program.send_signal(signal.SIGTERM)
            assert program.wait() == 0
