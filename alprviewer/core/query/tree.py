"""A query as a tree of values: what the parser makes, what is evaluated, what ``unparse`` writes.

Nothing in a tree depends on a clock or a zone: times stay as they were written until a query is evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class And:
    """All of the terms hold."""

    terms: tuple[Tree, ...]


@dataclass(frozen=True)
class Or:
    """One of the terms holds."""

    terms: tuple[Tree, ...]


@dataclass(frozen=True)
class Not:
    """The term does not hold; so it is true where a comparison meets an absent value."""

    term: Tree


@dataclass(frozen=True)
class Every:
    """``all(…)``: the term holds for every read of the frame or the pass."""

    term: Tree


@dataclass(frozen=True)
class Literal:
    """``text``: contained in a plate; of any other text, the whole of it. Case does not count."""

    text: str


@dataclass(frozen=True)
class Exact:
    """``=text``: the whole text, of plates too."""

    text: str


@dataclass(frozen=True)
class Wildcard:
    r"""The whole text: ``*`` stands for any characters, ``?`` for one, ``\`` takes the next as it is."""

    pattern: str


@dataclass(frozen=True)
class Regex:
    """``/pattern/``: found anywhere in the text as it was written, but for case.

    ``at`` is the place of the pattern in the query, for what is said of it when it is used.
    """

    pattern: str
    at: int = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Regex) and self.pattern == other.pattern

    def __hash__(self) -> int:
        return hash(self.pattern)


@dataclass(frozen=True)
class Near:
    """``~text``, ``~2:text``: at most so many characters inserted, left out or replaced."""

    text: str
    distance: int = 1


@dataclass(frozen=True)
class Confusable:
    """``%text``: the text, or one that differs in characters that are taken for each other."""

    text: str


Match: TypeAlias = Literal | Exact | Wildcard | Regex | Near | Confusable


@dataclass(frozen=True)
class TextTerm:
    """A text of the field matches. The field of a bare text is ``any``."""

    field: str
    match: Match


@dataclass(frozen=True)
class Moment:
    """A time as it was written, and the unit it stands for.

    Attributes:
        kind: ``instant`` (UTC milliseconds), ``civil`` (date and time in the shown zone, as milliseconds
            since 1970 of a clock there), ``clock`` (time of any day, milliseconds since midnight) or ``ago``
            (milliseconds before now).
        value: see ``kind``.
        unit: milliseconds that the moment lasts: a day, a minute, a second, a millisecond.
        text: as it is written.
    """

    kind: str
    value: int
    unit: int
    text: str


Value: TypeAlias = float | Moment


@dataclass(frozen=True)
class Compare:
    """``field<value``; the operator is one of ``: < <= > >=``."""

    field: str
    operator: str
    value: Value


@dataclass(frozen=True)
class Between:
    """``field:low..high``, both ends included; None is an open end."""

    field: str
    low: Value | None
    high: Value | None


@dataclass(frozen=True)
class Flag:
    """``template:yes``, ``roi:out``: one of the two words of a field."""

    field: str
    value: bool


Tree: TypeAlias = And | Or | Not | Every | TextTerm | Compare | Between | Flag


def fields_of(tree: Tree) -> frozenset[str]:
    """Names of the fields that a tree asks for."""
    if isinstance(tree, (And, Or)):
        return frozenset().union(*(fields_of(term) for term in tree.terms))
    if isinstance(tree, (Not, Every)):
        return fields_of(tree.term)
    return frozenset((tree.field,))
