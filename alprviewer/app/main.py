"""Starting the window."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QLibraryInfo, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from alprviewer import __version__
from alprviewer.app import logs
from alprviewer.app.desktop.joining import join_desktop
from alprviewer.app.session import load_session, return_to_row
from alprviewer.app.single import Doorkeeper, Request, hand_over
from alprviewer.app.window import Window
from alprviewer.app.workspace import bring_to_front
from alprviewer.capture.connections import Connection
from alprviewer.core.errors import UserError
from alprviewer.language import spoken, tr
from alprviewer.settings import Settings, load
from alprviewer.sources.live.endpoint import is_live
from alprviewer.views.statestrip import StripKind

_SWITCH_S = 0.001
"""Seconds after which a thread of Python lets another one go on."""


def application() -> QApplication:
    """The one QApplication, with the program's names."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # A thread that decodes may keep the interpreter so long before the window has its turn; 5 ms is too long.
    sys.setswitchinterval(_SWITCH_S)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("alprviewer")
    app.setApplicationDisplayName("alprviewer")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("alprviewer")
    _teach_qt(app)
    return app


def _teach_qt(app: QApplication) -> None:
    """Let standard buttons, menus of text fields and file dialogs speak the language that we speak."""
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{spoken()}", folder):
        app.installTranslator(translator)


def open_window(
    names: Sequence[str],
    image_folders: Sequence[str],
    where: str = "",
    journal: str = "",
    access: Callable[[str], tuple[Connection, str]] | None = None,
    handed_over: Callable[[], None] = lambda: None,
    *,
    alone: bool = False,
) -> int:
    """Open the window, on sources or on what was open last, filtered by a query; run until it is closed.

    Where a window is open already it takes the sources, unless this one is to stand ``alone``.

    Args:
        names: files, folders, globs and URLs of live sources.
        image_folders: folders with pictures of whole frames.
        where: a query for the filter box.
        journal: URL of the journal of decisions; empty for that of the settings.
        access: how to connect to a URL among the names, with its token.
        handed_over: called where another window has taken the sources, before this program ends.
        alone: as said above.
    """
    app = application()
    # Another window has its own journal, and no secret goes to another process.
    alone = alone or bool(journal) or any(map(is_live, names))
    if not alone and hand_over(names, where):
        handed_over()
        return 0
    logs.set_up()
    try:
        settings, complaint = load(), ""
    except UserError as error:
        settings, complaint = Settings(), str(error)
    session = load_session()
    window = Window(settings, session, image_folders, journal)
    window.commands.remembers = True
    window.commands.take_shortcuts()
    window.loader.follows = True
    if access is not None:
        for url in filter(is_live, names):
            window.live.give(*access(url))
    window.show()
    if where:
        window.filtering.box.set_text(where)
    if names:
        window.open(list(names))
    elif settings.restore and session.get("last"):
        window.open(session["last"])
        return_to_row(window, session)
        if not where:
            window.filtering.box.set_text(str(session.get("filter", {}).get("text", "")))
    if complaint:
        window.say(StripKind.WARNING, tr("{what_is_wrong} The defaults are used.", what_is_wrong=complaint))
    app.styleHints().colorSchemeChanged.connect(lambda _: window.apply_settings(window.settings))
    join_desktop(window)
    _close_on_signals(window)
    if not alone:
        _listen(window)
    return app.exec()


def _listen(window: Window) -> None:
    """Take the files of later starts, and come to the front."""

    def take(request: Request) -> None:
        if request.names:
            window.open(request.names)
        if request.where:
            window.filtering.box.set_text(request.where)
        bring_to_front(window)

    keeper = Doorkeeper(window)
    keeper.asked.connect(take)
    keeper.listen()


def _close_on_signals(window: Window) -> None:
    """SIGINT and SIGTERM close the window as a click would.

    Python runs signal handlers between its own instructions only: hence the timer.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not at once: a window that is closed before the event loop runs would not end it.
        signal.signal(number, lambda *_: QTimer.singleShot(0, window, window.close))
    timer = QTimer(window, interval=200)
    timer.timeout.connect(lambda: None)
    timer.start()
