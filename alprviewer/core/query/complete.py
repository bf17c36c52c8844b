"""What may be typed next in a query, and a query with one term exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from alprviewer.core.query.fields import FIELDS
from alprviewer.core.query.parse import KEYWORDS
from alprviewer.core.query.tree import And, Tree, fields_of
from alprviewer.core.query.unparse import quoted

_token = re.compile(r'(?:[^\s()"\\]|\\.?|"(?:\\.|[^"\\])*\\?(?:"|\Z))+', re.DOTALL)
_field = re.compile(r"([^\W\d]\w*)(:|<=|>=|<|>)")


class Place(NamedTuple):
    """What is being typed.

    Attributes:
        begin: where it begins in the query.
        field: whose value it is; empty for the beginning of a term.
        typed: what is there of it, without quotes.
    """

    begin: int
    field: str
    typed: str


def place_of(text: str, cursor: int) -> Place:
    """What the cursor stands in, or behind."""
    before = text[:cursor]
    begin = len(before)
    for found in _token.finditer(before):
        if found.end() == len(before):
            begin = found.start()
    word = before[begin:]
    if word.startswith("-"):
        begin, word = begin + 1, word[1:]
    field = _field.match(word)
    if field is None:
        return Place(begin, "", word)
    value = word[field.end() :]
    prefix = len(value) - len(value.lstrip("=~%"))
    return Place(begin + field.end() + prefix, field[1].lower(), value[prefix:].lstrip('"'))


def fields_that_begin(typed: str) -> list[str]:
    """Fields with the sign behind them, for a term that begins so."""
    signs = {"number": ">", "time": ">"}
    return [
        name + signs.get(spec.kind, ":") for name, spec in FIELDS.items() if name.startswith(typed.lower())
    ]


def keywords_that_begin(text: str, place: Place) -> list[str]:
    """``AND``, ``OR``, ``NOT`` as far as they are begun and may stand there. Small letters begin a text."""
    typed = place.typed
    if place.field or not any(keyword.startswith(typed) for keyword in KEYWORDS if typed):
        return []
    from alprviewer.core.query.grammar import keywords_behind

    return [keyword for keyword in keywords_behind(text[: place.begin]) if keyword.startswith(typed)]


def values_that_begin(values: Iterable[str], typed: str) -> list[str]:
    """Values as a query takes them, for one that begins so; those that contain it come behind."""
    wanted = typed.casefold()
    scored = [(value.casefold().find(wanted), value) for value in values]
    return [quoted(value) for at, value in sorted(scored, key=lambda each: each[0] > 0) if at >= 0]


def with_term(tree: Tree | None, field: str, term: Tree | None) -> Tree | None:
    """The query with this term in place of those of its outermost terms that ask for the field alone.

    Args:
        tree: the query so far.
        field: of the term.
        term: None leaves the field out.
    """
    terms = tree.terms if isinstance(tree, And) else () if tree is None else (tree,)
    kept = [each for each in terms if fields_of(each) != {field}]
    if term is not None:
        kept.append(term)
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else And(tuple(kept))


def terms_of(tree: Tree | None, field: str) -> tuple[Tree, ...]:
    """The outermost terms of a query that ask for the field alone."""
    terms = tree.terms if isinstance(tree, And) else () if tree is None else (tree,)
    return tuple(each for each in terms if fields_of(each) == {field})
