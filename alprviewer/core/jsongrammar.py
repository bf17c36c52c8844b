"""The grammar of JSON as patterns over bytes: what ``scan`` takes in one step instead of token by token.

All patterns are without backtracking, so no input costs more than a walk over it.
"""

from __future__ import annotations

import re
from functools import cache

STRING = rb'"(?>[^"\\\x00-\x1f]++|\\(?>["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
STRING_OPEN = rb'"(?>[^"\\\x00-\x1f]++|\\(?>["\\/bfnrt]|u[0-9a-fA-F]{4}))*+(?>\\(?>u[0-9a-fA-F]{0,3})?+)?+'
NUMBER = rb"-?+(?>0|[1-9][0-9]*+)(?>\.[0-9]++)?+(?>[eE][+-]?+[0-9]++)?+"
SPACE = rb"[ \t\n\r]*+"
ODD_NUMBER = (
    rb"-?+(?>(?i:nan)(?>\((?:ind|snan)\))?+|(?i:infinity|inf)|1\.#(?:IND|INF|QNAN|SNAN|J)[0-9]*+)(?![\w.])"
)
VALUE_LEVELS = 6
"""Levels that the pattern of a whole value descends: a frame has five."""
RUN_LEVELS = 4
"""Levels of the members and elements that are taken many at a time, at most."""


def _value(levels: int) -> bytes:
    """The grammar of RFC 8259 down to ``levels`` nested containers.

    Inside a container an item ends in a comma that an item must follow, or before the closing bracket.
    """
    value = rb"(?>" + STRING + rb"|" + NUMBER + rb"|true|false|null)"
    for _ in range(levels):
        members = rb"(?>%b%b:%b%b%b(?>,%b(?=\")|(?=\})))*+" % (STRING, SPACE, SPACE, value, SPACE, SPACE)
        items = rb"(?>(?!\])%b%b(?>,%b(?!\])|(?=\])))*+" % (value, SPACE, SPACE)
        parts = (STRING, NUMBER, SPACE, members, SPACE, items)
        value = rb"(?>%b|%b|true|false|null|\{%b%b\}|\[%b%b\])" % parts
    return value


@cache
def whole_value() -> re.Pattern[bytes]:
    """One value. Compiled when first needed: it takes tens of milliseconds."""
    return re.compile(_value(VALUE_LEVELS))


@cache
def members_run(levels: int) -> re.Pattern[bytes]:
    """Members of an object, each with the comma behind it, which is no decimal comma."""
    return re.compile(
        rb"(?>%b%b%b:%b%b%b,(?![0-9]))++" % (SPACE, STRING, SPACE, SPACE, _value(levels), SPACE)
    )


@cache
def elements_run(levels: int) -> re.Pattern[bytes]:
    """Elements of an array, each with the comma behind it."""
    return re.compile(rb"(?>%b%b%b,)++" % (SPACE, _value(levels), SPACE))
