"""Exported rows in another order than that of their sources, without holding them in memory.

The rows wait in a temporary file while their keys are sorted. So every column can be a key, in full
precision, and a compressed source or a pipe is read once only.
"""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from alprviewer.core.errors import UserError
from alprviewer.store.select import SortKey

Row = dict[str, Any]


def sort_rows(rows: Iterable[Row], columns: Sequence[str], keys: Sequence[SortKey]) -> Iterator[Row]:
    """The rows by their keys, the first key first. Absent values come last, up or down.

    The order is stable. Texts compare ignoring case first; numbers come before texts.

    Raises:
        UserError: there is no room for the temporary file.
    """
    values: list[list[Any]] = [[] for _ in keys]
    starts = array("q")
    try:
        with tempfile.TemporaryFile(prefix="alprviewer-") as file:
            for row in rows:
                for key, column in zip(keys, values, strict=True):
                    column.append(row[key.name])
                starts.append(file.tell())
                pickle.dump([row[name] for name in columns], file, 5)
            for index in _order(len(starts), values, keys):
                file.seek(starts[index])
                yield dict(zip(columns, pickle.load(file), strict=True))  # noqa: S301 - written above
    except OSError as error:
        raise UserError(
            f"The rows to sort found no room in the temporary folder: {error.strerror}."
        ) from error


def _order(count: int, values: Sequence[list[Any]], keys: Sequence[SortKey]) -> list[int]:
    order = list(range(count))
    for key, column in reversed(list(zip(keys, values, strict=True))):
        present = [index for index in order if column[index] is not None]
        absent = [index for index in order if column[index] is None]
        ranks = {index: _rank(column[index]) for index in present}
        present.sort(key=ranks.__getitem__, reverse=key.descending)
        order = present + absent
    return order


def _rank(value: Any) -> tuple[int, Any, str]:
    return (1, value.casefold(), value) if isinstance(value, str) else (0, value, "")
