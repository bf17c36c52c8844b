"""The same frames in other forms: one large array on a single line, and compressed JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import zstandard


def _lines(source: Path, size: int) -> Iterator[bytes]:
    """The first lines of a capture, with at least so many bytes where there are as many."""
    with source.open("rb") as file:
        for line in file:
            yield line
            size -= len(line)
            if size <= 0:
                return


def array(source: Path, size: int) -> Path:
    """A file with one array of the first frames, all on one line; one that was made before is taken again."""
    path = source.with_name(f"{source.stem}-array-{size}.json")
    if not path.exists():
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            joint = b"["
            for line in _lines(source, size):
                file.write(joint + line.rstrip())
                joint = b","
            file.write(b"]")
        unfinished.rename(path)
    return path


def compressed(source: Path, size: int) -> Path:
    """A ``.jsonl.zst`` of the first frames; ``size`` are the bytes before they are compressed."""
    path = source.with_name(f"{source.stem}-{size}.jsonl.zst")
    if not path.exists():
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file, zstandard.ZstdCompressor(level=1).stream_writer(file) as packed:
            for line in _lines(source, size):
                packed.write(line)
        unfinished.rename(path)
    return path
