r"""The grammar of queries, and the parser that lark makes of it: LALR(1), its lexer knows the context.

The lexer takes what was begun to the end where it is not closed, and fields that do not exist, so that any
text can be cut into tokens; ``_judge`` says what is wrong with one. What has to stand directly behind what,
and where a space is needed, no context-free grammar says in few words: ``_check_gap`` does. Everything else
that is wrong is a token that the parser does not expect (``_slip``).

Imported when the first query is parsed, since making the parser takes longer than any parsing.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedToken

from alprviewer.core.errors import QueryError
from alprviewer.core.query.automaton import Automaton
from alprviewer.core.query.fields import FIELDS
from alprviewer.core.query.parse import KEYWORDS
from alprviewer.core.query.patterns import pattern_of
from alprviewer.core.query.times import EXPECTED, parse_moment
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
from alprviewer.language import tr

_GRAMMAR = r"""
?start: either
?either: both (OR both)*
?both: one (AND? one)*
?one: (NOT | MINUS) one -> negation
    | OPEN either CLOSE -> group
    | ALL either CLOSE  -> every
    | term
?term: BARE                        -> bare
    | match                        -> anywhere
    | TEXT_FIELD (word | match)    -> text
    | ORDER_FIELD (WORD | QUOTED)  -> comparison
    | FLAG_FIELD (WORD | QUOTED)   -> flag
    | FIELD
word: WORD
match: QUOTED                -> quoted
    | EQUAL (WORD | QUOTED)  -> exact
    | NEAR (WORD | QUOTED)   -> near
    | LIKE (WORD | QUOTED)   -> confusable
    | REGEX                  -> regex

