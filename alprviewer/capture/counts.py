"""The counts of a capture: ``alprviewer index``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from alprviewer.capture.cache import Cache, find_passes
from alprviewer.capture.capture import Capture
from alprviewer.capture.intake import load
from alprviewer.core.passes import PassRules
from alprviewer.sources.paths import SourceFile


def index(
    names: Sequence[str | SourceFile], cache: Cache | None = None, rules: PassRules | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Read sources once, and find passes where there are rules for them.

    Returns the counts as ``index --json`` prints them, and what could not be read.

    What the cache knows is not read; what it does not is kept there.

    Raises:
        SourceError: nothing could be read at all.
    """
    begun = time.perf_counter()
    capture = load(names, cache)
    seconds = time.perf_counter() - begun
    if cache is not None:
        cache.keep(capture)
    if rules is not None:
        find_passes(capture, rules, cache, with_consensus=False)
    return counts(capture, seconds), [source.failure for source in capture.sources if source.failure]


def counts(capture: Capture, seconds: float) -> dict[str, Any]:
    """The counts of a capture that took ``seconds`` to read."""
    total = sum(capture.owned.values())
    siblings = capture.sibling_counts()
    return {
        "frames": len(capture.columns.frames),
        "reads": len(capture.columns.reads),
        "distinct_plates": capture.columns.distinct_plates,
        "passes": None if capture.passes is None else len(capture.passes),
        **siblings,
        "problems": capture.problem_counts(),
        "bytes": total,
        "bytes_by": dict(capture.owned),
        "seconds": round(seconds, 3),
        "bytes_per_second": round(total / seconds) if seconds > 0 else 0,
    }


def text(counts: dict[str, Any]) -> str:
    """The counts for people."""
    lines = [
        f"{name.replace('_', ' '):>16}  {value:,}" for name, value in counts.items() if isinstance(value, int)
    ]
    problems = ", ".join(f"{count:,} {kind}" for kind, count in counts["problems"].items()) or "none"
    owners = ", ".join(f"{owner} {count:,}" for owner, count in counts["bytes_by"].items() if count)
    return "\n".join((*lines, f"{'problems':>16}  {problems}", f"{'bytes by owner':>16}  {owners}"))
