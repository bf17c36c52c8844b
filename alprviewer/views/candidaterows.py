"""What the candidate chart says about a read, without widgets: rows, axis, margin, the words around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from alprviewer.core.frame import Candidate, Read, margin
from alprviewer.core.plates import ELLIPSIS, Emphasis, display_text, emphasise
from alprviewer.language import tr, trn
from alprviewer.models.shown import Shown

ABSENT = "—"
AXIS_END = 100
_AXIS_STEP = 10
_AXIS_ROOM = 5
"""The least confident candidate still gets a bar of this length, in percent."""
_NAME_CHARACTERS = 24


def axis_start(confidences: list[float]) -> int:
    """Where the bars begin: a multiple of ten that leaves the shortest bar some length.

    Confidences lie between 70 and 95 in practice: bars from zero would all look alike. The start is written
    beside the chart and the bars are drawn broken, so nobody takes their lengths for shares of the whole.
    """
    lowest = min(confidences, default=float(AXIS_END))
    return max(0, int((lowest - _AXIS_ROOM) // _AXIS_STEP) * _AXIS_STEP)


def percent_text(value: float | None) -> str:
    """A confidence or a margin with one decimal; an em dash where it is absent."""
    return ABSENT if value is None else f"{value:.1f}".replace("-", "−")


def key_of(row: int) -> str:
    """The key that picks a row: 1 to 9, then 0; none from the eleventh on."""
    return str((row + 1) % 10) if row < 10 else ""


class Margin(NamedTuple):
    """Between which two rows the margin lies, and how large it is in percent."""

    chosen: int
    other: int
    value: float


@dataclass(frozen=True)
class Chart:
    """A read's candidates, ready to be drawn.

    Attributes:
        candidates: in the order received.
        plate: the observed plate.
        chosen: the row of the observed plate; None where it is not among them.
        start: the percent where the bars begin.
        margin: None where there is nothing to compare with.
        empty: a sentence instead of the chart, where there is nothing to draw.
        note: what is unusual about the choice; empty where nothing is.
    """

    candidates: tuple[Candidate, ...] = ()
    plate: str = ""
    chosen: int | None = None
    start: int = 0
    margin: Margin | None = None
    empty: str = ""
    note: str = ""

    @property
    def heading(self) -> str:
        """What the chart shows, where its axis starts, and the margin."""
        count = len(self.candidates)
        many = trn("{count:,} candidate of this read", "{count:,} candidates of this read", count)
        parts = [tr("Candidates of this read") if count <= 10 else many]
        if any(candidate.confidence is not None for candidate in self.candidates):
            parts.append(tr("axis from {start}", start=self.start))
        if self.margin is not None:
            parts.append(tr("margin {percent}", percent=percent_text(self.margin.value)))
        return " · ".join(parts)

    @property
    def has_template(self) -> bool:
        """True if a candidate matches the template, so that its mark needs explaining."""
        return any(candidate.matches_template for candidate in self.candidates)

    @property
    def has_differences(self) -> bool:
        """True if a candidate is not the observed plate, so that the marks of differences need explaining."""
        return any(candidate.plate != self.plate for candidate in self.candidates)

    def emphasis(self, row: int, characters: int) -> Emphasis:
        """A row's text and where it differs from the observed plate, in at most so many characters."""
        text = self.candidates[row].plate
        if text is None:
            return Emphasis(emphasise(ABSENT, ABSENT).pieces)
        found = emphasise(self.plate or text, text, characters)
        length = 0
        for place, piece in enumerate(found.pieces):
            length += len(piece.text)
            if length > characters:
                return Emphasis((*found.pieces[:place], piece._replace(text=ELLIPSIS)))
        return found

    def spoken(self, row: int) -> str:
        """A row in words, for a screen reader."""
        candidate = self.candidates[row]
        parts = [
            tr("Candidate {number} of {count}", number=row + 1, count=len(self.candidates)),
            ABSENT if candidate.plate is None else display_text(candidate.plate, _NAME_CHARACTERS),
            tr("no confidence")
            if candidate.confidence is None
            else tr("{confidence:.1f} percent", confidence=candidate.confidence),
        ]
        if candidate.matches_template:
            parts.append(tr("matches the template"))
        if row == self.chosen:
            parts.append(tr("the observed plate"))
        return ", ".join(parts)


def chart_of(shown: Shown) -> Chart:
    """The chart for what is shown, or a sentence instead."""
    read = shown.read
    if shown.failure:
        return Chart(empty=display_text(shown.failure, 400))
    if read is None:
        has_reads = shown.frame is not None and bool(shown.frame.reads)
        if shown.frame is not None and not has_reads:
            return Chart(empty=tr("This frame holds no plate reads."))
        return Chart(empty=tr("Select a read to see its candidates."))
    plate = read.plate or ""
    if not read.candidates:
        return Chart(plate=plate, empty=_without_candidates(read))
    candidates = tuple(read.candidates)
    confidences = [each.confidence for each in candidates if each.confidence is not None]
    chosen = next((row for row, each in enumerate(candidates) if plate and each.plate == plate), None)
    between = _margin(candidates, chosen, margin(read))
    start = axis_start(confidences)
    return Chart(candidates, plate, chosen, start, between, note=_note(candidates, plate, chosen))


def _without_candidates(read: Read) -> str:
    sent = (
        tr("The recognizer sent no list of candidates for this read.")
        if read.candidates is None
        else tr("The recognizer sent an empty list of candidates for this read.")
    )
    if not read.plate:
        return sent
    plate = display_text(read.plate, _NAME_CHARACTERS)
    certain = percent_text(read.confidence)
    observed = (
        tr("It observed {plate}.", plate=plate)
        if read.confidence is None
        else tr("It observed {plate} with {confidence} %.", plate=plate, confidence=certain)
    )
    return f"{sent} {observed}"


def _best(candidates: tuple[Candidate, ...], but: str | None) -> int | None:
    """The row of the most confident candidate whose text is another one."""
    others = [
        (candidate.confidence, -row)
        for row, candidate in enumerate(candidates)
        if candidate.confidence is not None and candidate.plate != but
    ]
    return -max(others)[1] if others else None


def _margin(candidates: tuple[Candidate, ...], chosen: int | None, value: float | None) -> Margin | None:
    if chosen is None or value is None:
        return None
    other = _best(candidates, candidates[chosen].plate)
    return None if other is None else Margin(chosen, other, value)


def _note(candidates: tuple[Candidate, ...], plate: str, chosen: int | None) -> str:
    """What a person would not expect of the choice."""
    named = display_text(plate, _NAME_CHARACTERS)
    if chosen is None:
        if not plate:
            return tr("The read has no plate.")
        return tr("The observed plate {plate} is not among the candidates.", plate=named)
    mine = candidates[chosen]
    best = _best(candidates, mine.plate)
    other = candidates[best] if best is not None else None
    is_beaten = (
        other is not None
        and other.confidence is not None
        and mine.confidence is not None
        and other.confidence > mine.confidence
    )
    if is_beaten and other is not None:
        rival = f"{display_text(other.plate or ABSENT, _NAME_CHARACTERS)} ({percent_text(other.confidence)})"
        if mine.matches_template and not other.matches_template:
            return tr("The template overruled {rival}: {plate} matches it.", rival=rival, plate=named)
        return tr("{rival} is more confident than the observed plate.", rival=rival)
    if chosen > 0:
        return tr("The observed plate is candidate {number}, not the first.", number=chosen + 1)
    return ""
