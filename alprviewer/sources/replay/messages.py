"""The values of a capture as an agent would send them: one line each, with the time they were seen at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from alprviewer.core.decode import Decoded
from alprviewer.core.encoding import Encoding, sniff
from alprviewer.core.oneline import one_line
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.paths import SourceFile
from alprviewer.sources.resultfile import read_items

_TIMES = re.compile(
    rb'("(?:epoch_time|epoch_start|epoch_end|best_uuid_epoch_ms|timestamp)"[ \t]*:[ \t]*)'
    rb"([0-9]{13})(?![0-9.])"
)


class Message(NamedTuple):
    """A value to send.

    Attributes:
        data: the value on one line, in UTF-8.
        at: when it was seen, UTC in milliseconds; None where it does not say.
    """

    data: bytes
    at: int | None

    def moved(self, milliseconds: int) -> Message:
        """The same with all of its times moved."""

        def later(match: re.Match[bytes]) -> bytes:
            return match[1] + str(int(match[2]) + milliseconds).encode()

        at = None if self.at is None else self.at + milliseconds
        return Message(_TIMES.sub(later, self.data), at)


def messages(files: Iterable[SourceFile]) -> Iterator[Message]:
    """Every value of these files, in order: frames, siblings, and what is not understood.

    Raises:
        SourceError: a file cannot be read.
    """
    for file in files:
        with ByteStream(file.path) as stream:
            for item in read_items(stream):
                if item is not None and item.decoded is not None:
                    yield Message(_line(item.piece.data), _time(item.decoded))


def _line(data: bytes) -> bytes:
    encoding = sniff(data)
    if encoding is not Encoding.UTF8:
        data = encoding.decode(data)[0].encode(errors="replace")
    return one_line(data)


def _time(decoded: Decoded) -> int | None:
    for frame in decoded.frames:
        if frame.frame.epoch_time is not None:
            return frame.frame.epoch_time
    for sibling in decoded.siblings:
        return sibling.end if sibling.end is not None else sibling.start
    return None
