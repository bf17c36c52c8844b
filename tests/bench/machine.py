"""What a measurement was made on: without that its figures say nothing."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from alprviewer import __version__
from tests.bench.places import CONTENDERS_PYTHON, ROOT, lnav

_OURS = ("PySide6-Essentials", "numpy", "msgspec", "orjson")
_THEIRS = ("duckdb", "polars", "pandas", "visidata")


def _first(path: str, pattern: str) -> str:
    try:
        found = re.search(pattern, Path(path).read_text(), re.MULTILINE)
    except OSError:
        return ""
    return found[1].strip().strip('"') if found else ""


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def facts() -> dict[str, Any]:
    """Processor, memory, system, and how busy the machine was before anything was measured."""
    memory = int(_first("/proc/meminfo", r"^MemTotal:\s+(\d+)") or 0) << 10
    return {
        "processor": _first("/proc/cpuinfo", r"^model name\s*:\s*(.*)") or platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": memory,
        "system": f"{_first('/etc/os-release', r'^PRETTY_NAME=(.*)')}, Linux {platform.release()}",
        "load_before": round(os.getloadavg()[0], 2),
        "nice": os.nice(0),
    }


def versions() -> dict[str, str]:
    """alprviewer, what it is made with, and what it is measured against."""
    found = {
        "alprviewer": __version__,
        "commit": _said("git", "rev-parse", "--short", "HEAD"),
        "Python": platform.python_version(),
    }
    for name in _OURS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    for name in _THEIRS:
        theirs = _said(
            str(CONTENDERS_PYTHON), "-c", f"import importlib.metadata as m; print(m.version({name!r}))"
        )
        if theirs:
            found[name] = theirs
    program = lnav()
    if program:
        found["lnav"] = _said(program, "-V").removeprefix("lnav ")
    return {name: text for name, text in found.items() if text}
