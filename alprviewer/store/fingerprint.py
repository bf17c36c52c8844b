"""What tells a file from another one, and a grown file from a rewritten one, without reading all of it.

The digest covers a length and the bytes at the beginning and the end of it and in blocks spread evenly
between. What it cannot see is a change between the blocks that leaves the length as it is: bytes edited in
place. Result files are appended to or replaced, not edited; and a frame that is shown is compared with its
row when it is read again, so that such an edit is told then.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import IO, NamedTuple

HEAD = 64 << 10
"""Bytes at the beginning that name a cache file: files that begin alike may be one file that grew."""
_BLOCK = 16 << 10
_BLOCKS = 48


class Fingerprint(NamedTuple):
    """A file at one time.

    Attributes:
        head: digest of its first ``HEAD`` bytes.
        size: in bytes.
        mtime_ns: time of its last change.
        digest: of all of it, as ``prefix_digest`` does it.
    """

    head: str
    size: int
    mtime_ns: int
    digest: str


def fingerprint(path: Path) -> Fingerprint:
    """The fingerprint of a file as it is now.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        head = hashlib.blake2b(file.read(HEAD), digest_size=16).hexdigest()
        return Fingerprint(head, status.st_size, status.st_mtime_ns, _digest(file, status.st_size))


def prefix_digest(path: Path, length: int) -> str:
    """The digest of the first ``length`` bytes of a file; another one where it is shorter.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return _digest(file, length)


def _digest(file: IO[bytes], length: int) -> str:
    digest = hashlib.blake2b(length.to_bytes(8, "little"), digest_size=16)
    last = max(length - _BLOCK, 0)
    for place in sorted({last * number // (_BLOCKS - 1) for number in range(_BLOCKS)}):
        file.seek(place)
        digest.update(file.read(min(_BLOCK, length - place)))
    return digest.hexdigest()
