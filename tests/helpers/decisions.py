"""Entries of a journal, made up: single ones, and strategies for any."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import strategies as st

from alprviewer.core.decision import VERDICTS, Act, Entry, Gold, ReadSubject, Scope, Target, in_subject_order

_NEEDS_PLATE = (Act.CORRECT, Act.WRONG, Act.WRONG_REGION)


def subject(number: int = 0) -> ReadSubject:
    """The subject of a read; each number another one."""
    return ReadSubject(hashlib.sha256(str(number).encode()).hexdigest(), 0, f"U-{number + 1}")


def entry(**changes: Any) -> Entry:
    """Ann says that a read is correct."""
    values: dict[str, Any] = {
        "time": 1_700_000_000_000,
        "reviewer": "ann",
        "scope": Scope.READ,
        "reads": (subject(),),
        "act": Act.CORRECT,
        "plate": "ABC123",
        "version": "1.0",
    }
    return Entry(**(values | changes))


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=8)
words = st.text(st.characters(codec="utf-8"), max_size=12)
plates = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any entry that can be said."""
    act = draw(st.sampled_from(Act))
    scope = draw(st.sampled_from(Scope))
    chosen = draw(st.sets(st.integers(0, 9), min_size=1, max_size=1 if scope is Scope.READ else 4))
    is_region = act is Act.WRONG_REGION
    return Entry(
        time=draw(st.integers(0, 10**14 - 1)),
        reviewer=draw(names),
        scope=scope,
        reads=in_subject_order(map(subject, chosen)),
        act=act,
        plate=draw(plates) if act in _NEEDS_PLATE else draw(st.none() | plates),
        region=draw(words) if is_region else draw(st.none() | words),
        reason=draw(words),
        tags=tuple(draw(st.lists(names, max_size=3))),
        note=draw(words) if act is Act.NOTE else None,
        marked=draw(st.booleans()) if act is Act.MARK else None,
        target=Target(draw(names), draw(st.integers(1, 50))) if act in (Act.UNDO, Act.REDO) else None,
        shown=draw(st.none() | words),
        blind=draw(st.booleans()),
        adjudicates=draw(st.booleans()),
        gold=draw(st.none() | st.sampled_from(Gold)) if act in VERDICTS else None,
        seconds=draw(st.none() | st.floats(0, 1e6)),
        version=draw(names),
    )
