"""Figures as cells: how they are called and written, and what is said of the reads behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from alprviewer.core.metrics import Interval
from alprviewer.language import tr, trn
from alprviewer.models.cells import ABSENT_TEXT
from alprviewer.models.figuretable import Cell
from alprviewer.review.figures import PER_CHARACTER, Figure


class FigureWords(NamedTuple):
    """How a figure is called, and what so many reads behind either side of it are."""

    title: str
    yes: Callable[[int], str]
    no: Callable[[int], str]


FIGURES = {
    "exact": FigureWords(
        tr("Read exactly right"),
        lambda count: trn("{count:,} read read exactly right", "{count:,} reads read exactly right", count),
        lambda count: trn("{count:,} read not read right", "{count:,} reads not read right", count),
    ),
    "top_n": FigureWords(
        tr("Truth among candidates"),
        lambda count: trn(
            "{count:,} read with the truth among the candidates",
            "{count:,} reads with the truth among the candidates",
            count,
        ),
        lambda count: trn("{count:,} read without the truth", "{count:,} reads without the truth", count),
    ),
    PER_CHARACTER: FigureWords(
        tr("Characters wrong"),
        lambda count: trn(
            "{count:,} read with a wrong character", "{count:,} reads with a wrong character", count
        ),
        lambda count: trn(
            "{count:,} read with every character right", "{count:,} reads with every character right", count
        ),
    ),
    "single": FigureWords(
        tr("Of passes: single reads"),
        lambda count: trn(
            "{count:,} read of judged passes, right", "{count:,} reads of judged passes, right", count
        ),
        lambda count: trn(
            "{count:,} read of judged passes, not right", "{count:,} reads of judged passes, not right", count
        ),
    ),
    "best": FigureWords(
        tr("Of passes: the best read"),
        lambda count: trn(
            "{count:,} read best of their pass, right", "{count:,} reads best of their pass, right", count
        ),
        lambda count: trn(
            "{count:,} read best of their pass, not right",
            "{count:,} reads best of their pass, not right",
            count,
        ),
    ),
    "consensus": FigureWords(
        tr("Of passes: the consensus"),
        lambda count: trn(
            "{count:,} read of passes with a right consensus",
            "{count:,} reads of passes with a right consensus",
            count,
        ),
        lambda count: trn(
            "{count:,} read of passes with a wrong consensus",
            "{count:,} reads of passes with a wrong consensus",
            count,
        ),
    ),
    "region": FigureWords(
        tr("Region right"),
        lambda count: trn(
            "{count:,} read whose region is right", "{count:,} reads whose region is right", count
        ),
        lambda count: trn(
            "{count:,} read whose region is wrong", "{count:,} reads whose region is wrong", count
        ),
    ),
    "false": FigureWords(
        tr("No plate at all"),
        lambda count: trn("{count:,} read that show no plate", "{count:,} reads that show no plate", count),
        lambda count: trn("{count:,} read that show a plate", "{count:,} reads that show a plate", count),
    ),
    "unreadable": FigureWords(
        tr("Unreadable to people"),
        lambda count: trn(
            "{count:,} read that nobody can read", "{count:,} reads that nobody can read", count
        ),
        lambda count: trn(
            "{count:,} read that people can read", "{count:,} reads that people can read", count
        ),
    ),
}
"""By the names of ``review.figures``, in the order in which they are shown."""


def reads_words(count: int) -> str:
    """So many reads."""
    return trn("{count:,} read", "{count:,} reads", count)


def percent(share: float | None) -> str:
    """A share; an em dash where there is none."""
    return ABSENT_TEXT if share is None else f"{100 * share:.1f} %"


def between(interval: Interval | None) -> str:
    """The ends of an interval in percent."""
    return ABSENT_TEXT if interval is None else f"{100 * interval.low:.1f} – {100 * interval.high:.1f}"


def points(share: float | None) -> str:
    """A difference of shares, in percentage points, with its sign."""
    return ABSENT_TEXT if share is None else f"{100 * share:+.1f}".replace("-", "−")


def _counted_words(count: int) -> str:
    """So many reads, whatever they are."""
    return trn("{count:,} read that were counted", "{count:,} reads that were counted", count)


def distinct(rows: Iterable[int]) -> tuple[int, ...]:
    """Rows ascending and each once."""
    return tuple(sorted(set(rows)))


def _opened(text: str, rows: Iterable[int], words: Callable[[int], str], where: str) -> Cell:
    opened = distinct(rows)
    return Cell(text, opened, words(len(opened)) + where)


def yes_cell(figure: Figure, text: str, where: str = "") -> Cell:
    """A text about the reads on the one side of a figure; ``where`` says of which reads the figure is."""
    return _opened(text, figure.yes, FIGURES[figure.name].yes, where)


def no_cell(figure: Figure, text: str, where: str = "") -> Cell:
    """The same about the other side."""
    return _opened(text, figure.no, FIGURES[figure.name].no, where)


def all_cell(figure: Figure, text: str, where: str = "") -> Cell:
    """The same about both."""
    return _opened(text, (*figure.yes, *figure.no), _counted_words, where)


def interval_cells(figure: Figure, where: str = "") -> tuple[Cell, Cell]:
    """The interval as numbers, and drawn."""
    numbers = all_cell(figure, between(figure.interval), where)
    share = None if figure.share is None else min(figure.share, 1.0)
    return numbers, numbers._replace(text="", share=share, interval=figure.interval)


def more_text(figure: Figure) -> str:
    """How many more have to be decided; an em dash where that is not known."""
    return ABSENT_TEXT if figure.more is None else f"{figure.more:,}"
