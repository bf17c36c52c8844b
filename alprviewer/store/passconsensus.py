"""From the candidates of reads to what their passes say together."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.consensus import FLOOR, SPREAD, Model, decide, learn
from alprviewer.core.spellings import Alphabet, Candidates, Spellings, spellings_of
from alprviewer.core.states import FIRST_CODE
from alprviewer.core.texts import Texts
from alprviewer.store.columns import Columns


class Taught(NamedTuple):
    """What consensus is made with.

    Attributes:
        model: learned from the passes ``sample``.
        sample: their numbers.
        alphabet: the characters of the capture.
        group: of each pass a number for its region code, 0 for none.
    """

    model: Model
    sample: Array
    alphabet: Alphabet
    group: Array


class ReadSpellings(NamedTuple):
    """What reads spell, and the places (among those asked for) of the reads that spell anything."""

    spellings: Spellings
    heard: Array


def read_spellings(
    columns: Columns, rows: Array, of_pass: Array, passes: int, alphabet: Alphabet
) -> ReadSpellings:
    """What reads spell.

    Args:
        columns: the store.
        rows: of the reads.
        of_pass: of each, from 0 up.
        passes: how many.
        alphabet: gets the characters that it does not have yet.
    """
    reads = columns.reads
    counts = reads.column("candidates")[rows].astype(np.int64)
    starts = reads.column("first_candidate")[rows]
    inside = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    candidates = np.repeat(starts, counts) + inside
    spelling = columns.candidates.column("plate")[candidates]
    plate = reads.column("plate")[rows]
    plates = columns.dictionaries["plate"]
    assert isinstance(plates, Texts)
    used = np.unique(np.concatenate([spelling, plate]))
    # In an order of their own: codes are given in the order in which processes happen to send texts.
    order = _by_text(plates, used)
    place = np.empty(len(used), np.int64)
    place[order] = np.arange(len(used))
    codes, used = used, used[order]
    letters, lengths = alphabet.letters(plates.stored.words[used], lambda row: plates.value(int(used[row])))
    lengths[used < FIRST_CODE] = 0
    found = Candidates(
        passes,
        of_pass,
        place[np.searchsorted(codes, plate)],
        reads.column("confidence")[rows],
        counts,
        place[np.searchsorted(codes, spelling)],
        columns.candidates.column("confidence")[candidates],
        columns.candidates.column("matches_template")[candidates],
    )
    return ReadSpellings(*spellings_of(found, letters, lengths, SPREAD))


def _by_text(texts: Texts, codes: Array) -> Array:
    """The order of codes by what they stand for, the longest texts and those of other characters last."""
    words = texts.stored.words[codes]
    order = np.argsort(words, kind="stable")
    others = order[(words[order] >> np.uint64(56)) == 0xFF]
    if len(others):
        order[len(order) - len(others) :] = sorted(
            others.tolist(), key=lambda place: texts.value(int(codes[place])) or ""
        )
    return order


def _regions(region: Array, of_pass: Array, passes: int) -> Array:
    """The region code that most reads of a pass name, as a small number in the order of the codes."""
    key = of_pass << 32 | region
    distinct, count = np.unique(key, return_counts=True)
    code, number = distinct & 0xFFFFFFFF, distinct >> 32
    said = code >= FIRST_CODE
    code, number, count = code[said], number[said], count[said]
    order = np.lexsort((code, -count, number))
    first = np.unique(number[order], return_index=True)
    group = np.zeros(passes, np.int64)
    _, small = np.unique(code[order][first[1]], return_inverse=True)
    group[first[0]] = small + 1
    return group


def teach(
    columns: Columns, rows: Array, of_pass: Array, passes: int, stopped: Callable[[], bool]
) -> tuple[Array, Spellings, Taught] | None:
    """What the reads of passes teach; None where none spells anything.

    Args:
        columns: the store.
        rows: of the reads.
        of_pass: of each.
        passes: how many.
        stopped: asked now and then.

    Returns:
        The passes that spell anything, what they spell (by their place among these), what it teaches.

    Raises:
        Cancelled: ``stopped`` said so.
    """
    alphabet = Alphabet()
    spellings = read_spellings(columns, rows, of_pass, passes, alphabet).spellings
    spelled = np.unique(spellings.spelling_pass)
    if not len(spelled):
        return None
    region = columns.reads.column("region")[rows]
    # By their texts, not by their codes, as with plates.
    ranks = columns.dictionaries["region"].ranks().astype(np.int64) + FIRST_CODE
    group = _regions(np.where(region < FIRST_CODE, region, ranks[region]), of_pass, passes)
    some = spellings.taken(spelled)
    model: Model = learn(some, group[spelled], len(alphabet), stopped)
    return spelled, some, Taught(model, spelled[model.sample], alphabet, group)


def decided_part(
    spelled: Array, part: Array, spellings: Spellings, taught: Taught, stopped: Callable[[], bool]
) -> tuple[Array, list[str]]:
    """The consensus of some of the passes that spell anything.

    Args:
        spelled: passes, as ``teach`` gave them.
        spellings: theirs.
        taught: what all of them teach.
        part: neighbouring places in ``spelled``, ascending.
        stopped: asked now and then.

    Returns:
        Their probabilities, NaN where there is no consensus, and their texts, empty there.

    Raises:
        Cancelled: ``stopped`` said so.
    """
    sample = taught.model.sample
    mine = sample[(sample >= part[0]) & (sample <= part[-1])] - part[0]
    model = taught.model._replace(sample=mine)
    decided = decide(spellings.taken(part), taught.group[spelled[part]], model, stopped)
    is_sure = (decided.probability >= FLOOR) & (decided.lengths > 0)
    texts = [
        taught.alphabet.text(letters[:length]) if sure else ""
        for letters, length, sure in zip(decided.letters, decided.lengths, is_sure.tolist(), strict=True)
    ]
    return np.where(is_sure, decided.probability, np.nan), texts
