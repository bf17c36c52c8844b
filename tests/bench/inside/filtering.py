"""Filters synthetic reads with ``store.filtering.Filter``, as often as asked.

``python -m tests.bench.inside.filtering FOLDER`` answers ``{"query": query}`` with the seconds until the row
numbers were there, how many, and their digest. A filter is new for every request: it knows no text yet.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path

import numpy as np

from alprviewer.core.query.parse import parse
from alprviewer.core.states import FIRST_CODE
from alprviewer.store.columns import Columns
from alprviewer.store.filtering import Filter
from tests.bench import synthetic
from tests.bench.inside.ordering import append, build

_CANDIDATES = 9
"""Of each read, as in the sample."""


def add_candidates(columns: Columns) -> None:
    """Candidates for every read: any of the spellings that are known."""
    count = len(columns.reads) * _CANDIDATES
    end = FIRST_CODE + len(columns.dictionaries["plate"])
    codes = np.random.default_rng(2).integers(FIRST_CODE, end, count, dtype=np.uint32)
    append(columns.candidates, count, plate=codes)


def main(folder: Path) -> None:
    """Answer requests until there are no more."""
    values = synthetic.read(folder)
    columns = build(values, _CANDIDATES)
    add_candidates(columns)
    for line in sys.stdin:
        query = json.loads(line)["query"]
        begun = time.perf_counter()
        tree = parse(query)
        assert tree is not None
        rows = Filter(tree, columns).select("reads")
        seconds = time.perf_counter() - begun
        digest = hashlib.sha256(rows.astype(np.int64).tobytes()).hexdigest()
        print(json.dumps({"seconds": seconds, "count": len(rows), "digest": digest}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
