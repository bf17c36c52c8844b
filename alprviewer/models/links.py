"""What belongs to a row in the other tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.language import tr, trn
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
        said = trn(
            "{count:,} read of frame {frame:,}", "{count:,} reads of frame {frame:,}", count, frame=row + 1
        )
        return {"reads": (np.arange(first, first + count), said)}
    if table == "reads":
        frame = int(columns.reads.column("frame")[row])
        plate, time = (models["reads"].text_of(row, name) for name in ("plate", "epoch_time"))
        return {
            "frames": (np.array([frame]), tr("The frame of read {plate}, {time}", plate=plate, time=time))
        }
    return _of_group(columns, models, row) if table == "siblings" else {}


def _of_pass(columns: Columns, models: Mapping[str, RowsModel], row: int) -> Narrowing:
    """The reads of a pass, their frames, and the groups that it is linked with."""
    said = {
        name: models["passes"].text_of(row, column)
        for name, column in (("plate", "consensus"), ("time", "start"))
    }
    reads = columns.passes.reads_of(row)
    frames = np.unique(columns.reads.column("frame")[reads])
    found = {
        "reads": (
            reads,
            trn(
                "{count:,} read of the pass {plate}, {time}",
                "{count:,} reads of the pass {plate}, {time}",
                len(reads),
                **said,
            ),
        ),
        "frames": (
            frames,
            trn(
                "{count:,} frame of the pass {plate}, {time}",
                "{count:,} frames of the pass {plate}, {time}",
                len(frames),
                **said,
            ),
        ),
    }
    groups = columns.passes.siblings_of(row)
    if len(groups):
        found["siblings"] = (
            groups,
            trn(
                "{count:,} group of the pass {plate}, {time}",
                "{count:,} groups of the pass {plate}, {time}",
                len(groups),
                **said,
            ),
        )
    return found


def _of_group(columns: Columns, models: Mapping[str, RowsModel], row: int) -> Narrowing:
    """The passes that a group is linked with, their reads and frames; nothing without any."""
    links = columns.passes.links_of(row)
    if not len(links):
        return {}
    said = {
        name: models["siblings"].text_of(row, column)
        for name, column in (("plate", "plate"), ("time", "start"), ("linked", "linked"))
    }
    rows = np.sort(links["row"])
    reads = np.flatnonzero(np.isin(columns.passes.row_of_read, rows))
    frames = np.unique(columns.reads.column("frame")[reads])
    return {
        "passes": (
            rows,
            trn(
                "{count:,} pass of the group {plate}, {time} ({linked})",
                "{count:,} passes of the group {plate}, {time} ({linked})",
                len(rows),
                **said,
            ),
        ),
        "reads": (
            reads,
            trn(
                "{count:,} read of the group {plate}, {time} ({linked})",
                "{count:,} reads of the group {plate}, {time} ({linked})",
                len(reads),
                **said,
            ),
        ),
        "frames": (
            frames,
            trn(
                "{count:,} frame of the group {plate}, {time} ({linked})",
                "{count:,} frames of the group {plate}, {time} ({linked})",
                len(frames),
                **said,
            ),
        ),
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
