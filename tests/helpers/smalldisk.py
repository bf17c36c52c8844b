"""Tests on a file system of their own that can really be full: a tmpfs of some hundred kilobytes.

It is mounted in a namespace, where nothing else of the system sees it and users need not be root. A process
cannot go there with its threads, so such a test is run again by a pytest of its own inside.
"""

from __future__ import annotations

import functools
import inspect
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
INSIDE = os.environ.get("ALPRVIEWER_SMALL_DISK", "")
"""Where the disk is mounted, in the process that runs inside; empty in any other."""
_SIZE = "600k"
_WAYS = (("unshare", "--user", "--map-root-user", "--mount"), ("unshare", "--mount"))
_MOUNT = 'mount -t tmpfs -o size="$1" none "$ALPRVIEWER_SMALL_DISK" && shift && exec "$@"'


class SmallDisk:
    """A folder on it, which can be filled to the last byte, emptied again, and made read-only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no room at all."""
        with self._ballast.open("ab", buffering=0) as file:
            size = 1 << 16
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2
        assert shutil.disk_usage(self.folder).free == 0

    def empty(self) -> None:
        """Make room again."""
        self._ballast.unlink()
        assert shutil.disk_usage(self.folder).free > 0

    def mount(self, how: str) -> None:
        """Let nobody write on it, root neither (``ro``), or let them again (``rw``)."""
        subprocess.run(["mount", "-o", f"remount,{how}", self.folder], check=True)


def _inside(folder: str, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command where the disk is mounted; fails like one where the system lets nobody mount one."""
    environment = {**os.environ, "ALPRVIEWER_SMALL_DISK": folder}
    done = subprocess.CompletedProcess[str](command, 1, "", "there is no unshare")
    for way in _WAYS if shutil.which("unshare") else ():
        done = subprocess.run(
            [*way, "sh", "-c", _MOUNT, "sh", _SIZE, *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            break
    return done


@functools.cache
def _is_possible() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        return _inside(folder, "true").returncode == 0


def on_a_small_disk(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test inside. Its first argument is the ``SmallDisk``, the others are fixtures."""

    def run(**fixtures: Any) -> None:
        if INSIDE:
            test(SmallDisk(Path(INSIDE)), **fixtures)
            return
        if not _is_possible():
            pytest.skip("needs a system that lets its users mount a tmpfs in a namespace of their own")
        name = os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]
        # The tests of the lower layers run where Qt cannot be imported.
        without = [] if "pytestqt" in sys.modules else ["-p", "no:pytest-qt"]
        with tempfile.TemporaryDirectory(prefix="alprviewer-disk-") as folder:
            done = _inside(
                folder, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *without, name
            )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 passed" in done.stdout

    run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
    asked = list(inspect.signature(test).parameters.values())[1:]
    run.__signature__ = inspect.Signature(asked)  # type: ignore[attr-defined]
    return run
