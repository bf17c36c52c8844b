"""What the bundle weighs and how long its window takes to appear: ``python measure.py BUNDLE SAMPLE``."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.helpers.display import Display, display

_ROUNDS = 5
_PATIENCE_S = 30


def _size(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _window_s(program: Path, sample: Path, screen: Display) -> float:
    """Seconds from the start of the process until the empty screen shows something.

    Raises:
        TimeoutError: nothing appeared.
    """
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, **screen.environment, "HOME": home, "XDG_RUNTIME_DIR": home}
        environment = {name: value for name, value in environment.items() if name != "XDG_STATE_HOME"}
        empty = screen.pixels()
        begun = time.monotonic()
        process = subprocess.Popen([program, sample], env=environment, stderr=subprocess.DEVNULL)
        try:
            # A look at the screen takes a processor; most of the time there is nothing to see.
            while (screen.pixels()[::8, ::8] == empty[::8, ::8]).all():
                time.sleep(0.005)
                if time.monotonic() - begun > _PATIENCE_S:
                    raise TimeoutError(f"No window appeared within {_PATIENCE_S} s.")
            return time.monotonic() - begun
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def main() -> None:
    """Print it."""
    bundle, sample = Path(sys.argv[1]), Path(sys.argv[2])
    program = bundle / "alprviewer"
    print(f"  {_size(bundle):.0f} MB in the folder")
    began = time.monotonic()
    subprocess.run([program, "--version"], check=True, stdout=subprocess.DEVNULL)
    print(f"  --version after {time.monotonic() - began:.2f} s")
    with display() as screen:
        if not screen.is_x11:
            print("  no X server is installed here (Xvfb): the start of the window was not measured")
            return
        taken = [_window_s(program, sample, screen) for _ in range(_ROUNDS)]
    print(
        f"  window on the screen after {statistics.median(taken):.2f} s "
        f"({min(taken):.2f} to {max(taken):.2f}, {_ROUNDS} starts, {screen.name})"
    )


if __name__ == "__main__":
    main()