OPEN.2: "("
CLOSE.2: ")"
ALL.2: "all("
AND.2: /AND(?![^\s()"])/
OR.2: /OR(?![^\s()"])/
NOT.2: /NOT(?![^\s()"])/
MINUS.2: "-"
EQUAL.2: "="
LIKE.2: "%"
NEAR.2: /~(?:[0-9]+:)?/
REGEX.2: /\/(?:\\.?|[^\/\\])*\/?/s
QUOTED.2: /"(?:\\.?|[^"\\])*"?/s
WORD: /(?:\\.?|[^\s()"\\])+/s
BARE.1: /(?!(?:AND|OR|NOT)(?![^\s()"])|[:<>])(?:\\.?|[^\s()"\\])+/s
FIELD.2: /[^\W\d]\w*(?:<=|>=|[:<>])/
%ignore /\s+/
"""

MOST_TEXT = 200
"""Characters of one text: far beyond any plate."""
MOST_DISTANCE = 3
_MOST_DEPTH = 60

_OPENERS = ("OPEN", "ALL")
_NESTING = (*_OPENERS, "NOT", "MINUS")
_BEFORE_VALUES = ("TEXT_FIELD", "ORDER_FIELD", "FLAG_FIELD", "EQUAL", "LIKE", "NEAR")
_VALUES = ("BARE", "WORD", "QUOTED", "REGEX")

_closed = {
    "QUOTED": re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL),
    "REGEX": re.compile(r"/(?:\\.|[^/\\])*/", re.DOTALL),
}
_number = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_escaped = re.compile(r"\\(.)", re.DOTALL)
_wildcard = re.compile(r"(?:\\.|[^\\*?])*[*?]", re.DOTALL)
_needless = re.compile(r"\\([^*?\\])", re.DOTALL)


def tree_of(text: str) -> Tree:
    """The tree of a query that says something.

    Raises:
        QueryError: what was expected, and where.
    """
    run = _parser().parse_interactive(text)
    stack = run.parser_state.value_stack
    before: Token | None = None
    try:
        for token in run.iter_parse():
            _check_gap(before, token, text)
            _judge(before, token)
            if before is not None and before.type in _NESTING:
                _check_depth(stack, before)
            before = token
        tree: Tree = run.feed_eof()  # type: ignore[no-untyped-call]
    except UnexpectedToken as error:
        _check_gap(before, error.token, text)
        raise _slip(before, error.token, text, stack) from None
    return tree


def keywords_behind(text: str) -> list[str]:
    """Which of ``AND``, ``OR`` and ``NOT`` the grammar takes behind a text; none where that is wrong."""
    run = _parser().parse_interactive(text)
    try:
        run.exhaust_lexer()
    except (QueryError, UnexpectedToken):
        return []
    accepted = run.accepts()  # type: ignore[no-untyped-call]
    return [keyword for keyword in KEYWORDS if keyword in accepted]


@cache
def _parser() -> Lark:
    """The parser, made once. The fields come from their table."""
    fields = {
        "TEXT_FIELD": (":", ("plate", "text")),
        "ORDER_FIELD": ("(?:<=|>=|[:<>])", ("number", "time")),
        "FLAG_FIELD": (":", ("flag",)),
    }
    lines = []
    for terminal, (operators, kinds) in fields.items():
        names = "|".join(name for name, spec in FIELDS.items() if spec.kind in kinds)
        lines.append(f"{terminal}.3: /(?ai:{names}){operators}/\n")
    return Lark(_GRAMMAR + "".join(lines), parser="lalr", lexer="contextual", transformer=_Builder())


# --- what is wrong ------------------------------------------------------------------------------------


def _begin(token: Token, text: str) -> int:
    """Where a token begins; the end of the query stands behind its last character."""
    return len(text) if token.type == "$END" else token.start_pos or 0


def _end(token: Token) -> int:
    return (token.start_pos or 0) + len(token)


def _check_gap(before: Token | None, token: Token, text: str) -> None:
    """Two tokens have to touch, or must not."""
    if before is None or token.type == "$END":
        return
    is_apart = _begin(token, text) > _end(before)
    if is_apart and before.type in _BEFORE_VALUES:
        raise QueryError(tr("Expected a value here"), _end(before))
    if is_apart and before.type == "MINUS":
        raise QueryError(tr("Expected a term directly behind the -"), _end(before))
    if not is_apart and before.type in _VALUES and token.type not in ("OPEN", "CLOSE"):
        raise QueryError(tr("Expected a space here"), _end(before))


def _check_depth(stack: list[Any], token: Token) -> None:
    """The parser's stack holds what is not complete: trees are walked by recursion elsewhere."""
    if sum(isinstance(each, Token) and each.type in _NESTING for each in stack) > _MOST_DEPTH:
        raise QueryError(tr("The query is nested too deeply"), token.start_pos or 0, 1)


def _judge(before: Token | None, token: Token) -> None:
    """What is wrong with a token as such, or as the value of the field before it."""
    begin, end = token.start_pos or 0, _end(token)
    match token.type:
        case "FIELD":
            raise _wrong_field(token, begin)
        case "NEAR" if len(token) > 1 and token[1:-1] not in map(str, range(1, MOST_DISTANCE + 1)):
            reason = tr("Expected a distance from 1 to {most}", most=MOST_DISTANCE)
            raise QueryError(reason, begin + 1, len(token) - 2)
        case "QUOTED" if not _closed["QUOTED"].fullmatch(token):
            raise QueryError(tr('Expected a " that ends this text'), begin, 1)
        case "REGEX" if not _closed["REGEX"].fullmatch(token):
            raise QueryError(tr("Expected a / that ends this regular expression"), begin, 1)
        case "BARE" | "WORD" if (len(token) - len(token.rstrip("\\"))) % 2:
            raise QueryError(tr("Expected a character behind the \\"), end - 1, 1)
    if token.type in _VALUES and len(_inner(token)) > MOST_TEXT:
        raise QueryError(tr("Expected at most {most} characters", most=MOST_TEXT), begin, len(token))
    if token.type == "REGEX":
        # Made here so that what is wrong with it is said with its place.
        Automaton(pattern_of(Regex(_inner(token), begin + 1), is_plate=False), at=begin + 1)
    if before is not None and before.type == "ORDER_FIELD":
        _comparison(before, token)
    if before is not None and before.type == "FLAG_FIELD":
        _flag(before, token)


def _wrong_field(token: Token, begin: int) -> QueryError:
    """A field that does not exist, or one that is not compared with this sign."""
    name = token.rstrip(":<>=")
    if name.lower() in FIELDS:
        reason = tr("Expected a : behind {field}", field=name.lower())
        return QueryError(reason, begin + len(name), len(token) - len(name))
    reason = tr("There is no field {field!r}; the fields are {known}", field=name, known=", ".join(FIELDS))
    return QueryError(reason, begin, len(name))


def _slip(before: Token | None, token: Token, text: str, stack: list[Any]) -> QueryError:
    """What was expected in place of a token that the parser does not take."""
    begin = _begin(token, text)
    if before is not None and before.type in _BEFORE_VALUES:
        return QueryError(tr("Expected a value here"), _end(before))
    sign = text[begin : begin + 1]
    if sign and sign in ":<>":
        return QueryError(tr("Expected a field directly before the {sign}", sign=sign), begin, 1)
    if before is None or before.type in (*_NESTING, *KEYWORDS):
        if token.type in KEYWORDS:
            return QueryError(tr("Expected a term, found {word}", word=token), begin, len(token))
        return QueryError(tr("Expected a term: a text, or a field as conf>90"), begin)
    if token.type == "CLOSE":
        return QueryError(tr("There is no ( that this ) closes"), begin, 1)
    opened = [each for each in stack if isinstance(each, Token) and each.type in _OPENERS]
    return QueryError(tr("Expected a ) for this ("), _end(opened[-1]) - 1, 1)


# --- what is right ------------------------------------------------------------------------------------


class _Builder(Transformer[Token, Tree]):
    """Makes the tree, one method for each rule of the grammar, called as the parser completes it."""

    def either(self, parts: list[Any]) -> Tree:
        return Or(_trees(parts))

    def both(self, parts: list[Any]) -> Tree:
        return And(_trees(parts))

    def negation(self, parts: list[Any]) -> Tree:
        return Not(parts[1])

    def group(self, parts: list[Any]) -> Tree:
        tree: Tree = parts[1]
        return tree

    def every(self, parts: list[Any]) -> Tree:
        return Every(parts[1])

    def bare(self, parts: list[Any]) -> Tree:
        return TextTerm("any", self.word(parts))

    def anywhere(self, parts: list[Any]) -> Tree:
        return TextTerm("any", parts[0])

    def text(self, parts: list[Any]) -> Tree:
        return TextTerm(_name(parts[0]), parts[1])

    def comparison(self, parts: list[Any]) -> Tree:
        return _comparison(*parts)

    def flag(self, parts: list[Any]) -> Tree:
        return _flag(*parts)

    def word(self, parts: list[Any]) -> Match:
        text = str(parts[0])
        return Wildcard(_needless.sub(r"\1", text)) if _wildcard.match(text) else Literal(_plain(parts[0]))

    def quoted(self, parts: list[Any]) -> Match:
        return Literal(_plain(parts[0]))

    def exact(self, parts: list[Any]) -> Match:
        return Exact(_plain(parts[1]))

    def near(self, parts: list[Any]) -> Match:
        sign, text = parts
        return Near(_plain(text), int(sign[1:-1] or 1))

    def confusable(self, parts: list[Any]) -> Match:
        return Confusable(_plain(parts[1]))

    def regex(self, parts: list[Any]) -> Match:
        return Regex(_inner(parts[0]), parts[0].start_pos + 1)


def _trees(parts: list[Any]) -> tuple[Tree, ...]:
    return tuple(part for part in parts if not isinstance(part, Token))


def _name(field: Token) -> str:
    return field.rstrip(":<>=").lower()


def _inner(token: Token) -> str:
    """A token without its quotes or slashes."""
    return str(token[1:-1]) if token.type in _closed else str(token)


def _plain(token: Token) -> str:
    """The text of a token, without the backslashes that took characters as they are."""
    return _escaped.sub(r"\1", _inner(token))


def _flag(field: Token, value: Token) -> Tree:
    name = _name(field)
    words, word = FIELDS[name].words, _plain(value).lower()
    if word not in words:
        reason = tr("Expected {yes} or {no} behind {field}:", yes=words[0], no=words[1], field=name)
        raise QueryError(reason, _end(field), len(value))
    return Flag(name, word == words[0])


def _comparison(field: Token, value: Token) -> Tree:
    name = _name(field)
    kind, operator = FIELDS[name].kind, str(field[len(name) :])
    raw, begin = _inner(value), _end(field) + (value.type == "QUOTED")
    low, dots, high = raw.partition("..")
    if not dots or operator != ":":
        return Compare(name, operator, _value(kind, raw, begin))
    if not low and not high:
        raise QueryError(tr("Expected a value before or behind the .."), begin, 2)
    ends = (
        _value(kind, low, begin) if low else None,
        _value(kind, high, begin + len(low) + 2) if high else None,
    )
    kinds = {isinstance(end, Moment) and end.kind == "clock" for end in ends if end is not None}
    if len(kinds) == 2:
        raise QueryError(tr("Expected times of day at both ends, or at none"), begin, len(raw))
    return Between(name, *ends)


def _value(kind: str, text: str, begin: int) -> Value:
    if kind == "time":
        moment = parse_moment(text)
        if moment is None:
            raise QueryError(EXPECTED, begin, len(text))
        return moment
    if not _number.fullmatch(text):
        raise QueryError(tr("Expected a number"), begin, len(text))
    return float(text)
