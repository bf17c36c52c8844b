"""What belongs to a row in the other tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.store.columns import Columns
from alprviewer.store.passrows import NO_ROW

Narrowing = dict[str, tuple[Array, str]]
"""By table the rows that are left, ascending, and a few words on why."""


def linked_rows(capture: Capture, models: Mapping[str, RowsModel], table: str, row: int) -> Narrowing:
    """To what the other tables narrow when the user selects a row of one."""
    columns = capture.columns
    if table == "passes":
        return _of_pass(columns, models, row)
    if table == "frames":
        first, count = (int(columns.frames.column(name)[row]) for name in ("first_read", "reads"))
        return {"reads": (np.arange(first, first + count), f"{_counted(count, 'read')} of frame {row + 1:,}")}
    if table == "reads":
        frame = int(columns.reads.column("frame")[row])
        plate, time = (models["reads"].text_of(row, name) for name in ("plate", "epoch_time"))
        return {"frames": (np.array([frame]), f"The frame of read {plate}, {time}")}
    return _of_group(columns, models, row) if table == "siblings" else {}


def _of_pass(columns: Columns, models: Mapping[str, RowsModel], row: int) -> Narrowing:
    """The reads of a pass, their frames, and the groups that it is linked with."""
    plate, time = (models["passes"].text_of(row, name) for name in ("consensus", "start"))
    of_pass = f"of the pass {plate}, {time}"
    reads = columns.passes.reads_of(row)
    frames = np.unique(columns.reads.column("frame")[reads])
    found = {
        "reads": (reads, f"{_counted(len(reads), 'read')} {of_pass}"),
        "frames": (frames, f"{_counted(len(frames), 'frame')} {of_pass}"),
    }
    groups = columns.passes.siblings_of(row)
    if len(groups):
        found["siblings"] = groups, f"{_counted(len(groups), 'group')} {of_pass}"
    return found


def _of_group(columns: Columns, models: Mapping[str, RowsModel], row: int) -> Narrowing:
    """The passes that a group is linked with, their reads and frames; nothing without any."""
    links = columns.passes.links_of(row)
    if not len(links):
        return {}
    plate, time, linked = (models["siblings"].text_of(row, name) for name in ("plate", "start", "linked"))
    of_group = f"of the group {plate}, {time} ({linked})"
    rows = np.sort(links["row"])
    reads = np.flatnonzero(np.isin(columns.passes.row_of_read, rows))
    frames = np.unique(columns.reads.column("frame")[reads])
    return {
        "passes": (rows, f"{_counted(len(rows), 'pass', 'es')} {of_group}"),
        "reads": (reads, f"{_counted(len(reads), 'read')} {of_group}"),
        "frames": (frames, f"{_counted(len(frames), 'frame')} {of_group}"),
    }


def companions(columns: Columns, table: str, row: int) -> dict[str, int]:
    """The rows on which the tables stand while a row of one is selected, that row among them."""
    found = {table: row}
    passes = columns.passes
    if table == "frames" and columns.frames.column("reads")[row]:
        found["reads"] = int(columns.frames.column("first_read")[row])
    elif table == "reads":
        found["frames"] = int(columns.reads.column("frame")[row])
    of_pass = passes.of_sibling(row) if table == "siblings" else None
    if "reads" in found:
        of_pass = passes.of_read(found["reads"])
    if of_pass is not None:
        found["passes"] = of_pass
        group = int(passes.rows.column("sibling")[of_pass])
        if group != NO_ROW and table != "siblings":
            found["siblings"] = group
    return found if table in ("reads", "frames", "siblings") else {}


def _counted(count: int, word: str, ending: str = "s") -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}{ending}"
