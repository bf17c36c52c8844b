"""A list of plates that somebody waits for, as terms of the query language."""

from __future__ import annotations

from collections.abc import Iterable

from alprviewer.core.errors import QueryError, UserError
from alprviewer.core.query.parse import parse
from alprviewer.core.query.tree import Or, Tree
from alprviewer.language import tr


def any_of(terms: Iterable[str]) -> Tree | None:
    """The query that a read satisfies if it satisfies one of the terms; None where no term says anything.

    Args:
        terms: queries, such as ``=ABC1234``, ``~ABC1234`` or ``AB* region:us-mo``.

    Raises:
        UserError: a term does not parse; the sentence names it.
    """
    found: list[Tree] = []
    for term in terms:
        try:
            tree = parse(term)
        except QueryError as error:
            text = tr("The listed plate {plate!r} is no query: {reason}.", plate=term, reason=error)
            raise UserError(text) from error
        if tree is not None and tree not in found:
            found.append(tree)
    return Or(tuple(found)) if len(found) > 1 else next(iter(found), None)
