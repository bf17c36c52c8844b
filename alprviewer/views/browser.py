"""The tables in tabs, each with its count, and the strip that says when a table is narrowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.core.errors import UserError
from alprviewer.language import tr, trn
from alprviewer.models.goto import place_of
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.tables import TABLES
from alprviewer.models.thumbnails import Thumbnails
from alprviewer.store.columns import Change
from alprviewer.views.gotobar import GotoBar
from alprviewer.views.linking import Linking
from alprviewer.views.rowstable import RowsTable
from alprviewer.views.tablewords import WORDS
from alprviewer.views.tabs import Tabs

TAB_NAMES = {
    "passes": "passes",
    "reads": "reads",
    "frames": "frames",
    "groups": "siblings",
    "problems": "problems",
}
"""Names of tabs for people and the command line, and the store's tables behind them."""

_NO_MATCH = tr("Nothing here matches the filter. Ctrl+Backspace shows all rows.")
_LOADING = tr("Reading …")
_FINDING = tr("Finding passes …")
_WAITING = tr("Nothing has come yet; it appears here as it comes.")
_GROUPS_ONLY = tr("This capture holds groups, alerts or heartbeats only; they are under Groups.")
_ONLY_PROBLEMS = tr("Nothing could be used; the reasons are under Problems.")
_NOTHING_AT_ALL = tr("There are no plate results in what was opened.")


class _Tab(QWidget):
    """One table, the strip above it while it is narrowed, and a sentence in its place while it is empty."""

    def __init__(self, model: RowsModel, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self.model = model
        self.table = RowsTable(model, thumbnails, self)
        self._hint = ""
        self._strip = QWidget(self)
        self._strip.setObjectName("narrowStrip")
        self._reason = QLabel(self._strip)
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._all = QPushButton(tr("Show all"), self._strip)
        self._all.setAccessibleName(WORDS[model.table].all)
        self._all.clicked.connect(self._show_all)
        strip = QHBoxLayout(self._strip)
        strip.setContentsMargins(12, 4, 8, 4)
        strip.addWidget(self._reason, 1)
        strip.addWidget(self._all)
        self._sort = QPushButton(tr("Sort in"), self._strip)
        self._sort.setAccessibleName(WORDS[model.table].sort)
        self._sort.clicked.connect(self._sort_in)
        strip.addWidget(self._sort)
        self._note = QLabel(self)
        self._note.setObjectName("emptyNote")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setWordWrap(True)
        body = QWidget(self)
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._strip)
        layout.addWidget(body, 1)
        model.narrowed.connect(self._refresh)
        model.sorting.connect(lambda _: self._refresh())
        model.rearranged.connect(self._refresh)

    def _narrowed_words(self) -> str:
        words, unsorted = self.model.narrowed_to, self._unsorted()
        if words and self.model.matching is not None:
            matching = trn(
                "{count:,} of them match the filter",
                "{count:,} of them match the filter",
                self.model.rowCount(),
            )
            words = f"{words} · {matching}"
        tail = trn(
            "{count:,} row has come since this was sorted; they stand at the end",
            "{count:,} rows have come since this was sorted; they stand at the end",
            unsorted,
        )
        return " · ".join(filter(None, (words, tail if unsorted else "")))

    def _unsorted(self) -> int:
        """Rows that stand behind the sorted ones; while a file is read they are about to be sorted in."""
        return 0 if self._hint == _LOADING else self.model.unsorted

    def _sort_in(self) -> None:
        self.model.resort()
        self.table.setFocus()

    def _show_all(self) -> None:
        self.model.narrow(None)
        self.table.setFocus()

    def refresh(self, hint: str) -> None:
        """Bring strip and sentence up to date."""
        self._hint = hint
        self._refresh()

    def _refresh(self) -> None:
        sorting = self.model.is_sorting
        self._strip.setVisible(sorting or bool(self._narrowed_words()))
        self._sort.setVisible(self._unsorted() > 0 and not sorting)
        self._all.setVisible(bool(self.model.narrowed_to))
        self._reason.setText(tr("Sorting …") if sorting else self._narrowed_words())
        nothing_matches = self.model.matching == 0 < self.model.total
        self._note.setText(self._hint or (_NO_MATCH if nothing_matches else WORDS[self.model.table].empty))
        self._stack.setCurrentIndex(1 if self.model.rowCount() == 0 else 0)


