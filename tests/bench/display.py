"""A display for the real window: Xvfb where it is installed, else Qt's offscreen platform."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_SCREEN = "1920x1200x24"


@dataclass(frozen=True)
class Display:
    """Where a window is shown."""

    name: str
    environment: dict[str, str]


@contextmanager
def display() -> Iterator[Display]:
    """A display of our own, on a number that is free, for as long as it is needed."""
    if shutil.which("Xvfb") is None:
        yield Display("offscreen (Xvfb is not installed)", {"QT_QPA_PLATFORM": "offscreen"})
        return
    ours, servers = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(servers), "-screen", "0", _SCREEN, "-nolisten", "tcp"],
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
            yield Display(f"X11 on Xvfb, {_SCREEN}", environment)
        else:
            yield Display("offscreen (Xvfb did not start)", {"QT_QPA_PLATFORM": "offscreen"})
    finally:
        server.terminate()
        server.wait()
