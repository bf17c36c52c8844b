"""The rows of a source as they stand in a file of the index cache, and how they get into a store.

The codes in such a file are its own. Where it is the first of a capture they become the capture's, and the
rows are mapped as they stand: no row is copied. Behind other rows they come in batches, as from a decoder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np

from alprviewer.core.batch import (
    CANDIDATE_DTYPE,
    FRAME_DTYPE,
    NAMED_DTYPE,
    PROBLEM_DTYPE,
    READ_DTYPE,
    SIBLING_DTYPE,
    Array,
    Batch,
)
from alprviewer.core.checkpoint import Checkpoint
from alprviewer.core.states import FIRST_CODE
from alprviewer.core.texts import NewTexts, StoredTexts, Texts
from alprviewer.store.codeversion import code_version
from alprviewer.store.columns import STORED_READ_DTYPE, STORED_SIBLING_DTYPE, Change, Columns
from alprviewer.store.tables import Dictionary

TABLES: dict[str, np.dtype[Any]] = {
    "frames": FRAME_DTYPE,
    "reads": STORED_READ_DTYPE,
    "candidates": CANDIDATE_DTYPE,
    "siblings": STORED_SIBLING_DTYPE,
    "named": NAMED_DTYPE,
    "problems": PROBLEM_DTYPE,
}
_UNSEEN = ("candidates", "named")
"""Tables that nobody is told the changes of."""
_ROWS = 1 << 18
"""Rows that are given out as a batch."""


class Restart(msgspec.Struct, frozen=True):
    """A place from which a grown file can be read on.

    Attributes:
        checkpoint: where, and what the framer knew there.
        rows: how many rows of each table stand before it.
        owned: bytes of the stream before it by owner.
        digest: of the bytes before it.
    """

    checkpoint: Checkpoint
    rows: dict[str, int]
    owned: dict[str, int]
    digest: str = ""


class Facts(msgspec.Struct, frozen=True):
    """What is known of the source.

    Attributes:
        size, mtime_ns, digest: of the file, as ``fingerprint`` says.
        owned: bytes of the decompressed stream by owner.
        restart: None where the file cannot be read on.
    """

    size: int
    mtime_ns: int
    digest: str
    compression: str
    owned: dict[str, int]
    restart: Restart | None
    program: str = msgspec.field(default_factory=code_version)


@dataclass(frozen=True)
class Block:
    """The rows of a source, mapped.

    Attributes:
        tables: columns by table; ``source`` is not among them.
        plates: their texts.
        texts: those of the other dictionaries, by code from ``FIRST_CODE`` up.
        streams: camera ids and names that heartbeats told.
        release: gives back the memory of the rows that were looked at; they are read again when need be.
    """

    facts: Facts
    tables: dict[str, dict[str, Array]]
    plates: StoredTexts
    texts: dict[str, list[Any]]
    streams: list[tuple[int, str]]
    release: Callable[[], None]

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return len(next(iter(self.tables[table].values())))

    def before_restart(self) -> Block:
        """The rows that still hold where the file has grown."""
        restart = self.facts.restart
        assert restart is not None
        tables = {
            table: {name: column[: restart.rows[table]] for name, column in columns.items()}
            for table, columns in self.tables.items()
        }
        return replace(
            self,
            facts=msgspec.structs.replace(self.facts, owned=restart.owned),
            tables=tables,
        )

    def batches(self, rows: int = _ROWS) -> Iterator[Batch]:
        """The same rows as a decoder would send them: first the texts, then frames with their reads."""
        for texts in self._text_slices(rows):
            yield _batch({}, texts)
        counts = np.asarray(self.tables["frames"]["reads"], np.int64)
        frame = read = candidate = 0
        while frame < len(counts):
            ends = np.cumsum(counts[frame : frame + rows])
            # At least one frame, and no more than have this many reads.
            next_frame = frame + max(int(np.searchsorted(ends, rows, "right")), 1)
            next_read = read + int(ends[next_frame - frame - 1])
            added = int(np.sum(self.tables["reads"]["candidates"][read:next_read], dtype=np.int64))
            frames = self._records("frames", frame, next_frame)
            frames["first_read"] -= np.uint32(read)
            reads = self._records("reads", read, next_read)
            reads["frame"] -= np.uint32(frame)
            candidates = self._records("candidates", candidate, candidate + added)
            yield _batch({"frames": frames, "reads": reads, "candidates": candidates})
            frame, read, candidate = next_frame, next_read, candidate + added
        named = 0
        for first in range(0, self.count("siblings"), rows):
            siblings = self._records("siblings", first, min(first + rows, self.count("siblings")))
            added = int(np.sum(siblings["uuids"], dtype=np.int64))
            yield _batch({"siblings": siblings, "named": self._records("named", named, named + added)})
            named += added
        for first in range(0, self.count("problems"), rows):
            part = self._records("problems", first, min(first + rows, self.count("problems")))
            yield _batch({"problems": part})

    def _text_slices(self, count: int) -> Iterator[dict[str, Any]]:
        yield dict(self.texts)
        for first in range(FIRST_CODE, len(self.plates.words), count):
            words = np.array(self.plates.words[first : first + count])
            is_other = (words >> np.uint64(56)) == 0xFF
            others = [self.plates.others[int(word) & 0xFFFFFFFF] for word in words[is_other]]
            yield {"plate": NewTexts(words, others)}

    def _records(self, table: str, begin: int, end: int) -> Array:
        records = np.zeros(end - begin, _SENT[table])
        for name in _SENT[table].names or ():
            if name != "source":
                records[name] = self.tables[table][name][begin:end]
        return records


_SENT = {**TABLES, "reads": READ_DTYPE, "siblings": SIBLING_DTYPE}
"""What a batch holds."""


def _batch(tables: dict[str, Array], texts: dict[str, Any] | None = None) -> Batch:
    frames, reads, candidates, siblings, named, problems = (
        tables.get(name, np.empty(0, dtype)) for name, dtype in _SENT.items()
    )
    return Batch(frames, reads, candidates, siblings, named, problems, texts or {}, [], {})


def restore(columns: Columns, block: Block, source: int) -> Change:
    """Put the rows of a block behind those that are there, as rows of ``source``."""
    tables = (getattr(columns, table) for table in TABLES)
    if any(map(len, tables)) or any(map(len, columns.dictionaries.values())):
        return _append(columns, block, source)
    columns.dictionaries["plate"] = Texts.restored(block.plates)
    columns.mapped.append(block.release)
    for name, values in block.texts.items():
        dictionary = columns.dictionaries[name]
        assert isinstance(dictionary, Dictionary)
        dictionary.extend(values)
    added: dict[str, range] = {}
    for table, found in block.tables.items():
        count = block.count(table)
        # Zeros take no memory until they are written to, and the first source is number 0.
        numbers = np.full(count, source, np.min_scalar_type(source)) if source else np.zeros(count, "u1")
        added[table] = getattr(columns, table).restore({**found, "source": numbers}, count)
    block.release()
    return Change(**{table: rows for table, rows in added.items() if table not in _UNSEEN})


def remap(columns: Columns, block: Block) -> None:
    """Let rows in memory be those of the file that they were written to, so that they take none.

    Problems stay: they may be taken back.

    Args:
        columns: a store whose first rows, and whose texts, all went into the file.
        block: what is in the file.
    """
    for table, found in block.tables.items():
        if table != "problems":
            getattr(columns, table).remap(found)
    plates = columns.dictionaries["plate"]
    assert isinstance(plates, Texts)
    plates.remap(block.plates)
    columns.mapped.append(block.release)


def _append(columns: Columns, block: Block, source: int) -> Change:
    firsts = {table: len(getattr(columns, table)) for table in TABLES if table not in _UNSEEN}
    maps = columns.code_maps()
    for batch in block.batches():
        columns.append(batch, source, maps)
    return Change(**{table: range(first, len(getattr(columns, table))) for table, first in firsts.items()})
