"""Named arrays in one file, mapped into memory when they are read.

The file is a prelude (magic, format, where the header stands, its check-sum), the arrays, each aligned, and a
header in JSON with their types, shapes, places and check-sums. It is written under another name and renamed
when it is whole, and never changed afterwards.

What the check-sums cover: the header always; of the arrays every byte where a file has up to
``CHECKED_BYTES``, and always of those asked for by ``checked``; of larger arrays some blocks only, spread
evenly with the first and the last, since checking gigabytes would take as long as reading the source.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import msgspec
import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.errors import Cancelled

MAGIC = b"alprarr\n"
FORMAT = 1
CHECKED_BYTES = 64 << 20
"""Bytes of arrays that are checked to the last one."""
TEMPORARY = ".new"
"""Ending of a file that is being written."""
_BLOCK = 1 << 20
"""Bytes of a check-sum."""
_SAMPLES = 32
"""Blocks of a large file that are checked."""
_ALIGNMENT = 64
_PRELUDE = struct.Struct("<8sIIQQ16s")
_LARGEST_HEADER = 64 << 20


class Unusable(Exception):
    """A file that is not what it should be: foreign, of another version, cut short or damaged."""


class _Entry(msgspec.Struct, array_like=True):
    dtype: str
    shape: list[int]
    offset: int
    sums: list[int]
    """CRC-32 of each block."""


class _Header(msgspec.Struct):
    arrays: dict[str, _Entry]
    facts: msgspec.Raw


def _digest(header: bytes) -> bytes:
    return hashlib.blake2b(header, digest_size=16).digest()


class ArrayWriter:
    """Writes a file of arrays; nothing stands under its name before ``finish``.

    Args:
        path: name of the finished file. Its folder is made.
        stopped: asked between blocks; when it says yes, writing ends with ``Cancelled``.
        lasting: False for a file that is of no use after a power cut.

    Raises:
        OSError: the folder or the file cannot be written.
    """

    def __init__(
        self, path: Path, stopped: Callable[[], bool] = lambda: False, *, lasting: bool = True
    ) -> None:
        self._path = path
        self._stopped = stopped
        self._lasting = lasting
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, self._temporary = tempfile.mkstemp(TEMPORARY, "", path.parent)
        self._file: IO[bytes] = os.fdopen(handle, "wb")
        self._file.write(bytes(_PRELUDE.size))
        self._entries: dict[str, _Entry] = {}

    def add(self, name: str, dtype: np.dtype[Any], chunks: Iterable[Array]) -> None:
        """Write an array that comes in chunks of rows; ``dtype`` may be one with a shape of its own."""
        self._file.write(bytes(-self._file.tell() % _ALIGNMENT))
        offset, rows = self._file.tell(), 0
        sums: list[int] = []
        left = 0
        for chunk in chunks:
            rows += len(chunk)
            data = np.ascontiguousarray(chunk, dtype.base).reshape(-1).view(np.uint8).data
            while data:
                if self._stopped():
                    raise Cancelled
                if not left:
                    sums.append(0)
                    left = _BLOCK
                part, data = data[:left], data[left:]
                sums[-1] = zlib.crc32(part, sums[-1])
                left -= len(part)
                self._file.write(part)
        self._entries[name] = _Entry(dtype.base.str, [rows, *dtype.shape], offset, sums)

    def finish(self, facts: msgspec.Struct) -> None:
        """Write the header and give the file its name."""
        header = msgspec.json.encode(_Header(self._entries, msgspec.Raw(msgspec.json.encode(facts))))
        place = self._file.tell()
        self._file.write(header)
        self._file.seek(0)
        self._file.write(_PRELUDE.pack(MAGIC, FORMAT, 0, place, len(header), _digest(header)))
        self._file.flush()
        if self._lasting:
            # Without this a power cut could leave the name with nothing behind it.
            os.fsync(self._file.fileno())
        self._file.close()
        Path(self._temporary).replace(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        Path(self._temporary).unlink(missing_ok=True)


class ArrayFile:
    """A file of arrays, mapped. The arrays stay usable after the file was deleted.

    Args:
        path: the file.

    Raises:
        Unusable: it cannot be read, is foreign, or its length or the header's check-sum is wrong.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._header, self._end = _read_header(file)
                self._places = {name: self._place(entry) for name, entry in self._header.arrays.items()}
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError, OverflowError, TypeError, KeyError) as error:
            raise Unusable(f"{path.name}: {error}") from error

    def _place(self, entry: _Entry) -> tuple[np.dtype[Any], int]:
        """Type of an array, and how many bytes it has.

        Raises:
            Unusable: they do not fit into the file.
        """
        dtype = np.dtype(entry.dtype)
        count = 1
        for length in entry.shape:
            count *= length
        size = count * dtype.itemsize
        inside = _PRELUDE.size <= entry.offset and entry.offset + size <= self._end
        if min(entry.shape, default=-1) < 0 or not inside or dtype.hasobject or not dtype.itemsize:
            raise Unusable("an array lies outside of the file")
        if len(entry.sums) != -(-size // _BLOCK):
            raise Unusable("check-sums are missing")
        return dtype, size

    @property
    def facts(self) -> bytes:
        """What was given to ``finish``, as JSON."""
        return bytes(self._header.facts)

    @property
    def arrays(self) -> dict[str, Array]:
        """All arrays, as ``array`` gives them."""
        return {
            name: self.array(name, np.dtype((np.dtype(entry.dtype), tuple(entry.shape[1:]))))
            for name, entry in self._header.arrays.items()
        }

    def array(self, name: str, *dtypes: np.dtype[Any]) -> Array:
        """An array, mapped and read-only.

        Raises:
            Unusable: there is none of one of these types.
        """
        entry = self._header.arrays.get(name)
        for dtype in dtypes:
            if entry is not None and (entry.dtype, tuple(entry.shape[1:])) == (dtype.base.str, dtype.shape):
                count = self._places[name][1] // dtype.base.itemsize
                return np.frombuffer(self._map, dtype.base, count, entry.offset).reshape(entry.shape)
        raise Unusable(f"there is no array {name} of type {dtypes[-1]}")

    def release(self) -> None:
        """Give back the memory of what was looked at; it is read again when it is looked at again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def check(self, always: Iterable[str]) -> None:
        """Compare check-sums: all of small files and of the arrays named, else of some blocks.

        Raises:
            Unusable: one is wrong.
        """
        always = set(always)
        blocks = [
            (name, number)
            for name, entry in self._header.arrays.items()
            for number in range(len(entry.sums))
            if name not in always
        ]
        if len(blocks) * _BLOCK > CHECKED_BYTES:
            places = np.linspace(0, len(blocks) - 1, _SAMPLES).round().astype(int)
            blocks = [blocks[place] for place in places]
        blocks += [(name, n) for name in always for n in range(len(self._header.arrays[name].sums))]
        with memoryview(self._map) as data:
            for name, number in blocks:
                entry, (_, size) = self._header.arrays[name], self._places[name]
                begin = entry.offset + number * _BLOCK
                end = min(begin + _BLOCK, entry.offset + size)
                if zlib.crc32(data[begin:end]) != entry.sums[number]:
                    raise Unusable(f"the check-sum of {name} is wrong")
        self.release()


def _read_header(file: IO[bytes]) -> tuple[_Header, int]:
    """The header and where the arrays end.

    Raises:
        Unusable: it is foreign or damaged.
    """
    prelude = file.read(_PRELUDE.size)
    if len(prelude) < _PRELUDE.size:
        raise Unusable("it is too short")
    magic, version, reserved, place, length, digest = _PRELUDE.unpack(prelude)
    if magic != MAGIC or version != FORMAT or reserved:
        raise Unusable("it is of another kind or version")
    if length > _LARGEST_HEADER or place + length != os.fstat(file.fileno()).st_size:
        raise Unusable("its length is wrong")
    file.seek(place)
    header = file.read(length)
    if _digest(header) != digest:
        raise Unusable("the check-sum of the header is wrong")
    return msgspec.json.decode(header, type=_Header), place
