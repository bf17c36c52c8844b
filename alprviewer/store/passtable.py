"""From passes and Scout's groups to the table that is browsed."""

from __future__ import annotations

from typing import Any

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.frame import SIBLING_KINDS, SiblingKind
from alprviewer.core.states import CODE_ABSENT, FIRST_CODE, absent
from alprviewer.store.columns import Columns
from alprviewer.store.passes import NO_PASS, Passes, agreeing
from alprviewer.store.passrows import NO_ROW, PASS_ROW_DTYPE, PassTable
from alprviewer.store.tables import Dictionary, Table

_GROUP = SIBLING_KINDS.index(SiblingKind.GROUP)
_ABSENT = absent("i8")


def pass_table(columns: Columns, passes: Passes) -> PassTable:
    """The passes of a capture in the order of their beginning, Scout's groups among them.

    A group is a pass of its own where its source holds no frames; of groups that name the same best frame,
    as previews and what follows them do, the last one counts. Any other group is linked with the pass of its
    best frame's read. May run beside a thread that appends.
    """
    siblings = len(columns.siblings)
    groups = np.flatnonzero(columns.siblings.part("kind", 0, siblings) == _GROUP)
    alone = _alone(columns, groups)
    linked = _linked(columns, passes, np.setdiff1d(groups, alone, assume_unique=True))
    texts = Dictionary()
    rows = np.concatenate((_found(columns, passes, texts), _groups(columns, alone)))
    pass_of = linked[linked >= 0]
    rows["sibling"][pass_of] = np.flatnonzero(linked >= 0)
    order = np.argsort(
        np.where(rows["start"] <= _ABSENT + 1, np.iinfo("i8").max, rows["start"]), kind="stable"
    )
    place = np.empty(len(order) + 1, np.uint32)
    place[order], place[-1] = np.arange(len(order)), NO_ROW
    row_of_sibling = np.append(place[: len(passes)], np.uint32(NO_ROW))[np.append(linked, -1)[:siblings]]
    row_of_sibling[alone] = place[len(passes) : -1]
    ids = (*passes.ids, *[None] * len(alone))
    table = Table(PASS_ROW_DTYPE, len(rows))
    table.append({name: rows[name][order] for name in PASS_ROW_DTYPE.names or ()}, len(rows))
    return PassTable(
        table,
        texts,
        tuple(ids[each] for each in order.tolist()),
        place[np.where(passes.of_read == NO_PASS, len(rows), passes.of_read)],
        row_of_sibling,
    )


def _found(columns: Columns, passes: Passes, texts: Dictionary) -> Array:
    table, reads = passes.table, columns.reads
    rows = np.zeros(len(table), PASS_ROW_DTYPE)
    for name in ("start", "first_read", "best_read", "weighed", "reads"):
        rows[name] = table[name]
    rows["number"], rows["sibling"] = np.arange(len(table)), NO_ROW
    rows["spellings"] = table["plates"]
    rows["duration"] = table["end"] - table["start"]
    cameras = [_ABSENT if camera is None else camera for camera, _ in passes.cameras]
    rows["camera_id"] = np.array(cameras, np.int64)[table["camera"]]
    best = table["best_read"]
    for name, column in (("best_plate", "plate"), ("confidence", "confidence"), ("region", "region")):
        rows[name] = reads.column(column)[best]
    rows["consensus"] = [texts.code(text) for text in passes.consensus]
    rows["probability"] = 100 * table["probability"].astype(np.float64)
    is_known = rows["consensus"] >= FIRST_CODE
    agrees = agreeing(columns, passes)
    rows["agrees"] = np.where(is_known, agrees, _ABSENT)
    rows["agreement"] = np.where(is_known, 100 * agrees / np.maximum(table["reads"], 1), np.nan)
    return rows


def _groups(columns: Columns, groups: Array) -> Array:
    """Scout's groups as passes. What they do not tell is absent."""
    siblings = columns.siblings
    rows = np.zeros(len(groups), PASS_ROW_DTYPE)
    for name, column in (
        ("start", "start"),
        ("camera_id", "camera_id"),
        ("best_plate", "plate"),
        ("confidence", "confidence"),
        ("region", "region"),
    ):
        rows[name] = siblings.column(column)[groups]
    start, end = rows["start"], siblings.column("end")[groups]
    known = (start > _ABSENT + 1) & (end > _ABSENT + 1)
    rows["duration"] = np.where(known, end - np.where(known, start, 0), _ABSENT)
    named = siblings.column("uuids")[groups].astype(np.int64)
    rows["reads"] = np.where(named > 0, named, _ABSENT)
    rows["number"], rows["first_read"], rows["best_read"] = NO_ROW, NO_ROW, NO_ROW
    rows["sibling"] = groups
    rows["consensus"], rows["weighed"] = CODE_ABSENT, True
    rows["probability"] = rows["agreement"] = np.nan
    rows["spellings"] = rows["agrees"] = _ABSENT
    return rows


def _alone(columns: Columns, groups: Array) -> Array:
    """Groups of sources without frames, the last one of each best frame."""
    with_frames = np.unique(columns.frames.column("source"))
    alone = groups[~np.isin(columns.siblings.column("source")[groups], with_frames)]
    head, tail = (columns.siblings.column(name)[alone] for name in ("uuid_head", "uuid_tail"))
    nameless = (head < FIRST_CODE) | (tail < 0)
    keys = np.stack((head.astype(np.int64), np.where(nameless, -2 - np.arange(len(tail)), tail)), axis=1)
    _, last = np.unique(keys[::-1], axis=0, return_index=True)
    found: Array = np.sort(alone[len(alone) - 1 - last])
    return found


def _linked(columns: Columns, passes: Passes, groups: Array) -> Array:
    """Of each sibling the number of the pass that its best frame belongs to, -1 for none.

    Where that frame shows several vehicles, it is the one that was read as the group says.
    """
    linked = np.full(len(columns.siblings), -1, np.int64)
    siblings, frames = columns.siblings, columns.frames
    if not len(groups):
        return linked
    head, tail, plate = (siblings.column(name)[groups] for name in ("uuid_head", "uuid_tail", "plate"))
    count = len(frames)
    known = np.flatnonzero(np.isin(frames.part("uuid_tail", 0, count), tail[tail >= 0]))
    names = zip(*(frames.column(name)[known].tolist() for name in ("uuid_head", "uuid_tail")), strict=True)
    frame_of: dict[Any, int] = dict(zip(names, known.tolist(), strict=True))
    plates = columns.reads.column("plate")
    for group, name, says in zip(
        groups.tolist(), zip(head.tolist(), tail.tolist(), strict=True), plate.tolist(), strict=True
    ):
        frame = frame_of.get(name)
        if frame is None:
            continue
        first = int(frames.column("first_read")[frame])
        rows = range(first, min(first + int(frames.column("reads")[frame]), len(passes.of_read)))
        mine = [row for row in rows if passes.of_read[row] != NO_PASS]
        chosen = [row for row in mine if plates[row] == says] or (mine if len(mine) == 1 else [])
        if chosen:
            linked[group] = passes.of_read[chosen[0]]
    return linked
