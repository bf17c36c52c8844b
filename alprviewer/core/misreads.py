"""How well what was read fits a plate that is looked for, and what differs.

A noisy channel (Kernighan, Church and Gale, "A spelling correction program based on a noisy channel model",
1990): the recognizer takes each character of the plate for itself or for one that looks like it, leaves it
out, or puts one in. The rates are those of ``core.recognizer``: its first values, or what a capture has
taught, with what people decided of it added (``Recognizer.judged``). What a spelling fits is the probability
of the likeliest way from the plate to it, divided by that of reading the plate as it is: 1 for the plate
itself.

A read says several spellings with weights that sum to 1 (``core.spellings``). What the read fits is the sum
over its spellings of weight times fit: how probable what was read is if the vehicle carried the plate,
compared with reading it rightly and surely.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein

from alprviewer.core.batch import Array
from alprviewer.core.plates import display_text, normal_form
from alprviewer.core.query.tree import And, Confusable, Exact, Literal, Near, TextTerm, Tree
from alprviewer.core.recognizer import Recognizer
from alprviewer.core.spellings import LONGEST
from alprviewer.language import tr, trn

_ADDED = 0.01
"""Probability of a character that the plate does not have, at each place."""
_FEWEST_OF_PART = 3
"""Characters of a part of a plate that is worth an order: fewer are in too many plates."""
_FIELDS = ("any", "plate", "candidate", "consensus")
_NUMBERS = {1: tr("one character"), 2: tr("two characters"), 3: tr("three characters")}
_LEFT_OUT, _PUT_IN = tr("{character} left out"), tr("{character} put in")
_PLACES = {"observed plate": tr("observed plate"), "consensus": tr("consensus")}
_PARTS = {"observed plate": tr("part of the observed plate"), "consensus": tr("part of the consensus")}


class Search(NamedTuple):
    """A plate that is looked for.

    Attributes:
        plate: in its normal form.
        is_part: True where it may be a part of what was read.
    """

    plate: str
    is_part: bool


def search_of(tree: Tree | None) -> Search | None:
    """The plate that a query looks for; None where it looks for none, for several, or by a pattern."""
    terms = tree.terms if isinstance(tree, And) else (tree,)
    asked = [term for term in terms if isinstance(term, TextTerm) and term.field in _FIELDS]
    if len(asked) != 1:
        return None
    match = asked[0].match
    if not isinstance(match, (Literal, Exact, Near, Confusable)):
        return None
    plate, is_part = normal_form(match.text), isinstance(match, Literal)
    fewest = _FEWEST_OF_PART if is_part else 1
    return Search(plate, is_part) if fewest <= len(plate) <= LONGEST else None


def fits(
    wanted: Array, letters: Array, lengths: Array, recognizer: Recognizer, *, is_part: bool = False
) -> Array:
    """What spellings fit a plate.

    Args:
        wanted: characters of the plate as numbers of an alphabet.
        letters: ``(n, LONGEST)`` characters of the spellings.
        lengths: of each.
        recognizer: whose rates count.
        is_part: what stands before the plate and behind it costs nothing.

    Returns:
        ``(n,)`` from 0 to 1; 0 for a spelling without characters.
    """
    shows = recognizer.shows
    rate = float(np.mean(recognizer.left_out))
    right = np.log1p(-rate) + np.log(np.diag(shows))
    out, added = np.log(rate), np.log(_ADDED / len(shows))
    # The best way for so many characters of the plate, by column for so many of the spelling.
    count = len(lengths)
    best = np.tile(np.arange(LONGEST + 1) * (0.0 if is_part else added), (count, 1))
    for character in wanted.tolist():
        # Divided by reading the character as it is.
        shown = np.log1p(-rate) + np.log(np.maximum(shows[character], 1e-12)) - right[character]
        missing = out - right[character]
        turned = np.empty_like(best)
        turned[:, 0] = best[:, 0] + missing
        for place in range(LONGEST):
            turned[:, place + 1] = np.maximum(
                best[:, place] + shown[letters[:, place]],
                np.maximum(best[:, place + 1] + missing, turned[:, place] + added),
            )
        best = turned
    if is_part:
        behind = np.arange(LONGEST + 1) > lengths[:, None]
        ends = np.where(behind, -np.inf, best).max(axis=1)
    else:
        ends = best[np.arange(count), lengths]
    found: Array = np.where(lengths > 0, np.exp(np.minimum(ends, 0.0)), 0.0)
    return found


class Evidence(NamedTuple):
    """What speaks most for a plate in a read.

    Attributes:
        text: as it was read.
        where: ``observed plate``, ``candidate 3`` or ``consensus``, whatever language is spoken.
        percent: its confidence, of a consensus its probability; None where there is none.
    """

    text: str
    where: str
    percent: float | None


def reason(search: Search, evidence: Evidence, plates: int = 0) -> str:
    """Why a read was found, for people: ``=`` before what was read exactly, ``≈`` before a misread.

    Args:
        search: for what.
        evidence: what speaks most for it.
        plates: decided plates that misreads are weighed by; 0 where they are weighed as in general.
    """
    where, number = evidence.where, evidence.where.removeprefix("candidate ")
    sure = ""
    if evidence.percent is not None:
        sure = f", {evidence.percent:.1f}" + (" %" if where == "consensus" else "")
    read = normal_form(evidence.text)
    is_exact = read == search.plate
    if not is_exact and search.is_part and search.plate in read:
        return f"= {_PARTS.get(where) or tr('part of candidate {number}', number=number)}{sure}"
    place = f"{_PLACES.get(where) or tr('candidate {number}', number=number)}{sure}"
    if is_exact:
        return f"= {place}"
    words = [f"≈ {difference(search.plate, read)}", place]
    if plates:
        words.append(trn("weighed by {count:,} decided plate", "weighed by {count:,} decided plates", plates))
    return " · ".join(words)


def difference(plate: str, read: str) -> str:
    """What a misread differs in: ``one character: 8 for B``."""
    edits = Levenshtein.editops(plate, read)
    words = []
    for edit in edits:
        if edit.tag == "replace":
            words.append(tr("{read} for {true}", read=read[edit.dest_pos], true=plate[edit.src_pos]))
        else:
            is_left_out = edit.tag == "delete"
            character = plate[edit.src_pos] if is_left_out else read[edit.dest_pos]
            words.append((_LEFT_OUT if is_left_out else _PUT_IN).format(character=character))
    count = _NUMBERS.get(len(edits)) or trn("{count} character", "{count} characters", len(edits))
    return display_text(f"{count}: {', '.join(words)}", 80)
