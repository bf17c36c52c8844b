"""Which rows, in which order: from a table and sort keys to row numbers.

Absent and invalid values come last, up or down. Orders are stable: rows that compare equal stay in the order
of their source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import CODED, Array
from alprviewer.core.errors import UsageError
from alprviewer.core.listed import Listed
from alprviewer.core.packedsort import Key, PackedOrder
from alprviewer.core.states import CODE_ABSENT, absent
from alprviewer.store.columns import Columns
from alprviewer.store.decided import NAMES as DECIDED
from alprviewer.store.passrows import NO_ROW
from alprviewer.store.tables import Table

LISTED = "listed"
"""The column of what is listed."""


class SortKey(NamedTuple):
    """A column to sort by, and the direction."""

    name: str
    descending: bool = False


def table_of(columns: Columns, name: str) -> Table:
    """A table by its name: ``frames``, ``reads``, ``siblings``, ``problems`` or ``passes``."""
    tables = {
        "frames": columns.frames,
        "reads": columns.reads,
        "siblings": columns.siblings,
        "problems": columns.problems,
        "passes": columns.passes.rows,
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


def order(columns: Columns, table: str, keys: Sequence[SortKey], rows: Array | range | None = None) -> Array:
    """Row numbers of a table in the order of its keys, the first key first.

    Args:
        columns: the store.
        table: as ``table_of`` names it.
        keys: columns to sort by; none leaves the order of the source.
        rows: only these rows, in ascending order, or so many of the first ones; all where None.

    Raises:
        UsageError: a table has no such column.
    """
    return Order(columns, table, keys, rows).sequence()


class Order:
    """What ``order`` finds, in two steps: what stands about one row, and everything.

    Args:
        rows: as for ``order``; a range of the first rows is sorted faster than the same rows in an array.
        given: reals by the name of their key, one for each of ``rows``: what is no column of the store.
    """

    def __init__(
        self,
        columns: Columns,
        table: str,
        keys: Sequence[SortKey],
        rows: Array | range | None = None,
        given: Mapping[str, Array] | None = None,
    ) -> None:
        # Rows that are added meanwhile are not among these.
        first = range(len(table_of(columns, table))) if rows is None else rows
        self._count = len(first)
        self._rows = None if isinstance(first, range) else np.asarray(first, np.uint32)
        chosen = slice(self._count) if self._rows is None else self._rows
        values = given or {}
        found = [
            packed
            for key in keys
            for packed in (
                [_turned_if(_real_key(values[key.name]), key)]
                if key.name in values
                else _sort_keys(columns, table, key, chosen)
            )
        ]
        self._packed = PackedOrder(found, self._count) if keys else None

    def around(self, row: int | None, span: int) -> Array | None:
        """Row numbers of which ``span`` before and behind a row are in their places, or the first ones.

        Asked for once, before ``sequence``. None where that takes as long as the whole order.
        """
        if self._packed is None:
            return None
        if row is not None and self._rows is not None:
            place = int(np.searchsorted(self._rows, row))
            row = place if place < len(self._rows) and self._rows[place] == row else None
        places = self._packed.around(row if row is not None and row < self._count else None, span)
        return places if places is None or self._rows is None else self._rows[places]

    def sequence(self) -> Array:
        """Row numbers in their order. Asked for once: the keys are used up."""
        if self._packed is None:
            return np.arange(self._count, dtype=np.uint32) if self._rows is None else self._rows
        places = self._packed.sequence()
        return places if self._rows is None else self._rows[places]


def _sort_keys(columns: Columns, table: str, key: SortKey, rows: Array | slice) -> list[Key]:
    return [_turned_if(found, key) for found in _keys(columns, table, key.name, rows)]


def _turned_if(found: Key, key: SortKey) -> Key:
    return found.turned() if key.descending else found


def _keys(columns: Columns, table: str, name: str, rows: Array | slice) -> list[Key]:
    """Integers in the order of a column's values, the largest of which means that there is none."""
    source = table_of(columns, table)
    if table == "reads" and name in _OF_THE_FRAME:
        return _keys(columns, "frames", name, source.column("frame")[rows])
    if name == "uuid":
        # By head as text, then by the number behind the last dash.
        return [*_keys(columns, table, "uuid_head", rows), *_keys(columns, table, "uuid_tail", rows)]
    if table == "frames" and name in _ENVELOPE_FIELDS:
        return [_ranked(_envelope_ranks(columns, name), source.column("envelope")[rows])]
    if name == "place":
        return [Key(np.arange(len(source), dtype=np.uint32)[rows], len(source))]
    if name == "plate_width":
        return [_real_key(plate_width(columns.reads.column("quad")[rows]))]
    if table in ("reads", "passes") and name in (*DECIDED, LISTED):
        return [_said_key(columns, table, name, rows)]
    if name not in source.names:
        raise UsageError(f"There is no column {name!r} to sort {table} by.")
    values = source.column(name)[rows]
    if values.ndim > 1:
        raise UsageError(f"The column {name!r} of {table} holds several numbers, which have no order.")
    if source is columns.passes.rows and name in ("number", "sibling"):
        return [_integer_key(np.where(values == NO_ROW, absent("i8"), values.astype(np.int64)))]
    if name == "consensus":
        return [_ranked(columns.passes.texts.ranks(), values)]
    if name in CODED:
        return [_ranked(columns.dictionaries[CODED[name]].ranks(values), values)]
    if values.dtype.kind == "f":
        return [_real_key(values)]
    if values.dtype.kind == "i":
        return [_integer_key(values)]
    return [Key(values, int(values.max(initial=0)) + 1)]


