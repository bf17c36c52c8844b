"""Codes for very many short texts, without a Python object for any of them.

A plate and its misreads are texts of up to eight ASCII characters nearly always: one 64-bit word. Words are
kept in one array by code, and found again through a hash table of codes (open addressing, linear probing),
many at a time. Any other text stands in a list, its word pointing there. One entry takes some twenty bytes; a
string in a dictionary takes 170.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from alprviewer.core.native import address, library
from alprviewer.core.packedsort import Key, PackedOrder
from alprviewer.core.states import CODE_ABSENT, CODE_INVALID, FIRST_CODE, INVALID

Array = npt.NDArray[Any]
Words = npt.NDArray[np.uint64]

WORD_LENGTH = 8
"""Characters of a text that fit into a word, the first one in the lowest byte."""
_W = np.uint64
_LONG = _W(0xFF << 56)
"""In the highest byte, where no ASCII character stands: then the word is a place in a list."""
_MIX = _W(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio: Fibonacci hashing spreads words that differ in one character."""
_MOST_RECENT = 1 << 16
_STATES: dict[Hashable, int] = {None: CODE_ABSENT, INVALID: CODE_INVALID}
_HIGHEST = 2**64 - 1


class NewTexts(NamedTuple):
    """Texts in the order of their codes: words, and the texts that are none (their words count from 0)."""

    words: Words
    others: list[str]


class StoredTexts(NamedTuple):
    """Texts as they are kept: words by code, the table that finds them (None: to be made), the others."""

    words: Words
    slots: npt.NDArray[np.uint32] | None
    others: list[str]


def word_of(text: str) -> int | None:
    """The word of a text; None where it does not fit into one."""
    if len(text) > WORD_LENGTH or not text.isascii() or "\0" in text:
        return None
    return int.from_bytes(text.encode("ascii"), "little")


