"""The messages of the child processes, and how they go through a pipe.

A message is 8 bytes of length, then a pickle. It is only ever read by the process that started the child.
"""

from __future__ import annotations

import pickle
import struct
from enum import Enum
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from alprviewer.core.checkpoint import Checkpoint

if TYPE_CHECKING:
    # Not needed to send a message, and it costs the child that only stands by most of its memory.
    from alprviewer.core.batch import Batch
    from alprviewer.sources.live.counters import Counters

_LENGTH = struct.Struct("<Q")


class Started(NamedTuple):
    """A source was opened."""

    source: int
    compression: str
    size: int


class Arrived(NamedTuple):
    """Rows of a source."""

    source: int
    batch: Batch
    decoder: int = 0
    """Which process made it: the codes of its texts are that process's own."""


class Settled(NamedTuple):
    """A source was read to its end for now. What came before stays, whatever is appended to the file.

    What comes next, if anything, counts only as long as nothing is appended. ``waiting`` bytes before the end
    belong to a value that is not complete.
    """

    source: int
    checkpoint: Checkpoint
    waiting: int = 0


class Watched(NamedTuple):
    """A source is followed. ``identity`` is the file's device and inode number."""

    source: int
    identity: tuple[int, int]


class Grown(NamedTuple):
    """A source has now ``size`` bytes of the file itself; what was appended comes next."""

    source: int
    size: int


class Condition(Enum):
    """What has become of a file while it was open."""

    FINE = ""
    DELETED = "deleted"
    UNREACHABLE = "unreachable"
    REPLACED = "replaced"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    DAMAGED = "damaged"

    @property
    def is_end(self) -> bool:
        """The file at this place is another one now, or holds something else."""
        return self in (Condition.REPLACED, Condition.TRUNCATED, Condition.REWRITTEN)


class Turned(NamedTuple):
    """A source's file is in another condition than before."""

    source: int
    condition: Condition


class Finished(NamedTuple):
    """A source was read to its end, or could not be read: then ``failure`` is one sentence."""

    source: int
    failure: str = ""


class PartRead(NamedTuple):
    """A part of a source was read.

    ``pending`` is where a value begins that reaches beyond the part, None where there is none; ``failure``
    is one sentence where the part could not be read.
    """

    source: int
    pending: Checkpoint | None = None
    failure: str = ""


class Crashed(NamedTuple):
    """A bug in the child, with its traceback."""

    trace: str


class Durable(NamedTuple):
    """Of a spool file, the first ``size`` bytes are durable and consist of whole lines."""

    path: str
    size: int


class Told(NamedTuple):
    """What a live source has counted so far, and how it is."""

    counters: Counters


class Remark(NamedTuple):
    """One sentence of a live source for a person; ``is_refusal`` where it cannot go on."""

    text: str
    is_refusal: bool = False


LiveMessage = Durable | Told | Remark | Crashed
"""What the child process of a live source says."""

Message = Started | Arrived | Settled | PartRead | Finished | Watched | Grown | Turned | Crashed


def send(pipe: IO[bytes], message: tuple[Any, ...]) -> None:
    """Write one message, a tuple with names, and flush it."""
    data = pickle.dumps(message, 5)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read one message of a child; None where the pipe was closed, also inside a message."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    if len(data) < length:
        return None
    return pickle.loads(data)  # noqa: S301 - from the process that this one started
