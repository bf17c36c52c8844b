"""What the actions do. One method an action, of the same name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QProcess
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QTabBar

from alprviewer.app import decisionfiles
from alprviewer.app.deskcommands import DeskCommands
from alprviewer.app.exporting import export_table
from alprviewer.app.livecommands import LiveCommands
from alprviewer.app.session import save_session
from alprviewer.app.workspace import focus
from alprviewer.capture.cache import cache_for
from alprviewer.language import tr
from alprviewer.models.links import companions
from alprviewer.resourcefiles import resource
from alprviewer.sources.paths import RESULT_SUFFIXES
from alprviewer.views import theme
from alprviewer.views.browser import TAB_NAMES
from alprviewer.views.statestrip import StripKind
from alprviewer.views.style import style_sheet

if TYPE_CHECKING:
    from alprviewer.app.window import Window

SAMPLE = "sample/sample.jsonl"
GROUPS_ONLY = tr(
    "This capture holds no frames. What it has (groups, alerts, vehicles, heartbeats) is listed under "
    "Groups, and groups are its passes."
)


class Commands(LiveCommands, DeskCommands):
    """Carries out actions on a window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._moves = True
        self._stands_in = ("", "")
        """The table in front and the one that it stands in for."""

    def run(self, name: str, checked: bool) -> None:
        """Do an action by its name; those that are on or off are told which."""
        if name.startswith("layer_"):
            self._window.workspace.pane("image").set_layer(name.removeprefix("layer_"), checked)
        elif name.removeprefix("go_") in self._window.workspace.docks:
            self.go_pane(name.removeprefix("go_"))
        elif name in ("link_tables", "follow", "pause", "times_in_utc", "toggle_theme"):
            getattr(self, name)(checked)
        else:
            getattr(self, name)()

    # --- file -------------------------------------------------------------------------------------

    def open_files(self) -> None:
        """Ask for files and open them."""
        patterns = " ".join(f"*{suffix}" for suffix in RESULT_SUFFIXES)
        kinds = f"{tr('Result files')} ({patterns});;{tr('All files')} (*)"
        title = tr("Open result files")
        names, _ = QFileDialog.getOpenFileNames(self._window, title, self._folder(), kinds)
        if names:
            self._window.open(names)

    def open_folder(self) -> None:
        """Ask for a folder and open the result files in it."""
        title = tr("Open a folder of result files")
        name = QFileDialog.getExistingDirectory(self._window, title, self._folder())
        if name:
            self._window.open([name])

    def _folder(self) -> str:
        recent = self._window.recent
        return str(Path(recent[0]).parent) if recent else str(Path.home())

    def open_sample(self) -> None:
        """Open the capture that comes with the program."""
        try:
            self._window.open([str(resource(SAMPLE))])
        except FileNotFoundError as error:
            self._window.say(StripKind.ERROR, str(error))

    def reload(self) -> None:
        """Read the open sources again."""
        if self._window.loader.names:
            self._window.open(self._window.loader.names)

    def cancel_loading(self) -> None:
        """Stop reading; without that, close the strip or widen narrowed tables."""
        if self._window.loader.loading:
            self._window.loader.cancel()
        elif self._window.strip.isVisible():
            self._window.strip.dismiss()
        else:
            self._window.browser.show_all()

    def close_capture(self) -> None:
        """Close the capture, or the window where none is open."""
        if self._window.loader.is_open:
            self._window.loader.forget()
        else:
            self._window.close()

    def export_rows(self) -> None:
        """Write the table in front as shown, to a file that the user names."""
        export_table(self._window)

    def export_decisions(self) -> None:
        """Write what was decided of the shown reads, or ground truth, to a file or folder."""
        decisionfiles.ask_export(self._window)

    def import_decisions(self) -> None:
        """Take in another reviewer's journal, or a list of true plates."""
        decisionfiles.ask_import(self._window)

    def clear_cache(self) -> None:
        """Delete the indexes that are kept."""
        freed = cache_for(self._window.settings).clear()
        text = tr("The index cache was cleared: {megabytes:,.0f} MB.", megabytes=freed / 1e6)
        self._window.say(StripKind.INFO, text)

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def remember(self) -> None:
        """Write the session."""
        if self.remembers:
            save_session(self._window.session())

    # --- view -------------------------------------------------------------------------------------

    def focus_filter(self) -> None:
        """Move the focus to the filter."""
        box = self._window.filtering.box
        focus(box)
        box.edit.selectAll()

    def _show_tab(self, tab: str) -> None:
        self._window.browser.show_tab(TAB_NAMES[tab])
        focus(self._window.browser.focus_target)

    def show_passes(self) -> None:
        """Bring the passes to the front."""
        self._show_tab("passes")

    def show_reads(self) -> None:
        """Bring the reads to the front."""
        self._show_tab("reads")

    def show_frames(self) -> None:
        """Bring the frames to the front."""
        self._show_tab("frames")

    def show_groups(self) -> None:
        """Bring groups, alerts, vehicles and heartbeats to the front."""
        self._show_tab("groups")

    def show_problems(self) -> None:
        """Bring the problems to the front."""
        self._show_tab("problems")

    def review(self) -> None:
        """Into review mode, or back to the tables."""
        reviewing = self._window.reviewing
        if reviewing.active:
            reviewing.leave()
        else:
            reviewing.enter()

    def show_all_rows(self) -> None:
        """No table is narrowed or filtered any more."""
        self._window.browser.show_all()
        self._window.filtering.clear()

    def link_tables(self, on: bool) -> None:
        """Let a selected frame narrow the reads, and the other way round."""
        self._window.browser.set_linked(on)

    def follow(self, on: bool) -> None:
        """Keep the newest row in sight, or let go."""
        self._window.follow.set_on(on)

    def times_in_utc(self, on: bool) -> None:
        """UTC, or the local zone."""
        self._window.apply_settings(replace(self._window.settings, zone="UTC" if on else "local"))
        self.save_settings()

    def toggle_theme(self, dark: bool) -> None:
        """Dark, or light."""
        self._window.apply_settings(replace(self._window.settings, theme="dark" if dark else "light"))
        self.save_settings()

    def apply_theme(self, name: str) -> None:
        """Give the program its look: ``light``, ``dark``, or what the system has."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        dark = name == "dark" or (
            name == "system" and QGuiApplication.styleHints().colorScheme().name == "Dark"
        )
        look = theme.DARK if dark else theme.LIGHT
        theme.apply(application, look, style_sheet(look, moves=self._moves))

    def set_moves(self, on: bool) -> None:
        """Things may move on the screen, or the user wishes that they do not."""
        self._moves = on
        self._window.workspace.setAnimated(on)
        self.apply_theme(self._window.settings.theme)

    def reset_layout(self) -> None:
        """All panes at their default places."""
        self._window.workspace.reset_layout()

    # --- image ------------------------------------------------------------------------------------

    def fit_frame(self) -> None:
        """Show the whole frame."""
        self._window.workspace.pane("image").fit("frame")

    def fit_vehicle(self) -> None:
        """Show the vehicle region."""
        self._window.workspace.pane("image").fit("vehicle")

    def fit_plate(self) -> None:
        """Show the plate large."""
        self._window.workspace.pane("image").fit("plate")

    def zoom_in(self) -> None:
        """Closer."""
        self._window.workspace.pane("image").zoom_in()

    def zoom_out(self) -> None:
        """Further away."""
        self._window.workspace.pane("image").zoom_out()

    def invert_crop(self) -> None:
        """Dark for light in the crop."""
        crop = self._window.workspace.pane("crop")
        crop.set_adjustment(replace(crop.adjustment, invert=not crop.adjustment.invert))

    def reset_crop(self) -> None:
        """The crop as it was received."""
        self._window.workspace.pane("crop").restore({})

    # --- go ---------------------------------------------------------------------------------------

    def next_row(self) -> None:
        """The next row of the table in front."""
        self._step(1)

    def previous_row(self) -> None:
        """The previous row of the table in front."""
        self._step(-1)

    def _step(self, by: int) -> None:
        browser = self._window.browser
        now = browser.table(browser.tab).currentIndex()
        place = now.row() + by if now.isValid() else 0
        if place >= 0:
            browser.go_to_place(place)

    def first_row(self) -> None:
        """The first row of the table in front."""
        self._window.browser.go_to_place(0)

    def last_row(self) -> None:
        """The last row of the table in front."""
        self._window.browser.go_to_place(-1)

    def go_to(self) -> None:
        """Ask for a row number or a time, and go there."""
        self._window.browser.ask_where()

    def next_read(self) -> None:
        """The next read of the same frame."""
        self._step_read(1)

    def previous_read(self) -> None:
        """The previous read of the same frame."""
        self._step_read(-1)

    def _step_read(self, by: int) -> None:
        position = self._window.current.shown.position
        if position is not None:
            self._window.current.select_position(position + by)

    def next_pane(self) -> None:
        """Move the focus to the next visible pane."""
        self._window.workspace.focus_next(1)

    def previous_pane(self) -> None:
        """Move the focus to the visible pane before."""
        self._window.workspace.focus_next(-1)

    def go_table(self) -> None:
        """Move the focus to the table in front."""
        focus(self._window.browser.focus_target)

    def go_pane(self, name: str) -> None:
        """Show a pane and move the focus there."""
        if self._window.reviewing.active:
            self._window.reviewing.leave()
        self._window.workspace.focus_pane(name)

    def focus_here(self) -> None:
        """Give the keyboard to what is in front: the table, or the start page."""
        has_sources = self._window.loader.is_open
        focus(self._window.browser.focus_target if has_sources else self._window.start_page)

    # --- rows that are chosen by the program -------------------------------------------------------

    def choose_first_row(self) -> None:
        """Select something as soon as there is something; if the table in front is empty, in another one."""
        window = self._window
        if window.current.selection is not None:
            return
        browser, columns = window.browser, window.loader.capture.columns
        is_over = not (window.loader.loading or window.loader.live or window.passing.finder.is_finding)
        if is_over and browser.tab in ("passes", "reads") and not window.models[browser.tab].total:
            filled = [name for name, model in window.models.items() if model.total]
            if filled:
                self._stands_in = (filled[0], browser.tab)
                browser.show_tab(filled[0])
            if filled and not len(columns.frames) and len(columns.siblings):
                window.say(StripKind.INFO, GROUPS_ONLY)
        browser.table(browser.tab).select_first()
        if QApplication.focusWidget() in (None, *browser.findChildren(QTabBar)):
            self.focus_here()

    def return_to_tab(self) -> None:
        """The table that stood in for an empty one was for that capture alone, not for the next one."""
        (stood_in, wanted), self._stands_in = self._stands_in, ("", "")
        if stood_in and stood_in == self._window.browser.tab:
            self._window.browser.show_tab(wanted)

    def keep_a_row(self) -> None:
        """Where the selected row was filtered out, the first one that matches is taken."""
        table = self._window.browser.table(self._window.browser.tab)
        if not table.currentIndex().isValid():
            table.select_first()

    def take_current_row(self) -> None:
        """Another table is in front: show its current row, unless what is shown belongs to that row."""
        browser, current = self._window.browser, self._window.current
        columns = self._window.loader.capture.columns
        table = browser.table(browser.tab)
        row = table.current_id
        if row is None:
            table.select_first()
        elif current.selection is None or row != companions(columns, *current.selection).get(browser.tab):
            current.select(*columns.subject(browser.tab, row))

    def end_exports(self) -> None:
        """Nothing is written any more once the window is closed."""
        for process in self._window.findChildren(QProcess):
            process.kill()
            process.waitForFinished()
