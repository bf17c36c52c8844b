"""What can go wrong, and whose fault it is.

    Exception
    ├── UserError          the request cannot be met; one sentence with the fact and a way out
    │   ├── UsageError     the request itself was wrong (command line: exit code 2)
    │   │   └── QueryError      a query that does not parse, with the place
    │   ├── JournalError    decisions cannot be saved or read (command line: exit code 1)
    │   └── SourceError    a source cannot be opened or read (command line: exit code 1)
    │       └── SourceChanged   the bytes of a span are no longer what was indexed
    ├── Cancelled          the user asked to stop; never shown as a failure
    └── anything else      a bug: logged with its traceback, reported once

Bad data is none of these. It is a ``Problem``: a record with a place and a reason, counted and listed,
while loading goes on.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from alprviewer.language import tr


class UserError(Exception):
    """A request that cannot be met. The message is one sentence for the user, without a traceback."""

    exit_code = 1


class UsageError(UserError):
    """The request itself was wrong: a bad option, a bad key, an impossible combination."""

    exit_code = 2


class QueryError(UsageError):
    """A query that cannot be understood.

    Attributes:
        reason: what was expected or found, without the place.
        position: character of the query from 0 where it goes wrong; the length of the query is its end.
        length: characters that are wrong; 0 where something is missing.
    """

    def __init__(self, reason: str, position: int, length: int = 0) -> None:
        super().__init__(tr("{reason} (character {place} of the query)", reason=reason, place=position + 1))
        self.reason = reason
        self.position = position
        self.length = length


class JournalError(UserError):
    """The journal cannot be opened, read or written. What it was to keep is not saved."""


class SourceError(UserError):
    """A source that cannot be opened or read."""


class SourceChanged(SourceError):
    """The source no longer holds the value that was indexed at a span."""


class Cancelled(Exception):
    """The user asked to stop a job. Not an error."""


class ProblemKind(Enum):
    """Why a piece of input could not be used, or was used only after a repair."""

    COMMENT = "comment"
    MISSING_COMMA = "missing_comma"
    TRAILING_COMMA = "trailing_comma"
    DECIMAL_COMMA = "decimal_comma"
    NUMBER_TOKEN = "number_token"
    DUPLICATE_KEY = "duplicate_key"
    TYPE = "type"
    ENCODING = "encoding"
    DEPTH = "depth"
    SIZE = "size"
    TRUNCATED = "truncated"
    SYNTAX = "syntax"
    CROP = "crop"
    RANGE = "range"


PROBLEM_KINDS = tuple(ProblemKind)


class Problem(NamedTuple):
    """A piece of input that could not be used, or was used only after a repair.

    Attributes:
        kind: why.
        reason: one sentence for a person.
        field: path of the field inside the value, as ``results[0].confidence``; empty for the value itself.
        repaired: True if the value was used after a repair.
        offset: first byte of the place, counted from the start of the value it belongs to.
        length: bytes of the place; 0 stands for the whole value.
    """

    kind: ProblemKind
    reason: str
    field: str = ""
    repaired: bool = False
    offset: int = 0
    length: int = 0
