"""The spool files of live sources in a capture: how far they are durable, and how far they were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from alprviewer.capture.capture import Capture
from alprviewer.capture.following import Following
from alprviewer.core.checkpoint import Checkpoint
from alprviewer.sources.messages import Durable


@dataclass
class _File:
    url: str
    size: int
    number: int | None = None
    asked: int = 0


@dataclass
class Spooled:
    """The spool files that live sources have told of, and their sources in the capture.

    A file is read up to where it is durable, and no farther: what is shown stays, whatever happens to the
    process that writes it. The child that reads is asked for a file again only once it has answered, so that
    its input never fills up while it waits for us.
    """

    capture: Capture
    _files: dict[str, _File] = field(default_factory=dict)
    _numbers: dict[int, _File] = field(default_factory=dict)

    def tell(self, url: str, durable: Durable) -> bool:
        """More of a file of a source is durable. True where the file was not known."""
        file = self._files.get(durable.path)
        if file is None:
            self._files[durable.path] = _File(url, durable.size)
            return True
        file.size = max(file.size, durable.size)
        return False

    def ask(self, following: Following) -> bool:
        """Have read what has become durable. True where there was something.

        The files of a source are read one after the other: its rows stand in the order in which they came.
        """
        asked, waiting = False, set[str]()
        for path, file in self._files.items():
            if file.url in waiting:
                continue
            if file.number is None:
                file.number = following.add(Path(path), file.size)
                self._numbers[file.number] = file
                asked, file.asked = True, file.size
            elif file.size > file.asked and self._read(file) < file.asked:
                waiting.add(file.url)
            elif file.size > file.asked:
                following.allow(file.number, file.size)
                asked, file.asked = True, file.size
        return asked

    def restart(self) -> dict[int, int]:
        """Get ready for another child that reads. Returns the limits of the files by their sources' numbers.

        Reading goes on behind the rows that are there: a spool file consists of whole lines.
        """
        for number, file in self._numbers.items():
            source = self.capture.sources[number]
            source.resume, source.done = Checkpoint(source.bytes, line_start=False), source.bytes
            source.waiting = 0
            file.asked = file.size
        return {number: file.size for number, file in self._numbers.items()}

    def _read(self, file: _File) -> int:
        if file.number is None:
            return 0
        source = self.capture.sources[file.number]
        return source.bytes + source.waiting

    def url_of(self, source: int) -> str:
        """The live source that a source of the capture belongs to; empty for other files."""
        file = self._numbers.get(source)
        return file.url if file is not None else ""

    def unread(self, url: str) -> int:
        """Bytes of a source that are durable and not read yet."""
        return sum(max(file.size - self._read(file), 0) for file in self._files.values() if file.url == url)

    def cameras(self, url: str) -> list[str]:
        """The names of a source's cameras, as its heartbeats told them."""
        streams: dict[int, str] = {}
        for file in self._numbers.values():
            if file.url == url and file.number is not None:
                streams.update(self.capture.sources[file.number].streams)
        return sorted(set(streams.values()))
