"""From a tree to its canonical text: ``parse`` gives the same tree again."""

from __future__ import annotations

import re

from alprviewer.core.query.fields import FIELDS
from alprviewer.core.query.parse import KEYWORDS
from alprviewer.core.query.tree import (
    And,
    Between,
    Compare,
    Confusable,
    Every,
    Exact,
    Flag,
    Literal,
    Match,
    Moment,
    Near,
    Not,
    Or,
    Regex,
    TextTerm,
    Tree,
    Value,
    Wildcard,
)

_plain_word = re.compile(r"[^\s()\"\\*?=~%/:<>-][^\s()\"\\*?:<>]*")
_bare_slash = re.compile(r"(\\.)|/", re.DOTALL)
_wild = re.compile(r"(\\.|[*?])|([\s()\"=~%/:<>-])", re.DOTALL)


def unparse(tree: Tree | None) -> str:
    """The text of a tree; nothing for no tree."""
    match tree:
        case None:
            return ""
        case And(terms):
            return " ".join(_inside(term, (And, Or)) for term in terms)
        case Or(terms):
            return " OR ".join(_inside(term, (Or,)) for term in terms)
        case Not(term):
            return f"-{_inside(term, (And, Or))}"
        case Every(term):
            return f"all({unparse(term)})"
        case TextTerm(field, match):
            return unparse_match(match) if field == "any" else f"{field}:{unparse_match(match)}"
        case Compare(field, operator, value):
            return f"{field}{operator}{_value(value)}"
        case Between(field, low, high):
            return f"{field}:{_quoted_if_needed(f'{_bound(low)}..{_bound(high)}')}"
        case Flag(field, value):
            return f"{field}:{FIELDS[field].words[0 if value else 1]}"


def _inside(tree: Tree, wrapped: tuple[type, ...]) -> str:
    return f"({unparse(tree)})" if isinstance(tree, wrapped) else unparse(tree)


def unparse_match(match: Match) -> str:
    """The text of what a field has to match."""
    match match:
        case Literal(text):
            return quoted(text)
        case Exact(text):
            return f"={quoted(text)}"
        case Near(text, distance):
            return f"~{distance}:{quoted(text)}"
        case Confusable(text):
            return f"%{quoted(text)}"
        case Regex(pattern):
            return "/" + _bare_slash.sub(lambda found: found[1] or "\\/", pattern) + "/"
        case Wildcard(pattern):
            return _wild.sub(lambda found: found[1] or f"\\{found[2]}", pattern)


def quoted(text: str) -> str:
    """A text as a query takes it literally: in quotes where it needs them."""
    if _plain_word.fullmatch(text) and text not in (*KEYWORDS, "all"):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bound(value: Value | None) -> str:
    if value is None:
        return ""
    return value.text if isinstance(value, Moment) else number_text(value)


def _value(value: Value) -> str:
    return _quoted_if_needed(_bound(value))


def _quoted_if_needed(text: str) -> str:
    return f'"{text}"' if " " in text else text


def number_text(value: float) -> str:
    """A number without an exponent and without a needless point."""
    return f"{value:.9f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
