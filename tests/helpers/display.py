"""A display for the real window: Xvfb where it is installed, else Qt's offscreen platform."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_SCREEN = "1920x1200x24"


@dataclass(frozen=True)
class Display:
    """Where a window is shown; ``frame_buffer`` is None where it is not on X11."""

    name: str
    environment: dict[str, str]
    frame_buffer: Path | None = None

    @property
    def is_x11(self) -> bool:
        """True where windows are real ones, on an X server."""
        return self.frame_buffer is not None

    def pixels(self) -> np.ndarray:
        """What the screen shows now: height × width × (blue, green, red), uint8.

        The file is what ``xwd`` writes (X11/XWDFile.h): a header of big-endian 32-bit words, colours of 12
        bytes each, then the lines.
        """
        assert self.frame_buffer is not None
        data = self.frame_buffer.read_bytes()
        words = struct.unpack_from(">25I", data)
        header, width, height, line, colours = words[0], words[4], words[5], words[12], words[19]
        lines = np.frombuffer(data, np.uint8, line * height, header + 12 * colours).reshape(height, line)
        return lines[:, : 4 * width].reshape(height, width, 4)[:, :, :3]


@contextmanager
def display() -> Iterator[Display]:
    """A display of our own, on a number that is free, for as long as it is needed."""
    if shutil.which("Xvfb") is None:
        yield Display("offscreen (Xvfb is not installed)", {"QT_QPA_PLATFORM": "offscreen"})
        return
    ours, servers = os.pipe()
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [
                "Xvfb",
                "-displayfd",
                str(servers),
                "-screen",
                "0",
                _SCREEN,
                "-nolisten",
                "tcp",
                "-fbdir",
                folder,
            ],
            pass_fds=[servers],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(servers)
        try:
            with os.fdopen(ours, encoding="ascii") as announced:
                number = announced.readline().strip()
            if number:
                environment = {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
                yield Display(f"X11 on Xvfb, {_SCREEN}", environment, Path(folder, "Xvfb_screen0"))
            else:
                yield Display("offscreen (Xvfb did not start)", {"QT_QPA_PLATFORM": "offscreen"})
        finally:
            server.terminate()
            server.wait()
