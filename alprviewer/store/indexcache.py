"""The rows of one source in a file, so that opening the source again reads nothing of it.

The codes in such a file are its own. Where it is the first of a capture they become the capture's, and the
rows are mapped as they stand: no row is copied. Behind other rows they come in batches, as from a decoder.

What a program of another version, or with other code for reading, has made is not used: its rows may mean
something else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from alprviewer.core.batch import (
    CANDIDATE_DTYPE,
    CODED,
    DICTIONARIES,
    FRAME_DTYPE,
    NAMED_DTYPE,
    PROBLEM_DTYPE,
    READ_DTYPE,
    SIBLING_DTYPE,
    Array,
    Batch,
    Envelope,
)
from alprviewer.core.checkpoint import Checkpoint
from alprviewer.core.states import FIRST_CODE, INVALID
from alprviewer.core.texts import NewTexts, StoredTexts, Texts
from alprviewer.store.arrayfile import ArrayFile, ArrayWriter, Unusable
from alprviewer.store.codeversion import code_version
from alprviewer.store.columns import STORED_READ_DTYPE, STORED_SIBLING_DTYPE, Change, Columns
from alprviewer.store.tables import Dictionary, Table, narrower

TABLES: dict[str, np.dtype[Any]] = {
    "frames": FRAME_DTYPE,
    "reads": STORED_READ_DTYPE,
    "candidates": CANDIDATE_DTYPE,
    "siblings": STORED_SIBLING_DTYPE,
    "named": NAMED_DTYPE,
    "problems": PROBLEM_DTYPE,
}
_STARTS = {
    ("frames", "first_read"): "reads",
    ("reads", "frame"): "frames",
    ("reads", "first_candidate"): "candidates",
    ("siblings", "first_named"): "named",
}
"""Columns that hold row numbers of a table."""
_OWNED = (
    ("reads", "reads", "first_read", "frames"),
    ("candidates", "candidates", "first_candidate", "reads"),
    ("named", "uuids", "first_named", "siblings"),
)
"""Tables whose rows belong to those of another one, its columns that say how many and where they begin."""
_UNSEEN = ("candidates", "named")
"""Tables that nobody is told the changes of."""
_ROWS = 1 << 18
"""Rows that are written, or given out as a batch, at a time."""
_TEXTS_A_LINE = 1 << 14
_WORDS, _SLOTS, _TEXTS = "plate.words", "plate.slots", "texts"
_WORD_DTYPE, _SLOT_DTYPE, _BYTE = np.dtype("u8"), np.dtype("u4"), np.dtype("u1")


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
    """

    facts: Facts
    tables: dict[str, dict[str, Array]]
    plates: StoredTexts
    texts: dict[str, list[Any]]
    streams: list[tuple[int, str]]

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


def rows_of(columns: Columns, source: int) -> dict[str, range] | None:
    """Where the rows of a source stand; None where those of others stand between them."""
    found: dict[str, range] = {}
    for name in ("frames", "siblings", "problems"):
        table: Table = getattr(columns, name)
        mine = table.column("source") == source
        count = int(np.count_nonzero(mine))
        first = int(np.argmax(mine)) if count else 0
        if not mine[first : first + count].all():
            return None
        found[name] = range(first, first + count)
    for owned, counts, starts, owner in _OWNED:
        rows, owners = found[owner], getattr(columns, owner)
        first = int(owners.part(starts, rows.start, rows.start + 1).sum()) if rows else 0
        added = int(owners.part(counts, rows.start, rows.stop).sum(dtype=np.int64))
        found[owned] = range(first, first + added)
    return found


