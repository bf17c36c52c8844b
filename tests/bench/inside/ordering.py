"""Sorts synthetic reads with ``store.select.order``, as often as asked.

``python -m tests.bench.inside.ordering FOLDER`` answers ``{"keys": [[name, descending], …]}`` with the
seconds that a first request took, those of the same request once more, and a digest of the row numbers.
"""

from __future__ import annotations

import gc
import hashlib
import json
import sys
import time
from pathlib import Path

import numpy as np

from alprviewer.core.texts import WORD_LENGTH, NewTexts
from alprviewer.store.columns import Columns
from alprviewer.store.select import SortKey, order
from alprviewer.store.tables import Table
from tests.bench import synthetic


def append(table: Table, count: int, **values: np.ndarray) -> None:
    """Rows of a table; the columns that nobody named are 0."""
    empty = {name: table.column(name) for name in table.names}
    table.append(
        {
            name: values.get(name, np.zeros((count, *column.shape[1:]), column.dtype))
            for name, column in empty.items()
        },
        count,
    )


def _new_texts(plates: np.ndarray) -> NewTexts:
    """Plates as a decoder sends them."""
    return NewTexts(np.ascontiguousarray(plates.astype(f"S{WORD_LENGTH}")).view(np.uint64), [])


def build(values: dict[str, np.ndarray], candidates: int = 0) -> Columns:
    """Columns as they are after a capture was read: nothing is known of any order yet.

    Every read has so many candidates; they are not in their table yet.
    """
    columns = Columns()
    count = len(values["plate"])
    codes = columns.dictionaries["plate"].extend(_new_texts(values["plates"]))
    rows = np.arange(count)
    append(columns.frames, count, epoch_time=values["epoch_time"], first_read=rows, reads=np.ones(count, int))
    append(
        columns.reads,
        count,
        frame=rows,
        confidence=values["confidence"],
        plate=codes[values["plate"]],
        candidates=np.full(count, candidates),
        first_candidate=rows * candidates,
    )
    return columns


def main(folder: Path) -> None:
    """Answer requests until there are no more."""
    values = synthetic.read(folder)
    for line in sys.stdin:
        keys = [SortKey(name, descending) for name, descending in json.loads(line)["keys"]]
        columns = build(values)
        gc.collect()
        begun = time.perf_counter()
        rows = order(columns, "reads", keys)
        seconds = time.perf_counter() - begun
        begun = time.perf_counter()
        order(columns, "reads", keys)
        again = time.perf_counter() - begun
        digest = hashlib.sha256(rows.astype(np.int64).tobytes()).hexdigest()
        print(json.dumps({"seconds": seconds, "again": again, "digest": digest}), flush=True)
        del columns, rows


if __name__ == "__main__":
    main(Path(sys.argv[1]))
