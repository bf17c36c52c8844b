"""Captures that are followed by a real child process, without Qt."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path

from alprviewer.capture.capture import Capture
from alprviewer.capture.following import Following
from alprviewer.capture.intake import load
from alprviewer.sources.messages import Message

PATIENCE_S = 30.0


class Followed:
    """A capture that was read to its end and is followed then."""

    def __init__(self, *names: Path) -> None:
        self.capture: Capture = load([str(name) for name in names])
        self.following = Following(self.capture)
        self.messages: list[Message] = []
        self.until(lambda: all(source.identity for source in self.capture.sources))

    def until(self, condition: Callable[[], bool]) -> None:
        """Take messages until something holds."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, self.messages[-5:]
            self.following.look_now()
            try:
                message = self.following._child.messages.get(timeout=0.2)
            except queue.Empty:
                continue
            assert message is not None, "the child has ended"
            self.messages.append(message)
            self.following.apply(message)

    def until_read(self, source: int, size: int) -> None:
        """Wait until so many bytes of a source were read, those of a value that is not complete included."""
        self.until(lambda: self.read(source) == size)

    def read(self, source: int) -> int:
        """Bytes of a source that were read."""
        each = self.capture.sources[source]
        return each.bytes + each.waiting

    def plates(self) -> list[str | None]:
        """The observed plates, in order."""
        columns = self.capture.columns
        return [columns.text("plate", code) for code in columns.reads.column("plate").tolist()]
