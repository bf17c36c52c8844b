"""What passes are found in and weighed from, for another process: arrays in a file, and texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.states import FIRST_CODE
from alprviewer.core.texts import StoredTexts, Texts
from alprviewer.store.arrayfile import ArrayFile, ArrayWriter
from alprviewer.store.columns import Columns
from alprviewer.store.tables import Dictionary, Table

_COLUMNS = {
    "frames": ("envelope", "source", "epoch_time", "uuid_tail"),
    "reads": (
        *("frame", "position", "quad", "plate", "confidence", "region"),
        *("candidates", "first_candidate"),
    ),
    "candidates": ("plate", "confidence", "matches_template"),
}
_DICTIONARIES = ("region", "envelope")
_WORDS, _SLOTS = "plate.words", "plate.slots"


class Input(NamedTuple):
    """What another process has written.

    Attributes:
        columns: a store with the columns that passes need, mapped; the others hold nothing but zeros.
        more: the other arrays.
        release: gives back the memory of what was looked at.
    """

    columns: Columns
    more: dict[str, Array]
    release: Callable[[], None]


class _Rows(msgspec.Struct, frozen=True):
    """How many each table has."""

    frames: int
    reads: int
    candidates: int


def save(
    path: Path, columns: Columns, more: dict[str, Array], stopped: Callable[[], bool] = lambda: False
) -> dict[str, list[Any]]:
    """Write what is there now.

    Args:
        path: of the file.
        columns: the store; may grow meanwhile.
        more: other arrays that go with it, by names without a dot.
        stopped: asked now and then.

    Returns:
        What some codes stand for, for ``load``.

    Raises:
        OSError: the file cannot be written.
        Cancelled: ``stopped`` said so.
    """
    columns = columns.snapshot()
    plates = columns.dictionaries["plate"]
    assert isinstance(plates, Texts)
    stored = plates.stored
    assert stored.slots is not None
    with ArrayWriter(path, stopped, lasting=False) as writer:
        for table, names in _COLUMNS.items():
            for name in names:
                column = getattr(columns, table).column(name)
                writer.add(f"{table}.{name}", np.dtype((column.dtype, column.shape[1:])), [column])
        writer.add(_WORDS, stored.words.dtype, [stored.words])
        writer.add(_SLOTS, stored.slots.dtype, [stored.slots])
        for name, array in more.items():
            writer.add(name, array.dtype, [array])
        writer.finish(_Rows(*(len(getattr(columns, table)) for table in _COLUMNS)))
    values: dict[str, list[Any]] = {}
    for name in _DICTIONARIES:
        dictionary = columns.dictionaries[name]
        assert isinstance(dictionary, Dictionary)
        values[name] = dictionary.values()[FIRST_CODE:]
    # More texts may have come since.
    others = int(np.count_nonzero((stored.words >> np.uint64(56)) == 0xFF))
    return {"plate": stored.others[:others], **values}


def load(path: Path, values: dict[str, list[Any]]) -> Input:
    """Read it in another process.

    Args:
        path: of a file that ``save`` wrote.
        values: what it returned.

    Raises:
        Unusable: the file is damaged.
    """
    file = ArrayFile(path)
    arrays = file.arrays
    columns = Columns()
    for table, count in msgspec.structs.asdict(msgspec.json.decode(file.facts, type=_Rows)).items():
        there = {name: arrays[f"{table}.{name}"] for name in _COLUMNS[table]}
        _restore(getattr(columns, table), there, count)
    columns.dictionaries["plate"] = Texts.restored(
        StoredTexts(arrays[_WORDS], arrays[_SLOTS], values["plate"])
    )
    for name in _DICTIONARIES:
        dictionary = columns.dictionaries[name]
        assert isinstance(dictionary, Dictionary)
        dictionary.extend(values[name])
    more = {name: array for name, array in arrays.items() if "." not in name}
    return Input(columns, more, file.release)


def _restore(table: Table, there: dict[str, Array], count: int) -> None:
    absent = {
        name: np.broadcast_to(np.zeros((), table.type_of(name).base), (count, *table.type_of(name).shape))
        for name in table.names
    }
    table.restore(absent | there, count)
