"""Tables in the middle, panes as docks around them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QByteArray, QChildEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabBar, QWidget

from alprviewer.app.panes import FIRST, LATE, PANES, arrange, dock, set_sizes
from alprviewer.language import tr
from alprviewer.models.passshown import NO_PASS_SHOWN, PassShown
from alprviewer.models.shown import NOTHING, PROBLEM_TITLE, Shown
from alprviewer.views.browser import Browser
from alprviewer.views.enclosure import Enclosure

_LENT = (0.62, 0.13, 0.25)
"""Of the column at the right, while numbers are in front: they, the contact sheet, what is below."""


def focus(widget: QWidget) -> None:
    """Give the keyboard to a widget, or to the first one inside that takes it."""
    target = widget.focusProxy() or widget
    reason = Qt.FocusReason.TabFocusReason
    if target.focusPolicy() is Qt.FocusPolicy.NoFocus:
        inside = [
            each for each in widget.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        target = next((each for each in inside if each.isVisible() and each.isEnabled()), target)
    target.setFocus(reason)


def bring_to_front(window: QWidget) -> None:
    """Show a window to the user, also where it was minimized."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()


class Workspace(QMainWindow):
    """Holds the browser and the panes; gives what is shown to every pane.

    Signals:
        pane_made(str, object): a pane that waited until the window had been seen, by its name.
        pane_seen(str, bool): a pane came into sight, or is not to be seen any more. Of one behind another Qt
            says that it is visible.
    """

    pane_made = Signal(str, object)
    pane_seen = Signal(str, bool)

    def __init__(self, browser: Browser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AnimatedDocks
        )
        self.setCentralWidget(Enclosure(browser))
        self._browser = browser
        self._panes: dict[str, QWidget] = {}
        self._shown = NOTHING
        self._pass = NO_PASS_SHOWN
        self._unseen: set[str] = set()
        self._stale: set[str] = set()
        self._stale_passes: set[str] = set()
        self._turns = [spec.name for spec in PANES]
        """Panes, the one that was brought up to date last at the end."""
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._bring_next_up_to_date)
        self._default_layout = True
        self._lent: list[int] | None = None
        """While numbers are in front, what they and the panes below were high before."""
        self._remembered: dict[str, Any] = {}
        self._before_problem: QDockWidget | None = None
        self.docks: dict[str, QDockWidget] = {spec.name: dock(spec, self) for spec in PANES}
        for spec in PANES:
            if spec.name not in LATE:
                self._add(spec.name, spec.make())
        for name, each in self.docks.items():
            each.visibilityChanged.connect(lambda seen, name=name: self._set_seen(name, seen))
        arrange(self, self.docks)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._show_focus)

    def childEvent(self, event: QChildEvent) -> None:
        """Qt makes the bars of tabbed docks itself, without a name."""
        super().childEvent(event)
        if event.added():
            QTimer.singleShot(0, self, self._name_tabs)  # it is no bar yet

    def _name_tabs(self) -> None:
        for bar in self._tab_bars():
            bar.setAccessibleName(tr("Panes behind one another"))

    def _tab_bars(self) -> list[QTabBar]:
        return self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def _add(self, name: str, pane: QWidget) -> None:
        self._panes[name] = pane
        self.docks[name].setWidget(Enclosure(pane))

    def make_late_panes(self) -> None:
        """Make the panes that wait until the window has been seen."""
        for spec in PANES:
            if spec.name not in self._panes:
                pane = spec.make()
                self._add(spec.name, pane)
                self._restore_pane(spec.name, pane)
                pane.show_item(self._shown)  # type: ignore[attr-defined]
                self.show_pass(self._pass)
                self.pane_made.emit(spec.name, pane)

    def pane(self, name: str) -> Any:
        """A pane by its name, up to date; None while it is not made."""
        self._bring_up_to_date(name)
        return self._panes.get(name)

    def is_in_sight(self, name: str) -> bool:
        """True while a pane is to be seen."""
        return name not in self._unseen

    def pane_around(self, widget: QWidget | None) -> QWidget | None:
        """The pane that a widget is or stands in; None for any other one."""
        if widget is None:
            return None
        panes = self._panes.values()
        return next((each for each in panes if widget is each or each.isAncestorOf(widget)), None)

    def show_item(self, shown: Shown) -> None:
        """Give the selected row to every pane; those behind others receive it when they come to the front.

        The crop has it at once, the others one after the other, each painted before the next: a key waits for
        one pane at most, and of rows that follow one another faster only the newest is shown.
        """
        self._shown = shown
        self._raise_for(shown)
        self._stale = set(self._panes)
        # Nothing: another capture is opened, and rows of the one before would be asked of it.
        at_once = self._panes.keys() if shown is NOTHING else FIRST
        for name in at_once - self._unseen:
            self._bring_up_to_date(name)
        self._next.start()

    def show_pass(self, shown: PassShown) -> None:
        """Give the pass of the selected read to the panes that show passes, as above."""
        self._pass = shown
        self._stale_passes = {name for name, pane in self._panes.items() if hasattr(pane, "show_pass")}
        if shown is NO_PASS_SHOWN:
            for name in self._stale_passes - self._unseen:
                self._bring_up_to_date(name)
        self._next.start()

    def _bring_next_up_to_date(self) -> None:
        """The pane that has waited longest of those in sight that show another row than the selected one."""
        waiting = self._waiting()
        if waiting:
            name = next(each for each in self._turns if each in waiting)
            self._turns.remove(name)
            self._turns.append(name)
            self._bring_up_to_date(name)
        if len(waiting) > 1:
            self._next.start()

    def _waiting(self) -> set[str]:
        return (self._stale | self._stale_passes) - self._unseen

    @property
    def busy(self) -> bool:
        """True while a pane in sight waits for the selected row."""
        return bool(self._waiting())

    def _bring_up_to_date(self, name: str) -> None:
        if name in self._stale:
            self._stale.discard(name)
            self._panes[name].show_item(self._shown)  # type: ignore[attr-defined]
        if name in self._stale_passes:
            self._stale_passes.discard(name)
            self._panes[name].show_pass(self._pass)  # type: ignore[attr-defined]

    def _set_seen(self, name: str, seen: bool) -> None:
        if seen:
            self._unseen.discard(name)
            self._bring_up_to_date(name)
        else:
            self._unseen.add(name)
        self.pane_seen.emit(name, seen)
        if name == "numbers":
            self._lend_room(seen)

    def _lend_room(self, wanted: bool) -> None:
        """Numbers need more room than the scene that they stand before; it is given back with the scene."""
        column = [self.docks[name] for name in ("numbers", "sheet", "candidates")]
        is_there = self.docks["image"] in self.tabifiedDockWidgets(column[0])
        if not is_there or any(each.isFloating() for each in column):
            self._lent = None
        elif wanted and self._lent is None:
            layout = self.layout()
            assert layout is not None
            layout.activate()  # or the heights would be those of the layout before
            self._lent = [each.height() for each in column]
            tabs = [
                each.height() for each in self._tab_bars() if each.y() == column[0].geometry().bottom() + 1
            ]
            self._lent[0] += sum(tabs)  # they count when it is resized
            whole = sum(self._lent)
            sizes = [round(whole * share) for share in _LENT]
            self.resizeDocks(column, sizes, Qt.Orientation.Vertical)
        elif not wanted and self._lent is not None:
            sizes, self._lent = self._lent, None
            self.resizeDocks([self.docks["image"], *column[1:]], sizes, Qt.Orientation.Vertical)

    def _raise_for(self, shown: Shown) -> None:
        """A problem brings its raw bytes to the front; the next other item brings back what was there."""
        json = self.docks["json"]
        if shown.title == PROBLEM_TITLE and self._before_problem is None:
            tabbed = [each for each in self.tabifiedDockWidgets(json) if not each.visibleRegion().isEmpty()]
            self._before_problem = tabbed[0] if tabbed else json
            json.raise_()
        elif shown.title != PROBLEM_TITLE and self._before_problem is not None:
            self._before_problem.raise_()
            self._before_problem = None

    # --- the keyboard's way around ---------------------------------------------------------------

    def focus_pane(self, name: str) -> None:
        """Bring a pane to the front, even if it was hidden, and give it the keyboard."""
        self.make_late_panes()
        self.docks[name].show()
        self.docks[name].raise_()
        focus(self._panes[name])

    def focus_next(self, step: int) -> None:
        """Give the keyboard to the next pane that can be seen, the tables being one of them."""
        stops = [self._browser, *(self._panes[spec.name] for spec in PANES if self._is_seen(spec.name))]
        now = QApplication.focusWidget()
        inside = [
            place for place, stop in enumerate(stops) if now and (now is stop or stop.isAncestorOf(now))
        ]
        place = (inside[0] + step if inside else 0) % len(stops)
        focus(self._browser.focus_target if place == 0 else stops[place])

    def _is_seen(self, name: str) -> bool:
        pane = self._panes.get(name)
        return pane is not None and pane.isVisible() and not self.docks[name].visibleRegion().isEmpty()

    def _show_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Mark the title of the pane that has the keyboard."""
        for each in self.docks.values():
            holds = now is not None and each.isAncestorOf(now)
            if bool(each.property("holdsFocus")) != holds:
                each.setProperty("holdsFocus", holds)
                each.style().unpolish(each)
                each.style().polish(each)
                each.update()

    def reset_layout(self) -> None:
        """All panes at their default places."""
        arrange(self, self.docks)
        self._default_layout = True
        set_sizes(self, self.docks)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """While nobody has moved a pane, the shares of the default layout follow the window."""
        super().resizeEvent(event)
        if self._default_layout:
            set_sizes(self, self.docks)
            if self._lent is not None:
                self._lent = None
                self._lend_room(True)

    def state(self) -> dict[str, Any]:
        """Layout and what panes remember, as plain values."""
        panes = {name: pane.state() for name, pane in self._panes.items() if hasattr(pane, "state")}
        return {"docks": bytes(self.saveState().toHex().data()).decode("ascii"), "panes": panes}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back what ``state`` gave."""
        docks = state.get("docks")
        if isinstance(docks, str) and self.restoreState(QByteArray.fromHex(docks.encode("ascii", "ignore"))):
            self._default_layout = False
        panes = state.get("panes")
        self._remembered = panes if isinstance(panes, dict) else {}
        for name, pane in self._panes.items():
            self._restore_pane(name, pane)

    def _restore_pane(self, name: str, pane: Any) -> None:
        remembered = self._remembered.get(name)
        if isinstance(remembered, dict) and hasattr(pane, "restore"):
            pane.restore(remembered)
