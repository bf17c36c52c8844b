"""Sorts the same reads with DuckDB, Polars or Qt's proxy model, as often as asked.

``python -m tests.bench.contenders.ordering SORTER FOLDER`` answers ``{"keys": [[name, descending], …]}`` with
the seconds until the row numbers were there, and their digest. Orders are stable, absent values last.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench import synthetic

Keys = list[tuple[str, bool]]
Sort = Callable[[Keys], "tuple[float, np.ndarray]"]


def duckdb_table(values: dict[str, np.ndarray]) -> Any:
    """A connection to a table ``reads`` in memory, with two threads."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    count = len(values["plate"])
    reads = {"row": np.arange(count), **{name: values[name] for name in synthetic.VALUES}}
    texts = {"code": np.arange(len(values["plates"])), "text": values["plates"].astype(str).astype(object)}
    connection.register("given_reads", reads)
    connection.register("given_texts", texts)
    connection.execute(
        "CREATE TABLE reads AS SELECT row, epoch_time, text AS plate, "
        "CASE WHEN isnan(confidence) THEN NULL ELSE confidence END AS confidence "
        "FROM given_reads JOIN given_texts ON plate = code ORDER BY row"
    )
    return connection


def duckdb_sorter(values: dict[str, np.ndarray]) -> Sort:
    """The row number as last key makes the order stable."""
    connection = duckdb_table(values)

    def sort(keys: Keys) -> tuple[float, np.ndarray]:
        terms = [f"{name} {'DESC' if descending else 'ASC'} NULLS LAST" for name, descending in keys]
        begun = time.perf_counter()
        rows = connection.execute(
            f"SELECT row FROM reads ORDER BY {', '.join((*terms, 'row'))}"
        ).fetchnumpy()["row"]
        return time.perf_counter() - begun, rows

    return sort


def polars_sorter(values: dict[str, np.ndarray]) -> Sort:
    """A frame in memory."""
    import polars as pl

    texts = pl.Series(values["plates"].astype(str).tolist())
    frame = pl.DataFrame(
        {
            "confidence": pl.Series(values["confidence"]).fill_nan(None),
            "plate": texts.gather(values["plate"]),
            "epoch_time": values["epoch_time"],
        }
    )

    def sort(keys: Keys) -> tuple[float, np.ndarray]:
        names, descending = [name for name, _ in keys], [down for _, down in keys]
        begun = time.perf_counter()
        order = pl.arg_sort_by(names, descending=descending, nulls_last=True, maintain_order=True)
        rows = frame.select(order).to_series().to_numpy()
        return time.perf_counter() - begun, rows

    return sort


def proxy_sorter(values: dict[str, np.ndarray]) -> Sort:
    """``QSortFilterProxyModel`` over a table model in Python, which is what most Qt programs do."""
    from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QSortFilterProxyModel, Qt

    application = QCoreApplication([])
    plates = values["plates"].astype(str)[values["plate"]].tolist()
    confidence = [None if math.isnan(value) else value for value in values["confidence"].tolist()]
    columns: dict[str, list[Any]] = {
        "confidence": confidence,
        "plate": plates,
        "epoch_time": values["epoch_time"].tolist(),
    }
    names = list(columns)

    class Model(QAbstractTableModel):
        def rowCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
            return 0 if parent.isValid() else len(plates)

        def columnCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
            return 0 if parent.isValid() else len(names)

        def data(self, index: Any, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
            if role != Qt.ItemDataRole.DisplayRole:
                return None
            return columns[names[index.column()]][index.row()]

    model = Model()

    def sort(keys: Keys) -> tuple[float, np.ndarray]:
        assert application is not None
        proxy = QSortFilterProxyModel()
        proxy.setSourceModel(model)
        ((name, descending),) = keys
        begun = time.perf_counter()
        proxy.sort(
            names.index(name), Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        )
        seconds = time.perf_counter() - begun
        rows = [proxy.mapToSource(proxy.index(row, 0)).row() for row in range(proxy.rowCount())]
        return seconds, np.array(rows)

    return sort


SORTERS = {"duckdb": duckdb_sorter, "polars": polars_sorter, "proxy": proxy_sorter}


def main(sorter: str, folder: Path) -> None:
    """Answer requests until there are no more."""
    sort = SORTERS[sorter](synthetic.read(folder))
    for line in sys.stdin:
        seconds, rows = sort([(name, descending) for name, descending in json.loads(line)["keys"]])
        digest = hashlib.sha256(rows.astype(np.int64).tobytes()).hexdigest()
        print(json.dumps({"seconds": seconds, "digest": digest}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
