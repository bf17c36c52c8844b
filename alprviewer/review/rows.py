"""Entries of the journal as rows for CSV and JSON Lines, and what decisions add to rows of exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from alprviewer.capture.export import utc_text
from alprviewer.core.chain import Link
from alprviewer.core.standing import Standing
from alprviewer.review.decisions import Decisions
from alprviewer.review.matching import Judged

DECISION_COLUMNS = (
    "time_utc", "reviewer", "act", "plate", "region", "scope", "reads", "subjects", "shown", "blind",
    "reason", "tags", "note", "marked", "adjudicates", "seconds", "counts", "target", "writer", "sequence",
    "hash", "version", "gold",
)  # fmt: skip
"""Columns of ``journal export``. Names are a contract: add and never rename."""


def decision_rows(
    links: Iterable[Link], decisions: Decisions, wanted: set[str] | None
) -> Iterator[dict[str, Any]]:
    """Entries in their order, each with whether it still counts.

    Args:
        links: all of the journal.
        decisions: what they say.
        wanted: digests of reads; entries about none of them are left out. None: all entries.
    """
    by_place = {link[:2]: link for link in links}
    for placed in decisions.history():
        entry = placed.entry
        if wanted is not None and not any(read.digest in wanted for read in entry.reads):
            continue
        row = {name: getattr(entry, name, None) for name in DECISION_COLUMNS}
        yield row | {
            "time_utc": utc_text(entry.time),
            "act": entry.act.value,
            "scope": entry.scope.value,
            "reads": len(entry.reads),
            "subjects": [msgspec.to_builtins(read) for read in entry.reads],
            "tags": list(entry.tags),
            "target": f"{entry.target.writer}:{entry.target.sequence}" if entry.target else None,
            "gold": entry.gold.value if entry.gold else None,
            "counts": decisions.counts(placed),
            "writer": placed.writer,
            "sequence": placed.sequence,
            "hash": by_place[placed.writer, placed.sequence].hash,
        }


def decided_cells(judged: Judged) -> Callable[[str, int], dict[str, Any]]:
    """What a capture's exports have of decisions: for ``Capture.decided``."""

    def cells(what: str, row: int) -> dict[str, Any]:
        if what == "reads":
            return decided(judged.read(row))
        found = decided(judged.of_pass(row))
        return {name: found[name] for name in ("decision", "resolved_plate") if name in found}

    return cells


def decided(standing: Standing | None) -> dict[str, Any]:
    """What a read's or a pass's decision says in the columns of exports; empty where nobody decided."""
    if standing is not None and standing.disputed:
        return {"decision": "disputed"}
    if standing is None or standing.decision is None:
        return {}
    entry = standing.decision.entry
    return {
        "decision": entry.act.value,
        "resolved_plate": entry.plate,
        "reviewer": entry.reviewer,
        "decided_utc": utc_text(entry.time),
    }
