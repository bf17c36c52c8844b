"""The child process that follows the files of a capture, seen from the parent.

Following begins where reading ended. A file that is replaced, truncated or written anew ends as a source: its
rows stay, and what now stands at its place is read from its beginning as a source of its own behind it, as
``tail -F`` goes on with the new file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from alprviewer.capture.capture import Capture, Source
from alprviewer.capture.child import Child
from alprviewer.sources.follower import Task
from alprviewer.sources.messages import Message, Turned
from alprviewer.sources.paths import SourceFile
from alprviewer.store.columns import Change

LOOK_NOW = b"\n"


class Following:
    """Follows the sources of a capture that were read to their end.

    Args:
        capture: takes the messages; more sources may be added to it.
        limits: bytes of files, by the numbers of their sources, behind which nothing is read yet.
    """

    def __init__(self, capture: Capture, limits: Mapping[int, int] | None = None) -> None:
        self._capture = capture
        limits = limits or {}
        for source in capture.sources:
            source.maps = {}  # the codes of a child are its own
        whole = [number for number, each in enumerate(capture.sources) if each.finished and not each.failure]
        self._child = Child(
            "follower", b"".join(self._order(number, limits.get(number)) for number in whole), open_input=True
        )

    def _order(self, number: int, limit: int | None = None) -> bytes:
        source: Source = self._capture.sources[number]
        task = Task(number, str(source.path.absolute()), source.done, source.resume, limit)
        return json.dumps(task).encode("ascii") + b"\n"

    def get_ready(self) -> None:
        """Have the child import what it reads with, before anything is to be read."""
        self._child.say(b"[]\n")

    def add(self, path: Path, limit: int) -> int:
        """Follow one more file from its beginning, up to a limit that moves. Returns the source's number."""
        number = self._capture.adopt(SourceFile(str(path), path))
        self._child.say(self._order(number, limit))
        return number

    def allow(self, number: int, limit: int) -> None:
        """Move the limit of a file on, and look at once."""
        self._child.say(b"[%d, %d]\n" % (number, limit))

    def next(self) -> Message | None:
        """The next message; None where the child has ended.

        Raises:
            queue.Empty: nothing has come.
        """
        message: Message | None = self._child.messages.get_nowait()
        return message

    def apply(self, message: Message) -> Change:
        """Take a message into the capture, and follow what stands in the place of a file that has ended."""
        change = self._capture.apply(message)
        if isinstance(message, Turned) and message.condition.is_end:
            self._child.say(self._order(self._capture.renew(message.source)))
        return change

    def look_now(self) -> None:
        """Look at the files without waiting for the next turn."""
        self._child.say(LOOK_NOW)

    def close(self) -> None:
        """End the child and wait until it is gone."""
        self._child.stop()
        self._child.join()
