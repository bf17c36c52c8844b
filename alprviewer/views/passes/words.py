"""What is said of the characters of a pass, and how they are named."""

from __future__ import annotations

from typing import NamedTuple

from alprviewer.core.explanation import Position, Reading
from alprviewer.core.plates import display_text
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
    what = reading.character or "no character"
    count = len(reading.said_by)
    return (
        f"{display_text(what)} in place {spot.position + 1}: {percent(reading.probability)} %, "
        f"by the reads alone {percent(reading.evidence)} %, shown by {count:,} of {len(shown.reads):,} "
        f"read{'' if len(shown.reads) == 1 else 's'}"
    )


def heading(shown: PassShown) -> str:
    """What the strip shows, or why it shows nothing."""
    if not shown.id:
        return "Select a read of a pass to see what its reads say together."
    if not shown.weighed:
        return "What the reads of this pass say together is being worked out …"
    if shown.explanation is None:
        return "No read of this pass spells anything."
    count = len(shown.reads)
    many = f"{count:,} reads together say" if count != 1 else "The one read says"
    if shown.consensus is None or shown.probability is None:
        likeliest = display_text(shown.explanation.text, 24)
        return (
            f"{many} too little for a consensus; {likeliest} is the likeliest with "
            f"{percent(shown.explanation.probability)} %."
        )
    return f"{many} {display_text(shown.consensus, 24)} · {percent(shown.probability)} %"


def others(shown: PassShown) -> str:
    """Other plates that it may be."""
    why = shown.explanation
    if why is None:
        return ""
    named = [f"{display_text(text, 24)} {percent(share)} %" for text, share in why.alternatives[:3]]
    hidden = (
        [f"with more characters than were read {percent(why.unseen)} %"] if why.unseen >= WORTH_SAYING else []
    )
    return "Else: " + ", ".join([*named, *hidden]) if named or hidden else ""


def reason(shown: PassShown, spot: Spot) -> str:
    """Why reads are chosen, for the strip above the table."""
    reading = reading_at(shown, spot)
    what = reading.character or "no character"
    count = len(reading.said_by)
    return (
        f"{count:,} read{'' if count == 1 else 's'} of the pass {display_text(shown.plate, 24)} "
        f"show{'s' if count == 1 else ''} {display_text(what)} in place {spot.position + 1}"
    )
