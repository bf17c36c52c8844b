"""The main window: assembles models, tables and panes, and connects them. It holds no logic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from alprviewer.app import wording
from alprviewer.app.charts import Charts
from alprviewer.app.commands import Commands
from alprviewer.app.filtering import Filtering
from alprviewer.app.live import LiveSources
from alprviewer.app.menus import Menus
from alprviewer.app.passing import Passing
from alprviewer.app.reviewing import Reviewing
from alprviewer.app.session import restore, session_of, with_recent
from alprviewer.app.workspace import Workspace
from alprviewer.capture.cache import cache_for
from alprviewer.capture.capture import Capture, Source
from alprviewer.models.bridge import Loader
from alprviewer.models.current import Current
from alprviewer.models.keptitems import Selected
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.shown import Shown
from alprviewer.models.tables import TABLES
from alprviewer.models.thumbnails import Thumbnails
from alprviewer.settings import Settings
from alprviewer.store.columns import Change
from alprviewer.views.browser import Browser
from alprviewer.views.enclosure import Enclosure
from alprviewer.views.follow import Follow
from alprviewer.views.icons import icon
from alprviewer.views.startpage import StartPage
from alprviewer.views.statestrip import StateStrip, StripKind
from alprviewer.views.statusline import StatusLine


class Window(QMainWindow):
    """The whole program on the screen."""

    def __init__(
        self,
        settings: Settings,
        session: dict[str, Any] | None = None,
        image_folders: Sequence[str] = (),
        journal: str = "",
    ) -> None:
        super().__init__()
        self.setObjectName("alprviewer")
        self.setAcceptDrops(True)
        self.settings = settings
        self.recent: list[str] = []
        self.image_folders = tuple(image_folders)
        self.loader = Loader(self)
        self.current = Current(self)
        self.thumbnails = Thumbnails(self)
        self.models = {
            name: RowsModel(name, columns, self.loader.capture, self) for name, (_, columns) in TABLES.items()
        }
        self.browser = Browser(self.models, self.thumbnails)
        self.follow = Follow(self.browser, self)
        self.workspace = Workspace(self.browser)
        self.start_page = StartPage()
        self.strip = StateStrip()
        self.status = StatusLine()
        self.commands = Commands(self)
        self.filtering = Filtering(self)
        self.reviewing = Reviewing(self, journal)
        self.live = LiveSources(self)
        self.charts = Charts(self)
        self._assemble()
        self.menus = Menus(self)
        self._connect()
        self.apply_settings(settings)
        restore(self, session or {})
        self._show_capture(self.loader.capture)

    def _assemble(self) -> None:
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start_page)
        self.pages.addWidget(self.workspace)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.strip, self.live.panel, self.filtering.box):
            layout.addWidget(part)
        layout.addWidget(self.pages, 1)
        self.setCentralWidget(body)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(Enclosure(self.status), 1)
        self.strip.clear()
        # Without this the smallest size, and so the window, would jump with every text that is shown.
        own_layout = self.layout()
        assert own_layout is not None
        own_layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(720, 480)

    def _connect(self) -> None:
        self.loader.opening.connect(self._show_opening)
        self.loader.refused.connect(lambda text: self.say(StripKind.ERROR, text))
        self.loader.opened.connect(self._begin_capture)
        self.loader.rows_added.connect(self._add_rows)
        self.loader.progressed.connect(self._show_progress)
        self.loader.failed.connect(lambda text: self.say(StripKind.WARNING, text))
        self.loader.finished.connect(self._finish)
        self.loader.turned.connect(self._show_turned)
        self.loader.followed.connect(self.show_state)
        self.browser.row_chosen.connect(self._select)
        self.browser.tab_changed.connect(lambda _: self.commands.take_current_row())
        self.current.changed.connect(self._show_item)
        self.current.selected.connect(self._follow_selection)
        image = self.workspace.pane("image")
        image.read_clicked.connect(self.current.select_position)
        image.layer_changed.connect(lambda name, on: self.menus.set_checked(f"layer_{name}", on))
        for name in ("open_files", "open_folder", "connect_source", "open_sample", "try_live", "show_news"):
            getattr(self.start_page, name).connect(getattr(self.commands, name))
        self.start_page.open_recent.connect(lambda name: self.open([name]))
        self.strip.dismissed.connect(self.commands.focus_here)
        self.status.cancel_clicked.connect(self.loader.cancel)
        self.status.problems_clicked.connect(self.commands.show_problems)
        self.status.follow_clicked.connect(self.follow.set_on)
        self.follow.changed.connect(lambda _: self._show_follow())
        self.strip.action_triggered.connect(self.commands.reload)
        self.passing = Passing(self)
        self.passing.finder.changed.connect(lambda *_: self._show_counts())
        self.reviewing.join()

    # --- capture ----------------------------------------------------------------------------------

    def open(self, names: list[str]) -> None:
        """Open sources in place of what is open; where that is not possible it is said why."""
        self.loader.open(names)

    def _show_opening(self, names: list[str]) -> None:
        self.strip.clear()
        self.status.show_opening(wording.opening_text(names))
        self.menus.refresh()

    def _begin_capture(self, capture: Capture) -> None:
        if self.loader.names:
            self.recent = with_recent(self.recent, self.loader.names, self.settings.recent_files)
            self.start_page.set_recent(self.recent)
        self._show_capture(capture)

    def _show_capture(self, capture: Capture) -> None:
        self.current.set_capture(capture)
        self.thumbnails.set_capture(capture)
        self.browser.set_capture(capture, waits=bool(self.loader.live))
        self.commands.return_to_tab()
        self.filtering.set_capture(capture)
        self.pages.setCurrentIndex(1 if self.loader.is_open else 0)
        self.menus.refresh()
        self.commands.focus_here()
        self.setWindowTitle(wording.title(self.loader))
        self._show_counts()
        self.live.begin()
        self._show_follow()
        self.status.show_idle("" if self.loader.is_open else wording.READY)

    def _add_rows(self, change: Change) -> None:
        if change.taken_back:
            self.current.take_back(change.taken_back)
        self.browser.add_rows(change)
        self.filtering.rows.add_rows()
        self.follow.keep()
        self.commands.choose_first_row()
        self._show_counts()

    def _show_progress(self, done: int, total: int, seconds: float) -> None:
        if self.loader.loading:
            self.status.show_progress(wording.source_being_read(self.loader), done, total, seconds)

    def _finish(self) -> None:
        self.browser.finish()
        self.filtering.rows.finish()
        self.commands.choose_first_row()
        self._show_counts()
        self.show_state()
        self.menus.refresh()

    def show_state(self) -> None:
        """How the sources are, where nothing is read."""
        if not self.loader.loading:
            words = wording.sources_text(self.loader) if self.loader.names else wording.READY
            self.status.show_idle(self.live.words() or words)

    def _show_turned(self, source: Source) -> None:
        if source.condition.is_end:
            self.current.read_again()
        text, action = wording.turned_text(source)
        if text:
            self.strip.show_message(StripKind.WARNING if action else StripKind.INFO, text, action)

    def _show_follow(self) -> None:
        self.status.show_follow(self.follow.on, self.loader.is_open)
        self.menus.set_checked("follow", self.follow.on)

    def _show_counts(self) -> None:
        self.status.show_counts(wording.counts_text(self.loader), len(self.loader.capture.columns.problems))

    # --- the selected row -------------------------------------------------------------------------

    def _select(self, table: str, row: int) -> None:
        subject_of = self.loader.capture.columns.subject
        subject = subject_of(table, row)
        ahead = [subject_of(table, each) for each in self.browser.table(table).ahead]
        self.current.select(*subject, [each for of, each in ahead if of == subject[0]])

    def _show_item(self, shown: Shown) -> None:
        self.workspace.show_item(shown)
        self.status.show_right(wording.day_text(shown, self.settings.zone))

    def _follow_selection(self, selected: Selected | None) -> None:
        if selected is not None:
            self.browser.follow(selected.table, selected.row)

    # --- messages, look, session ------------------------------------------------------------------

    def say(self, kind: StripKind, text: str) -> None:
        """A sentence in the strip at the top."""
        self.strip.show_message(kind, text)

    def apply_settings(self, settings: Settings) -> None:
        """Take over settings: zone, folders with pictures, theme."""
        self.settings = settings
        self.loader.cache = cache_for(settings)
        zoned: list[Any] = [*self.models.values(), self.filtering.rows, self.charts]
        for each in zoned:
            each.set_zone(settings.zone)
        self.reviewing.apply_settings(settings)
        self.passing.finder.set_rules(settings.pass_rules)
        self.live.apply_settings(settings)
        self.menus.set_checked("times_in_utc", settings.zone == "UTC")
        self.current.set_image_folders([*self.image_folders, *settings.image_folders])
        self.status.show_right(wording.day_text(self.current.shown, settings.zone))
        self.commands.apply_theme(settings.theme)
        self.menus.show_icons()
        self.setWindowIcon(icon("alprviewer"))

    def session(self) -> dict[str, Any]:
        """What is remembered until the next run."""
        return session_of(self)

    def is_settled(self) -> bool:
        """True if nothing is read, decoded or sorted any more and everything is on the screen."""
        working = self.filtering.rows.busy or any(model.is_sorting for model in self.models.values())
        working = working or self.charts.busy or self.passing.busy or self.reviewing.busy or self.follow.busy
        working = working or self.browser.links.busy or self.workspace.busy
        return not (self.loader.loading or self.current.busy or self.thumbnails.busy or working)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nobody else wanted it."""
        if event.key() == Qt.Key.Key_Escape:
            self.commands.cancel_loading()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: Any) -> None:
        """The chart's library is loaded once the window is on the screen."""
        super().showEvent(event)
        QTimer.singleShot(50, self, self.workspace.make_late_panes)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.start_page.set_drop_active(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The files were taken elsewhere."""
        super().dragLeaveEvent(event)
        self.start_page.set_drop_active(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.start_page.set_drop_active(False)
        names = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if names:
            event.acceptProposedAction()
            self.open(names)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the child process and the threads."""
        self.commands.remember()
        self.shut_down()
        super().closeEvent(event)

    def shut_down(self) -> None:
        """End everything that runs besides the UI thread."""
        self.commands.end_exports()
        parts: list[Any] = [self.live, self.loader, self.current, self.thumbnails, self.filtering.rows]
        parts += [self.browser.links, self.passing, self.charts, self.reviewing, *self.models.values()]
        for each in parts:
            each.close()
