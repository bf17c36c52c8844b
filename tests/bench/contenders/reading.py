"""Reads a JSON Lines capture the way a user otherwise would: one process, one reader, one file.

``python -m tests.bench.contenders.reading READER FILE`` prints the counts of what it read, so that nobody
wins by reading less. No reader keeps the crops; the loops keep nothing at all, which favours them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Counts = dict[str, int]

LARGEST_OBJECT = 16 << 20
"""DuckDB's ``maximum_object_size``; with much larger ones it becomes slow."""
PANDAS_CHUNK = 20_000
"""Lines that pandas reads at a time: a file of gigabytes does not fit otherwise."""

_BOX = "STRUCT(x SMALLINT, y SMALLINT, width SMALLINT, height SMALLINT)"
_CANDIDATES = "STRUCT(plate VARCHAR, confidence FLOAT, matches_template TINYINT)[]"
_READS = (
    "STRUCT(plate VARCHAR, confidence FLOAT, matches_template TINYINT, plate_index INTEGER, region VARCHAR, "
    "region_confidence FLOAT, coordinates STRUCT(x SMALLINT, y SMALLINT)[], "
    f"vehicle_region {_BOX}, candidates {_CANDIDATES})[]"
)
FIELDS = {
    "data_type": "VARCHAR",
    "version": "INTEGER",
    "uuid": "VARCHAR",
    "epoch_time": "BIGINT",
    "camera_id": "BIGINT",
    "agent_uid": "VARCHAR",
    "agent_type": "VARCHAR",
    "agent_version": "VARCHAR",
    "company_id": "VARCHAR",
    "error": "BOOLEAN",
    "img_width": "INTEGER",
    "img_height": "INTEGER",
    "processing_time_ms": "FLOAT",
    "regions_of_interest": f"{_BOX}[]",
    "results": _READS,
}
"""The fields that alprviewer's index holds, as DuckDB's types, candidates included, crops left out."""


def _count(frames: Iterable[dict[str, Any]]) -> Counts:
    counts = {"frames": 0, "reads": 0, "candidates": 0}
    for frame in frames:
        reads = frame["results"]
        counts["frames"] += 1
        counts["reads"] += len(reads)
        for read in reads:
            counts["candidates"] += len(read["candidates"])
    return counts


def json_loop(path: str) -> Counts:
    """The standard library: parse every line."""
    with Path(path).open("rb") as file:
        return _count(json.loads(line) for line in file)


def orjson_loop(path: str) -> Counts:
    """The quickest general parser for Python: parse every line."""
    import orjson

    with Path(path).open("rb") as file:
        return _count(orjson.loads(line) for line in file)


def pandas_chunks(path: str) -> Counts:
    """``read_json`` in chunks; ``results`` stay lists of dicts."""
    import pandas as pd

    counts = {"frames": 0, "reads": 0, "candidates": 0}
    with pd.read_json(path, lines=True, chunksize=PANDAS_CHUNK) as chunks:
        for chunk in chunks:
            found = _count({"results": reads} for reads in chunk["results"])
            counts = {name: count + found[name] for name, count in counts.items()}
    return counts


def polars_scan(path: str) -> Counts:
    """``scan_ndjson`` with the same fields on the streaming engine."""
    import polars as pl

    whole, real, text = pl.Int64, pl.Float32, pl.String
    box = pl.Struct(dict.fromkeys(("x", "y", "width", "height"), whole))
    candidate = pl.Struct({"plate": text, "confidence": real, "matches_template": whole})
    read = pl.Struct(
        {
            "plate": text,
            "confidence": real,
            "matches_template": whole,
            "plate_index": whole,
            "region": text,
            "region_confidence": real,
            "coordinates": pl.List(pl.Struct({"x": whole, "y": whole})),
            "vehicle_region": box,
            "candidates": pl.List(candidate),
        }
    )
    plain = {"VARCHAR": text, "BOOLEAN": pl.Boolean, "FLOAT": real}
    schema = {name: plain.get(kind, whole) for name, kind in FIELDS.items()}
    schema |= {"regions_of_interest": pl.List(box), "results": pl.List(read)}
    reads = pl.col("results")
    counts = (
        pl.scan_ndjson(path, schema=schema, ignore_errors=True)
        .select(
            frames=pl.len(),
            reads=reads.list.len().sum(),
            candidates=reads.list.eval(pl.element().struct.field("candidates").list.len()).list.sum().sum(),
        )
        .collect(engine="streaming")
    )
    return {name: int(value) for name, value in counts.row(0, named=True).items()}


def _duckdb(database: str, statement: str, path: str) -> Any:
    import duckdb

    connection = duckdb.connect(database)
    connection.execute("SET threads = 2")
    quoted = path.replace("'", "''")
    source = (
        f"read_json('{quoted}', format = 'newline_delimited', "
        f"maximum_object_size = {LARGEST_OBJECT}, columns = {FIELDS})"
    )
    return connection, connection.execute(statement.format(source=source))


def duckdb_read(path: str) -> Counts:
    """``read_json`` with the same fields; a hash over all of them so that none is passed over."""
    statement = f"SELECT count(*), sum(len(results)), bit_xor(hash({', '.join(FIELDS)})) FROM {{source}}"
    _, answer = _duckdb(":memory:", statement, path)
    frames, reads, _ = answer.fetchone()
    return {"frames": int(frames), "reads": int(reads)}


def duckdb_table(path: str) -> Counts:
    """The same fields into a table of a database file, which is what a later query reads."""
    database = Path(path).with_suffix(".duckdb")
    try:
        connection, _ = _duckdb(
            str(database), "CREATE OR REPLACE TABLE frames AS SELECT * FROM {source}", path
        )
        frames, reads = connection.execute("SELECT count(*), sum(len(results)) FROM frames").fetchone()
        connection.close()
    finally:
        database.unlink(missing_ok=True)
        database.with_suffix(".duckdb.wal").unlink(missing_ok=True)
    return {"frames": int(frames), "reads": int(reads)}


def visidata_sheet(path: str) -> Counts:
    """A sheet as VisiData's window loads it; every value stays in memory as Python objects."""
    from visidata import vd

    vd.options.batch = True
    sheet = vd.openSource(path, filetype="jsonl")
    sheet.ensureLoaded()
    vd.sync()
    return {"frames": len(sheet.rows)}


READERS: dict[str, Callable[[str], Counts]] = {
    "json": json_loop,
    "orjson": orjson_loop,
    "pandas": pandas_chunks,
    "polars": polars_scan,
    "duckdb": duckdb_read,
    "duckdb-table": duckdb_table,
    "visidata": visidata_sheet,
}


if __name__ == "__main__":
    reader, file_name = sys.argv[1:]
    print(json.dumps(READERS[reader](file_name)))
