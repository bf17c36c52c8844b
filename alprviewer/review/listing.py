"""The plates that a user looks out for, from the settings and from a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.core.errors import UserError
from alprviewer.core.listed import Listed, PlateList, read_list
from alprviewer.core.states import CODE_ABSENT, FIRST_CODE
from alprviewer.language import tr
from alprviewer.store.columns import Columns
from alprviewer.store.listed import Groups, Judge, ListedRows, Sighting, grouped
from alprviewer.store.matchers import Handed
from alprviewer.store.passrows import NO_ROW
from alprviewer.store.tables import Dictionary

MAX_LIST_BYTES = 4 << 20
"""Largest list that is read."""


def listed_plates(typed: Iterable[str], file: str) -> PlateList:
    """The plates that were typed, and those of a text file (UTF-8, one a line).

    Args:
        typed: queries.
        file: its name; empty for none.

    Raises:
        UserError: the file cannot be read, or a line is no query.
    """
    # For translators: stands for the name of a file in "Line 1 of FILE cannot be understood".
    lines = list(read_list(typed, tr("the listed plates")).lines)
    if file:
        lines += read_list(_text(Path(file)).splitlines(), file).lines
    return PlateList(lines)


def compared(columns: Columns, judge: Judge, before: ListedRows) -> ListedRows:
    """Reads and passes compared with a list. May run beside a thread that appends, with a snapshot.

    Args:
        columns: the capture's.
        judge: who compares, and remembers the spellings it met.
        before: what it found of the first reads, none of which is looked at again.

    Raises:
        Cancelled: the judge was told that the answer is not wanted.
    """
    table, known, count = columns.passes, len(before.reads), len(columns.reads)
    if not len(judge.plates):
        return ListedRows(judge, np.zeros(count, np.uint8), table)
    new = judge.reads(columns.reads, columns.candidates, known, count)
    reads = np.concatenate((before.reads, new))
    codes = table.rows.column("consensus").tolist()
    texts = [table.texts.value(code) if code >= FIRST_CODE else None for code in codes]
    return ListedRows(judge, reads, table, grouped(reads, table.row_of_read, judge.consensus(texts)))


def sighting(columns: Columns, table: str, row: int) -> Sighting | None:
    """Why a row of ``reads`` or ``passes`` is listed, or near what is; None where it is neither."""
    known = columns.listed
    if known.judge is None or not columns.listed_states(table, np.array([row]))[0]:
        return None
    of_pass = columns.passes.of_read(row) if table == "reads" else row
    read = row if table == "reads" else int(known.passes.best[row])
    code = CODE_ABSENT if of_pass is None else int(columns.passes.rows.column("consensus")[of_pass])
    return nearest(
        columns, known.judge, read, columns.passes.texts.value(code) if code >= FIRST_CODE else None
    )


def nearest(columns: Columns, judge: Judge, read: int, consensus: str | None) -> Sighting | None:
    """Why a read, or what its pass supports, is listed or near what is.

    Args:
        columns: the capture's.
        judge: has compared them.
        read: its row; ``NO_ROW`` for none.
        consensus: of the pass.
    """
    found = [judge.of_consensus(consensus)]
    if read != NO_ROW:
        reads = columns.reads
        first, count = (int(reads.column(name)[read]) for name in ("first_candidate", "candidates"))
        candidates = columns.candidates.column("plate")[first : first + count]
        found.append(judge.of_read(int(reads.column("plate")[read]), candidates))
    return min((each for each in found if each is not None), key=lambda each: each.rank, default=None)


def listed_of(capture: Capture, plates: PlateList) -> tuple[Judge, Groups]:
    """What is listed of a capture, all of it at once: its passes, with their consensus, were found."""
    columns, passes = capture.columns, capture.passes
    assert passes is not None, "the passes of the capture were not found"
    judge = Judge(plates, columns.dictionaries["plate"].value)
    reads = judge.reads(columns.reads, columns.candidates, 0, len(passes.of_read))
    return judge, grouped(reads, passes.of_read, judge.consensus(passes.consensus))


def listed_column(reads: Array) -> Handed:
    """The column that queries may ask for: ``exact`` or ``near`` of each read that is, as far as known.

    Args:
        reads: ``Listed`` of each.
    """
    words = Dictionary()
    code_of = np.full(len(Listed), CODE_ABSENT, np.uint8)
    for each in (Listed.NEAR, Listed.EXACT):
        code_of[each] = words.code(each.name.lower())
    return Handed(code_of[reads], words)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            data = opened.read(MAX_LIST_BYTES + 1)
        if len(data) > MAX_LIST_BYTES:
            raise UserError(
                tr(
                    "The list of plates {file} is larger than {size} MiB; shorten it.",
                    file=path,
                    size=MAX_LIST_BYTES >> 20,
                )
            )
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UserError(
            tr("The list of plates {file} cannot be read: {reason}.", file=path, reason=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise UserError(
            tr("The list of plates {file} is not UTF-8 text; save it as such.", file=path)
        ) from error
