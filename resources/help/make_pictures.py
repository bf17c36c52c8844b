"""Makes the pictures of the help with the program's own ``screenshot``: ``python make_pictures.py``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parent / "sample" / "sample.jsonl"
SIZE = "1280x800"
COLOURS = 128
"""Enough for a window with crops; a third of the bytes of all colours."""
PICTURES = {
    "browse": ["--select", "22"],
    "doubtful": ["--where", "margin<2", "--select", "1"],
    "problems": ["--tab", "problems", "--select", "0"],
    "review": ["--view", "review", "--select", "22"],
}


def main() -> None:
    """Write all of them."""
    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    for name, options in PICTURES.items():
        with tempfile.TemporaryDirectory() as place:
            drawn = Path(place, "window.png")
            command = [sys.executable, "-m", "alprviewer", "screenshot", str(SAMPLE), "-o", str(drawn)]
            # The reader's own decisions do not belong into the manual.
            own = ["--journal", f"sqlite:///{place}/journal.sqlite"]
            subprocess.run([*command, "--size", SIZE, *own, *options], check=True)
            picture = Image.open(drawn).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        picture.save(folder / f"{name}.png", optimize=True)
        print(f"{name}.png: {(folder / f'{name}.png').stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
