"""Regular expressions and the other text patterns, as expressions of one small algebra.

Only what can be matched in one pass over a text is taken: characters, sets, groups, ``|``, repetition and the
anchors ``^`` and ``$``. There are no references back and no looking around, so no pattern can take longer
than its length times that of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from alprviewer.core.errors import QueryError
from alprviewer.core.plates import normal_form
from alprviewer.core.query.confusables import confused_with
from alprviewer.core.query.tree import Confusable, Exact, Literal, Match, Near, Regex, Wildcard
from alprviewer.language import tr

MOST_REPEATS = 100
MOST_STATES = 2000
"""States of a pattern's automaton. A plate has eight characters; nobody needs more."""
_MOST_DEPTH = 40
_SPECIAL = frozenset(".^$*+?{}[]()|\\")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_KINDS = {
    "d": str.isdecimal,
    "w": lambda character: character.isalnum() or character == "_",
    "s": str.isspace,
}


@dataclass(frozen=True)
class Chars:
    r"""A set of characters: ranges (first, last) and kinds as in ``\d`` (a capital: all others)."""

    ranges: tuple[tuple[str, str], ...] = ()
    kinds: str = ""
    negated: bool = False

    def has(self, character: str) -> bool:
        """True if the character is in the set in upper or in lower case."""
        cases = {character, character.upper(), character.lower()}
        return self.negated != any(self._has(case) for case in cases if len(case) == 1)

    def _has(self, character: str) -> bool:
        return any(first <= character <= last for first, last in self.ranges) or any(
            _KINDS[kind.lower()](character) == kind.islower() for kind in self.kinds
        )


ANY = Chars(negated=True)


@dataclass(frozen=True)
class Sequence:
    """One after the other."""

    parts: tuple[Pattern, ...] = ()


@dataclass(frozen=True)
class Choice:
    """One of them."""

    parts: tuple[Pattern, ...]


@dataclass(frozen=True)
class Repeat:
    """At least ``low`` and at most ``high`` times (None: any number)."""

    part: Pattern
    low: int
    high: int | None


@dataclass(frozen=True)
class Anchor:
    """The beginning or the end of the text."""

    at_end: bool


@dataclass(frozen=True)
class Edits:
    """A text with at most so many edits."""

    text: str
    distance: int


Pattern: TypeAlias = Chars | Sequence | Choice | Repeat | Anchor | Edits
EMPTY = Sequence()


def _one(character: str) -> Chars:
    return Chars(((character, character),))


def _text(text: str) -> tuple[Pattern, ...]:
    return tuple(_one(character) for character in text)


def _whole(*parts: Pattern) -> Pattern:
    return Sequence((Anchor(at_end=False), *parts, Anchor(at_end=True)))


def pattern_of(match: Match, *, is_plate: bool) -> Pattern:
    """What is to be found in a text.

    Args:
        match: of the query.
        is_plate: plates are compared by their ``normal_form``, and a literal may be a part of them. A regular
            expression always sees the text as it was written.

    Raises:
        QueryError: a regular expression that is not understood.
    """
    form = normal_form if is_plate else lambda text: text.upper()
    match match:
        case Literal(text):
            return Sequence(_text(form(text))) if is_plate else _whole(*_text(text))
        case Exact(text):
            return _whole(*_text(form(text) if is_plate else text))
        case Wildcard(pattern):
            return _whole(*_wildcard(pattern, is_plate=is_plate))
        case Near(text, distance):
            return _whole(Edits(form(text), distance))
        case Confusable(text):
            return _whole(*(Chars(tuple((each, each) for each in confused_with(one))) for one in form(text)))
        case Regex(pattern, at):
            return _Reader(pattern, at).read()


def _wildcard(pattern: str, *, is_plate: bool) -> list[Pattern]:
    parts: list[Pattern] = []
    literal = False
    for character in pattern:
        if character == "\\" and not literal:
            literal = True
        elif character == "*" and not literal:
            parts.append(Repeat(ANY, 0, None))
        elif character == "?" and not literal:
            parts.append(ANY)
        else:
            parts += _text(normal_form(character) if is_plate else character)
            literal = False
    return parts


