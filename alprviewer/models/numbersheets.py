"""Figures as people read them: sheets with titles, and sentences. No threads."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from alprviewer.core.calibration import Bin, Recalibration
from alprviewer.core.metrics import Interval
from alprviewer.core.plates import display_text
from alprviewer.models.cells import ABSENT_TEXT
from alprviewer.models.figuretable import Cell, Sheet
from alprviewer.review.figures import PER_CHARACTER, Compared, Figure, Report

FIELDS = {
    "camera": "Camera",
    "hour": "Hour",
    "region": "Region",
    "version": "Agent version",
    "conf": "Confidence",
}
"""What figures can be divided by, as the screen says it."""
NOTHING = "∅"
"""Stands in the matrix where a character was left out, or one too many was read."""
_LONGEST_NAME = 40
_MINUTE, _HOUR = 60, 3600


class _Words(NamedTuple):
    """How a figure is called, and which reads are behind both sides of it."""

    title: str
    yes: str
    no: str


_FIGURES = {
    "exact": _Words("Read exactly right", "read exactly right", "not read right"),
    "top_n": _Words("Truth among candidates", "with the truth among the candidates", "without the truth"),
    PER_CHARACTER: _Words("Characters wrong", "with a wrong character", "with every character right"),
    "single": _Words("Of passes: single reads", "of judged passes, right", "of judged passes, not right"),
    "best": _Words("Of passes: the best read", "best of their pass, right", "best of their pass, not right"),
    "consensus": _Words(
        "Of passes: the consensus", "of passes with a right consensus", "of passes with a wrong consensus"
    ),
    "region": _Words("Region right", "whose region is right", "whose region is wrong"),
    "false": _Words("No plate at all", "that show no plate", "that show a plate"),
    "unreadable": _Words("Unreadable to people", "that nobody can read", "that people can read"),
}
_SHARE = ("Share", "How often it was so")
_BETWEEN = ("95 % between", "Wilson's interval: in 95 of 100 cases the true share is in it")
_DRAWN = ("0 … 100 %", "The share as a bar, and its interval as a line")
_MORE = (
    "More to ±1 %",
    "How many more have to be decided to know the share to 1 %, should it stay what it is",
)


# --- texts ---------------------------------------------------------------------------------------------


def counted(count: int, unit: str) -> str:
    """``1 read``, ``12 reads``, ``3 passes``."""
    plural = f"{unit}es" if unit.endswith("s") else f"{unit}s"
    return f"{count:,} {unit if count == 1 else plural}"


def percent(share: float | None) -> str:
    """A share; an em dash where there is none."""
    return ABSENT_TEXT if share is None else f"{100 * share:.1f} %"


def between(interval: Interval | None) -> str:
    """The ends of an interval in percent."""
    return ABSENT_TEXT if interval is None else f"{100 * interval.low:.1f} – {100 * interval.high:.1f}"


def points(share: float | None) -> str:
    """A difference of shares, in percentage points, with its sign."""
    return ABSENT_TEXT if share is None else f"{100 * share:+.1f}".replace("-", "−")


def hours(seconds: float) -> str:
    """A time that review takes: ``40 s``, ``12 min``, ``3.4 h``."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < _HOUR else f"{seconds / _HOUR:,.1f} h"


def value_text(value: str | None) -> str:
    """A value of a field; hostile text is made safe."""
    return ABSENT_TEXT if value is None else display_text(value, _LONGEST_NAME)


# --- cells ---------------------------------------------------------------------------------------------


def _opened(rows: Iterable[int], words: str, where: str) -> tuple[tuple[int, ...], str]:
    """Rows ascending and each once, and what is said above them."""
    distinct = tuple(sorted(set(rows)))
    return distinct, f"{counted(len(distinct), 'read')} {words}{where}"


def _yes(figure: Figure, text: str, where: str = "") -> Cell:
    return Cell(text, *_opened(figure.yes, _FIGURES[figure.name].yes, where))


def _no(figure: Figure, text: str, where: str = "") -> Cell:
    return Cell(text, *_opened(figure.no, _FIGURES[figure.name].no, where))


def _all(figure: Figure, text: str, where: str = "") -> Cell:
    return Cell(text, *_opened((*figure.yes, *figure.no), "that were counted", where))


def _interval(figure: Figure, where: str = "") -> tuple[Cell, Cell]:
    """The interval as numbers, and drawn."""
    numbers = _all(figure, between(figure.interval), where)
    share = None if figure.share is None else min(figure.share, 1.0)
    return numbers, numbers._replace(text="", share=share, interval=figure.interval)


def _more(figure: Figure) -> str:
    return ABSENT_TEXT if figure.more is None else f"{figure.more:,}"


