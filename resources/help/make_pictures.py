"""Makes the pictures of the help: ``python make_pictures.py``.

Some are drawn by the program's own ``screenshot``; those of the first chapter while its steps are done by
keys and mouse in the real window (``tests/helpers/walk.py``), so that they show what a reader will see.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SAMPLE = HERE.parent / "sample" / "sample.jsonl"
SIZE = (1280, 800)
COLOURS = 128
"""Enough for a window with crops; a third of the bytes of all colours."""
PICTURES = {
    "browse": ["--select", "22"],
    "problems": ["--tab", "problems", "--select", "0"],
}
PORT, DECIDED = 8080, Path("/tmp/decided.csv")  # noqa: S108 - both stand in pictures
PATIENCE_S = 60.0
LIVE_READS = 200
"""So many reads have come in the picture of a live source."""


def keep(drawn: Path, name: str) -> None:
    """A picture in few colours, among those of the help."""
    picture = Image.open(drawn).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    path = HERE / "pictures" / f"{name}.png"
    picture.save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1000} kB")


def screenshots(folder: Path) -> None:
    """Those that show a window as it opens."""
    for name, options in PICTURES.items():
        drawn = folder / "window.png"
        command = [sys.executable, "-m", "alprviewer", "screenshot", str(SAMPLE), "-o", str(drawn)]
        size = "x".join(map(str, SIZE))
        subprocess.run([*command, "--size", size, *options], check=True)
        keep(drawn, name)


def steps(folder: Path) -> None:
    """Those of the walk."""
    from PySide6.QtWidgets import QApplication, QWidget

    from alprviewer.app.main import application
    from alprviewer.app.window import Window
    from alprviewer.settings import Settings
    from tests.helpers.walk import Walk

    application()
    window = Window(Settings(theme="light"))
    window.resize(*SIZE)
    window.loader.follows = True

    def wait(condition: Callable[[], Any]) -> None:
        until = time.monotonic() + PATIENCE_S
        while not condition():
            QApplication.processEvents()
            time.sleep(0.005)
            if time.monotonic() > until:
                raise TimeoutError("A step of the walk did not end.")

    def draw(name: str, widget: QWidget = window) -> None:
        QApplication.processEvents()
        drawn = folder / f"{name}.png"
        widget.grab().save(str(drawn))
        keep(drawn, name)

    window.show()
    window.activateWindow()
    window.workspace.make_late_panes()
    walk = Walk(window, wait)
    try:
        walk.settle()
        draw("start-page")
        walk.open_sample()
        walk.find_doubtful()
        draw("doubtful")
        walk.review()
        draw("review")
        walk.correct()
        draw("correct")
        walk.decide()
        walk.go_back()
        walk.show_decided()
        walk.export(DECIDED)
        draw("exported")
        walk.show_all()
        dialog = walk.fill_in(PORT)
        draw("connect", dialog)
        walk.send(SAMPLE, walk.connect(dialog), LIVE_READS)
        draw("live")
    finally:
        window.close()
        walk.end()
        DECIDED.unlink(missing_ok=True)


def main() -> None:
    """Write all of them."""
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as place:
        # The reader's own decisions and settings do not belong into the manual.
        for kind in ("CONFIG", "STATE", "CACHE", "DATA", "RUNTIME"):
            folder = Path(place, kind.lower())
            folder.mkdir(mode=0o700)
            os.environ[f"XDG_{kind}_HOME" if kind != "RUNTIME" else "XDG_RUNTIME_DIR"] = str(folder)
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["PYTHONPATH"] = str(ROOT)
        (HERE / "pictures").mkdir(exist_ok=True)
        screenshots(Path(place))
        steps(Path(place))


if __name__ == "__main__":
    main()
