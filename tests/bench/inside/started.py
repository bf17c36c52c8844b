"""Runs ``alprviewer`` as its command does, says when its window was first drawn, and closes it then.

``python -m tests.bench.inside.started [SOURCE]`` prints the moment on the clock that all processes share.
"""

from __future__ import annotations

import sys
import time

from alprviewer import cli


def _instrument() -> None:
    from PySide6.QtCore import QEvent, QTimer

    from alprviewer.app import main as app_main

    class Watched(app_main.Window):
        """The real window, whose first painting is noticed."""

        drawn = False

        def event(self, event: QEvent) -> bool:
            handled = super().event(event)
            if event.type() == QEvent.Type.Paint and not self.drawn:
                self.drawn = True
                # Its panes are drawn in the same go; this comes after them.
                QTimer.singleShot(0, self._tell)
            return bool(handled)

        def _tell(self) -> None:
            print(time.monotonic(), flush=True)
            QTimer.singleShot(0, self.close)

    setattr(app_main, "Window", Watched)  # noqa: B010


if __name__ == "__main__":
    _instrument()
    raise SystemExit(cli.run(["open", *sys.argv[1:]]))
