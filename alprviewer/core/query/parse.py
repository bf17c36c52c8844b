r"""From the text of a query to its tree.

    query    = and { "OR" and }
    and      = not { ["AND"] not }
    not      = ( "NOT" | "-" ) not | primary
    primary  = "(" query ")" | "all(" query ")" | term
    term     = match | field ":" match | field operator value | field ":" [value] ".." [value]
    match    = text | "=" text | "~" [digits ":"] text | "%" text | "/" regular expression "/"

A text is a word or stands in quotes; ``\\`` takes the next character as it is. In a word without
prefix, ``*`` and ``?`` are wildcards. ``AND``, ``OR`` and ``NOT`` are capitals: small ones are texts.
"""

from __future__ import annotations

import re

from alprviewer.core.errors import QueryError
from alprviewer.core.query.automaton import Automaton
from alprviewer.core.query.fields import FIELDS, FieldSpec
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

MOST_CHARACTERS = 100_000
MOST_TEXT = 200
"""Characters of one text: far beyond any plate."""
MOST_DISTANCE = 3
_MOST_DEPTH = 60
_BARE = "any"
KEYWORDS = ("AND", "OR", "NOT")

_space = re.compile(r"\s*")
_field = re.compile(r"([^\W\d]\w*)(:|<=|>=|<|>)")
_word = re.compile(r"(?:\\.|[^\s()\"\\])+", re.DOTALL)
_quoted = re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL)
_regex = re.compile(r"/((?:\\.|[^/\\])*)/", re.DOTALL)
_distance = re.compile(r"(\d+):", re.ASCII)
_number = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_escaped = re.compile(r"\\(.)", re.DOTALL)
_wildcard = re.compile(r"(?:\\.|[^\\*?])*[*?]", re.DOTALL)
_needless = re.compile(r"\\([^*?\\])", re.DOTALL)