def figures_sheet(report: Report) -> Sheet:
    """All figures of what was chosen, one a line."""
    lines, cells = [], []
    by_name = {figure.name: figure for figure in (*report.figures, *report.passes)}
    for figure in (by_name[name] for name in _FIGURES):
        lines.append(_FIGURES[figure.name].title)
        has = figure.trials > 0
        cells.append(
            (
                _yes(figure, percent(figure.share)),
                *_interval(figure),
                _yes(figure, f"{figure.hits:,}" if has else ABSENT_TEXT),
                _no(figure, f"{max(figure.trials - figure.hits, 0):,}" if has else ABSENT_TEXT),
                _all(figure, f"{figure.trials:,}" if has else ABSENT_TEXT),
                _all(figure, _more(figure)),
            )
        )
    columns = (
        _SHARE,
        _BETWEEN,
        _DRAWN,
        ("Yes", ""),
        ("No", ""),
        ("Of", "How many reads, characters or passes were counted"),
        _MORE,
    )
    return Sheet(columns, tuple(lines), tuple(cells))


def groups_sheet(report: Report) -> Sheet:
    """The figures by the values of a field, one a line."""
    lines, cells = [], []
    for value, figures in report.groups:
        by_name = {figure.name: figure for figure in figures}
        exact, judged = by_name["exact"], by_name["false"]
        name = value_text(value)
        where = f" · {FIELDS[report.choices.field]} {name}"
        lines.append(name)
        cells.append(
            (
                _all(judged, f"{judged.trials:,}", where),
                _yes(exact, percent(exact.share), where),
                *_interval(exact, where),
                _no(exact, f"{exact.trials - exact.hits:,}" if exact.trials else ABSENT_TEXT, where),
                *(
                    _yes(by_name[each], percent(by_name[each].share), where)
                    for each in ("top_n", PER_CHARACTER, "region", "false")
                ),
                _all(exact, _more(exact), where),
            )
        )
    columns = (
        ("Decided", "Reads that were decided"),
        ("Right", "Read exactly right"),
        _BETWEEN,
        _DRAWN,
        ("Wrong", "Reads that are not right"),
        ("Candidates", "The truth is among the candidates"),
        ("Characters", "Characters that are wrong"),
        ("Region", "The region is right"),
        ("No plate", "What was read is no plate"),
        _MORE,
    )
    return Sheet(columns, tuple(lines), tuple(cells))


def matrix_sheet(report: Report) -> Sheet:
    """Which characters are taken for which: true ones by line, read ones by column."""
    wrong = {key: rows for key, rows in report.cells.items() if key[0] != key[1]}
    true, read = ({key[side] for key in wrong} for side in (0, 1))
    lines, columns = sorted(true, key=_matrix_order), sorted(read, key=_matrix_order)
    most = max((len(rows) for rows in wrong.values()), default=1)
    place = "" if report.choices.position is None else f" at place {report.choices.position + 1}"
    cells = []
    for one in lines:
        row = []
        for other in columns:
            rows = report.cells.get((one, other), [])
            is_wrong = one != other
            said = f"{_named(one)} read as {_named(other)}" if is_wrong else f"{one} read right"
            opened, _ = _opened(rows, "", "")
            row.append(
                Cell(
                    f"{len(rows):,}" if rows else "",
                    opened,
                    f"{counted(len(opened), 'read')}, {said}{place}" if rows else f"none, {said}{place}",
                    strength=math.sqrt(len(rows) / most) if is_wrong else 0.0,
                )
            )
        cells.append(tuple(row))
    return Sheet(
        tuple((each or NOTHING, f"Read as {_named(each)}") for each in columns),
        tuple(each or NOTHING for each in lines),
        tuple(cells),
        centred=True,
    )


def _matrix_order(character: str) -> tuple[bool, str]:
    return not character, character


def _named(character: str) -> str:
    return display_text(character) or "nothing"


def compared_sheet(report: Report) -> Sheet:
    """Two groups side by side, one figure a line."""
    choices = report.choices
    names = [value_text(value) for value in (choices.before, choices.after)]
    where = [f" · {FIELDS[choices.field]} {name}" for name in names]
    lines, cells = [], []
    for each in report.compared:
        lines.append(_FIGURES[each.before.name].title)
        before, after = (
            _yes(each.before, percent(each.before.share), where[0]),
            _yes(each.after, percent(each.after.share), where[1]),
        )
        rows = tuple(sorted({*before.rows, *after.rows}))
        words = f"{counted(len(rows), 'read')} {_FIGURES[each.before.name].yes} · {names[0]} and {names[1]}"
        rest = (points(each.difference), _ends(each.interval), verdict(each))
        cells.append((before, after, *(Cell(text, rows, words) for text in rest)))
    columns = (
        (names[0], "Before"),
        (names[1], "After"),
        ("Difference", "After minus before, in percentage points"),
        ("95 % between", "Newcombe's interval of the difference, in percentage points"),
        ("Says", "Whether the interval leaves room for no difference at all"),
    )
    return Sheet(columns if report.compared else (), tuple(lines), tuple(cells))


