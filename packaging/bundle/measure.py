"""What the bundle weighs and how long its window takes to appear: ``python measure.py BUNDLE SAMPLE``.

``python measure.py --starts SECONDS COMMAND ...`` measures the window of another command, and fails where
even the cheapest of several starts took more of a processor: that cannot be blamed on what else is running.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from tests.helpers.display import Display, display

_ROUNDS = 5
_PATIENCE_S = 30


def _size(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _is_shown(screen: Display, empty: np.ndarray) -> bool:
    return bool((screen.pixels()[::8, ::8] != empty[::8, ::8]).any())


def _processor_s(process: int) -> float:
    """Seconds of a processor that a process has taken so far (proc(5), fields 14 and 15 of ``stat``)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _window_s(command: Sequence[str | Path], screen: Display) -> tuple[float, float]:
    """Seconds from the start until the empty screen shows something: of the clock, of a processor.

    Raises:
        TimeoutError: nothing appeared.
    """
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, **screen.environment, "HOME": home, "XDG_RUNTIME_DIR": home}
        environment = {name: value for name, value in environment.items() if name != "XDG_STATE_HOME"}
        empty = screen.pixels()
        begun = time.monotonic()
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            # A look at the screen takes a processor; most of the time there is nothing to see.
            while not _is_shown(screen, empty):
                time.sleep(0.005)
                if time.monotonic() - begun > _PATIENCE_S:
                    raise TimeoutError(f"No window appeared within {_PATIENCE_S} s.")
            return time.monotonic() - begun, _processor_s(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            # The next one begins with an empty screen; the server takes a moment to clear it.
            until = time.monotonic() + _PATIENCE_S
            while _is_shown(screen, empty) and time.monotonic() < until:
                time.sleep(0.005)


def _starts(command: Sequence[str | Path]) -> float | None:
    """Start a program several times and say how soon its window was there.

    Returns:
        Seconds of a processor of the cheapest start; None where there is no X server to see it on.
    """
    with display() as screen:
        if not screen.is_x11:
            print("  no X server is installed here (Xvfb): the start of the window was not measured")
            return None
        taken, worked = zip(*(_window_s(command, screen) for _ in range(_ROUNDS)), strict=True)
    print(
        f"  window on the screen after {statistics.median(taken):.2f} s "
        f"({min(taken):.2f} to {max(taken):.2f}, {_ROUNDS} starts, {screen.name}), "
        f"{min(worked):.2f} s of a processor"
    )
    return min(worked)


def main() -> None:
    """Print it."""
    if sys.argv[1] == "--starts":
        most = float(sys.argv[2])
        least = _starts(sys.argv[3:])
        if least is None or least > most:
            sys.exit(f"The window may take {most} s of a processor.")
        return
    bundle, sample = Path(sys.argv[1]), Path(sys.argv[2])
    program = bundle / "alprviewer"
    print(f"  {_size(bundle):.0f} MB in the folder")
    began = time.monotonic()
    subprocess.run([program, "--version"], check=True, stdout=subprocess.DEVNULL)
    print(f"  --version after {time.monotonic() - began:.2f} s")
    _starts([program, sample])


if __name__ == "__main__":
    main()
