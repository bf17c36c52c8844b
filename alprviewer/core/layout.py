"""The layout of a regular frame: everything in its line but the values.

Agents write every frame alike: the same members in the same order, without spaces. One line that was decoded
in full teaches where its values stand; other lines that have exactly the same bytes around their values need
no parser. The lists of candidates differ in length from read to read, so their elements form a layout of
their own and are taken out of the line before it is compared.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from alprviewer.core.digits import FIRST_BYTES, LAST_BYTES, Buffer, Mask, Positions, Words, last_word, word

Path = tuple[str | int, ...]

_token = re.compile(rb'"([^"]*)"|([{}\[\],:])|([^\s"{}\[\],:]+)')
_scalar_gap = re.compile(rb":([\w.+-]+)([\]},{\[]*)")
_COLON = ord(":")
_structure = re.compile(rb"[\]},:{\[]*")


class Strings(NamedTuple):
    """The quoted texts of a line: positions behind the opening and of the closing quote."""

    starts: list[int]
    ends: list[int]


class Gap(NamedTuple):
    """What stands between two quoted texts, or behind the last one.

    Attributes:
        fixed: the bytes where there is no value among them.
        suffix: the bytes behind the value where there is one (before it stands a colon alone).
    """

    fixed: bytes | None
    suffix: bytes = b""


class Walk(NamedTuple):
    """Where the values of a line stand: by the ordinal of their text, or of the key before them."""

    texts: dict[Path, int]
    scalars: dict[Path, int]


def strings_of(line: bytes) -> Strings:
    """The quoted texts of a line without backslashes."""
    quotes = [match.start() for match in re.finditer(b'"', line)]
    return Strings([place + 1 for place in quotes[0::2]], quotes[1::2])


def gaps_of(line: bytes, strings: Strings) -> list[Gap] | None:
    """What stands behind each quoted text; None where a line is not compact or holds bare lists of values."""
    following = [start - 1 for start in strings.starts[1:]] + [len(line)]
    gaps: list[Gap] = []
    for end, next_quote in zip(strings.ends, following, strict=True):
        text = line[end + 1 : next_quote]
        scalar = _scalar_gap.fullmatch(text)
        if scalar is not None and len(scalar[2]) <= 8:
            gaps.append(Gap(None, scalar[2]))
        elif _structure.fullmatch(text) and len(text) <= 8:
            gaps.append(Gap(text))
        else:
            return None
    return gaps


def walk(line: bytes) -> Walk:
    """The paths of a compact line's values."""
    found = Walk({}, {})
    containers: list[bytes] = []
    path: list[str | int] = []
    ordinal = -1
    key_is_next = False
    for text, sign, scalar in _token.findall(line):
        if sign == b"{" or sign == b"[":
            containers.append(sign)
            path.append("" if sign == b"{" else 0)
            key_is_next = sign == b"{"
        elif sign == b"}" or sign == b"]":
            containers.pop()
            path.pop()
        elif sign == b",":
            key_is_next = containers[-1] == b"{"
            if not key_is_next:
                path[-1] = int(path[-1]) + 1
        elif sign == b":":
            continue
        elif scalar:
            found.scalars[tuple(path)] = ordinal
        else:
            ordinal += 1
            if key_is_next:
                path[-1] = text.decode("ascii")
                key_is_next = False
            else:
                found.texts[tuple(path)] = ordinal
    return found


class Skeleton:
    """The bytes around the values of some consecutive quoted texts, to be compared many lines at a time.

    Attributes:
        size: how many quoted texts.
        keys: which of them are names; with their lengths, first and last words.
        fixed: the ones followed by fixed bytes; ``scalars``: the ones followed by a value, in order.
    """

    def __init__(self, line: bytes, strings: Strings, gaps: list[Gap]) -> None:
        self.size = len(gaps)
        names = [
            line[start:end]
            for start, end, gap in zip(*strings, gaps, strict=True)
            if gap.fixed is None or gap.fixed.startswith(b":")
        ]
        is_key = [gap.fixed is None or gap.fixed.startswith(b":") for gap in gaps]
        self.keys = np.flatnonzero(is_key)
        self.key_lengths = np.array([len(name) for name in names], np.int64)
        self.key_masks = FIRST_BYTES[np.minimum(self.key_lengths, 8)]
        self.key_words = _words([word(name) for name in names])
        long = [place for place, name in enumerate(names) if len(name) > 8]
        self.long_keys = self.keys[long]
        self.long_words = _words([last_word(names[place]) for place in long])
        self.middle_keys = [
            (int(self.keys[place]), offset, word(name[offset : offset + 8]))
            for place, name in enumerate(names)
            for offset in range(8, len(name) - 8, 8)
        ]
        self.fixed = np.flatnonzero([gap.fixed is not None for gap in gaps])
        fixed = [gap.fixed for gap in gaps if gap.fixed is not None]
        self.fixed_lengths = np.array([len(text) for text in fixed], np.int64)
        self.fixed_masks = FIRST_BYTES[self.fixed_lengths]
        self.fixed_words = _words([word(text) for text in fixed])
        self.scalars = np.flatnonzero([gap.fixed is None for gap in gaps])
        suffixes = [gap.suffix for gap in gaps if gap.fixed is None]
        self.suffix_lengths = np.array([len(text) for text in suffixes], np.int64)
        self.suffix_masks = LAST_BYTES[self.suffix_lengths]
        self.suffix_words = _words([last_word(text) for text in suffixes])
        self.scalar_places = {int(ordinal): place for place, ordinal in enumerate(self.scalars)}

    def fits(
        self,
        buffer: Buffer,
        starts: Positions,
        ends: Positions,
        nexts: Positions,
        open_end: Mask | None = None,
    ) -> Mask:
        """Which rows of texts have exactly these bytes around their values.

        Args:
            buffer: the bytes.
            starts: one row a line, one column a text: its first byte.
            ends: its closing quote.
            nexts: the next opening quote, or the end of the value.
            open_end: rows whose bytes behind the very last value are checked elsewhere.
        """
        words = buffer.words
        key_starts, key_ends = starts[:, self.keys], ends[:, self.keys]
        fits: Mask = ((key_ends - key_starts) == self.key_lengths).all(1)
        fits &= ((words[key_starts] & self.key_masks) == self.key_words).all(1)
        fits &= (words[ends[:, self.long_keys] - 8] == self.long_words).all(1)
        for ordinal, offset, wanted in self.middle_keys:
            fits &= words[starts[:, ordinal] + offset] == wanted
        fixed_ends, fixed_nexts = ends[:, self.fixed] + 1, nexts[:, self.fixed]
        fits &= ((fixed_nexts - fixed_ends) == self.fixed_lengths).all(1)
        fits &= ((words[fixed_ends] & self.fixed_masks) == self.fixed_words).all(1)
        scalar_nexts = nexts[:, self.scalars]
        suffixes = (words[scalar_nexts - 8] & self.suffix_masks) == self.suffix_words
        if open_end is not None:
            suffixes[open_end, -1] = True
        fits &= suffixes.all(1)
        fits &= (buffer.units[ends[:, self.scalars] + 1] == _COLON).all(1)
        return fits

    def scalar(self, ordinal: int, ends: Positions, nexts: Positions) -> tuple[Positions, Positions]:
        """Where the value behind a key stands, in rows that fit."""
        suffix = self.suffix_lengths[self.scalar_places[ordinal]]
        return ends[:, ordinal] + 2, nexts[:, ordinal] - suffix


def _words(values: list[npt.NDArray[np.uint64]]) -> Words:
    return np.array(values, np.uint64)