def _ends(interval: Interval | None) -> str:
    if interval is None:
        return ABSENT_TEXT
    return f"{points(interval.low)} … {points(interval.high)}"


def verdict(compared: Compared) -> str:
    """What a difference says."""
    if compared.difference is None:
        return ABSENT_TEXT
    if not compared.differs:
        return "may be chance"
    return "more, 0 excluded" if compared.difference > 0 else "less, 0 excluded"


# --- sentences -----------------------------------------------------------------------------------------


def basis_words(report: Report) -> str:
    """What the figures rest on, and what they may be taken for."""
    gathered = report.gathered
    decided, drawn = len(gathered.reads), [each for each in gathered.reads if each.drawn]
    passes = gathered.drawn_passes
    said = []
    if decided >= gathered.total:
        said.append(
            f"All {counted(decided, 'read')} are decided: nothing was chosen, the figures are those of all."
        )
    elif passes is None:
        said.append(f"{decided:,} of {counted(gathered.total, 'read')} are decided.")
    elif report.choices.drawn:
        of = f"{gathered.drawn_judged:,} of {counted(passes, 'pass')} that the queue draws at random"
        said.append(f"Only {of}: {counted(len(drawn), 'read')}. They stand for all, if none was picked out.")
    else:
        said.append(
            f"{decided:,} of {counted(gathered.total, 'read')} are decided; how they were chosen is unknown. "
            f"Only those drawn at random stand for all: {gathered.drawn_judged:,} of "
            f"{counted(passes, 'pass')}, {counted(len(drawn), 'read')}."
        )
    if gathered.disputed:
        said.append(f"{counted(gathered.disputed, 'disputed read')} not counted.")
    if gathered.unweighed:
        said.append(f"{counted(gathered.unweighed, 'pass')} not counted yet: their consensus is not known.")
    elif passes is None:
        said.append("Passes are not known yet.")
    return " ".join(said)


def worth_words(learned: Recalibration, confidence: float) -> str:
    """What a confidence means here."""
    share, interval = learned.of(confidence), learned.interval(confidence)
    if share is None or interval is None:
        return f"Nothing is decided that tells what {confidence:.1f} means."
    return (
        f"A confidence of {confidence:.1f} means here: right in {100 * share:.0f} % "
        f"({100 * interval.low:.0f} to {100 * interval.high:.0f} %)."
    )


def bin_words(each: Bin) -> str:
    """How right the reads of about one confidence are."""
    if each.mean is None:
        return f"Confidence {each.low:g} to {each.high:g}: nothing decided"
    return (
        f"Confidence {each.low:g} to {each.high:g}: {each.right:,} of {counted(each.reads, 'read')} right, "
        f"{percent(each.right / each.reads)} ({between(each.interval)})"
    )


def off_words(off: float | None) -> str:
    """How far confidence is from a probability."""
    if off is None:
        return "No decided read has a confidence."
    return f"Taken for a probability, confidence is off by {percent(off)} (expected calibration error)."


def threshold_words(report: Report, limit: float) -> str:
    """What accepting everything from a confidence on would mean."""
    found, all_left = report.curve.at(limit), report.left(limit)
    known = found.accepted + found.reviewed
    if not known:
        return "No decided read has a confidence."
    said = [f"From {limit:.1f} on: {found.accepted:,} of {known:,} decided reads would be accepted unseen"]
    said[0] += f" ({percent(found.accepted / known)})."
    if found.accepted:
        share, ends = percent(found.wrong / found.accepted), between(found.interval)
        is_wrong = "is" if found.wrong == 1 else "are"
        said.append(f"{found.wrong:,} of them {is_wrong} wrong, {share} ({ends}).")
    left = f"Of the whole capture {all_left:,} of {counted(report.reads, 'read')} would be left to review"
    if report.pace is None:
        said.append(f"{left}; no decision here says how long it took.")
    else:
        pace = report.pace
        took = f"{pace.seconds:.1f} s a decision on {pace.reads / pace.decisions:.1f} reads"
        said.append(f"{left}: {hours(all_left * pace.seconds_a_read)}, at {took}.")
    return " ".join(said)
