"""A child process of the program, seen from the parent: words go in, messages come out."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import alprviewer
from alprviewer.sources.messages import receive

_FINISH_LOOK_S = 0.01
_QUEUE_MESSAGES = 32
"""Messages that wait in the parent before the pipe, and so the child, is held up."""


CHILDREN = {
    "decoder": "alprviewer.sources.decoder",
    "follower": "alprviewer.sources.follower",
    "receiver": "alprviewer.sources.receiver",
    "weigher": "alprviewer.capture.weigher",
}
"""Modules that are child processes."""


def child_command(name: str) -> list[str]:
    """How a child is started: its module, or the frozen program itself with a hidden verb."""
    if getattr(sys, "frozen", False):
        return [sys.executable, name]
    return [sys.executable, "-m", CHILDREN[name]]


def program_command() -> list[str]:
    """How this program's command line is started."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "alprviewer"]


class Child:
    """A process, and a thread that takes its messages from the pipe to a bounded queue; None is the last.

    Args:
        name: one of ``CHILDREN``.
        words: what it reads first.
        open_input: more may follow; else its input ends with these.
    """

    def __init__(self, name: str, words: bytes, *, open_input: bool = False) -> None:
        self.messages: queue.Queue[Any] = queue.Queue(_QUEUE_MESSAGES)
        self._cancelled = threading.Event()
        self._process = subprocess.Popen(
            child_command(name), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
        )
        self.say(words)
        if not open_input:
            self.end_input()
        self._thread = threading.Thread(target=self._receive, name=name, daemon=True)
        self._thread.start()

    def say(self, words: bytes) -> None:
        """Write to its standard input. If it is gone, that is told by its last message."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(words)
            self._process.stdin.flush()

    def end_input(self) -> None:
        """Say that nothing more will be said; some children end by that."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    def _receive(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        try:
            while not self._cancelled.is_set():
                message = receive(pipe)
                if message is None:
                    break
                self._put(message)
        finally:
            self._put(None)

    def _put(self, message: Any) -> None:
        while not self._cancelled.is_set():
            try:
                self.messages.put(message, timeout=0.1)
            except queue.Full:
                continue
            return

    def stop(self) -> None:
        """End the process. It only reads, so nothing is lost by not asking, and asking may go unheard."""
        self._cancelled.set()
        self._process.kill()

    def finish(self, seconds: float) -> None:
        """Have it end by itself, and wait until it is gone; one that takes too long is killed."""
        self.end_input()
        until = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < until:
            with suppress(queue.Empty):  # what it still says must not hold it up
                self.messages.get(timeout=_FINISH_LOOK_S)
        self.stop()
        self.join()

    def join(self) -> None:
        """Wait until the process and the thread are gone."""
        self._thread.join()
        self.end_input()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()


def _environment() -> dict[str, str]:
    """The child's environment: it finds this package, and keeps its memory instead of asking for it anew."""
    environment = dict(os.environ)
    package_parent = str(Path(alprviewer.__file__).parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (package_parent, environment.get("PYTHONPATH"))))
    # Arrays of megabytes come and go with every chunk. By default glibc gives their pages back each time, and
    # the kernel clears them again: measured, a third of the decoder's time.
    return environment | {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}
