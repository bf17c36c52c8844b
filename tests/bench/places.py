"""Where the benchmarks find programs, and where they put what they make: all of it under ``build/bench``."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import data

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "bench"
PROGRAM = (sys.executable, "-m", "alprviewer")
CONTENDERS_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
"""Has DuckDB, Polars, pandas and VisiData; ``make bench`` sees to it."""
_HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME")


@contextmanager
def home() -> Iterator[dict[str, str]]:
    """A home for a process that knows nothing yet and goes away: no settings, no session, no index cache."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="home-", dir=BUILD, ignore_cleanup_errors=True) as folder:
        places = {name: str(Path(folder, name.lower())) for name in _HOMES}
        for place in places.values():
            os.mkdir(place, mode=0o700)  # noqa: PTH102 - Path.mkdir's mode is no promise either
        yield places


def capture(reads: int, seed: int = 1) -> Path:
    """A capture with at least so many reads; one that was made before from the same recipe is taken again."""
    recipe = hashlib.sha256(Path(data.__file__).read_bytes() + data.SAMPLE.read_bytes()).hexdigest()[:12]
    path = BUILD / f"reads-{reads}-{seed}-{recipe}.jsonl"
    if not path.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        data.write_capture(unfinished, reads, seed=seed)
        unfinished.rename(path)
    return path


def warm(path: Path) -> bool:
    """Bring a file into the page cache. False where it does not fit there."""
    with path.open("rb") as file:
        while file.read(1 << 22):
            pass
    available = next(
        int(line.split()[1]) << 10
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemAvailable")
    )
    return path.stat().st_size < available


def lnav() -> str | None:
    """The lnav program, where it is installed."""
    return shutil.which("lnav")
