r"""From the text of a query to its tree.

A query is made of terms, joined by ``AND`` (or a space), ``OR``, ``NOT`` (or ``-``) and parentheses;
``all(…)`` is true where every read satisfies what stands inside. A term is a text, or a field with a value:
``plate:AB*``, ``conf>90``, ``time:07:00..08:00``. A text is a word or stands in quotes; ``\`` takes the next
character as it is; in a word without prefix ``*`` and ``?`` are wildcards. ``=`` asks for the whole text,
``~`` and ``~2:`` for one with so many edits, ``%`` for one that is taken for it, ``/…/`` is a regular
expression. ``AND``, ``OR`` and ``NOT`` are capitals: small ones are texts. The grammar stands in ``grammar``.
"""

from __future__ import annotations

from alprviewer.core.errors import QueryError
from alprviewer.core.query.tree import Tree
from alprviewer.language import tr

MOST_CHARACTERS = 100_000
KEYWORDS = ("AND", "OR", "NOT")


def parse(text: str) -> Tree | None:
    """The tree of a query; None where it says nothing, which selects everything.

    Raises:
        QueryError: what was expected, and where.
    """
    if len(text) > MOST_CHARACTERS:
        reason = tr("The query has more than {most:,} characters", most=MOST_CHARACTERS)
        raise QueryError(reason, MOST_CHARACTERS)
    if not text.strip():
        return None
    from alprviewer.core.query.grammar import tree_of

    return tree_of(text)
