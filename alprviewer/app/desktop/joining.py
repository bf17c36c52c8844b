"""A window takes its place on the desktop: what it follows there, and what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alprviewer.app.desktop.bus import Bus
from alprviewer.app.desktop.look import DesktopLook
from alprviewer.app.desktop.notices import Notices

if TYPE_CHECKING:
    from alprviewer.app.window import Window


def join_desktop(window: Window) -> tuple[Bus, DesktopLook, Notices]:
    """Begin, in a thread; all of it ends with the program. Without a session bus nothing happens."""
    bus = Bus(window)
    bus.open()
    look, notices = DesktopLook(window, bus), Notices(window, bus)
    application = QCoreApplication.instance()
    assert application is not None
    application.aboutToQuit.connect(notices.close)
    application.aboutToQuit.connect(bus.close)
    return bus, look, notices
