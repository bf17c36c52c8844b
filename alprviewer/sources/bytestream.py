"""A file as a stream of decompressed bytes.

The compression is recognised by the first bytes, never by the name. gzip, bzip2, xz and zstd may consist of
several members one after the other (as ``cat a.gz b.gz`` makes). Memory stays bounded whatever a file claims:
bytes are given out in chunks, and windows and dictionaries have a limit.
"""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import os
import stat
import zlib
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

import zstandard

from alprviewer.core import reasons
from alprviewer.core.errors import SourceError
from alprviewer.language import tr

CHUNK = 1 << 20
"""Bytes that are decompressed at a time."""
MAX_WINDOW = 1 << 27
"""Memory in bytes that a compressed file may ask for."""

_COMPRESSED_CHUNK = 1 << 16
_ZSTD_STEP = 1 << 10
"""Compressed bytes taken at a time: four of them may stand for 128 KiB."""

_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    # Frames that are to be skipped: pzstd writes one in front of each member.
    **{bytes((number, 0x2A, 0x4D, 0x18)): "zstd" for number in range(0x50, 0x60)},
}
_DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError, zstandard.ZstdError, ValueError)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


_Decoder = bz2.BZ2Decompressor | lzma.LZMADecompressor


class _Members:
    """bzip2 or xz streams one after the other. What is no stream is damage; ``BZ2File`` is silent then."""

    def __init__(self, file: IO[bytes], make_decoder: Callable[[], _Decoder]) -> None:
        self._file = file
        self._make_decoder = make_decoder
        self._decoder = make_decoder()

    def read(self, size: int) -> bytes:
        pending = b""
        while True:
            if self._decoder.eof:
                # Between streams xz allows zeros as padding; tapes and disks leave some behind any file.
                pending = self._decoder.unused_data.lstrip(b"\0")
                while not pending:
                    read = self._file.read(_COMPRESSED_CHUNK)
                    if not read:
                        return b""
                    pending = read.lstrip(b"\0")
                self._decoder = self._make_decoder()
            elif self._decoder.needs_input:
                pending = self._file.read(_COMPRESSED_CHUNK)
                if not pending:
                    raise EOFError(reasons.CUT_MEMBER)
            data = self._decoder.decompress(pending, max_length=size)
            pending = b""
            if data:
                return data


class _GzipMembers:
    """Reads step by step, so that a failure never costs the bytes before it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._gzip = gzip.GzipFile(fileobj=file)

    def read(self, size: int) -> bytes:
        return self._gzip.read1(size)


class _ZstdMembers:
    """zstd frames one after the other. The library's own reader is silent where the last is cut short."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
        self._decoder = self._decompressor.decompressobj()
        self._compressed = b""
        self._data = b""
        self._failure: Exception | None = None

    def read(self, size: int) -> bytes:
        pieces, length = [self._data], len(self._data)
        self._data = b""
        try:
            while length < size and self._failure is None and (data := self._next()) is not None:
                pieces.append(data)
                length += len(data)
        except _DAMAGE as error:
            self._failure = error
        if self._failure is not None and not length:
            raise self._failure
        joined = b"".join(pieces)
        self._data = joined[size:]
        return joined[:size]

    def _next(self) -> bytes | None:
        """The next bytes, sometimes none at all; None at the end."""
        pending = self._compressed[:_ZSTD_STEP] or self._file.read(_COMPRESSED_CHUNK)
        if self._compressed:
            self._compressed = self._compressed[_ZSTD_STEP:]
        else:
            pending, self._compressed = pending[:_ZSTD_STEP], pending[_ZSTD_STEP:]
        if not pending:
            if self._decoder.eof:
                return None
            raise EOFError(reasons.CUT_MEMBER)
        if self._decoder.eof:
            self._decoder = self._decompressor.decompressobj()
        data = self._decoder.decompress(pending)
        if self._decoder.eof:
            self._compressed = self._decoder.unused_data + self._compressed
        return data


_OPENERS: dict[str, Callable[[IO[bytes]], _Readable]] = {
    "": lambda file: file,
    "gzip": _GzipMembers,
    "bzip2": lambda file: _Members(file, bz2.BZ2Decompressor),
    "xz": lambda file: _Members(file, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_WINDOW)),
    "zstd": _ZstdMembers,
}


