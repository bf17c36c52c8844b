"""Draws the program's icon in every size that desktops ask for: ``python icons.py OUT`` fills OUT/hicolor."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtGui import QGuiApplication

from alprviewer.resourcefiles import resource
from alprviewer.views.icons import APPLICATION, pixmap

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def main() -> None:
    """Write them, and the ones for Windows and macOS beside."""
    from PIL import Image

    application = QGuiApplication([])
    out = Path(sys.argv[1])
    for size in SIZES:
        folder = out / "hicolor" / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True, exist_ok=True)
        pixmap(APPLICATION, "#000000", size).save(str(folder / "alprviewer.png"))
    scalable = out / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(resource(f"icons/{APPLICATION}.svg"), scalable / "alprviewer.svg")
    largest = Image.open(out / "hicolor" / "512x512" / "apps" / "alprviewer.png")
    largest.save(out / "alprviewer.ico", sizes=[(size, size) for size in (16, 24, 32, 48, 64, 128, 256)])
    largest.save(out / "alprviewer.icns")
    application.quit()


if __name__ == "__main__":
    main()
