"""Appends parcels to the current spool file: checks for repetitions, begins new files, makes durable."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from alprviewer.core.errors import UserError
from alprviewer.language import tr
from alprviewer.sources.spool.files import SpoolFile, Sync, put_in_order, read_notes, spool_files
from alprviewer.sources.spool.seen import REMEMBERED, Seen
from alprviewer.sources.spool.values import Parcel, Value


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class SpoolOptions:
    """How a spool writes.

    Attributes:
        file_bytes: size at which a new file is begun; one is begun every hour too.
        wrote: told of a file and its size whenever more of it is durable; by the thread that writes.
        now: the time.
        sync: makes written bytes durable.
    """

    file_bytes: int = 256 * 2**20
    wrote: Callable[[Path, int], None] = lambda _path, _size: None
    now: Callable[[], datetime] = _utc_now
    sync: Sync = os.fsync


class Kept(NamedTuple):
    """What became of a parcel: now durable, or durable before."""

    values: int = 0
    frames: int = 0
    duplicates: int = 0
    rejected: int = 0
    unknown: int = 0
    bytes: int = 0


class SpoolWriter:
    """Writes one source's spool. Blocks; one thread at a time.

    Raises:
        UserError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path, source: str, options: SpoolOptions | None = None) -> None:
        self._folder = folder
        self._source = source
        self._options = options or SpoolOptions()
        self._file: SpoolFile | None = None
        self._seen = Seen()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for path in spool_files(folder, source):
                put_in_order(path)
        except OSError as error:
            text = tr(
                "The folder {folder} cannot be written: {reason}.", folder=folder, reason=error.strerror
            )
            raise UserError(text) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UserError(
                tr("The folder {folder} may not be written by this user; choose another one.", folder=folder)
            )
        self._remember()

    def _remember(self) -> None:
        """Know what the newest files hold, as far as that is remembered."""
        newest: list[list[bytes]] = []
        for path in reversed(spool_files(self._folder, self._source)):
            if sum(map(len, newest)) >= REMEMBERED:
                break
            newest.append([note.digest for note in read_notes(path)])
        for digests in reversed(newest):
            self._seen.add(digests)

    def write(self, parcels: Sequence[Parcel]) -> list[Kept]:
        """Keep parcels together, and say what became of each. All are durable, or none.

        Raises:
            OSError: they could not be made durable.
        """
        news: dict[bytes, None] = {}
        accepted: list[Value] = []
        rejected: list[bytes] = []
        kept = []
        for parcel in parcels:
            values = [value for value in parcel.values if self._is_new(value, news)]
            accepted += values
            rejected += parcel.rejected
            kept.append(
                Kept(
                    len(values),
                    sum(value.frames for value in values),
                    len(parcel.values) - len(values),
                    len(parcel.rejected),
                    sum(not value.is_known for value in values),
                    sum(len(value.line) + 1 for value in values),
                )
            )
        if accepted or rejected:
            self._append(accepted, rejected)
        self._seen.add(news)
        return kept

    def _is_new(self, value: Value, news: dict[bytes, None]) -> bool:
        if not value.is_named:
            return True
        if value.digest in self._seen or value.digest in news:
            return False
        news[value.digest] = None
        return True

    def _append(self, values: list[Value], rejected: list[bytes]) -> None:
        now = self._options.now()
        file = self._file
        if file is not None and (
            file.is_gone
            or file.size >= self._options.file_bytes
            or (file.begun.date(), file.begun.hour) != (now.date(), now.hour)
        ):
            self.close()
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = SpoolFile(self._folder, self._source, now, self._options.sync)
        try:
            self._file.write(values, rejected)
        except OSError:
            self.close()
            raise
        self._options.wrote(self._file.path, self._file.size)

    def close(self) -> None:
        """Close the current file; the next parcel begins a new one."""
        if self._file is not None:
            self._file.close()
            self._file = None
