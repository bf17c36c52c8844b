"""Figures as people read them: sheets with titles, and sentences. No threads."""

from __future__ import annotations

import math

from alprviewer.core.calibration import Bin, Recalibration
from alprviewer.core.metrics import Interval
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trc, trn
from alprviewer.models.cells import ABSENT_TEXT
from alprviewer.models.figurecells import (
    FIGURES,
    all_cell,
    between,
    distinct,
    interval_cells,
    more_text,
    no_cell,
    percent,
    points,
    reads_words,
    yes_cell,
)
from alprviewer.models.figuretable import Cell, Sheet
from alprviewer.review.figures import PER_CHARACTER, Compared, Report

FIELDS = {
    "camera": tr("Camera"),
    "hour": tr("Hour"),
    "region": tr("Region"),
    "version": tr("Agent version"),
    "conf": tr("Confidence"),
}
"""What figures can be divided by, as the screen says it."""
NOTHING = "∅"
"""Stands in the matrix where a character was left out, or one too many was read."""
_LONGEST_NAME = 40
_MINUTE, _HOUR = 60, 3600

_SHARE = (tr("Share"), tr("How often it was so"))
_BETWEEN = (tr("95 % between"), tr("Wilson's interval: in 95 of 100 cases the true share is in it"))
_DRAWN = ("0 … 100 %", tr("The share as a bar, and its interval as a line"))
_MORE = (
    tr("More to ±1 %"),
    tr("How many more have to be decided to know the share to 1 %, should it stay what it is"),
)


# --- texts ---------------------------------------------------------------------------------------------


