"""Filters the same reads with DuckDB, as often as asked.

``python -m tests.bench.contenders.filtering FOLDER`` answers ``{"sql": condition}`` with the seconds until
the row numbers were there, how many, and their digest.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path

import numpy as np

from tests.bench import synthetic
from tests.bench.contenders.ordering import duckdb_table


def main(folder: Path) -> None:
    """Answer requests until there are no more."""
    connection = duckdb_table(synthetic.read(folder))
    for line in sys.stdin:
        condition = json.loads(line)["sql"]
        begun = time.perf_counter()
        found = connection.execute(f"SELECT row FROM reads WHERE {condition}").fetchnumpy()["row"]
        seconds = time.perf_counter() - begun
        rows = np.sort(found.astype(np.int64))
        digest = hashlib.sha256(rows.tobytes()).hexdigest()
        print(json.dumps({"seconds": seconds, "count": len(rows), "digest": digest}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
