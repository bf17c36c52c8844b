"""Throws broken frames at the compiled reader, and compares what it gives with what Python gives.

    python -m tests.helpers.nativefuzz LIBRARY [--seconds N] [--seed N]

``sanitized`` builds a library that ends the process at the first byte it reads or writes where it should not.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from alprviewer.core import native
from alprviewer.core.builder import coders

ROOT = Path(__file__).parents[2]
COMPILE = ROOT / "packaging" / "compile.py"
SANITIZERS = "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1"

_NASTY = (
    *(bytes((byte,)) for byte in b'"{}[],:\\\n\r\t \0-.0123456789eE+/=xn\x7f\x80\xc3\xed\xff'),
    *(
        b'"plate":',
        b'"A"',
        b"1e5",
        b"00",
        b"-0",
        b"null",
        b"true",
        b"0." + b"9" * 40,
        b"9" * 30,
        b"{}",
        b"[]",
    ),
    *(b'{"', b'"}', b"},{", b'"x":1', b"ABCDEFGHIJ", "Ä".encode(), "가".encode(), b"\xed\xa0\x80", b"/9j/"),
)


def inputs() -> list[bytes]:
    """Some lines each of the sample and the real files, their crops cut short, and other forms of them."""
    from tests.helpers.realdata import SAMPLE, real_files

    found: list[bytes] = []
    for path in (SAMPLE, *real_files()):
        text = re.sub(rb'"/9j/([A-Za-z0-9+/]{60})[^"]*"', rb'"/9j/\1"', path.read_bytes())
        lines = text.splitlines(keepends=True)
        found += [b"".join(lines[first : first + 4])[:20_000] for first in range(0, min(len(lines), 200), 20)]
    spread = [re.sub(rb"([\[{,:])", rb"\1\n ", text) for text in found[:10]]
    return [*found, *spread, *(b"[" + text.replace(b"\n", b",") + b"]" for text in found[:10])]


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The data with some places changed; now and then cut off."""
    for _ in range(chance.choice((0, 1, 1, 1, 2, 4))):
        at = chance.randrange(len(data) + 1)
        new = chance.choice((*_NASTY, b"", data[at : at + chance.randrange(200)]))
        data = data[:at] + new + data[at + chance.choice((0, 0, 1, 1, 8)) :]
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.3 else data


def fuzz(seconds: float, seed: int) -> tuple[int, int]:
    """Fuzz for a while. Returns how many inputs were read, and how many frames came in bulk."""
    from alprviewer.core.regular import RegularReader
    from tests.helpers.reading import read_both_ways

    texts = inputs()
    chance = random.Random(seed)
    until = time.monotonic() + seconds
    count = frames = 0
    while time.monotonic() < until:
        data = mutate(chance.choice(texts), chance)
        count += 1
        frames += read_both_ways(data, [chance.randrange(len(data) + 1) for _ in range(chance.randrange(3))])
        # Memory of exactly this size: whatever is read behind it is seen.
        exact = (ctypes.c_char * len(data)).from_buffer_copy(data)
        reader = RegularReader(coders())
        for found in list(re.finditer(rb"\{", data))[:20]:
            reader._library.alpr_take(reader._place, exact, found.start(), len(data))
    return count, frames


def sanitized(library: Path, *sources: Path) -> str:
    """Build a library with sanitizers, of other sources if some are named.

    Returns why that cannot be; empty if it could.
    """
    if sys.platform != "linux" or not shutil.which("gcc"):
        return "the sanitizers are tried with gcc on Linux"
    words: list[str | Path] = [sys.executable, COMPILE, library, *SANITIZERS]
    if sources:
        words = ["gcc", "-shared", "-fPIC", *SANITIZERS, "-o", library, *sources]
    done = subprocess.run(words, env=os.environ | {"CC": "gcc"}, capture_output=True, text=True, check=False)
    return done.stderr


def command(library: Path, seconds: float, seed: int) -> tuple[list[str], dict[str, str]]:
    """The command that fuzzes a library with sanitizers, and its environment."""
    words = [sys.executable, "-m", "tests.helpers.nativefuzz", str(library)]
    found = subprocess.run(
        ["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return [*words, "--seconds", str(seconds), "--seed", str(seed)], os.environ | {
        "LD_PRELOAD": found,
        "PYTHONMALLOC": "malloc",
        # The interpreter itself keeps some memory to its end.
        "ASAN_OPTIONS": "detect_leaks=0",
        "PYTHONPATH": str(ROOT),
    }


def main() -> None:
    """Fuzz a library."""
    parser = argparse.ArgumentParser(prog="python -m tests.helpers.nativefuzz", description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    loaded = native.open_library(options.library)
    for module in ("native", "regular", "texts"):
        __import__(f"alprviewer.core.{module}")
        sys.modules[f"alprviewer.core.{module}"].library = lambda: loaded  # type: ignore[attr-defined]
    count, frames = fuzz(options.seconds, options.seed)
    print(f"{count:,} inputs, {frames:,} frames in bulk")  # noqa: T201
    assert frames, "No frame came in bulk."


if __name__ == "__main__":
    main()
