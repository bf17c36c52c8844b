"""What the desktop is told while nobody looks: a listed plate was read, a live source is gone."""

from __future__ import annotations

import html
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from alprviewer.app.desktop.bus import Bus, Place
from alprviewer.app.workspace import bring_to_front
from alprviewer.capture.capture import Capture
from alprviewer.capture.standing import Standing, State
from alprviewer.core.errors import QueryError, UserError
from alprviewer.core.plates import display_text
from alprviewer.core.query.listed import any_of
from alprviewer.language import tr, trc, trn
from alprviewer.models.worker import Worker
from alprviewer.sources.spool.files import begun_at, stamp
from alprviewer.store.columns import Change
from alprviewer.store.filtering import Filter
from alprviewer.store.matchers import Surroundings
from alprviewer.views.statestrip import StripKind

if TYPE_CHECKING:
    from alprviewer.app.window import Window

_log = logging.getLogger(__name__)
NOTIFICATIONS = Place(
    "org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications"
)
LISTED = "listed"
_SHOW = "default"
"""The action of a click on the notification itself."""
_PATIENCE_S = 1.0
_GONE = (State.RETRYING, State.STOPPED)
_WELL = (State.QUIET, State.RECEIVING, State.SILENT)


class Notice(NamedTuple):
    """A notification: plain words for its head, and for below it."""

    summary: str
    body: str


def listed_notice(plate: str, place: str, count: int) -> Notice:
    """Words on reads of listed plates that have come since somebody looked.

    Args:
        plate: of the newest.
        place: its camera and its time, as the tables write them.
        count: how many have come.
    """
    summary = tr("Listed plate, read as {plate}", plate=display_text(plate, 40))
    since = trn(
        "{count:,} read of listed plates since you looked",
        "{count:,} reads of listed plates since you looked",
        count,
    )
    return Notice(summary, display_text(place, 80) + (f" · {since}" if count > 1 else ""))


def gone_notice(standing: Standing) -> Notice:
    """Words on a live source that brings nothing any more."""
    name = display_text(", ".join(standing.cameras) or standing.url, 80)
    reason = display_text(standing.last_error, 160)
    return Notice(
        tr("{source} cannot be received", source=name),
        tr("{reason}. It is tried again.", reason=reason[:1].upper() + reason[1:]) if reason else "",
    )


