"""A window on a desktop of our own."""

from __future__ import annotations

import pytest

from alprviewer.app.desktop.joining import join_desktop
from tests.helpers.desktop import Desktop, session_bus


@pytest.fixture
def desktop(monkeypatch):
    """What desktops have on their bus, on one of our own."""
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
        services = Desktop(address)
        yield services
        services.close()


@pytest.fixture
def meanwhile(qtbot, desktop):
    """Waits for something while the desktop works."""

    def wait(condition) -> None:
        def holds() -> bool:
            desktop.work()
            return bool(condition())

        qtbot.waitUntil(holds, timeout=10_000)

    return wait


@pytest.fixture
def joined(window, desktop, meanwhile):
    """An empty window that has taken its place."""
    bus, _, _ = join_desktop(window)
    meanwhile(lambda: bus.is_connected)
    yield window
    bus.close()
