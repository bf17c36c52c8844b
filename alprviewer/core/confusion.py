"""Which characters are taken for which: truth and reading aligned with the fewest edits, and counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from alprviewer.core.metrics import Kind, Sample


class Cell(NamedTuple):
    """A true character and what was read there; ``true`` is empty for an extra, ``read`` for a missing one.

    ``position`` is the place in the true plate from 0 (of an extra character the one it stands before).
    """

    true: str
    read: str
    position: int


def cells(truth: str, observed: str) -> Iterator[Cell]:
    """The characters of two texts side by side."""
    for block in Levenshtein.opcodes(observed, truth):
        if block.tag in ("equal", "replace"):
            for step in range(block.dest_end - block.dest_start):
                position = block.dest_start + step
                yield Cell(truth[position], observed[block.src_start + step], position)
        elif block.tag == "delete":
            for place in range(block.src_start, block.src_end):
                yield Cell("", observed[place], block.dest_start)
        else:
            for position in range(block.dest_start, block.dest_end):
                yield Cell(truth[position], "", position)


class Measured(NamedTuple):
    """How decided plates were read.

    Attributes:
        pairs: how often each true character was read as which; equal ones too, with fractions.
        plates: vehicles whose plate was decided.
    """

    pairs: dict[tuple[str, str], float]
    plates: int


def measured(readings: Iterable[tuple[str, str, float]], plates: int) -> Measured:
    """What each true character was read as.

    Args:
        readings: true plate and what was read, in normal form, and how much it counts.
        plates: of how many vehicles.
    """
    pairs: defaultdict[tuple[str, str], float] = defaultdict(float)
    for truth, read, weight in readings:
        for cell in cells(truth, read):
            if cell.true and cell.read:
                pairs[cell.true, cell.read] += weight
    return Measured(dict(pairs), plates)


def confusions(samples: Iterable[Sample]) -> dict[Cell, list[int]]:
    """The rows of the reads in each cell, cells with equal characters too; most frequent first."""
    found: defaultdict[Cell, list[int]] = defaultdict(list)
    for sample in samples:
        if sample.kind is Kind.PLATE:
            for cell in cells(sample.truth, sample.observed):
                found[cell].append(sample.row)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def by_character(found: dict[Cell, list[int]]) -> dict[tuple[str, str], list[int]]:
    """The same whatever the position: from true and read character to rows; most frequent first."""
    joined: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for cell, rows in found.items():
        joined[cell.true, cell.read].extend(rows)
    ordered = sorted(joined.items(), key=lambda item: (-len(item[1]), item[0]))
    return {key: sorted(rows) for key, rows in ordered}
