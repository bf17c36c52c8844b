"""From the candidates of reads to what their passes say together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.consensus import FLOOR, SPREAD, Model, decide, learn, sample_of
from alprviewer.core.errors import Cancelled
from alprviewer.core.spellings import Alphabet, Candidates, Spellings, is_plain, spellings_of
from alprviewer.core.states import FIRST_CODE
from alprviewer.core.texts import Texts
from alprviewer.store.columns import Columns

_PASSES = 2048
"""Passes that are weighed at a time; a multiple of the number that ``core.consensus`` takes at once."""
_ROWS = 1 << 17
"""Reads whose candidates are looked at together."""


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


class Weighed(NamedTuple):
    """What some passes support together.

    Attributes:
        numbers: of the passes, ascending.
        probability: NaN where there is no consensus.
        texts: empty there.
        taught: what all passes of the capture teach.
    """

    numbers: Array
    probability: Array
    texts: list[str]
    taught: Taught


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
    counts, candidates = _candidates(columns, rows)
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
    letters, lengths = alphabet.letters(plates.stored.words[used], partial(_text, plates, used))
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


def _candidates(columns: Columns, rows: Array) -> tuple[Array, Array]:
    """How many candidates reads have, and the rows of these."""
    counts = columns.reads.column("candidates")[rows].astype(np.int64)
    starts = columns.reads.column("first_candidate")[rows].astype(np.int64)
    # Of as many candidates as these no array stands beside the others for longer than it has to.
    candidates = np.repeat(starts - (np.cumsum(counts) - counts), counts)
    candidates += np.arange(len(candidates))
    return counts, candidates


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


def weigh_in_parts(
    columns: Columns, rows: Array, of_pass: Array, passes: int, stopped: Callable[[], bool]
) -> Iterator[Weighed]:
    """What the reads of passes say together, some passes at a time, in memory that does not grow with them.

    Args:
        columns: the store.
        rows: of the reads.
        of_pass: of each.
        passes: how many.
        stopped: asked now and then.

    Yields:
        All passes that spell anything, by their numbers.

    Raises:
        Cancelled: ``stopped`` said so.
    """
    order = np.argsort(of_pass, kind="stable")
    rows, of_pass = rows[order], of_pass[order]
    del order
    alphabet = Alphabet()
    spelled = np.unique(of_pass[_spelling(columns, rows, _usable(columns, rows, alphabet, stopped), stopped)])
    if not len(spelled):
        return
    group = _regions(_ranked_regions(columns, rows), of_pass, passes)

    def spellings(numbers: Array) -> Spellings:
        begin, end = np.searchsorted(of_pass, (numbers[0], numbers[-1] + 1))
        place = np.minimum(np.searchsorted(numbers, of_pass[begin:end]), len(numbers) - 1)
        mine = np.flatnonzero(numbers[place] == of_pass[begin:end])
        return read_spellings(columns, rows[begin + mine], place[mine], len(numbers), alphabet).spellings

    sample = sample_of(len(spelled))
    chosen = spelled[sample]
    model = learn(spellings(chosen), group[chosen], len(alphabet), stopped)._replace(sample=sample)
    taught = Taught(model, chosen, alphabet, group)
    for first in range(0, len(spelled), _PASSES):
        numbers = spelled[first : first + _PASSES]
        mine = sample[(sample >= first) & (sample < first + _PASSES)] - first
        decided = decide(spellings(numbers), group[numbers], model._replace(sample=mine), stopped)
        is_sure = (decided.probability >= FLOOR) & (decided.lengths > 0)
        texts = [
            alphabet.text(letters[:length]) if sure else ""
            for letters, length, sure in zip(decided.letters, decided.lengths, is_sure.tolist(), strict=True)
        ]
        yield Weighed(numbers, np.where(is_sure, decided.probability, np.nan), texts, taught)


def _blocks(rows: Array, stopped: Callable[[], bool]) -> Iterator[Array]:
    for first in range(0, len(rows), _ROWS):
        if stopped():
            raise Cancelled
        yield rows[first : first + _ROWS]


def _usable(columns: Columns, rows: Array, alphabet: Alphabet, stopped: Callable[[], bool]) -> Array:
    """By plate code whether reads or their candidates spell it; the alphabet gets all its characters."""
    plates = columns.dictionaries["plate"]
    assert isinstance(plates, Texts)
    words = plates.stored.words
    usable = np.zeros(len(words), bool)
    for block in _blocks(rows, stopped):
        usable[columns.reads.column("plate")[block]] = True
        usable[columns.candidates.column("plate")[_candidates(columns, block)[1]]] = True
    usable[:FIRST_CODE] = False
    found: list[Array] = [np.empty(0, np.int64)]
    for first in range(0, len(words), _ROWS):
        part = slice(first, first + _ROWS)
        plain = is_plain(words[part])
        found.append(first + np.flatnonzero(usable[part] & ~plain))
        usable[part] &= plain
    odd = np.concatenate(found)
    # The alphabet grows by what is not plain, in an order that does not depend on that of the codes.
    odd = odd[_by_text(plates, odd)]
    usable[odd] = alphabet.letters(words[odd], partial(_text, plates, odd))[1] > 0
    return usable


def _text(plates: Texts, codes: Array, place: int) -> str | None:
    return plates.value(int(codes[place]))


def _spelling(columns: Columns, rows: Array, usable: Array, stopped: Callable[[], bool]) -> Array:
    """Which reads spell anything: with a candidate, or where they have none with their plate."""
    found: list[Array] = [np.empty(0, bool)]
    for block in _blocks(rows, stopped):
        counts, candidates = _candidates(columns, block)
        says = usable[columns.candidates.column("plate")[candidates]]
        read = np.repeat(np.arange(len(block)), counts)
        bare = (counts == 0) & usable[columns.reads.column("plate")[block]]
        found.append(bare | (np.bincount(read, says, len(block)) > 0))
    return np.concatenate(found)


def _ranked_regions(columns: Columns, rows: Array) -> Array:
    """Region codes in the order of their texts, not in that of their codes, as with plates."""
    region = columns.reads.column("region")[rows]
    ranks = columns.dictionaries["region"].ranks().astype(np.int64) + FIRST_CODE
    return np.where(region < FIRST_CODE, region, ranks[region])
