"""Which readings a search for misreads accepts, in words."""

from __future__ import annotations

from alprviewer.core.plates import display_text, normal_form
from alprviewer.core.query.confusables import confused_with
from alprviewer.core.query.tree import And, Confusable, Every, Match, Near, Not, Or, TextTerm, Tree
from alprviewer.language import tr, trn

_MOST = 3
"""Terms that are told about."""
_NEAR = {
    1: tr("{plate} with at most one character inserted, left out or replaced"),
    2: tr("{plate} with at most two characters inserted, left out or replaced"),
    3: tr("{plate} with at most three characters inserted, left out or replaced"),
}


def preview(tree: Tree | None) -> str:
    """What the inexact terms of a query accept; empty where it has none."""
    told = dict.fromkeys(_told(match) for match in _inexact(tree))
    return " · ".join(list(told)[:_MOST])


def readings(text: str) -> int:
    """How many spellings a confusable text accepts."""
    count = 1
    for character in normal_form(text):
        count *= len(confused_with(character))
    return count


def _inexact(tree: Tree | None) -> list[Near | Confusable]:
    if isinstance(tree, (And, Or)):
        return [match for term in tree.terms for match in _inexact(term)]
    if isinstance(tree, (Not, Every)):
        return _inexact(tree.term)
    if isinstance(tree, TextTerm) and isinstance(tree.match, (Near, Confusable)):
        return [tree.match]
    return []


def _told(match: Match) -> str:
    if isinstance(match, Near):
        text = display_text(normal_form(match.text), 24)
        return _NEAR[match.distance].format(plate=text)
    assert isinstance(match, Confusable)
    places = [_place(character) for character in normal_form(match.text)]
    count = trn("{count:,} reading", "{count:,} readings", readings(match.text))
    return display_text(f"{' '.join(places)} – {count}", 120)


def _place(character: str) -> str:
    others = confused_with(character).replace(character, "")
    return f"{character}({others})" if others else character