def save(
    path: Path,
    columns: Columns,
    rows: dict[str, range],
    facts: Facts,
    streams: Iterable[tuple[int, str]],
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Write the rows of a source. May run beside threads that append to the columns or read them.

    Raises:
        OSError: the file cannot be written.
        Cancelled: ``stopped`` said so.
    """
    # Codes are translated only where not all of a dictionary's texts belong to this source.
    alone = all(len(getattr(columns, table)) == len(range_) for table, range_ in rows.items())
    used = {} if alone else {name: _used_codes(columns, name, rows) for name in DICTIONARIES}
    with ArrayWriter(path, stopped) as writer:
        for table, dtype in TABLES.items():
            for name in dtype.names or ():
                if name != "source":
                    own = getattr(columns, table).type_of(name)
                    writer.add(f"{table}.{name}", own, _chunks(columns, table, name, rows, used))
        plates = columns.dictionaries["plate"]
        assert isinstance(plates, Texts)
        stored = (plates if alone else plates.subset(used["plate"])).stored
        assert stored.slots is not None
        writer.add(_WORDS, _WORD_DTYPE, [stored.words])
        writer.add(_SLOTS, _SLOT_DTYPE, [stored.slots])
        writer.add(_TEXTS, _BYTE, _text_lines(columns, used, stored.others, list(streams)))
        writer.finish(facts)


def _plain(value: Any) -> Any:
    """What JSON has no word for: invalid."""
    assert value is INVALID
    return {}


def _text_lines(
    columns: Columns, used: dict[str, Array], plates: list[str], streams: list[tuple[int, str]]
) -> Iterator[Array]:
    """Texts as lines of JSON, each with a name and some values: encoding one line holds nobody up."""
    kept: dict[str, list[Any]] = {"plate": plates, "streams": streams}
    for name in DICTIONARIES:
        values = columns.dictionaries[name]
        if isinstance(values, Dictionary):
            # The list may grow meanwhile; its beginning stays.
            kept[name] = [values.value(code) for code in used[name]] if used else values.values()[FIRST_CODE:]
    for name, values_ in kept.items():
        for first in range(0, len(values_), _TEXTS_A_LINE):
            # Not msgspec: a text may hold half of a surrogate pair.
            line = json.dumps([name, values_[first : first + _TEXTS_A_LINE]], default=_plain) + "\n"
            yield np.frombuffer(line.encode("ascii"), _BYTE)


def _text_values(lines: bytes) -> dict[str, list[Any]]:
    kept: dict[str, list[Any]] = {name: [] for name in (*DICTIONARIES, "streams")}
    for line in lines.splitlines():
        name, values = json.loads(line)
        kept[name] += values
    return kept


def _used_codes(columns: Columns, dictionary: str, rows: dict[str, range]) -> Array:
    """The codes of a dictionary that rows use, ascending, the two states aside."""
    seen = np.zeros(FIRST_CODE + len(columns.dictionaries[dictionary]), bool)
    for table, dtype in TABLES.items():
        for name in dtype.names or ():
            if CODED.get(name) == dictionary:
                for part in _parts(columns, table, name, rows[table]):
                    seen[part] = True
    seen[:FIRST_CODE] = False
    return np.flatnonzero(seen)


def _parts(columns: Columns, table: str, name: str, rows: range) -> Iterator[Array]:
    store: Table = getattr(columns, table)
    for first in range(rows.start, rows.stop, _ROWS):
        yield store.part(name, first, min(first + _ROWS, rows.stop))


def _chunks(
    columns: Columns, table: str, name: str, rows: dict[str, range], used: dict[str, Array]
) -> Iterator[Array]:
    """A column in parts: codes and row numbers count from this source's own first ones."""
    codes: Array | None = None
    if used and name in CODED:
        chosen = used[CODED[name]]
        codes = np.zeros(int(chosen[-1]) + 1 if len(chosen) else FIRST_CODE, np.uint32)
        codes[:FIRST_CODE] = range(FIRST_CODE)
        codes[chosen] = np.arange(FIRST_CODE, FIRST_CODE + len(chosen))
    start = rows[_STARTS[table, name]].start if (table, name) in _STARTS else 0
    for part in _parts(columns, table, name, rows[table]):
        if codes is not None:
            yield codes[part]
        else:
            yield part - part.dtype.type(start) if start else part


def load(path: Path) -> Block:
    """The rows in a file, mapped.

    Raises:
        Unusable: it is not ours, of another version of the program, or damaged.
    """
    file = ArrayFile(path, written=(_WORDS, _SLOTS))
    try:
        facts = msgspec.json.decode(file.facts, type=Facts)
        if facts.program != code_version():
            raise Unusable(f"{path.name}: it was made by version {facts.program}")
        file.check((_WORDS, _SLOTS, _TEXTS))
        block = _block(file, facts)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unusable(f"{path.name}: {error}") from error
    return block


def _block(file: ArrayFile, facts: Facts) -> Block:
    tables = {
        table: {
            name: file.array(f"{table}.{name}", *narrower(dtype[name]), dtype[name])
            for name in dtype.names or ()
            if name != "source"
        }
        for table, dtype in TABLES.items()
    }
    for table, columns in tables.items():
        if len({len(column) for column in columns.values()}) != 1:
            raise Unusable(f"the columns of {table} differ in length")
    if facts.restart is not None and any(
        not 0 <= facts.restart.rows[table] <= len(next(iter(columns.values())))
        for table, columns in tables.items()
    ):
        raise Unusable("more rows are told than there are")
    kept = _text_values(bytes(file.array(_TEXTS, _BYTE)))
    texts = {name: kept[name] for name in DICTIONARIES if name != "plate"}
    texts["envelope"] = [_envelope(values) for values in texts["envelope"]]
    words, slots = file.array(_WORDS, _WORD_DTYPE), file.array(_SLOTS, _SLOT_DTYPE)
    if len(slots) and int(slots.max()) >= len(words):
        raise Unusable("the table of texts is wrong")
    return Block(
        facts,
        tables,
        StoredTexts(words, slots, kept["plate"]),
        texts,
        [(camera, name) for camera, name in kept["streams"]],
    )


def _envelope(values: list[Any]) -> Envelope:
    plain = [INVALID if isinstance(value, dict) else value for value in values]
    regions = plain[-1]
    if isinstance(regions, list):
        plain[-1] = tuple(tuple(box) for box in regions)
    return Envelope(*plain)


def restore(columns: Columns, block: Block, source: int) -> Change:
    """Put the rows of a block behind those that are there, as rows of ``source``."""
    tables = (getattr(columns, table) for table in TABLES)
    if any(map(len, tables)) or any(map(len, columns.dictionaries.values())):
        return _append(columns, block, source)
    columns.dictionaries["plate"] = Texts.restored(block.plates)
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
    return Change(**{table: rows for table, rows in added.items() if table not in _UNSEEN})


def _append(columns: Columns, block: Block, source: int) -> Change:
    firsts = {table: len(getattr(columns, table)) for table in TABLES if table not in _UNSEEN}
    maps = columns.code_maps()
    for batch in block.batches():
        columns.append(batch, source, maps)
    return Change(**{table: range(first, len(getattr(columns, table))) for table, first in firsts.items()})