def hours(seconds: float) -> str:
    """A time that review takes: ``40 s``, ``12 min``, ``3.4 h``."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < _HOUR else f"{seconds / _HOUR:,.1f} h"


def value_text(value: str | None) -> str:
    """A value of a field; hostile text is made safe."""
    return ABSENT_TEXT if value is None else display_text(value, _LONGEST_NAME)


# --- sheets --------------------------------------------------------------------------------------------


def figures_sheet(report: Report) -> Sheet:
    """All figures of what was chosen, one a line."""
    lines, cells = [], []
    by_name = {figure.name: figure for figure in (*report.figures, *report.passes)}
    for figure in (by_name[name] for name in FIGURES):
        lines.append(FIGURES[figure.name].title)
        has = figure.trials > 0
        cells.append(
            (
                yes_cell(figure, percent(figure.share)),
                *interval_cells(figure),
                yes_cell(figure, f"{figure.hits:,}" if has else ABSENT_TEXT),
                no_cell(figure, f"{max(figure.trials - figure.hits, 0):,}" if has else ABSENT_TEXT),
                all_cell(figure, f"{figure.trials:,}" if has else ABSENT_TEXT),
                all_cell(figure, more_text(figure)),
            )
        )
    columns = (
        _SHARE,
        _BETWEEN,
        _DRAWN,
        (tr("Yes"), ""),
        (tr("No"), ""),
        (trc("so many", "Of"), tr("How many reads, characters or passes were counted")),
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
                all_cell(judged, f"{judged.trials:,}", where),
                yes_cell(exact, percent(exact.share), where),
                *interval_cells(exact, where),
                no_cell(exact, f"{exact.trials - exact.hits:,}" if exact.trials else ABSENT_TEXT, where),
                *(
                    yes_cell(by_name[each], percent(by_name[each].share), where)
                    for each in ("top_n", PER_CHARACTER, "region", "false")
                ),
                all_cell(exact, more_text(exact), where),
            )
        )
    columns = (
        (tr("Decided"), tr("Reads that were decided")),
        (trc("not wrong", "Right"), tr("Read exactly right")),
        _BETWEEN,
        _DRAWN,
        (tr("Wrong"), tr("Reads that are not right")),
        (tr("Candidates"), tr("The truth is among the candidates")),
        (tr("Characters"), tr("Characters that are wrong")),
        (tr("Region"), tr("The region is right")),
        (tr("No plate"), tr("What was read is no plate")),
        _MORE,
    )
    return Sheet(columns, tuple(lines), tuple(cells))


def matrix_sheet(report: Report) -> Sheet:
    """Which characters are taken for which: true ones by line, read ones by column."""
    wrong = {key: rows for key, rows in report.cells.items() if key[0] != key[1]}
    true, read = ({key[side] for key in wrong} for side in (0, 1))
    lines, columns = sorted(true, key=_matrix_order), sorted(read, key=_matrix_order)
    most = max((len(rows) for rows in wrong.values()), default=1)
    cells = []
    for one in lines:
        row = []
        for other in columns:
            rows = report.cells.get((one, other), [])
            is_wrong = one != other
            said, opened = _taken_for(one, other, report.choices.position), distinct(rows)
            how_many = reads_words(len(opened)) if rows else tr("none")
            row.append(
                Cell(
                    f"{len(rows):,}" if rows else "",
                    opened,
                    f"{how_many}, {said}",
                    strength=math.sqrt(len(rows) / most) if is_wrong else 0.0,
                )
            )
        cells.append(tuple(row))
    return Sheet(
        tuple((each or NOTHING, tr("Read as {character}", character=_named(each))) for each in columns),
        tuple(each or NOTHING for each in lines),
        tuple(cells),
        centred=True,
    )


def _matrix_order(character: str) -> tuple[bool, str]:
    return not character, character


def _named(character: str) -> str:
    return display_text(character) or tr("nothing")


def _taken_for(true: str, read: str, position: int | None) -> str:
    """What became of a character, at a place from 0 or anywhere."""
    if true == read:
        if position is None:
            return tr("{character} read right", character=true)
        return tr("{character} read right at place {place}", character=true, place=position + 1)
    names = {"character": _named(true), "other": _named(read)}
    if position is None:
        return tr("{character} read as {other}", **names)
    return tr("{character} read as {other} at place {place}", place=position + 1, **names)


def compared_sheet(report: Report) -> Sheet:
    """Two groups side by side, one figure a line."""
    choices = report.choices
    names = [value_text(value) for value in (choices.before, choices.after)]
    where = [f" · {FIELDS[choices.field]} {name}" for name in names]
    lines, cells = [], []
    for each in report.compared:
        lines.append(FIGURES[each.before.name].title)
        before, after = (
            yes_cell(each.before, percent(each.before.share), where[0]),
            yes_cell(each.after, percent(each.after.share), where[1]),
        )
        rows = distinct((*before.rows, *after.rows))
        both = tr("{before} and {after}", before=names[0], after=names[1])
        words = f"{FIGURES[each.before.name].yes(len(rows))} · {both}"
        rest = (points(each.difference), _ends(each.interval), verdict(each))
        cells.append((before, after, *(Cell(text, rows, words) for text in rest)))
    columns = (
        (names[0], tr("Before")),
        (names[1], tr("After")),
        (tr("Difference"), tr("After minus before, in percentage points")),
        (tr("95 % between"), tr("Newcombe's interval of the difference, in percentage points")),
        # For translators: the heading of a column: what the difference says.
        (tr("Says"), tr("Whether the interval leaves room for no difference at all")),
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
        return tr("may be chance")
    return tr("more, 0 excluded") if compared.difference > 0 else tr("less, 0 excluded")


# --- sentences -----------------------------------------------------------------------------------------


def basis_words(report: Report) -> str:
    """What the figures rest on, and what they may be taken for."""
    gathered = report.gathered
    decided, drawn = len(gathered.reads), [each for each in gathered.reads if each.drawn]
    passes = gathered.drawn_passes
    said = []
    if decided >= gathered.total:
        said.append(
            trn(
                "All {count:,} read are decided: nothing was chosen, the figures are those of all.",
                "All {count:,} reads are decided: nothing was chosen, the figures are those of all.",
                decided,
            )
        )
    elif passes is None:
        said.append(
            trn(
                "{decided:,} of {count:,} read are decided.",
                "{decided:,} of {count:,} reads are decided.",
                gathered.total,
                decided=decided,
            )
        )
    elif report.choices.drawn:
        these = trn(
            "{judged:,} of {count:,} pass that the queue draws at random",
            "{judged:,} of {count:,} passes that the queue draws at random",
            passes,
            judged=gathered.drawn_judged,
        )
        said.append(
            tr(
                "Only {passes}: {reads}. They stand for all, if none was picked out.",
                passes=these,
                reads=reads_words(len(drawn)),
            )
        )
    else:
        said.append(
            trn(
                "{decided:,} of {count:,} read are decided; how they were chosen is unknown.",
                "{decided:,} of {count:,} reads are decided; how they were chosen is unknown.",
                gathered.total,
                decided=decided,
            )
        )
        these = trn(
            "{judged:,} of {count:,} pass",
            "{judged:,} of {count:,} passes",
            passes,
            judged=gathered.drawn_judged,
        )
        said.append(
            tr(
                "Only those drawn at random stand for all: {passes}, {reads}.",
                passes=these,
                reads=reads_words(len(drawn)),
            )
        )
    if gathered.disputed:
        said.append(
            trn(
                "{count:,} disputed read not counted.",
                "{count:,} disputed reads not counted.",
                gathered.disputed,
            )
        )
    if gathered.unweighed:
        said.append(
            trn(
                "{count:,} pass not counted yet: their consensus is not known.",
                "{count:,} passes not counted yet: their consensus is not known.",
                gathered.unweighed,
            )
        )
    elif passes is None:
        said.append(tr("Passes are not known yet."))
    return " ".join(said)


def worth_words(learned: Recalibration, confidence: float) -> str:
    """What a confidence means here."""
    share, interval = learned.of(confidence), learned.interval(confidence)
    if share is None or interval is None:
        return tr("Nothing is decided that tells what {confidence:.1f} means.", confidence=confidence)
    return tr(
        "A confidence of {confidence:.1f} means here: right in {share:.0f} % ({low:.0f} to {high:.0f} %).",
        confidence=confidence,
        share=100 * share,
        low=100 * interval.low,
        high=100 * interval.high,
    )


def bin_words(each: Bin) -> str:
    """How right the reads of about one confidence are."""
    if each.mean is None:
        return tr("Confidence {low:g} to {high:g}: nothing decided", low=each.low, high=each.high)
    return trn(
        "Confidence {low:g} to {high:g}: {right:,} of {count:,} read right, {share} ({ends})",
        "Confidence {low:g} to {high:g}: {right:,} of {count:,} reads right, {share} ({ends})",
        each.reads,
        low=each.low,
        high=each.high,
        right=each.right,
        share=percent(each.right / each.reads),
        ends=between(each.interval),
    )


def off_words(off: float | None) -> str:
    """How far confidence is from a probability."""
    if off is None:
        return tr("No decided read has a confidence.")
    return tr(
        "Taken for a probability, confidence is off by {percent} (expected calibration error).",
        percent=percent(off),
    )


def threshold_words(report: Report, limit: float) -> str:
    """What accepting everything from a confidence on would mean."""
    found, all_left = report.curve.at(limit), report.left(limit)
    known = found.accepted + found.reviewed
    if not known:
        return tr("No decided read has a confidence.")
    said = [
        tr(
            "From {limit:.1f} on: {accepted:,} of {decided:,} decided reads "
            "would be accepted unseen ({share}).",
            limit=limit,
            accepted=found.accepted,
            decided=known,
            share=percent(found.accepted / known),
        )
    ]
    if found.accepted:
        said.append(
            trn(
                "{count:,} of them is wrong, {share} ({ends}).",
                "{count:,} of them are wrong, {share} ({ends}).",
                found.wrong,
                share=percent(found.wrong / found.accepted),
                ends=between(found.interval),
            )
        )
    if report.pace is None:
        left = trn(
            "Of the whole capture {left:,} of {count:,} read would be left to review; "
            "no decision here says how long it took.",
            "Of the whole capture {left:,} of {count:,} reads would be left to review; "
            "no decision here says how long it took.",
            report.reads,
            left=all_left,
        )
    else:
        pace = report.pace
        left = trn(
            "Of the whole capture {left:,} of {count:,} read would be left to review: {duration}, "
            "at {seconds:.1f} s a decision on {reads:.1f} reads.",
            "Of the whole capture {left:,} of {count:,} reads would be left to review: {duration}, "
            "at {seconds:.1f} s a decision on {reads:.1f} reads.",
            report.reads,
            left=all_left,
            duration=hours(all_left * pace.seconds_a_read),
            seconds=pace.seconds,
            reads=pace.reads / pace.decisions,
        )
    return " ".join((*said, left))
