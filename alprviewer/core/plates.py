"""Plate texts: how they are compared, where two spellings differ, and how they are shown safely.

Everything here is text in, text out. What data brings along may be hostile: a plate may hold escape
sequences, direction overrides or a thousand characters, and a person must still see what is there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

TWO_LINES = "↵"
"""Shown for the line break of a two-line plate."""
ELLIPSIS = "…"
SHOWN_CHARACTERS = 200
"""Longest text in characters that is shown of a value; the rest is replaced by an ellipsis."""

_HYPHENS = frozenset("-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d")
_LINE_BREAKS = frozenset("\n\v\f\u0085\u2028\u2029")
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zs"))
"""Unicode categories without a shape of their own: controls, formats, surrogates, private, unassigned, and
spaces that are not the plain one."""
_MARKS = frozenset(("Mn", "Me"))
_MOST_MARKS = 2
"""Combining marks in a row that are drawn; more of them climb over the neighbouring rows."""


class Piece(NamedTuple):
    """One character of a text as it is shown.

    Attributes:
        text: what stands for the character, mostly itself.
        differs: True if the character is not what the other text has in its place.
        gap: True if the other text has characters before this one that are missing here.
    """

    text: str
    differs: bool = False
    gap: bool = False


class Emphasis(NamedTuple):
    """A text in pieces; ``gap_at_end`` says that characters are missing behind the last of them."""

    pieces: tuple[Piece, ...]
    gap_at_end: bool = False

    @property
    def text(self) -> str:
        """All pieces joined."""
        return "".join(piece.text for piece in self.pieces)


def is_ignored(character: str) -> bool:
    """True for what does not count when plates are compared: white space, line breaks and hyphens."""
    return character.isspace() or character in _HYPHENS


def normal_form(text: str) -> str:
    """The text for comparisons: upper case, without spaces, hyphens and line breaks."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(character for character, _ in _counted(text))


def _counted(text: str) -> Iterator[tuple[str, int]]:
    """The characters that count, in upper case, each with its place in the text.

    A character whose upper case has several letters (``ß``) counts as several with the same place.
    """
    for place, character in enumerate(text):
        if not is_ignored(character):
            for upper in character.upper():
                yield upper, place


def emphasise(chosen: str, text: str, limit: int = SHOWN_CHARACTERS) -> Emphasis:
    """Where ``text`` differs from ``chosen``, ready to be shown.

    The two are aligned with the fewest insertions, deletions and substitutions, so that a character missing
    at the front does not make all that follow look different. What comparisons ignore never differs.

    Args:
        chosen: the text to compare with.
        text: the text to show.
        limit: most characters to show.
    """
    counted = list(_counted(text))
    edits = Levenshtein.editops(normal_form(chosen), "".join(character for character, _ in counted))
    differs: set[int] = set()
    gaps: set[int] = set()
    for edit in edits:
        place = counted[edit.dest_pos][1] if edit.dest_pos < len(counted) else len(text)
        (gaps if edit.tag == "delete" else differs).add(place)
    shown = list(_visible(text[:limit], ""))
    if len(text) > limit:
        shown[-1:] = [ELLIPSIS]
    pieces = tuple(Piece(each, place in differs, place in gaps) for place, each in enumerate(shown))
    return Emphasis(pieces, len(text) in gaps and len(text) <= limit)


def display_text(text: str, limit: int = SHOWN_CHARACTERS) -> str:
    """The text, safe to draw on one line and plain to read.

    Line breaks become ``↵``; control characters, what has no shape and what would turn the writing direction
    become their code point (``<U+202E>``); a text longer than ``limit`` ends in ``…``.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    if len(text) > limit:
        return "".join(_visible(text[: limit - 1], "")) + ELLIPSIS
    return "".join(_visible(text, ""))


def visible_lines(text: str) -> str:
    """Like ``display_text`` for a text of many lines: line feeds and tabs stay, nothing is left out."""
    return "".join(_visible(text, "\n\t"))


def _visible(text: str, kept: str) -> Iterator[str]:
    """What stands for each character of the text, one string each."""
    marks = 0
    previous = ""
    for character in text:
        if character.isascii() and character.isprintable():
            marks = 0
            yield character
        elif character in kept:
            yield character
        elif (character == "\r" and kept) or (character == "\n" and previous == "\r"):
            yield ""
        else:
            marks = marks + 1 if unicodedata.category(character) in _MARKS else 0
            yield _stand_in(character, marks)
        previous = character


def _stand_in(character: str, marks: int) -> str:
    code = ord(character)
    if character in _LINE_BREAKS or character == "\r":
        return TWO_LINES
    if unicodedata.category(character) in _UNSEEN or marks > _MOST_MARKS:
        return f"<U+{code:04X}>"
    return character
