"""The real window as a process of its own on a live source: asked for its rows, and killed, children too.

``python -m tests.helpers.windows URL`` opens the window and answers each line of its standard input, once all
that is durable is shown, with the numbers of its frames and of its children as one line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.helpers.recorders import load, without_coverage

VICTIMS = ("window", "receiver", "follower")
_LONGEST_S = 0.6
"""Seconds from one kill to the next, at most."""


class WindowProcess:
    """A window of somebody whose home is a folder."""

    def __init__(self, url: str, home: Path) -> None:
        places = {name: str(home) for name in ("HOME", *_FOLDERS)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.windows", url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**without_coverage(), **places, "QT_QPA_PLATFORM": "offscreen"},
            text=True,
        )

    def ask(self) -> dict[str, Any]:
        """Wait until everything is shown, and say what is."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def kill(self) -> None:
        """End the window, its children not."""
        self._process.kill()
        self._leave()

    def close(self) -> None:
        """End it as its user does."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._leave()

    def _leave(self) -> None:
        self._process.wait(60)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


_FOLDERS = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")


def kill_in_turn(url: str, home: Path, to: str, kills: int, seed: int) -> tuple[list[bytes], dict[str, Any]]:
    """Send frames to a window; kill it and its children in turn at random moments, and start it again.

    Returns:
        What was sent, all of which was acknowledged in the end; and what the last window shows.
    """
    chance, pause = random.Random(seed), threading.Event()
    window = WindowProcess(url, home)
    try:
        with load(to) as sent:
            for number in range(kills):
                victim = VICTIMS[number % len(VICTIMS)]
                children = window.ask()["children"]
                pause.wait(chance.uniform(0.0, _LONGEST_S))
                if victim == "window":
                    window.kill()
                    window = WindowProcess(url, home)
                elif children[victim]:
                    os.kill(children[victim], signal.SIGKILL)
        return sent, window.ask()
    finally:
        window.close()


class Answers:
    """The window's side: answers once all that is durable is shown."""

    def __init__(self, url: str) -> None:
        from PySide6.QtCore import QSocketNotifier, QTimer

        from alprviewer.app.main import application
        from alprviewer.app.window import Window
        from alprviewer.settings import Settings

        self.app = application()
        self._url = url
        self._asked = False
        self.window = Window(Settings(theme="light", silent_after_s=5))
        self.window.loader.follows = True
        self.window.show()
        self.window.open([url])
        self._listening = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._listening.activated.connect(self._obey)
        self._timer = QTimer(interval=20)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _obey(self) -> None:
        if not os.read(sys.stdin.fileno(), 16):
            self._listening.setEnabled(False)
            self.window.close()
            self.app.quit()
        self._asked = True

    def _look(self) -> None:
        live, loader = self.window.loader.live, self.window.loader
        source = live._sources.get(self._url)
        if not self._asked or source is None or loader.loading or loader.following is None:
            return
        listens = bool(source.receiving.counters.place)
        if listens and not live._spooled.unread(self._url):
            self._asked = False
            self._answer()

    def _answer(self) -> None:
        loader = self.window.loader
        receiver = loader.live._sources[self._url].receiving._child
        children = {"receiver": receiver, "follower": loader.following and loader.following._child}
        found = {
            "frames": loader.capture.columns.frames.column("uuid_tail").tolist(),
            "rows": self.window.models["frames"].rowCount(),
            "problems": len(loader.capture.columns.problems),
            "children": {name: child and child._process.pid for name, child in children.items()},
        }
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    answers = Answers(sys.argv[1])
    raise SystemExit(answers.app.exec())