def parse(text: str) -> Tree | None:
    """The tree of a query; None where it says nothing, which selects everything.

    Raises:
        QueryError: what was expected, and where.
    """
    if len(text) > MOST_CHARACTERS:
        raise QueryError(f"The query has more than {MOST_CHARACTERS:,} characters", MOST_CHARACTERS)
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._depth = 0

    def parse(self) -> Tree | None:
        self._skip()
        if self._at_end():
            return None
        tree = self._or()
        if not self._at_end():
            raise QueryError("There is no ( that this ) closes", self._place, 1)
        return tree

    # --- places -----------------------------------------------------------------------------------

    def _skip(self) -> None:
        found = _space.match(self._text, self._place)
        assert found is not None
        self._place = found.end()

    def _at_end(self) -> bool:
        return self._place == len(self._text)

    def _peek(self) -> str:
        return self._text[self._place : self._place + 1]

    def _keyword(self, keyword: str) -> bool:
        """Take a keyword if it stands here."""
        found = _word.match(self._text, self._place)
        if found is None or found[0] != keyword:
            return False
        self._place = found.end()
        self._skip()
        return True

    # --- the query --------------------------------------------------------------------------------

    def _or(self) -> Tree:
        terms = [self._and()]
        while self._keyword("OR"):
            terms.append(self._and())
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _and(self) -> Tree:
        terms = [self._not()]
        while self._keyword("AND") or self._begins_term():
            terms.append(self._not())
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def _begins_term(self) -> bool:
        found = _word.match(self._text, self._place)
        return self._peek() not in ("", ")") and (found is None or found[0] != "OR")

    def _not(self) -> Tree:
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise QueryError("The query is nested too deeply", self._place, 1)
        if self._keyword("NOT"):
            tree: Tree = Not(self._not())
        elif self._peek() == "-":
            self._place += 1
            if self._peek().isspace():
                raise QueryError("Expected a term directly behind the -", self._place)
            tree = Not(self._not())
        else:
            tree = self._primary()
        self._depth -= 1
        return tree

    def _primary(self) -> Tree:
        begin = self._place
        if self._peek() == "(":
            return self._group(begin)
        if self._text.startswith("all(", begin):
            self._place += 3
            return Every(self._group(begin + 3))
        tree = self._term()
        if self._peek() and not (self._peek().isspace() or self._peek() in "()"):
            raise QueryError("Expected a space here", self._place)
        self._skip()
        return tree

    def _group(self, begin: int) -> Tree:
        self._place += 1
        self._skip()
        inner = self._or()
        if self._peek() != ")":
            raise QueryError("Expected a ) for this (", begin, 1)
        self._place += 1
        self._skip()
        return inner

    def _term(self) -> Tree:
        begin = self._place
        found = _field.match(self._text, begin)
        if found is None:
            self._check_bare(begin)
            return TextTerm(_BARE, self._match())
        name, operator = found[1].lower(), found[2]
        spec = FIELDS.get(name)
        if spec is None:
            known = ", ".join(FIELDS)
            raise QueryError(f"There is no field {found[1]!r}; the fields are {known}", begin, len(found[1]))
        self._place = found.end()
        if spec.kind in ("plate", "text", "flag") and operator != ":":
            raise QueryError(f"Expected a : behind {name}", found.start(2), len(operator))
        if spec.kind in ("plate", "text"):
            return TextTerm(name, self._match())
        if spec.kind == "flag":
            return self._flag(name, spec)
        return self._comparison(name, spec.kind, operator)

    def _check_bare(self, begin: int) -> None:
        found = _word.match(self._text, begin)
        word = found[0] if found else ""
        if word in KEYWORDS:
            raise QueryError(f"Expected a term, found {word}", begin, len(word))
        if word[:1] in (":", "<", ">"):
            raise QueryError(f"Expected a field directly before the {word[0]}", begin, 1)
        if self._peek() in ("", ")"):
            raise QueryError("Expected a term: a text, or a field as conf>90", begin)

    # --- values -----------------------------------------------------------------------------------

    def _match(self) -> Match:
        prefix = self._peek()
        begin = self._place
        if prefix == "/":
            return self._regular(begin)
        if prefix in ("=", "~", "%"):
            self._place += 1
            if prefix == "~":
                return self._near(begin)
            text, _ = self._raw()
            return Exact(_plain(text)) if prefix == "=" else Confusable(_plain(text))
        text, is_quoted = self._raw()
        if not is_quoted and _wildcard.match(text):
            return Wildcard(_needless.sub(r"\1", text))
        return Literal(_plain(text))

    def _near(self, begin: int) -> Near:
        found = _distance.match(self._text, self._place)
        distance = 1
        if found:
            self._place = found.end()
            if found[1] not in map(str, range(1, MOST_DISTANCE + 1)):
                reason = f"Expected a distance from 1 to {MOST_DISTANCE}"
                raise QueryError(reason, begin + 1, len(found[1]))
            distance = int(found[1])
        return Near(_plain(self._raw()[0]), distance)

    def _regular(self, begin: int) -> Regex:
        found = _regex.match(self._text, begin)
        if found is None:
            raise QueryError("Expected a / that ends this regular expression", begin, 1)
        if len(found[1]) > MOST_TEXT:
            raise QueryError(f"Expected at most {MOST_TEXT} characters", begin, found.end() - begin)
        match = Regex(found[1], begin + 1)
        # Made here so that what is wrong with it is said with its place.
        Automaton(pattern_of(match, is_plate=False), at=begin + 1)
        self._place = found.end()
        return match

    def _raw(self) -> tuple[str, bool]:
        """A text as it is written, without its quotes, and whether it had any."""
        begin = self._place
        is_quoted = self._peek() == '"'
        found = (_quoted if is_quoted else _word).match(self._text, begin)
        if found is None:
            if is_quoted:
                raise QueryError('Expected a " that ends this text', begin, 1)
            if self._peek() == "\\":
                raise QueryError("Expected a character behind the \\", begin, 1)
            raise QueryError("Expected a value here", begin)
        self._place = found.end()
        text = found[1] if is_quoted else found[0]
        if len(text) > MOST_TEXT:
            raise QueryError(f"Expected at most {MOST_TEXT} characters", begin, found.end() - begin)
        return text, is_quoted

    def _flag(self, name: str, spec: FieldSpec) -> Flag:
        begin = self._place
        text = _plain(self._raw()[0]).lower()
        if text not in spec.words:
            reason = f"Expected {spec.words[0]} or {spec.words[1]} behind {name}:"
            raise QueryError(reason, begin, self._place - begin)
        return Flag(name, text == spec.words[0])

    def _comparison(self, name: str, kind: str, operator: str) -> Tree:
        begin = self._place
        raw, is_quoted = self._raw()
        at = begin + is_quoted
        low, dots, high = raw.partition("..")
        if not dots or operator != ":":
            return Compare(name, operator, _value(kind, raw, at))
        if not low and not high:
            raise QueryError("Expected a value before or behind the ..", at, 2)
        ends = (
            _value(kind, low, at) if low else None,
            _value(kind, high, at + len(low) + 2) if high else None,
        )
        kinds = {isinstance(end, Moment) and end.kind == "clock" for end in ends if end is not None}
        if len(kinds) == 2:
            raise QueryError("Expected times of day at both ends, or at none", at, len(raw))
        return Between(name, *ends)


def _value(kind: str, text: str, at: int) -> Value:
    if kind == "time":
        moment = parse_moment(text)
        if moment is None:
            raise QueryError(f"Expected {EXPECTED}", at, len(text))
        return moment
    if not _number.fullmatch(text):
        raise QueryError("Expected a number", at, len(text))
    return float(text)


def _plain(text: str) -> str:
    """The text without the backslashes that took characters as they are."""
    return _escaped.sub(r"\1", text)
