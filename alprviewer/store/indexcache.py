"""The rows of one source in a file, so that opening the source again reads nothing of it.

What a program of another version, or with other code for reading, has made is not used: its rows may mean
something else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from alprviewer.core.batch import (
    CODED,
    DICTIONARIES,
    Array,
    Envelope,
)
from alprviewer.core.states import FIRST_CODE, INVALID
from alprviewer.core.texts import StoredTexts, Texts
from alprviewer.store.arrayfile import ArrayFile, ArrayWriter, Unusable
from alprviewer.store.block import TABLES, Block, Facts
from alprviewer.store.codeversion import code_version
from alprviewer.store.columns import Columns
from alprviewer.store.tables import Dictionary, Table, narrower

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
_ROWS = 1 << 18
"""Rows that are written at a time."""
_TEXTS_A_LINE = 1 << 14
_WORDS, _SLOTS, _TEXTS = "plate.words", "plate.slots", "texts"
_WORD_DTYPE, _SLOT_DTYPE, _BYTE = np.dtype("u8"), np.dtype("u4"), np.dtype("u1")


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
    file = ArrayFile(path)
    try:
        facts = msgspec.json.decode(file.facts, type=Facts)
        if facts.program != code_version():
            raise Unusable(f"{path.name}: it was made by version {facts.program}")
        file.check((_WORDS, _SLOTS, _TEXTS))
        block = _block(file, facts)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unusable(f"{path.name}: {error}") from error
    file.release()
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
        file.release,
    )


def _envelope(values: list[Any]) -> Envelope:
    plain = [INVALID if isinstance(value, dict) else value for value in values]
    regions = plain[-1]
    if isinstance(regions, list):
        plain[-1] = tuple(tuple(box) for box in regions)
    return Envelope(*plain)
