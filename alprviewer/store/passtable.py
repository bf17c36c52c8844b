"""From passes and Scout's groups to the table that is browsed."""

from __future__ import annotations

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.frame import SIBLING_KINDS, SiblingKind
from alprviewer.core.states import CODE_ABSENT, FIRST_CODE, absent
from alprviewer.store.columns import Columns
from alprviewer.store.grouplinks import group_links
from alprviewer.store.passes import NO_PASS, Passes, agreeing
from alprviewer.store.passrows import LINK_ROW_DTYPE, NO_ROW, PASS_ROW_DTYPE, PassTable
from alprviewer.store.tables import Dictionary, Table

_GROUP = SIBLING_KINDS.index(SiblingKind.GROUP)
_ABSENT = absent("i8")


def pass_table(columns: Columns, passes: Passes) -> PassTable:
    """The passes of a capture in the order of their beginning, Scout's groups among them.

    A group is linked with the passes of the frames that it names (``grouplinks``). One of a source without
    frames that is linked with none is a pass of its own; of those that name the same best frame, as previews
    and what follows them do, the last one counts. May run beside a thread that appends.
    """
    siblings = len(columns.siblings)
    groups = np.flatnonzero(columns.siblings.part("kind", 0, siblings) == _GROUP)
    links, present = group_links(columns, passes, groups, siblings)
    alone = _alone(columns, np.setdiff1d(groups, links["sibling"]))
    is_first = np.diff(links["sibling"], prepend=-1) != 0
    texts = Dictionary()
    rows = np.concatenate((_found(columns, passes, texts), _groups(columns, alone)))
    # Of several groups of a pass, what is written last stands there: one that is about this pass rather than
    # about another one, then the one that names most of its frames, then the last.
    standing = links[np.lexsort((links["frames"], is_first))]
    rows["sibling"][standing["number"]] = standing["sibling"]
    order = np.argsort(
        np.where(rows["start"] <= _ABSENT + 1, np.iinfo("i8").max, rows["start"]), kind="stable"
    )
    place = np.empty(len(order) + 1, np.uint32)
    place[order], place[-1] = np.arange(len(order)), NO_ROW
    row_of_sibling = np.full(siblings, NO_ROW, np.uint32)
    row_of_sibling[links["sibling"][is_first]] = place[links["number"][is_first]]
    row_of_sibling[alone] = place[len(passes) : -1]
    linked = np.zeros(len(links), LINK_ROW_DTYPE)
    linked["sibling"], linked["row"], linked["frames"] = (
        links["sibling"],
        place[links["number"]],
        links["frames"],
    )
    ids = (*passes.ids, *[None] * len(alone))
    table = Table(PASS_ROW_DTYPE, len(rows))
    table.append({name: rows[name][order] for name in PASS_ROW_DTYPE.names or ()}, len(rows))
    return PassTable(
        table,
        texts,
        tuple(ids[each] for each in order.tolist()),
        place[np.where(passes.of_read == NO_PASS, len(rows), passes.of_read)],
        row_of_sibling,
        linked,
        present,
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
    """Those of groups that are of sources without frames, the last one of each best frame."""
    with_frames = np.unique(columns.frames.column("source"))
    alone = groups[~np.isin(columns.siblings.column("source")[groups], with_frames)]
    head, tail = (columns.siblings.column(name)[alone] for name in ("uuid_head", "uuid_tail"))
    nameless = (head < FIRST_CODE) | (tail < 0)
    keys = np.stack((head.astype(np.int64), np.where(nameless, -2 - np.arange(len(tail)), tail)), axis=1)
    _, last = np.unique(keys[::-1], axis=0, return_index=True)
    found: Array = np.sort(alone[len(alone) - 1 - last])
    return found
