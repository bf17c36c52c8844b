"""A parser of command lines that takes options anywhere among the other words.

``argparse`` gives the first words to all positional arguments that want any; a word behind the next option
no place then. Its own way out (``parse_intermixed_args``) knows no verbs. So words are put in an order
that it understands, options first, before it sees them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_Options = Mapping[str, argparse.Action]


class Parser(argparse.ArgumentParser):
    """As said above. The value of an option may begin with a hyphen, too (``--sort -plate``)."""

    def error(self, message: str) -> Any:
        """Say it in one line below the usage."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}\n")

    def parse_known_args(  # type: ignore[override]  # its overloads say no more than this
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse words in any order. Parsers call this of their subparsers."""
        words = sys.argv[1:] if args is None else args
        return super().parse_known_args(self._ordered(words), namespace)

    def _ordered(self, words: Sequence[str]) -> list[str]:
        """Options, then all other words; in front of everything the name of a subparser."""
        verbs = self._verbs()
        known = dict(self._option_string_actions)
        for verb in verbs:
            known |= verb._option_string_actions  # noqa: SLF001 - a parser too
        options: list[str] = []
        others: list[str] = []
        for start, stop, is_option in _parts(words, known):
            if verbs and not is_option:
                return [words[start], *words[:start], *words[stop:]]
            (options if is_option else others).extend(_joined(words[start:stop]))
        return [*options, "--", *others] if others else options

    def _verbs(self) -> list[argparse.ArgumentParser]:
        for action in self._actions:
            if action.nargs == argparse.PARSER and isinstance(action.choices, Mapping):
                return list(action.choices.values())
        return []


def _parts(words: Sequence[str], known: _Options) -> Iterator[tuple[int, int, bool]]:
    """Where each option begins and its values end, and each other word; and whether it is an option."""
    at = 0
    while at < len(words):
        word, start = words[at], at
        at += 1
        if word == "--":
            yield from ((other, other + 1, False) for other in range(at, len(words)))
            return
        is_option = word.startswith("-") and word != "-"
        # Where a value was forgotten, the next option is none.
        if is_option and not (words[at : at + 1] and words[at].startswith("--") and words[at] in known):
            at = min(at + _values(word, known), len(words))
        yield start, at, is_option


def _values(word: str, known: _Options) -> int:
    """How many words behind an option are its values. A long option may be cut short."""
    meant = [known[word]] if word in known else []
    if not meant and word.startswith("--"):
        meant = [action for name, action in known.items() if name.startswith(word)]
    nargs = meant[0].nargs if meant else 0
    return nargs if isinstance(nargs, int) else 1


def _joined(part: Sequence[str]) -> Sequence[str]:
    """An option with its value as one word, where argparse would take the value for an option."""
    if len(part) == 2 and part[1].startswith("-") and part[1] != "-":
        return [f"{part[0]}={part[1]}" if part[0].startswith("--") else "".join(part)]
    return part