class _Reader:
    """Reads one regular expression; ``at`` is its place in the query."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self._at = at
        self._place = 0
        self._depth = 0

    def read(self) -> Pattern:
        pattern = self._choice()
        if self._place < len(self._text):
            raise self._error(tr("there is no group that this closes"))
        return pattern

    def _error(self, reason: str, place: int | None = None, length: int = 1) -> QueryError:
        place = self._place if place is None else place
        return QueryError(tr("In the regular expression, {reason}", reason=reason), self._at + place, length)

    def _peek(self) -> str:
        return self._text[self._place : self._place + 1]

    def _choice(self) -> Pattern:
        parts = [self._sequence()]
        while self._peek() == "|":
            self._place += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Pattern:
        parts: list[Pattern] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return Sequence(tuple(parts))

    def _repeated(self, atom: Pattern) -> Pattern:
        begin = self._place
        bounds = self._bounds()
        if bounds is None:
            return atom
        if isinstance(atom, Anchor):
            raise self._error(tr("an anchor cannot be repeated"), begin)
        if self._peek() == "?":
            self._place += 1  # whether few or many are taken makes no difference to whether it is found
        if self._peek() in ("*", "+", "?", "{"):
            raise self._error(tr("there is nothing to repeat here"))
        return Repeat(atom, *bounds)

    def _bounds(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if self._peek() in simple:
            self._place += 1
            return simple[self._text[self._place - 1]]
        if self._peek() != "{":
            return None
        begin = self._place
        end = self._text.find("}", begin)
        low, comma, high = self._text[begin + 1 : max(end, begin)].partition(",")
        is_number = all(each.isascii() and each.isdigit() and len(each) <= 4 for each in (low, high) if each)
        if end < 0 or not low or not is_number:
            raise self._error(tr("expected a repetition as {2}, {2,} or {2,3}"), begin)
        first = int(low)
        last = (int(high) if high else None) if comma else first
        if max(first, last or 0) > MOST_REPEATS or (last is not None and last < first):
            reason = tr("expected repetitions from 0 to {most}, rising", most=MOST_REPEATS)
            raise self._error(reason, begin, end + 1 - begin)
        self._place = end + 1
        return first, last

    def _atom(self) -> Pattern:
        character = self._peek()
        if character in ("*", "+", "?", "{"):
            raise self._error(tr("there is nothing to repeat here"))
        self._place += 1
        match character:
            case "(":
                return self._group()
            case "[":
                return self._set()
            case "\\":
                return self._escape()
            case ".":
                return ANY
            case "^" | "$":
                return Anchor(character == "$")
        return _one(character)

    def _group(self) -> Pattern:
        begin = self._place - 1
        if self._text.startswith("?:", self._place):
            self._place += 2
        elif self._peek() == "?":
            raise self._error(tr("looking around and flags are not supported, plain groups are"), begin, 2)
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise self._error(tr("groups are nested too deeply"), begin)
        inner = self._choice()
        self._depth -= 1
        if self._peek() != ")":
            raise self._error(tr("this group is not closed: expected )"), begin)
        self._place += 1
        return inner

    def _escape(self) -> Chars:
        character = self._peek()
        begin = self._place - 1
        self._place += 1
        if character.lower() in _KINDS and character:
            return Chars(kinds=character)
        if character in _CONTROLS:
            return _one(_CONTROLS[character])
        if character and not character.isalnum():
            return _one(character)
        if not character:
            raise self._error(tr("expected a character behind the \\"), begin)
        raise self._error(tr("\\{character} is not supported", character=character), begin, 2)

    def _set(self) -> Chars:
        begin = self._place - 1
        negated = self._peek() == "^"
        self._place += negated
        ranges: list[tuple[str, str]] = []
        kinds = ""
        first_place = self._place
        while self._peek() != "]" or self._place == first_place:
            one = self._member(begin)
            kinds += one.kinds
            if self._peek() == "-" and self._text[self._place + 1 : self._place + 2] not in ("]", ""):
                place = self._place
                self._place += 1
                other = self._member(begin)
                if one.kinds or other.kinds or other.ranges[0][0] < one.ranges[0][0]:
                    raise self._error(tr("expected a range that rises, as A-Z"), place)
                ranges.append((one.ranges[0][0], other.ranges[0][0]))
            else:
                ranges += one.ranges
        self._place += 1
        return Chars(tuple(ranges), kinds, negated)

    def _member(self, begin: int) -> Chars:
        character = self._peek()
        if not character:
            raise self._error(tr("this set is not closed: expected ]"), begin)
        self._place += 1
        return self._escape() if character == "\\" else _one(character)
