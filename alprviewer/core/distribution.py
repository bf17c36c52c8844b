"""How values are spread: bars, each with the terms of a query that let its values through."""

from __future__ import annotations

from math import floor, inf
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.query.complete import terms_of, with_term
from alprviewer.core.query.tree import And, Compare, Tree
from alprviewer.language import tr

_STEPS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0)
"""All of them exact in 32 bits, so that a bar holds what its terms let through."""
Terms = tuple[tuple[str, tuple[Tree, ...]], ...]
"""By field the terms that ask for it."""


class Bar(NamedTuple):
    """A bar.

    Attributes:
        words: what it stands for, for people.
        terms: what lets its values through; none where no query can ask for it.
        all: how many there are.
        shown: how many of them the filter lets through.
    """

    words: str
    terms: Terms
    all: int
    shown: int


class Distribution(NamedTuple):
    """Bars of one kind.

    Attributes:
        title: of what.
        bars: in the order shown.
        notes: what no bar stands for, in words.
        things: what is counted: ``read`` or ``pass``.
        width: how many bars stand beside each other; 0 where each has a line of its own.
        lines: names of the lines where several bars stand beside each other.
    """

    title: str
    bars: tuple[Bar, ...]
    notes: tuple[str, ...] = ()
    things: str = "read"
    width: int = 0
    lines: tuple[str, ...] = ()


def edges_for(values: Array, most: int, top: float = inf, least: float = 0) -> Array:
    """Edges of at most so many equal bins for the finite values, up to ``top``; none without any.

    Bins are ``least`` wide or wider. There are two at least where values lie on both sides of zero.
    """
    finite = values[np.isfinite(values)]
    if not len(finite):
        return np.empty(0)
    low, high = float(finite.min()), min(float(finite.max()), top)
    step = next(
        (each for each in _STEPS if each >= least and floor(high / each) - floor(low / each) < most),
        _STEPS[-1],
    )
    first, last = floor(low / step), floor(high / step) + 1
    if low >= top:
        first -= 1  # nothing is above the highest value: it belongs to the bin below it
    return np.unique(np.minimum(np.arange(first, last + 1) * step, top))


def number_bars(
    field: str, values: Array, chosen: Array | None, most: int, top: float = inf, *, whole: bool = False
) -> tuple[Bar, ...]:
    """Bars of a numeric field.

    Args:
        field: of queries.
        values: of all, NaN for none.
        chosen: places of those that are shown; None for all.
        most: how many bars.
        top: the highest value that there can be; it is in the last bar.
        whole: values are whole numbers.
    """
    edges = edges_for(values, most, top, 1.0 if whole else 0.0)
    bins = len(edges) - 1
    if bins < 1:
        return ()
    ends = edges.copy()
    ends[-1] = inf if edges[-1] == top else edges[-1]
    finite = values[np.isfinite(values)]
    counted = _counted(finite, ends)
    shown = counted if chosen is None else _counted(values[chosen], ends)
    bars = []
    for place, (low, high) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        terms: tuple[Tree, ...] = (Compare(field, ">=", low),)
        if ends[place + 1] != inf:
            terms += (Compare(field, "<", high),)
        words = _words(low, high, whole=whole)
        bars.append(Bar(words, ((field, terms),), int(counted[place]), int(shown[place])))
    return tuple(bars)


def _words(low: float, high: float, *, whole: bool) -> str:
    if whole and high - low <= 1:
        return _number(low)
    return tr("{low} to {high}", low=_number(low), high=_number(high - 1 if whole else high))


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _counted(values: Array, edges: Array) -> Array:
    values = values[np.isfinite(values)]
    places = np.searchsorted(edges.astype(values.dtype), values, side="right")
    return np.bincount(places, minlength=len(edges) + 1)[1 : len(edges)]


def is_set(tree: Tree | None, bar: Bar) -> bool:
    """True if a query asks for a bar."""
    return bool(bar.terms) and all(terms_of(tree, field) == terms for field, terms in bar.terms)


def toggled(tree: Tree | None, bar: Bar) -> Tree | None:
    """The query with a bar's terms in place of all of their fields; without them where they are all there."""
    was_set = is_set(tree, bar)
    for field, terms in bar.terms:
        tree = with_term(tree, field, None)
        if not was_set:
            before = tree.terms if isinstance(tree, And) else () if tree is None else (tree,)
            together = (*before, *terms)
            tree = together[0] if len(together) == 1 else And(together)
    return tree
