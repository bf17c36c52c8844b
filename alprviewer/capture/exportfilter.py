"""Which rows of an export a query selects: asked of the columns that tables have, a chunk at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from alprviewer.core.builder import BatchBuilder
from alprviewer.core.errors import SourceError, UserError
from alprviewer.core.query.times import Clock
from alprviewer.core.query.tree import Tree, fields_of
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.paths import SourceFile
from alprviewer.sources.resultfile import Item, add_item, read_batches
from alprviewer.store.columns import Columns
from alprviewer.store.filtering import Filter
from alprviewer.store.matchers import Surroundings

FILTERED_ITEMS = 1000
"""Pieces of a source that are filtered together: enough for arrays to pay, few enough to stream."""
Selector = Callable[[str, Sequence[Item]], frozenset[int]]
"""From a source's name and consecutive items of it to the numbers of their rows that are wanted."""


class Where(NamedTuple):
    """A query, and what its times refer to."""

    tree: Tree
    clock: Clock

    def selector(self, what: str, files: Sequence[SourceFile]) -> Selector:
        """Selects rows of ``reads``, ``frames`` or ``problems`` of these files."""
        # Any heartbeat, also the last one, may tell the name of a camera.
        cameras = _camera_names(files) if "camera" in fields_of(self.tree) else {}

        def select(source: str, items: Sequence[Item]) -> frozenset[int]:
            columns = Columns()
            builder = BatchBuilder()
            for item in items:
                add_item(builder, item)
            columns.append(builder.build(), 0, columns.code_maps())
            found = Filter(self.tree, columns, self.clock, Surroundings((source,), cameras)).select(what)
            return frozenset(found.tolist())

        return select


def _camera_names(files: Sequence[SourceFile]) -> dict[int, str]:
    names: dict[int, str] = {}
    for file in files:
        # One that cannot be read is told of when its rows are.
        with suppress(SourceError), ByteStream(file.path) as stream:
            for batch in read_batches(stream, BatchBuilder()):
                names.update(batch.streams)
    return names


def row_numbers(name: str | None) -> list[int] | None:
    """The numbers that the window wrote for an export of the rows it shows.

    Raises:
        UserError: the file cannot be read.
    """
    if name is None:
        return None
    try:
        numbers: list[int] = np.fromfile(name, np.int64).tolist()
    except OSError as error:
        raise UserError(f"{name} cannot be read: {error.strerror}.") from error
    return numbers
