"""What a query may ask of the passes: columns of reads, computed from the passes of a capture."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

import numpy as np

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.core.query.times import Clock
from alprviewer.core.query.tree import Tree, fields_of
from alprviewer.core.states import CODE_ABSENT
from alprviewer.store.filtering import Filter
from alprviewer.store.matchers import Handed, Surroundings
from alprviewer.store.passes import NO_PASS, Passes, agreeing
from alprviewer.store.tables import Dictionary

_OF_THE_CONSENSUS = frozenset({"consensus", "any", "prob", "agree", "listed"})
_OF_PASSES = frozenset({"decision"}) | _OF_THE_CONSENSUS | {"pass", "passreads", "duration"}


def asks_passes(tree: Tree) -> bool:
    """True if the query asks for something that only passes, or reviewers, know."""
    return bool(_OF_PASSES & fields_of(tree))


def asks_consensus(tree: Tree) -> bool:
    """True if the query asks what passes support together: bare text does, too."""
    return bool(_OF_THE_CONSENSUS & fields_of(tree))


def pass_columns(capture: Capture, passes: Passes) -> dict[str, Handed]:
    """The columns that passes give to their reads, by field.

    ``prob`` and ``agree`` are percentages, ``duration`` is seconds; NaN and no text for reads without a pass
    and for passes without a consensus.
    """
    table, of_read = passes.table, passes.of_read
    supported, texts = _coded(passes.consensus)
    ids, names = _coded(passes.ids)
    numbers = {
        "prob": 100 * table["probability"].astype(np.float64),
        "agree": 100 * agreement(capture, passes),
        "passreads": table["reads"].astype(np.float64),
        "duration": (table["end"] - table["start"]) / 1000,
    }
    return {
        "pass": Handed(np.append(ids, CODE_ABSENT), names, of_read),
        "consensus": Handed(np.append(supported, CODE_ABSENT), texts, of_read),
        **{name: Handed(np.append(values, np.nan), None, of_read) for name, values in numbers.items()},
    }


def agreement(capture: Capture, passes: Passes) -> Array:
    """The share of each pass's reads whose observed plate is its consensus; NaN where there is none."""
    shares = agreeing(capture.columns, passes) / np.maximum(passes.table["reads"], 1)
    return np.where([text is None for text in passes.consensus], np.nan, shares)


def matching_rows(capture: Capture, what: str, tree: Tree, clock: Clock) -> Array:
    """Numbers of the rows of ``reads``, ``frames``, ``problems`` or ``passes`` that a query selects."""
    passes = capture.passes
    handed = pass_columns(capture, passes) if passes is not None else {}
    if capture.decided is not None and "decision" in fields_of(tree):
        handed["decision"] = _decisions(capture, capture.decided)
    if capture.listed is not None and "listed" in fields_of(tree):
        handed["listed"] = capture.listed()
    sources = [source.name for source in capture.sources]
    around = Surroundings(sources, dict(capture.camera_names), handed)
    chosen = Filter(tree, capture.columns, clock, around)
    if what != "passes":
        return chosen.select(what)
    assert passes is not None
    group_of = np.where(passes.of_read == NO_PASS, -1, passes.of_read.astype(np.int64))
    return np.flatnonzero(chosen.groups(group_of, len(passes)))


def _coded(texts: Iterable[Hashable]) -> tuple[Array, Dictionary]:
    dictionary = Dictionary()
    return np.array([dictionary.code(text) for text in texts], np.int64), dictionary


def _decisions(capture: Capture, decided: Callable[[str, int], dict[str, Any]]) -> Handed:
    """What was decided of each read, in a word."""
    rows = range(len(capture.columns.reads))
    return Handed(*_coded(decided("reads", row).get("decision") for row in rows))
