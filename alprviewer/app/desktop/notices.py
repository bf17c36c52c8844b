"""What the desktop is told while nobody looks: a listed plate was read, a live source is gone."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from alprviewer.app.desktop.bus import Bus, Place
from alprviewer.app.workspace import bring_to_front
from alprviewer.capture.capture import Capture
from alprviewer.capture.standing import Standing, State
from alprviewer.core.listed import Listed
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trc, trn
from alprviewer.models.cells import ABSENT_TEXT
from alprviewer.review.listing import sighting
from alprviewer.sources.spool.files import begun_at, stamp
from alprviewer.store.columns import Change
from alprviewer.store.select import LISTED

if TYPE_CHECKING:
    from alprviewer.app.window import Window

NOTIFICATIONS = Place(
    "org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications"
)
_SHOW = "default"
"""The action of a click on the notification itself."""
_GONE = (State.RETRYING, State.STOPPED)
_WELL = (State.QUIET, State.RECEIVING, State.SILENT)


class Notice(NamedTuple):
    """A notification: plain words for its head, and for below it."""

    summary: str
    body: str


def listed_notice(plate: str, why: str, place: str, counts: Mapping[Listed, int]) -> Notice:
    """Words on reads of listed plates, and near them, that have come since somebody looked.

    Args:
        plate: of the newest read of a listed plate, or where there is none, of the newest near one.
        why: what it has to do with the list.
        place: its camera and its time, as the tables write them.
        counts: how many have come of each.
    """
    exact, near = counts.get(Listed.EXACT, 0), counts.get(Listed.NEAR, 0)
    shown = display_text(plate, 40)
    head = (
        tr("Listed plate, read as {plate}", plate=shown)
        if exact
        else tr("Near a listed plate, read as {plate}", plate=shown)
    )
    of_listed = trn(
        "{count:,} read of listed plates since you looked",
        "{count:,} reads of listed plates since you looked",
        exact,
    )
    of_near = trn(
        "{count:,} read near one since you looked", "{count:,} reads near one since you looked", near
    )
    is_told = exact + near > 1
    told = [display_text(why, 120), display_text(place, 80)]
    told += [of_listed] if is_told and exact else []
    told += [of_near] if is_told and near else []
    return Notice(head, " · ".join(filter(None, told)))


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
        self._rows: list[range] = []
        """Reads that have come and were not compared with the list yet."""
        self._counts: Counter[Listed] = Counter()
        self._newest = -1
        window.reviewing.listed.listing.changed.connect(self._find)
        loader = window.loader
        loader.opened.connect(self._begin)
        loader.rows_added.connect(self._take)
        loader.live.changed.connect(self._look)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusWindowChanged.connect(self._withdraw_soon)
        bus.listen(NOTIFICATIONS, "ActionInvoked", self._act)

    def close(self) -> None:
        """Leave nothing behind that can be clicked."""
        self._take_back()

    @property
    def _is_away(self) -> bool:
        """True while nobody looks at a window of the program."""
        return QApplication.activeWindow() is None

    # --- listed plates ----------------------------------------------------------------------------

    def _begin(self, _capture: Capture) -> None:
        self._take_back()
        self._since = stamp(datetime.now(UTC))
        self._rows, self._gone = [], set()

    def _take(self, change: Change) -> None:
        """Rows have come: those of a file that is opened, or of earlier days, are no news."""
        loader, reads = self._window.loader, change.reads
        has_list = len(self._window.reviewing.listed.listing.plates) > 0
        if not reads or loader.loading or not self._is_away or not has_list:
            return
        columns = loader.capture.columns
        frame = columns.reads.column("frame")[reads.start]
        source = loader.capture.sources[int(columns.frames.column("source")[frame])]
        if "" < begun_at(source.path) < self._since:
            return
        self._rows.append(reads)

    def _find(self) -> None:
        """Reads were compared with the list."""
        known = self._window.reviewing.listed.listing.known
        ready = [rows for rows in self._rows if rows.stop <= len(known.reads)]
        self._rows = self._rows[len(ready) :]
        found = [each for rows in ready for each in known.among(rows)]
        if not found or not self._is_away:
            return
        had_exact = self._counts[Listed.EXACT] > 0
        self._counts.update(listed for _, listed in found)
        best = Listed.EXACT if had_exact else max(listed for _, listed in found)
        shown = [row for row, listed in found if listed is best]
        self._newest = shown[-1] if shown else self._newest
        capture, model = self._window.loader.capture, self._window.models["reads"]
        place = (model.text_of(self._newest, name) for name in ("camera_id", "epoch_time"))
        why = sighting(capture.columns, "reads", self._newest)
        words = listed_notice(
            model.text_of(self._newest, "plate"),
            "" if why is None else why.words,
            " · ".join(each for each in place if each != ABSENT_TEXT),
            self._counts,
        )
        self._show(LISTED, words)

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
        self._counts.clear()
        self._newest = -1
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
