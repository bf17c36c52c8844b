"""A plausible recogniser: from the true plate and how well it is seen to candidates with confidences.

Each place of the plate has alternatives with a score; a candidate is a choice at every place. The worse the
view, the closer the alternatives come, so that small and blurred plates are misread.
"""

from dataclasses import dataclass
from random import Random

import numpy as np

from maker.plates import Plate

TOP_N = 10
#: Percent: the most and the least confident best plates, and where candidates are cut off.
CEILING, BOTTOM, FLOOR = 94.8, 70.5, 65.5

#: What a character is taken for, the likeliest first.
CONFUSIONS = {
    "0": "ODQ8",
    "O": "0DQG",
    "D": "0OQ",
    "Q": "0OG",
    "C": "GO",
    "G": "6C0",
    "6": "G8B",
    "1": "IL7T",
    "I": "1LT",
    "L": "1I",
    "7": "1TZ",
    "T": "7IY",
    "J": "UD",
    "8": "B360",
    "B": "8E3R",
    "3": "8B9",
    "9": "3P8",
    "5": "S6",
    "S": "58",
    "2": "Z7",
    "Z": "27",
    "E": "FB6",
    "F": "EP",
    "P": "FR",
    "R": "PBA",
    "4": "AL",
    "A": "4R",
    "K": "XHR",
    "X": "KY",
    "Y": "VT",
    "V": "YU",
    "U": "VOJ",
    "H": "MNK",
    "M": "NHW",
    "N": "MHW",
    "W": "VMN",
}
THIN = "1I7TLJ"

Alternatives = list[tuple[float, str]]


@dataclass(frozen=True)
class Candidate:
    """One spelling with its confidence (0..100) and whether it has a format of the region."""

    plate: str
    confidence: float
    template: bool


@dataclass(frozen=True)
class Habits:
    """What is lastingly hard about a plate: points lost at each place by bolts, dirt or bends."""

    losses: tuple[float, ...]
    region_known: bool


def make_habits(rng: Random, plate: Plate) -> Habits:
    """Most places are easy; now and then one is hard in every frame."""
    losses = [rng.uniform(0.0, 2.0) for _ in plate.text]
    for place in range(len(losses)):
        if rng.random() < 0.085:
            losses[place] = rng.choice((6.0, 9.0, 13.0))
    return Habits(tuple(losses), rng.random() < 0.85)


def recognise(rng: Random, plate: Plate, habits: Habits, clarity: float) -> tuple[Candidate, ...]:
    """The candidates of one read, the most confident first; `clarity` is 0 (hopeless) .. 1 (perfect)."""
    known = habits.region_known and rng.random() < 0.55 + 0.45 * clarity
    places = _places(rng, plate.text, habits, clarity)
    spellings = _best_spellings(places)
    top = BOTTOM + (CEILING - BOTTOM) * (0.08 + 0.92 * clarity) ** 0.8 * rng.uniform(0.82, 1.0)
    candidates = []
    for lost, text in spellings:
        confidence = min(top - lost * (0.6 + 1.9 * clarity * clarity), CEILING)
        if confidence >= FLOOR:
            candidates.append(Candidate(text, as_float32(confidence), known and plate.issuer.matches(text)))
    return tuple(candidates[:TOP_N])


def choose(candidates: tuple[Candidate, ...]) -> Candidate:
    """The best plate: the first candidate with a format of the region, else the first."""
    return next((one for one in candidates if one.template), candidates[0])


def as_float32(value: float) -> float:
    """The value as a 32-bit number printed with 15 digits, the form in which agents send numbers."""
    return float(f"{float(np.float32(value)):.15g}")


def _places(rng: Random, text: str, habits: Habits, clarity: float) -> list[Alternatives]:
    """Alternatives at each place (points lost, the likeliest first), with the plate's two edges as places."""
    spread = 1.2 + 4.2 * (1 - clarity)
    gap = 2.0 + 17.0 * clarity
    places = [_edge(rng, gap)]
    for ch, loss in zip(text, habits.losses, strict=True):
        options = [(0.0 + max(rng.gauss(0, spread), -spread) * 0.5, ch)]
        for rank, other in enumerate(CONFUSIONS[ch]):
            options.append((gap * (0.75 + 0.45 * rank) - loss + rng.gauss(0, spread), other))
        missing = gap * (1.1 if ch in THIN else 1.7) + 2 + rng.gauss(0, spread)
        options.append((missing, ""))
        places.append(options)
    places.append(_edge(rng, gap))
    return [_relative(options) for options in places]


def _edge(rng: Random, gap: float) -> Alternatives:
    """The plate's rim is now and then taken for a thin character."""
    return [(0.0, ""), (gap * 1.25 + 3 + rng.gauss(0, 3.2), rng.choice("1IL"))]


def _relative(options: Alternatives) -> Alternatives:
    """The options sorted, with points lost counted from the best one."""
    options = sorted(options)
    return [(lost - options[0][0], text) for lost, text in options[:4]]


def _best_spellings(places: list[Alternatives]) -> Alternatives:
    """The spellings that lose least over all places, without repetition; short ones lose a little more."""
    kept: Alternatives = [(0.0, "")]
    for options in places:
        longer: dict[str, float] = {}
        for lost, text in kept:
            for more, ch in options:
                longer[text + ch] = min(lost + more, longer.get(text + ch, 1e9))
        kept = sorted((lost, text) for text, lost in longer.items())[: TOP_N * 4]
    return [(lost, text) for lost, text in kept if len(text) >= 3][:TOP_N]
