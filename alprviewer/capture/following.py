"""The child process that follows the files of a capture, seen from the parent.

Following begins where reading ended. A file that is replaced, truncated or written anew ends as a source: its
rows stay, and what now stands at its place is read from its beginning as a source of its own behind it, as
``tail -F`` goes on with the new file.
"""

from __future__ import annotations

import json

from alprviewer.capture.capture import Capture, Source
from alprviewer.capture.child import Child
from alprviewer.sources.follower import Task
from alprviewer.sources.messages import Message, Turned
from alprviewer.store.columns import Change

LOOK_NOW = b"\n"


class Following:
    """Follows the sources of a capture that were read to their end.

    Args:
        capture: takes the messages; more sources may be added to it.
    """

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        whole = [number for number, each in enumerate(capture.sources) if each.finished and not each.failure]
        self._child = Child("follower", b"".join(map(self._order, whole)), open_input=True)

    def _order(self, number: int) -> bytes:
        source: Source = self._capture.sources[number]
        task = Task(number, str(source.path.absolute()), source.done, source.resume)
        return json.dumps(task).encode("ascii") + b"\n"

    def next(self) -> Message | None:
        """The next message; None where the child has ended.

        Raises:
            queue.Empty: nothing has come.
        """
        return self._child.messages.get_nowait()

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
