"""A real window in review mode whose keys are struck one after the other.

``python -m tests.bench.inside.reviewing JOURNAL PAUSE_MS FILE...`` accepts every item of the files. It prints
one JSON object: milliseconds from each key to the painted picture of the next item, how many of them the
window's own thread worked, and those to the durable entry.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest

from alprviewer.app.main import application
from alprviewer.app.window import Window
from alprviewer.models.reviewhistory import State
from alprviewer.settings import Settings
from tests.bench.inside.heartbeat import Paints
from tests.bench.timing import Spread

_PATIENCE_S = 60.0


def _until(done: Callable[[], bool]) -> None:
    """Let the window live until something is so.

    Raises:
        RuntimeError: it does not come.
    """
    loop, begun = QEventLoop(), time.perf_counter()
    while not done():
        if time.perf_counter() - begun > _PATIENCE_S:
            raise RuntimeError("The window does not do what it should.")
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 5)


def _pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def review(journal: str, pause: int, files: list[str]) -> dict[str, object]:
    """Accept every item of the files."""
    window = Window(Settings(theme="light", reviewer="bench", journal=journal))
    page, reviewing = window.reviewing.page, window.reviewing.review
    paints = Paints(window)
    paints.watch(page.picture)
    window.resize(1600, 1000)
    window.show()
    window.open(files)
    _until(lambda: not window.loader.loading and window.is_settled())
    window.reviewing.enter()
    _until(lambda: not reviewing.busy)
    _until(lambda: not reviewing.is_reading_ahead)

    def is_next(before: int, painted: int) -> bool:
        return reviewing.sight.at != before and paints.count(page.picture) > painted

    struck: dict[int, float] = {}
    pictures: list[float] = []
    worked: list[float] = []
    saved: list[float] = []
    reviewing.journaling.saved.connect(
        lambda token, _: saved.append(1000 * (time.perf_counter() - struck[token]))
    )
    total = reviewing.sight.total
    begun = time.perf_counter()
    for number in range(1, total + 1):
        before, painted = reviewing.sight.at, paints.count(page.picture)
        cpu = time.thread_time()
        now = struck[number] = time.perf_counter()
        QTest.keyClick(page, Qt.Key.Key_A)
        if number < total:
            _until(partial(is_next, before, painted))
            pictures.append(1000 * (time.perf_counter() - now))
            worked.append(1000 * (time.thread_time() - cpu))
        _pause(pause)
    seconds = time.perf_counter() - begun
    _until(lambda: len(saved) == total)
    refused = sum(done.state is State.REFUSED for done in reviewing.history.listed())
    window.close()
    return {
        "items": total,
        "seconds": seconds,
        "refused": refused,
        "picture_ms": Spread.of(pictures).plain(),
        "worked_ms": Spread.of(worked).plain(),
        "saved_ms": Spread.of(saved).plain(),
    }


def main() -> int:
    """Run once."""
    app = application()
    journal, pause, *files = sys.argv[1:]
    print(json.dumps(review(journal, int(pause), files)), flush=True)
    del app
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