class Texts:
    """Distinct texts and their codes, from ``FIRST_CODE`` up; 0 is absent, 1 invalid.

    One thread codes new texts; others may meanwhile ask for those that are there. So a table is put in the
    place of the one before when it is complete, and a word stands in its place before its code is told.
    """

    def __init__(self) -> None:
        self._words = np.zeros(1024, _W)
        self._count = FIRST_CODE
        self._slots = np.zeros(1 << 11, np.uint32)
        self._others: list[str] = []
        self._other_codes: dict[str, int] = {}
        self._taken = FIRST_CODE
        self._taken_others = 0
        self._recent = _STATES.copy()

    def __len__(self) -> int:
        """How many distinct texts."""
        return self._count - FIRST_CODE

    @property
    def nbytes(self) -> int:
        """Bytes of the words and of the table that finds them."""
        return self._words.nbytes + self._slots.nbytes

    def value(self, code: int) -> str | None:
        """The text of a code; None for absent and invalid."""
        if code < FIRST_CODE:
            return None
        word = int(self._words[code])
        if word >> 56 == 0xFF:
            return self._others[word & 0xFFFFFFFF]
        return word.to_bytes(8, "little").rstrip(b"\0").decode("ascii")

    def parted(self, codes: Array) -> tuple[Words, Array, list[str]]:
        """The words of codes, the places of those that are none, and the texts of these."""
        words = self._words[codes]
        places = np.flatnonzero((words >> _W(56)) == _W(0xFF))
        return words, places, [self._others[word & 0xFFFFFFFF] for word in words[places].tolist()]

    def find(self, value: Hashable) -> int | None:
        """The code of a text, None if it was never seen."""
        if value is None or value is INVALID:
            return CODE_ABSENT if value is None else CODE_INVALID
        word = word_of(str(value))
        if word is None:
            return self._other_codes.get(str(value))
        code = int(self._lookup(np.array([word], _W))[0])
        return code or None

    def code(self, value: Hashable) -> int:
        """The code of a text; None is absent, ``INVALID`` invalid."""
        return int(self.codes((value,))[0])

    def codes(self, values: Sequence[Hashable]) -> Array:
        """The codes of many texts at once."""
        # A vehicle repeats its spellings, and asking the table for a single one takes fifty times longer.
        if len(self._recent) >= _MOST_RECENT:
            self._recent = _STATES.copy()
        recent = self._recent
        words: dict[str, int] = {}
        for value in values:
            if value not in recent:
                text = str(value)
                word = word_of(text)
                if word is None:
                    recent[text] = self._add_other(text)
                else:
                    words[text] = word
        if words:
            codes = self.code_words(np.fromiter(words.values(), _W, len(words)))
            recent.update(zip(words, codes.tolist(), strict=True))
        return np.fromiter(map(recent.__getitem__, values), np.uint32, len(values))

    def _add_other(self, text: str) -> int:
        code = self._other_codes.get(text)
        if code is None:
            code = self._other_codes[text] = self._count
            self._append(np.array([_LONG | _W(len(self._others))], _W))
            self._others.append(text)
        return code

    def code_words(self, words: Words) -> Array:
        """The codes of words."""
        compiled = library()
        if compiled is not None:
            self._reserve(len(words))
            wanted, codes = np.ascontiguousarray(words), np.empty(len(words), np.uint32)
            table = address(self._words), self._count, address(self._slots), _bits(self._slots)
            self._count = compiled.alpr_code_words(*table, address(wanted), len(wanted), address(codes))
            return codes
        codes = self._lookup(words)
        unknown = np.flatnonzero(codes == 0)
        if len(unknown):
            new, inverse = np.unique(words[unknown], return_inverse=True)
            first = self._count
            self._append(new)
            known = np.arange(first, self._count, dtype=np.uint32)
            self._insert(known, self._slots)
            codes[unknown] = known[inverse]
        return codes

    def _append(self, words: Words) -> None:
        self._reserve(len(words))
        self._words[self._count : self._count + len(words)] = words
        self._count += len(words)

    def _reserve(self, more: int) -> None:
        """Make room for more words; half of the places in the table stay free.

        Arrays that were given (``restored``, ``remap``) are those of a file: here they become own ones.
        """
        end = self._count + more
        if end > len(self._words):
            grown = np.zeros(max(end, len(self._words) * 2), _W)
            grown[: self._count] = self._words[: self._count]
            self._words = grown
        if end * 2 > len(self._slots):
            self._rebuild(end)
        elif not self._slots.flags.writeable:
            self._slots = self._slots.copy()

    def _lookup(self, words: Words) -> Array:
        """The codes of words, 0 for those that have none."""
        slots = self._slots
        places = _places(words, slots)
        codes = slots[places]
        left = np.flatnonzero((self._words[codes] != words) & (codes != 0))
        while len(left):
            places[left] += 1
            found = codes[left] = slots[places[left] & (len(slots) - 1)]
            left = left[(self._words[found] != words[left]) & (found != 0)]
        return codes

    def _insert(self, codes: Array, slots: Array) -> None:
        """Put codes of words that are not in a table into it. Where two want a place, one goes on."""
        compiled = library()
        if compiled is not None:
            table = address(self._words), address(slots), _bits(slots)
            compiled.alpr_place_codes(*table, address(codes), len(codes))
            return
        places = _places(self._words[codes], slots)
        while len(codes):
            free = slots[places] == 0
            slots[places[free]] = codes[free]
            going = slots[places] != codes
            codes, places = codes[going], (places[going] + 1) & (len(slots) - 1)

    def _rebuild(self, count: int) -> None:
        """Make the table anew, for so many words."""
        slots = np.zeros(max(len(self._slots), 1 << (2 * count - 1).bit_length()), np.uint32)
        known = np.arange(FIRST_CODE, self._count, dtype=np.uint32)
        self._insert(known[(self._words[known] >> _W(56)) != _W(0xFF)], slots)
        self._slots = slots

    def take_new(self) -> NewTexts:
        """The texts coded since the last call."""
        words = self._words[self._taken : self._count].copy()
        others = self._others[self._taken_others :]
        is_other = (words >> _W(56)) == _W(0xFF)
        words[is_other] -= _W(self._taken_others)
        self._taken, self._taken_others = self._count, len(self._others)
        return NewTexts(words, others)

    def extend(self, new: NewTexts) -> Array:
        """The codes of a coder's new texts, in their order."""
        is_other = (new.words >> _W(56)) == _W(0xFF)
        codes = np.zeros(len(new.words), np.uint32)
        codes[~is_other] = self.code_words(new.words[~is_other])
        codes[is_other] = [self._add_other(text) for text in new.others]
        return codes

    @property
    def stored(self) -> StoredTexts:
        """All there is, to be kept elsewhere."""
        return StoredTexts(self._words[: self._count], self._slots, self._others)

    def subset(self, codes: Array) -> Texts:
        """Other texts with these of them, none twice, which get new codes in this order."""
        words = self._words[codes]
        is_other = (words >> _W(56)) == _W(0xFF)
        others = [self._others[int(word) & 0xFFFFFFFF] for word in words[is_other]]
        words[is_other] = _LONG | np.arange(len(others), dtype=_W)
        return Texts.restored(StoredTexts(np.concatenate((np.zeros(FIRST_CODE, _W), words)), None, others))

    def remap(self, stored: StoredTexts) -> None:
        """Let the arrays be these, read-only, where they hold what it has now: memory is freed."""
        slots = stored.slots
        if slots is not None and (len(stored.words), len(slots)) == (self._count, len(self._slots)):
            self._words, self._slots = stored.words, slots

    @classmethod
    def restored(cls, stored: StoredTexts) -> Texts:
        """Texts from what was kept, whose arrays are not written to.

        Raises:
            ValueError: the parts do not fit together.
        """
        texts = cls()
        texts._words, texts._count = stored.words, len(stored.words)
        codes = np.flatnonzero((stored.words >> _W(56)) == _W(0xFF))
        if len(codes) != len(stored.others) or len(stored.words) < FIRST_CODE:
            raise ValueError("texts are missing")
        texts._others = stored.others
        places = stored.words[codes] & _W(0xFFFFFFFF)
        texts._other_codes = {
            stored.others[place]: code for place, code in zip(places.tolist(), codes.tolist(), strict=True)
        }
        if stored.slots is None:
            texts._rebuild(texts._count)
            return texts
        if len(stored.slots) != 1 << _bits(stored.slots) or texts._count * 2 > len(stored.slots):
            raise ValueError("the table of texts has a wrong size")
        texts._slots = stored.slots
        return texts

    def ranks(self, among: Array | None = None) -> Array:
        """The place of each code's text among all, ignoring case first; absent and invalid are last.

        Args:
            among: codes, also repeated ones: only these are ranked, all others are last. The spellings of
                candidates outnumber the plates that were read ten to one.

        Returns:
            Ranks by code, up to the largest that is asked for; the last one, which is how many are ranked, is
            that of ``CODE_ABSENT``.
        """
        count = self._count if among is None else max(int(among.max(initial=0)) + 1, FIRST_CODE)
        wanted = np.zeros(count, bool)
        wanted[slice(None) if among is None else among] = True
        wanted[:FIRST_CODE] = False
        codes = np.flatnonzero(wanted)
        ranks = np.full(count, len(codes), np.uint32)
        ranks[codes[self._sequence(codes)]] = np.arange(len(codes), dtype=np.uint32)
        return ranks

    def _sequence(self, codes: Array) -> Array:
        """Places of the codes in the order of their texts."""
        words = self._words[codes]
        exact, folded = words.byteswap(), _lower(words).byteswap()
        is_other = (words >> _W(56)) == _W(0xFF)
        after = np.zeros(len(words), np.uint32)
        if bool(is_other.any()):
            places = np.flatnonzero(is_other)
            texts = [self._others[int(words[place]) & 0xFFFFFFFF] for place in places.tolist()]
            after[places[sorted(range(len(texts)), key=lambda k: _text_key(texts[k]))]] = np.arange(
                1, len(texts) + 1
            )
            heads = [text.casefold().encode("utf-8", "replace")[:8].ljust(8, b"\0") for text in texts]
            folded[places] = [int.from_bytes(head, "big") for head in heads]
            exact[places] = 0
        keys = Key(folded, _HIGHEST), Key(after, int(after.max(initial=0))), Key(exact, _HIGHEST)
        return PackedOrder(keys, len(words)).sequence()


def _bits(slots: Array) -> int:
    """Of how many bits the numbers of a table's places are."""
    return len(slots).bit_length() - 1


def _places(words: Words, slots: Array) -> Array:
    """Where words stand in a table, if nothing is in their way."""
    return ((words * _MIX) >> _W(64 - _bits(slots))).astype(np.int64)


def _text_key(text: str) -> tuple[str, str]:
    return text.casefold(), text


_EACH = _W(0x0101010101010101)
"""Times a byte: that byte eight times."""


def _lower(words: Words) -> Words:
    """ASCII capitals of words as small letters, all eight characters at once."""
    from_a, behind_z = words + _EACH * _W(0x80 - ord("A")), words + _EACH * _W(0x80 - ord("Z") - 1)
    capital = from_a & ~behind_z & (_EACH * _W(0x80))
    return words + (capital >> _W(2))
