"""Which rows, in which order: from a table and sort keys to row numbers.

Absent and invalid values come last, up or down. Orders are stable: rows that compare equal stay in the order
of their source.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import CODED, Array
from alprviewer.core.errors import UsageError
from alprviewer.core.states import absent
from alprviewer.store.columns import Columns
from alprviewer.store.tables import Table


class SortKey(NamedTuple):
    """A column to sort by, and the direction."""

    name: str
    descending: bool = False


def table_of(columns: Columns, name: str) -> Table:
    """A table by its name: ``frames``, ``reads``, ``siblings`` or ``problems``."""
    tables = {
        "frames": columns.frames,
        "reads": columns.reads,
        "siblings": columns.siblings,
        "problems": columns.problems,
    }
    return tables[name]


_ENVELOPE_FIELDS = (
    "camera_id",
    "img_width",
    "img_height",
    "agent_uid",
    "agent_type",
    "agent_version",
    "company_id",
    "data_type",
    "version",
    "error",
)
_OF_THE_FRAME = ("epoch_time", "source", "offset", "length", "uuid", *_ENVELOPE_FIELDS)


def order(columns: Columns, table: str, keys: Sequence[SortKey], rows: Array | None = None) -> Array:
    """Row numbers of a table in the order of its keys, the first key first.

    Args:
        columns: the store.
        table: ``frames``, ``reads``, ``siblings`` or ``problems``.
        keys: columns to sort by; none leaves the order of the source.
        rows: only these rows, in ascending order; all where None.

    Raises:
        UsageError: a table has no such column.
    """
    count = len(table_of(columns, table))
    chosen = np.arange(count, dtype=np.int64) if rows is None else np.asarray(rows, np.int64)
    for key in reversed(keys):
        ranks = sort_ranks(columns, table, key.name, chosen)
        chosen = chosen[_sequence(ranks, descending=key.descending)]
    return chosen


_LAST = np.iinfo(np.int64).max
_HALF = np.uint64(32)
_HALF_MASK = np.uint64(0xFFFFFFFF)


def _sequence(ranks: Array, *, descending: bool) -> Array:
    """Places in the order of ranks, equal ones as they stand, the last ones last either way.

    Where the ranks span less than 32 bits, rank and place are packed into one word: words are sorted several
    times faster than places, and no two are equal, so the order is stable without a stable algorithm.
    """
    known = ranks[ranks != _LAST]
    if not len(known):
        return np.arange(len(ranks))
    low, high = int(known.min()), int(known.max())
    if high - low >= int(_HALF_MASK) or len(ranks) > int(_HALF_MASK):
        turned = np.where(ranks == _LAST, _LAST, -ranks) if descending else ranks
        return np.argsort(turned, kind="stable")
    small = (high - ranks if descending else ranks - low).astype(np.uint64)
    packed = np.where(ranks == _LAST, _HALF_MASK, small) << _HALF
    packed |= np.arange(len(ranks), dtype=np.uint64)
    packed.sort()
    return (packed & _HALF_MASK).astype(np.int64)


def sort_ranks(columns: Columns, table: str, name: str, rows: Array) -> Array:
    """Integers in the order of a column's values; what is absent or invalid gets the largest.

    Raises:
        UsageError: a table has no such column.
    """
    if table == "reads" and name in _OF_THE_FRAME:
        return sort_ranks(columns, "frames", name, columns.frame_rows(rows))
    if table == "frames" and name in _ENVELOPE_FIELDS:
        return _envelope_ranks(columns, name)[columns.frames.column("envelope")[rows]]
    if name == "uuid":
        return _uuid_ranks(columns, table, rows)
    source = table_of(columns, table)
    if name == "place":
        return np.asarray(rows, np.int64)
    if name == "plate_width":
        return _real_ranks(plate_width(columns.reads.column("quad")[rows]))
    if name not in source.names:
        raise UsageError(f"There is no column {name!r} to sort {table} by.")
    values = source.column(name)[rows]
    if values.ndim > 1:
        raise UsageError(f"The column {name!r} of {table} holds several numbers, which have no order.")
    if name in CODED:
        return columns.dictionaries[CODED[name]].ranks(values)[values]
    if values.dtype.kind == "f":
        return _real_ranks(values)
    if values.dtype.kind == "i":
        return np.where(values <= absent(values.dtype) + 1, _LAST, values.astype(np.int64))
    return values.astype(np.int64)


def _real_ranks(values: Array) -> Array:
    """Order-preserving integers for reals: the bits of a positive float sort like the float itself."""
    if values.dtype == np.float32:
        bits = (values + np.float32(0)).view(np.int32).astype(np.int64)
        ranks = np.where(bits < 0, -(2**31) - bits, bits)
    else:
        bits = (values + 0.0).view(np.int64)
        ranks = np.where(bits < 0, np.int64(-(2**63) + 1) - bits, bits) // 2
    return np.where(np.isfinite(values), ranks, _LAST)


def _text_key(text: str | None) -> tuple[str, str]:
    return ((text or "").casefold(), text or "")


def _envelope_ranks(columns: Columns, name: str) -> Array:
    values = [getattr(envelope, name) for envelope in columns.envelopes()]
    ranks = np.full(len(values), _LAST, np.int64)
    numbers = {code: value for code, value in enumerate(values) if isinstance(value, (int, float))}
    texts = {code: value for code, value in enumerate(values) if isinstance(value, str)}
    # Two camera ids may be equal in different envelopes, so equal values must get equal ranks.
    distinct = [*sorted(set(numbers.values())), *sorted(set(texts.values()), key=_text_key)]
    places = {value: place for place, value in enumerate(distinct)}
    for code, value in {**numbers, **texts}.items():
        ranks[code] = places[value]
    return ranks


def _uuid_ranks(columns: Columns, table: str, rows: Array) -> Array:
    """By head as text, then by the number behind the last dash."""
    source = table_of(columns, table)
    codes = source.column("uuid_head")[rows]
    heads = columns.dictionaries["uuid_head"].ranks(codes)[codes]
    tails = source.column("uuid_tail")[rows]
    sequence = np.lexsort((tails, heads))
    sorted_heads, sorted_tails = heads[sequence], tails[sequence]
    steps = (np.diff(sorted_heads) != 0) | (np.diff(sorted_tails) != 0)
    ranks = np.empty(len(rows), np.int64)
    ranks[sequence] = np.concatenate(([0], np.cumsum(steps)))[: len(rows)]
    return np.where(heads == _LAST, _LAST, ranks)


def plate_width(quads: Array) -> Array:
    """Mean length of the top and the bottom edge of quads in pixels; NaN without a quad."""
    quads = quads.astype(np.float64)
    missing = quads[:, 0] <= absent("i2") + 1
    top = np.hypot(quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1])
    bottom = np.hypot(quads[:, 4] - quads[:, 6], quads[:, 5] - quads[:, 7])
    return np.where(missing, np.nan, (top + bottom) / 2)
