"""Plates that somebody looks out for: which spellings are one of them, or near one, and how near.

A list has a term of the query language on each line, as the filter box takes it for plates: ``AB123`` (also
as a part), ``=AB123``, ``AB*``, ``/^AB/``, ``~2:AB123``, ``%AB123``. Near is what differs from a listed plate
in one character, or in as many as its line allows, or in characters that are taken for each other. A line may
be any query: what it says beside plates (``AB123 region:us-mo``) cannot be told from a spelling, and is not
looked at here. Distances are those of rapidfuzz, for all spellings and all plates at once; only patterns are
tried one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from alprviewer.core.errors import QueryError, UserError
from alprviewer.core.misreads import difference
from alprviewer.core.plates import display_text, normal_form
from alprviewer.core.query.automaton import Automaton
from alprviewer.core.query.confusables import GROUPS, confused_with
from alprviewer.core.query.parse import parse
from alprviewer.core.query.patterns import pattern_of
from alprviewer.core.query.tree import (
    And,
    Confusable,
    Every,
    Exact,
    Literal,
    Match,
    Near,
    Or,
    Regex,
    TextTerm,
    Tree,
)
from alprviewer.language import tr

MOST_LINES = 50_000
_PAIRS = 1 << 22
"""Spellings and plates that are compared together: so many distances, of a byte each."""
_NEAR = 1
"""Characters that a spelling near a plate may differ in, where its line does not say more."""
_FIELDS = ("any", "plate", "candidate", "consensus")


class Line(NamedTuple):
    """A plate, or a pattern, that a line of a list asks for.

    Attributes:
        text: the line as it was written.
        match: what it says of the plate.
        plate: in normal form; empty where it is a pattern.
    """

    text: str
    match: Match
    plate: str


class Hit(NamedTuple):
    """A spelling that is listed, or near a listed plate.

    Attributes:
        line: what is listed.
        read: the spelling in normal form.
        matches: True if the line finds it, as a query would; False if it is only near.
        distance: characters inserted, left out or replaced; 0 for a pattern.
    """

    line: Line
    read: str
    matches: bool
    distance: int

    @property
    def rank(self) -> tuple[bool, int]:
        """Less is nearer: what the line finds comes before what is near."""
        return (not self.matches, self.distance)

    @property
    def words(self) -> str:
        """What is listed and how near it is, for people."""
        plate = display_text(self.line.plate, 24)
        if self.matches and self.read == self.line.plate:
            return tr("{plate} is listed", plate=plate)
        if self.matches and not isinstance(self.line.match, (Near, Confusable)):
            return tr("listed by {query}", query=display_text(self.line.text, 24))
        how = difference(self.line.plate, self.read)
        return tr("near listed {plate}, {difference}", plate=plate, difference=how)


class PlateList:
    """Listed plates. For one thread at a time.

    Attributes:
        lines: of the list.
    """

    def __init__(self, lines: Sequence[Line] = ()) -> None:
        self.lines = lines
        self._named = [number for number, line in enumerate(lines) if line.plate]
        self._plates = [lines[number].plate for number in self._named]
        self._reach = np.array([_reach(lines[number].match) for number in self._named], np.uint8)
        self._patterns = [number for number, line in enumerate(lines) if not line.plate]
        self._automata: dict[int, Automaton] = {}
        self._parts: defaultdict[str, list[int]] = defaultdict(list)
        self._shapes: defaultdict[str, list[int]] = defaultdict(list)
        for number, plate in zip(self._named, self._plates, strict=True):
            self._shapes[_shape(plate)].append(number)
            if isinstance(lines[number].match, Literal):
                self._parts[plate].append(number)
        self._lengths = sorted({len(plate) for plate in self._parts})

    def __len__(self) -> int:
        return len(self.lines)

    def hits(self, texts: Sequence[str]) -> list[Hit | None]:
        """The nearest line of each spelling, the first of several; None where none is near."""
        if not self.lines:
            return [None] * len(texts)
        reads = [normal_form(text) for text in texts]
        found: list[Hit | None] = []
        step = max(_PAIRS // max(len(self._plates), 1), 1)
        for begin in range(0, len(reads), step):
            part = slice(begin, begin + step)
            near = self._near(reads[part])
            found += [
                self._best(text, read, numbers)
                for text, read, numbers in zip(texts[part], reads[part], near, strict=True)
            ]
        return found

    def hit(self, texts: Iterable[str]) -> Hit | None:
        """The nearest line of several spellings of one vehicle; None where none is near."""
        found = [hit for hit in self.hits(list(texts)) if hit is not None]
        return min(found, key=lambda hit: hit.rank, default=None)

    def _near(self, reads: list[str]) -> list[list[int]]:
        """Lines within whose reach each spelling is."""
        found: list[list[int]] = [[] for _ in reads]
        if self._plates:
            distances = cdist(
                reads,
                self._plates,
                scorer=Levenshtein.distance,
                score_cutoff=int(self._reach.max()),
                dtype=np.uint8,
            )
            for row, column in np.argwhere(distances <= self._reach).tolist():
                found[row].append(self._named[column])
        return found

    def _best(self, text: str, read: str, near: list[int]) -> Hit | None:
        if not read:
            return None
        alike = [
            number
            for number in self._shapes.get(_shape(read), ())
            if all(map(_may_be, self.lines[number].plate, read))
        ]
        patterns = [number for number in self._patterns if self._finds(number, text)]
        numbers = sorted({*near, *alike, *patterns, *self._parts_in(read)})
        hits = [self._hit(number, text, read) for number in numbers]
        return min(hits, key=lambda hit: hit.rank, default=None)

    def _parts_in(self, read: str) -> Iterator[int]:
        for length in self._lengths:
            for begin in range(len(read) - length + 1):
                yield from self._parts.get(read[begin : begin + length], ())

    def _hit(self, number: int, text: str, read: str) -> Hit:
        line = self.lines[number]
        distance = Levenshtein.distance(line.plate, read) if line.plate else 0
        return Hit(line, read, self._finds(number, text), distance)

    def _finds(self, number: int, text: str) -> bool:
        automaton = self._automata.get(number)
        if automaton is None:
            match = self.lines[number].match
            as_plates = not isinstance(match, Regex)
            automaton = self._automata[number] = Automaton(
                pattern_of(match, is_plate=True), as_plates=as_plates
            )
        return automaton.found(text)


NOTHING_LISTED = PlateList()


def read_list(lines: Iterable[str], name: str) -> PlateList:
    """The list of these lines. Empty lines, those that begin with ``#`` and those without plates say nothing.

    Args:
        lines: a query each.
        name: where they come from, for what is said of them.

    Raises:
        UserError: a line is no query, or there are too many.
    """
    found: list[Line] = []
    for number, written in enumerate(lines, 1):
        text = written.strip()
        if not text or text.startswith("#"):
            continue
        if len(found) >= MOST_LINES:
            text = tr("{file} has more than {most:,} plates; shorten it.", file=name, most=MOST_LINES)
            raise UserError(text)
        try:
            tree = parse(text)
        except QueryError as error:
            message = tr(
                "Line {line} of {file} cannot be understood: {reason}", line=number, file=name, reason=error
            )
            raise UserError(message) from error
        found += [Line(text, match, _plate(match)) for match in _matches(tree)]
    return PlateList(found)


def _matches(tree: Tree | None) -> list[Match]:
    """What a query asks of plates; what it rules out is not among it."""
    if isinstance(tree, (And, Or)):
        return [match for term in tree.terms for match in _matches(term)]
    if isinstance(tree, Every):
        return _matches(tree.term)
    return [tree.match] if isinstance(tree, TextTerm) and tree.field in _FIELDS else []


def _plate(match: Match) -> str:
    if isinstance(match, (Literal, Exact, Near, Confusable)):
        return normal_form(match.text)
    return ""


def _reach(match: Match) -> int:
    return max(match.distance, _NEAR) if isinstance(match, Near) else _NEAR


def _may_be(character: str, other: str) -> bool:
    return other in confused_with(character)


def _classes() -> dict[str, str]:
    """One character for all that are connected by being taken for each other."""
    found: dict[str, str] = {}
    for group in GROUPS:
        joined = {found.get(each, each) for each in group}
        first = min(joined)
        found.update((each, first) for each, stand_in in list(found.items()) if stand_in in joined)
        found.update((each, first) for each in group)
    return found


_CLASS_OF = str.maketrans(_classes())


def _shape(text: str) -> str:
    """Equal for texts that may be taken for each other, and for some that may not."""
    return text.translate(_CLASS_OF)