def _said_key(columns: Columns, table: str, name: str, rows: Array | slice) -> Key:
    """What others know of reads and passes: what is listed before what is near, and what was decided."""
    if name == LISTED:
        return Key(np.uint8(Listed.EXACT) - columns.listed_states(table, rows), int(Listed.EXACT))
    # Of a pass what was decided of its best read: who decides about a pass decides about all its reads.
    which = rows if table == "reads" else columns.passes.rows.column("best_read")[rows]
    return _ranked(columns.decided.texts[name].ranks(), columns.decided.codes(name, which))


def _ranked(ranks: Array, codes: Array) -> Key:
    """A key from the ranks of codes, the largest of which means that there is no value."""
    return Key(ranks.take(codes, mode="clip"), int(ranks[CODE_ABSENT]))


def _integer_key(values: Array) -> Key:
    """Distances from the lowest value. Absent and invalid, the lowest of the type, wrap round."""
    states = absent(values.dtype) + 1
    high = int(values.max(initial=states))
    if high == states:
        return Key(np.zeros(len(values), np.uint8), 0)
    low = int(values.min())
    if low <= states:
        low = int(values.min(where=values > states, initial=high))
    last = high - low + 1
    distances = values.astype(np.int64, copy=False).view(np.uint64) - np.uint64(low % 2**64)
    np.minimum(distances, np.uint64(last), out=distances)
    return Key(distances, last)


def _real_key(values: Array) -> Key:
    """Order-preserving integers for reals: the bits of a positive float sort like the float itself."""
    size = values.dtype.itemsize
    signed, unsigned = (np.int32, np.uint32) if size == 4 else (np.int64, np.uint64)
    # Adding 0 makes the negative 0 positive.
    bits = (values + values.dtype.type(0)).view(signed)
    bits ^= (bits >> signed(8 * size - 1)) & np.iinfo(signed).max
    key = bits.view(unsigned)
    key ^= unsigned(1 << (8 * size - 1))
    last = int(np.iinfo(unsigned).max)
    key[~np.isfinite(values)] = last
    return Key(key, last)


def _text_key(text: str | None) -> tuple[str, str]:
    return ((text or "").casefold(), text or "")


def _envelope_ranks(columns: Columns, name: str) -> Array:
    values = [getattr(envelope, name) for envelope in columns.envelopes()]
    numbers = {value for value in values if isinstance(value, (int, float))}
    texts = {value for value in values if isinstance(value, str)}
    # Two camera ids may be equal in different envelopes, so equal values must get equal ranks.
    places = {value: place for place, value in enumerate([*sorted(numbers), *sorted(texts, key=_text_key)])}
    return np.array(
        [places.get(value, len(places)) if value.__hash__ else len(places) for value in values], np.uint32
    )


def plate_width(quads: Array) -> Array:
    """Mean length of the top and the bottom edge of quads in pixels; NaN without a quad."""
    corners = quads.astype(np.float64)
    missing = corners[:, 0] <= absent("i2") + 1
    top = np.hypot(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    bottom = np.hypot(corners[:, 4] - corners[:, 6], corners[:, 5] - corners[:, 7])
    return np.where(missing, np.nan, (top + bottom) / 2)
