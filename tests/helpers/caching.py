"""Captures read through an index cache, without child processes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alprviewer.capture.cache import Cache
from alprviewer.capture.capture import Capture
from alprviewer.capture.intake import known_messages
from alprviewer.core.batch import CODED
from alprviewer.core.builder import BatchBuilder
from alprviewer.core.checkpoint import START
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.messages import Arrived, Finished, Settled, Started
from alprviewer.sources.paths import expand
from alprviewer.sources.resultfile import PartReader
from alprviewer.store.block import TABLES
from alprviewer.store.columns import Columns


def cache_in(folder: Path, limit: int = 1 << 40) -> Cache:
    """A cache that keeps files of any size."""
    return Cache(folder / "index", limit, worth=0)


def read(cache: Cache | None, *names: Path) -> Capture:
    """A capture of these files as the intake reads them; nothing is kept."""
    capture = Capture()
    for file in expand(map(str, names)):
        number = capture.add(file)
        found = cache.look_up(file.path) if cache is not None else None
        if found is not None:
            for message in known_messages(number, found, is_first=number == 0):
                capture.apply(message)
            if found.read_from is None:
                continue
        begin = (found.read_from if found is not None else None) or START
        with ByteStream(file.path) as stream:
            if begin == START:
                capture.apply(Started(number, stream.compression, stream.size))
            reader = PartReader(stream, BatchBuilder(), begin)
            for batch in reader.batches():
                capture.apply(Arrived(number, batch))
            capture.apply(Settled(number, reader.checkpoint, reader.waiting))
            for batch in reader.tail():
                capture.apply(Arrived(number, batch))
        capture.apply(Finished(number))
    return capture


def kept(cache: Cache, *names: Path) -> Capture:
    """The same, and kept afterwards."""
    capture = read(cache, *names)
    cache.keep(capture)
    return capture


def cached(capture: Capture) -> list[int]:
    """Bytes of each source of which the rows came from the cache."""
    return [source.cached for source in capture.sources]


def content(capture: Capture) -> dict[str, Any]:
    """All that a capture says, texts in place of codes."""
    found: dict[str, Any] = {table: _rows(capture.columns, table) for table in TABLES}
    found["cameras"] = capture.camera_names
    found["owned"] = capture.owned
    found["sources"] = [
        (source.name, source.size, source.done, source.bytes, source.compression, source.finished)
        for source in capture.sources
    ]
    found["distinct"] = capture.columns.distinct_plates
    return found


def _rows(columns: Columns, table: str) -> dict[str, list[Any]]:
    rows = getattr(columns, table)
    return {name: list(_values(columns, name, rows.column(name).tolist())) for name in rows.names}


def _values(columns: Columns, name: str, cells: Iterable[Any]) -> Iterable[Any]:
    for cell in cells:
        if name in CODED and cell > 1:
            yield columns.dictionaries[CODED[name]].value(cell)
        else:
            yield str(cell) if cell != cell else cell  # noqa: PLR0124 - NaN is not equal to itself
