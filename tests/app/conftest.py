"""The real window on real captures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from alprviewer.app.window import Window
from alprviewer.capture.cache import Cache, index_folder
from alprviewer.settings import Settings
from alprviewer.views.theme import LIGHT, palette_of
from tests.helpers.opening import REAL, SAMPLE


@pytest.fixture
def make_window(qtbot, qapp) -> Callable[..., Window]:
    """Makes windows that are shown, and closed at the end."""
    made: list[Window] = []

    def factory(session: dict[str, Any] | None = None, **settings: Any) -> Window:
        window = Window(Settings(**{"theme": "light", **settings}), session)
        made.append(window)
        qtbot.addWidget(window)
        if session is None:
            window.resize(1400, 900)
            window.browser.show_tab("reads")
        with qtbot.waitExposed(window):
            window.show()
        window.workspace.make_late_panes()
        window.activateWindow()
        return window

    yield factory
    for window in made:
        window.close()
    QApplication.processEvents()
    qapp.setStyleSheet("")
    qapp.setPalette(palette_of(LIGHT))


@pytest.fixture
def settle(qtbot) -> Callable[[Window], None]:
    """Waits until a window has read, decoded and sorted what it wants to."""

    def wait(window: Window) -> None:
        def settled() -> bool:
            if not window.is_settled():
                return False
            # Painting may ask for thumbnails.
            window.browser.table(window.browser.tab).viewport().grab()
            return window.is_settled()

        qtbot.waitUntil(settled, timeout=30_000)

    return wait


@pytest.fixture
def open_in(settle) -> Callable[..., Window]:
    """Opens sources in a window and waits until all is there. Bundled ones may be in the index cache."""

    def opener(window: Window, *names: Any) -> Window:
        if all(Path(name).parent in (SAMPLE.parent, REAL) for name in names):
            window.loader.cache = Cache(index_folder(), 1 << 30, worth=1)
        window.open([str(name) for name in names])
        settle(window)
        return window

    return opener


@pytest.fixture
def window(make_window) -> Window:
    """An empty window."""
    return make_window()


@pytest.fixture
def loaded(window, open_in) -> Window:
    """A window on the bundled sample."""
    return open_in(window, SAMPLE)
