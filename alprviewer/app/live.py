"""Live sources in the window: connecting, what is said of them, pausing, trying it with the sample."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess

from alprviewer.capture.child import program_command
from alprviewer.capture.connections import Connection, Secrets, load, save
from alprviewer.capture.receiving import Order
from alprviewer.core.errors import UserError
from alprviewer.language import tr
from alprviewer.models.probing import Prober
from alprviewer.models.worker import Worker
from alprviewer.resourcefiles import resource
from alprviewer.settings import Settings, spool_folder
from alprviewer.sources.live.endpoint import parse
from alprviewer.sources.spool.retention import make_room
from alprviewer.views.live.connectdialog import ConnectDialog
from alprviewer.views.live.panel import LivePanel
from alprviewer.views.live.words import status_words
from alprviewer.views.statestrip import StripKind

if TYPE_CHECKING:
    from alprviewer.app.window import Window

_log = logging.getLogger(__name__)
TRIAL = "http-listen://127.0.0.1:0"
_TRIAL_RATE = "12/s"
_PATIENCE_S = 1.0
_UNITS = (10**6, 10**9)


class LiveSources(QObject):
    """Puts the live sources of a window, their panel and the dialog together."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.panel = LivePanel()
        self.secrets = Secrets()
        self._known = {each.url: each for each in load()}
        self._given: dict[str, Connection] = {}
        self._folders: dict[str, str] = {}
        self._settings = Settings()
        self._prober = Prober(self)
        self._keyring = Worker("keyring", self)
        self._retention = Worker("retention", self)
        self._then: Callable[[bool], None] = lambda _has_keyring: None
        self._keyring.answered.connect(self._go_on)
        self._said = self._words = ""
        self._was_live = False
        self._trial: tempfile.TemporaryDirectory[str] | None = None
        self._sender: QProcess | None = None
        loader = window.loader
        loader.order_of = self._order_of
        loader.live.changed.connect(self.refresh)
        loader.live.remarked.connect(self._show_remark)
        loader.live.begun.connect(self._make_room)
        loader.paused.connect(lambda _on: self.refresh())
        self.panel.pause_clicked.connect(loader.pause)

    def _go_on(self, found: bool) -> None:
        self._then(found)

    # --- how they are -----------------------------------------------------------------------------

    def apply_settings(self, settings: Settings) -> None:
        """Take over settings: zone, silence, limits."""
        self._settings = settings
        self.panel.zone_name = settings.zone
        self._window.loader.live.silent_after_s = float(settings.silent_after_s)

    def refresh(self) -> None:
        """Show how the sources are now."""
        loader = self._window.loader
        standings = loader.live.standings()
        self._words = status_words(standings, self._settings.zone) if standings else ""
        self.panel.show_standings(standings, is_paused=loader.is_paused)
        self._window.menus.set_checked("pause", loader.is_paused)
        self._window.show_state()
        if self._trial is not None and TRIAL in loader.live.urls:
            self._send_trial()
        elif self._trial is not None and not loader.loading:
            self.end_trial()

    def begin(self) -> None:
        """Another capture is shown: the newest row of a live one is kept in sight, that of files is not."""
        is_live = bool(self._window.loader.live)
        if is_live or self._was_live:
            self._window.follow.set_on(is_live)
        self._was_live = is_live

    def words(self) -> str:
        """All of them in one line, as they were last looked at; empty where none is live."""
        return self._words

    def _show_remark(self, text: str, is_refusal: bool) -> None:
        """Failures are shown once; while they repeat, the panel says so."""
        _log.info("%s", text)
        if is_refusal:
            self.refresh()
        if is_refusal and text != self._said:
            self._window.say(StripKind.WARNING, tr("{sentence} It is tried again.", sentence=text))
            self._said = text

    # --- what is received -------------------------------------------------------------------------

    def give(self, connection: Connection, token: str) -> None:
        """Know how to connect to a source, until the program ends."""
        self._given[connection.url] = connection
        if token:
            self.secrets.use(connection.url, token)

    def _order_of(self, url: str) -> Order:
        """What is received from a URL. Asks the keyring, in the thread of the caller."""
        wanted = parse(url).url
        found = self._given.get(wanted) or self._known.get(wanted) or Connection(wanted)
        return Order(
            wanted,
            self._folders.get(wanted) or str(spool_folder()),
            self.secrets.get(wanted),
            found.certificate,
            found.key,
            found.authority,
            before=self._settings.live_before_mb * _UNITS[0],
        )

    def _make_room(self, folder: str) -> None:
        limit, keeper = self._settings.live_limit_gb * _UNITS[1], self._window.reviewing.journaling.keeper

        def make() -> None:
            try:
                make_room(Path(folder), limit, keeper())
            except UserError as error:
                _log.warning("Received files beyond the limit were kept: %s", error)

        if limit:
            self._retention.submit(make)

    # --- connecting -------------------------------------------------------------------------------

    def ask(self) -> None:
        """Open the dialog, once it is known whether there is a keyring."""
        self._then = self._open_dialog
        self._keyring.submit(lambda: self.secrets.are_kept)

    def _open_dialog(self, has_keyring: bool) -> None:
        dialog = ConnectDialog(
            list(self._known.values()),
            has_keyring=has_keyring,
            is_open=self._window.loader.is_open,
            parent=self._window,
        )
        dialog.test_wanted.connect(self._test)
        dialog.forget_wanted.connect(self._forget)
        self._prober.answered.connect(dialog.show_verdict)
        dialog.accepted.connect(lambda: self._connect(dialog))
        dialog.finished.connect(self._prober.stop)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _test(self, connection: Connection, token: str) -> None:
        self._prober.start(
            Order(
                connection.url,
                token=token,
                certificate=connection.certificate,
                key=connection.key,
                authority=connection.authority,
            )
        )

    def _connect(self, dialog: ConnectDialog) -> None:
        connection, token = dialog.connection(), dialog.token
        self.give(connection, token)
        if dialog.saves:
            self._known[connection.url] = connection
            self._write()
        url, open_it = connection.url, self._window.loader.add if dialog.is_beside else self._open

        def kept(was_kept: bool) -> None:
            if not was_kept:
                text = tr("The keyring did not take the token; it is known until the program is closed.")
                self._window.say(StripKind.WARNING, text)

        if dialog.keeps_token:
            self._then = kept
            self._keyring.submit(lambda: self.secrets.keep(url, token))
        open_it(url)
        # Beside many rows nobody would see that something comes.
        self._window.follow.set_on(True)

    def _open(self, url: str) -> None:
        self._window.open([url])

    def _forget(self, url: str) -> None:
        self._known.pop(url, None)
        self._write()
        self._then = lambda _done: None
        self._keyring.submit(lambda: self.secrets.forget(url))

    def _write(self) -> None:
        if not self._window.commands.remembers:
            return
        try:
            save(self._known.values())
        except UserError as error:
            self._window.say(StripKind.WARNING, str(error))

    # --- trying it --------------------------------------------------------------------------------

    def try_it(self) -> None:
        """Listen on this machine, and have the sample sent there as an agent would."""
        if self._trial is not None:
            self._window.loader.forget()
        self.end_trial()
        try:
            self._trial = tempfile.TemporaryDirectory(prefix="alprviewer-live-", ignore_cleanup_errors=True)
        except OSError as error:
            text = tr("There is no room to try it: {reason}.", reason=error.strerror)
            self._window.say(StripKind.ERROR, text)
            return
        self._folders[parse(TRIAL).url] = self._trial.name
        self._window.open([TRIAL])

    def _send_trial(self) -> None:
        """Begin to send as soon as it is known where to."""
        if self._sender is not None:
            return
        places = [each.url for each in self._window.loader.live.standings()]
        place = next(
            (each for each in places if re.fullmatch(r"http-listen://127\.0\.0\.1:[1-9]\d*", each)), ""
        )
        if place:
            program, *arguments = program_command()
            target = place.replace("http-listen", "http")
            words = ["replay", str(resource("sample/sample.jsonl")), "--to", target, "--now"]
            self._sender = QProcess(self._window)
            self._sender.start(program, [*arguments, *words, "--rate", _TRIAL_RATE])

    def end_trial(self) -> None:
        """Send nothing more, and throw away what was received."""
        if self._sender is not None:
            self._sender.kill()
            self._sender.waitForFinished()
            self._sender.deleteLater()
            self._sender = None
        if self._trial is not None:
            self._trial.cleanup()
            self._trial = None

    def close(self) -> None:
        """End everything that runs."""
        self._prober.stop()
        self.end_trial()
        self._keyring.close(_PATIENCE_S)
        self._retention.close(_PATIENCE_S)
