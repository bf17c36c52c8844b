"""What is said of the characters of a pass, and how they are named."""

from __future__ import annotations

from typing import NamedTuple

from alprviewer.core.explanation import Position, Reading
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trn
from alprviewer.models.passshown import PassShown

_RIVALS = 2
"""Rivals of a character that are shown."""
WORTH_SAYING = 0.005
"""Probability from which it is written beside a rival: reads may show one that is next to impossible."""


class Spot(NamedTuple):
    """A character that can be chosen: its place in the plate, and which reading of it, 0 being the chosen."""

    position: int
    reading: int


def readings_of(position: Position) -> tuple[Reading, ...]:
    """What is shown of a place: what stands there, and the likeliest rivals."""
    return (position.chosen, *position.rivals[:_RIVALS])


def reading_at(shown: PassShown, spot: Spot) -> Reading:
    """What a spot stands for."""
    assert shown.explanation is not None
    position = shown.explanation.positions[spot.position]
    return (position.chosen, *position.rivals)[spot.reading]


def readings_chosen(shown: PassShown, spot: Spot) -> tuple[tuple[int, ...], str]:
    """Rows of the reads that show a character, the surest first, and the reason why they are chosen."""
    return said_by(shown, reading_at(shown, spot)), reason(shown, spot)


def character_text(reading: Reading) -> str:
    """The character, or a sign for none at all."""
    return display_text(reading.character) if reading.character else "∅"


def percent(share: float) -> str:
    """A share as whole percent; what is not nothing is not 0."""
    return "<1" if 0 < share < 0.005 else f"{100 * share:.0f}"


def difference(reading: Reading) -> str:
    """What the formats and the rest of the plate add to what the reads alone say, in percent points."""
    points = round(100 * (reading.probability - reading.evidence))
    return f"{points:+d}".replace("-", "−") if points else "0"


def said_by(shown: PassShown, reading: Reading) -> tuple[int, ...]:
    """Rows of the reads that show a character, the surest first."""
    return tuple(shown.speakers[saying.read] for saying in reading.said_by)


def spoken(shown: PassShown, spot: Spot) -> str:
    """A character in a sentence."""
    reading = reading_at(shown, spot)
    return trn(
        "{character} in place {place}: {together} %, by the reads alone {alone} %, "
        "shown by {speakers:,} of {count:,} read",
        "{character} in place {place}: {together} %, by the reads alone {alone} %, "
        "shown by {speakers:,} of {count:,} reads",
        len(shown.reads),
        character=_named(reading),
        place=spot.position + 1,
        together=percent(reading.probability),
        alone=percent(reading.evidence),
        speakers=len(reading.said_by),
    )


def _named(reading: Reading) -> str:
    return display_text(reading.character) if reading.character else tr("no character")


def heading(shown: PassShown) -> str:
    """What the strip shows, or why it shows nothing."""
    if not shown.id:
        return tr("Select a read of a pass to see what its reads say together.")
    if not shown.weighed:
        return tr("What the reads of this pass say together is being worked out …")
    if shown.explanation is None:
        return tr("No read of this pass spells anything.")
    count = len(shown.reads)
    if shown.consensus is None or shown.probability is None:
        return trn(
            "The one read says too little for a consensus; {plate} is the likeliest with {percent} %.",
            "{count:,} reads together say too little for a consensus; "
            "{plate} is the likeliest with {percent} %.",
            count,
            plate=display_text(shown.explanation.text, 24),
            percent=percent(shown.explanation.probability),
        )
    return trn(
        "The one read says {plate} · {percent} %",
        "{count:,} reads together say {plate} · {percent} %",
        count,
        plate=display_text(shown.consensus, 24),
        percent=percent(shown.probability),
    )


def others(shown: PassShown) -> str:
    """Other plates that it may be."""
    why = shown.explanation
    if why is None:
        return ""
    named = [f"{display_text(text, 24)} {percent(share)} %" for text, share in why.alternatives[:3]]
    if why.unseen >= WORTH_SAYING:
        named.append(tr("with more characters than were read {percent} %", percent=percent(why.unseen)))
    return tr("Else: {plates}", plates=", ".join(named)) if named else ""


def reason(shown: PassShown, spot: Spot) -> str:
    """Why reads are chosen, for the strip above the table."""
    reading = reading_at(shown, spot)
    return trn(
        "{count:,} read of the pass {plate} shows {character} in place {place}",
        "{count:,} reads of the pass {plate} show {character} in place {place}",
        len(reading.said_by),
        plate=display_text(shown.plate, 24),
        character=_named(reading),
        place=spot.position + 1,
    )