class Notices(QObject):
    """Looks after the live sources and the list of plates, and tells the desktop.

    A notification of the same kind takes the place of the one before. All of them are taken back once the
    program is looked at, and when they lead nowhere any more: another capture is opened, the program ends.
    """

    def __init__(self, window: Window, bus: Bus) -> None:
        super().__init__(window)
        self._window, self._bus = window, bus
        self._numbers: dict[str, int | None] = {}
        """The server's numbers of what is shown, by kind; None until it has answered."""
        self._next: dict[str, Notice] = {}
        self._unwanted: set[str] = set()
        """Kinds whose notification is to be taken back once it has a number."""
        self._gone: set[str] = set()
        self._since = stamp(datetime.now(UTC))
        self._filter: Filter | None = None
        self._made_from: tuple[Any, ...] = ()
        self._rows: list[range] = []
        self._count, self._newest = 0, -1
        self._finder = Worker("listed", self)
        self._finder.answered.connect(self._find)
        loader = window.loader
        loader.opened.connect(self._begin)
        loader.rows_added.connect(self._take)
        loader.live.changed.connect(self._look)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusWindowChanged.connect(self._withdraw_soon)
        bus.listen(NOTIFICATIONS, "ActionInvoked", self._act)

    def close(self) -> None:
        """Look for nothing more, and leave nothing behind that can be clicked."""
        self._take_back()
        self._finder.close(_PATIENCE_S)

    @property
    def _is_away(self) -> bool:
        """True while nobody looks at a window of the program."""
        return QApplication.activeWindow() is None

    # --- listed plates ----------------------------------------------------------------------------

    def _begin(self, _capture: Capture) -> None:
        self._take_back()
        self._since = stamp(datetime.now(UTC))
        self._finder.forget()
        self._filter, self._made_from = None, ()
        self._rows, self._gone = [], set()

    def _take(self, change: Change) -> None:
        """Rows have come: those of a file that is opened, or of earlier days, are no news."""
        loader, reads = self._window.loader, change.reads
        if not reads or loader.loading or not self._is_away or not self._window.settings.listed_plates:
            return
        columns = loader.capture.columns
        frame = columns.reads.column("frame")[reads.start]
        source = loader.capture.sources[int(columns.frames.column("source")[frame])]
        if "" < begun_at(source.path) < self._since:
            return
        self._rows.append(reads)
        if not self._finder.busy:
            self._ask()

    def _ask(self) -> None:
        self._make_filter()
        rows, self._rows, chosen = self._rows, [], self._filter
        if chosen is None:
            return

        def find() -> list[int]:
            try:
                return [int(row) for each in rows for row in chosen.select("reads", each)]
            except QueryError as error:
                _log.warning("Listed plates were not looked for: %s", error)
                return []

        self._finder.submit(find)

    def _make_filter(self) -> None:
        """Anew where the list is another one, or cameras have got names; else it remembers what it met."""
        capture = self._window.loader.capture
        terms = self._window.settings.listed_plates
        names = [source.name for source in capture.sources]
        made_from = (capture, terms, names, dict(capture.camera_names))
        if made_from == self._made_from:
            return
        self._made_from = made_from
        try:
            tree = any_of(terms)
        except UserError as error:
            self._window.say(StripKind.WARNING, str(error))
            tree = None
        around = Surroundings(names, dict(capture.camera_names))
        self._filter = None if tree is None else Filter(tree, capture.columns, around=around)

    def _find(self, rows: list[int]) -> None:
        if rows and self._is_away:
            self._count, self._newest = self._count + len(rows), rows[-1]
            model = self._window.models["reads"]
            place = (model.text_of(self._newest, name) for name in ("camera_id", "epoch_time"))
            plate = model.text_of(self._newest, "plate")
            self._show(LISTED, listed_notice(plate, " · ".join(filter(None, place)), self._count))
        if self._rows:
            self._ask()

    # --- live sources -----------------------------------------------------------------------------

    def _look(self) -> None:
        for standing in self._window.loader.live.standings():
            if standing.state in _GONE and standing.url not in self._gone:
                self._gone.add(standing.url)
                if self._is_away:
                    self._show(standing.url, gone_notice(standing))
            elif standing.state in _WELL:
                self._gone.discard(standing.url)

    # --- the desktop ------------------------------------------------------------------------------

    def _show(self, kind: str, notice: Notice) -> None:
        if kind in self._numbers and self._numbers[kind] is None:
            self._next[kind] = notice  # what it takes the place of has no number yet
            return
        before, self._numbers[kind] = self._numbers.get(kind) or 0, None
        hints = {"desktop-entry": ("s", QApplication.desktopFileName())}
        # The text below may be taken for markup; the head may not.
        words = (notice.summary, html.escape(notice.body, quote=False))
        self._bus.call(
            NOTIFICATIONS,
            "Notify",
            "susssasa{sv}i",
            ("alprviewer", before, "alprviewer", *words, [_SHOW, trc("verb", "Show")], hints, -1),
            lambda arguments: self._shown(kind, arguments[0]),
            lambda: self._shown(kind, before),
        )

    def _shown(self, kind: str, number: int) -> None:
        """The server has answered; 0: it shows nothing of this kind."""
        self._numbers[kind] = number
        if kind in self._unwanted or not number:
            self._take_back_one(kind)
        notice = self._next.pop(kind, None)
        if notice is not None:
            self._show(kind, notice)

    def _withdraw_soon(self) -> None:
        """Which window is the active one is known a moment later."""
        QTimer.singleShot(0, self, self._withdraw)

    def _withdraw(self) -> None:
        """Somebody looks: what was told is seen."""
        if not self._is_away:
            self._take_back()

    def _take_back(self) -> None:
        self._count, self._newest = 0, -1
        self._next.clear()
        for kind in list(self._numbers):
            self._take_back_one(kind)

    def _take_back_one(self, kind: str) -> None:
        """Now, or once it has a number."""
        number = self._numbers[kind]
        if number is None:
            self._unwanted.add(kind)
            return
        self._unwanted.discard(kind)
        del self._numbers[kind]
        if number:
            self._bus.call(NOTIFICATIONS, "CloseNotification", "u", (number,))

    def _act(self, arguments: tuple[Any, ...]) -> None:
        """A notification was clicked."""
        number = arguments[0]
        kind = next((kind for kind, known in self._numbers.items() if known == number), None)
        if kind is None:
            return
        newest = self._newest
        bring_to_front(self._window)
        if kind == LISTED and newest >= 0:
            self._window.commands.show_reads()
            self._window.browser.table("reads").show_row(newest)
