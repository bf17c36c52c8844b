"""A real window that does what it is told, and measures itself while it does.

``python -m tests.bench.inside.session`` reads commands, one JSON object a line, ``{"do": NAME, …}``, and
answers each with what was measured. Between commands the window is idle, and can be looked at from outside.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Generator
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QSocketNotifier, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from alprviewer.app.main import application
from alprviewer.app.window import Window
from alprviewer.models.shown import Shown
from alprviewer.settings import Settings
from alprviewer.views.cropview import CropView
from tests.bench.inside.heartbeat import Heartbeat, Paints
from tests.bench.inside.kept import kept
from tests.bench.timing import Spread

Activity = Generator[None, None, dict[str, Any]]
"""Goes on with every beat; what it returns is the answer."""

_PATIENCE_S = 10.0
"""Seconds that a selected row may take."""


class Session(QObject):
    """A window, its heartbeat, and what it is doing."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        self.window = Window(Settings(theme="light"))
        self.paints = Paints(self.window, self)
        self.window.browser.show_tab("reads")
        self.table = self.window.browser.table("reads")
        crop = self.window.workspace.pane("crop")
        self._crop: QWidget = crop.findChild(CropView) or crop
        for widget in (self.table.viewport(), self._crop):
            self.paints.watch(widget)
        self._activity: Activity | None = None
        self.heartbeat = Heartbeat(self._go_on, self)
        self._listening = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._listening.activated.connect(self._obey)
        self.window.show()

    # --- commands ---------------------------------------------------------------------------------

    def _obey(self) -> None:
        line = sys.stdin.readline()
        if not line:
            self.window.close()
            self._app.quit()
            return
        command = json.loads(line)
        self._listening.setEnabled(False)
        activities: dict[str, Callable[..., Activity]] = {
            "settle": self.settle,
            "open": self.open,
            "wheel": self.wheel,
            "pages": self.pages,
            "drag": self.drag,
            "hold": self.hold,
            "select": self.select,
            "listen": self.listen,
            "receive": self.receive,
        }
        self._activity = activities[command.pop("do")](**command)
        self.heartbeat.begin()

    def _go_on(self) -> None:
        if self._activity is None:
            return
        try:
            next(self._activity)
        except StopIteration as stop:
            self._activity = None
            own = self.heartbeat.own()
            beats = {"gaps": Spread.of(self.heartbeat.gaps()).plain(), "own": Spread.of(own).plain()}
            print(json.dumps({**stop.value, **beats, "own_ms": sum(own)}), flush=True)
            self._listening.setEnabled(True)

    # --- activities -------------------------------------------------------------------------------

    def settle(self, seconds: float = 1.0) -> Activity:
        """Do nothing until nothing has happened for a while."""
        quiet = time.perf_counter()
        while time.perf_counter() - quiet < seconds:
            if not self._is_settled():
                quiet = time.perf_counter()
            yield
        return {}

    def _is_settled(self) -> bool:
        """True if nothing is awaited but the consensus of passes, which is worked out meanwhile."""
        window = self.window
        sorting = any(model.is_sorting for model in window.models.values())
        reading = window.loader.loading or window.current.busy or window.thumbnails.busy
        finding = window.passing.finder.is_finding or window.filtering.rows.busy or window.charts.busy
        behind = window.workspace.busy or window.browser.links.busy
        return not (sorting or reading or finding or behind)

    def open(self, path: str) -> Activity:
        """Open a file and wait until all of it is there."""
        loader, reads = self.window.loader, self.window.models["reads"]
        seen = {"rows": 0.0, "painted": 0.0}

        def on_painted() -> None:
            if reads.rowCount() and not seen["painted"]:
                seen["painted"] = time.perf_counter()

        def on_rows(*_: object) -> None:
            if reads.rowCount() and not seen["rows"]:
                seen["rows"] = time.perf_counter()

        def refused(reason: str) -> None:
            raise RuntimeError(f"{path} does not open: {reason}")

        self.paints.painted.connect(on_painted)
        begun = time.perf_counter()
        loader.refused.connect(refused)
        self.window.open([path])
        reads.rowsInserted.connect(on_rows)
        reads.modelReset.connect(on_rows)
        while loader.loading or not seen["painted"]:
            yield
        seconds = time.perf_counter() - begun
        self.paints.painted.disconnect(on_painted)
        return {
            "seconds": seconds,
            "first_rows": seen["rows"] - begun,
            "first_painted": seen["painted"] - begun,
            "reads": reads.rowCount(),
            "kept": kept(loader.capture),
        }

    def listen(self, url: str) -> Activity:
        """Open a live source and wait until it listens; tells where."""
        loader = self.window.loader
        loader.follows = True
        self.window.open([url])
        while not (loader.live and loader.live.standings()[0].counters.place):
            yield
        return {"place": loader.live.standings()[0].counters.place}

    def receive(self, seconds: float, frames: int = 0) -> Activity:
        """Let rows come for a while, or until there are so many; the newest one is kept in sight."""
        loader, model, batches = self.window.loader, self.window.models["frames"], [0]

        def count(_change: object) -> None:
            batches[0] += 1

        loader.rows_added.connect(count)
        until = time.perf_counter() + seconds
        shown = model.rowCount()
        while (model.rowCount() < frames) if frames else (time.perf_counter() < until):
            yield
        loader.rows_added.disconnect(count)
        (standing,) = loader.live.standings()
        return {
            "batches": batches[0],
            "shown": model.rowCount() - shown,
            "frames": model.rowCount(),
            "waiting": standing.waiting,
            "missed": standing.counters.missed,
        }

    def wheel(self, seconds: float) -> Activity:
        """Turn the wheel, sixty notches a second."""
        viewport = self.table.viewport()

        def turn() -> None:
            place = QPointF(viewport.rect().center())
            event = QWheelEvent(
                place,
                viewport.mapToGlobal(place),
                QPoint(),
                QPoint(0, -120),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            self._app.postEvent(viewport, event)

        return (yield from self._scroll(seconds, 60, turn))

    def pages(self, seconds: float) -> Activity:
        """Hold Page Down, thirty a second as keyboards repeat."""
        return (yield from self._scroll(seconds, 30, lambda: self._press(Qt.Key.Key_PageDown)))

    def drag(self, seconds: float) -> Activity:
        """Drag the scroll bar's handle through all rows, sixty steps a second."""
        bar = self.table.verticalScrollBar()
        bar.setValue(0)
        step = max(bar.maximum() / (seconds * 60), 1.0)
        place = [0.0]

        def move() -> None:
            place[0] = min(place[0] + step, bar.maximum())
            bar.setSliderPosition(round(place[0]))

        bar.setSliderDown(True)
        try:
            return (yield from self._scroll(seconds, 60, move))
        finally:
            bar.setSliderDown(False)

    def _scroll(self, seconds: float, rate: float, act: Callable[[], None]) -> Activity:
        viewport = self.table.viewport()
        painted = self.paints.count(viewport)
        before = self.table.verticalScrollBar().value()
        yield from self._repeat(seconds, rate, act)
        return {
            "paints_per_second": (self.paints.count(viewport) - painted) / seconds,
            "rows_passed": self.table.verticalScrollBar().value() - before,
        }

    def _repeat(self, seconds: float, rate: float, act: Callable[[], None]) -> Generator[None, None, None]:
        """Do something so often a second, whether the window keeps up or not."""
        begun, done = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - begun) < seconds:
            while done < elapsed * rate:
                act()
                done += 1
            yield

    def _press(self, key: Qt.Key) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", True)
        self._app.postEvent(self.table, event)

    def _go_to(self, row: int) -> None:
        self.table.setCurrentIndex(self.table.rows.index(row, self.table.columnAt(0)))

    def hold(self, seconds: float, rate: float = 30) -> Activity:
        """Hold Down; how many crops are shown meanwhile, and how far they are behind."""
        current = self.window.current
        self._go_to(self.table.rows.rowCount() // 3)
        yield from self.settle()
        follower = Follower(self.window)
        behind: list[int] = []
        painted = self.paints.count(self._crop)
        self.heartbeat.begin()

        def press() -> None:
            behind.append(follower.behind)
            self._press(Qt.Key.Key_Down)

        try:
            yield from self._repeat(seconds, rate, press)
        finally:
            current.selected.disconnect(follower.on_selected)
            current.changed.disconnect(follower.on_changed)
        return {
            "rows_per_second": len(follower.asked) / seconds,
            "crops_per_second": follower.crops / seconds,
            "crop_paints_per_second": (self.paints.count(self._crop) - painted) / seconds,
            "skipped": len(follower.asked) - follower.shown,
            "behind_rows": Spread.of(behind).plain(),
            "behind_ms": Spread.of(follower.delays).plain(),
        }

    def select(self, count: int, seed: int = 1) -> Activity:
        """Select rows all over the file, in turn; how long until each is read, and on the screen."""
        current, workspace = self.window.current, self.window.workspace
        shown, drawn = Stopwatch(), Stopwatch()
        current.changed.connect(shown.stop)

        def on_painted() -> None:
            if shown.is_stopped and not current.busy and not workspace.busy:
                drawn.stop()

        self.paints.painted.connect(on_painted)
        total = self.table.rows.rowCount()
        for row in np.random.default_rng(seed).integers(0, total, count).tolist():
            if row == self.table.currentIndex().row():
                continue
            shown.start()
            drawn.start()
            self._go_to(row)
            begun = time.perf_counter()
            while not drawn.is_stopped and time.perf_counter() - begun < _PATIENCE_S:
                yield
            for _ in range(5):
                yield
        self.paints.painted.disconnect()
        return {"read_ms": Spread.of(shown.times).plain(), "painted_ms": Spread.of(drawn.times).plain()}


class Stopwatch:
    """Milliseconds between starts and their first stops."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self._begun: float | None = None

    @property
    def is_stopped(self) -> bool:
        """True where nothing is being timed."""
        return self._begun is None

    def start(self) -> None:
        """Begin anew."""
        self._begun = time.perf_counter()

    def stop(self, *_: object) -> None:
        """The first one after a start counts."""
        if self._begun is not None:
            self.times.append((time.perf_counter() - self._begun) * 1000)
            self._begun = None


class Follower:
    """Compares the rows that were selected with those that are shown."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._columns = window.loader.capture.columns
        self._number = 0
        self._last = 0
        self._numbers: dict[tuple[int, int], tuple[int, float]] = {}
        self.asked: list[int] = []
        self.delays: list[float] = []
        self.shown = 0
        self.crops = 0
        window.current.selected.connect(self.on_selected)
        window.current.changed.connect(self.on_changed)

    @property
    def behind(self) -> int:
        """Rows that were selected since the one that is shown."""
        return self._number - self._last

    def on_selected(self, selected: Any) -> None:
        """A row was asked for."""
        frame = int(self._columns.reads.column("frame")[selected.row])
        key = (
            int(self._columns.frames.column("offset")[frame]),
            int(self._columns.reads.column("position")[selected.row]),
        )
        self._number += 1
        self._numbers[key] = self._number, time.perf_counter()
        self.asked.append(selected.row)

    def on_changed(self, shown: Shown) -> None:
        """A row is shown."""
        number, asked = self._numbers.get(
            (shown.offset, -1 if shown.position is None else shown.position), (0, 0)
        )
        if not number:
            return
        self._last = max(self._last, number)
        self.shown += 1
        self.crops += shown.crop.image is not None
        self.delays.append((time.perf_counter() - asked) * 1000)


def main() -> int:
    """Run until standard input ends."""
    app = application()
    session = Session(app)
    code = app.exec()
    del session
    return code


if __name__ == "__main__":
    raise SystemExit(main())