class Browser(QWidget):
    """The tables of a capture.

    Signals:
        row_chosen(str, int): a row of a table of the store was chosen.
        tab_changed(str): another table is in front.
    """

    row_chosen = Signal(str, int)
    tab_changed = Signal(str)

    def __init__(
        self, models: dict[str, RowsModel], thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._capture = Capture()
        self._tabs = Tabs(self)
        self._tabs.setAccessibleName(tr("Tables"))
        self._tabs.tabBar().setAccessibleName(tr("Choice of the table"))
        self._linked = True
        self._loading = self._finding = self._waits = False
        self._cameras: dict[int, str] = {}
        self.setAutoFillBackground(True)
        self._pages: dict[str, _Tab] = {}
        for name, model in models.items():
            page = self._pages[name] = _Tab(model, thumbnails, self)
            page.table.row_chosen.connect(lambda row, by_user, name=name: self._choose(name, row, by_user))
            self._tabs.addTab(page, TABLES[name][0])
        tables = {name: page.table for name, page in self._pages.items()}
        self.links = Linking(tables, lambda: self.tab, self)
        self._tabs.currentChanged.connect(self._change_tab)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._tabs)
        self._goto = GotoBar(self)
        self._goto.wanted.connect(self._go_to)
        self._goto.closed.connect(self._focus)
        layout.addWidget(self._goto)
        self.refresh()

    def set_capture(self, capture: Capture, *, waits: bool = False) -> None:
        """Show another capture; if it has sources they are about to be read. ``waits``: more may come yet."""
        self._capture, self._waits = capture, waits
        self._loading = bool(capture.sources)
        self.links.set_capture(capture)
        for name, model in self._models.items():
            self._pages[name].table.forget_current()
            model.set_capture(capture)
        self.refresh()

    def add_rows(self, change: Change) -> None:
        """Rows were appended to the capture, problems that are none any more removed before that."""
        if change.taken_back:
            self._pages["problems"].table.take_back(change.taken_back)
        for name, model in self._models.items():
            if name != "passes":
                model.add_rows(getattr(change, name))
        if not self._loading and self._capture.camera_names != self._cameras:
            self._learn_cameras()
        self.refresh()

    def take_passes(self, places: Array) -> None:
        """There are other passes, or more is known of them.

        Args:
            places: of each row of the passes before the row that it has now, -1 where it is gone.
        """
        had_none = not self._models["passes"].rowCount()
        self.links.exchange_passes(places)
        self._pages["passes"].table.exchange(places)
        if had_none:
            self._pages["passes"].table.columns.fit()
        self._models["siblings"].refresh()
        self.refresh()

    def narrow_reads(self, rows: Array, reason: str) -> None:
        """Show only these reads of the store, ascending, and say why."""
        self.links.now()
        self._models["reads"].narrow(rows, reason)

    def set_finding(self, on: bool) -> None:
        """Passes are being found, or all are."""
        if on != self._finding:
            self._finding = on
            self.refresh()

    def _learn_cameras(self) -> None:
        """Cameras have names that they had not."""
        self._cameras = dict(self._capture.camera_names)
        for model in self._models.values():
            model.refresh()

    def finish(self) -> None:
        """Everything was read: rows take their places in sorted tables, names of cameras are known."""
        self._loading = False
        self._learn_cameras()
        for name, model in self._models.items():
            model.resort()
            self._pages[name].table.columns.fit()
        self.refresh()

    def refresh(self) -> None:
        """Counts in the tabs and sentences in empty tables."""
        hint = self._hint()
        self._name_tabs()
        for name, page in self._pages.items():
            page.refresh(hint if name in ("reads", "frames") or self._loading else "")
        if not self._loading:
            only_problems = hint if not self._models["siblings"].total else ""
            self._pages["passes"].refresh(_FINDING if self._finding else only_problems)

    def _name_tabs(self) -> None:
        """Every tab with its count; where that is too wide, the one in front alone, or none."""
        bar, front = self._tabs.tabBar(), self._tabs.currentIndex()
        for counted in (range(len(self._models)), (front,), ()):
            for place, (name, model) in enumerate(self._models.items()):
                count = f"{model.total:,}"
                if model.matching is not None and model.total > 0:
                    count = tr("{matching:,} of {total:,}", matching=model.matching, total=model.total)
                whole = f"{TABLES[name][0]}  {count}"
                self._tabs.setTabText(place, whole if place in counted else TABLES[name][0])
                self._tabs.setTabToolTip(place, "" if place in counted else whole)
            if bar.sizeHint().width() <= self.width():
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tabs say as much as there is room for."""
        super().resizeEvent(event)
        self._name_tabs()

    def _hint(self) -> str:
        if self._loading:
            return _LOADING
        if self._models["frames"].total:
            return ""
        if self._waits:
            return _WAITING
        if not self._capture.sources:
            return ""
        if self._models["siblings"].total:
            return _GROUPS_ONLY
        return _ONLY_PROBLEMS if self._models["problems"].total else _NOTHING_AT_ALL

    @property
    def tab(self) -> str:
        """The store's table in front."""
        return list(self._models)[self._tabs.currentIndex()]

    @property
    def focus_target(self) -> QWidget:
        """What takes the keyboard: the table in front, or the tabs while it is empty."""
        table = self.table(self.tab)
        return table if table.rows.rowCount() else self._tabs.tabBar()

    def show_tab(self, table: str) -> None:
        """Bring a table to the front."""
        self._tabs.setCurrentIndex(list(self._models).index(table))

    def table(self, name: str) -> RowsTable:
        """The view of a table of the store."""
        return self._pages[name].table

    def select_shown(self, place: int) -> bool:
        """Select a row of the table in front by its place, from 0. False where there is none."""
        table = self.table(self.tab)
        if not 0 <= place < table.rows.rowCount():
            return False
        return table.show_row(table.rows.id_at(place))

    def _focus(self) -> None:
        self.focus_target.setFocus()

    def ask_where(self) -> None:
        """Open the field that takes a row number or a time."""
        self._goto.open()

    def _go_to(self, text: str) -> None:
        table = self.table(self.tab)
        now = table.currentIndex()
        try:
            self.go_to_place(place_of(table.rows, text, now.row() if now.isValid() else None))
        except UserError as error:
            self._goto.say(str(error))
        else:
            self._goto.close_bar()

    def go_to_place(self, place: int) -> None:
        """Choose a row of the table in front for the user, by its place, from the end where negative."""
        table = self.table(self.tab)
        place = place if place >= 0 else table.rows.rowCount() + place
        if 0 <= place < table.rows.rowCount():
            table.show_row(table.rows.id_at(place), by_user=True)

    def _change_tab(self, place: int) -> None:
        self.links.now()
        self._name_tabs()
        self.tab_changed.emit(list(self._models)[place])

    def _choose(self, name: str, row: int, by_user: bool) -> None:
        self.row_chosen.emit(name, row)
        if by_user and self._linked:
            self.links.choose(name, row)

    def follow(self, name: str, row: int) -> None:
        """Let tables stand on the selected row, or on the row that belongs to it, without choosing it."""
        self.links.follow(name, row)

    @property
    def linked(self) -> bool:
        """True while a frame that the user selects narrows the reads, and a read the frames."""
        return self._linked

    def set_linked(self, linked: bool) -> None:
        """Link frames and reads, or show all of both."""
        self._linked = linked
        if not linked:
            self.show_all()

    def show_all(self) -> None:
        """No table is narrowed any more."""
        self.links.forget_choice()
        for model in self._models.values():
            model.narrow(None)

    def state(self) -> dict[str, Any]:
        """Columns, the table in front, and whether tables are linked."""
        tables = {name: page.table.columns.state() for name, page in self._pages.items()}
        return {"tables": tables, "tab": self.tab, "linked": self._linked}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Bring back what ``state`` gave; whatever is not understood is passed over."""
        tables = state.get("tables")
        for name, page in self._pages.items():
            columns = tables.get(name) if isinstance(tables, dict) else None
            if isinstance(columns, dict):
                page.table.columns.restore(columns)
        if state.get("tab") in self._models:
            self.show_tab(state["tab"])
        self.set_linked(bool(state.get("linked", True)))