class ByteStream:
    """A file's decompressed bytes, from the beginning.

    Attributes:
        compression: ``gzip``, ``bzip2``, ``xz``, ``zstd`` or empty.
        size: bytes of the file itself.
        identity: its device and inode number.
        position: bytes given out so far, counted in the decompressed stream.
        damage: one sentence where the compressed data broke off or was bad; empty otherwise. What could be
            decompressed before that has been given out.
        is_cut: compressed data broke off only because there is no more of it yet.

    Args:
        path: the file.
        file: the same, if it is open already and stands at its beginning.
    """

    def __init__(self, path: str | os.PathLike[str], file: BufferedReader | None = None) -> None:
        try:
            self._file = file or Path(path).open("rb")  # noqa: SIM115 - closed by close()
        except OSError as error:
            raise SourceError(_sentence(Path(path), error)) from error
        try:
            status = os.fstat(self._file.fileno())
            if stat.S_ISDIR(status.st_mode):
                raise SourceError(_SENTENCES[errno.EISDIR].format(path=path))
            head = self._file.peek(8)[:8]
        except OSError as error:
            self._file.close()
            raise SourceError(_sentence(Path(path), error)) from error
        self.size = status.st_size
        self.identity = status.st_dev, status.st_ino
        self.compression = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "")
        self.position = 0
        self.damage = ""
        self.is_cut = False
        self._reader = _OPENERS[self.compression](self._file)

    def read(self, size: int = CHUNK) -> bytes:
        """The next bytes, at most ``size``; empty at the end or where the compressed data is damaged."""
        if self.damage:
            return b""
        try:
            data = self._reader.read(size)
        except _DAMAGE as error:
            if not self.compression:
                text = tr("Reading failed after byte {place:,}: {reason}.", place=self.position, reason=error)
                raise SourceError(text) from error
            self.is_cut = isinstance(error, EOFError)
            words = str(error).rstrip(".")
            self.damage = reasons.DAMAGED.format(compression=self.compression, reason=words)
            return b""
        self.position += len(data)
        return data

    def seek(self, position: int) -> None:
        """Go to a position in the decompressed stream; in a compressed file only forward, by reading."""
        if not self.compression:
            self._file.seek(position)
            self.position = position
            return
        while self.position < position:
            if not self.read(min(CHUNK, position - self.position)):
                return

    def read_at(self, position: int, size: int) -> bytes:
        """The bytes at a position, as they are now; fewer at the end. In a compressed file only forward.

        Raises:
            SourceError: reading failed.
        """
        pieces: list[bytes] = []
        if self.compression:
            self.seek(position)
        while size > 0:
            try:
                # What is buffered may be older than what the file holds.
                data = self.read(size) if self.compression else os.pread(self._file.fileno(), size, position)
            except OSError as error:
                text = tr("Reading failed at byte {place:,}: {reason}.", place=position, reason=error)
                raise SourceError(text) from error
            if not data:
                break
            pieces.append(data)
            size -= len(data)
            position += len(data)
        return b"".join(pieces)

    def hole(self) -> int:
        """How many of the next bytes are a hole: NUL bytes that take no room on the disk. 0 where unknown."""
        if self.compression or not hasattr(os, "SEEK_DATA"):
            return 0
        number = self._file.fileno()
        before = os.lseek(number, 0, os.SEEK_CUR)
        try:
            data = os.lseek(number, self.position, os.SEEK_DATA)
        except OSError as error:
            # No data behind this place: the rest of the file is a hole.
            data = os.fstat(number).st_size if error.errno == errno.ENXIO else 0
        finally:
            os.lseek(number, before, os.SEEK_SET)
        return max(data - self.position, 0)

    @property
    def file_position(self) -> int:
        """Bytes of the file itself that were used so far, for a progress bar."""
        try:
            return self._file.tell()
        except ValueError:
            return self.size

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_SENTENCES = {
    errno.ENOENT: tr("There is no file {path}."),
    errno.EACCES: tr("The file {path} may not be read by this user."),
    errno.EISDIR: tr("{path} is a folder."),
    errno.ELOOP: tr("{path} is a link that leads in a circle."),
}


def _sentence(path: Path, error: OSError) -> str:
    template = _SENTENCES.get(error.errno or 0, tr("The file {path} cannot be read: {reason}."))
    return template.format(path=path, reason=error.strerror)
