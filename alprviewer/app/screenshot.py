"""``alprviewer screenshot``: the real window, drawn without a display, once it has settled."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alprviewer.core.errors import SourceError, UsageError, UserError

if TYPE_CHECKING:
    from alprviewer.app.window import Window

_PATIENCE_MS = 60_000
"""A window that has not settled by then is drawn as it is."""


def take(  # noqa: PLR0913 - the options of the verb
    names: Sequence[str],
    *,
    output: str,
    size: tuple[int, int],
    scale: int,
    theme: str,
    tab: str | None,
    select: int | None,
    image_folders: Sequence[str],
    where: str = "",
    view: str = "browse",
    journal: str = "",
) -> int:
    """Draw the window on these sources and save the picture.

    Args:
        names: sources; none draws the start page.
        output: file name of the picture, PNG.
        size: of the window in device-independent pixels.
        scale: picture pixels for each of them.
        theme: ``light`` or ``dark``.
        tab: table to bring to the front, None for the window's own choice.
        select: row of that table to select, from 0.
        image_folders: folders with pictures of whole frames.
        where: query for the filter box.
        view: ``browse`` or ``review``.
        journal: URL of the journal of decisions; empty for the user's own.

    Raises:
        UserError: sources cannot be read, there is no such row, or the picture cannot be written.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(scale)
    # Imported only now: the platform and the scale are read when Qt starts.
    from PySide6.QtCore import QEventLoop

    from alprviewer.app.main import application
    from alprviewer.app.window import Window
    from alprviewer.settings import Settings
    from alprviewer.views.browser import TAB_NAMES

    app = application()
    window = Window(Settings(theme=theme), image_folders=image_folders, journal=journal)
    try:
        window.resize(*size)
        window.show()
        window.workspace.make_late_panes()
        if where:
            window.filtering.box.set_text(where)
        if names:
            loop = QEventLoop()
            refusals: list[str] = []
            window.loader.refused.connect(refusals.append)
            window.loader.finished.connect(loop.quit)
            window.open(list(names))
            loop.exec()
            if refusals:
                raise UserError(refusals[0])
            _raise_failures(window)
        if tab is not None:
            window.browser.show_tab(TAB_NAMES[tab])
        settle(window)
        if select is not None and not window.browser.select_shown(select):
            raise UsageError(
                f"There is no row {select}: the table has {window.models[window.browser.tab].rowCount()}."
            )
        if view == "review":
            window.reviewing.enter()
        settle(window)
        app.processEvents()
        image = window.grab()
        Path(output).resolve().parent.mkdir(parents=True, exist_ok=True)
        if not image.save(output, "PNG"):
            raise UserError(f"The picture could not be written to {output}.")
    finally:
        window.close()
    return 0


def settle(window: Window) -> None:
    """Wait until the window has done what it wants to do: rows, passes and pictures are there."""
    from PySide6.QtCore import QEventLoop, QTimer

    settled = QEventLoop()
    checks = QTimer(interval=20)

    def check() -> None:
        # Painting may ask for pictures.
        if window.is_settled() and not window.grab().isNull() and window.is_settled():
            settled.quit()

    checks.timeout.connect(check)
    checks.start()
    QTimer.singleShot(_PATIENCE_MS, settled, settled.quit)
    settled.exec()
    checks.stop()


def _raise_failures(window: Window) -> None:
    sources = window.loader.capture.sources
    failures = [source.failure for source in sources if source.failure]
    if failures and len(failures) == len(sources):
        raise SourceError(failures[0])
